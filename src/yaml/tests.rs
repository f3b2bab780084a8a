//! Tests of reading YAML: what each kind of error looks like, and that no text makes it panic.

#![expect(clippy::expect_used, reason = "a test that cannot go on must fail")]

use insta::assert_snapshot;
use proptest::prelude::*;
use serde::Deserialize;

use super::*;
use crate::model::role::Role;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Sample {
    name: Spanned<String>,
    role: Option<Role>,
    refresh: Option<bool>,
    #[serde(default)]
    examples: Vec<Spanned<String>>,
    many: Option<Vec<Vec<Vec<String>>>>,
}

fn fail(text: &str) -> String {
    read::<Sample>("rules/x.yaml", text)
        .expect_err("a bad text")
        .to_string()
}

#[test]
fn a_misspelt_value_suggests_the_right_one() {
    assert_snapshot!(fail("name: a\nrole: esential # ours\n"), @r#"
    unknown role "esential"
     --> rules/x.yaml:2:7
      |
    2 | role: esential # ours
      |       ^^^^^^^^ expected one of essential, functionality, performance, marketing, unclassified
      |
      = help: did you mean "essential"?
    "#);
}

#[test]
fn a_misspelt_key_suggests_the_right_one() {
    assert_snapshot!(fail("name: a\nexample: [a]\n"), @r#"
    unknown key "example"
     --> rules/x.yaml:2:1
      |
    2 | example: [a]
      | ^^^^^^^ expected one of name, role, refresh, examples, many
      |
      = help: did you mean "examples"?
    "#);
}

#[test]
fn a_missing_key_is_named() {
    assert_snapshot!(fail("role: marketing\n"), @r#"
    the key "name" is missing
     --> rules/x.yaml:1:1
      |
    1 | role: marketing
      | ^^^^ needs "name"
    "#);
}

#[test]
fn a_repeated_key_is_an_error() {
    assert_snapshot!(fail("name: a\nrefresh: true\nname: b\n"), @r#"
    the same key stands here twice
     --> rules/x.yaml:3:1
      |
    3 | name: b
      | ^^^^ "name" was already given above
    "#);
}

#[test]
fn a_lax_boolean_is_an_error() {
    assert_snapshot!(fail("name: a\nrefresh: yes\n"), @r"
    a value of the wrong kind stands here
     --> rules/x.yaml:2:10
      |
    2 | refresh: yes
      |          ^^^ expected true or false
    ");
}

#[test]
fn a_wrong_type_is_an_error() {
    assert_snapshot!(fail("name: a\nexamples: twk\n"), @r"
    a value of the wrong kind stands here
     --> rules/x.yaml:2:11
      |
    2 | examples: twk
      |           ^^^ expected a list, such as [a, b]
    ");
    assert_snapshot!(fail("name: [a]\n"), @r"
    a value of the wrong kind stands here
     --> rules/x.yaml:1:7
      |
    1 | name: [a]
      |       ^^ expected a text
    ");
    assert_snapshot!(fail("name:\n"), @r#"
    a value is missing here
     --> rules/x.yaml:1:5
      |
    1 | name:
      |     ^ expected a text; quote it if "null" or "~" is meant
    "#);
    assert_snapshot!(fail("- a\n"), @r"
    a value of the wrong kind stands here
     --> rules/x.yaml:1:1
      |
    1 | - a
      | ^ expected keys with values, such as { key: value }
    ");
}

#[test]
fn broken_syntax_looks_the_same() {
    assert_snapshot!(fail("name: \"a\nrole: marketing\n"), @r#"
    unclosed quote
     --> rules/x.yaml:1:7
      |
    1 | name: "a
      |       ^^
    "#);
    assert_snapshot!(fail("name: a\n\trole: marketing\n"), @r"
    while scanning a plain scalar, found a tab
     --> rules/x.yaml:1:7
      |
    1 | name: a
      |       ^
    ");
    assert_snapshot!(fail("name: a\n---\nname: b\n"), @r"
    a second document begins here
     --> rules/x.yaml:3:1
      |
    3 | name: b
      | ^^^^ one document per file
    ");
    assert_snapshot!(fail(""), @r"
    the file is empty or ends too early
     --> rules/x.yaml:1:1
      |
    1 |
      | ^
    ");
}

#[test]
fn merge_keys_and_tags_are_errors() {
    assert_snapshot!(fail("<<: {name: a}\n"), @r"
    merge keys are not supported
     --> rules/x.yaml:1:1
      |
    1 | <<: {name: a}
      | ^^
      |
      = help: write the keys out
    ");
    assert_snapshot!(fail("name: !env a\n"), @r#"
    the tag "!env" is not supported
     --> rules/x.yaml:1:12
      |
    1 | name: !env a
      |            ^
      |
      = help: leave it out
    "#);
}

#[test]
fn aliases_are_bounded() {
    let ones = format!("[{}]", ["x"; 100].join(", "));
    let bomb = format!(
        "name: a\nmany:\n  - &a [&b {ones}, {}]\n  - {}\n",
        ["*b"; 9].join(", "),
        format_args!("[{}]", ["*b"; 95].join(", ")),
    );
    assert_snapshot!(fail(&bomb).lines().next().unwrap_or_default(), @"the file is too large or too deep, or repeats itself too often");
}

#[test]
fn a_long_text_is_refused_before_it_is_read() {
    let long = format!("name: a\n#{}\n", "x".repeat(MAX_BYTES));
    assert_snapshot!(fail(&long), @r"
    the file is too long
    --> rules/x.yaml
     = help: a rules file may have 1048576 bytes, this one has 1048586
    ");
}

#[test]
fn errors_of_meaning_point_at_the_value() {
    let text = "\u{feff}name: é\nexamples:\n  - ok\n  - { } \n";
    let source = Source::new("rules/x.yaml", text.trim_end_matches("  - { } \n"));
    let sample: Sample = source.read().expect("a good text");
    let problem = Problem::new("\"ok\" does not match the name")
        .expected("a name that it matches")
        .help("examples are names of items");
    let error = source.error(&sample.examples[0], &problem);
    assert_eq!((error.line, error.column), (3, 5));
    assert_snapshot!(error, @r#"
    "ok" does not match the name
     --> rules/x.yaml:3:5
      |
    3 |   - ok
      |     ^^ a name that it matches
      |
      = help: examples are names of items
    "#);
    assert_eq!(
        source.place(&sample.name).to_string(),
        "rules/x.yaml:1",
        "the byte order mark does not count"
    );
    assert_eq!((sample.role, sample.refresh), (None, None));
    assert!(sample.many.is_none());
}

#[test]
fn control_and_direction_characters_are_shown_as_symbols() {
    let text = "role: \"\\e[31m\u{202e}x\u{7f}\"\n# \u{1b}[2J\n";
    let shown = fail(&text.replace('#', "role: a #"));
    assert!(
        !shown
            .chars()
            .any(|c| (c.is_control() && c != '\n') || c == '\u{202e}'),
        "{shown:?}"
    );
    let file = read::<Sample>("\u{1b}[2Jx\n.yaml", "a").expect_err("a bad text");
    assert!(!file.to_string().contains('\u{1b}'), "{file}");
}

proptest! {
    #[test]
    fn no_text_makes_it_panic(text in "\\PC{0,40}|[-a: \n\r\t\"'{}\\[\\]&*!|>#é😀\u{feff}\u{0}]{0,60}") {
        if let Err(e) = read::<Sample>("x.yaml", &text) {
            prop_assert!(!e.text.is_empty());
        }
    }
}
