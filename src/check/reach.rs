//! What a check needs of a visit before it can judge it, and the words for what is missing.
//!
//! A choice counts only if it is proven: what comes after one that is not proven is inconclusive. A
//! visit that broke off is inconclusive for every check, though what it did show still counts.

use crate::classify::ClassifiedVisit;
use crate::model::choice::{Choice, ChoiceState};
use crate::model::coverage::{CoverageState, VisitCoverage};
use crate::model::scenario::{PhaseId, ScenarioId};
use crate::model::visit::{Clock, Visit};

/// Whether a check can judge a visit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reach {
    /// It can.
    Ran,
    /// There is nothing in it for the check; the reason.
    NotApplicable(String),
    /// It should, but cannot; the reason.
    Inconclusive(String),
}

impl Reach {
    /// The reach as the report tells it.
    pub(super) fn told(self, scenario: ScenarioId) -> VisitCoverage {
        let (state, reason) = match self {
            Self::Ran => (CoverageState::Ran, None),
            Self::NotApplicable(why) => (CoverageState::NotApplicable, Some(why)),
            Self::Inconclusive(why) => (CoverageState::Inconclusive, Some(why)),
        };
        VisitCoverage {
            scenario,
            state,
            reason,
        }
    }

    /// This, if it can judge; only then is the other asked.
    pub(super) fn and(self, other: impl FnOnce() -> Self) -> Self {
        match self {
            Self::Ran => other(),
            missing => missing,
        }
    }
}

/// Not applicable, for this reason.
pub(super) fn not_applicable(why: &str) -> Reach {
    Reach::NotApplicable(why.to_owned())
}

/// Inconclusive, for this reason.
pub(super) fn inconclusive(why: &str) -> Reach {
    Reach::Inconclusive(why.to_owned())
}

/// What every visit shows: all that came to be stored in it.
pub(super) fn any(visit: &ClassifiedVisit<'_>) -> Reach {
    let visit = visit.visit;
    if let Some(fault) = visit.faults.first() {
        return Reach::Inconclusive(format!("the visit broke off ({})", fault.kind.as_str()));
    }
    if visit.clock == Clock::None {
        return inconclusive("no browser ran the page's scripts");
    }
    Reach::Ran
}

/// What a visitor shows who made one of these choices, and whose choice is proven.
pub(super) fn chosen(visit: &ClassifiedVisit<'_>, choices: &[Choice]) -> Reach {
    let visit_choice = &visit.visit.choice;
    let asked = visit.visit.scenario.choice();
    if !choices.contains(&asked) {
        let words: Vec<&str> = choices.iter().map(|c| c.as_str()).collect();
        return Reach::NotApplicable(format!("needs the choice {}", words.join(" or ")));
    }
    let word = asked.as_str();
    match visit_choice.state {
        ChoiceState::Proven => any(visit),
        ChoiceState::NotOffered if visit.visit.is_complete() => Reach::NotApplicable(match asked {
            Choice::Dismiss => "no banner can be closed without a choice".to_owned(),
            Choice::Custom => "the page offers no categories to choose from as asked".to_owned(),
            _ => format!("the page offers no control to {word}"),
        }),
        ChoiceState::Unproven if visit.visit.is_complete() => Reach::Inconclusive(match asked {
            Choice::Dismiss => "the banner is not known to have gone".to_owned(),
            Choice::Custom => "nothing proves the choice of categories".to_owned(),
            _ => format!("nothing proves the choice to {word}"),
        }),
        _ => any(visit).and(|| inconclusive("the visit did not get as far as the choice")),
    }
}

/// What happens in a phase: it must have been reached.
pub(super) fn phase(visit: &Visit, phase: PhaseId) -> Reach {
    if visit.snapshot(phase).is_some() {
        return Reach::Ran;
    }
    Reach::Inconclusive(format!("the visit did not reach {}", phase.as_str()))
}
