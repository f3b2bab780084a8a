//! What a page tells others about the visitor's consent: signals that still say yes on a page that was
//! loaded after a refusal, or still no after an acceptance.

use super::Check;
use super::evidence::{choice, fact};
use super::finding_builder::{FindingBuilder, Says};
use crate::model::choice::{Choice, ChoiceState};
use crate::model::finding::{Confidence, Evidence, Finding, Severity};
use crate::model::observation::Event;
use crate::model::scenario::PhaseId;
use crate::model::signal::{Signal, of_request};
use crate::model::snapshot::Snapshot;
use crate::model::visit::Visit;

/// Types of consent of Consent Mode that a refusal denies.
const DENIED: [&str; 4] = [
    "ad_storage",
    "analytics_storage",
    "ad_user_data",
    "ad_personalization",
];

/// What Consent Mode is told once the visitor has chosen.
const UPDATE: &str = "consent-mode.update";

/// A choice, and what a page that was loaded with it stored must not say.
pub(super) struct Held {
    /// The choice, which must be proven.
    pub(super) asked: Choice,
    /// The phase that began with the choice stored.
    pub(super) phase: PhaseId,
    /// Its name in a sentence, and what the signals say all the same.
    pub(super) words: (&'static str, &'static str),
    /// How bad it is if they do.
    pub(super) severity: Severity,
}

impl Held {
    /// The finding, if the visit made this choice and there are signals that deny it.
    pub(super) fn against(
        &self,
        visit: &Visit,
        check: &dyn Check,
        denied_by: impl Fn(&Visit, PhaseId) -> Vec<Signal>,
    ) -> Option<Finding> {
        let chosen = &visit.choice;
        if chosen.asked != self.asked || chosen.state != ChoiceState::Proven {
            return None;
        }
        let told = denied_by(visit, self.phase);
        let (first, others) = told.split_first()?;
        let (after, says) = self.words;
        let says = Says {
            message: format!("after the {after} {} still says that {says}", first.name),
            help: check.doc().fix.to_owned(),
        };
        let others = others.iter().map(|told| signal(told, self.phase));
        Some(
            FindingBuilder::new(check, self.severity, Confidence::Confirmed, says)
                .seen_in(visit.scenario, Some(self.phase))
                .proven_by(signal(first, self.phase))
                .and(others.collect::<Vec<_>>())
                .and(choice(visit))
                .build(),
        )
    }
}

/// Every signal that refuses what was accepted, in a phase that began with the acceptance stored. A
/// default that nobody updates may be one that nobody on the page goes by.
pub(super) fn denials(visit: &Visit, phase: PhaseId) -> Vec<Signal> {
    let Some(snapshot) = visit.snapshot(phase) else {
        return Vec::new();
    };
    let (mode, tcf) = page_says(snapshot);
    let mode = mode.filter(|s| s.name == UPDATE && denies_mode(&s.value));
    // A platform that still asks has nothing to say yet.
    let mut signals = snapshot.signals.iter();
    let asks = signals.any(|s| s.name == "tcf.eventStatus" && s.value == "cmpuishown");
    let tcf = tcf.filter(|s| !asks && s.value == "none");
    mode.into_iter().chain(tcf).cloned().collect()
}

/// Every signal that grants what was refused, in a phase that began with the refusal stored.
pub(super) fn grants(visit: &Visit, phase: PhaseId) -> Vec<Signal> {
    let mut grants = by_the_page(visit, phase);
    for signal in by_requests(visit, phase) {
        if !grants.contains(&signal) {
            grants.push(signal);
        }
    }
    grants
}

/// What the page's own interfaces say at the end of the phase.
fn by_the_page(visit: &Visit, phase: PhaseId) -> Vec<Signal> {
    let Some(snapshot) = visit.snapshot(phase) else {
        return Vec::new();
    };
    let (mode, tcf) = page_says(snapshot);
    let mode = mode.filter(|s| grants_mode(&s.value));
    let tcf = tcf.filter(|s| s.value != "none");
    mode.into_iter().chain(tcf).cloned().collect()
}

/// What Consent Mode says, if anything, and what the TCF interface says of purposes where its law
/// applies.
fn page_says(snapshot: &Snapshot) -> (Option<&Signal>, impl Iterator<Item = &Signal>) {
    let named = |name: &'static str| snapshot.signals.iter().filter(move |s| s.name == name);
    // The last one counts, and an update counts more than a default.
    let mode = named(UPDATE).next_back();
    let mode = mode.or_else(|| named("consent-mode.default").next_back());
    let applies = named("tcf.gdprApplies").any(|s| s.value == "true");
    let purposes = named("tcf.purposeConsents").filter(move |_| applies);
    (mode, purposes)
}

/// Whether all that can be refused is.
fn denies_mode(value: &str) -> bool {
    let parts = value.split(", ").filter_map(|part| part.split_once('='));
    let mut states = parts.filter(|(name, _)| DENIED.contains(name)).peekable();
    states.peek().is_some() && states.all(|(_, state)| state == "denied")
}

/// `ad_storage=granted, analytics_storage=denied`.
fn grants_mode(value: &str) -> bool {
    value.split(", ").any(|part| {
        let known = part.split_once('=');
        known.is_some_and(|(name, state)| DENIED.contains(&name) && state == "granted")
    })
}

/// What the parameters of requests say.
fn by_requests(visit: &Visit, phase: PhaseId) -> Vec<Signal> {
    let mut grants = Vec::new();
    for observation in visit.observations.iter().filter(|o| o.phase == phase) {
        let Event::Request(request) = &observation.event else {
            continue;
        };
        let told = of_request(&request.url).into_iter();
        // The letters of `gcd` are not published; `gcs` is what practitioners agree on.
        grants.extend(told.filter(|s| s.name == "request.gcs" && s.value.contains(" granted")));
    }
    grants
}

/// A signal as evidence.
fn signal(signal: &Signal, phase: PhaseId) -> Evidence {
    fact(
        "signal",
        format!("{} {}: {}", phase.in_words(), signal.name, signal.value),
    )
}
