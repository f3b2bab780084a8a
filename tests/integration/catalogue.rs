//! The catalogue from outside: what bad files look like to those who wrote them, and how a user's
//! own rules come on top of the embedded ones.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on must fail")]

use std::path::Path;

use insta::assert_snapshot;
use preconsent::catalogue::matcher::Query;
use preconsent::catalogue::{Catalogue, builtin, load};
use preconsent::model::item::{Party, Store};
use preconsent::model::role::Role;
use preconsent::yaml::files;

/// What reading `fixtures/invalid/<name>.yaml` says.
fn invalid(name: &str) -> String {
    let path = format!("fixtures/invalid/{name}.yaml");
    let file = files::read(Path::new(&path)).unwrap();
    let error = load::provider(&file.id, &file.file, &file.text).unwrap_err();
    assert!(error.line > 0, "no line: {error}");
    let place = format!("{path}:{}:{}", error.line, error.column);
    assert!(error.text.contains(&place), "{place} is not in {error}");
    error.to_string()
}

#[test]
fn alias_bomb() {
    assert_snapshot!(invalid("alias-bomb"), @r"
    the file is too large or too deep, or repeats itself too often
      --> fixtures/invalid/alias-bomb.yaml:13:3
       |
    13 |   *e, *e, *e, *e, *e, *e, *e, *e, *e, *e, *e, *e, *e, *e, *e, *e, *e, *e, *e, *e,
       |   ^^
       |
       = help: write the values out instead of using anchors and aliases
    ");
}

#[test]
fn bad_capture() {
    assert_snapshot!(invalid("bad-capture"), @r#"
    "digit" is no kind of capture
     --> fixtures/invalid/bad-capture.yaml:6:11
      |
    6 |   - name: "sample_{id:digit}"
      |           ^^^^^^^^^^^^^^^^^^^ expected digits, alnum, hex24 (or another number), uuid
      |
      = help: did you mean "digits"?
    "#);
}

#[test]
fn bad_duration() {
    assert_snapshot!(invalid("bad-duration"), @r#"
    "6 months" is no lifetime
     --> fixtures/invalid/bad-duration.yaml:8:14
      |
    8 |     expires: 6 months
      |              ^^^^^^^^ expected session, until-cleared, transient, not-stated or a duration such as P6M or PT30M
    "#);
}

#[test]
fn bad_snippet() {
    assert_snapshot!(invalid("bad-snippet"), @r#"
    "sample\.test/(?<id>[0-9]+" is no regular expression
     --> fixtures/invalid/bad-snippet.yaml:4:14
      |
    4 |   snippets: ['sample\.test/(?<id>[0-9]+']
      |              ^^^^^^^^^^^^^^^^^^^^^^^^^^^
      |
      = help: unclosed group
    "#);
}

#[test]
fn bad_sub_type() {
    assert_snapshot!(invalid("bad-sub-type"), @r#"
    unknown sub_type "consent-records"
      --> fixtures/invalid/bad-sub-type.yaml:10:15
       |
    10 |     sub_type: consent-records
       |               ^^^^^^^^^^^^^^^
       |
       = help: did you mean "consent-record"?
    "#);
}

#[test]
fn duplicate_key() {
    assert_snapshot!(invalid("duplicate-key"), @r#"
    the same key stands here twice
      --> fixtures/invalid/duplicate-key.yaml:10:5
       |
    10 |     expires: P1Y
       |     ^^^^^^^ "expires" was already given above
    "#);
}

#[test]
fn hostile_text() {
    assert_snapshot!(invalid("hostile-text"), @r#"
    unexpected character: `\u{1b}'
     --> fixtures/invalid/hostile-text.yaml:7:13
      |
    7 |     store: "␛]0;owned␇�cookie"
      |             ^
    "#);
}

#[test]
fn impossible_lifetime() {
    assert_snapshot!(invalid("impossible-lifetime"), @r"
    no cookie lives until it is cleared
     --> fixtures/invalid/impossible-lifetime.yaml:8:14
      |
    8 |     expires: until-cleared
      |              ^^^^^^^^^^^^^ expected session or a duration such as P6M
    ");
}

#[test]
fn missing_key() {
    assert_snapshot!(invalid("missing-key"), @r#"
    the key "purpose" is missing
      --> fixtures/invalid/missing-key.yaml:11:5
       |
    11 |     examples: { match: [sample_id] }
       |     ^^^^^^^^ expected "purpose" beside this key
    "#);
}

#[test]
fn missing_source() {
    assert_snapshot!(invalid("missing-source"), @r#"
    there is no source "owm"
      --> fixtures/invalid/missing-source.yaml:11:14
       |
    11 |     source: [owm]
       |              ^^^ expected a key of the file's "sources"
       |
       = help: did you mean "own"?
    "#);
}

#[test]
fn misspelt_role() {
    assert_snapshot!(invalid("misspelt-role"), @r#"
    unknown role "functionalty"
     --> fixtures/invalid/misspelt-role.yaml:9:11
      |
    9 |     role: functionalty
      |           ^^^^^^^^^^^^ expected one of essential, functionality, performance, marketing, unclassified
      |
      = help: did you mean "functionality"?
    "#);
}

#[test]
fn misspelt_store() {
    assert_snapshot!(invalid("misspelt-store"), @r#"
    unknown store "localstorage"
     --> fixtures/invalid/misspelt-store.yaml:7:12
      |
    7 |     store: localstorage
      |            ^^^^^^^^^^^^ expected one of cookie, local-storage, session-storage, indexed-db, cache-storage
      |
      = help: did you mean "local-storage"?
    "#);
}

#[test]
fn not_yaml() {
    assert_snapshot!(invalid("not-yaml"), @r"
    a value of the wrong kind stands here
     --> fixtures/invalid/not-yaml.yaml:1:1
      |
    1 | <!doctype html>
      | ^^^^^^^^^^^^^^^ expected keys with values, such as { key: value }
    ");
}

#[test]
fn tie() {
    assert_snapshot!(invalid("tie"), @r#"
    two entries match the same names equally well: "sample_{id}_a" and "sample_x{id}a" at fixtures/invalid/tie.yaml:13
     --> fixtures/invalid/tie.yaml:6:11
      |
    6 |   - name: "sample_{id}_a"
      |           ^^^^^^^^^^^^^^^ no better than the entry at fixtures/invalid/tie.yaml:13
      |
      = help: make one name more exact, or tell them apart by hosts, party, needs_provider or value
    "#);
}

#[test]
fn too_open() {
    assert_snapshot!(invalid("too-open"), @r#"
    "s_*" would match almost any name
     --> fixtures/invalid/too-open.yaml:6:11
      |
    6 |   - name: "s_*"
      |           ^^^^^ expected at least 3 literal characters
      |
      = help: or say whose it is with "hosts" or "needs_provider: true"
    "#);
}

#[test]
fn too_open_value() {
    assert_snapshot!(invalid("too-open-value"), @r#"
    "{state}" would match any value
     --> fixtures/invalid/too-open-value.yaml:7:12
      |
    7 |     value: "{state}"
      |            ^^^^^^^^^ expected some literal characters, such as "*::yes"
      |
      = help: an entry without "value" takes any value
    "#);
}

#[test]
fn unexplained_role() {
    assert_snapshot!(invalid("unexplained-role"), @r#"
    the vendor says "Essential", the entry says performance, and not why
     --> fixtures/invalid/unexplained-role.yaml:9:19
      |
    9 |     claimed_role: Essential
      |                   ^^^^^^^^^
      |
      = help: add "why"
    "#);
}

#[test]
fn unknown_key() {
    assert_snapshot!(invalid("unknown-key"), @r#"
    unknown key "expire"
     --> fixtures/invalid/unknown-key.yaml:8:5
      |
    8 |     expire: P6M
      |     ^^^^^^
      |
      = help: did you mean "expires"?
    "#);
}

#[test]
fn value_tie() {
    assert_snapshot!(invalid("value-tie"), @r#"
    two entries match the same names equally well: "sample" with the value "on::*" and "sample" with the value "*:off" at fixtures/invalid/value-tie.yaml:15
     --> fixtures/invalid/value-tie.yaml:6:11
      |
    6 |   - name: sample
      |           ^^^^^^ no better than the entry at fixtures/invalid/value-tie.yaml:15
      |
      = help: make one name more exact, or tell them apart by hosts, party, needs_provider or value
    "#);
}

#[test]
fn value_without_name() {
    assert_snapshot!(invalid("value-without-name"), @r#"
    the key "name" is missing
      --> fixtures/invalid/value-without-name.yaml:14:27
       |
    14 |     examples: { match: [{ value: "a::yes" }] }
       |                           ^^^^^ expected "name" beside this key
    "#);
}

#[test]
fn wrong_example() {
    assert_snapshot!(invalid("wrong-example"), @r#"
    the example "sample_abc" does not match
      --> fixtures/invalid/wrong-example.yaml:12:25
       |
    12 |     examples: { match: [sample_abc] }
       |                         ^^^^^^^^^^ expected to match "sample_{id:digits}"
    "#);
}

#[test]
fn wrong_value() {
    assert_snapshot!(invalid("wrong-value"), @r#"
    the example "sample" with the value "yes" does not match
      --> fixtures/invalid/wrong-value.yaml:14:25
       |
    14 |     examples: { match: [{ name: sample, value: "yes" }] }
       |                         ^ expected to match "sample" with the value "*::yes"
    "#);
}

#[test]
fn wrong_type() {
    assert_snapshot!(invalid("wrong-type"), @r"
    a value of the wrong kind stands here
     --> fixtures/invalid/wrong-type.yaml:5:10
      |
    5 | entries: none
      |          ^^^^ expected a list, such as [a, b]
    ");
}

#[test]
fn every_bad_file_is_shown_above() {
    let tests = include_str!("catalogue.rs");
    for file in files::read_directory(Path::new("fixtures/invalid")).unwrap() {
        let shown = format!("assert_snapshot!(invalid(\"{}\")", file.id);
        assert!(tests.contains(&shown), "no test shows {}", file.file);
    }
}

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
    assert!(message(Path::new("fixtures/no-such-rules")).contains("cannot be listed"));
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
