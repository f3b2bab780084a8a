//! Recordings of several runs: what most of them saw fails, what fewer saw does not, and what is known
//! already is known whatever the number of runs.

use std::path::Path;

use preconsent::model::observation::Event;
use preconsent::model::visit::Visit;
use preconsent::store::recording;
use serde_json::{Value, json};

use crate::support::command::{Ran, Shell, fixture};

const LEAKY: &str = "tawk-leaky-none.jsonl";
/// What some runs do not show.
const TOKEN: &str = "twk_token_64f0c0ffee64f0c0ffee64f0";

fn leaky() -> Visit {
    recording::read(Path::new(&fixture(LEAKY))).expect("a recording")
}

/// The leaky page as another run saw it: with its token or without.
fn run(number: u32, with_token: bool) -> Visit {
    let mut visit = Visit {
        run: number,
        ..leaky()
    };
    if !with_token {
        let is_token = |event: &Event| match event {
            Event::StorageWrite(write) => write.name == TOKEN,
            _ => false,
        };
        visit.observations.retain(|o| !is_token(&o.event));
        for snapshot in &mut visit.snapshots {
            snapshot.storage.retain(|key| key.name != TOKEN);
        }
    }
    visit
}

/// Judges these visits from recordings of theirs.
fn judge(shell: &Shell, visits: &[Visit], flags: &[&str]) -> Ran {
    let write = |visit: &Visit| {
        let name = recording::stem(1, visit);
        recording::write(&shell.path(""), &name, visit)
            .expect("a recording")
            .name
    };
    let names: Vec<String> = visits.iter().map(write).collect();
    let names = names.iter().map(String::as_str);
    let args: Vec<&str> = ["judge", "--format", "json"]
        .into_iter()
        .chain(names)
        .collect();
    shell.run(&[&args, flags].concat())
}

/// What became of the finding about the token.
fn of_token(ran: &Ran) -> Value {
    let report = ran.json();
    let findings = report["targets"][0]["findings"]
        .as_array()
        .expect("findings")
        .iter();
    let mut early = findings.filter(|f| f["check"] == "pre-consent-storage");
    let found = early
        .find(|f| f["item"]["name"] == TOKEN)
        .expect("a finding");
    json!([found["confidence"], found["runs"]])
}

#[test]
fn a_finding_says_in_how_many_runs_it_was_made() {
    let shell = Shell::new();
    let most = judge(&shell, &[run(1, true), run(2, false), run(3, true)], &[]).ends_with(1);
    assert_eq!(of_token(&most), json!(["confirmed", {"seen": 2, "of": 3}]));
    let few = judge(&shell, &[run(1, true), run(2, false)], &[]).ends_with(1);
    assert_eq!(of_token(&few), json!(["likely", {"seen": 1, "of": 2}]));
    let report = few.json();
    let visits = report["targets"][0]["visits"].as_array().expect("visits");
    let runs: Vec<&Value> = visits.iter().map(|v| &v["run"]).collect();
    assert_eq!(runs, [1, 2]);
    let items = report["targets"][0]["items"].as_array().expect("items");
    let token = items.iter().find(|i| i["name"] == TOKEN).expect("an item");
    assert_eq!(token["runs"], json!({"seen": 1, "of": 2}));
    assert_eq!(
        token["seen"].as_array().map(Vec::len),
        Some(2),
        "each phase once"
    );
}

#[test]
fn one_run_is_told_as_ever() {
    let shell = Shell::new();
    let alone = judge(&shell, &[run(1, true)], &[]).ends_with(1);
    assert_eq!(of_token(&alone), json!(["confirmed", null]));
}

#[test]
fn people_read_in_how_many_runs_it_was() {
    let shell = Shell::new();
    let visits = [run(1, true), run(2, false), run(3, true)];
    judge(&shell, &visits, &["-o", "report.txt", "-o", "report.md"]).ends_with(1);
    let table = shell.read("report.txt");
    assert!(table.contains("3 visits in 3 runs"), "{table}");
    assert!(table.contains("none, run 2"), "{table}");
    let when = "before any choice (visit \"none\"), in 2 of 3 runs";
    assert_eq!(
        table.matches(when).count(),
        2,
        "the token, twice judged: {table}"
    );
    let markdown = shell.read("report.md");
    assert!(markdown.contains("| none, run 2 |"), "{markdown}");
    assert!(markdown.contains(when), "{markdown}");
}

#[test]
fn the_baseline_of_one_run_holds_for_several_and_what_got_surer_is_new() {
    let shell = Shell::new();
    let before = judge(&shell, &[run(1, true)], &[]).ends_with(1);
    shell.write("before.json", &before.stdout);
    let several = [run(1, true), run(2, false), run(3, false)];
    let few = judge(&shell, &several, &["--baseline", "before.json"]).ends_with(0);
    assert_eq!(few.stderr, "", "nothing is fixed that one run still shows");
    shell.write("few.json", &few.stdout);
    let most = [run(1, true), run(2, true), run(3, false)];
    let ran = judge(&shell, &most, &["--baseline", "few.json"]).ends_with(1);
    let report = ran.json();
    assert_eq!(
        report["targets"][0]["reasons"],
        json!(["1 confirmed error: pre-consent-storage (1)"])
    );
}

#[test]
fn what_too_few_runs_saw_is_no_pass_unless_it_is_known() {
    let shell = Shell::new();
    let clean = judge(&shell, &[run(1, false)], &[]).ends_with(1);
    shell.write("clean.json", &clean.stdout);
    let some = [run(1, false), run(2, true)];
    let ran = judge(&shell, &some, &["--baseline", "clean.json"]).ends_with(3);
    assert_eq!(
        ran.json()["targets"][0]["reasons"],
        json!(["seen in some runs, but not in most of them: pre-consent-storage (1)"])
    );
    shell.write("some.json", &ran.stdout);
    judge(&shell, &some, &["--baseline", "some.json"]).ends_with(0);
}

#[test]
fn a_report_of_several_runs_can_be_compared() {
    let shell = Shell::new();
    let before = judge(&shell, &[run(1, true), run(2, false)], &[]);
    let after = judge(&shell, &[run(1, true), run(2, true)], &[]);
    shell.write("before.json", &before.stdout);
    shell.write("after.json", &after.stdout);
    let ran = shell.run(&["diff", "before.json", "after.json"]);
    assert!(
        ran.stdout.contains("confidence was likely, is confirmed"),
        "{ran:#?}"
    );
    assert!(ran.stdout.contains(TOKEN), "{ran:#?}");
}

#[test]
fn the_same_visit_of_the_same_run_is_given_once() {
    let shell = Shell::new();
    let second = run(2, true);
    let copy = recording::write(&shell.path(""), "copy", &second).expect("a recording");
    judge(&shell, &[second], &[&copy.name])
        .ends_with(2)
        .says(&["both hold the visit \"none\" of run 2"]);
}
