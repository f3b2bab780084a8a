//! Scans without a browser: what follows from code in the page is predicted and never observed, and
//! what needs a browser is said once.

use super::{Scanned, scan, sites, with_json, words};
use crate::support::command::Shell;

const PROPERTY: &str = "64f0c0ffee64f0c0ffee0000";

/// Items of the chat, predicted by the code that was found, and nothing judged.
async fn predicts(page: &str, evidence: &str) {
    let scanned = scan(&["--engine", "http", page]).await;
    scanned.ends_as("inconclusive");
    let target = scanned.target();
    assert_eq!(words(&target["items"], "status"), ["predicted"]);
    for (store, name) in [
        ("cookie", "TawkConnectionTime".to_owned()),
        ("cookie", "twk_idm_key".to_owned()),
        ("cookie", format!("twk_uuid_{PROPERTY}")),
        ("local-storage", format!("twk_token_{PROPERTY}")),
        ("session-storage", "previousNav".to_owned()),
    ] {
        let item = scanned.item(store, &name);
        assert_eq!(item["provider"], "tawk.to", "{item:#}");
        assert!(words(&item["seen"], "phase").is_empty(), "{item:#}");
        assert_eq!(item["first_writer"]["kind"], "unknown", "{item:#}");
    }
    let found = target["providers"][0]["evidence"].to_string();
    assert!(found.contains(evidence), "{found}");
    assert_eq!(scanned.checks(), [""; 0], "{target:#}");
    assert_eq!(
        target["reasons"].as_array().map(Vec::len),
        Some(1),
        "{target:#}"
    );
    let limits = target["limits"].as_array().expect("limits");
    let told = limits
        .iter()
        .filter(|l| l.to_string().contains("need a browser"));
    assert_eq!((told.count(), limits.len()), (1, 1), "{limits:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_leaky_page_predicts_its_chat() {
    predicts("leaky.shop.test", "an inline script").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_gated_page_predicts_its_chat() {
    predicts("gated.shop.test", "an inline script").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn markup_that_is_switched_off_predicts_its_chat_as_held_back() {
    predicts("blocked-markup.shop.test", "held back").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn cookies_in_responses_are_observed_and_judged() {
    let shell = Shell::new();
    shell.write("rules/catalogue/shop.yaml", include_str!("shop.yaml"));
    let args = [
        "--engine",
        "http",
        "--rules",
        "rules",
        "plain-cookies.shop.test",
    ];
    let scanned = Scanned::new(shell.scan(&sites().await, &with_json(&args)));
    scanned.ends_as("fail");
    assert_eq!(words(&scanned.target()["items"], "status"), ["observed"]);
    assert!(scanned.checks().contains(&"pre-consent-storage"));
    let pixel = scanned.item("cookie", "trk_pixel");
    assert_eq!(pixel["party"], "third", "{pixel:#}");
    let writer = pixel["first_writer"]["url"].as_str().expect("a writer");
    assert_eq!(writer, "https://tracker.test/pixel.gif");
    for redirected in ["hop_visit", "shop_basket"] {
        scanned.item("cookie", redirected);
    }
    assert!(scanned.names("local-storage").is_empty());
}
