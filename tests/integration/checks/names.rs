//! `undeclared-name` and `deprecated-name-seen`.

use preconsent::catalogue::builtin;
use preconsent::model::report::Verdict;

use super::{Bench, OWN, TRACKER, evidence, judge, spoke, told};
use crate::support::visits::Story;

const TOKEN: &str = "trk_token_64f0c0ffee64f0c0ffee64f0";

#[test]
fn the_nearest_name_is_told() {
    let report =
        judge([Story::accept().set(1_400, TRACKER, "trak_token_64f0c0ffee64f0c0ffee64f0", "t")]);
    insta::assert_snapshot!(told(&report), @r"
    pass
    warn likely undeclared-name [accept after-choice] local storage key trak_token_64f0c0ffee64f0c0ffee64f0 is in no catalogue; the nearest name is trk_token_{property_id:hex24}
    ");
    insta::assert_snapshot!(evidence(&report, "undeclared-name"), @r"
    write 1400 trak_token_64f0c0ffee64f0c0ffee64f0=‹1 char, 0.0 bits/char› <https://cdn.tracker.test/t.js:3:14>
    present 2000 stored at the end of after-choice: trak_token_64f0c0ffee64f0c0ffee64f0=‹1 char, 0.0 bits/char› <->
    catalogue - Tracker: nearest entry trk_token_{property_id:hex24} <tracker.yaml:40>
    ");
}

#[test]
fn names_and_their_documented_aliases_are_declared() {
    let report = judge([Story::accept().set(1_400, TRACKER, TOKEN, "t").set(
        1_400,
        TRACKER,
        "track_tok_64f0c0ffee64f0c0ffee64f0",
        "t",
    )]);
    // The name that is really used is in no table of the vendor's.
    assert_eq!(spoke(&report), ["documented-otherwise"]);
}

#[test]
fn a_known_name_in_another_store_is_undeclared() {
    let report = judge([Story::accept().script(1_400, TRACKER, &format!("{TOKEN}=t"))]);
    insta::assert_snapshot!(told(&report), @r"
    pass
    warn confirmed undeclared-kind [accept after-choice] cookie trk_token_64f0c0ffee64f0c0ffee64f0 is declared by Tracker as a local storage key
    ");
}

#[test]
fn what_a_complete_catalogue_does_not_know_is_an_error() {
    let script = "https://cdn.whole.test/w.js";
    let report = judge([Story::accept()
        .script(1_400, script, "whole_lang=en")
        .script(1_400, script, "extra=1")]);
    insta::assert_snapshot!(told(&report), @r"
    fail
    - 1 confirmed error: undeclared-name (1)
    error confirmed undeclared-name [accept after-choice] cookie extra is not in the complete catalogue of Whole, which wrote it
    ");
}

#[test]
fn other_writers_of_unknown_items_are_warned_of() {
    let report = judge([Story::accept().script(1_400, OWN, "extra=1")]);
    insta::assert_snapshot!(told(&report), @r"
    pass
    warn likely undeclared-name [accept after-choice] cookie extra is in no catalogue
    ");
}

#[test]
fn an_old_name_is_told() {
    let report = judge([Story::accept().script(1_400, TRACKER, "trk_old=1")]);
    assert_eq!(report.verdict, Verdict::Pass);
    insta::assert_snapshot!(told(&report), @r"
    pass
    warn confirmed deprecated-name-seen [accept after-choice] cookie trk_old (Tracker, performance) has a name that the vendor no longer uses (since 2022-09)
    ");
}

#[test]
fn current_names_and_refused_writes_of_old_ones_are_not_old() {
    let report = judge([Story::accept()
        .script(1_400, TRACKER, "trk_session=1")
        .refused(1_400, "https://shop.test/", "trk_old=1", "UserPreferences")]);
    assert_eq!(spoke(&report), [""; 0]);
}

#[test]
fn a_wrong_prefix_is_recognised_as_such() {
    let bench = Bench {
        catalogue: builtin::catalogue(),
        ..Bench::default()
    };
    let id = "64f0c0ffee64f0c0ffee64f0";
    let report = bench.judge(vec![
        Story::accept()
            .script(1_400, OWN, &format!("tawk_uuid_{id}=1"))
            .set(1_400, OWN, &format!("tawk_token_{id}"), "1")
            .set(1_400, OWN, "twk_brandnew", "1")
            .build(),
    ]);
    insta::assert_snapshot!(told(&report), @r"
    pass
    warn likely undeclared-name [accept after-choice] local storage key tawk_token_64f0c0ffee64f0c0ffee64f0 is in no catalogue; the nearest name is twk_token_{property_id:hex24}
    warn likely undeclared-name [accept after-choice] local storage key twk_brandnew has a name of tawk.to's, but none of those known
    ");
}
