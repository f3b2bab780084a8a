//! What a page tells others about the visitor's consent: signals that still say yes on a page that was
//! loaded after a refusal.

use super::evidence::fact;
use crate::model::finding::Evidence;
use crate::model::observation::Event;
use crate::model::scenario::PhaseId;
use crate::model::signal::{Signal, of_request};
use crate::model::visit::Visit;

/// Types of consent of Consent Mode that a refusal denies.
const DENIED: [&str; 4] = [
    "ad_storage",
    "analytics_storage",
    "ad_user_data",
    "ad_personalization",
];

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
    let named = |name: &'static str| snapshot.signals.iter().filter(move |s| s.name == name);
    // The last one counts, and an update counts more than a default.
    let mode = named("consent-mode.update").next_back();
    let mode = mode.or_else(|| named("consent-mode.default").next_back());
    let applies = named("tcf.gdprApplies").any(|s| s.value == "true");
    let purposes = named("tcf.purposeConsents").filter(|s| applies && s.value != "none");
    mode.filter(|s| grants_mode(&s.value))
        .into_iter()
        .chain(purposes)
        .cloned()
        .collect()
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
pub(super) fn signal(signal: &Signal, phase: PhaseId) -> Evidence {
    fact(
        "signal",
        format!("{} {}: {}", phase.in_words(), signal.name, signal.value),
    )
}
