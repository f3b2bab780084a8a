//! What a catalogue declares against what is stored: kind, host, presence, role, documentation.

use preconsent::model::scenario::ScenarioId;

use super::{OWN, TRACKER, covered, judge, said};
use crate::support::visits::Story;

const WHOLE: &str = "https://cdn.whole.test/w.js";

#[test]
fn a_name_in_another_store_than_declared_is_told_once() {
    let report = judge([Story::accept().set(1_400, TRACKER, "trk_long", "7")]);
    assert_eq!(
        said(&report, "undeclared-kind"),
        [
            "warn confirmed [accept after-choice] local storage key trk_long is declared by Tracker as \
             a cookie"
        ]
    );
    assert_eq!(said(&report, "undeclared-name"), [""; 0]);
    let right = judge([Story::accept().script(1_400, TRACKER, "trk_long=7")]);
    assert_eq!(said(&right, "undeclared-kind"), [""; 0]);
}

#[test]
fn a_name_for_another_host_than_declared_is_told_once() {
    let report = judge([Story::accept().script(1_400, TRACKER, "trk_home=7")]);
    assert_eq!(
        said(&report, "undeclared-host"),
        [
            "warn confirmed [accept after-choice] cookie trk_home belongs to shop.test, but Tracker \
             declares it for *.tracker.test"
        ]
    );
    assert_eq!(said(&report, "undeclared-name"), [""; 0]);
    let home = Story::accept().header(
        1_400,
        "https://pixel.tracker.test/p",
        "trk_home=7; SameSite=None; Secure",
    );
    assert_eq!(said(&judge([home]), "undeclared-host"), [""; 0]);
}

#[test]
fn short_names_are_not_likened() {
    let report = judge([Story::accept().set(1_400, OWN, "oid", "7")]);
    assert_eq!(said(&report, "undeclared-kind"), [""; 0]);
    assert_eq!(said(&report, "undeclared-name").len(), 1);
}

#[test]
fn a_complete_declaration_is_held_against_what_was_seen() {
    let report = judge([Story::accept().script(1_400, WHOLE, "other=1")]);
    assert_eq!(
        said(&report, "declared-not-seen"),
        ["info confirmed [- -] Whole declares what no visit showed: whole_lang"]
    );
    let seen = judge([Story::accept().script(1_400, WHOLE, "whole_lang=en")]);
    assert_eq!(said(&seen, "declared-not-seen"), [""; 0]);
    // The other catalogue does not claim to be complete, and this one is not on the page.
    let absent = judge([Story::accept().script(1_400, TRACKER, "trk_long=1")]);
    assert_eq!(said(&absent, "declared-not-seen"), [""; 0]);
    assert_eq!(
        covered(&absent, "declared-not-seen", ScenarioId::Accept),
        "not-applicable: no provider of a complete catalogue of yours was found"
    );
}

#[test]
fn a_role_more_harmless_than_others_say_is_told() {
    let says = |name: &str| {
        let line = format!("{name}=1");
        said(
            &judge([Story::accept().script(1_400, TRACKER, &line)]),
            "role-mismatch",
        )
    };
    assert_eq!(
        says("trk_claimed"),
        [
            "error confirmed [accept after-choice] cookie trk_claimed is declared essential, but known \
             as marketing"
        ]
    );
    assert_eq!(
        says("_gid"),
        [
            "warn confirmed [accept after-choice] cookie _gid is declared essential, but known as performance"
        ]
    );
    // A role that asks for more than the vendor's word is no fault, nor is one nobody else knows.
    assert_eq!(says("trk_id"), [""; 0]);
    assert_eq!(says("login"), [""; 0]);
}

#[test]
fn names_and_lifetimes_that_the_vendor_documents_otherwise_are_told() {
    let report = judge([Story::accept().set(1_400, TRACKER, "trk_real", "7")]);
    assert_eq!(
        said(&report, "documented-otherwise"),
        [
            "info confirmed [accept after-choice] local storage key trk_real (Tracker, performance) is \
             documented as track_name and is documented as removed after use, but stays"
        ]
    );
    let documented = "track_tok_64f0c0ffee64f0c0ffee64f0";
    let report = judge([Story::accept().set(1_400, TRACKER, documented, "7")]);
    assert_eq!(said(&report, "documented-otherwise"), [""; 0]);
}
