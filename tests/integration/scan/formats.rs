//! What pages put into names and values is harmless in every format, and values are kept back.

use serde_json::Value;

use super::sites;
use crate::support::command::Shell;

/// One file per format.
const FILES: [&str; 3] = ["report.json", "report.md", "report.txt"];

/// The arguments for one file per format, and a page.
fn every_format<'a>(page: &'a str, more: &[&'a str]) -> Vec<&'a str> {
    let outputs = FILES.into_iter().flat_map(|file| ["-o", file]);
    let args = outputs.chain(["--scenario", "none", page]);
    args.chain(more.iter().copied()).collect()
}

/// Whether a character steers a terminal, or hides or reorders text.
fn is_hostile(c: char) -> bool {
    let unseen = matches!(c,
        '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}' | '\u{feff}');
    (c.is_control() && c != '\n') || unseen
}

#[tokio::test(flavor = "multi_thread")]
async fn hostile_names_are_harmless_in_every_format() {
    let shell = Shell::new();
    let args = every_format("hostile-names.shop.test", &["--show-values"]);
    let ran = shell.scan(&sites().await, &args);
    let [json, markdown, table] = FILES.map(|file| shell.read(file));
    let texts = [&json, &markdown, &table, &ran.stdout, &ran.stderr];
    for text in texts {
        let hostile: Vec<char> = text.chars().filter(|c| is_hostile(*c)).collect();
        assert!(hostile.is_empty(), "{hostile:?}");
    }
    for shown in [&markdown, &table, &ran.stdout] {
        assert!(shown.contains("u{1b}"), "the name with colours is shown");
        assert!(shown.contains("u{202e}"), "the reversed name is shown");
    }
    for active in ["<script>", "<img ", "<svg", "![pixel]("] {
        assert!(!markdown.contains(active), "{active}");
    }
    assert_hostile_names_are_whole(&json);
}

/// The JSON report gives back what the page wrote.
fn assert_hostile_names_are_whole(json: &str) {
    let report: Value = serde_json::from_str(json).expect("JSON");
    let items = report["targets"][0]["items"].as_array().expect("items");
    for name in [
        "\u{1b}[31mred\u{1b}[0m",
        "rtl\u{202e}gpj.exe",
        "nul\0byte",
        "<script>alert(1)</script>",
        "",
    ] {
        let keys = items.iter().filter(|i| i["store"] == "local-storage");
        assert!(keys.into_iter().any(|i| i["name"] == name), "{name:?}");
    }
}

/// What `plain-cookies` puts into cookies and keys: by header, by pixel, by script.
const VALUES: [&str; 6] = [
    "a1f0c37be2d94685",
    "5d3c8e0af1b24796",
    "e7b1094cd2a8f365",
    "93c4d1e07af2b856",
    "71f4e8",
    "assam",
];

#[tokio::test(flavor = "multi_thread")]
async fn values_are_kept_back_unless_they_are_asked_for() {
    let site = sites().await;
    let page = "plain-cookies.shop.test";
    let shell = Shell::new();
    let ran = shell.scan(&site, &every_format(page, &["-vv"]));
    let files = FILES.map(|file| shell.read(file));
    for text in files.iter().chain([&ran.stdout, &ran.stderr]) {
        let shown: Vec<&&str> = VALUES.iter().filter(|v| text.contains(**v)).collect();
        assert!(shown.is_empty(), "{shown:?} in {text}");
    }
    let shell = Shell::new();
    shell.scan(&site, &every_format(page, &["--show-values"]));
    for file in FILES {
        let text = shell.read(file);
        let kept: Vec<&&str> = VALUES.iter().filter(|v| !text.contains(**v)).collect();
        assert!(kept.is_empty(), "{kept:?} not in {file}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_file_tells_what_standard_output_tells() {
    let shell = Shell::new();
    let args = every_format("leaky.shop.test", &["--format", "markdown"]);
    let ran = shell.scan(&sites().await, &args).ends_with(1);
    let [json, markdown, table] = FILES.map(|file| shell.read(file));
    assert_eq!(ran.stdout, markdown);
    let report: Value = serde_json::from_str(&json).expect("JSON");
    assert_eq!(report["schema"], "preconsent.report.v1");
    let items = report["targets"][0]["items"].as_array().expect("items");
    for name in items.iter().filter_map(|i| i["name"].as_str()) {
        // Markdown marks the underscore, which is bare in a code span or escaped in text.
        let plain = markdown.replace('\\', "");
        assert!(plain.contains(name) && table.contains(name), "{name}");
    }
    assert!(table.starts_with("FAIL"), "{table}");
}
