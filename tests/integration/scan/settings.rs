//! What flags change about a scan and its verdict.

use serde_json::Value;

use super::{Scanned, scan, sites, with_json, words};
use crate::support::command::Shell;

/// Scans with the shop's own catalogue.
async fn with_catalogue(args: &[&str]) -> Scanned {
    let shell = Shell::new();
    shell.write("rules/catalogue/shop.yaml", include_str!("shop.yaml"));
    let args = [&["--rules", "rules"], args].concat();
    Scanned::new(shell.scan(&sites().await, &with_json(&args)))
}

fn settings(scanned: &Scanned) -> String {
    scanned.target()["visits"][0]["settings"].to_string()
}

#[tokio::test(flavor = "multi_thread")]
async fn third_party_cookies_are_kept_unless_they_are_to_be_blocked() {
    let page = ["--scenario", "none", "plain-cookies.shop.test"];
    let kept = with_catalogue(&page).await;
    kept.ends_as("fail");
    assert!(settings(&kept).contains("third-party cookies allowed"));
    let pixel = kept.item("cookie", "trk_pixel");
    assert_eq!(words(&pixel["seen"], "state"), ["present"], "{pixel:#}");
    let failing = findings(&kept, "pre-consent-storage");
    assert_eq!(words(&failing, "severity"), ["error"], "{failing:#}");
    assert_eq!(failing[0]["item"]["name"], "trk_pixel", "{failing:#}");

    let blocked = with_catalogue(&[&["--third-party-cookies", "block"], &page[..]].concat()).await;
    blocked.ends_as("pass");
    assert!(settings(&blocked).contains("third-party cookies blocked"));
    let pixel = blocked.item("cookie", "trk_pixel");
    assert_eq!(words(&pixel["seen"], "state"), ["refused"], "{pixel:#}");
    // The shop's own partitioned cookie is not a third party's.
    let jar = blocked.item("cookie", "split_jar");
    assert_eq!(words(&jar["seen"], "state"), ["present"], "{jar:#}");
}

fn findings(scanned: &Scanned, check: &str) -> Value {
    let all = scanned.target()["findings"]
        .as_array()
        .expect("findings")
        .iter();
    all.filter(|f| f["check"] == check).cloned().collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_warning_fails_where_warnings_are_to_fail() {
    let page = [
        "--scenario",
        "none",
        "--third-party-cookies",
        "block",
        "plain-cookies.shop.test",
    ];
    let strict = with_catalogue(&[&["--fail-on", "warn"], &page[..]].concat()).await;
    strict.ends_as("fail");
    let late = findings(&strict, "expiry-exceeds-declared");
    assert_eq!(late[0]["severity"], "warn", "{late:#}");
    assert_eq!(late[0]["item"]["name"], "hop_visit", "{late:#}");
    // The jar of the page holds a cookie for ten years and one that no browser stores, too.
    assert_eq!(
        strict.checks(),
        [
            "attr-rejected",
            "expiry-exceeds-browser-cap",
            "expiry-exceeds-declared"
        ]
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_fails_where_nothing_is_to_fail() {
    let scanned = scan(&[
        "--scenario",
        "none",
        "--fail-on",
        "never",
        "leaky.shop.test",
    ])
    .await;
    scanned.ends_as("pass");
    assert!(scanned.checks().contains(&"pre-consent-storage"));
    assert!(scanned.report["summary"]["errors"].as_u64() > Some(0));
    let visits = scanned.target()["visits"].as_array().expect("visits");
    assert_eq!(visits.len(), 1, "one scenario, one visit");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_catalogue_of_ones_own_declares_the_record_of_the_choice() {
    let args = ["--scenario", "reject", "gated.shop.test"];
    let without = scan(&args).await;
    without.ends_as("pass");
    assert_eq!(without.checks(), ["undeclared-name"]);
    let with = with_catalogue(&args).await;
    with.ends_as("pass");
    assert_eq!(with.checks(), [""; 0], "{with:#?}");
    let record = with.item("cookie", "cookie_consent");
    assert_eq!(record["provider"], "The shop");
    assert_eq!(record["exempt"], true);
    let place = record["entry_place"].as_str().expect("a place");
    assert!(place.ends_with("shop.yaml:6"), "{place}");
}

#[tokio::test(flavor = "multi_thread")]
async fn further_pages_are_visited_and_no_link_is_followed_that_should_not_be() {
    let site = sites().await;
    let args = ["--scenario", "none", "--pages", "2", "pages.shop.test"];
    let scanned = Scanned::new(Shell::new().scan(&site, &with_json(&args)));
    scanned.ends_as("fail");
    let uuid = scanned.item("cookie", "twk_uuid_64f0c0ffee64f0c0ffee0000");
    assert_eq!(words(&uuid["seen"], "phase"), ["after-pages"], "{uuid:#}");
    let phases = &scanned.target()["visits"][0]["phases"];
    assert_eq!(
        words(phases, "id"),
        ["after-pages", "after-scroll", "before-choice"]
    );
    let requests = site.requests();
    let asked = |page: &str| {
        let of_page = requests
            .iter()
            .filter(|(host, path)| host == "pages.shop.test" && path == page);
        of_page.count()
    };
    assert_eq!([asked("/"), asked("/about"), asked("/delivery")], [1, 1, 1]);
    assert_eq!(
        [
            asked("/workshop"),
            asked("/logout"),
            asked("/catalogue.pdf")
        ],
        [0, 0, 0]
    );
    assert!(requests.iter().all(|(host, _)| host != "elsewhere.test"));
}
