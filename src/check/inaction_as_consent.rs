//! `inaction-as-consent`: scrolling, waiting or going on to another page counts as consent.

use super::evidence::fact;
use super::finding_builder::{FindingBuilder, Says};
use super::items::{Sighting, all, describe, list, needs_consent};
use super::records;
use super::{Check, Context, Doc, Outcome, Reach, reach};
use crate::classify::ClassifiedVisit;
use crate::consent::record::RecordState;
use crate::model::choice::Choice;
use crate::model::finding::{Class, Confidence, Evidence, Finding, Severity};
use crate::model::scenario::{PhaseId, ScenarioId};
use crate::model::visit::Visit;

/// What a passive reader does after the page was quiet.
const PASSIVE: [PhaseId; 2] = [PhaseId::AfterScroll, PhaseId::AfterPages];

/// A heuristic needs so many items.
const ENOUGH: usize = 2;

pub(super) struct InactionAsConsent;

impl Check for InactionAsConsent {
    fn id(&self) -> &'static str {
        "inaction-as-consent"
    }

    fn class(&self) -> Class {
        Class::Judgement
    }

    fn doc(&self) -> Doc {
        Doc {
            severities: &[Severity::Error, Severity::Warn],
            scenarios: &[
                ScenarioId::None,
                ScenarioId::Revisit,
                ScenarioId::SecondTab,
                ScenarioId::Gpc,
                ScenarioId::OpenWidget,
            ],
            what: "A visitor who chose nothing and only scrolled, waited or followed a link has a \
                   consent record that accepts afterwards: an error. Where no record can be read, two \
                   or more items that need consent and appear only after that: a warning, which is \
                   likely and no more, since something may also be loaded late for its own sake.",
            why: "Consent is a clear affirmative act. Silence, scrolling and reading on are none.",
            evidence: "The record before and after, or the items, and the step that they came with.",
            source: "CJEU C-673/17 Planet49 (2019); GDPR recital 32 (2016)",
            fix: "Record a consent only when the visitor presses the control for it.",
        }
    }

    fn reach(&self, _: &Context<'_>, visit: &ClassifiedVisit<'_>) -> Reach {
        if visit.visit.scenario.choice() != Choice::None {
            return reach::not_applicable("needs a visitor who makes no choice");
        }
        reach::any(visit)
    }

    fn run(&self, context: &Context<'_>) -> Outcome {
        let mut findings: Vec<Finding> = Vec::new();
        for classified in context.visits {
            let visit = classified.visit;
            if visit.scenario.choice() == Choice::None {
                findings.extend(self.by_record(context, visit));
            }
        }
        if findings.is_empty() {
            findings.extend(self.by_items(context));
        }
        findings.into()
    }
}

impl InactionAsConsent {
    fn by_record(&self, context: &Context<'_>, visit: &Visit) -> Option<Finding> {
        let accepts = |phase| {
            let told = records::at(context, visit, phase).into_iter();
            told.into_iter().find(|r| r.state == RecordState::Accepted)
        };
        let phase = PASSIVE
            .into_iter()
            .find(|phase| accepts(*phase).is_some())?;
        let record = accepts(phase)?;
        if accepts(PhaseId::BeforeChoice).is_some() {
            return None;
        }
        let says = Says {
            message: format!(
                "the consent record {} accepts, although the visitor pressed nothing",
                record.place.name
            ),
            help: self.doc().fix.to_owned(),
        };
        let before = records::at(context, visit, PhaseId::BeforeChoice);
        let before: Vec<Evidence> = before
            .iter()
            .map(|r| context.record(r, PhaseId::BeforeChoice))
            .collect();
        Some(
            FindingBuilder::new(self, Severity::Error, Confidence::Confirmed, says)
                .seen_in(visit.scenario, Some(phase))
                .proven_by(context.record(&record, phase))
                .and(before)
                .build(),
        )
    }

    fn by_items(&self, context: &Context<'_>) -> Option<Finding> {
        let late = |s: &Sighting<'_>| {
            let first = s.item.first_kept(|_| true).map(|story| story.phase);
            s.visit.visit.scenario.choice() == Choice::None
                && first.is_some_and(|phase| PASSIVE.contains(&phase))
        };
        let never_early = |s: &Sighting<'_>| {
            let early = s.item.first_kept(|p| p == PhaseId::BeforeChoice);
            early.is_none()
        };
        let items: Vec<_> = all(context)
            .into_iter()
            .filter(|item| needs_consent(context, item).is_some())
            .filter(|item| item.seen.iter().all(never_early))
            .filter_map(|item| item.only(late))
            .collect();
        if items.len() < ENOUGH {
            return None;
        }
        let first = items.first()?;
        let phase = first.first.item.first_kept(|_| true)?.phase;
        let names: Vec<&str> = items.iter().map(|k| k.key.name.as_str()).collect();
        let says = Says {
            message: format!(
                "{} items that need consent came without one {}: {}",
                items.len(),
                phase.in_words(),
                list(&names)
            ),
            help: self.doc().fix.to_owned(),
        };
        let told = items.iter().take(ENOUGH + 3).map(|kept| {
            fact(
                "present",
                format!("{} appeared only then", describe(kept.key, kept.known)),
            )
        });
        let told: Vec<Evidence> = told.collect();
        let (proof, _) = context.kept(&first.first, first.first.item.first_kept(|_| true)?);
        Some(
            FindingBuilder::new(self, Severity::Warn, Confidence::Likely, says)
                .seen_in(first.first.scenario(), Some(phase))
                .proven_by(proof)
                .and(told)
                .build(),
        )
    }
}
