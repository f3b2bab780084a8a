//! A report in the light of what is known already: findings that a waiver or a baseline covers do not
//! fail the run. They stay in the report, with the waiver or the baseline among their evidence.

use std::collections::BTreeSet;

use jiff::civil::Date;

use super::{FailOn, summary, verdict};
use crate::compare::stored::{FindingFacts, FindingKey, Stored};
use crate::compare::waiver::Waiver;
use crate::model::finding::{Confidence, Evidence, Finding, Severity};
use crate::model::report::{Report, TargetReport, Verdict};

/// What is known already.
#[derive(Debug, Clone, Copy)]
pub struct Settled<'a> {
    /// A report of before, and the name it is known by.
    pub baseline: Option<(&'a str, &'a Stored)>,
    /// What somebody decided to live with.
    pub waivers: &'a [Waiver],
    /// The day of the scan.
    pub today: Date,
}

/// What a comparison brings to light besides the report.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Remarks {
    /// Findings of the baseline that are no longer there, in words.
    pub fixed: Vec<String>,
    /// Waivers that cover nothing, in words.
    pub idle: Vec<String>,
}

/// Takes what is known into account.
pub fn settle(report: &mut Report, known: &Settled<'_>, fail_on: FailOn) -> Remarks {
    let mut used: BTreeSet<usize> = BTreeSet::new();
    let before = known.baseline.map(|(_, stored)| stored.all_findings());
    let mut now: BTreeSet<FindingKey> = BTreeSet::new();
    for target in &mut report.targets {
        let url = target.url.clone();
        let mut open: Vec<usize> = Vec::new();
        let mut over: Vec<usize> = Vec::new();
        for (at, finding) in target.findings.iter_mut().enumerate() {
            let key = FindingKey::of(&url, finding);
            let facts = before.as_ref().and_then(|b| b.get(&key));
            let known_before = facts.is_some_and(|facts| was_as_bad(facts, finding));
            let covering = known.waivers.iter().enumerate();
            let covering: Vec<(usize, &Waiver)> =
                covering.filter(|(_, w)| w.covers(finding)).collect();
            used.extend(covering.iter().map(|(n, _)| *n));
            let holds = covering.iter().find(|(_, w)| !w.is_over(known.today));
            match (holds.or(covering.first()).copied(), known_before) {
                (Some((_, waiver)), _) if !waiver.is_over(known.today) => {
                    finding.evidence.push(waived(waiver, "until"));
                }
                (None, true) => {
                    let name = known.baseline.map_or("", |(name, _)| name);
                    finding.evidence.push(known_already(name));
                }
                (waiver, _) => {
                    if let Some((n, waiver)) = waiver {
                        finding.evidence.push(waived(waiver, "ended on"));
                        over.push(n);
                    }
                    open.push(at);
                }
            }
            now.insert(key);
        }
        over.sort_unstable();
        over.dedup();
        let over: Vec<&Waiver> = over.into_iter().map(|n| &known.waivers[n]).collect();
        judge_again(target, &open, &over, fail_on);
    }
    let verdicts = report.targets.iter().map(|t| t.verdict);
    report.verdict = verdicts
        .reduce(Verdict::and)
        .unwrap_or(Verdict::Inconclusive);
    report.summary = summary(&report.targets);
    remarks(report, known, &now, &used)
}

/// Whether one of the findings of before was as severe and as sure as the one of now.
fn was_as_bad(before: &[FindingFacts], now: &Finding) -> bool {
    before.iter().any(|known| {
        let as_sure = known.confidence == Confidence::Confirmed.as_str()
            || known.confidence == now.confidence.as_str();
        known.severity >= now.severity && as_sure
    })
}

fn waived(waiver: &Waiver, until: &str) -> Evidence {
    Evidence {
        kind: String::from("waiver"),
        at_ms: None,
        text: format!("{until} {}: {}", waiver.until, waiver.reason),
        source: Some(waiver.place.to_string()),
    }
}

fn known_already(name: &str) -> Evidence {
    Evidence {
        kind: String::from("baseline"),
        at_ms: None,
        text: String::from("known since the baseline"),
        source: Some(name.to_owned()),
    }
}

/// The verdict by all findings, after some were added.
pub(super) fn judge_all_again(target: &mut TargetReport, fail_on: FailOn) {
    let open: Vec<usize> = (0..target.findings.len()).collect();
    judge_again(target, &open, &[], fail_on);
}

/// The verdict by the findings that are open; what else kept it from a pass still does.
fn judge_again(target: &mut TargetReport, open: &[usize], over: &[&Waiver], fail_on: FailOn) {
    let remaining: Vec<&Finding> = open.iter().map(|at| &target.findings[*at]).collect();
    let failed = verdict::failed(&remaining, fail_on);
    let before = match target.verdict {
        Verdict::Fail => target.reasons.get(1..).unwrap_or_default(),
        _ => &target.reasons,
    };
    let others = before.iter().filter(|r| !verdict::is_of_unsteady(r));
    let doubts: Vec<String> = verdict::unsteady(&remaining, fail_on)
        .into_iter()
        .chain(others.cloned())
        .collect();
    let ended = over
        .iter()
        .filter(|_| fail_on != FailOn::Never)
        .map(|waiver| {
            format!(
                "the waiver of {} at {} ended on {}; renew it or mend what it covers",
                waiver.check, waiver.place, waiver.until
            )
        });
    let failures: Vec<String> = failed.into_iter().chain(ended).collect();
    let verdict = match (failures.is_empty(), doubts.is_empty()) {
        (false, _) => Verdict::Fail,
        (true, false) => Verdict::Inconclusive,
        (true, true) => Verdict::Pass,
    };
    target.reasons = failures.into_iter().chain(doubts).collect();
    target.verdict = verdict;
}

/// What was in the baseline and is gone, as far as the same visits were made and nothing went wrong in
/// them; what is only worth knowing is not told.
fn remarks(
    report: &Report,
    known: &Settled<'_>,
    now: &BTreeSet<FindingKey>,
    used: &BTreeSet<usize>,
) -> Remarks {
    let mut made: BTreeSet<(&str, Option<&str>)> = BTreeSet::new();
    for target in &report.targets {
        let broken = |scenario| {
            let mut runs = target.visits.iter().filter(|v| v.scenario == scenario);
            runs.any(|v| !v.faults.is_empty())
        };
        let whole = target.visits.iter().filter(|v| !broken(v.scenario));
        for visit in whole {
            made.insert((&target.url, Some(visit.scenario.as_str())));
            made.insert((&target.url, None));
        }
    }
    let before = known.baseline.map(|(_, stored)| stored.findings());
    let gone = before.into_iter().flatten().filter(|(key, facts)| {
        !now.contains(key)
            && made.contains(&(key.url.as_str(), key.scenario.as_deref()))
            && facts.severity > Severity::Info
    });
    let idle = known.waivers.iter().enumerate();
    Remarks {
        fixed: gone.map(|(key, _)| format!("{}: {key}", key.url)).collect(),
        idle: idle
            .filter(|(n, _)| !used.contains(n))
            .map(|(_, w)| format!("the waiver of {} at {} covers nothing", w.check, w.place))
            .collect(),
    }
}
