//! The manifest of a folder: it names what a scan left, and notices what is changed.

use std::fs;

use preconsent::model::digest::sha256;
use preconsent::testsite::TestSite;
use serde_json::{Value, json};

use crate::support::command::{Ran, Shell};

/// Records a shop without a browser, which is quick, and inconclusive.
async fn recorded() -> (Shell, Ran) {
    let site = TestSite::start().await.expect("the sites start");
    let shell = Shell::new();
    let args = [
        "--engine",
        "http",
        "--record",
        "visits",
        "--pages",
        "2",
        "leaky.shop.test",
    ];
    let ran = shell.scan(&site, &args).ends_with(3);
    (shell, ran)
}

const NONE: &str = "visits/001-leaky.shop.test-none.jsonl.gz";

fn manifest(shell: &Shell) -> Value {
    serde_json::from_str(&shell.read("visits/manifest.json")).expect("JSON")
}

#[tokio::test(flavor = "multi_thread")]
async fn every_file_is_named_with_what_made_it() {
    let (shell, ran) = recorded().await;
    let told = sha256(shell.read("visits/manifest.json"));
    assert!(ran.stderr.contains(&told), "{told} is not in {ran:#?}");
    let manifest = manifest(&shell);
    let files = manifest["files"].as_array().expect("files");
    let names: Vec<&str> = files.iter().filter_map(|f| f["name"].as_str()).collect();
    let expected =
        ["accept", "none", "reject"].map(|s| format!("001-leaky.shop.test-{s}.jsonl.gz"));
    assert_eq!(names, expected);
    for file in files {
        let name = file["name"].as_str().expect("a name");
        let bytes = fs::read(shell.path("visits").join(name)).expect("a file");
        assert_eq!(file["sha256"], sha256(&bytes), "{name}");
        assert_eq!(file["bytes"], bytes.len(), "{name}");
        assert_eq!(file["kind"], "recording");
        assert_eq!(file["url"], "https://leaky.shop.test/");
    }
    assert_eq!(manifest["complete"], true);
    assert_eq!(manifest["targets"], json!(["https://leaky.shop.test/"]));
    let asked = json!(["none", "reject", "accept", "withdraw"]);
    assert_eq!(manifest["scenarios"], asked);
    assert_eq!(manifest["tool"]["version"], env!("CARGO_PKG_VERSION"));
    let engine = manifest["engines"][0].as_str().expect("an engine");
    assert!(engine.starts_with("http preconsent/"), "{engine}");
    assert_eq!(manifest["settings"]["pages"], "2");
    assert_eq!(manifest["settings"]["page-life"], "30 s");
    let rule = include_str!("../../../rules/catalogue/tawk.yaml");
    assert_eq!(manifest["rules"]["catalogue"]["tawk"], sha256(rule));
    let recipe = include_str!("../../../rules/consent/klaro.yaml");
    assert_eq!(manifest["rules"]["consent"]["klaro"], sha256(recipe));
    let profile = include_str!("../../../rules/profiles/eu.yaml");
    assert_eq!(manifest["rules"]["profile"], json!({"eu": sha256(profile)}));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_folder_as_it_was_is_good_and_is_judged() {
    let (shell, _) = recorded().await;
    let good = shell.run(&["judge", "--verify", "visits"]).ends_with(0);
    assert_eq!(
        good.stdout.matches("  good        001-").count(),
        3,
        "{good:#?}"
    );
    let told = sha256(shell.read("visits/manifest.json"));
    assert!(good.stdout.contains(&told), "{good:#?}");
    let judged = shell.run(&["judge", "visits"]).ends_with(3);
    assert_eq!(judged.stderr, "");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_was_changed_or_taken_away_is_refused() {
    let (shell, _) = recorded().await;
    let path = shell.path(NONE);
    let mut bytes = fs::read(&path).expect("a file");
    let last = bytes.len() - 1;
    bytes[last] ^= 1;
    fs::write(&path, &bytes).expect("a file");
    let refused = "001-leaky.shop.test-none.jsonl.gz is changed";
    shell
        .run(&["judge", "visits"])
        .ends_with(2)
        .says(&[refused]);
    let seen = shell.run(&["judge", "--verify", "visits"]).ends_with(2);
    assert!(
        seen.stdout.contains("changed     001-leaky.shop.test-none"),
        "{seen:#?}"
    );
    fs::remove_file(&path).expect("removed");
    let refused = "001-leaky.shop.test-none.jsonl.gz is missing";
    shell
        .run(&["judge", "visits"])
        .ends_with(2)
        .says(&[refused]);
    // The others can be judged by their names.
    let other = "visits/001-leaky.shop.test-accept.jsonl.gz";
    shell.run(&["judge", other]).ends_with(3);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_named_is_left_out_aloud() {
    let (shell, _) = recorded().await;
    fs::copy(shell.path(NONE), shell.path("visits/002-other.jsonl.gz")).expect("copied");
    let judged = shell.run(&["judge", "visits"]).ends_with(3);
    judged.says(&["holds 002-other.jsonl.gz, which its manifest.json does not name"]);
    let seen = shell.run(&["judge", "--verify", "visits"]).ends_with(2);
    assert!(
        seen.stdout.contains("unnamed     002-other.jsonl.gz"),
        "{seen:#?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_manifest_nothing_vouches_for_a_folder() {
    let (shell, _) = recorded().await;
    fs::remove_file(shell.path("visits/manifest.json")).expect("removed");
    let judged = shell.run(&["judge", "visits"]).ends_with(3);
    judged.says(&["visits has no manifest.json"]);
    let verified = shell.run(&["judge", "--verify", "visits"]);
    verified.ends_with(2).says(&["nothing to compare"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn manifests_that_are_none_or_lead_elsewhere_are_refused() {
    let (shell, _) = recorded().await;
    let good = manifest(&shell);
    let refused = |change: &dyn Fn(&mut Value), why: &str| {
        let mut bad = good.clone();
        change(&mut bad);
        shell.write("visits/manifest.json", &bad.to_string());
        for args in [&["judge", "visits"][..], &["judge", "--verify", "visits"]] {
            shell.run(args).ends_with(2).says(&["manifest.json: ", why]);
        }
    };
    for name in [
        "../a",
        "/etc/hosts",
        "a/b",
        "..",
        "",
        "manifest.json",
        "a\\b",
    ] {
        let lead = |bad: &mut Value| bad["files"][0]["name"] = json!(name);
        refused(&lead, "is no name of a file beside it");
    }
    refused(&|bad| bad["version"] = json!(2), "is of version 2");
    refused(&|bad| bad["format"] = json!("other"), "is no manifest");
    refused(&|bad| bad["files"] = json!(1), "is no whole manifest");
}

#[cfg(unix)]
#[tokio::test(flavor = "multi_thread")]
async fn links_are_no_files_of_the_folder() {
    let (shell, _) = recorded().await;
    let path = shell.path(NONE);
    fs::rename(&path, shell.path("elsewhere")).expect("moved");
    std::os::unix::fs::symlink(shell.path("elsewhere"), &path).expect("a link");
    shell
        .run(&["judge", "visits"])
        .ends_with(2)
        .says(&["none.jsonl.gz is unreadable"]);
}

#[cfg(unix)]
#[tokio::test(flavor = "multi_thread")]
async fn names_of_a_foreign_folder_forge_no_lines() {
    let (shell, _) = recorded().await;
    let mut bad = manifest(&shell);
    bad["engines"] = json!(["\u{1b}[2Jhttp\n  good        forged-by-manifest"]);
    shell.write("visits/manifest.json", &bad.to_string());
    shell.write("visits/a\n  good        forged\u{1b}[31m.jsonl.gz", "");
    let seen = shell.run(&["judge", "--verify", "visits"]).ends_with(2);
    assert!(!seen.stdout.contains('\u{1b}'), "{seen:#?}");
    let forged = |line: &&str| line.starts_with("  good        forged");
    assert_eq!(seen.stdout.lines().find(forged), None, "{seen:#?}");
    let told = "  unnamed     a\\n  good        forged\\u{1b}[31m.jsonl.gz";
    assert!(seen.stdout.lines().any(|l| l == told), "{seen:#?}");
    let judged = shell.run(&["judge", "visits"]).ends_with(3);
    assert_eq!(judged.stderr.lines().count(), 1, "{judged:#?}");
}
