//! Which check could judge which visit: silence is never mistaken for a pass.

use preconsent::check;
use preconsent::model::choice::ChoiceState;
use preconsent::model::coverage::CoverageState;
use preconsent::model::fault::FaultKind;
use preconsent::model::finding::Class;
use preconsent::model::scenario::ScenarioId;

use super::{covered, judge};
use crate::support::visits::Story;

#[test]
fn every_check_says_of_every_visit_what_became_of_it() {
    let report = judge([Story::none(), Story::reject(), Story::accept()]);
    let ids: Vec<&str> = report.coverage.iter().map(|c| c.check.as_str()).collect();
    let all: Vec<&str> = check::ALL.iter().map(|c| c.id()).collect();
    assert_eq!(ids, all);
    for coverage in &report.coverage {
        assert_eq!(coverage.visits.len(), 3, "{}", coverage.check);
        for visit in &coverage.visits {
            let ran = visit.state == CoverageState::Ran;
            assert_eq!(visit.reason.is_none(), ran, "{}", coverage.check);
        }
    }
}

/// That no check can judge more is looked at with every report.
#[test]
fn checks_judge_the_scenarios_that_their_texts_name() {
    let report = judge(ScenarioId::ALL.map(Story::new));
    for (id, scenarios) in [
        ("reject-ignored", "reject"),
        ("partial-choice-ignored", "widget-refuse custom"),
        ("respawned-value", "reject withdraw"),
        ("dismiss-as-consent", "dismiss"),
        (
            "inaction-as-consent",
            "none revisit second-tab gpc open-widget",
        ),
    ] {
        let coverage = report.coverage.iter().find(|c| c.check == id);
        let visits = &coverage.expect("a check of this id").visits;
        let ran = visits.iter().filter(|v| v.state == CoverageState::Ran);
        let ran: Vec<&str> = ran.map(|v| v.scenario.as_str()).collect();
        assert_eq!(ran.join(" "), scenarios, "{id}");
    }
    for check in check::ALL {
        let named = check.doc().scenarios;
        assert!(!named.is_empty() && named.is_sorted(), "{}", check.id());
        let severities = check.doc().severities;
        assert!(
            !severities.is_empty() && severities.is_sorted_by(|a, b| a > b),
            "{}",
            check.id()
        );
    }
}

#[test]
fn a_choice_decides_what_can_be_judged() {
    let of = |story: Story| {
        let report = judge([story]);
        covered(&report, "reject-ignored", report.visits[0].scenario)
    };
    assert_eq!(of(Story::reject()), "ran");
    assert_eq!(of(Story::none()), "not-applicable: needs the choice reject");
    assert_eq!(
        of(Story::reject().choice(ChoiceState::NotOffered)),
        "not-applicable: the page offers no control to reject"
    );
    assert_eq!(
        of(Story::reject().choice(ChoiceState::Unproven)),
        "inconclusive: nothing proves the choice to reject"
    );
}

#[test]
fn a_visit_that_broke_off_shows_that_nothing_was_judged() {
    let report = judge([Story::none().fault(FaultKind::Timeout, "it took too long")]);
    for coverage in report
        .coverage
        .iter()
        .filter(|c| c.class == Class::Judgement)
    {
        assert_ne!(coverage.state(), CoverageState::Ran, "{}", coverage.check);
    }
    assert_eq!(
        covered(&report, "pre-consent-storage", ScenarioId::None),
        "inconclusive: the visit broke off (timeout)"
    );
}
