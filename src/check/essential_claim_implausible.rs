//! `essential-claim-implausible`: what is called essential looks like an id for tracking.

use super::evidence::{catalogue, fact};
use super::expiry::longest;
use super::finding_builder::{FindingBuilder, Says};
use super::items::{Sightings, all, describe, lifetime};
use super::sending::to_third_parties;
use super::value::tells_apart;
use super::{Check, Context, Doc, Outcome, Reach, reach};
use crate::catalogue::Entry;
use crate::classify::ClassifiedVisit;
use crate::model::finding::{Class, Confidence, Evidence, Finding, Severity};
use crate::model::role::Role;
use crate::model::scenario::ScenarioId;

/// Grounds that an id with a long life may well rest on.
const LONG_IDS: [&str; 5] = [
    "consent-record",
    "opt-out",
    "security-csrf",
    "bot-check",
    "load-balancing",
];

/// Parts of words by which a purpose gives itself away. "Visitor" is none of them: every purpose
/// speaks of visitors.
const TELLING: [&str; 7] = [
    "track", "analy", "statist", "audience", "advert", "market", "profil",
];

pub(super) struct EssentialClaimImplausible;

impl Check for EssentialClaimImplausible {
    fn id(&self) -> &'static str {
        "essential-claim-implausible"
    }

    fn class(&self) -> Class {
        Class::Judgement
    }

    fn doc(&self) -> Doc {
        Doc {
            severities: &[Severity::Warn],
            scenarios: &ScenarioId::ALL,
            what: "An item that the catalogue calls essential looks like something else: it outlives \
                   what the profile allows its kind (a day, where it names no limit), its value tells \
                   visitors apart and stays the same, and either its purpose speaks of tracking, \
                   statistics or advertising, or its value goes to a third party. Records of choices, \
                   opt-outs, and what secures or balances, are not looked at. Likely and no more.",
            why: "Tools can list what is stored but not its nature; owners have called far too much \
                  essential. What recognises a visitor for months is seldom needed for a service that \
                  was asked for.",
            evidence: "Its lifetime, its value as length and entropy, the entry's purpose, and whom it \
                       was sent to.",
            source: "EDPB, report of the Cookie Banner Taskforce (2023), part I; Article 29 Working \
                     Party, Opinion 04/2012 (2012)",
            fix: "Keep evidence for why it is necessary, shorten its life, or ask for consent.",
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

impl EssentialClaimImplausible {
    fn finding(&self, context: &Context<'_>, item: &Sightings<'_>) -> Option<Finding> {
        let known = item.known().filter(|k| k.entry.role == Role::Essential)?;
        let entry = known.entry;
        if entry
            .sub_type
            .as_deref()
            .is_some_and(|s| LONG_IDS.contains(&s))
        {
            return None;
        }
        let asked = longest(context, item, entry)?;
        let sub_type = entry.sub_type.as_deref();
        let limit = context.profile.limit(entry.role, sub_type, &entry.exempt);
        let limit = limit.map_or(0, |l| l.upper_s());
        if asked.seconds.saturating_sub(limit) < context.profile.expiry.min_excess_s.max(1) {
            return None;
        }
        let value = &item.seen.first()?.item.item.value;
        if !tells_apart(context.redactor, value) {
            return None;
        }
        let signs = [purpose(entry), receiver(item)];
        let first = signs.iter().flatten().next()?.clone();
        let says = Says {
            message: format!(
                "{} is called essential, but lives {} and looks like an id for tracking",
                describe(item.key, Some(known)),
                lifetime(asked.seconds)
            ),
            help: self.doc().fix.to_owned(),
        };
        let shown = fact(
            "present",
            format!("its value: {}", context.redactor.value(value)),
        );
        Some(
            FindingBuilder::new(self, Severity::Warn, Confidence::Likely, says)
                .seen_in(asked.scenario, Some(asked.phase))
                .about(item.key)
                .proven_by(asked.proof)
                .and([first, shown, catalogue(known)])
                .build(),
        )
    }
}

fn purpose(entry: &Entry) -> Option<Evidence> {
    let text = entry.purpose.to_lowercase();
    let told = TELLING.iter().find(|word| text.contains(**word))?;
    let text = format!("its purpose says \"{told}\": {}", entry.purpose);
    Some(fact("catalogue", text))
}

fn receiver(item: &Sightings<'_>) -> Option<Evidence> {
    let mut sent = item.seen.iter().filter_map(|s| to_third_parties(s).next());
    let to = sent.next()?;
    Some(fact("sent", format!("it was sent to {}", to.host)))
}
