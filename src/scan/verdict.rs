//! The verdict of a target, and why it is not a pass.

use super::FailOn;
use crate::check::{self, Outcome};
use crate::model::finding::{Class, Confidence, Finding, Severity};
use crate::model::report::Verdict;
use crate::model::visit::Visit;

/// The engine that runs no scripts.
const WITHOUT_BROWSER: &str = "http";

/// The verdict and its reasons, most important first: what failed, what kept the visits from being
/// made, what was not proven, what could not be judged; `unasked` is what recordings do not tell.
/// `outcomes` are those of [`check::ALL`].
pub(super) fn verdict(
    visits: &[&Visit],
    outcomes: &[Outcome],
    unasked: Vec<String>,
    fail_on: FailOn,
) -> (Verdict, Vec<String>) {
    let findings: Vec<&Finding> = outcomes.iter().flat_map(|o| &o.findings).collect();
    let failed = failed(&findings, fail_on);
    let mut doubts: Vec<String> = unsteady(&findings, fail_on).into_iter().collect();
    doubts.extend(self::doubts(visits, outcomes));
    doubts.extend(unasked);
    let verdict = match (&failed, doubts.is_empty()) {
        (Some(_), _) => Verdict::Fail,
        (None, false) => Verdict::Inconclusive,
        (None, true) => Verdict::Pass,
    };
    let mut reasons: Vec<String> = Vec::new();
    for reason in failed.into_iter().chain(doubts) {
        if !reasons.contains(&reason) {
            reasons.push(reason);
        }
    }
    (verdict, reasons)
}

/// What fails the target, with how many findings each check has at or above the limit.
pub(super) fn failed(findings: &[&Finding], fail_on: FailOn) -> Option<String> {
    let limit = limit(fail_on)?;
    let confirmed = |f: &Finding| f.confidence == Confidence::Confirmed && f.severity >= limit;
    let (total, listed) = counted(findings, confirmed);
    let what = match (limit, total) {
        (Severity::Error, 1) => "confirmed error",
        (Severity::Error, _) => "confirmed errors",
        (_, 1) => "confirmed error or warning",
        _ => "confirmed errors and warnings",
    };
    (total > 0).then(|| format!("{total} {what}: {listed}"))
}

/// How the reason begins that tells what would fail the target, had most of its runs seen it.
const UNSTEADY: &str = "seen in some runs, but not in most of them: ";

/// What would fail the target, had most of its runs seen it: neither a failure nor a pass.
pub(super) fn unsteady(findings: &[&Finding], fail_on: FailOn) -> Option<String> {
    let limit = limit(fail_on)?;
    let (total, listed) = counted(findings, |f| f.is_unsteady() && f.severity >= limit);
    (total > 0).then(|| format!("{UNSTEADY}{listed}"))
}

/// Whether a reason is the one that [`unsteady`] gives.
pub(super) fn is_of_unsteady(reason: &str) -> bool {
    reason.starts_with(UNSTEADY)
}

/// The least severity that fails; `None` if nothing does.
fn limit(fail_on: FailOn) -> Option<Severity> {
    match fail_on {
        FailOn::Error => Some(Severity::Error),
        FailOn::Warn => Some(Severity::Warn),
        FailOn::Never => None,
    }
}

/// How many findings about the site there are that `count`, and how many each check has.
fn counted(findings: &[&Finding], count: impl Fn(&Finding) -> bool) -> (usize, String) {
    let counting: Vec<&&Finding> = findings
        .iter()
        .filter(|f| f.class == Class::Judgement && count(f))
        .collect();
    // Findings about a policy may be of a kind that no check of a catalogue is about.
    let mut ids: Vec<&str> = check::ALL.iter().map(|check| check.id()).collect();
    for finding in &counting {
        if !ids.contains(&finding.check.as_str()) {
            ids.push(&finding.check);
        }
    }
    let counts: Vec<(&str, usize)> = ids
        .into_iter()
        .map(|id| (id, counting.iter().filter(|f| f.check == id).count()))
        .filter(|(_, count)| *count > 0)
        .collect();
    let listed: Vec<String> = counts
        .iter()
        .map(|(id, count)| format!("{id} ({count})"))
        .collect();
    let total: usize = counts.iter().map(|(_, count)| count).sum();
    (total, listed.join(", "))
}

/// Everything that could not be seen, proven or judged. Trouble with the run comes before what the
/// checks about the site could not tell.
fn doubts(visits: &[&Visit], outcomes: &[Outcome]) -> Vec<String> {
    let mut doubts: Vec<String> = Vec::new();
    if visits.is_empty() {
        doubts.push("no visit was made".to_owned());
    }
    for class in [Class::Health, Class::Judgement] {
        let of_class = check::ALL
            .iter()
            .zip(outcomes)
            .filter(|(check, _)| check.class() == class);
        // Faults come last among the checks of the run, and first among its troubles.
        let told = of_class.rev().flat_map(|(_, o)| &o.inconclusive);
        doubts.extend(told.cloned());
    }
    if visits.iter().any(|v| v.engine.name == WITHOUT_BROWSER) {
        // What that leaves unseen is among the visits' own limits.
        doubts.push("the visits were made without a browser".to_owned());
    }
    doubts
}
