//! `expiry-exceeds-policy`: a cookie asks to be kept for longer than the profile allows its kind.

use super::evidence::{catalogue, fact};
use super::expiry::longest;
use super::finding_builder::{FindingBuilder, Says};
use super::items::{Sightings, all, describe, lifetime};
use super::{Check, Context, Doc, Outcome, Reach, reach};
use crate::classify::{ClassifiedVisit, Known};
use crate::model::duration::Expires;
use crate::model::finding::{Class, Confidence, Finding, Severity};
use crate::model::scenario::ScenarioId;
use crate::profile::Limit;

pub(super) struct ExpiryExceedsPolicy;

impl Check for ExpiryExceedsPolicy {
    fn id(&self) -> &'static str {
        "expiry-exceeds-policy"
    }

    fn class(&self) -> Class {
        Class::Judgement
    }

    fn doc(&self) -> Doc {
        Doc {
            severities: &[Severity::Error, Severity::Warn, Severity::Info],
            scenarios: &ScenarioId::ALL,
            what: "A cookie asks (Expires or Max-Age) for a longer life than the profile allows for \
                   its role, for the kind of essential item that it is, or for the ground on which \
                   it is exempt. The lifetime asked for counts, not the one in the jar. Limits, \
                   severities and their sources are in the profile; records of the choice have a \
                   check of their own.",
            why: "An item is essential only for as long as its purpose needs it, and authorities name \
                  limits for the others. A long life also lets an id recognise visitors whom its \
                  purpose has no need to recognise.",
            evidence: "The raw line with the longest lifetime, the profile's limit, and the entry.",
            source: "Article 29 Working Party, Opinion 04/2012 (2012); CNIL, deliberation 2020-091 \
                     (2020)",
            fix: "Shorten the lifetime that is set.",
        }
    }

    fn reach(&self, _: &Context<'_>, visit: &ClassifiedVisit<'_>) -> Reach {
        reach::any(visit)
    }

    fn run(&self, context: &Context<'_>) -> Outcome {
        let findings: Vec<Finding> = all(context)
            .iter()
            .filter_map(|item| self.finding(context, item))
            .collect();
        findings.into()
    }
}

impl ExpiryExceedsPolicy {
    fn finding(&self, context: &Context<'_>, item: &Sightings<'_>) -> Option<Finding> {
        let known = item.classified()?;
        let limit = limit(context, known)?;
        let asked = longest(context, item, known.entry)?;
        let excess = asked.seconds.saturating_sub(limit.upper_s());
        if excess < context.profile.expiry.min_excess_s.max(1) {
            return None;
        }
        let says = Says {
            message: format!(
                "{} is to be kept for {}, but profile {} allows {}",
                describe(item.key, Some(known)),
                lifetime(asked.seconds),
                context.profile.id,
                in_words(limit)
            ),
            help: self.doc().fix.to_owned(),
        };
        let rule = format!(
            "profile {}: {} ({})",
            context.profile.id,
            in_words(limit),
            limit.sources.join("; ")
        );
        Some(
            FindingBuilder::new(self, limit.severity, Confidence::Confirmed, says)
                .seen_in(asked.scenario, Some(asked.phase))
                .about(item.key)
                .proven_by(asked.proof)
                .and(asked.cause)
                .and([fact("profile", rule), catalogue(known)])
                .build(),
        )
    }
}

/// The profile's limit for items of an entry.
pub(super) fn limit<'a>(context: &Context<'a>, known: Known<'_>) -> Option<&'a Limit> {
    let entry = known.entry;
    let sub_type = entry.sub_type.as_deref();
    context.profile.limit(entry.role, sub_type, &entry.exempt)
}

fn in_words(limit: &Limit) -> String {
    match &limit.within {
        Expires::Session => "the session".to_owned(),
        other => format!(
            "{} (at most {})",
            other.in_words(),
            lifetime(limit.upper_s())
        ),
    }
}
