//! Items whose value decides what they are: a record of the choice, or something that needs consent.
//! An item is the record only if it was that all the time, in every visit.

use preconsent::model::item::Store;
use preconsent::model::observation::StorageOp;
use preconsent::model::report::Verdict;
use preconsent::model::role::Role;

use super::{OWN, TRACKER, item, judge, spoke, told};
use crate::support::visits::{ORIGIN, Story};

fn state(story: Story, at_ms: u64, value: &str) -> Story {
    story.set(at_ms, TRACKER, "state", value)
}

#[test]
fn a_record_is_exempt() {
    let accepted = |story| state(state(story, 300, "3::yes"), 400, "id7::3::yes");
    let report = judge([accepted(Story::none()), accepted(Story::accept())]);
    insta::assert_snapshot!(told(&report), @r"
    pass
    info confirmed accept-no-effect [accept after-reload] accepting changes nothing that was seen: the same is stored without it
    ");
    let state = item(&report, "state");
    assert!(state.exempt && state.role == Role::Essential, "{state:?}");
}

#[test]
fn the_same_name_with_an_id_needs_consent() {
    let report = judge([state(Story::none(), 300, "id7")]);
    insta::assert_snapshot!(told(&report), @r"
    fail
    - 1 confirmed error: pre-consent-storage (1)
    error confirmed pre-consent-storage [none before-choice] local storage key state (Tracker, performance) was stored before any choice
    ");
    assert!(!item(&report, "state").exempt);
}

#[test]
fn an_id_that_becomes_a_record_was_an_id_before_the_choice() {
    let report = judge([
        Story::none(),
        state(state(Story::accept(), 300, "id7"), 1_300, "id7::yes"),
    ]);
    insta::assert_snapshot!(told(&report), @r"
    fail
    - 1 confirmed error: pre-consent-storage (1)
    error confirmed pre-consent-storage [accept before-choice] local storage key state (Tracker, performance) was stored before any choice
    ");
}

#[test]
fn an_id_within_the_phase_is_not_hidden_by_the_record_at_its_end() {
    let report = judge([state(state(Story::none(), 300, "id7"), 301, "id7::yes")]);
    assert_eq!(spoke(&report), ["pre-consent-storage"]);
}

#[test]
fn a_record_in_one_visit_is_none_in_another() {
    for (one, other) in [("id7", "3::yes"), ("3::yes", "id7")] {
        let report = judge([
            state(Story::none(), 300, one),
            state(Story::accept(), 300, other),
        ]);
        let spoke = spoke(&report);
        assert_eq!(
            spoke,
            ["pre-consent-storage", "accept-no-effect"],
            "{one} {other}"
        );
        assert!(!item(&report, "state").exempt, "{one} {other}");
    }
}

#[test]
fn an_id_under_the_name_of_a_record_is_unknown() {
    let of = |value: &str| Story::none().script(300, OWN, &format!("answer={value}"));
    insta::assert_snapshot!(told(&judge([of("yes")])), @"pass");
    insta::assert_snapshot!(told(&judge([of("%79es")])), @"pass");
    let report = judge([of("id7")]);
    insta::assert_snapshot!(told(&report), @r"
    inconclusive
    - 1 item is not classified, so whether it needs consent is not known: answer; describe it in a catalogue (--rules)
    warn likely pre-consent-storage [none before-choice] cookie answer was stored before any choice, and no catalogue says what it is for
    warn likely undeclared-name [none before-choice] cookie answer is in no catalogue; answer is declared with another value
    ");
    let later = Story::accept().script(1_300, OWN, "answer=id7");
    let report = judge([of("yes"), later]);
    assert_eq!(report.verdict, Verdict::Inconclusive, "{}", told(&report));
}

#[test]
fn a_value_that_only_a_snapshot_shows_counts() {
    let mut visit = state(Story::none(), 300, "id7").build();
    visit.observations.clear();
    let report = super::Bench::default().judge(vec![visit]);
    assert_eq!(spoke(&report), ["pre-consent-storage"]);
}

#[test]
fn what_is_set_again_after_a_removal_counts_with_both_values() {
    let story = state(Story::none(), 300, "id7").store(
        310,
        ORIGIN,
        StorageOp::Remove,
        TRACKER,
        "state",
        "",
    );
    let report = judge([state(story, 320, "id7::yes")]);
    assert_eq!(spoke(&report), ["pre-consent-storage"]);
    assert_eq!(item(&report, "state").key.store, Store::LocalStorage);
}

#[test]
fn what_is_only_predicted_is_no_record() {
    let report = judge([Story::none().over_http("tracker", TRACKER, &[])]);
    let state = item(&report, "state");
    assert!(
        !state.exempt && state.role == Role::Performance,
        "{state:?}"
    );
    assert!(report.items.iter().all(|i| i.key.name != "answer"));
}
