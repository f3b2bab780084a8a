//! The scenarios that are not made by default, through the command.

use super::{Scanned, scan, scan_and_judge_again, sites, with_json, words};
use crate::support::command::Shell;

fn scenarios(scanned: &Scanned) -> Vec<String> {
    let visits = scanned.target()["visits"].as_array().expect("visits");
    let names = visits.iter().filter_map(|v| v["scenario"].as_str());
    names.map(str::to_owned).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn all_scenarios_can_be_asked_for_by_one_word() {
    let scanned = scan(&["--scenario", "all", "leaky.shop.test"]).await;
    scanned.ends_as("fail");
    assert_eq!(
        scenarios(&scanned),
        [
            "none",
            "reject",
            "accept",
            "revisit",
            "second-tab",
            "gpc",
            "open-widget",
            "widget-accept",
            "widget-refuse",
            "dismiss"
        ]
    );
    let target = scanned.target();
    assert_eq!(target["faults"], serde_json::json!([]), "{target:#}");
    let opened = &target["visits"][6]["service"];
    assert_eq!(
        (opened["state"].as_str(), opened["provider"].as_str()),
        (Some("proven"), Some("tawk")),
        "{opened:#}"
    );
    let nav = scanned.item("session-storage", "previousNav");
    let of_revisit = nav["seen"].as_array().expect("sightings").iter();
    let phases: Vec<_> = of_revisit
        .filter(|s| s["scenario"] == "revisit")
        .map(|s| s["phase"].as_str().expect("a phase"))
        .collect();
    assert_eq!(phases, ["before-choice", "after-scroll", "after-revisit"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_that_waits_for_the_choice_passes_in_every_scenario() {
    let scanned = scan(&["--scenario", "all", "compliant.shop.test"]).await;
    scanned.ends_as("pass");
    let checks = scanned.checks();
    assert!(checks.contains(&"scenario-not-offered"), "{checks:?}");
    let table = Shell::new().scan(
        &sites().await,
        &[
            "--scenario",
            "second-tab,open-widget",
            "compliant.shop.test",
        ],
    );
    assert!(
        table.stdout.contains("no widget to open was found"),
        "{table:#?}"
    );
}

/// Of pages that can be closed: one that takes it for consent, one that does not, and one that counts
/// its visitors whatever they do.
#[tokio::test(flavor = "multi_thread")]
async fn closing_a_banner_is_no_consent() {
    for (page, verdict, expected) in [
        ("consents", "fail", &["dismiss-as-consent"][..]),
        ("respects", "pass", &[]),
        ("before", "fail", &["pre-consent-storage"]),
    ] {
        let url = format!("https://closes.test/{page}.html");
        let scanned = scan_and_judge_again(&["--scenario", "none,dismiss", &url]).await;
        scanned.ends_as(verdict);
        let findings = scanned.target()["findings"].as_array().expect("findings");
        let errors = findings.iter().filter(|f| f["severity"] == "error");
        let mut checks: Vec<_> = errors.filter_map(|f| f["check"].as_str()).collect();
        checks.dedup();
        assert_eq!(checks, expected, "{page}: {scanned:#?}");
        let choice = &scanned.target()["visits"][1]["choice"];
        assert_eq!(choice["state"], "proven", "{choice:#}");
        assert_eq!(choice["evidence"][0], "pressed \"×\"");
    }
}

/// Statistics are allowed and advertising is not, on each of three real platforms: with a page that
/// obeys, and one that does not.
#[tokio::test(flavor = "multi_thread")]
async fn categories_are_allowed_one_by_one() {
    for platform in ["vanilla", "klaro", "tarteaucitron"] {
        for (kind, verdict, expected) in [
            ("correct", "pass", &[][..]),
            ("ignores", "fail", &["partial-choice-ignored"]),
        ] {
            let url = format!("https://parts.test/{platform}-{kind}.html");
            let args = ["--scenario", "custom", "--allow", "performance", &url];
            let scanned = scan_and_judge_again(&args).await;
            scanned.ends_as(verdict);
            let target = scanned.target();
            let findings = target["findings"].as_array().expect("findings");
            let errors = findings.iter().filter(|f| f["severity"] == "error");
            let checks: Vec<_> = errors.filter_map(|f| f["check"].as_str()).collect();
            assert_eq!(checks, expected, "{url}: {target:#}");
            let choice = &target["visits"][0]["choice"];
            assert_eq!(choice["allowed"], serde_json::json!(["performance"]));
            assert_eq!(choice["state"], "proven", "{choice:#}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_browser_most_of_them_are_inconclusive() {
    let args = [
        "--engine",
        "http",
        "--scenario",
        "revisit,second-tab,gpc,open-widget",
    ];
    let args = [&args[..], &["compliant.shop.test"]].concat();
    let scanned = Scanned::new(Shell::new().scan(&sites().await, &with_json(&args)));
    scanned.ends_as("inconclusive");
    let target = scanned.target();
    assert_eq!(words(&target["faults"], "kind"), ["unsupported"]);
    assert_eq!(
        target["faults"].as_array().map(Vec::len),
        Some(3),
        "{target:#}"
    );
    let phases = &target["visits"][0]["phases"];
    assert_eq!(words(phases, "id"), ["after-revisit", "before-choice"]);
}
