//! `--policy`: the site's own list of cookies against the catalogue and what was seen.

use preconsent::testsite::TestSite;
use serde_json::Value;

use crate::support::command::{Ran, Shell, reach};

/// Judges the leaky recording by a policy of `fixtures/policies/`.
fn judge(shell: &Shell, policy: &str, flags: &[&str]) -> Ran {
    let root = env!("CARGO_MANIFEST_DIR");
    let recording = format!("{root}/fixtures/visits/tawk-leaky-none.jsonl");
    let policy = format!("{root}/fixtures/policies/{policy}");
    let mut args = vec!["judge", &recording, "--policy", &policy, "--format", "json"];
    args.extend(flags);
    shell.run(&args)
}

/// Check, severity and item of each finding that a policy is the evidence for.
fn found(report: &Value) -> Vec<(String, String, String)> {
    let findings = report["targets"][0]["findings"]
        .as_array()
        .expect("findings");
    let by_policy = findings.iter().filter(|f| {
        let evidence = f["evidence"].as_array().expect("evidence");
        evidence.iter().any(|e| e["kind"] == "policy")
    });
    let word = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    by_policy
        .map(|f| {
            (
                word(&f["check"]),
                word(&f["severity"]),
                word(&f["item"]["name"]),
            )
        })
        .collect()
}

fn expected(rows: &[(&str, &str, &str)]) -> Vec<(String, String, String)> {
    let row = |(check, severity, name): &(&str, &str, &str)| {
        (
            (*check).to_owned(),
            (*severity).to_owned(),
            (*name).to_owned(),
        )
    };
    rows.iter().map(row).collect()
}

#[test]
fn a_page_with_tables_is_compared_three_ways() {
    let shell = Shell::new();
    let ran = judge(&shell, "tawk.html", &[])
        .ends_with(1)
        .says(&["1 row of"]);
    let report = ran.json();
    let id = "64f0c0ffee64f0c0ffee64f0";
    let (uuid, state, token) = (
        format!("twk_uuid_{id}"),
        format!("twk_{id}"),
        format!("twk_token_{id}"),
    );
    assert_eq!(
        found(&report),
        expected(&[
            ("role-mismatch", "error", "TawkConnectionTime"),
            ("role-mismatch", "error", "twk_idm_key"),
            ("expiry-exceeds-declared", "error", &uuid),
            ("role-mismatch", "error", &uuid),
            ("undeclared-name", "warn", &state),
            ("undeclared-name", "warn", &token),
            ("undeclared-name", "warn", "previousNav"),
            ("declared-not-seen", "info", ""),
        ])
    );
    let findings = report["targets"][0]["findings"]
        .as_array()
        .expect("findings");
    let last = findings.last().expect("a finding");
    assert_eq!(
        last["message"],
        "the policy names what no visit showed: acme_stat"
    );
    let source = last["evidence"][0]["source"].as_str().expect("a place");
    assert!(source.ends_with("tawk.html:20"), "{source}");
}

#[test]
fn what_is_declared_rightly_is_not_found() {
    let shell = Shell::new();
    let report = judge(&shell, "tawk.md", &[]).ends_with(1).json();
    let checks: Vec<String> = found(&report)
        .into_iter()
        .map(|(check, ..)| check)
        .collect();
    assert!(checks.iter().all(|c| c == "undeclared-name"), "{checks:?}");
    assert_eq!(checks.len(), 4, "{checks:?}");
}

#[test]
fn a_complete_declaration_makes_what_it_leaves_out_an_error() {
    let shell = Shell::new();
    let report = judge(&shell, "tawk.yaml", &[]).ends_with(1).json();
    assert_eq!(
        found(&report),
        expected(&[("undeclared-name", "error", "TawkConnectionTime")])
    );
    let reasons = report["targets"][0]["reasons"][0]
        .as_str()
        .expect("a reason");
    assert!(reasons.contains("undeclared-name (1)"), "{reasons}");
}

#[test]
fn levels_of_the_profile_hold_for_what_a_policy_adds() {
    let shell = Shell::new();
    shell.write(
        "ours.yaml",
        "extends: eu\nname: Ours\nsources: { us: https://us.test/ }\nchecks:\n  \
         undeclared-name: { level: warn, source: [us] }\n  \
         role-mismatch: { level: off, source: [us] }\n",
    );
    let flags = ["--profile", "ours.yaml"];
    let report = judge(&shell, "tawk.yaml", &flags).ends_with(1).json();
    assert_eq!(
        found(&report),
        expected(&[("undeclared-name", "warn", "TawkConnectionTime")])
    );
    let reasons = report["targets"][0]["reasons"][0].as_str().expect("one");
    assert!(!reasons.contains("undeclared-name"), "{reasons}");
    let report = judge(&shell, "tawk.html", &flags).ends_with(1).json();
    let checks: Vec<String> = found(&report).into_iter().map(|(c, ..)| c).collect();
    assert_eq!(
        checks,
        [
            "expiry-exceeds-declared",
            "undeclared-name",
            "undeclared-name",
            "undeclared-name",
            "declared-not-seen"
        ]
    );
}

#[test]
fn a_page_without_a_table_is_refused() {
    let shell = Shell::new();
    shell.write(
        "no.html",
        "<!doctype html><title>x</title><p>We set cookies.",
    );
    shell.write("no.yaml", "items:\n  - { nam: x }\n");
    for (file, text) in [
        ("no.html", "has no table with a column of names"),
        ("no.yaml", "did you mean \"name\"?"),
        ("none.html", "none.html cannot be read"),
    ] {
        shell
            .run(&["scan", "https://shop.test/", "--policy", file])
            .ends_with(2)
            .says(&[text]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_page_is_fetched_through_the_flags_of_the_network() {
    let site = TestSite::start().await.expect("the test sites");
    let shell = Shell::new();
    let flags = reach(&site);
    let url = site.url("compliant");
    let scan = |policy: &str| {
        let mut args = vec![
            "scan",
            &url,
            "--engine",
            "http",
            "--scenario",
            "none",
            "--format",
            "json",
        ];
        args.extend(flags.iter().map(String::as_str));
        args.extend(["--policy", policy]);
        tokio::task::block_in_place(|| shell.run(&args))
    };
    let report = scan("https://policy.test/cookies.html").json();
    assert!(
        found(&report).contains(&expected(&[("declared-not-seen", "info", "")])[0]),
        "{report:#}"
    );
    scan("https://policy.test/no-such-page.html")
        .ends_with(2)
        .says(&["the policy cannot be fetched", "404"]);
}
