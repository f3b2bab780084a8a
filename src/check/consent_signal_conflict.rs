//! `consent-signal-conflict`: the page tells others that the visitor consented, who rejected.

use super::evidence::choice;
use super::finding_builder::{FindingBuilder, Says};
use super::told::{grants, signal};
use super::{Check, Context, Doc, Outcome, Reach, reach};
use crate::classify::ClassifiedVisit;
use crate::model::choice::{Choice, ChoiceState};
use crate::model::finding::{Class, Confidence, Finding, Severity};
use crate::model::scenario::{PhaseId, ScenarioId};
use crate::model::visit::Visit;

/// The phase that began with the choice stored.
const PHASE: PhaseId = PhaseId::AfterReload;

pub(super) struct ConsentSignalConflict;

impl Check for ConsentSignalConflict {
    fn id(&self) -> &'static str {
        "consent-signal-conflict"
    }

    fn class(&self) -> Class {
        Class::Judgement
    }

    fn doc(&self) -> Doc {
        Doc {
            severities: &[Severity::Error],
            scenarios: &[ScenarioId::Reject],
            what: "After a rejection that is proven and a reload, the page still tells others that the \
                   visitor consents: Google's Consent Mode (the last update, or the parameter gcs of a \
                   request) grants storage, or the TCF interface lists purposes with consent. What the \
                   page says before the reload does not count, nor the parameter gcd, whose letters are \
                   not published.",
            why: "Vendors act on the signal and not on the record. If the two disagree, the refusal \
                  does not reach those whom it concerns.",
            evidence: "The signal with its value, and what proves the rejection.",
            source: "GDPR article 7(1) (2016); Matte et al., Do Cookie Banners Respect my Choice? (IEEE \
                     S&P 2020); Google, Consent Mode (2024)",
            fix: "Let the consent platform set every signal, and set them before the first tag runs.",
        }
    }

    fn reach(&self, _: &Context<'_>, visit: &ClassifiedVisit<'_>) -> Reach {
        reach::chosen(visit, &[Choice::Reject]).and(|| reach::phase(visit.visit, PHASE))
    }

    fn run(&self, context: &Context<'_>) -> Outcome {
        let visits = context.visits.iter().map(|v| v.visit);
        let findings: Vec<Finding> = visits.filter_map(|v| self.finding(v)).collect();
        findings.into()
    }
}

impl ConsentSignalConflict {
    fn finding(&self, visit: &Visit) -> Option<Finding> {
        let chosen = &visit.choice;
        if chosen.asked != Choice::Reject || chosen.state != ChoiceState::Proven {
            return None;
        }
        let told = grants(visit, PHASE);
        let first = told.first()?;
        let says = Says {
            message: format!(
                "after the rejection {} still says that the visitor consents",
                first.name
            ),
            help: self.doc().fix.to_owned(),
        };
        Some(
            FindingBuilder::new(self, Severity::Error, Confidence::Confirmed, says)
                .seen_in(visit.scenario, Some(PHASE))
                .proven_by(signal(first, PHASE))
                .and(
                    told.iter()
                        .skip(1)
                        .map(|s| signal(s, PHASE))
                        .collect::<Vec<_>>(),
                )
                .and(choice(visit))
                .build(),
        )
    }
}
