//! `attr-rejected`: a cookie was asked for that the browser does not store.

use super::evidence::fact;
use super::finding_builder::{FindingBuilder, Says};
use super::items::{Sighting, Sightings, all, describe};
use super::{Check, Context, Doc, Outcome, Reach, reach};
use crate::classify::ClassifiedVisit;
use crate::model::finding::{Class, Confidence, Finding, Severity};
use crate::model::item::{Presence, Store};
use crate::model::observation::WriterKind;
use crate::model::scenario::ScenarioId;

/// Reasons of the browser's that are no fault of the cookie's: settings of the visitor's.
const NO_FAULTS: [&str; 4] = [
    "UserPreferences",
    "ThirdPartyPhaseout",
    "Blocked",
    "Experiment",
];

/// What scripts try on purpose, to find out which domain is theirs.
const PROBES: [&str; 3] = ["Domain is", "InvalidDomain", "DomainMismatch"];

pub(super) struct AttrRejected;

impl Check for AttrRejected {
    fn id(&self) -> &'static str {
        "attr-rejected"
    }

    fn class(&self) -> Class {
        Class::Judgement
    }

    fn doc(&self) -> Doc {
        Doc {
            severities: &[Severity::Warn],
            scenarios: &ScenarioId::ALL,
            what: "A cookie was asked for and never came into the jar in any visit, because its line \
                   breaks a rule: SameSite=None or Partitioned without Secure (the latter is dropped \
                   without a word), a name with a prefix whose conditions are not met, more than 4096 \
                   octets, a domain that is not the host's. What the browser's settings refuse, and \
                   scripts that try which domain is theirs, do not count.",
            why: "The site and its declaration count on a cookie that does not exist. If it is one \
                  that records a choice or secures a session, that does not work either.",
            evidence: "The raw line, and the browser's reason or the rule.",
            source: "IETF, draft RFC 6265bis (2026), storage model; CHIPS (2026), on Partitioned",
            fix: "Correct the attributes, or stop setting the cookie.",
        }
    }

    fn reach(&self, _: &Context<'_>, visit: &ClassifiedVisit<'_>) -> Reach {
        reach::any(visit)
    }

    fn run(&self, context: &Context<'_>) -> Outcome {
        let items = all(context);
        let findings: Vec<Finding> = items
            .iter()
            .filter(|item| item.key.store == Store::Cookie && !is_kept(&items, &item.key.name))
            .filter_map(|item| self.finding(context, item))
            .collect();
        findings.into()
    }
}

/// Whether a cookie of this name was kept anywhere: then another attempt succeeded.
fn is_kept(items: &[Sightings<'_>], name: &str) -> bool {
    let mut same = items.iter().filter(|item| item.key.name == name);
    same.any(|item| {
        item.seen
            .iter()
            .any(|s| s.item.first_kept(|_| true).is_some())
    })
}

impl AttrRejected {
    fn finding(&self, context: &Context<'_>, item: &Sightings<'_>) -> Option<Finding> {
        let seen = item.seen.first()?;
        let stories = &seen.item.item.phases;
        let story = stories.iter().find(|s| s.presence == Presence::Refused)?;
        let reasons = reasons(seen);
        let write = seen.item.item.first_write()?;
        if reasons.is_empty() {
            return None;
        }
        let says = Says {
            message: format!(
                "{} was set and not stored: {}",
                describe(item.key, item.known()),
                reasons.join("; ")
            ),
            help: self.doc().fix.to_owned(),
        };
        let told = reasons.iter().map(|r| fact("refused", (*r).to_owned()));
        Some(
            FindingBuilder::new(self, Severity::Warn, Confidence::Confirmed, says)
                .seen_in(seen.scenario(), Some(story.phase))
                .about(item.key)
                .proven_by(context.write(item.key, write))
                .and(context.cause(write))
                .and(told.collect::<Vec<_>>())
                .build(),
        )
    }
}

/// Why it was refused, as far as its line is to blame.
fn reasons<'s>(seen: &Sighting<'s>) -> Vec<&'s str> {
    let item = &seen.item.item;
    let by_script = item
        .first_write()
        .is_some_and(|w| w.writer.kind == WriterKind::Script);
    let is_fault = |reason: &&str| {
        let starts = |words: &[&str]| words.iter().any(|w| reason.contains(w));
        let silent = reason.starts_with("not in the jar");
        let probes = by_script && starts(&PROBES);
        !(starts(&NO_FAULTS) || silent || probes)
    };
    let reasons = item.refused.iter().map(String::as_str);
    reasons.filter(is_fault).collect()
}
