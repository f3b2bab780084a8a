//! `reject-harder`: refusing takes more presses than accepting.

use super::evidence::{choice, fact};
use super::finding_builder::{FindingBuilder, Says};
use super::withdraw_unavailable::accepted;
use super::{Check, Context, Doc, Outcome, Reach, reach};
use crate::classify::ClassifiedVisit;
use crate::model::choice::{Choice, ChoiceState};
use crate::model::finding::{Class, Confidence, Finding, Severity};
use crate::model::scenario::{PhaseId, ScenarioId};
use crate::model::visit::Visit;

pub(super) struct RejectHarder;

impl Check for RejectHarder {
    fn id(&self) -> &'static str {
        "reject-harder"
    }

    fn class(&self) -> Class {
        Class::Judgement
    }

    fn doc(&self) -> Doc {
        Doc {
            severities: &[Severity::Warn],
            scenarios: &[ScenarioId::Reject],
            what: "Refusing took more presses than accepting: there is no control for it beside the one \
                   that accepts, and the visitor has to open settings, put off switches or save first. \
                   Both choices must be proven. Likely and no more, since there may be a shorter way \
                   that was not found.",
            why: "Refusing must be as easy as accepting. Who has to look for it often gives up.",
            evidence: "The controls that were pressed for both, and how many they were.",
            source: "CNIL, deliberation 2020-092 (2020); EDPB, report of the Cookie Banner Taskforce \
                     (2023), part A",
            fix: "Put a control that refuses everything beside the one that accepts everything.",
        }
    }

    fn reach(&self, context: &Context<'_>, visit: &ClassifiedVisit<'_>) -> Reach {
        reach::chosen(visit, &[Choice::Reject]).and(|| {
            let given = accepted(context).map(|visit| visit.choice.presses);
            match (given, visit.visit.choice.presses) {
                (None, _) => reach::not_applicable("needs an acceptance that is proven as well"),
                (Some(Some(_)), Some(_)) => Reach::Ran,
                _ => reach::not_applicable("a function was called where nothing could be pressed"),
            }
        })
    }

    fn run(&self, context: &Context<'_>) -> Outcome {
        let Some(accepted) = accepted(context) else {
            return Outcome::default();
        };
        let visits = context.visits.iter().map(|v| v.visit);
        let findings: Vec<Finding> = visits
            .filter_map(|visit| self.finding(visit, accepted))
            .collect();
        findings.into()
    }
}

impl RejectHarder {
    fn finding(&self, visit: &Visit, accepted: &Visit) -> Option<Finding> {
        let refused = &visit.choice;
        if refused.asked != Choice::Reject || refused.state != ChoiceState::Proven {
            return None;
        }
        let (accept, reject) = (accepted.choice.presses?, refused.presses?);
        if reject <= accept {
            return None;
        }
        let says = Says {
            message: format!("rejecting takes {reject} presses, and accepting {accept}"),
            help: self.doc().fix.to_owned(),
        };
        let counted = format!("{reject} presses to reject, {accept} to accept");
        Some(
            FindingBuilder::new(self, Severity::Warn, Confidence::Likely, says)
                .seen_in(visit.scenario, Some(PhaseId::AfterChoice))
                .proven_by(fact("choice", counted))
                .and(choice(visit))
                .and(choice(accepted))
                .build(),
        )
    }
}
