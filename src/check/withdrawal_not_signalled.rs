//! `withdrawal-not-signalled`: the page tells others that the visitor consents, who took it back.

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
const PHASE: PhaseId = PhaseId::AfterWithdrawalReload;

pub(super) struct WithdrawalNotSignalled;

impl Check for WithdrawalNotSignalled {
    fn id(&self) -> &'static str {
        "withdrawal-not-signalled"
    }

    fn class(&self) -> Class {
        Class::Judgement
    }

    fn doc(&self) -> Doc {
        Doc {
            severities: &[Severity::Error],
            scenarios: &[ScenarioId::Withdraw],
            what: "After a withdrawal that is proven and a reload, the page still tells others that the \
                   visitor consents: Google's Consent Mode (the last update, or the parameter gcs of a \
                   request) grants storage, or the TCF interface lists purposes with consent.",
            why: "Whoever was told of the consent must be told that it has ended; without that they go on \
                  as before.",
            evidence: "The signal with its value, and what proves the withdrawal.",
            source: "GDPR article 7(3) (2016); Kancherla et al., Johnny Can't Revoke Consent Either (2024)",
            fix: "Update every signal when the visitor takes the consent back.",
        }
    }

    fn reach(&self, _: &Context<'_>, visit: &ClassifiedVisit<'_>) -> Reach {
        reach::chosen(visit, &[Choice::Withdraw]).and(|| reach::phase(visit.visit, PHASE))
    }

    fn run(&self, context: &Context<'_>) -> Outcome {
        let visits = context.visits.iter().map(|v| v.visit);
        let findings: Vec<Finding> = visits.filter_map(|v| self.finding(v)).collect();
        findings.into()
    }
}

impl WithdrawalNotSignalled {
    fn finding(&self, visit: &Visit) -> Option<Finding> {
        let chosen = &visit.choice;
        if chosen.asked != Choice::Withdraw || chosen.state != ChoiceState::Proven {
            return None;
        }
        let told = grants(visit, PHASE);
        let first = told.first()?;
        let says = Says {
            message: format!(
                "after the withdrawal {} still says that the visitor consents",
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
