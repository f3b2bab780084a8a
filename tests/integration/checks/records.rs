//! What a known platform's record says, against what the visitor did.

use preconsent::model::choice::{ChoiceState, Method};
use preconsent::model::scenario::ScenarioId;

use super::{OWN, TRACKER, covered, evidence, judge, said};
use crate::support::visits::Story;

const CHECK: &str = "consent-record-mismatch";

fn rejects(record: &str) -> Story {
    Story::reject()
        .choice(ChoiceState::Unproven)
        .platform("klaro", Method::Recipe)
        .script(1_150, OWN, &format!("klaro={record}; Max-Age=600"))
}

#[test]
fn a_record_that_accepts_what_was_rejected_is_a_mismatch() {
    let report = judge([rejects("{\"chat\":true,\"ads\":true}")]);
    assert_eq!(
        said(&report, CHECK),
        [
            "error confirmed [reject after-reload] the consent record klaro allows what the visitor \
             rejected"
        ]
    );
    insta::assert_snapshot!(evidence(&report, CHECK), @"record - klaro accepts at the end of after-reload: ‹24 chars, 3.6 bits/char, #b4a045b1› <->");
}

#[test]
fn a_button_that_was_chosen_by_its_text_makes_it_likely() {
    let story = rejects("{\"chat\":true}").platform("klaro", Method::Heuristic);
    let said = said(&judge([story]), CHECK);
    assert!(said[0].starts_with("error likely"), "{said:?}");
}

#[test]
fn a_record_that_agrees_waits_or_was_there_before_is_none() {
    let refused = rejects("{\"chat\":false}");
    let required = rejects("{\"session\":true,\"chat\":false}");
    let before = rejects("{\"chat\":true}").script(300, OWN, "klaro={\"chat\":true}; Max-Age=600");
    let waits = Story::reject()
        .choice(ChoiceState::Unproven)
        .platform("tarteaucitron", Method::Recipe)
        .script(1_150, OWN, "tarteaucitron=!chat=wait; Max-Age=600");
    for story in [refused, required, before, waits] {
        assert_eq!(said(&judge([story]), CHECK), [""; 0]);
    }
}

#[test]
fn names_of_records_prove_nothing_without_the_platform() {
    let report = judge([Story::reject().script(1_150, OWN, "klaro={\"chat\":true}")]);
    assert_eq!(said(&report, CHECK), [""; 0]);
    assert_eq!(
        covered(&report, CHECK, ScenarioId::Reject),
        "not-applicable: the page shows no consent platform whose record is known"
    );
}

#[test]
fn scrolling_is_no_consent() {
    // Who chooses nothing looks for no banner, so that no platform is known.
    let record = |at| Story::none().script(at, OWN, "klaro={\"chat\":true}; Max-Age=600");
    assert_eq!(
        said(&judge([record(1_400)]), "inaction-as-consent"),
        [
            "error confirmed [none after-scroll] the consent record klaro accepts, although the visitor \
             pressed nothing"
        ]
    );
    assert_eq!(
        said(&judge([record(300)]), "inaction-as-consent"),
        [""; 0],
        "preset"
    );
}

#[test]
fn two_items_that_come_with_scrolling_are_likely_that() {
    let late = |names: &[&str], at| {
        let story = names.iter().fold(Story::none(), |story, name| {
            story.script(at, TRACKER, &format!("{name}=1"))
        });
        said(&judge([story]), "inaction-as-consent")
    };
    assert_eq!(
        late(&["trk_id", "trk_session"], 1_400),
        [
            "warn likely [none after-scroll] 2 items that need consent came without one after scrolling: \
             trk_id, trk_session"
        ]
    );
    assert_eq!(late(&["trk_id"], 1_400), [""; 0], "one is not enough");
    assert_eq!(late(&["trk_id", "trk_session"], 300), [""; 0], "at once");
}

#[test]
fn a_banner_that_asks_again_although_the_refusal_is_stored_comes_too_soon() {
    let asks = |record: &str| {
        let story = rejects(record).because(preconsent::model::choice::ASKS_AGAIN);
        said(&judge([story]), "re-prompt-too-soon")
    };
    assert_eq!(
        asks("{\"chat\":false}"),
        [
            "warn confirmed [reject after-reload] the banner asks again, although the record klaro \
             refuses"
        ]
    );
    assert_eq!(asks("{\"chat\":true}"), [""; 0], "it does not refuse");
    let quiet = said(&judge([rejects("{\"chat\":false}")]), "re-prompt-too-soon");
    assert_eq!(quiet, [""; 0]);
}
