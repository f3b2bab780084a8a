//! What a loaded catalogue knows: the embedded one, and a user's own rules on top of it.

use std::path::Path;

use preconsent::catalogue::matcher::Query;
use preconsent::catalogue::{Catalogue, builtin, load};
use preconsent::model::item::{Party, Store};
use preconsent::model::role::Role;

/// A directory of rules with the given files.
fn rules(files: &[(&str, &str)]) -> tempfile::TempDir {
    let directory = tempfile::tempdir().unwrap();
    for (name, text) in files {
        let path = directory.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
    directory
}

fn sample(provider: &str, name: &str) -> String {
    format!(
        "provider: {provider}\nsources: {{ own: {{ cite: a test, read: 2026-11-22 }} }}\nentries:\n  \
         - {{ name: {name}, store: cookie, party: first, expires: session, role: marketing,\n      \
         purpose: a test, source: [own], examples: {{ match: [{name}] }} }}\n"
    )
}

fn provider_of(catalogue: &Catalogue, name: &str) -> Option<String> {
    let query = Query {
        store: Store::Cookie,
        name,
        values: &[],
        host: "shop.test",
        party: Party::First,
        present: &["tawk"],
    };
    catalogue.find(&query).map(|(p, _)| p.name.clone())
}

#[test]
fn a_directory_adds_providers_and_replaces_those_of_the_same_id() {
    let directory = rules(&[
        ("tawk.yaml", &sample("My tawk", "my_chat")),
        ("catalogue/shop.yml", &sample("My shop", "shop_cart")),
        ("notes.txt", "no rules"),
    ]);
    let base = builtin::catalogue();
    assert_eq!(
        provider_of(&base, "twk_idm_key").as_deref(),
        Some("tawk.to")
    );
    let all = load::add_directory(base, directory.path()).unwrap();
    assert_eq!(provider_of(&all, "my_chat").as_deref(), Some("My tawk"));
    assert_eq!(provider_of(&all, "shop_cart").as_deref(), Some("My shop"));
    assert_eq!(provider_of(&all, "twk_idm_key"), None, "tawk was replaced");
    assert_eq!(provider_of(&all, "klaro").as_deref(), Some("Klaro"));
    let (_, entry) = all.entries().find(|(p, _)| p.id == "shop").unwrap();
    assert!(entry.place.file.ends_with("shop.yml"), "{}", entry.place);
    assert_eq!(entry.place.line, 4);
}

#[test]
fn a_tie_with_an_embedded_entry_names_both_places() {
    let directory = rules(&[("other.yaml", &sample("Other", "TawkConnectionTime"))]);
    let error = load::add_directory(builtin::catalogue(), directory.path()).unwrap_err();
    assert!(
        error.file.ends_with("other.yaml") && error.line == 4,
        "{error}"
    );
    assert!(
        error.text.contains("builtin:catalogue/tawk.yaml:"),
        "{error}"
    );
}

#[test]
fn a_directory_without_rules_is_an_error() {
    let base = builtin::catalogue;
    let message = |directory: &Path| {
        load::add_directory(base(), directory)
            .map(|c| c.providers.len())
            .unwrap_err()
            .to_string()
    };
    assert!(
        message(Path::new("fixtures/no-such-rules")).contains("the folder of rules cannot be read")
    );
    let empty = rules(&[]);
    assert!(message(empty.path()).contains("holds no rules"));
    let twins = rules(&[
        ("a.yaml", &sample("A", "a_key")),
        ("catalogue/a.yaml", &sample("A", "b_key")),
    ]);
    assert!(message(twins.path()).contains("two files stand for \"a\""));
    let others = rules(&[("consent/klaro.yaml", "read elsewhere")]);
    assert!(load::add_directory(base(), others.path()).is_ok());
}

#[test]
fn every_documented_name_of_tawk_is_known() {
    let catalogue = builtin::catalogue();
    let id = "64f0c0ffee64f0c0ffee64f0";
    for (store, names) in [
        (
            Store::Cookie,
            vec![
                format!("tawk_uuid_{id}"),
                "tawk_uuid_propertyId".to_owned(),
                "twk_idm_key".to_owned(),
                "TawkConnectionTime".to_owned(),
            ],
        ),
        (
            Store::LocalStorage,
            vec![
                format!("twk_token_{id}"),
                format!("tawk_uuid_{id}"),
                "token".to_owned(),
                "$navigator.locks-requestQueueMap".to_owned(),
                "$navigator.locks-clientIds".to_owned(),
                "$navigator.locks-heldLockSet".to_owned(),
            ],
        ),
        (Store::SessionStorage, vec!["PreviousNav".to_owned()]),
    ] {
        for name in names {
            let query = Query {
                store,
                name: &name,
                values: &[],
                host: "shop.test",
                party: Party::First,
                present: &["tawk"],
            };
            let found = catalogue.find_match(&query).unwrap();
            assert_eq!(found.provider.id, "tawk", "{name}");
            assert_ne!(found.entry.name.text, "twk_*", "{name}");
            assert!(found.entry.deprecated.is_none(), "{name}");
            let aliased = name.starts_with("tawk_uuid_");
            assert_eq!(found.alias.is_some(), aliased, "{name}");
        }
    }
}

#[test]
fn a_misspelt_tawk_name_has_a_nearest_entry() {
    let catalogue = builtin::catalogue();
    let nearest = |name: &str| {
        let (provider, entry, distance) = catalogue.nearest(name)?;
        Some((provider.id.clone(), entry.name.text.clone(), distance))
    };
    let tawk = |name: &str, distance| Some(("tawk".to_owned(), name.to_owned(), distance));
    let id = "64f0c0ffee64f0c0ffee64f0";
    let uuid = "twk_uuid_{property_id:hex24}";
    assert_eq!(nearest(&format!("twkuuid_{id}")), tawk(uuid, 1));
    assert_eq!(nearest("TawkConectionTime"), tawk("TawkConnectionTime", 1));
    assert_eq!(nearest("_ga"), None);
    assert_eq!(nearest("theme"), None);
}

#[test]
fn the_widget_state_of_tawk_is_a_record_only_with_its_mark() {
    let catalogue = builtin::catalogue();
    let id = "64f0c0ffee64f0c0ffee64f0";
    let role = |store, name: &str, values: &[&str]| {
        let name = format!("{name}_{id}");
        let query = Query {
            store,
            name: &name,
            values,
            host: "shop.test",
            party: Party::First,
            present: &["tawk"],
        };
        let (_, entry) = catalogue.find(&query).unwrap();
        (entry.role, entry.sub_type.clone())
    };
    let visitor_id = (Role::Performance, None);
    let record = (Role::Essential, Some("consent-record".to_owned()));
    for (store, name) in [(Store::LocalStorage, "twk"), (Store::Cookie, "Tawk")] {
        assert_eq!(role(store, name, &[]), visitor_id, "no value is known");
        assert_eq!(role(store, name, &["1.SwZk3::3"]), visitor_id);
        assert_eq!(role(store, name, &["1.SwZk3::cf::3"]), visitor_id);
        assert_eq!(role(store, name, &["1.SwZk3::3::CF"]), visitor_id);
        assert_eq!(role(store, name, &["3::cf"]), record);
        assert_eq!(role(store, name, &["3::cf", "1.SwZk3::3::cf"]), record);
        assert_eq!(role(store, name, &["1.SwZk3::3", "3::cf"]), visitor_id);
    }
    assert_eq!(role(Store::Cookie, "Tawk", &["3%3A%3Acf"]), record);
}
