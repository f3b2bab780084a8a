//! Tests of reading consent scripts, and of what their records say.

#![expect(clippy::expect_used, reason = "a test that cannot go on must fail")]

use insta::assert_snapshot;

use super::*;

const SHOP: &str = r##"
name: corner shop
before:
  - type: "#user"
    text: anna
  - type: "#password"
    text-from: SHOP_PASSWORD
  - press: Enter
  - wait-for: ".account"
    within: 20
reject:
  - click: "#choose"
  - click: "#none"
    frame: "iframe.ask"
    shadow: "shop-notice"
record:
  store: cookie
  name: shop-choice
  accept: "a:1;*"
  reject: "a:0"
seed:
  accept: ["shop-choice=a:1", "local:asked=yes"]
"##;

fn load(text: &str) -> Result<Script, String> {
    let secret = |name: &str| (name == "SHOP_PASSWORD").then(|| "s3cret".to_owned());
    let variables = Variables {
        value: &secret,
        allow_eval: false,
    };
    read("shop.yaml", text, &variables).map_err(|e| e.to_string())
}

fn error(text: &str) -> String {
    load(text).expect_err("a bad script")
}

/// One step under `reject`, written on lines of its own.
fn step(lines: &str) -> String {
    error(&format!("name: a\nreject:\n  - {lines}\n"))
}

#[test]
fn a_whole_script_is_read() {
    let script = load(SHOP).expect("a good script");
    assert_eq!(script.name, "corner shop");
    assert_eq!(script.before.len(), 4);
    assert_eq!(script.before[3].within, Duration::from_secs(20));
    assert_eq!(script.before[2].action, Action::Press(Key::Enter, None));
    let password = Typed("s3cret".to_owned());
    assert!(matches!(&script.before[1].action, Action::Type(_, typed) if *typed == password));
    let steps = script.steps(Choice::Reject).expect("steps");
    let Action::Click(last) = &steps[1].action else {
        panic!("a click");
    };
    assert_eq!(last.frame.as_deref(), Some("iframe.ask"));
    assert_eq!(last.shadow.as_deref(), Some("shop-notice"));
    assert_eq!(steps[1].place.to_string(), "shop.yaml:13");
    assert_eq!(script.sign().map(|s| s.selector.as_str()), Some("#choose"));
    assert!(script.steps(Choice::Accept).is_none());
    let seeds: Vec<String> = script.seeds.iter().map(ToString::to_string).collect();
    assert_eq!(
        seeds,
        [
            "accept: cookie shop-choice",
            "accept: local-storage key asked"
        ]
    );
}

#[test]
fn what_is_typed_is_in_no_debug_form() {
    let script = load(SHOP).expect("a good script");
    assert!(!format!("{script:?}").contains("s3cret"));
}

#[test]
fn mistakes_are_shown_with_their_place_and_what_to_do() {
    assert_snapshot!(step("clik: \"#a\""), @r##"
    unknown key "clik"
     --> shop.yaml:3:5
      |
    3 |   - clik: "#a"
      |     ^^^^
      |
      = help: did you mean "click"?
    "##);
    assert_snapshot!(step("click: \"#a[\""), @r##"
    "#a[" is no CSS selector
     --> shop.yaml:3:12
      |
    3 |   - click: "#a["
      |            ^^^^^ a CSS selector
      |
      = help: quote selectors; in YAML, # starts a comment and [ a list
    "##);
    assert_snapshot!(step("eval: \"accept()\""), @r#"
    this step evaluates code in the page, which is off
     --> shop.yaml:3:11
      |
    3 |   - eval: "accept()"
      |           ^^^^^^^^^^
      |
      = help: add --allow-eval if you trust this file
    "#);
}

#[test]
fn a_step_does_one_thing_with_what_belongs_to_it() {
    for (lines, part) in [
        ("within: 3", "a step does one thing"),
        ("{ click: a, press: Enter }", "a step does one thing"),
        ("{ click: a, text: b }", "\"text\" means nothing here"),
        ("{ click: a, focus: b }", "\"focus\" means nothing here"),
        ("{ press: Enter, frame: b }", "\"frame\" means nothing here"),
        ("{ type: a }", "what to type is missing"),
        ("{ type: a, text: b, text-from: C }", "or there twice"),
        ("{ type: a, text-from: NOT_SET }", "NOT_SET is not set"),
        ("{ press: Return }", "unknown press \"Return\""),
        ("{ click: a, within: 61 }", "seconds from 1 to 60"),
    ] {
        let message = step(lines);
        assert!(message.contains(part), "{lines}: {message}");
        assert!(message.contains("shop.yaml:3:"), "{lines}: {message}");
    }
}

#[test]
fn a_script_that_says_nothing_or_two_things_is_refused() {
    for (text, part) in [
        ("name: a\n", "the script does nothing"),
        ("name: \"\"\n", "cannot be shown as a name"),
        ("name: a\nreject: []\n", "there are 0 steps"),
        (
            "name: a\nreject: [{click: a}]\nseed: {reject: [a=b]}\n",
            "both steps and a seed",
        ),
        ("name: a\nseed: {reject: [ab]}\n", "is no consent record"),
        (
            "name: a\nseed: {reject: [a=b]}\nrecord: {store: indexed-db, name: a}\n",
            "no record is read from indexed-db",
        ),
        (
            "name: a\nseed: {reject: [a=b]}\nrecord: {store: cookie, name: a, accept: x, reject: x}\n",
            "tells no choice from another",
        ),
    ] {
        let message = error(text);
        assert!(message.contains(part), "{text}: {message}");
    }
}

#[test]
fn a_record_is_held_against_its_values() {
    let script = load(SHOP).expect("a good script");
    let record = script.record.expect("a record");
    let said = |asked, was: Option<&str>, is: Option<&str>| match record.agrees(asked, was, is) {
        Some(Agreement::Yes(_)) => 'y',
        Some(Agreement::No(_)) => 'n',
        Some(Agreement::Unclear(_)) => '?',
        None => '-',
    };
    assert_eq!(said(Choice::Accept, None, Some("a:1;b:2")), 'y');
    assert_eq!(said(Choice::Accept, None, Some("a%3A1%3Bb%3A2")), 'y');
    assert_eq!(said(Choice::Accept, None, Some("a:0")), 'n');
    assert_eq!(said(Choice::Accept, None, None), 'n');
    assert_eq!(said(Choice::Reject, None, Some("a:0")), 'y');
    assert_eq!(said(Choice::Reject, Some("a:0"), Some("a:0")), '?');
    assert_eq!(said(Choice::Withdraw, Some("a:0"), Some("a:0")), 'y');
    assert_eq!(said(Choice::None, None, Some("a:0")), '-');
}

#[test]
fn a_star_stands_for_anything() {
    for (pattern, value, fits) in [
        ("yes", "yes", true),
        ("yes", "yes!", false),
        ("a*b", "ab", true),
        ("a*b", "a-x-b", true),
        ("a*a", "a", false),
        ("*b*", "abc", true),
        ("*b*c", "acb", false),
    ] {
        assert_eq!(super::fits(pattern, value), fits, "{pattern} {value}");
    }
}
