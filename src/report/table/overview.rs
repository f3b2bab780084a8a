//! What surrounds findings and inventory: the verdict with its reasons, faults, providers, visits
//! and limits.

use super::layout::{BOLD, DIM, PLAIN, Page, YELLOW};
use super::{shout, verdict_paint};
use crate::model::fault::Fault;
use crate::model::finding::{Class, Severity};
use crate::model::report::{TargetReport, Verdict, VisitSummary};
use crate::report::text::shorten;
use crate::report::words::{self, count};

/// Columns for an address.
const ADDRESS: usize = 240;
/// Fewest columns for the name of a scenario.
const SCENARIO: usize = 9;
/// Columns for a sentence.
const SENTENCE: usize = 400;

pub(super) fn verdict(page: &mut Page, target: &TargetReport) {
    let word = shout(target.verdict);
    let column = word.len() + 2;
    page.labelled(
        0,
        column,
        (word, verdict_paint(target.verdict)),
        (&shorten(&target.url, ADDRESS), BOLD),
    );
    if target.final_url != target.url {
        let shown = format!("led to {}", shorten(&target.final_url, ADDRESS));
        page.text(column, &shown, DIM);
    }
    page.text(column, &numbers(target), DIM);
    page.blank();
    if target.verdict == Verdict::Pass && target.reasons.is_empty() {
        page.text(0, &words::pass(target), PLAIN);
    }
    for reason in &target.reasons {
        page.bullet(0, &shorten(reason, SENTENCE));
    }
}

fn numbers(target: &TargetReport) -> String {
    let of = |severity| {
        let findings = target.findings.iter();
        findings
            .filter(|f| f.class == Class::Judgement && f.severity == severity)
            .count()
    };
    format!(
        "{} · {} · {}",
        words::findings(of(Severity::Error), of(Severity::Warn), of(Severity::Info)),
        count(target.items.len(), "item"),
        visits_made(target),
    )
}

/// `4 visits`, or `12 visits in 3 runs`.
fn visits_made(target: &TargetReport) -> String {
    let visits = count(target.visits.len(), "visit");
    match words::runs(&target.visits) {
        1 => visits,
        runs => format!("{visits} in {runs} runs"),
    }
}

/// The faults that are not already among the reasons.
pub(super) fn faults(page: &mut Page, target: &TargetReport) {
    let told = |fault: &&Fault| target.reasons.iter().any(|r| r.contains(&fault.message));
    let faults: Vec<&Fault> = target.faults.iter().filter(|f| !told(f)).collect();
    if faults.is_empty() {
        return;
    }
    page.heading("FAULTS", "what kept the visits from being made");
    for fault in faults {
        page.labelled(
            2,
            19,
            (fault.kind.as_str(), YELLOW),
            (&shorten(&fault.message, SENTENCE), PLAIN),
        );
    }
}

pub(super) fn providers(page: &mut Page, target: &TargetReport) {
    if target.providers.is_empty() {
        return;
    }
    page.heading("PROVIDERS", "whose code was found");
    for provider in &target.providers {
        page.labelled(
            2,
            19,
            (&shorten(&provider.name, 60), PLAIN),
            (&shorten(&provider.evidence.join("; "), SENTENCE), DIM),
        );
    }
}

pub(super) fn visits(page: &mut Page, target: &TargetReport) {
    if target.visits.is_empty() {
        return;
    }
    page.heading("VISITS", "and whether the visitor's choice took effect");
    let names = target.visits.iter();
    let names = names.map(|v| words::visit_name(v, &target.visits));
    let names: Vec<String> = names.collect();
    let longest = names.iter().map(|name| name.len() + 2);
    let column = longest.fold(SCENARIO, usize::max);
    for (visit, name) in target.visits.iter().zip(&names) {
        page.labelled(2, column, (name, PLAIN), (&choice(visit), PLAIN));
        for evidence in words::did_evidence(visit).take(3) {
            page.text(2 + column, &shorten(evidence, SENTENCE), DIM);
        }
    }
    engines(page, &target.visits, column);
}

/// How the choice went.
fn choice(visit: &VisitSummary) -> String {
    let mut text = words::did(visit);
    let faults: Vec<&str> = visit.faults.iter().map(|f| f.kind.as_str()).collect();
    if !faults.is_empty() {
        text.push_str(&format!("; fault: {}", faults.join(", ")));
    }
    shorten(&text, SENTENCE)
}

/// Who looked: said once where all visits were made alike, as they nearly always are.
fn engines(page: &mut Page, visits: &[VisitSummary], column: usize) {
    let alike = visits
        .windows(2)
        .all(|pair| pair[0].engine == pair[1].engine);
    let shown = if alike { &visits[..1] } else { visits };
    for visit in shown {
        let engine = &visit.engine;
        let who = if alike {
            "engine".to_owned()
        } else {
            words::visit_name(visit, visits)
        };
        let mut parts = vec![format!("{}, {}", engine.name, engine.product)];
        parts.extend(engine.settings.iter().cloned());
        page.labelled(
            2,
            column,
            (&who, DIM),
            (&shorten(&parts.join("; "), SENTENCE), DIM),
        );
    }
}

pub(super) fn limits(page: &mut Page, target: &TargetReport) {
    if target.limits.is_empty() {
        return;
    }
    page.heading("LIMITS", "what these visits could not see");
    for limit in &target.limits {
        page.bullet(2, &shorten(limit, SENTENCE));
    }
}

/// A moment of a visit as a label.
pub(super) fn at(at_ms: Option<u64>) -> String {
    at_ms.map(words::offset).unwrap_or_default()
}
