//! `blocked-or-challenged`: the page, or a provider on it, did not answer as it would to a visitor.

use std::collections::{BTreeMap, BTreeSet};

use super::finding_builder::{FindingBuilder, Says};
use super::{Check, Context, Doc, Outcome, Reach};
use crate::catalogue::presence::address_matches;
use crate::catalogue::{NeedsResponse, Provider};
use crate::classify::ClassifiedVisit;
use crate::model::fault::{Fault, FaultKind};
use crate::model::finding::{Class, Confidence, Evidence, Finding, Severity};
use crate::model::observation::Event;
use crate::model::scenario::{PhaseId, ScenarioId};
use crate::model::visit::Visit;

pub(super) struct BlockedOrChallenged;

impl Check for BlockedOrChallenged {
    fn id(&self) -> &'static str {
        "blocked-or-challenged"
    }

    fn class(&self) -> Class {
        Class::Health
    }

    fn doc(&self) -> Doc {
        Doc {
            severities: &[Severity::Warn],
            scenarios: &ScenarioId::ALL,
            what: "A visit could not be made as the scenario says: the host was not found or did \
                   not answer, TLS failed, the status was 400 or above, the answer was a bot check, \
                   an empty page, a download or another site, the browser ended, or the engine cannot \
                   make a visit of this scenario. Or a provider \
                   on the page was refused the request without which it does not store all that it \
                   stores for visitors. The verdict is then inconclusive, for the provider as well \
                   as for the page.",
            why: "A page that was not seen has not passed.",
            evidence: "The fault in each visit, or the provider's request and the answer to it.",
            source: "This project's own rule: what was not observed is not passed",
            fix: "Make the page reachable from where the scan runs (network, firewall, bot \
                  protection), then scan again.",
        }
    }

    fn reach(&self, _: &Context<'_>, _: &ClassifiedVisit<'_>) -> Reach {
        Reach::Ran
    }

    fn run(&self, context: &Context<'_>) -> Outcome {
        let mut outcome = Outcome::default();
        for ((_, message), seen) in faults(context) {
            let names: Vec<&str> = seen.iter().map(|(s, _)| s.as_str()).collect();
            outcome
                .inconclusive
                .push(format!("{message} (scenario {})", names.join(", ")));
            outcome.findings.extend(self.fault(&message, &seen));
        }
        for provider in &context.catalogue.providers {
            if let Some(needs) = &provider.needs_response {
                self.provider(context, provider, needs, &mut outcome);
            }
        }
        outcome
    }
}

type Seen<'a> = Vec<(ScenarioId, &'a Fault)>;

/// The faults of all visits; one that several visits share is told once.
fn faults<'a>(context: &Context<'a>) -> BTreeMap<(FaultKind, String), Seen<'a>> {
    let mut faults: BTreeMap<(FaultKind, String), Seen<'a>> = BTreeMap::new();
    for visit in context.visits.iter().map(|v| v.visit) {
        for fault in &visit.faults {
            let key = (fault.kind, fault.message.clone());
            faults.entry(key).or_default().push((visit.scenario, fault));
        }
    }
    faults
}

/// The answer that has not come.
const UNANSWERED: &str = "did not answer";

/// What became of the request that a provider needs.
struct Refusal<'a> {
    visit: &'a Visit,
    phase: PhaseId,
    at_ms: u64,
    url: &'a str,
    /// In words.
    answer: String,
}

/// What to do about a browser that failed: nothing that the page's owner could change.
const BROWSER_FAILED: &str = "Scan again; if the browser fails again, `preconsent doctor` says what \
                              is wrong, or the machine has too little memory or time for it.";

/// What to do about a scenario that the engine cannot make.
const UNSUPPORTED: &str = "Scan with a browser that preconsent starts, or leave the scenario out \
                           (--scenario).";

impl BlockedOrChallenged {
    /// A browser that failed is no matter of networks and firewalls.
    fn fix_for(&self, seen: &Seen<'_>) -> String {
        let crashed = |(_, fault): &(ScenarioId, &Fault)| fault.kind == FaultKind::BrowserCrash;
        if seen.iter().all(crashed) {
            return BROWSER_FAILED.to_owned();
        }
        let unsupported = |(_, fault): &(ScenarioId, &Fault)| fault.kind == FaultKind::Unsupported;
        if seen.iter().all(unsupported) {
            return UNSUPPORTED.to_owned();
        }
        self.doc().fix.to_owned()
    }

    fn fault(&self, message: &str, seen: &Seen<'_>) -> Option<Finding> {
        let says = Says {
            message: message.to_owned(),
            help: self.fix_for(seen),
        };
        let mut evidence = seen.iter().map(|(scenario, fault)| Evidence {
            kind: "fault".to_owned(),
            at_ms: Some(fault.at_ms),
            text: format!("{} in scenario {}", fault.kind.as_str(), scenario.as_str()),
            source: None,
        });
        let (scenario, _) = seen.first()?;
        Some(
            FindingBuilder::new(self, Severity::Warn, Confidence::Confirmed, says)
                .seen_in(*scenario, None)
                .proven_by(evidence.next()?)
                .and(evidence)
                .build(),
        )
    }

    fn provider(
        &self,
        context: &Context<'_>,
        provider: &Provider,
        needs: &NeedsResponse,
        outcome: &mut Outcome,
    ) {
        let visits = context.visits.iter().map(|v| v.visit);
        let refusals: Vec<Refusal<'_>> = visits.filter_map(|v| refusal(v, &needs.url)).collect();
        let Some(first) = refusals.first() else {
            return;
        };
        let otherwise = needs.otherwise.trim_end_matches('.');
        let says = Says {
            message: format!("{} {}: {otherwise}", provider.name, first.answer),
            help:
                "Let the scan reach the provider as a visitor's browser does (allowed domains in \
                   the provider's settings, firewall), then scan again."
                    .to_owned(),
        };
        let mut evidence = refusals.iter().map(|refusal| Evidence {
            kind: "request".to_owned(),
            at_ms: Some(refusal.at_ms),
            text: format!("{} {}", provider.name, refusal.answer),
            source: Some(context.redactor.url(refusal.url)),
        });
        if let Some(proof) = evidence.next() {
            let finding = FindingBuilder::new(self, Severity::Warn, Confidence::Confirmed, says)
                .seen_in(first.visit.scenario, Some(first.phase))
                .proven_by(proof)
                .and(evidence)
                .build();
            outcome.findings.push(finding);
        }
        outcome
            .inconclusive
            .push(format!("{} {}: {otherwise}", provider.name, first.answer));
    }
}

/// Whether the request that a provider needs was made in a visit and never succeeded. Browsers ask
/// for permission first (`OPTIONS`); the answer to that is not the answer that counts.
fn refusal<'a>(visit: &'a Visit, pattern: &str) -> Option<Refusal<'a>> {
    let mut asked: BTreeSet<&str> = BTreeSet::new();
    let mut refusal: Option<Refusal<'a>> = None;
    for observation in &visit.observations {
        let (id, url, answer) = match &observation.event {
            Event::Request(request)
                if request.method != "OPTIONS" && address_matches(pattern, &request.url) =>
            {
                asked.insert(&request.id);
                (&request.id, &request.url, UNANSWERED.to_owned())
            }
            Event::Response(response) if address_matches(pattern, &response.url) => {
                let answer = format!("answered with status {}", response.status);
                match response.status {
                    _ if !asked.contains(response.id.as_str()) => continue,
                    204 | 205 | 400.. => (&response.id, &response.url, answer),
                    200..300 if response.body_bytes == Some(0) => {
                        let answer = format!("{answer} and nothing else");
                        (&response.id, &response.url, answer)
                    }
                    200..300 => return None,
                    _ => continue,
                }
            }
            Event::RequestFailed(failed) => {
                let answer = format!("could not be asked ({})", failed.reason);
                (&failed.id, &failed.url, answer)
            }
            _ => continue,
        };
        let unanswered = |r: &Refusal<'_>| r.answer == UNANSWERED;
        if asked.contains(id.as_str()) && refusal.as_ref().is_none_or(unanswered) {
            refusal = Some(Refusal {
                visit,
                phase: observation.phase,
                at_ms: observation.at_ms,
                url,
                answer,
            });
        }
    }
    refusal
}
