//! `--runs`: every visit is made so many times, and each is kept.

use serde_json::{Value, json};

use super::{scan_and_judge_again, sites, with_json};
use crate::support::command::Shell;

#[tokio::test(flavor = "multi_thread")]
async fn repeated_visits_are_judged_again_to_the_same_report() {
    let args = [
        "--runs",
        "2",
        "--scenario",
        "none,accept",
        "gated.shop.test",
        "leaky.shop.test",
    ];
    let scanned = scan_and_judge_again(&args).await;
    for target in scanned.targets() {
        let visits = target["visits"].as_array().expect("visits");
        let made: Vec<Value> = visits
            .iter()
            .map(|v| json!([v["scenario"], v["run"]]))
            .collect();
        assert_eq!(
            made,
            [
                json!(["none", 1]),
                json!(["none", 2]),
                json!(["accept", 1]),
                json!(["accept", 2])
            ]
        );
        for item in target["items"].as_array().expect("items") {
            assert_eq!(item["runs"], json!({"seen": 2, "of": 2}), "{item:#}");
        }
        for finding in target["findings"].as_array().expect("findings") {
            assert_eq!(finding["runs"], json!({"seen": 2, "of": 2}), "{finding:#}");
        }
    }
    let verdicts: Vec<&Value> = scanned.targets().iter().map(|t| &t["verdict"]).collect();
    assert_eq!(verdicts, ["pass", "fail"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_that_is_missing_from_the_evidence_is_a_doubt() {
    let shell = Shell::new();
    let args = with_json(&[
        "--runs",
        "2",
        "--scenario",
        "none",
        "--record",
        "kept",
        "gated.shop.test",
    ]);
    let scanned = shell.scan(&sites().await, &args).ends_with(0);
    assert_eq!(
        scanned.json()["targets"][0]["visits"]
            .as_array()
            .map(Vec::len),
        Some(2)
    );
    let mut manifest: Value =
        serde_json::from_str(&shell.read("kept/manifest.json")).expect("JSON");
    assert_eq!(manifest["runs"], 2);
    let files = manifest["files"].as_array_mut().expect("files");
    let names: Vec<&Value> = files.iter().map(|f| &f["name"]).collect();
    let first = "001-gated.shop.test-none.jsonl.gz";
    assert_eq!(names, ["001-gated.shop.test-none-run2.jsonl.gz", first]);
    files.retain(|file| file["name"] == first);
    shell.write("kept/manifest.json", &manifest.to_string());
    let judged = shell
        .run(&["judge", "kept", "--format", "json"])
        .ends_with(3);
    assert_eq!(
        judged.json()["targets"][0]["reasons"],
        json!(["there is no recording of the visit \"none\" of run 2: the scan did not make it"])
    );
}
