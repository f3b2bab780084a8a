//! How the further scenarios are judged: none hides a finding, none makes one up, and one that could
//! not be made is inconclusive.

use preconsent::model::choice::ChoiceState;
use preconsent::model::fault::FaultKind;
use preconsent::model::scenario::ScenarioId;

use super::{TRACKER, judge, told};
use crate::support::visits::Story;

/// Before the widget is opened.
const BEFORE: u64 = 1_300;
/// After it.
const AFTER: u64 = 2_300;

fn open_widget(state: ChoiceState) -> Story {
    Story::new(ScenarioId::OpenWidget).asked_for_chat("tracker", state)
}

#[test]
fn what_is_stored_without_a_choice_is_found_in_every_scenario() {
    for (scenario, phase, moment) in [
        (ScenarioId::Gpc, "before-choice", 300),
        (ScenarioId::SecondTab, "second-tab", 300),
        (ScenarioId::Revisit, "after-revisit", 2_300),
        (ScenarioId::OpenWidget, "after-scroll", 1_300),
    ] {
        let report = judge([Story::new(scenario).script(moment, TRACKER, "trk_id=1; Max-Age=600")]);
        let scenario = scenario.as_str();
        assert_eq!(
            told(&report),
            format!(
                "fail\n- 1 confirmed error: pre-consent-storage (1)\nerror confirmed \
                 pre-consent-storage [{scenario} {phase}] cookie trk_id (Tracker, marketing) was \
                 stored before any choice"
            )
        );
    }
}

#[test]
fn what_belongs_to_the_chat_may_be_stored_once_it_was_asked_for() {
    for state in [ChoiceState::Proven, ChoiceState::Unproven] {
        let report = judge([open_widget(state).script(AFTER, TRACKER, "trk_chat=1")]);
        assert!(
            !told(&report).contains("pre-consent-storage"),
            "{}",
            told(&report)
        );
    }
    let report = judge([open_widget(ChoiceState::Proven).script(AFTER, TRACKER, "trk_chat=1")]);
    assert_eq!(told(&report), "pass");
}

#[test]
fn what_was_there_before_the_chat_was_asked_for_is_still_found() {
    let early = open_widget(ChoiceState::Proven)
        .script(BEFORE, TRACKER, "trk_chat=1")
        .script(AFTER, TRACKER, "trk_chat=2");
    insta::assert_snapshot!(told(&judge([early])), @r"
    fail
    - 1 confirmed error: pre-consent-storage (1)
    error confirmed pre-consent-storage [open-widget after-scroll] cookie trk_chat (Tracker, functionality) was stored before any choice
    ");
}

#[test]
fn opening_the_chat_excuses_nothing_else() {
    let other_item = open_widget(ChoiceState::Proven).script(AFTER, TRACKER, "trk_id=1");
    insta::assert_snapshot!(told(&judge([other_item])), @r"
    fail
    - 1 confirmed error: pre-consent-storage (1)
    error confirmed pre-consent-storage [open-widget widget-open] cookie trk_id (Tracker, marketing) was stored before any choice
    ");
    let other_chat = Story::new(ScenarioId::OpenWidget)
        .asked_for_chat("whole", ChoiceState::Proven)
        .script(AFTER, TRACKER, "trk_chat=1");
    assert!(told(&judge([other_chat])).contains("pre-consent-storage (1)"));
}

#[test]
fn a_chat_that_is_not_known_to_have_opened_is_inconclusive() {
    insta::assert_snapshot!(told(&judge([open_widget(ChoiceState::Unproven)])), @r"
    inconclusive
    - scenario open-widget: the chat of tracker was asked for, but nothing proves that it opened, so what the service stores was not judged
    warn confirmed scenario-unverified [open-widget widget-open] the chat of tracker was asked for, but nothing proves that it opened
    ");
}

#[test]
fn a_page_without_a_chat_passes_and_says_so() {
    insta::assert_snapshot!(told(&judge([open_widget(ChoiceState::NotOffered)])), @r"
    pass
    info confirmed scenario-not-offered [open-widget widget-open] the page offers no known widget to ask for a service, so this scenario does not apply
    ");
}

#[test]
fn a_scenario_that_the_engine_cannot_make_is_inconclusive() {
    let report = judge([
        Story::none(),
        Story::new(ScenarioId::Gpc).fault(FaultKind::Unsupported, "no browser sends GPC"),
    ]);
    insta::assert_snapshot!(told(&report), @r"
    inconclusive
    - no browser sends GPC (scenario gpc)
    warn confirmed blocked-or-challenged [gpc -] no browser sends GPC
    ");
    assert!(report.findings[0].help.contains("--scenario"));
}
