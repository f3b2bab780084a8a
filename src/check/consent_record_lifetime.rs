//! `consent-record-lifetime`: the record of the choice is kept for too short or too long a time.

use super::evidence::{choice, fact};
use super::expiry::{CONSENT_RECORD, longest_of};
use super::finding_builder::{FindingBuilder, Says};
use super::items::{Sightings, all, describe, lifetime};
use super::records::is_record;
use super::{Check, Context, Doc, Outcome, Reach, reach};
use crate::classify::ClassifiedVisit;
use crate::model::choice::{Choice, ChoiceState};
use crate::model::finding::{Class, Confidence, Finding, Severity};
use crate::model::scenario::{PhaseId, ScenarioId};
use crate::profile::Limit;

pub(super) struct ConsentRecordLifetime;

impl Check for ConsentRecordLifetime {
    fn id(&self) -> &'static str {
        "consent-record-lifetime"
    }

    fn class(&self) -> Class {
        Class::Judgement
    }

    fn doc(&self) -> Doc {
        Doc {
            severities: &[Severity::Error, Severity::Warn, Severity::Info],
            scenarios: &[ScenarioId::Reject, ScenarioId::Accept],
            what: "After a choice that is proven, the cookie that records it asks for a shorter life \
                   than the profile's authority wants the choice to be remembered, or for a longer \
                   one than consent is valid there. What was stored before the choice does not \
                   count: some platforms store a placeholder with a lifetime of decades. Months \
                   count as 30 days at least and 31 at most. Profiles without a window do not use \
                   this check.",
            why: "Who has refused is not to be asked again on every visit, and who has consented is to \
                  be asked again in time. Authorities differ in what they want.",
            evidence: "The raw line of the record, and the profile's window.",
            source: "CNIL, deliberation 2020-092 (2020); Garante, guidelines of 10 June 2021; DPC \
                     (Ireland), guidance note on cookies (2020)",
            fix: "Set the lifetime of the consent platform's record within the window.",
        }
    }

    fn reach(&self, context: &Context<'_>, visit: &ClassifiedVisit<'_>) -> Reach {
        let window = &context.profile.record;
        if window.at_least.is_none() && window.at_most.is_none() {
            return reach::not_applicable("the profile has no window for the record of the choice");
        }
        reach::chosen(visit, &[Choice::Reject, Choice::Accept])
    }

    fn run(&self, context: &Context<'_>) -> Outcome {
        let findings: Vec<Finding> = all(context)
            .iter()
            .filter_map(|item| self.finding(context, item))
            .collect();
        findings.into()
    }
}

impl ConsentRecordLifetime {
    fn finding(&self, context: &Context<'_>, item: &Sightings<'_>) -> Option<Finding> {
        let catalogued = item.known().and_then(|k| k.entry.sub_type.as_deref());
        let chosen = item.seen.iter().find(|s| {
            let choice = &s.visit.visit.choice;
            choice.asked != Choice::None && choice.state == ChoiceState::Proven
        })?;
        let visit = chosen.visit.visit;
        if catalogued != Some(CONSENT_RECORD) && !is_record(context, visit, item.key) {
            return None;
        }
        let asked = longest_of(context, item, |phase: PhaseId| !phase.precedes_choice())?;
        let window = &context.profile.record;
        let slack = context.profile.expiry.min_excess_s;
        let short = window.at_least.as_ref().filter(|limit| {
            let least = limit.within.lower_s().unwrap_or(0);
            asked.seconds.saturating_add(slack) < least
        });
        let long = window
            .at_most
            .as_ref()
            .filter(|limit| asked.seconds.saturating_sub(slack) > limit.upper_s());
        let (limit, word) = short
            .map(|l| (l, "at least"))
            .or(long.map(|l| (l, "at most")))?;
        let says = Says {
            message: format!(
                "{} records the choice for {}, but profile {} wants {word} {}",
                describe(item.key, item.known()),
                lifetime(asked.seconds),
                context.profile.id,
                limit.within.in_words()
            ),
            help: self.doc().fix.to_owned(),
        };
        Some(
            FindingBuilder::new(self, limit.severity, Confidence::Confirmed, says)
                .seen_in(asked.scenario, Some(asked.phase))
                .about(item.key)
                .proven_by(asked.proof)
                .and(asked.cause)
                .and([rule(context, limit, word)])
                .and(choice(visit))
                .build(),
        )
    }
}

fn rule(context: &Context<'_>, limit: &Limit, word: &str) -> crate::model::finding::Evidence {
    let text = format!(
        "profile {}: {word} {} ({})",
        context.profile.id,
        limit.within.in_words(),
        limit.sources.join("; ")
    );
    fact("profile", text)
}
