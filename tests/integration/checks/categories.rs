//! `partial-choice-ignored` of a visitor who allows some categories and refuses the others.

use preconsent::model::choice::ChoiceState;
use preconsent::model::role::Role;
use preconsent::model::scenario::ScenarioId;

use super::{OWN, TRACKER, covered, judge, said, spoke, told};
use crate::support::visits::Story;

const CHECK: &str = "partial-choice-ignored";

fn allows(roles: &[Role]) -> Story {
    Story::new(ScenarioId::Custom).allowing(roles)
}

#[test]
fn what_is_of_a_refused_category_is_told() {
    let report =
        judge([allows(&[Role::Performance]).script(1_400, TRACKER, "trk_id=1; Max-Age=60")]);
    insta::assert_snapshot!(told(&report), @r"
    fail
    - 1 confirmed error: partial-choice-ignored (1)
    error confirmed partial-choice-ignored [custom after-choice] cookie trk_id (Tracker, marketing) was written after the visitor had refused its category
    ");
}

#[test]
fn what_was_allowed_or_was_there_before_or_goes_again_is_fine() {
    let both = [Role::Performance, Role::Marketing];
    for story in [
        allows(&both).script(1_400, TRACKER, "trk_id=1; Max-Age=60"),
        allows(&[Role::Performance]).script(1_400, TRACKER, "trk_session=1"),
        allows(&[Role::Performance]).script(1_050, TRACKER, "trk_id=1; Max-Age=60"),
        allows(&[Role::Performance]).script(1_400, OWN, "balancer=1"),
        allows(&[Role::Performance])
            .script(1_400, TRACKER, "trk_id=1; Max-Age=60")
            .script(1_450, TRACKER, "trk_id=; Max-Age=0"),
        allows(&[Role::Performance])
            .choice(ChoiceState::Unproven)
            .script(1_400, TRACKER, "trk_id=1; Max-Age=60"),
    ] {
        assert_eq!(said(&judge([story]), CHECK), [""; 0]);
    }
}

/// A site may have counted it among what was allowed.
#[test]
fn what_may_have_been_allowed_as_well_is_likely_and_no_more() {
    let likely = "warn likely [custom after-choice] cookie";
    let harmless = allows(&[Role::Marketing]).script(1_400, TRACKER, "trk_session=1");
    let of_one_provider = allows(&[Role::Functionality])
        .script(1_300, TRACKER, "trk_chat=1")
        .script(1_400, TRACKER, "trk_id=1; Max-Age=60");
    for (story, name) in [(harmless, "trk_session"), (of_one_provider, "trk_id")] {
        let report = judge([story]);
        let found = said(&report, CHECK);
        assert_eq!(found.len(), 1, "{}", told(&report));
        assert!(
            found[0].starts_with(&format!("{likely} {name} ")),
            "{found:?}"
        );
    }
}

#[test]
fn only_a_choice_that_is_proven_is_judged() {
    let unproven = judge([allows(&[Role::Performance]).choice(ChoiceState::Unproven)]);
    insta::assert_snapshot!(told(&unproven), @r"
    inconclusive
    - scenario custom: allowing single categories was tried, but nothing proves that the choice took effect, so what came after it was not judged
    warn confirmed scenario-unverified [custom after-choice] allowing single categories was tried, but nothing proves that the choice took effect
    ");
    assert_eq!(
        covered(&unproven, CHECK, ScenarioId::Custom),
        "inconclusive: nothing proves the choice of categories"
    );
    let story = allows(&[Role::Performance]).choice(ChoiceState::NotOffered);
    let missing = judge([story.script(1_400, TRACKER, "trk_id=1; Max-Age=60")]);
    assert_eq!(
        spoke(&missing),
        ["pre-consent-storage", "scenario-not-offered"]
    );
}
