//! Folders that do not hold what their scan was to see: nothing passes on what is not there.

use std::fs;

use preconsent::model::scenario::ScenarioId::{self, Accept, None, Reject, Withdraw};
use preconsent::model::visit::Visit;
use preconsent::store::manifest::{Evidence, Kind, Manifest, RulesUsed};
use preconsent::store::recording;
use preconsent::testsite::TestSite;
use serde_json::Value;

use crate::support::command::{Ran, Shell};
use crate::support::visits::{PAGE, Story};

const OTHER: &str = "https://other.test/";

/// Judges a folder with a recording of a visit to [`PAGE`] in which nothing happened, made by a scan
/// that was asked for this.
fn judged(visit: &Visit, targets: &[&str], scenarios: &[ScenarioId], complete: bool) -> Ran {
    let shell = Shell::new();
    let folder = shell.path("visits");
    fs::create_dir(&folder).expect("a folder");
    let written = recording::write(&folder, &recording::stem(1, visit), visit).expect("written");
    let mut manifest = Manifest::new(String::new(), RulesUsed::default(), [].into());
    manifest.targets = targets.iter().map(|url| (*url).to_owned()).collect();
    manifest.scenarios = scenarios.to_vec();
    manifest.complete = complete;
    manifest.add(Evidence {
        name: written.name,
        kind: Kind::Recording,
        url: visit.url.to_string(),
        scenario: visit.scenario,
        bytes: written.bytes,
        sha256: written.sha256,
    });
    manifest.write(&folder).expect("written");
    shell.run(&["judge", "visits", "--format", "json"])
}

/// The reasons of the target with this number.
fn reasons(report: &Value, number: usize) -> Vec<&str> {
    let target = &report["targets"][number];
    assert_eq!(target["verdict"], "inconclusive", "{report:#}");
    let reasons = target["reasons"].as_array().expect("reasons");
    reasons.iter().filter_map(Value::as_str).collect()
}

#[test]
fn what_is_all_there_passes() {
    let visit = Story::none().build();
    judged(&visit, &[PAGE], &[None], true).ends_with(0);
}

#[test]
fn a_visit_that_was_not_made_is_inconclusive() {
    let visit = Story::none().build();
    let report = judged(&visit, &[PAGE], &[None, Reject], false)
        .ends_with(3)
        .json();
    let interrupted = "there is no recording of the visit \"reject\": the scan was interrupted";
    assert_eq!(reasons(&report, 0), [interrupted]);
    let report = judged(&visit, &[PAGE], &[None, Reject], true)
        .ends_with(3)
        .json();
    let failed = "there is no recording of the visit \"reject\": the scan did not make it";
    assert_eq!(reasons(&report, 0), [failed]);
}

#[test]
fn a_target_that_was_not_visited_is_inconclusive() {
    let visit = Story::none().build();
    for (complete, why) in [
        (
            false,
            "there is no recording of it: the scan was interrupted",
        ),
        (
            true,
            "there is no recording of it: the scan did not make it",
        ),
    ] {
        let report = judged(&visit, &[OTHER, PAGE], &[None], complete)
            .ends_with(3)
            .json();
        assert_eq!(report["targets"][0]["verdict"], "pass", "{report:#}");
        assert_eq!(report["targets"][1]["url"], OTHER);
        assert_eq!(reasons(&report, 1), [why]);
    }
}

#[test]
fn a_scan_that_did_not_say_that_it_was_over_shows_nothing() {
    let visit = Story::none().build();
    for (targets, scenarios) in [(&[PAGE][..], &[None][..]), (&[], &[])] {
        let report = judged(&visit, targets, scenarios, false)
            .ends_with(3)
            .json();
        assert_eq!(reasons(&report, 0), ["the scan was interrupted"]);
    }
}

#[test]
fn what_was_accepted_must_have_been_taken_back() {
    let asked = [Accept, Withdraw];
    let accepted = Story::accept().build();
    let report = judged(&accepted, &[PAGE], &asked, true).ends_with(3).json();
    let lacks = "there is no recording of the visit \"withdraw\": the scan did not make it";
    assert!(reasons(&report, 0).contains(&lacks), "{report:#}");
    // Where nothing was accepted, there was nothing to take back.
    let mut unproven = accepted;
    unproven.choice.state = preconsent::model::choice::ChoiceState::Unproven;
    let report = judged(&unproven, &[PAGE], &asked, true).ends_with(3).json();
    assert!(!reasons(&report, 0).contains(&lacks), "{report:#}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_recording_that_cannot_be_written_takes_nothing_from_the_report() {
    let site = TestSite::start().await.expect("the sites start");
    let shell = Shell::new();
    // A file cannot take the place of a folder.
    shell.write("visits/001-leaky.shop.test-none.jsonl.gz/in-the-way", "");
    let args = [
        "--engine",
        "http",
        "--scenario",
        "none",
        "--record",
        "visits",
        "--format",
        "json",
        "leaky.shop.test",
        "gated.shop.test",
    ];
    let ran = shell.scan(&site, &args).ends_with(2);
    let ran = ran.says(&["001-leaky.shop.test-none.jsonl.gz"]);
    let report = ran.json();
    let visits = |n: usize| report["targets"][n]["visits"].as_array().map(Vec::len);
    assert_eq!([visits(0), visits(1)], [Some(1), Some(1)], "{report:#}");
}
