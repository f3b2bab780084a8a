//! The judgements of several runs put together: each run is judged by itself, and a finding says how
//! many of them it was made in.
//!
//! What no majority of the runs saw is likely and no more, and so is a severity that no majority saw. A
//! doubt of any run stays one: what could not be observed once may have been there. Pure.

use std::collections::{BTreeMap, HashMap};

use crate::check::{self, Judged, Outcome};
use crate::classify::{ClassifiedVisit, Recurring};
use crate::model::coverage::{Coverage, CoverageState, VisitCoverage};
use crate::model::finding::{Class, Confidence, Finding, FindingItem, Severity};
use crate::model::runs::Runs;
use crate::model::scenario::ScenarioId;
use crate::model::visit::Visit;

/// Visits by their runs, each run's in scenario order. Nothing visited is one run of nothing.
pub(super) fn by_run<'v>(visits: &'v [Visit]) -> Vec<Vec<&'v Visit>> {
    let mut runs: BTreeMap<u32, Vec<&'v Visit>> = BTreeMap::new();
    for visit in visits {
        runs.entry(visit.run).or_default().push(visit);
    }
    for run in runs.values_mut() {
        run.sort_by_key(|visit| visit.scenario);
    }
    let runs: Vec<Vec<&Visit>> = runs.into_values().collect();
    match runs.is_empty() {
        true => vec![Vec::new()],
        false => runs,
    }
}

/// The outcome of every check over all runs. `judged` has one list for each run, in the order of
/// [`check::ALL`].
pub(super) fn together(
    mut judged: Vec<Vec<Judged>>,
    runs: &[Vec<ClassifiedVisit<'_>>],
) -> Vec<Judged> {
    if judged.len() < 2 {
        return judged.pop().unwrap_or_default();
    }
    let mut lists: Vec<_> = judged.into_iter().map(Vec::into_iter).collect();
    let names = Names::of(runs);
    check::ALL
        .iter()
        .map(|check| {
            let of_check = lists.iter_mut().filter_map(Iterator::next);
            let (outcomes, coverage): (Vec<Outcome>, Vec<Coverage>) =
                of_check.map(|j| (j.outcome, j.coverage)).unzip();
            Judged {
                outcome: if check.compares_runs() {
                    outcomes.into_iter().next().unwrap_or_default()
                } else {
                    one_outcome(outcomes, &names)
                },
                coverage: one_coverage(check.id(), check.class(), &coverage),
            }
        })
        .collect()
}

/// The findings of every run put together, where `found` has one list for each run.
pub(super) fn findings(
    found: Vec<Vec<Finding>>,
    runs: &[Vec<ClassifiedVisit<'_>>],
) -> Vec<Finding> {
    let names = Names::of(runs);
    let mut found = found;
    match found.len() {
        0 | 1 => found.pop().unwrap_or_default(),
        _ => one_list(found, &names),
    }
}

/// What tells the items of each run apart, by what findings say of them.
struct Names<'r>(Vec<HashMap<FindingItem, Recurring<'r>>>);

impl<'r> Names<'r> {
    fn of(runs: &'r [Vec<ClassifiedVisit<'_>>]) -> Self {
        let of_run = |visits: &'r Vec<ClassifiedVisit<'_>>| {
            let items = visits.iter().flat_map(|visit| &visit.items);
            items
                .map(|item| {
                    let key = &item.item.key;
                    let named = FindingItem {
                        store: key.store,
                        name: key.name.clone(),
                        place: key.place.clone(),
                    };
                    (named, item.recurring())
                })
                .collect()
        };
        Self(runs.iter().map(of_run).collect())
    }
}

fn one_outcome(outcomes: Vec<Outcome>, names: &Names<'_>) -> Outcome {
    let of = outcomes.len();
    let (found, doubts): (Vec<_>, Vec<_>) = outcomes
        .into_iter()
        .map(|outcome| (outcome.findings, outcome.inconclusive))
        .unzip();
    let mut counted: Vec<(String, usize)> = Vec::new();
    for doubt in doubts.into_iter().flatten() {
        match counted.iter_mut().find(|(known, _)| *known == doubt) {
            Some((_, times)) => *times += 1,
            None => counted.push((doubt, 1)),
        }
    }
    let told = |(doubt, times): (String, usize)| match times < of {
        true => format!("{doubt} (in {})", runs(times, of).in_words()),
        false => doubt,
    };
    Outcome {
        findings: one_list(found, names),
        inconclusive: counted.into_iter().map(told).collect(),
    }
}

fn runs(seen: usize, of: usize) -> Runs {
    let number = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
    Runs {
        seen: number(seen),
        of: number(of),
    }
}

/// What makes findings of a check in several runs the same: the item, or for want of one the scenario,
/// and which of several it is.
#[derive(Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
struct Same<'r> {
    check: String,
    item: Option<(Option<Recurring<'r>>, FindingItem)>,
    scenario: Option<ScenarioId>,
    number: usize,
}

fn one_list(found: Vec<Vec<Finding>>, names: &Names<'_>) -> Vec<Finding> {
    let of = found.len();
    let mut groups: BTreeMap<Same<'_>, Vec<Finding>> = BTreeMap::new();
    for (run, findings) in found.into_iter().enumerate() {
        let mut before: BTreeMap<Same<'_>, usize> = BTreeMap::new();
        for finding in findings {
            let mut same = same(&finding, names.0.get(run));
            let numbered = before.entry(same.clone_first()).or_default();
            same.number = *numbered;
            *numbered += 1;
            groups.entry(same).or_default().push(finding);
        }
    }
    let together = |findings: Vec<Finding>| {
        let runs = runs(findings.len(), of);
        let mut finding = told_by_most(findings, of)?;
        finding.seen_in_runs(runs);
        Some(finding)
    };
    groups.into_values().filter_map(together).collect()
}

impl<'r> Same<'r> {
    fn clone_first(&self) -> Same<'r> {
        Same {
            check: self.check.clone(),
            item: self.item.clone(),
            scenario: self.scenario,
            number: 0,
        }
    }
}

fn same<'r>(finding: &Finding, names: Option<&HashMap<FindingItem, Recurring<'r>>>) -> Same<'r> {
    let item = finding.item.as_ref().map(|item| {
        let known = names.and_then(|names| names.get(item)).copied();
        let named = FindingItem {
            // The entry tells, where it is one whose names vary.
            name: match known {
                Some(known) if known.varies() => String::new(),
                _ => item.name.clone(),
            },
            ..item.clone()
        };
        (known.filter(|k| k.varies()), named)
    });
    Same {
        check: finding.check.clone(),
        // An item that one run met first in one scenario may be met first in another by the next.
        scenario: finding.scenario.filter(|_| item.is_none()),
        item,
        number: 0,
    }
}

/// The first of these findings that is as bad and as sure as a majority of all runs says; where no
/// majority says anything, the worst.
fn told_by_most(findings: Vec<Finding>, of: usize) -> Option<Finding> {
    let rank = |f: &Finding| -> (Severity, Confidence) { (f.severity, f.confidence) };
    let mut ranks: Vec<_> = findings.iter().map(rank).collect();
    ranks.sort_unstable_by(|a, b| b.cmp(a));
    let told = ranks.get(of / 2).or(ranks.first()).copied()?;
    findings.into_iter().find(|finding| rank(finding) == told)
}

/// What became of a check in the visits of each scenario: a run that could not judge it leaves a doubt.
fn one_coverage(check: &str, class: Class, runs: &[Coverage]) -> Coverage {
    let mut scenarios: BTreeMap<ScenarioId, Vec<&VisitCoverage>> = BTreeMap::new();
    for visit in runs.iter().flat_map(|coverage| &coverage.visits) {
        scenarios.entry(visit.scenario).or_default().push(visit);
    }
    let doubtful = |visit: &&VisitCoverage| visit.state == CoverageState::Inconclusive;
    let ran = |visit: &&VisitCoverage| visit.state == CoverageState::Ran;
    let one = |visits: Vec<&VisitCoverage>| {
        let mut all = visits.iter().copied();
        let told = all.clone().find(doubtful).or_else(|| all.clone().find(ran));
        told.or_else(|| all.next()).cloned()
    };
    Coverage {
        check: check.to_owned(),
        class,
        visits: scenarios.into_values().filter_map(one).collect(),
    }
}
