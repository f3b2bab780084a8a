//! What is said of profile files that cannot be used.

#![expect(clippy::expect_used, reason = "a test that cannot go on must fail")]

use super::*;

const EU: &str = include_str!("../../../rules/profiles/eu.yaml");

/// What is said of the EU's profile with `old` replaced by `new`.
fn refused(old: &str, new: &str) -> String {
    assert!(EU.contains(old), "the profile has no {old}");
    let file = RuleFile {
        id: "mine".to_owned(),
        file: "mine.yaml".to_owned(),
        text: EU.replacen(old, new, 1),
    };
    let error = profile(&file, None).expect_err("a bad profile");
    assert!(error.line > 0, "{error}");
    error.to_string()
}

#[test]
fn misspelt_words_suggest_the_right_ones() {
    for (old, new, help) in [
        ("  cart:", "  carts:", "did you mean \"cart\"?"),
        ("[essential]", "[esential]", "did you mean \"essential\"?"),
        (
            "inconclusive",
            "inconclusiv",
            "did you mean \"inconclusive\"?",
        ),
        (
            "[planet49, research]",
            "[planet_49]",
            "did you mean \"planet49\"?",
        ),
        (
            "error_ratio:",
            "error-ratio:",
            "did you mean \"error_ratio\"?",
        ),
    ] {
        let message = refused(old, new);
        assert!(message.contains(help), "{message}");
    }
}

#[test]
fn every_parameter_needs_a_source_and_a_possible_value() {
    for (old, new, part) in [
        ("source: [epd, wp29]", "source: []", "has no source"),
        (", source: [epd, wp29] }", " }", "\"source\" is missing"),
        ("value: 1.5", "value: 0.5", "a ratio of one or more"),
        ("value: 1.5", "value: .nan", "a ratio of one or more"),
        ("value: 1,", "value: -1,", "wrong kind"),
        ("value: 1,", "value: 9999,", "at most 3660 days"),
    ] {
        let message = refused(old, new);
        assert!(message.contains(part), "{part}: {message}");
    }
}
#[test]
fn limits_must_be_lifetimes_of_kinds_that_there_are() {
    for (old, new, part) in [
        ("{ value: session", "{ value: until-cleared", "is no limit"),
        ("{ value: session", "{ value: soon", "is no lifetime"),
        (
            "    media-session:",
            "    medias-session:",
            "did you mean \"media-session\"?",
        ),
    ] {
        let message = refused(old, new);
        assert!(message.contains(part), "{part}: {message}");
    }
}

#[test]
fn what_no_other_profile_says_must_be_said() {
    let message = refused("unclassified:", "# unclassified:");
    assert!(message.contains("\"unclassified\" is missing"), "{message}");
    assert!(message.contains("extends: eu"), "{message}");
}
