//! Consent records that are stored before the page is loaded, on real platforms: taken by the page,
//! not taken by it, and ignored by what else is on it.

use serde_json::Value;

use crate::support::browse::Browse;
use crate::support::command::Shell;

/// Scans a case with a record, and returns the report and the exit code.
async fn scan(case: &str, scenario: &str, record: &str) -> (Option<i32>, Value) {
    let browse = Browse::new().await;
    let shell = Shell::new();
    let url = browse.site.url(case);
    let seed = format!("--seed-consent={scenario}:{record}");
    let scenario = format!("--scenario={scenario}");
    let ran = shell.scan(&browse.site, &[&url, &seed, &scenario, "--format=json"]);
    (ran.code, ran.json()["targets"][0].clone())
}

/// State, method and platform of the choice.
fn choice(target: &Value) -> String {
    let choice = &target["visits"][0]["choice"];
    let word = |key: &str| choice[key].as_str().unwrap_or("-").to_owned();
    format!("{} {} {}", word("state"), word("method"), word("platform"))
}

/// Checks with findings about the site, each once.
fn found(target: &Value) -> Vec<&str> {
    let findings = target["findings"].as_array().expect("findings").iter();
    let about = findings.filter(|f| f["class"] == "judgement" && f["severity"] == "error");
    let mut ids: Vec<&str> = about.filter_map(|f| f["check"].as_str()).collect();
    ids.dedup();
    ids
}

/// Whether a check could judge the visit.
fn state<'t>(target: &'t Value, check: &str) -> &'t str {
    let coverage = target["coverage"].as_array().expect("coverage");
    let of_check = coverage.iter().find(|c| c["check"] == check);
    of_check.and_then(|c| c["state"].as_str()).expect("a state")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_that_takes_the_record_shows_what_it_does_after_the_choice() {
    let refused = r#"klaro={"tawk":false}"#;
    let (code, target) = scan("cmp-klaro-correct", "reject", refused).await;
    assert_eq!(choice(&target), "proven seeded klaro", "{target:#}");
    assert_eq!(found(&target), Vec::<&str>::new());
    assert_eq!(code, Some(0), "{target:#}");
    let items = target["items"].as_array().expect("items");
    assert!(items.iter().all(|i| i["name"] != "klaro"), "{items:#?}");
    assert_eq!(state(&target, "pre-consent-storage"), "not-applicable");
    assert_eq!(state(&target, "consent-record-mismatch"), "not-applicable");
    assert_eq!(state(&target, "reject-ignored"), "ran");

    let accepted = r#"klaro={"tawk":true}"#;
    let (_, target) = scan("cmp-klaro-correct", "accept", accepted).await;
    assert_eq!(choice(&target), "proven seeded klaro", "{target:#}");
    let items = target["items"].as_array().expect("items");
    assert!(
        items.iter().any(|i| i["provider"] == "tawk.to"),
        "{items:#?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn what_ignores_the_record_is_found() {
    let refused = r#"klaro={"tawk":false}"#;
    let (code, target) = scan("cmp-klaro-ignores", "reject", refused).await;
    assert_eq!(choice(&target), "proven seeded klaro", "{target:#}");
    assert_eq!(found(&target), ["reject-ignored", "identifier-shared"]);
    assert_eq!(code, Some(1));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_record_that_the_page_does_not_take_proves_nothing() {
    let (code, target) = scan("cmp-klaro-correct", "reject", "another=no").await;
    assert_eq!(choice(&target), "unproven seeded -");
    let evidence = target["visits"][0]["choice"]["evidence"].to_string();
    assert!(evidence.contains("the banner asks again"), "{evidence}");
    assert_eq!(code, Some(3));
    // The record refuses, and acceptance was asked for.
    let refused = r#"klaro={"tawk":false}"#;
    let (code, target) = scan("cmp-klaro-correct", "accept", refused).await;
    assert_eq!(choice(&target), "unproven seeded klaro");
    assert_eq!(code, Some(3));
}
