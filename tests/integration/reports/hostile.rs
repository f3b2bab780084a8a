//! Whatever a web site puts into names, addresses and values, no format passes it on as anything
//! but text.

use preconsent::report::Format;
use proptest::prelude::*;
use serde_json::Value;
use unicode_width::UnicodeWidthStr;

use super::{styled, text};
use crate::support::sample;

/// Names as a hostile site would choose them.
const NASTY: [&str; 12] = [
    "\u{1b}[2J\u{1b}]0;owned\u{7}",
    "a\u{202e}b\u{2066}c\u{200f}\u{61c}",
    "a\u{200b}\u{feff}\u{2060}b\u{2028}c\u{2029}\u{85}",
    "a\r\n\n# heading\n| a | b |\n\t\u{7f}\u{9b}31m",
    "<script>alert(1)</script><img src=x onerror=alert(1)>",
    "</details><!-- -->&lt;&#124;",
    "[a](javascript:alert(1)) ![b](http://evil.test/p.gif) <http://evil.test>",
    "http://evil.test www.evil.test a@evil.test @someone #1 GH-1",
    "**a** __b__ ~~c~~ `d` ``e`` \\` \\| | a\\|b || `|`",
    "- [ ] a",
    "\u{e0041}\u{e0042}\u{3164}\u{115f}",
    "",
];

/// What no report may hold raw: controls besides the newline, direction marks, and what shows
/// nothing. Written out here, so that it does not depend on what the report thinks is harmful.
fn harmful(c: char) -> bool {
    matches!(c,
        '\0'..='\u{9}' | '\u{b}'..='\u{1f}' | '\u{7f}'..='\u{9f}' | '\u{ad}' | '\u{61c}'
        | '\u{115f}' | '\u{3164}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{e0000}'..='\u{e007f}')
}

/// Texts with more than their share of what is dangerous somewhere.
fn texts() -> impl Strategy<Value = String> {
    prop_oneof![
        any::<String>(),
        proptest::sample::select(NASTY.to_vec()).prop_map(str::to_owned),
        "[|`\\\\<>\\[\\]()*_~#@&!:;.,'\" \\n\\r\\t\u{1b}\u{202e}\u{200b}\u{301}a1é漢-]{0,40}",
        "(https?://|www\\.|mailto:)[a-z|`<>.@]{1,20}",
    ]
}

/// What is left of a line of Markdown after its code spans are taken out.
fn outside_of_code(line: &str) -> String {
    line.split('`').step_by(2).collect()
}

fn check_markdown(markdown: &str) {
    for line in markdown.lines() {
        assert_eq!(
            line.matches('`').count() % 2,
            0,
            "a code span is open: {line}"
        );
    }
    let www = regex::Regex::new(r"(?i)www\.\w").expect("a constant");
    let mut columns = None;
    for line in markdown.lines() {
        let pipes = line.starts_with('|').then(|| line.matches('|').count());
        if let (Some(before), Some(now)) = (columns, pipes) {
            assert_eq!(before, now, "another number of columns: {line}");
        }
        columns = pipes;
        let plain = outside_of_code(line);
        let links = ["://", "@", "#1", "](", "![", "&"];
        let own = [
            "<details>",
            "</details>",
            "<summary>Evidence</summary>",
            "<summary>Which check could judge which visit</summary>",
        ];
        assert!(
            !links.iter().any(|l| plain.contains(l)) && !www.is_match(&plain),
            "a link or mention: {line}"
        );
        assert!(own.contains(&line) || !plain.contains('<'), "HTML: {line}");
        let own_heading = line.starts_with("# Consent report: ")
            || line.starts_with("## Fail: ")
            || line.starts_with("### ");
        assert!(
            own_heading || !plain.trim_start().starts_with('#'),
            "a heading: {line}"
        );
    }
}

fn check(hostile: &str) {
    let report = sample::hostile(hostile);
    for format in Format::ALL {
        let shown = text(&report, format);
        let found = shown.chars().find(|c| harmful(*c));
        assert_eq!(found, None, "{format}: {}", shown.escape_debug());
        assert!(
            shown.ends_with('\n'),
            "{format} does not end with a newline"
        );
    }
    for width in [40, 80, 150] {
        for line in styled(&report, Format::Table, width, false).lines() {
            assert!(line.width() <= width, "{width}: {line}");
        }
    }
    // Its own address may become a link; that is tested where links are made.
    if !hostile.starts_with("http") {
        check_markdown(&text(&report, Format::Markdown));
    }
    let json: Value = serde_json::from_str(&text(&report, Format::Json)).expect("JSON");
    let item = &json["targets"][0]["items"][0];
    assert_eq!(item["name"], hostile, "JSON gives back the original");
    assert_eq!(item["first_writer"]["stack_top"]["function"], hostile);
}

#[test]
fn nasty_names_are_harmless_everywhere() {
    for hostile in NASTY {
        check(hostile);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]
    #[test]
    fn any_text_is_harmless_everywhere(hostile in texts()) {
        check(&hostile);
    }
}

#[test]
fn the_hostile_sample_leaves_no_text_out() {
    let report = serde_json::to_value(sample::hostile("HOSTILE")).expect("JSON");
    let plain = serde_json::to_value(sample::hostile("OTHER")).expect("JSON");
    let mut words = Vec::new();
    same_texts(&report, &plain, &mut words);
    words.sort_unstable();
    words.dedup();
    // Words of enumerations only; a new field of text must be hostile too.
    assert_eq!(
        words,
        [
            "before-choice",
            "cookie",
            "error",
            "fail",
            "health",
            "heuristic",
            "inconclusive",
            "judgement",
            "likely",
            "load-failed",
            "local-storage",
            "none",
            "observed",
            "predicted",
            "proven",
            "real",
            "redirect",
            "refused",
            "reject",
            "script",
            "sha256",
            "tag",
            "third",
            "unclassified",
            "url",
        ]
    );
}

/// Collects the texts that are the same in both.
fn same_texts<'a>(a: &'a Value, b: &Value, same: &mut Vec<&'a str>) {
    match (a, b) {
        (Value::String(x), Value::String(y)) if x == y => same.push(x),
        (Value::Array(xs), Value::Array(ys)) => {
            xs.iter().zip(ys).for_each(|(x, y)| same_texts(x, y, same));
        }
        (Value::Object(xs), Value::Object(ys)) => {
            xs.values()
                .zip(ys.values())
                .for_each(|(x, y)| same_texts(x, y, same));
        }
        _ => {}
    }
}

#[test]
fn long_names_are_cut_for_people_and_whole_for_programs() {
    let long = "n".repeat(5000);
    let report = sample::hostile(&long);
    for format in [Format::Table, Format::Markdown] {
        let shown = text(&report, format);
        assert!(shown.contains("nnn…"), "{format}");
        assert!(!shown.contains(&"n".repeat(401)), "{format}");
    }
    assert!(text(&report, Format::Json).contains(&long));
}
