//! `expiry-rolling`: a visit moves the end of a cookie's life on, although it is declared fixed.

use super::evidence::{catalogue_says, fact};
use super::finding_builder::{FindingBuilder, Says};
use super::items::{Sighting, Sightings, all, describe, is_own, lifetime};
use super::{Check, Context, Doc, Outcome, Reach, reach};
use crate::classify::{ClassifiedVisit, Known};
use crate::model::finding::{Class, Confidence, Finding, Severity};
use crate::model::item::{ItemKey, Store};
use crate::model::scenario::{PhaseId, ScenarioId};
use crate::model::snapshot::Snapshot;
use crate::profile::Limit;

/// Clocks and rounding may move an end by so much.
const SLACK_S: f64 = 1.5;

pub(super) struct ExpiryRolling;

impl Check for ExpiryRolling {
    fn id(&self) -> &'static str {
        "expiry-rolling"
    }

    fn class(&self) -> Class {
        Class::Judgement
    }

    fn doc(&self) -> Doc {
        Doc {
            severities: &[Severity::Error, Severity::Warn, Severity::Info],
            scenarios: &[ScenarioId::Revisit],
            what: "On a second visit (scenario revisit) a cookie that was there is set anew with a later \
                   end, although a catalogue of the user's declares its lifetime without `refresh: \
                   true`, or although the profile exempts it on a ground whose limit must not be \
                   renewed. Entries of the embedded catalogue that claim no such ground are not judged: \
                   vendors seldom say whether they renew.",
            why: "A lifetime that begins again with every visit never ends for those who come back; \
                  the declared one then says nothing.",
            evidence: "The end of its life after the first and after the second visit, and the entry.",
            source: "CNIL, deliberation 2020-091 (2020), on audience measurement without renewal; IAB \
                     Europe, TCF vendor device storage disclosures (2026), field cookieRefresh",
            fix: "Set the cookie once and leave its end as it is, or declare that it is renewed.",
        }
    }

    fn reach(&self, _: &Context<'_>, visit: &ClassifiedVisit<'_>) -> Reach {
        if visit.visit.scenario != ScenarioId::Revisit {
            return reach::not_applicable("needs the scenario revisit");
        }
        reach::any(visit).and(|| reach::phase(visit.visit, PhaseId::AfterRevisit))
    }

    fn run(&self, context: &Context<'_>) -> Outcome {
        let findings: Vec<Finding> = all(context)
            .iter()
            .filter_map(|item| self.finding(context, item))
            .collect();
        findings.into()
    }
}

impl ExpiryRolling {
    fn finding(&self, context: &Context<'_>, item: &Sightings<'_>) -> Option<Finding> {
        let known = item.classified()?;
        let severity = severity(context, known)?;
        let mut seen = item.seen.iter();
        let seen = seen.find(|s| s.scenario() == ScenarioId::Revisit)?;
        let moved = moved(seen)?;
        let mut writes = seen.item.item.writes.iter();
        let write = writes.find(|w| w.phase == PhaseId::AfterRevisit)?;
        let says = Says {
            message: format!(
                "{} lives {} longer after the second visit, although its lifetime is not to be renewed",
                describe(item.key, Some(known)),
                lifetime(moved)
            ),
            help: self.doc().fix.to_owned(),
        };
        let declared = format!("{} is not declared as renewed", known.entry.name.text);
        Some(
            FindingBuilder::new(self, severity, Confidence::Confirmed, says)
                .seen_in(seen.scenario(), Some(PhaseId::AfterRevisit))
                .about(item.key)
                .proven_by(context.write(item.key, write))
                .and(context.cause(write))
                .and([
                    fact("present", format!("its end moved by {}", lifetime(moved))),
                    catalogue_says(declared, known.provider, known.entry),
                ])
                .build(),
        )
    }
}

/// How bad a renewal is; `None` if it is fine, or if nothing is said of it.
fn severity(context: &Context<'_>, known: Known<'_>) -> Option<Severity> {
    let entry = known.entry;
    if context.profile.claimed_ground(&entry.exempt).is_some() {
        let limit: &Limit = context.profile.limit(entry.role, None, &entry.exempt)?;
        return Some(limit.severity);
    }
    let finite = matches!(
        entry.expires,
        crate::model::duration::Expires::Within { .. }
    );
    (is_own(&entry.place.file) && !entry.refresh && finite).then_some(Severity::Warn)
}

/// By how many seconds the second visit moved the end of a cookie's life.
fn moved(seen: &Sighting<'_>) -> Option<i64> {
    let visit = seen.visit.visit;
    let key = &seen.item.item.key;
    let first = [PhaseId::AfterScroll, PhaseId::BeforeChoice].into_iter();
    let before = first
        .filter_map(|p| visit.snapshot(p))
        .find_map(|s| end(s, key))?;
    let after = end(visit.snapshot(PhaseId::AfterRevisit)?, key)?;
    #[expect(
        clippy::cast_possible_truncation,
        reason = "a float cast saturates, and no lifetime is that long"
    )]
    let moved = (after - before).round() as i64;
    (after - before > SLACK_S).then_some(moved)
}

/// When a cookie ends, in seconds since 1970.
fn end(snapshot: &Snapshot, key: &ItemKey) -> Option<f64> {
    if key.store != Store::Cookie {
        return None;
    }
    let mut cookies = snapshot.cookies.iter();
    let cookie =
        cookies.find(|c| c.name == key.name && c.domain == key.place && c.path == key.path);
    cookie?.expires
}
