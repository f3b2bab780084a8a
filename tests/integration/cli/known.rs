//! `diff`, `--baseline` and waivers: what is known already does not fail again, and what is new does.

use serde_json::Value;

use crate::support::command::{Ran, Shell};

const LEAKY: &str = "tawk-leaky-none.jsonl";

/// Judges a recording with these flags.
fn judge(shell: &Shell, name: &str, flags: &[&str]) -> Ran {
    let recording = format!("{}/fixtures/visits/{name}", env!("CARGO_MANIFEST_DIR"));
    let mut args = vec!["judge", &recording, "--format", "json"];
    args.extend(flags);
    shell.run(&args)
}

/// The kinds of evidence that say why a finding does not count.
fn excuses(report: &Value) -> Vec<&str> {
    let findings = report["targets"][0]["findings"]
        .as_array()
        .expect("findings");
    let evidence = findings
        .iter()
        .flat_map(|f| f["evidence"].as_array().expect("evidence"));
    let kinds = evidence.map(|e| e["kind"].as_str().expect("a kind"));
    kinds
        .filter(|k| matches!(*k, "waiver" | "baseline"))
        .collect()
}

/// How many findings there are; of the leaky page, six and more.
fn count(report: &Value) -> usize {
    let findings = report["targets"][0]["findings"].as_array();
    let count = findings.map_or(0, Vec::len);
    assert!(count >= 6, "{count} findings");
    count
}

#[test]
fn what_the_baseline_knows_does_not_fail_again() {
    let shell = Shell::new();
    let before = judge(&shell, LEAKY, &[]).ends_with(1);
    shell.write("before.json", &before.stdout);
    let again = judge(&shell, LEAKY, &["--baseline", "before.json"]).ends_with(0);
    let report = again.json();
    assert_eq!(report["verdict"], "pass");
    assert_eq!(report["summary"]["fail"], 0);
    assert_eq!(
        report["summary"]["errors"], 6,
        "what is there is still told"
    );
    assert_eq!(excuses(&report), vec!["baseline"; count(&report)]);
    assert_eq!(again.stderr, "");
}

#[test]
fn what_is_new_fails_and_what_is_fixed_is_told() {
    let shell = Shell::new();
    let before = judge(&shell, LEAKY, &[]).ends_with(1);
    let mut report = before.json();
    // One finding was not there before, and another one was that is gone now.
    let findings = report["targets"][0]["findings"]
        .as_array_mut()
        .expect("findings");
    findings[0]["item"]["name"] = Value::from("gone_id");
    shell.write("before.json", &report.to_string());
    let ran = judge(&shell, LEAKY, &["--baseline", "before.json"])
        .ends_with(1)
        .says(&[
            "fixed since the baseline: https://shop.test/: pre-consent-storage: cookie gone_id of \
             shop.test (visit \"none\")",
        ]);
    let report = ran.json();
    let reasons = &report["targets"][0]["reasons"];
    assert_eq!(reasons[0], "1 confirmed error: pre-consent-storage (1)");
    assert_eq!(excuses(&report), vec!["baseline"; count(&report) - 1]);
}

#[test]
fn what_was_not_looked_at_is_not_fixed() {
    let shell = Shell::new();
    let mut report = judge(&shell, LEAKY, &[]).ends_with(1).json();
    // It was seen by a visitor whom this run does not send.
    report["targets"][0]["findings"][0]["scenario"] = Value::from("reject");
    shell.write("before.json", &report.to_string());
    let ran = judge(&shell, LEAKY, &["--baseline", "before.json"]).ends_with(1);
    assert_eq!(ran.stderr, "");
}

#[test]
fn a_finding_that_got_worse_is_new() {
    let shell = Shell::new();
    let mut report = judge(&shell, LEAKY, &[]).ends_with(1).json();
    report["targets"][0]["findings"][0]["severity"] = Value::from("warn");
    shell.write("before.json", &report.to_string());
    let ran = judge(&shell, LEAKY, &["--baseline", "before.json"]).ends_with(1);
    let report = ran.json();
    assert_eq!(excuses(&report), vec!["baseline"; count(&report) - 1]);
}

#[test]
fn a_finding_that_is_certain_now_is_new() {
    let shell = Shell::new();
    let mut report = judge(&shell, LEAKY, &[]).ends_with(1).json();
    assert_eq!(
        report["targets"][0]["findings"][0]["confidence"],
        "confirmed"
    );
    report["targets"][0]["findings"][0]["confidence"] = Value::from("likely");
    shell.write("before.json", &report.to_string());
    let ran = judge(&shell, LEAKY, &["--baseline", "before.json"]).ends_with(1);
    let report = ran.json();
    assert_eq!(excuses(&report), vec!["baseline"; count(&report) - 1]);
}

#[test]
fn names_forge_no_lines_in_comparisons() {
    let shell = Shell::new();
    let mut report = judge(&shell, LEAKY, &[]).ends_with(1).json();
    shell.write("after.json", &report.to_string());
    let target = &mut report["targets"][0];
    target["items"][0]["name"] = Value::from("x\n  ~ forged item");
    target["findings"][0]["item"]["name"] = Value::from("y\nwarning: forged finding");
    shell.write("before.json", &report.to_string());
    let diff = shell
        .run(&["diff", "before.json", "after.json"])
        .ends_with(0);
    for named in ["x\\n  ~ forged item of", "y\\nwarning: forged finding of"] {
        assert!(diff.stdout.contains(named), "{diff:#?}");
    }
    let ran = judge(&shell, LEAKY, &["--baseline", "before.json"])
        .ends_with(1)
        .says(&["fixed since the baseline: ", "y\\nwarning: forged finding"]);
    assert_eq!(ran.stderr.lines().count(), 1, "{ran:#?}");
}

#[test]
fn a_file_that_is_no_report_is_refused() {
    let shell = Shell::new();
    shell.write(
        "before.json",
        "{\"schema\": \"other\", \"profile\": \"eu\", \"targets\": []}",
    );
    judge(&shell, LEAKY, &["--baseline", "before.json"])
        .ends_with(2)
        .says(&[
            "before.json is no report",
            "expected \"preconsent.report.v1\"",
        ]);
    judge(&shell, LEAKY, &["--baseline", "none.json"])
        .ends_with(2)
        .says(&["none.json cannot be read"]);
}

/// A configuration with waivers, each `check | item | scenario | until`.
fn configured(waivers: &[&str]) -> Shell {
    let shell = Shell::new();
    let waivers: Vec<String> = waivers
        .iter()
        .map(|w| format!("  - {{ {w}, reason: \"the chat moves\" }}\n"))
        .collect();
    shell.write(
        "preconsent.yaml",
        &format!("waivers:\n{}", waivers.concat()),
    );
    shell
}

#[test]
fn a_waiver_covers_its_findings_until_its_day() {
    let shell = configured(&[
        "check: pre-consent-storage, item: \"twk_*\", until: 2999-12-31",
        "check: pre-consent-storage, item: TawkConnectionTime, scenario: none, until: 2999-12-31",
    ]);
    let ran = judge(&shell, LEAKY, &[]).ends_with(1);
    let report = ran.json();
    assert_eq!(excuses(&report), ["waiver"; 5]);
    let reasons = &report["targets"][0]["reasons"];
    assert_eq!(reasons[0], "1 confirmed error: pre-consent-storage (1)");
    let all = configured(&["check: pre-consent-storage, until: 2999-12-31"]);
    let report = judge(&all, LEAKY, &[]).ends_with(0).json();
    assert_eq!(report["verdict"], "pass");
    let evidence = report["targets"][0]["findings"][0]["evidence"]
        .as_array()
        .expect("evidence");
    let waiver = evidence.last().expect("the waiver");
    assert_eq!(waiver["text"], "until 2999-12-31: the chat moves");
    assert_eq!(waiver["source"], "preconsent.yaml:2");
}

#[test]
fn a_waiver_that_ended_fails_also_with_a_baseline() {
    let shell = configured(&["check: pre-consent-storage, until: 2026-01-31"]);
    let ran = judge(&shell, LEAKY, &[]).ends_with(1);
    let report = ran.json();
    let reason = report["targets"][0]["reasons"][1]
        .as_str()
        .expect("a reason");
    assert_eq!(
        reason,
        "the waiver of pre-consent-storage at preconsent.yaml:2 ended on 2026-01-31; renew it or mend \
         what it covers"
    );
    shell.write("before.json", &ran.stdout);
    judge(&shell, LEAKY, &["--baseline", "before.json"]).ends_with(1);
}

#[test]
fn a_waiver_that_was_renewed_holds_wherever_it_stands() {
    let (old, new) = (
        "check: pre-consent-storage, until: 2026-01-31",
        "check: pre-consent-storage, until: 2999-12-31",
    );
    for waivers in [[old, new], [new, old]] {
        let ran = judge(&configured(&waivers), LEAKY, &[]).ends_with(0);
        let report = ran.json();
        assert_eq!(report["verdict"], "pass");
        assert_eq!(ran.stderr, "", "both cover something");
    }
}

#[test]
fn a_waiver_that_covers_nothing_is_told_and_a_wrong_one_refused() {
    let idle = configured(&["check: reject-ignored, scenario: reject, until: 2999-12-31"]);
    judge(&idle, LEAKY, &[])
        .ends_with(1)
        .says(&["the waiver of reject-ignored at preconsent.yaml:2 covers nothing"]);
    for (waiver, text) in [
        (
            "check: preconsent-storage, until: 2999-12-31",
            "did you mean \"pre-consent-storage\"?",
        ),
        (
            "check: cookies, until: 2999-12-31",
            "docs/checks.md lists all checks",
        ),
        (
            "check: pre-consent-storage, until: soon",
            "\"soon\" is no day",
        ),
        (
            "check: pre-consent-storage, item: \"{\", until: 2999-12-31",
            "has no \"}\"",
        ),
    ] {
        let shell = configured(&[waiver]);
        judge(&shell, LEAKY, &[])
            .ends_with(2)
            .says(&["preconsent.yaml:2:", text]);
    }
}

#[test]
fn two_reports_are_compared() {
    let shell = Shell::new();
    let before = judge(&shell, LEAKY, &[]).ends_with(1);
    shell.write("before.json", &before.stdout);
    let same = shell
        .run(&["diff", "before.json", "before.json"])
        .ends_with(0);
    assert_eq!(same.stdout, "the reports tell the same\n");
    let mut report = before.json();
    let target = &mut report["targets"][0];
    target["verdict"] = Value::from("pass");
    target["findings"][0]["severity"] = Value::from("info");
    let findings = target["findings"].as_array_mut().expect("findings");
    let of_history = |f: &Value| f["item"]["name"] == "previousNav" && f["severity"] == "error";
    findings.remove(findings.iter().position(of_history).expect("a finding"));
    target["items"][0]["role"] = Value::from("marketing");
    let removed = target["items"]
        .as_array_mut()
        .expect("items")
        .pop()
        .expect("an item");
    shell.write("after.json", &report.to_string());
    let text = shell
        .run(&["diff", "before.json", "after.json"])
        .ends_with(0)
        .stdout;
    for line in [
        "  ~ https://shop.test/: target: verdict was fail, is pass",
        "  ~ https://shop.test/: pre-consent-storage: cookie TawkConnectionTime of shop.test (visit \
         \"none\"): severity was error, is info",
        "  - https://shop.test/: pre-consent-storage: session-storage previousNav of \
         https://shop.test (visit \"none\") [error]",
    ] {
        assert!(text.lines().any(|l| l == line), "{line} is not in\n{text}");
    }
    assert!(text.contains("role was "), "{text}");
    let json = shell.run(&["diff", "before.json", "after.json", "--format", "json"]);
    let json = json.ends_with(0).json();
    assert_eq!(json["schema"], "preconsent.diff.v1");
    assert_eq!(json["verdicts"][0]["after"], "pass");
    let what = json["items"]["removed"][0]["what"].as_str().expect("words");
    assert!(
        what.contains(removed["name"].as_str().expect("a name")),
        "{what}"
    );
    assert_eq!(
        json["findings"]["removed"].as_array().map(Vec::len),
        Some(1)
    );
    assert_eq!(
        json["findings"]["changed"].as_array().map(Vec::len),
        Some(1)
    );
    assert_eq!(json["items"]["added"].as_array().map(Vec::len), Some(0));
}

#[test]
fn a_profile_may_only_name_checks_that_there_are() {
    let shell = Shell::new();
    let profile = |check: &str| {
        format!(
            "name: Mine\nextends: eu\nsources: {{ house: \"a rule of ours\" }}\nchecks:\n  \
             {check}: {{ level: off, source: [house] }}\n"
        )
    };
    shell.write("mine.yaml", &profile("preconsent-storage"));
    let wrong = judge(&shell, LEAKY, &["--profile", "mine.yaml"]);
    wrong.ends_with(2).says(&[
        "mine.yaml:5:23",
        "there is no check \"preconsent-storage\"",
        "did you mean \"pre-consent-storage\"?",
    ]);
    shell.write("mine.yaml", &profile("pre-consent-storage"));
    judge(&shell, LEAKY, &["--profile", "mine.yaml"]).ends_with(0);
}
