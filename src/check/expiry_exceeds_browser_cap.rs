//! `expiry-exceeds-browser-cap`: a cookie asks for a longer life than browsers give.

use super::evidence::fact;
use super::expiry::{longest, longest_of};
use super::finding_builder::{FindingBuilder, Says};
use super::items::{Sightings, all, describe, lifetime};
use super::{Check, Context, Doc, Outcome, Reach, reach};
use crate::classify::ClassifiedVisit;
use crate::model::finding::{Class, Confidence, Finding, Severity};
use crate::model::scenario::ScenarioId;

/// What browsers cut lifetimes down to: a rule of the format of cookies and not of any law.
const CAP_S: i64 = 34_560_000;

/// Below this the excess is rounding.
const MIN_EXCESS_S: i64 = 86_400;

pub(super) struct ExpiryExceedsBrowserCap;

impl Check for ExpiryExceedsBrowserCap {
    fn id(&self) -> &'static str {
        "expiry-exceeds-browser-cap"
    }

    fn class(&self) -> Class {
        Class::Judgement
    }

    fn doc(&self) -> Doc {
        Doc {
            severities: &[Severity::Info],
            scenarios: &ScenarioId::ALL,
            what: "A cookie asks (Expires or Max-Age) for more than 400 days, which current browsers \
                   cut down to 400 days. Information only.",
            why: "The jar of a browser hides the lifetime that was asked for. Whoever compares a \
                  declaration with the jar would take two years, or forty, for thirteen months.",
            evidence: "The raw line, and what the jar keeps.",
            source: "IETF, draft RFC 6265bis (2026), cookie lifetime limits",
            fix: "Ask for no more than is needed, and for 400 days at most.",
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

impl ExpiryExceedsBrowserCap {
    fn finding(&self, context: &Context<'_>, item: &Sightings<'_>) -> Option<Finding> {
        let asked = match item.known() {
            Some(known) => longest(context, item, known.entry)?,
            None => longest_of(context, item, |_| true)?,
        };
        if asked.seconds < CAP_S + MIN_EXCESS_S {
            return None;
        }
        let says = Says {
            message: format!(
                "{} asks for {}, and browsers keep it for 400 days",
                describe(item.key, item.known()),
                lifetime(asked.seconds)
            ),
            help: self.doc().fix.to_owned(),
        };
        let kept = item.seen.iter().filter_map(|s| s.item.item.stored_s).max();
        let jar = kept.map(|s| fact("present", format!("the jar keeps it for {}", lifetime(s))));
        Some(
            FindingBuilder::new(self, Severity::Info, Confidence::Confirmed, says)
                .seen_in(asked.scenario, Some(asked.phase))
                .about(item.key)
                .proven_by(asked.proof)
                .and(asked.cause)
                .and(jar)
                .build(),
        )
    }
}
