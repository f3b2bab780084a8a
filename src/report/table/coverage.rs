//! How many checks could judge the visits, and which could not: the short form of the coverage.

use std::collections::BTreeMap;

use super::layout::{DIM, PLAIN, Page, YELLOW};
use crate::model::coverage::{Coverage, CoverageState};
use crate::model::report::TargetReport;
use crate::report::text::shorten;
use crate::report::words::count;

/// Columns for a sentence.
const SENTENCE: usize = 400;

/// Writes the section: the numbers, then what was inconclusive, by reason.
pub(super) fn write(page: &mut Page, target: &TargetReport) {
    if target.coverage.is_empty() {
        return;
    }
    let of = |state| {
        target
            .coverage
            .iter()
            .filter(|c| c.state() == state)
            .count()
    };
    page.heading("COVERAGE", "which checks could judge the visits");
    page.text(
        2,
        &format!(
            "{} ran, {} not applicable, {} inconclusive; the JSON and Markdown reports say which and why.",
            count(of(CoverageState::Ran), "check"),
            of(CoverageState::NotApplicable),
            of(CoverageState::Inconclusive),
        ),
        PLAIN,
    );
    for ((scenario, reason), checks) in doubts(&target.coverage) {
        let all = checks.len() == target.coverage.len();
        let checks = if all {
            "all".to_owned()
        } else {
            checks.join(", ")
        };
        page.labelled(
            2,
            14,
            ("inconclusive", YELLOW),
            (&shorten(&checks, SENTENCE), PLAIN),
        );
        page.text(
            16,
            &shorten(&format!("scenario {scenario}: {reason}"), SENTENCE),
            DIM,
        );
    }
}

/// What could not be judged in any visit: scenario and reason with the checks.
fn doubts(coverage: &[Coverage]) -> BTreeMap<(&str, &str), Vec<&str>> {
    let mut doubts: BTreeMap<(&str, &str), Vec<&str>> = BTreeMap::new();
    for check in coverage {
        if check.state() != CoverageState::Inconclusive {
            continue;
        }
        for visit in &check.visits {
            if visit.state == CoverageState::Inconclusive {
                let reason = visit.reason.as_deref().unwrap_or_default();
                let told = doubts.entry((visit.scenario.as_str(), reason)).or_default();
                told.push(&check.check);
            }
        }
    }
    doubts
}
