//! Coverage: which check could judge which visit, so that silence is never mistaken for a pass.

use serde::{Deserialize, Serialize};

use super::finding::Class;
use super::scenario::ScenarioId;

/// What became of a check in one visit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum CoverageState {
    /// It judged the visit; what it found is among the findings.
    Ran,
    /// The visit has nothing for it to judge.
    NotApplicable,
    /// It should have judged the visit and could not.
    Inconclusive,
}

impl CoverageState {
    /// The word used in reports.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Ran => "ran",
            Self::NotApplicable => "not-applicable",
            Self::Inconclusive => "inconclusive",
        }
    }
}

/// What became of a check in all visits of a target.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Coverage {
    /// The check's id.
    pub check: String,
    /// About the site, or about the run.
    pub class: Class,
    /// One for each visit, in scenario order.
    pub visits: Vec<VisitCoverage>,
}

/// What became of a check in one visit, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct VisitCoverage {
    /// The visit's scenario.
    pub scenario: ScenarioId,
    /// What became of it.
    pub state: CoverageState,
    /// Why it did not run; `None` if it did.
    pub reason: Option<String>,
}

impl Coverage {
    /// The sum of it: a check that judged any visit ran; of the others, those that should have are
    /// inconclusive.
    #[must_use]
    pub fn state(&self) -> CoverageState {
        let has = |state| self.visits.iter().any(|v| v.state == state);
        if has(CoverageState::Ran) {
            CoverageState::Ran
        } else if has(CoverageState::Inconclusive) {
            CoverageState::Inconclusive
        } else {
            CoverageState::NotApplicable
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use CoverageState::{Inconclusive, NotApplicable, Ran};

    fn sum(states: &[CoverageState]) -> CoverageState {
        let visit = |state: &CoverageState| VisitCoverage {
            scenario: ScenarioId::None,
            state: *state,
            reason: None,
        };
        let coverage = Coverage {
            check: "pre-consent-storage".to_owned(),
            class: Class::Judgement,
            visits: states.iter().map(visit).collect(),
        };
        coverage.state()
    }

    #[test]
    fn one_visit_that_was_judged_is_enough_and_a_doubt_is_more_than_nothing() {
        assert_eq!(sum(&[]), NotApplicable);
        assert_eq!(sum(&[NotApplicable, Inconclusive]), Inconclusive);
        assert_eq!(sum(&[NotApplicable, Inconclusive, Ran]), Ran);
    }
}
