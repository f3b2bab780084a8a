//! Which check could judge which visit, as a table of checks and scenarios, folded away.

use std::collections::BTreeMap;

use super::escape::{code_cell, prose};
use super::{line, table};
use crate::model::coverage::{CoverageState, VisitCoverage};
use crate::model::report::TargetReport;
use crate::model::scenario::ScenarioId;

/// Writes the table, and a list of the reasons below it.
pub(super) fn write(out: &mut String, target: &TargetReport) {
    let Some(first) = target.coverage.first().filter(|c| !c.visits.is_empty()) else {
        return;
    };
    line(out, "\n### Coverage\n\n<details>");
    line(
        out,
        "<summary>Which check could judge which visit</summary>",
    );
    let mut header = vec!["check"];
    header.extend(first.visits.iter().map(|v| v.scenario.as_str()));
    let mut reasons = Reasons::default();
    let rows: Vec<Vec<String>> = target
        .coverage
        .iter()
        .map(|coverage| {
            let cells = coverage.visits.iter().map(|visit| reasons.cell(visit));
            let mut row = vec![code_cell(&coverage.check)];
            row.extend(cells);
            row
        })
        .collect();
    table(out, &header, rows.into_iter());
    line(out, "");
    for ((scenario, reason), number) in reasons.sorted() {
        let scenario = scenario.as_str();
        line(out, &format!("{number}. {scenario}: {}", prose(reason)));
    }
    line(out, "\n</details>");
}

/// Reasons by scenario, each with the number that the cells refer to.
#[derive(Default)]
struct Reasons<'r>(BTreeMap<(ScenarioId, &'r str), usize>);

impl<'r> Reasons<'r> {
    fn cell(&mut self, visit: &'r VisitCoverage) -> String {
        let word = match visit.state {
            CoverageState::Ran => "ran",
            CoverageState::NotApplicable => "n/a",
            CoverageState::Inconclusive => "**inconclusive**",
        };
        let Some(reason) = &visit.reason else {
            return word.to_owned();
        };
        let next = self.0.len() + 1;
        let number = self.0.entry((visit.scenario, reason)).or_insert(next);
        format!("{word} ({number})")
    }

    /// In the order of their numbers.
    fn sorted(self) -> Vec<((ScenarioId, &'r str), usize)> {
        let mut reasons: Vec<_> = self.0.into_iter().collect();
        reasons.sort_by_key(|(_, number)| *number);
        reasons
    }
}
