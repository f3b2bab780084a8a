//! `re-prompt-too-soon`: the banner asks again although the refusal is stored.

use super::evidence::choice;
use super::finding_builder::{FindingBuilder, Says};
use super::records::{self, Record};
use super::{Check, Context, Doc, Outcome, Reach, reach};
use crate::classify::ClassifiedVisit;
use crate::consent::record::RecordState;
use crate::model::choice::{ASKS_AGAIN, Choice, Method};
use crate::model::finding::{Class, Confidence, Finding, Severity};
use crate::model::scenario::{PhaseId, ScenarioId};
use crate::model::visit::Visit;

pub(super) struct RePromptTooSoon;

impl Check for RePromptTooSoon {
    fn id(&self) -> &'static str {
        "re-prompt-too-soon"
    }

    fn class(&self) -> Class {
        Class::Judgement
    }

    fn doc(&self) -> Doc {
        Doc {
            severities: &[Severity::Warn],
            scenarios: &[ScenarioId::Reject],
            what: "The visitor rejected, the platform's record says so, and after a reload the record \
                   is still there, but the banner asks again. Only for platforms whose record can be \
                   read: of others nobody knows whether the choice was stored at all.",
            why: "Asking again and again until the visitor gives in is no free choice. Authorities \
                  want a refusal to be remembered for about half a year.",
            evidence: "The record after the reload, and that the banner was there again.",
            source: "Garante, guidelines of 10 June 2021; CNIL, deliberation 2020-092 (2020)",
            fix: "Let the platform read its own record before it shows the banner.",
        }
    }

    fn reach(&self, context: &Context<'_>, visit: &ClassifiedVisit<'_>) -> Reach {
        let visited = visit.visit;
        if visited.choice.asked != Choice::Reject {
            return reach::not_applicable("needs the choice reject");
        }
        if visited.choice.method == Some(Method::Seeded) {
            return reach::not_applicable("nothing was pressed");
        }
        if records::at(context, visited, PhaseId::AfterReload).is_empty() {
            return reach::not_applicable("no record of the choice can be read after the reload");
        }
        reach::any(visit)
    }

    fn run(&self, context: &Context<'_>) -> Outcome {
        let visits = context.visits.iter().map(|v| v.visit);
        let findings: Vec<Finding> = visits.filter_map(|v| self.judge(context, v)).collect();
        findings.into()
    }
}

impl RePromptTooSoon {
    fn judge(&self, context: &Context<'_>, visit: &Visit) -> Option<Finding> {
        let asks_again = visit.choice.evidence.iter().any(|e| e == ASKS_AGAIN);
        if visit.choice.asked != Choice::Reject || visit.choice.method.is_none() || !asks_again {
            return None;
        }
        if visit.choice.method == Some(Method::Seeded) {
            // The site never asked before, and need not know the record.
            return None;
        }
        let after = records::at(context, visit, PhaseId::AfterReload);
        let refuses = |record: &&Record<'_>| record.state == RecordState::Rejected;
        let record = after.iter().find(refuses)?;
        let says = Says {
            message: format!(
                "the banner asks again, although the record {} refuses",
                record.place.name
            ),
            help: self.doc().fix.to_owned(),
        };
        Some(
            FindingBuilder::new(self, Severity::Warn, Confidence::Confirmed, says)
                .seen_in(visit.scenario, Some(PhaseId::AfterReload))
                .proven_by(context.record(record, PhaseId::AfterReload))
                .and(choice(visit))
                .build(),
        )
    }
}
