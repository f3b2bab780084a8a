//! `leftover-after-withdrawal`: what came with a consent is still there after it was taken back.

use super::evidence::{catalogue, choice};
use super::finding_builder::{FindingBuilder, Says};
use super::items::{Kept, all, describe, needs_consent};
use super::withdrawal::{came_with_consent, judged, stays};
use super::{Check, Context, Doc, Outcome, Reach};
use crate::classify::ClassifiedVisit;
use crate::model::finding::{Class, Confidence, Finding, Severity};
use crate::model::scenario::{PhaseId, ScenarioId};

pub(super) struct LeftoverAfterWithdrawal;

impl Check for LeftoverAfterWithdrawal {
    fn id(&self) -> &'static str {
        "leftover-after-withdrawal"
    }

    fn class(&self) -> Class {
        Class::Judgement
    }

    fn doc(&self) -> Doc {
        Doc {
            severities: &[Severity::Error],
            scenarios: &[ScenarioId::Withdraw],
            what: "A cookie or storage key that needs consent came with the visitor's consent, and is \
                   still there after the consent was taken back and the page was loaded once more. \
                   Only where the withdrawal is proven. If it is written again after the withdrawal, \
                   rewrite-after-withdrawal speaks instead.",
            why: "Without consent there is no ground on which the item could stay; on the device it \
                  recognises the visitor as before.",
            evidence: "The item when the consent held and after the reload, and what proves the \
                       withdrawal.",
            source: "GDPR article 7(3) (2016); Kancherla et al., Johnny Can't Revoke Consent Either \
                     (2024)",
            fix: "Delete on withdrawal everything that was stored on the ground of the consent: \
                  cookies with the domain and path that they were set with, and storage of every kind.",
        }
    }

    fn reach(&self, _: &Context<'_>, visit: &ClassifiedVisit<'_>) -> Reach {
        judged(visit)
    }

    fn run(&self, context: &Context<'_>) -> Outcome {
        let wanting = all(context)
            .into_iter()
            .filter(|item| needs_consent(context, item).is_some());
        let left = wanting.filter_map(|item| {
            item.only(|s| came_with_consent(s) && stays(s) && s.item.after_choice.write.is_none())
        });
        let findings: Vec<Finding> = left.map(|kept| self.finding(context, &kept)).collect();
        findings.into()
    }
}

impl LeftoverAfterWithdrawal {
    fn finding(&self, context: &Context<'_>, kept: &Kept<'_>) -> Finding {
        let visit = kept.first.visit.visit;
        let says = Says {
            message: format!(
                "{} is still there after the visitor took the consent back",
                describe(kept.key, kept.known)
            ),
            help: self.doc().fix.to_owned(),
        };
        let phase = PhaseId::AfterWithdrawalReload;
        let sent = kept.first.item.after_choice.sent.as_ref();
        FindingBuilder::new(self, Severity::Error, Confidence::Confirmed, says)
            .seen_in(visit.scenario, Some(phase))
            .about(kept.key)
            .proven_by(context.present(visit, kept.key, phase))
            .and(sent.map(|s| context.sent(s)))
            .and([context.present(visit, kept.key, PhaseId::AfterReload)])
            .and(choice(visit))
            .and(kept.known.map(catalogue))
            .build()
    }
}
