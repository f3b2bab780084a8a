//! Reports on standard output and in files; recordings judged again.

use std::process::Stdio;

use preconsent::store::recording;

use crate::support::command::{Shell, fixture};

#[test]
fn judging_recordings_reports_on_standard_output_alone() {
    let shell = Shell::new();
    let leaky = shell
        .run(&["judge", &fixture("tawk-leaky-none.jsonl")])
        .ends_with(1);
    assert!(leaky.stdout.contains("pre-consent-storage"), "{leaky:#?}");
    assert_eq!(leaky.stderr, "");
    let rejected = shell.run(&["judge", &fixture("tawk-ignores-reject.jsonl")]);
    let rejected = rejected.ends_with(1);
    assert!(rejected.stdout.contains("reject-ignored"), "{rejected:#?}");
}

#[test]
fn digests_are_keyed_with_the_key_that_is_set() {
    let digests = |key: Option<&str>| {
        let shell = key.map_or_else(Shell::new, |key| {
            Shell::new().with("PRECONSENT_REDACT_KEY", key)
        });
        let args = [
            "judge",
            &fixture("tawk-leaky-none.jsonl"),
            "--format",
            "json",
        ];
        let ran = shell.run(&args).ends_with(1);
        let found = ran.stdout.match_indices(", #");
        let found = found.map(|(at, _)| ran.stdout[at + 3..at + 11].to_owned());
        let found: Vec<String> = found.collect();
        assert!(!found.is_empty(), "{ran:#?}");
        found
    };
    let one = digests(Some("one"));
    assert_eq!(one, digests(Some("one")));
    assert_ne!(one, digests(Some("two")));
    assert_ne!(one, digests(None));
    let empty = Shell::new().with("PRECONSENT_REDACT_KEY", "");
    empty
        .run(&["judge", &fixture("tawk-leaky-none.jsonl")])
        .ends_with(2)
        .says(&["PRECONSENT_REDACT_KEY is set and empty"]);
}

#[test]
fn recordings_of_one_address_make_one_target() {
    let visits = ["tawk-leaky-none.jsonl", "tawk-ignores-reject.jsonl"].map(fixture);
    let ran = Shell::new().run(&["judge", "--format", "json", &visits[1], &visits[0]]);
    let report = ran.json();
    let targets = report["targets"].as_array().expect("targets");
    assert_eq!(targets.len(), 1);
    let scenarios = targets[0]["visits"].as_array().expect("visits").iter();
    let scenarios: Vec<_> = scenarios.map(|v| v["scenario"].clone()).collect();
    assert_eq!(scenarios, ["none", "reject"]);
}

#[test]
fn two_recordings_of_one_visit_are_refused() {
    let visits = ["tawk-leaky-none.jsonl", "tawk-refused-none.jsonl"].map(fixture);
    Shell::new()
        .run(&["judge", &visits[0], &visits[1]])
        .ends_with(2)
        .says(&["both hold the visit \"none\"", "tawk-refused-none.jsonl"]);
}

#[test]
fn what_is_no_recording_is_said_to_be_none() {
    let shell = Shell::new();
    shell.write("a.json", "{\"url\": 1}");
    shell
        .run(&["judge", "a.json"])
        .ends_with(2)
        .says(&["a.json, line 1: is no recording"]);
}

#[test]
fn files_get_the_format_of_their_ending() {
    let shell = Shell::new();
    let leaky = fixture("tawk-leaky-none.jsonl");
    let args = ["judge", &leaky, "-o", "r.json", "-o", "r.md", "-o", "r.txt"];
    let ran = shell.run(&args).ends_with(1);
    assert!(shell.read("r.json").contains("\"preconsent.report.v1\""));
    assert!(shell.read("r.md").starts_with("# "));
    let words = |text: &str| {
        text.split_whitespace()
            .map(str::to_owned)
            .collect::<Vec<_>>()
    };
    assert_eq!(words(&shell.read("r.txt"))[..2], words(&ran.stdout)[..2]);
}

#[test]
fn values_are_shown_only_when_that_is_asked_for() {
    let shell = Shell::new();
    let leaky = fixture("tawk-leaky-none.jsonl");
    let visit = recording::read(leaky.as_ref()).expect("a recording");
    let mut cookies = visit.snapshots[0].cookies.iter();
    let idm = cookies.find(|c| c.name == "twk_idm_key");
    let value = idm.expect("twk_idm_key").value.as_str();
    let hidden = shell.run(&["judge", &leaky, "--format", "json"]);
    assert!(!hidden.stdout.contains(value), "{value} is shown");
    let shown = shell.run(&["judge", &leaky, "--format", "json", "--show-values"]);
    assert!(shown.stdout.contains(value), "{value} is not shown");
}

#[test]
fn colour_is_for_terminals_and_for_those_who_ask() {
    let leaky = fixture("tawk-leaky-none.jsonl");
    let colourful = |shell: Shell, args: &[&str]| {
        let all = [&["judge", leaky.as_str()], args].concat();
        shell.run(&all).stdout.contains('\u{1b}')
    };
    assert!(!colourful(Shell::new(), &[]));
    assert!(colourful(Shell::new(), &["--color", "always"]));
    assert!(colourful(Shell::new().with("CLICOLOR_FORCE", "1"), &[]));
    assert!(!colourful(
        Shell::new().with("CLICOLOR_FORCE", "1"),
        &["--color", "never"]
    ));
    let torn = Shell::new()
        .with("CLICOLOR_FORCE", "1")
        .with("NO_COLOR", "1");
    assert!(!colourful(torn, &[]));
}

#[test]
fn a_reader_that_has_seen_enough_is_no_error() {
    let shell = Shell::new();
    let (reader, writer) = std::io::pipe().expect("a pipe");
    drop(reader);
    let output = shell
        .command(&["rules", "show", "tawk"])
        .stdout(writer)
        .stderr(Stdio::piped())
        .output()
        .expect("the command runs");
    assert_eq!(output.status.code(), Some(0));
    assert_eq!(output.stderr, b"");
}
