//! What is left, written or restored once the visitor refused or took the consent back.

use preconsent::model::choice::{ChoiceState, Method};
use preconsent::model::scenario::ScenarioId;

use super::{OWN, TRACKER, covered, judge, said, spoke};
use crate::support::visits::Story;

/// After the consent was given.
const GRANTED: u64 = 1_400;
/// After it was taken back, on the same page.
const BACK: u64 = 3_400;
/// After the page was loaded once more.
const RELOADED: u64 = 4_400;
/// A value that recognises a visitor.
const ID: &str = "64f0c0ffee64f0a1";

#[test]
fn what_was_there_before_the_rejection_and_stays_is_a_leftover() {
    let report = judge([Story::reject().set(300, TRACKER, "state", "id7")]);
    assert_eq!(
        said(&report, "reject-leftover"),
        [
            "warn confirmed [reject after-reload] local storage key state (Tracker, performance) was \
             stored before the choice and is still there after the visitor had rejected"
        ]
    );
}

#[test]
fn no_leftover_is_what_is_deleted_exempt_or_not_known_to_be_refused() {
    let deleted = Story::reject()
        .set(300, TRACKER, "state", "id7")
        .remove(1_300, TRACKER, "state");
    let exempt = Story::reject().script(300, OWN, "balancer=1");
    let unproven = Story::reject()
        .choice(ChoiceState::Unproven)
        .set(300, TRACKER, "state", "id7");
    for story in [deleted, exempt, unproven] {
        assert_eq!(said(&judge([story]), "reject-leftover"), [""; 0]);
    }
}

#[test]
fn what_came_with_the_consent_and_stays_is_a_leftover() {
    let report = judge([Story::withdraw().script(GRANTED, TRACKER, "trk_id=7; Max-Age=600")]);
    assert_eq!(
        said(&report, "leftover-after-withdrawal"),
        [
            "error confirmed [withdraw after-withdrawal-reload] cookie trk_id (Tracker, marketing) is \
             still there after the visitor took the consent back"
        ]
    );
    assert_eq!(spoke(&report), ["leftover-after-withdrawal"]);
}

#[test]
fn a_clean_withdrawal_leaves_nothing_to_tell() {
    let report = judge([Story::withdraw()
        .script(GRANTED, TRACKER, "trk_id=7; Max-Age=600")
        .script(BACK, TRACKER, "trk_id=; Max-Age=0")
        .script(BACK, OWN, "choice=none; Max-Age=600")]);
    assert_eq!(spoke(&report), [""; 0]);
    let check = "leftover-after-withdrawal";
    assert_eq!(covered(&report, check, ScenarioId::Withdraw), "ran");
}

#[test]
fn a_withdrawal_that_is_not_proven_is_inconclusive() {
    let report = judge([Story::withdraw().choice(ChoiceState::Unproven).script(
        GRANTED,
        TRACKER,
        "trk_id=7; Max-Age=600",
    )]);
    for check in ["leftover-after-withdrawal", "rewrite-after-withdrawal"] {
        assert_eq!(said(&report, check), [""; 0]);
        assert_eq!(
            covered(&report, check, ScenarioId::Withdraw),
            "inconclusive: nothing proves the choice to withdraw"
        );
    }
}

#[test]
fn what_is_written_after_the_withdrawal_is_told_once() {
    let report = judge([Story::withdraw()
        .script(GRANTED, TRACKER, "trk_id=7; Max-Age=600")
        .script(RELOADED, TRACKER, "trk_id=8; Max-Age=600")]);
    assert_eq!(spoke(&report), ["rewrite-after-withdrawal"]);
    assert_eq!(
        said(&report, "rewrite-after-withdrawal"),
        [
            "error confirmed [withdraw after-withdrawal-reload] cookie trk_id (Tracker, marketing) was \
             written after the visitor had taken the consent back"
        ]
    );
}

#[test]
fn what_is_written_and_deleted_at_once_is_not_rewritten() {
    let report = judge([Story::withdraw()
        .script(BACK, TRACKER, "trk_id=7; Max-Age=600")
        .script(BACK + 10, TRACKER, "trk_id=; Max-Age=0")]);
    assert_eq!(spoke(&report), [""; 0]);
}

#[test]
fn a_cookie_that_goes_while_its_twin_in_storage_stays_is_erased_in_part() {
    let twins = || {
        Story::withdraw()
            .script(GRANTED, TRACKER, &format!("trk_id={ID}; Max-Age=600"))
            .set(GRANTED, TRACKER, "state", ID)
            .script(BACK, TRACKER, "trk_id=; Max-Age=0")
    };
    let report = judge([twins()]);
    assert_eq!(
        said(&report, "partial-erasure"),
        [
            "warn confirmed [withdraw after-withdrawal-reload] the cookie trk_id was deleted on \
             withdrawal, but local storage key state (Tracker, performance) stayed"
        ]
    );
    let clean = judge([twins().remove(BACK, TRACKER, "state")]);
    assert_eq!(said(&clean, "partial-erasure"), [""; 0]);
    let other = judge([Story::withdraw()
        .script(GRANTED, TRACKER, "trk_id=yes; Max-Age=600")
        .set(GRANTED, TRACKER, "state", "yes")
        .script(BACK, TRACKER, "trk_id=; Max-Age=0")]);
    assert_eq!(said(&other, "partial-erasure"), [""; 0], "no id in common");
}

#[test]
fn an_id_that_comes_back_after_its_deletion_is_respawned() {
    let deleted = || {
        Story::withdraw()
            .script(GRANTED, TRACKER, &format!("trk_id={ID}; Max-Age=600"))
            .script(BACK, TRACKER, "trk_id=; Max-Age=0")
    };
    let same = deleted().script(RELOADED, TRACKER, &format!("trk_id={ID}; Max-Age=600"));
    let other = deleted().set(RELOADED, TRACKER, "state", ID);
    for (story, back) in [(same, "cookie trk_id"), (other, "local storage key state")] {
        assert_eq!(
            said(&judge([story]), "respawned-value"),
            [format!(
                "error likely [withdraw after-withdrawal-reload] the value of cookie trk_id \
                 (Tracker, marketing) was deleted and came back in the {back}"
            )]
        );
    }
}

#[test]
fn a_new_id_and_a_common_word_are_not_respawned() {
    let again = |before: &str, after: &str| {
        let line = |value: &str| format!("trk_id={value}; Max-Age=600");
        let story = Story::withdraw()
            .script(GRANTED, TRACKER, &line(before))
            .script(BACK, TRACKER, "trk_id=; Max-Age=0")
            .script(RELOADED, TRACKER, &line(after));
        said(&judge([story]), "respawned-value")
    };
    assert_eq!(again(ID, "c0ffee64f0a1b2c3"), [""; 0]);
    assert_eq!(again("accepted", "accepted"), [""; 0]);
}

#[test]
fn a_consent_that_cannot_be_taken_back_is_likely_a_fault() {
    let stuck = || Story::withdraw().choice(ChoiceState::NotOffered);
    let report = judge([Story::accept(), stuck()]);
    assert_eq!(
        said(&report, "withdraw-unavailable"),
        [
            "warn likely [withdraw after-withdrawal] nothing was found by which the visitor could take \
             the consent back"
        ]
    );
    let fine = judge([Story::accept(), Story::withdraw()]);
    assert_eq!(said(&fine, "withdraw-unavailable"), [""; 0]);
}

/// What is told where giving and taking back take so many presses.
fn presses(give: Option<u32>, take: Option<u32>, how: Method) -> Vec<String> {
    let count = |story: Story, presses: Option<u32>| match presses {
        Some(presses) => story.presses(presses),
        None => story,
    };
    let accept = count(Story::accept().platform("klaro", how), give);
    let withdraw = count(Story::withdraw().platform("klaro", how), take);
    said(&judge([accept, withdraw]), "withdraw-harder")
}

#[test]
fn taking_back_by_more_presses_than_giving_is_told() {
    let told = |how| presses(Some(1), Some(4), how);
    assert_eq!(
        told(Method::Recipe),
        [
            "warn confirmed [withdraw after-withdrawal] taking the consent back takes 4 presses, and \
             giving it 1"
        ]
    );
    assert!(
        told(Method::Heuristic)[0].starts_with("warn likely"),
        "a text may mislead"
    );
}

#[test]
fn opening_the_choice_again_and_unknown_numbers_of_presses_are_not_harder() {
    for (give, take) in [
        (Some(1), Some(2)),
        (Some(3), Some(4)),
        (Some(1), None),
        (None, Some(9)),
    ] {
        assert_eq!(
            presses(give, take, Method::Recipe),
            [""; 0],
            "{give:?} {take:?}"
        );
    }
    let unproven = Story::withdraw().presses(9).choice(ChoiceState::Unproven);
    let report = judge([Story::accept().presses(1), unproven]);
    assert_eq!(said(&report, "withdraw-harder"), [""; 0]);
    assert_eq!(
        covered(&report, "withdraw-harder", ScenarioId::Withdraw),
        "inconclusive: nothing proves the choice to withdraw"
    );
    let alone = judge([Story::withdraw().presses(9)]);
    assert_eq!(
        covered(&alone, "withdraw-harder", ScenarioId::Withdraw),
        "not-applicable: needs an acceptance that is proven as well"
    );
}
