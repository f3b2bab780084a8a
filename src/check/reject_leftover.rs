//! `reject-leftover`: what was stored before the visitor rejected is still there afterwards.

use super::evidence::{catalogue, choice};
use super::finding_builder::{FindingBuilder, Says};
use super::items::{Kept, Sighting, all, describe, needs_consent};
use super::{Check, Context, Doc, Outcome, Reach, reach};
use crate::classify::ClassifiedVisit;
use crate::model::choice::{Choice, ChoiceState};
use crate::model::finding::{Class, Confidence, Finding, Severity};
use crate::model::item::Presence;
use crate::model::scenario::{PhaseId, ScenarioId};

pub(super) struct RejectLeftover;

impl Check for RejectLeftover {
    fn id(&self) -> &'static str {
        "reject-leftover"
    }

    fn class(&self) -> Class {
        Class::Judgement
    }

    fn doc(&self) -> Doc {
        Doc {
            severities: &[Severity::Warn],
            scenarios: &[ScenarioId::Reject],
            what: "A cookie or storage key that needs consent was stored before the visitor chose, and \
                   is still there after a rejection that is proven and a reload. If it is also \
                   written or sent after the rejection, reject-ignored speaks instead.",
            why: "Who refuses takes away any ground on which the item could have been kept. Left on \
                  the device, it can be read on the next visit.",
            evidence: "The item before the choice and after the reload, and what proves the choice.",
            source: "GDPR article 7 (2016); CNIL, deliberation 2020-091 (2020)",
            fix: "Do not store it before the choice; and delete, when the visitor rejects, what was \
                  stored all the same.",
        }
    }

    fn reach(&self, _: &Context<'_>, visit: &ClassifiedVisit<'_>) -> Reach {
        reach::chosen(visit, &[Choice::Reject])
            .and(|| reach::phase(visit.visit, PhaseId::AfterReload))
    }

    fn run(&self, context: &Context<'_>) -> Outcome {
        let wanting = all(context)
            .into_iter()
            .filter(|item| needs_consent(context, item).is_some());
        let findings: Vec<Finding> = wanting
            .filter_map(|item| item.only(is_left))
            .filter_map(|kept| self.finding(context, &kept))
            .collect();
        findings.into()
    }
}

fn is_left(seen: &Sighting<'_>) -> bool {
    let choice = &seen.visit.visit.choice;
    let after = &seen.item.after_choice;
    let there = |story: Option<&crate::model::item::PhaseStory>| {
        story.is_some_and(|s| s.presence == Presence::Present)
    };
    choice.asked == Choice::Reject
        && choice.state == ChoiceState::Proven
        && seen.item.first_kept(PhaseId::precedes_choice).is_some()
        && there(seen.item.item.phase(PhaseId::AfterReload))
        && after.write.is_none()
        && after.sent.is_none()
}

impl RejectLeftover {
    fn finding(&self, context: &Context<'_>, kept: &Kept<'_>) -> Option<Finding> {
        let early = kept.first.item.first_kept(PhaseId::precedes_choice)?;
        let visit = kept.first.visit.visit;
        let says = Says {
            message: format!(
                "{} was stored before the choice and is still there after the visitor had rejected",
                describe(kept.key, kept.known)
            ),
            help: self.doc().fix.to_owned(),
        };
        let (first, more) = context.kept(&kept.first, early);
        Some(
            FindingBuilder::new(self, Severity::Warn, Confidence::Confirmed, says)
                .seen_in(kept.first.scenario(), Some(PhaseId::AfterReload))
                .about(kept.key)
                .proven_by(context.present(visit, kept.key, PhaseId::AfterReload))
                .and([first])
                .and(more)
                .and(choice(visit))
                .and(kept.known.map(catalogue))
                .build(),
        )
    }
}
