//! What the reports for people say of an item in words: how long it lives, what it is for and who
//! wrote it. The table and the Markdown report share these words.
//!
//! Texts from outside are passed on as they are; the formats make them harmless.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Span;
use jiff::fmt::friendly::{Designator, Spacing, SpanPrinter};

use crate::model::chain::in_words;
use crate::model::choice::{Choice, ChoiceOutcome, ChoiceState};
use crate::model::finding::{Class, Confidence, Severity};
use crate::model::item::{Presence, SentTo, Store};
use crate::model::observation::{StackFrame, Writer, WriterKind};
use crate::model::report::{ItemStatus, ReportItem, TargetReport, VisitSummary};
use crate::model::role::Role;
use crate::model::scenario::{PhaseId, ScenarioId};
use crate::model::sent::{Carrier, SentForm};
use crate::model::site::{host_of, same_site};

const MINUTE: i64 = 60;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;
const YEAR: i64 = 365 * DAY;

/// What a session is for session storage.
const UNTIL_CLOSED: &str = "until the tab is closed";

/// A number and its noun: `1 error`, `2 errors`.
pub(super) fn count(number: usize, noun: &str) -> String {
    let plural = if number == 1 { "" } else { "s" };
    format!("{number} {noun}{plural}")
}

/// What a pass rests on, as a sentence that claims no more than was seen.
pub(super) fn pass(target: &TargetReport) -> String {
    let errors = target.findings.iter().filter(|f| {
        f.class == Class::Judgement
            && f.severity == Severity::Error
            && f.confidence == Confidence::Confirmed
    });
    let errors = errors.count();
    if errors > 0 {
        // Only where nothing is to fail do confirmed errors leave a pass.
        return format!(
            "{} found, see below. The verdict is a pass and the exit code 0 only because nothing fails this run (--fail-on never).",
            count(errors, "confirmed error")
        );
    }
    let of = |state: ChoiceState| {
        let choices = target.visits.iter().map(|visit| &visit.choice);
        choices
            .filter(move |choice| choice.state == state)
            .map(|choice| to_do(choice.asked))
            .collect::<Vec<_>>()
    };
    let mut missing = of(ChoiceState::NotOffered);
    // Those of one scenario stand together, however often it was visited.
    missing.dedup();
    if !missing.is_empty() {
        return format!(
            "Nothing was found that fails. No way to {} was found, so only what happens without it was judged.",
            missing.join(" or to ")
        );
    }
    if of(ChoiceState::Proven).is_empty() {
        return "Nothing was found that fails. No choice was tried, so only what happens without one was judged.".to_owned();
    }
    "Everything was observed, and nothing was found that fails.".to_owned()
}

/// The scenario of a visit, and which run it is from where there are several.
pub(super) fn visit_name(visit: &VisitSummary, visits: &[VisitSummary]) -> String {
    let scenario = visit.scenario.as_str();
    match runs(visits) {
        1 => scenario.to_owned(),
        _ => format!("{scenario}, run {}", visit.run),
    }
}

/// How many runs there were.
pub(super) fn runs(visits: &[VisitSummary]) -> usize {
    let runs: BTreeSet<u32> = visits.iter().map(|v| v.run).collect();
    runs.len().max(1)
}

/// What a visitor is to do who makes a choice: `reject`, `close the banner`.
fn to_do(asked: Choice) -> &'static str {
    match asked {
        Choice::Dismiss => "close the banner",
        Choice::Custom => "allow single categories",
        other => other.as_str(),
    }
}

/// `2 errors, 1 warning`; `no findings` where all are zero.
pub(super) fn findings(errors: usize, warnings: usize, infos: usize) -> String {
    let counted: Vec<String> = [(errors, "error"), (warnings, "warning"), (infos, "info")]
        .into_iter()
        .filter(|(number, _)| *number > 0)
        .map(|(number, noun)| count(number, noun))
        .collect();
    if counted.is_empty() {
        "no findings".to_owned()
    } else {
        counted.join(", ")
    }
}

/// A moment of a visit: `+412 ms`, `+3.2 s`.
pub(super) fn offset(at_ms: u64) -> String {
    if at_ms < 1000 {
        format!("+{at_ms} ms")
    } else {
        format!("+{}.{} s", at_ms / 1000, at_ms % 1000 / 100)
    }
}

/// A number of seconds in the largest unit that fits, with one decimal where it is needed.
pub(super) fn span(seconds: i64) -> String {
    let seconds = seconds.max(0);
    let (unit, noun) = match seconds {
        s if s >= YEAR && s % YEAR == 0 => (YEAR, "year"),
        s if s >= DAY => (DAY, "day"),
        s if s >= HOUR => (HOUR, "hour"),
        s if s >= MINUTE => (MINUTE, "minute"),
        _ => (1, "second"),
    };
    let (whole, tenth) = (seconds / unit, seconds % unit * 10 / unit);
    match (whole, tenth) {
        (1, 0) => format!("1 {noun}"),
        (_, 0) => format!("{whole} {noun}s"),
        _ => format!("{whole}.{tenth} {noun}s"),
    }
}

/// A declared lifetime: `P6M` is `6 months`.
#[must_use]
pub fn declared(text: &str) -> String {
    match text {
        "until-cleared" => "until cleared".to_owned(),
        "transient" => "a moment".to_owned(),
        other => other.parse::<Span>().map_or_else(
            |_| other.to_owned(),
            |span| {
                SpanPrinter::new()
                    .designator(Designator::Verbose)
                    .spacing(Spacing::BetweenUnitsAndDesignators)
                    .span_to_string(&span)
            },
        ),
    }
}

/// How long the browser keeps the item, and what was asked for where that is longer.
pub(super) fn observed(item: &ReportItem) -> String {
    let stored = item.seen.iter().any(|s| s.presence == Presence::Present);
    let kept = match (item.key.store, item.lifetime.stored_s) {
        _ if item.status == ItemStatus::Predicted => return "not observed".to_owned(),
        _ if !stored => "not kept".to_owned(),
        (Store::Cookie, Some(seconds)) => span(seconds),
        (Store::Cookie, None) => "session".to_owned(),
        (Store::SessionStorage, _) => UNTIL_CLOSED.to_owned(),
        _ => "until cleared".to_owned(),
    };
    match item.lifetime.requested_s {
        // A day less is the time between the write and the snapshot, or rounding; no cap.
        Some(asked) if asked > item.lifetime.stored_s.unwrap_or(0).saturating_add(DAY) => {
            format!("{kept} (asked for {})", span(asked))
        }
        _ => kept,
    }
}

/// Observed and declared lifetime together.
pub(super) fn lifetime(item: &ReportItem) -> String {
    let observed = observed(item);
    let as_declared = |declared: &String| {
        *declared == observed || (declared == "session" && observed == UNTIL_CLOSED)
    };
    match item.lifetime.declared.as_deref().map(declared) {
        Some(declared) if as_declared(&declared) => format!("{observed}, as declared"),
        Some(declared) => format!("{observed}; declared: {declared}"),
        None if item.entry.is_some() => format!("{observed}; declared: nothing"),
        None => observed,
    }
}

/// The vendor's word for the role, where it is another one than ours.
pub(super) fn other_claim(item: &ReportItem) -> Option<&str> {
    item.claimed_role
        .as_deref()
        .filter(|claim| !claim.eq_ignore_ascii_case(item.role.as_str()))
}

/// Whether consent is needed, as far as is known.
pub(super) fn consent(item: &ReportItem) -> &'static str {
    match (item.exempt, item.role) {
        (true, _) => "needs no consent",
        (false, Role::Unclassified) => "in no catalogue",
        (false, _) => "needs consent",
    }
}

/// How the choice step of a visit went. A visitor who was to choose and never got that far has not
/// made none on purpose.
pub(super) fn choice(scenario: ScenarioId, choice: &ChoiceOutcome) -> String {
    let state = match choice.state {
        ChoiceState::None if scenario.choice() == Choice::None => "makes no choice",
        ChoiceState::None => "did not get as far as the choice",
        ChoiceState::Proven => "proven",
        ChoiceState::Unproven => "not proven",
        ChoiceState::NotOffered => "not offered",
    };
    // How a banner was closed, the evidence says: by a control, a key, or a click beside it.
    let told = choice.method.filter(|_| choice.asked != Choice::Dismiss);
    let method = told.map_or_else(String::new, |m| format!(", {}", m.in_words()));
    let allowed: Vec<&str> = choice.allowed.iter().map(|r| r.as_str()).collect();
    let allowed = match allowed.is_empty() {
        true => String::new(),
        false => format!(", allowing {}", allowed.join(" and ")),
    };
    match &choice.platform {
        Some(platform) => format!("{state}{method}{allowed} ({platform})"),
        None => format!("{state}{method}{allowed}"),
    }
}

/// What a visitor did: the choice step, and the service that was asked for.
pub(super) fn did(visit: &VisitSummary) -> String {
    let choice = choice(visit.scenario, &visit.choice);
    let Some(request) = &visit.service else {
        return choice;
    };
    let what = format!(
        "the {} of {}",
        request.service.as_deref().unwrap_or("service"),
        request.provider.as_deref().unwrap_or("a widget")
    );
    let request = match request.state {
        ChoiceState::None => "did not get as far as asking for a service".to_owned(),
        ChoiceState::Proven => format!("{what} was opened"),
        ChoiceState::Unproven => format!("{what} was asked for, not proven to have opened"),
        ChoiceState::NotOffered => "no widget to open was found".to_owned(),
    };
    format!("{choice}; {request}")
}

/// What supports that, one sentence each.
pub(super) fn did_evidence(visit: &VisitSummary) -> impl Iterator<Item = &String> {
    let request = visit.service.iter().flat_map(|r| &r.evidence);
    visit.choice.evidence.iter().chain(request)
}

/// Who wrote an item: `https://…/a.js:1:20433 in setCookie`.
pub(super) fn writer(writer: &Writer) -> String {
    let url = writer.url.as_deref().unwrap_or("of no known address");
    match (writer.kind, writer.stack.first()) {
        (WriterKind::Script, Some(top)) => stack_frame(top),
        (WriterKind::Script, None) => format!("script {url}"),
        (WriterKind::Response, _) => format!("response {url}"),
        (WriterKind::Unknown, _) => "not seen".to_owned(),
    }
}

/// What led to the first write, above the writer; nothing if no more than the writer is known.
pub(super) fn led_by(item: &ReportItem) -> Option<String> {
    let above = item.details.chain.get(1..)?;
    (!above.is_empty()).then(|| in_words(above))
}

/// The other sites that an item was sent to, each with the worst of its moments: `t.test before any
/// choice (url, base64)`.
pub(super) fn sent_to(item: &ReportItem, page: &str) -> Vec<String> {
    let page = host_of(page);
    let mut told: BTreeMap<&str, (PhaseId, BTreeSet<String>)> = BTreeMap::new();
    let others = item.details.sent_to.iter().map(|(_, to)| to);
    for to in others.filter(|to| !same_site(&to.host, &page)) {
        let (earliest, ways) = told
            .entry(&to.host)
            .or_insert_with(|| (to.phase, BTreeSet::new()));
        *earliest = to.phase.min(*earliest);
        ways.insert(way(to));
    }
    told.into_iter()
        .map(|(host, (phase, ways))| {
            let ways: Vec<String> = ways.into_iter().collect();
            let choice = if phase.precedes_choice() {
                "before a choice"
            } else {
                "after the choice"
            };
            format!("{host} {choice} ({})", ways.join(", "))
        })
        .collect()
}

fn way(to: &SentTo) -> String {
    match (to.carrier, to.form) {
        (Carrier::CookieHeader, _) => "as a cookie".to_owned(),
        (carrier, SentForm::Plain) => carrier.as_str().to_owned(),
        (carrier, form) => format!("{} as {}", carrier.as_str(), form.as_str()),
    }
}

fn stack_frame(frame: &StackFrame) -> String {
    let place = format!("{}:{}:{}", frame.url, frame.line, frame.column);
    if frame.function.is_empty() {
        place
    } else {
        format!("{place} in {}", frame.function)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_use_the_largest_unit_that_fits() {
        for (seconds, words) in [
            (-5, "0 seconds"),
            (1, "1 second"),
            (90, "1.5 minutes"),
            (86_400, "1 day"),
            (129_600, "1.5 days"),
            (15_552_000, "180 days"),
            (34_560_000, "400 days"),
            (63_072_000, "2 years"),
            (i64::MAX, "106751991167300.6 days"),
        ] {
            assert_eq!(span(seconds), words);
        }
    }

    #[test]
    fn a_choice_never_reached_is_not_said_to_be_none() {
        let outcome = ChoiceOutcome {
            asked: crate::model::choice::Choice::None,
            at_ms: None,
            state: ChoiceState::None,
            method: None,
            platform: None,
            presses: None,
            evidence: Vec::new(),
            allowed: Vec::new(),
        };
        assert_eq!(choice(ScenarioId::None, &outcome), "makes no choice");
        assert_eq!(
            choice(ScenarioId::Reject, &outcome),
            "did not get as far as the choice"
        );
    }

    #[test]
    fn declared_lifetimes_are_put_in_words() {
        for (text, words) in [
            ("P6M", "6 months"),
            ("P1Y", "1 year"),
            ("PT30M", "30 minutes"),
            ("session", "session"),
            ("until-cleared", "until cleared"),
            ("transient", "a moment"),
            ("sometimes", "sometimes"),
        ] {
            assert_eq!(declared(text), words);
        }
    }

    #[test]
    fn moments_have_one_decimal_from_a_second_on() {
        assert_eq!(offset(999), "+999 ms");
        assert_eq!(offset(3249), "+3.2 s");
    }
}
