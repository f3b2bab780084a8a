//! Lists become catalogue files that load beside the built-in ones.

use preconsent::catalogue::list::import::{Imported, Layout, Origin, import};
use preconsent::catalogue::list::{self, Format};
use preconsent::catalogue::matcher::Query;
use preconsent::catalogue::{Catalogue, Entry, builtin, load};
use preconsent::model::item::{Party, Store};
use preconsent::model::role::Role;

/// A list of `fixtures/lists/`, imported.
fn imported(format: Format, file: &str, layout: Layout) -> Imported {
    let text = std::fs::read_to_string(format!("fixtures/lists/{file}")).unwrap();
    let list = list::read(format, file, &text).unwrap();
    let origin = Origin {
        format,
        file: file.to_owned(),
        read: "2026-11-22".to_owned(),
    };
    import(&list, &origin, layout, &builtin::catalogue()).unwrap()
}

/// The built-in catalogue and the files, as `--rules DIR` loads them.
fn loaded(imported: &Imported) -> Catalogue {
    let directory = tempfile::tempdir().unwrap();
    for file in &imported.files {
        std::fs::write(directory.path().join(&file.file), &file.text).unwrap();
    }
    load::add_directory(builtin::catalogue(), directory.path()).unwrap()
}

fn find<'c>(catalogue: &'c Catalogue, store: Store, name: &str, host: &str) -> &'c Entry {
    let party = match host {
        "shop.test" => Party::First,
        _ => Party::Third,
    };
    let query = Query {
        store,
        name,
        values: &[],
        host,
        party,
        present: &[],
    };
    let found = catalogue.find(&query);
    found.unwrap_or_else(|| panic!("{name} is not known")).1
}

/// Role and lifetime of a first-party cookie.
fn cookie(catalogue: &Catalogue, name: &str) -> (Role, String) {
    let entry = find(catalogue, Store::Cookie, name, "shop.test");
    (entry.role, entry.expires.to_string())
}

/// Line, what, and the beginning of the reason.
fn dropped(imported: &Imported) -> Vec<(u32, &str, String)> {
    let short = |reason: &str| reason.chars().take(38).collect();
    let all = imported.dropped.iter();
    all.map(|d| (d.place.line, d.what.as_str(), short(&d.reason)))
        .collect()
}

#[test]
fn functional_in_the_open_cookie_database_is_strictly_necessary() {
    let imported = imported(Format::Ocd, "ocd.csv", Layout::ByProvider);
    let ids: Vec<&str> = imported.files.iter().map(|f| f.id.as_str()).collect();
    assert_eq!(ids, ["ocd-acme-ads", "ocd-acme-metrics", "ocd-other-shop"]);
    let catalogue = loaded(&imported);
    assert_eq!(
        cookie(&catalogue, "acme_visitor"),
        (Role::Performance, "P2Y".to_owned())
    );
    assert_eq!(
        cookie(&catalogue, "acme_visit_7"),
        (Role::Performance, "PT30M".to_owned())
    );
    assert_eq!(
        cookie(&catalogue, "acme_basket"),
        (Role::Essential, "session".to_owned())
    );
    assert_eq!(
        cookie(&catalogue, "other_language"),
        (Role::Functionality, "not-stated".to_owned())
    );
    let entry = find(&catalogue, Store::Cookie, "acme_two", "ads.acme.example");
    assert_eq!(entry.role, Role::Marketing, "the stricter of two rows");
    assert_eq!(entry.claimed_role.as_deref(), Some("Marketing"));
    let source = "Open Cookie Database, ocd.csv (read 2026-11-22)";
    assert_eq!(entry.sources, [source]);
}

#[test]
fn what_is_left_out_is_told_with_the_reason() {
    let imported = imported(Format::Ocd, "ocd.csv", Layout::Together);
    assert_eq!(imported.files.len(), 1);
    assert_eq!(imported.entries, 6);
    let told = dropped(&imported);
    let expected = [
        (6, "entry", "line 5 means the same items, with the "),
        (7, "lifetime", "\"until-cleared\" is no lifetime of this"),
        (8, "entry", "\"o_*\" would match almost any name"),
        (9, "lifetime", "\"1 day, or a year\" is no lifetime"),
        (9, "role", "\"Sundry\" is no known category"),
        (10, "entry", "the catalogue knows it already, as per"),
        (11, "entry", "line 2 means the same items, with the "),
    ];
    let told: Vec<(u32, &str, &str)> = told.iter().map(|(l, w, r)| (*l, *w, r.as_str())).collect();
    assert_eq!(told, expected);
    loaded(&imported);
}

#[test]
fn disclosures_of_vendors_are_read_by_their_purposes() {
    let imported = imported(
        Format::TcfDeviceStorage,
        "deviceStorage.json",
        Layout::Together,
    );
    let catalogue = loaded(&imported);
    let id = find(
        &catalogue,
        Store::Cookie,
        "acme_tcf_id",
        "x.ads.acme.example",
    );
    assert_eq!(
        (id.role, id.expires.to_string()),
        (Role::Marketing, "P365D".to_owned())
    );
    assert!(id.refresh);
    assert_eq!(
        cookie(&catalogue, "acme_tcf_ms1"),
        (Role::Performance, "not-stated".to_owned())
    );
    let out = find(&catalogue, Store::Cookie, "acme_tcf_out", "shop.test");
    assert_eq!(out.sub_type.as_deref(), Some("opt-out"));
    let web = find(&catalogue, Store::LocalStorage, "acme_tcf_web", "shop.test");
    assert_eq!(web.role, Role::Functionality);
    assert_eq!(
        cookie(&catalogue, "acme_tcf_safe"),
        (Role::Essential, "session".to_owned())
    );
    let told = dropped(&imported);
    assert_eq!(told.len(), 3, "{told:#?}");
    assert_eq!(told[0].0, 5);
    assert!(
        imported.dropped[0]
            .reason
            .contains("in milliseconds it would be 30 days")
    );
    assert_eq!((told[1].0, told[1].1), (10, "entry"));
    assert_eq!((told[2].0, told[2].1), (11, "entry"));
}

#[test]
fn exports_of_consent_platforms_are_read() {
    let cookiebot = imported(Format::Cookiebot, "cookiebot.js", Layout::Together);
    let catalogue = loaded(&cookiebot);
    for (name, role, expires) in [
        ("acme_cb_record", Role::Essential, "P1Y"),
        ("acme_cb_lang", Role::Functionality, "session"),
        ("acme_cb_stat_12", Role::Performance, "P2Y"),
        ("acme_cb_pixel", Role::Marketing, "P3M"),
        ("acme_cb_new", Role::Unclassified, "session"),
    ] {
        assert_eq!(
            cookie(&catalogue, name),
            (role, expires.to_owned()),
            "{name}"
        );
    }
    let local = find(
        &catalogue,
        Store::LocalStorage,
        "acme_cb_local",
        "shop.test",
    );
    assert_eq!(local.expires.to_string(), "until-cleared");

    let onetrust = imported(Format::OneTrust, "onetrust.json", Layout::Together);
    let catalogue = loaded(&onetrust);
    for (name, role, expires) in [
        ("acme_ot_session", Role::Essential, "session"),
        ("acme_ot_stat_7", Role::Performance, "P730D"),
    ] {
        assert_eq!(
            cookie(&catalogue, name),
            (role, expires.to_owned()),
            "{name}"
        );
    }
    let ad = find(&catalogue, Store::Cookie, "acme_ot_ad", "ads.acme.example");
    assert_eq!(
        (ad.role, ad.expires.to_string()),
        (Role::Marketing, "P90D".to_owned())
    );
}

#[test]
fn tables_are_read_by_their_headings_in_any_language() {
    let imported = imported(Format::Csv, "table.csv", Layout::ByProvider);
    let catalogue = loaded(&imported);
    for (name, role, expires) in [
        ("acme_de_sitzung", Role::Essential, "session"),
        ("acme_de_stat", Role::Performance, "P13M"),
        ("acme_de_stat_1", Role::Performance, "P13M"),
        ("acme_de_werbung", Role::Marketing, "P2Y"),
    ] {
        assert_eq!(
            cookie(&catalogue, name),
            (role, expires.to_owned()),
            "{name}"
        );
    }
    let told = dropped(&imported);
    assert_eq!(
        told,
        [(5, "entry", "that is no name of a cookie".to_owned())]
    );
}

#[test]
fn another_format_is_refused_with_the_reason() {
    let refused = |format, text: &str| {
        let error = list::read(format, "x", text).map(|l| l.rows.len());
        error.unwrap_err().to_string()
    };
    assert!(
        refused(Format::Ocd, "Name,Purpose\na,b\n")
            .contains("no column \"Cookie / Data Key name\"")
    );
    assert!(refused(Format::TcfDeviceStorage, "[]").contains("disclosures"));
    assert!(refused(Format::Csv, "Price,Colour\n1,red\n").contains("\"Price\", \"Colour\""));
    assert!(refused(Format::OneTrust, "{}").contains("Groups"));
}
