//! Commands that start a browser. That a scan leaves nothing behind, however it ends, is tested in
//! `scan::leftovers`.

use std::fs;
use std::path::Path;

use preconsent::testsite::TestSite;

use crate::support::command::Shell;

fn entries(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).expect("a folder");
    let names = entries.filter_map(|e| Some(e.ok()?.file_name().to_string_lossy().into_owned()));
    names.collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn recordings_are_private_and_judged_like_the_scan() {
    let site = TestSite::start().await.expect("the sites start");
    let shell = Shell::new();
    let args = ["leaky.shop.test", "--record", "visits", "--format", "json"];
    let clear = [&args[..], &["--record-values"]].concat();
    shell.scan(&site, &clear).ends_with(1).says(&["in clear"]);
    let scanned = shell.scan(&site, &args).ends_with(1);
    assert!(!scanned.stderr.contains("in clear"), "{scanned:#?}");
    let mut names = entries(&shell.path("visits"));
    names.sort();
    let scenarios = ["accept", "none", "reject"];
    let mut expected = scenarios
        .map(|s| format!("001-leaky.shop.test-{s}.jsonl.gz"))
        .to_vec();
    expected.push("manifest.json".to_owned());
    assert_eq!(names, expected);
    #[cfg(unix)]
    for name in &names {
        use std::os::unix::fs::PermissionsExt;
        let file = fs::metadata(shell.path("visits").join(name)).expect("a file");
        assert_eq!(file.permissions().mode() & 0o777, 0o600, "{name}");
    }
    let judged = shell
        .run(&["judge", "visits", "--format", "json"])
        .ends_with(1);
    assert_eq!(judged.json()["targets"], scanned.json()["targets"]);
    assert_eq!(entries(&shell.temporary()), Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread")]
async fn pictures_and_traffic_are_kept_beside_a_recording() {
    let site = TestSite::start().await.expect("the sites start");
    let shell = Shell::new();
    let args = [
        "ignores-reject.shop.test",
        "--scenario",
        "reject",
        "--format",
        "json",
    ];
    let keep = ["--record", "visits", "--screenshots", "--har"];
    let scanned = shell.scan(&site, &[&args[..], &keep].concat());
    assert_eq!(
        scanned.json()["targets"][0]["limits"],
        serde_json::json!([])
    );
    let stem = "001-ignores-reject.shop.test-reject";
    let pictures = ["after-choice", "after-reload", "before-choice"];
    let mut expected: Vec<String> = pictures.map(|p| format!("{stem}-{p}.png")).to_vec();
    expected.extend([format!("{stem}.har"), format!("{stem}.jsonl.gz")]);
    let choice = &scanned.json()["targets"][0]["visits"][0]["choice"];
    let told = choice["evidence"].to_string();
    let before = format!("the page just before: {stem}-before-choice.png");
    assert!(told.contains(&before), "{told}");
    let manifest: serde_json::Value =
        serde_json::from_str(&shell.read("visits/manifest.json")).expect("JSON");
    let named = manifest["files"].as_array().expect("files").iter();
    let named: Vec<_> = named.filter_map(|f| f["name"].as_str()).collect();
    assert_eq!(named, expected);
    for name in &expected[..3] {
        let png = fs::read(shell.path("visits").join(name)).expect("a picture");
        assert!(png.starts_with(b"\x89PNG\r\n\x1a\n"), "{name}");
    }
    let har: serde_json::Value =
        serde_json::from_str(&shell.read(&format!("visits/{stem}.har"))).expect("JSON");
    let entries = har["log"]["entries"].as_array().expect("entries");
    let top = &entries[0];
    assert_eq!(top["request"]["url"], "https://ignores-reject.shop.test/");
    assert_eq!(top["response"]["status"], 200);
    let urls: Vec<_> = entries
        .iter()
        .filter_map(|e| e["request"]["url"].as_str())
        .collect();
    assert!(
        urls.iter()
            .any(|url| url.starts_with("https://embed.tawk.to/")),
        "{urls:#?}"
    );
    shell.run(&["judge", "--verify", "visits"]).ends_with(0);
    let judged = shell.run(&["judge", "visits", "--format", "json"]);
    assert_eq!(judged.json()["targets"], scanned.json()["targets"]);
}

#[test]
fn the_demo_shows_both_shops_and_keeps_its_reports() {
    let shell = Shell::new();
    let ran = shell.run(&["demo"]).ends_with(0);
    let (leaky, compliant) = ran.stdout.split_once("\n2. ").expect("two shops");
    assert!(leaky.contains("exits with 1 (fail)"), "{leaky}");
    assert!(leaky.contains("twk_uuid_"), "{leaky}");
    assert!(compliant.contains("exits with 0 (pass)"), "{compliant}");
    let kept = entries(&shell.temporary());
    assert_eq!(
        kept.len(),
        1,
        "one folder is kept, and the output names it: {kept:?}"
    );
    assert!(compliant.contains(&kept[0]), "{compliant}");
    let folder = shell.temporary().join(&kept[0]);
    let mut files = entries(&folder);
    files.sort();
    assert_eq!(files, ["preconsent-demo.json", "preconsent-demo.md"]);
}

#[test]
fn the_doctor_finds_this_machine_ready() {
    let shell = Shell::new();
    let ran = shell.run(&["doctor"]).ends_with(0);
    for text in [
        "browser",
        "Chrome/",
        "third-party cookies",
        "visits a page  yes",
        "ready to scan",
    ] {
        assert!(ran.stdout.contains(text), "{text} is not in {ran:#?}");
    }
    assert_eq!(entries(&shell.temporary()), Vec::<String>::new());
}
