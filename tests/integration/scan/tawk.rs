//! The tawk.to chat: every item that it stores is listed with all that is known of it, under its
//! real and under its documented name.

use serde_json::{Value, json};

use super::{Scanned, scan, words};

/// The property of most pages.
const PROPERTY: &str = "64f0c0ffee64f0c0ffee0000";
/// The property of the chat that uses the names of its documentation.
const DOCUMENTED: &str = "64f0c0ffee64f0c0ffee0001";
const HALF_YEAR_S: i64 = 180 * 86_400;

/// Store, name, role, declared lifetime, and what becomes of it before the choice.
type Row = (
    &'static str,
    String,
    &'static str,
    &'static str,
    &'static str,
);

/// What the chat stores on a secure page.
fn chat() -> Vec<Row> {
    let id = |prefix: &str| format!("{prefix}{PROPERTY}");
    let (cookie, local, session) = ("cookie", "local-storage", "session-storage");
    let (functionality, performance) = ("functionality", "performance");
    vec![
        (
            cookie,
            "TawkConnectionTime".into(),
            functionality,
            "session",
            "present",
        ),
        (
            cookie,
            "twk_idm_key".into(),
            functionality,
            "session",
            "present",
        ),
        (cookie, id("twk_uuid_"), performance, "P6M", "present"),
        (
            local,
            "exist_test".into(),
            functionality,
            "transient",
            "transient",
        ),
        (local, id("twk_"), performance, "until-cleared", "present"),
        (
            local,
            id("twk_token_"),
            functionality,
            "until-cleared",
            "present",
        ),
        (
            session,
            "previousNav".into(),
            performance,
            "session",
            "present",
        ),
    ]
}

/// The keys of the replacement for `navigator.locks`, which pages on plain http lack.
fn locks(scanned: &Scanned) -> Vec<Row> {
    let names = scanned.names("local-storage").into_iter();
    let clients = names.filter(|n| n.starts_with("$navigator.locks-clientId-"));
    let lists =
        ["clientIds", "heldLockSet", "requestQueueMap"].map(|l| format!("$navigator.locks-{l}"));
    let rows = clients.chain(lists);
    rows.map(|name| {
        (
            "local-storage",
            name,
            "functionality",
            "until-cleared",
            "present",
        )
    })
    .collect()
}

/// Checks that these items were seen before the choice, and that no others were listed.
fn assert_items(scanned: &Scanned, rows: &[Row]) {
    let mut expected: Vec<(&str, &str)> = rows.iter().map(|r| (r.0, r.1.as_str())).collect();
    expected.sort_unstable();
    let items = scanned.items().iter();
    let mut listed: Vec<(&str, &str)> = items
        .map(|i| (text(&i["store"]), text(&i["name"])))
        .collect();
    listed.sort_unstable();
    assert_eq!(listed, expected);
    for (store, name, role, declared, state) in rows {
        let item = scanned.item(store, name);
        let said = json!([
            item["provider"],
            item["role"],
            item["lifetime"]["declared"],
            item["status"],
            item["party"]
        ]);
        assert_eq!(
            said,
            json!(["tawk.to", role, declared, "observed", "first"]),
            "{item:#}"
        );
        let first = json!({"scenario": "none", "phase": "before-choice", "state": state});
        assert_eq!(item["seen"][0], first, "{item:#}");
        let writer = &item["first_writer"];
        assert_eq!(writer["kind"], "script", "{item:#}");
        for url in [&writer["url"], &writer["stack_top"]["url"]] {
            assert!(
                text(url).starts_with("https://embed.tawk.to/_s/"),
                "{item:#}"
            );
        }
        assert!(writer["stack_top"]["line"].as_u64() > Some(0), "{item:#}");
        assert!(
            text(&item["entry_place"]).contains("tawk.yaml:"),
            "{item:#}"
        );
    }
}

fn assert_uuid(uuid: &Value) {
    for kind in ["requested_s", "stored_s"] {
        let seconds = uuid["lifetime"][kind].as_i64().expect("a lifetime");
        assert!((seconds - HALF_YEAR_S).abs() <= 60, "{uuid:#}");
    }
    let documented = uuid["documented_as"].as_array().expect("names");
    assert!(
        documented.contains(&json!("tawk_uuid_{property_id}")),
        "{uuid:#}"
    );
    assert_eq!(uuid["domain"], "shop.test");
}

/// The names that findings of a check are about.
fn named(scanned: &Scanned, check: &str) -> Vec<String> {
    let findings = scanned.target()["findings"]
        .as_array()
        .expect("findings")
        .iter();
    let of_check = findings.filter(|f| f["check"] == check);
    let mut names: Vec<String> = of_check
        .map(|f| text(&f["item"]["name"]).to_owned())
        .collect();
    names.sort_unstable();
    names
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_else(|| panic!("no text: {value}"))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_leaky_page_shows_all_that_the_chat_stores() {
    let scanned = scan(&["--scenario", "none", "https://leaky.shop.test/"]).await;
    scanned.ends_as("fail");
    assert_items(&scanned, &chat());
    assert_uuid(scanned.item("cookie", &format!("twk_uuid_{PROPERTY}")));
    // Not the key that was gone at once.
    let stored = chat().into_iter().filter(|r| r.4 == "present");
    let mut stored: Vec<String> = stored.map(|r| r.1).collect();
    stored.sort_unstable();
    assert_eq!(named(&scanned, "pre-consent-storage"), stored);
    let errors = scanned.target()["findings"].as_array().expect("findings");
    let errors = errors.iter().filter(|f| f["severity"] == "error");
    let mut checks: Vec<&str> = errors.map(|f| text(&f["check"])).collect();
    checks.dedup();
    // Its id also goes to the vendor's server in an address.
    assert_eq!(checks, ["pre-consent-storage", "identifier-shared"]);
    assert_eq!(
        named(&scanned, "essential-before-request"),
        [
            "twk_idm_key".to_owned(),
            format!("twk_token_{PROPERTY}"),
            format!("twk_uuid_{PROPERTY}")
        ]
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn over_plain_http_the_keys_of_the_locks_are_there_too() {
    let scanned = scan(&["--scenario", "none", "http://leaky.shop.test/"]).await;
    scanned.ends_as("fail");
    let locks = locks(&scanned);
    assert_eq!(locks.len(), 4, "three lists and one client: {locks:?}");
    assert_items(&scanned, &[chat(), locks].concat());
    assert_uuid(scanned.item("cookie", &format!("twk_uuid_{PROPERTY}")));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_record_of_the_chats_own_form_is_one_once_it_was_accepted() {
    let scanned = scan(&["--scenario", "none", "form-accepted.shop.test"]).await;
    scanned.ends_as("fail");
    let record = scanned.item("local-storage", "twk_64f0c0ffee64f0c0ffee0002");
    assert_eq!(record["provider"], "tawk.to", "{record:#}");
    assert_eq!(record["role"], "essential", "{record:#}");
    assert_eq!(record["exempt"], true, "{record:#}");
    let findings = named(&scanned, "pre-consent-storage");
    assert!(!findings.contains(&"twk_64f0c0ffee64f0c0ffee0002".to_owned()));
    assert!(findings.contains(&"twk_idm_key".to_owned()), "{findings:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn every_row_of_the_documentation_is_recognised() {
    let scanned = scan(&["--scenario", "none", "as-documented.shop.test"]).await;
    scanned.ends_as("fail");
    let uuid = format!("tawk_uuid_{DOCUMENTED}");
    let token = format!("twk_token_{DOCUMENTED}");
    let (essential, other) = ("Essential", "Performance and functionality");
    let documented = [
        ("cookie", uuid.as_str(), essential),
        ("cookie", "twk_idm_key", essential),
        ("cookie", "TawkConnectionTime", other),
        ("local-storage", &token, essential),
        ("local-storage", "token", essential),
        (
            "local-storage",
            "$navigator.locks-requestQueueMap",
            essential,
        ),
        ("local-storage", "$navigator.locks-clientIds", essential),
        ("local-storage", "$navigator.locks-heldLockSet", essential),
        ("local-storage", &uuid, essential),
        ("session-storage", "PreviousNav", other),
    ];
    for (store, name, claimed) in documented {
        let item = scanned.item(store, name);
        assert_eq!(item["provider"], "tawk.to", "{item:#}");
        assert_eq!(item["claimed_role"], claimed, "{item:#}");
        assert!(item["entry"].is_string(), "{item:#}");
    }
    assert_eq!(scanned.items().len(), documented.len());
    assert_uuid(scanned.item("cookie", &uuid));
    assert!(
        !scanned.checks().contains(&"undeclared-name"),
        "{scanned:#?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_gated_page_stores_nothing_before_the_choice() {
    let scanned = scan(&["gated.shop.test"]).await;
    scanned.ends_as("pass");
    for item in scanned.items() {
        let phases = words(&item["seen"], "phase");
        assert!(
            phases
                .iter()
                .all(|p| !matches!(*p, "before-choice" | "after-scroll")),
            "{item:#}"
        );
        if item["name"] != "cookie_consent" {
            let mut visitors = words(&item["seen"], "scenario");
            visitors.retain(|s| !matches!(*s, "accept" | "withdraw"));
            assert!(visitors.is_empty(), "{item:#}");
        }
    }
    assert_eq!(scanned.items().len(), chat().len() + 1);
    for visit in scanned.target()["visits"].as_array().expect("visits") {
        let state = match visit["scenario"].as_str() {
            Some("none") => "none",
            // The page keeps no way back.
            Some("withdraw") => "not-offered",
            _ => "proven",
        };
        assert_eq!(visit["choice"]["state"], state, "{visit:#}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_that_ignores_a_rejection_is_found_out() {
    let scanned = scan(&["--scenario", "none,reject", "ignores-reject.shop.test"]).await;
    scanned.ends_as("fail");
    let ignored = named(&scanned, "reject-ignored");
    assert!(
        ignored.contains(&format!("twk_uuid_{PROPERTY}")),
        "{ignored:?}"
    );
    assert!(
        !scanned.checks().contains(&"pre-consent-storage"),
        "{scanned:#?}"
    );
    for item in scanned.items() {
        assert!(
            !words(&item["seen"], "phase").contains(&"before-choice"),
            "{item:#}"
        );
    }
}
