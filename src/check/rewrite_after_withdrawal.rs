//! `rewrite-after-withdrawal`: after the consent was taken back, something that needs it is written.

use super::evidence::{catalogue, choice};
use super::finding_builder::{FindingBuilder, Says};
use super::items::{Kept, Sighting, all, describe, needs_consent};
use super::withdrawal::{is_proven, judged, stays};
use super::{Check, Context, Doc, Outcome, Reach};
use crate::classify::ClassifiedVisit;
use crate::model::finding::{Class, Confidence, Finding, Severity};
use crate::model::scenario::ScenarioId;

pub(super) struct RewriteAfterWithdrawal;

impl Check for RewriteAfterWithdrawal {
    fn id(&self) -> &'static str {
        "rewrite-after-withdrawal"
    }

    fn class(&self) -> Class {
        Class::Judgement
    }

    fn doc(&self) -> Doc {
        Doc {
            severities: &[Severity::Error],
            scenarios: &[ScenarioId::Withdraw],
            what: "After the visitor took the consent back, a cookie or storage key that needs consent \
                   is set, gets another value or a new lifetime, and is there at the end. Only where \
                   the withdrawal is proven; what is deleted or written for a moment does not count.",
            why: "Taking consent back must end what it allowed. A script that goes on writing has not \
                  been told, or does not listen.",
            evidence: "What proves the withdrawal, and the first write after it.",
            source: "GDPR article 7(3) (2016); Kancherla et al., Johnny Can't Revoke Consent Either \
                     (2024)",
            fix: "Make the script ask the consent platform before every write, or reload the page \
                  without it once the consent is taken back.",
        }
    }

    fn reach(&self, _: &Context<'_>, visit: &ClassifiedVisit<'_>) -> Reach {
        judged(visit)
    }

    fn run(&self, context: &Context<'_>) -> Outcome {
        let wanting = all(context)
            .into_iter()
            .filter(|item| needs_consent(context, item).is_some());
        let findings: Vec<Finding> = wanting
            .filter_map(|item| item.only(is_rewritten))
            .filter_map(|kept| self.finding(context, &kept))
            .collect();
        findings.into()
    }
}

fn is_rewritten(seen: &Sighting<'_>) -> bool {
    is_proven(seen.visit.visit) && seen.item.after_choice.write.is_some() && stays(seen)
}

impl RewriteAfterWithdrawal {
    fn finding(&self, context: &Context<'_>, kept: &Kept<'_>) -> Option<Finding> {
        let visit = kept.first.visit.visit;
        let write = kept.first.item.after_choice.write.as_ref()?;
        let says = Says {
            message: format!(
                "{} was written after the visitor had taken the consent back",
                describe(kept.key, kept.known)
            ),
            help: self.doc().fix.to_owned(),
        };
        let sent = kept.first.item.after_choice.sent.as_ref();
        Some(
            FindingBuilder::new(self, Severity::Error, Confidence::Confirmed, says)
                .seen_in(visit.scenario, Some(write.phase))
                .about(kept.key)
                .proven_by(context.write(kept.key, write))
                .and(context.cause(write))
                .and(sent.map(|s| context.sent(s)))
                .and(choice(visit))
                .and(kept.known.map(catalogue))
                .build(),
        )
    }
}
