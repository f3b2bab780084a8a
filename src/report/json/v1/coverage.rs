//! Version 1: which check could judge which visit.

use serde::Serialize;

use crate::model;

#[derive(Serialize)]
pub(super) struct Coverage<'a> {
    check: &'a str,
    state: &'static str,
    visits: Vec<VisitCoverage<'a>>,
}

#[derive(Serialize)]
struct VisitCoverage<'a> {
    scenario: &'static str,
    state: &'static str,
    reason: Option<&'a str>,
}

impl<'a> From<&'a model::coverage::Coverage> for Coverage<'a> {
    fn from(coverage: &'a model::coverage::Coverage) -> Self {
        let visits = coverage.visits.iter();
        Self {
            check: &coverage.check,
            state: coverage.state().as_str(),
            visits: visits
                .map(|visit| VisitCoverage {
                    scenario: visit.scenario.as_str(),
                    state: visit.state.as_str(),
                    reason: visit.reason.as_deref(),
                })
                .collect(),
        }
    }
}
