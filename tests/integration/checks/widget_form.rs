//! A widget's own consent form: what is stored before it is answered, and what after its refusal.

use preconsent::model::choice::ChoiceState;
use preconsent::model::scenario::ScenarioId;

use super::{OWN, TRACKER, covered, judge, said};
use crate::support::visits::Story;

/// While the form waits.
const WAITING: u64 = 1_400;
/// After it was answered.
const ANSWERED: u64 = 2_400;

fn refuses() -> Story {
    Story::new(ScenarioId::WidgetRefuse).asked_for_chat("tracker", ChoiceState::Proven)
}

#[test]
fn what_the_widget_writes_after_its_form_was_refused_is_told() {
    let report = judge([refuses().script(ANSWERED, TRACKER, "trk_chat=1")]);
    assert_eq!(
        said(&report, "partial-choice-ignored"),
        [
            "error confirmed [widget-refuse after-choice] cookie trk_chat (Tracker, functionality) was \
             written after the visitor had refused the widget's form"
        ]
    );
}

#[test]
fn what_others_write_or_was_there_before_is_not_the_forms_matter() {
    let other = refuses().script(ANSWERED, OWN, "audience_of_others=1");
    let before = refuses().script(WAITING, TRACKER, "trk_chat=1");
    let gone = refuses().script(ANSWERED, TRACKER, "trk_chat=1").script(
        ANSWERED + 10,
        TRACKER,
        "trk_chat=; Max-Age=0",
    );
    let unproven = refuses()
        .choice(ChoiceState::Unproven)
        .script(ANSWERED, TRACKER, "trk_chat=1");
    for story in [other, before, gone, unproven] {
        assert_eq!(said(&judge([story]), "partial-choice-ignored"), [""; 0]);
    }
    let report = judge([Story::reject()]);
    assert_eq!(
        covered(&report, "partial-choice-ignored", ScenarioId::Reject),
        "not-applicable: needs the choice widget-refuse or custom"
    );
}

#[test]
fn what_is_stored_while_the_form_waits_is_held_against_the_documentation() {
    let report = judge([refuses().script(WAITING, TRACKER, "trk_chat=1")]);
    assert_eq!(
        said(&report, "documented-otherwise"),
        [
            "warn confirmed [widget-refuse widget-open] Tracker stored before its own form was answered: \
             trk_chat; documented is: Nothing is stored until the form is answered."
        ]
    );
    let later = judge([refuses().script(ANSWERED, TRACKER, "trk_chat=1")]);
    assert_eq!(said(&later, "documented-otherwise"), [""; 0]);
    let no_form = refuses()
        .choice(ChoiceState::NotOffered)
        .script(WAITING, TRACKER, "trk_chat=1");
    assert_eq!(said(&judge([no_form]), "documented-otherwise"), [""; 0]);
}
