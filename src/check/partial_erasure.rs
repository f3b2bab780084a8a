//! `partial-erasure`: on withdrawal an item is deleted in one store and stays in another.

use super::evidence::{catalogue, choice, fact};
use super::finding_builder::{FindingBuilder, Says};
use super::items::{Sightings, all, describe, needs_consent, noun};
use super::value::tells_apart;
use super::withdrawal::{is_there, judged, stays};
use super::{Check, Context, Doc, Outcome, Reach};
use crate::classify::ClassifiedVisit;
use crate::model::finding::{Class, Confidence, Finding, Severity};
use crate::model::scenario::{PhaseId, ScenarioId};

pub(super) struct PartialErasure;

impl Check for PartialErasure {
    fn id(&self) -> &'static str {
        "partial-erasure"
    }

    fn class(&self) -> Class {
        Class::Judgement
    }

    fn doc(&self) -> Doc {
        Doc {
            severities: &[Severity::Warn],
            scenarios: &[ScenarioId::Withdraw],
            what: "When the visitor took the consent back, a cookie or storage key that needs consent \
                   was deleted, but its twin in another store stayed: one of the same name, or with the \
                   same value where that tells visitors apart. Only where the withdrawal is proven.",
            why: "Deleting the cookie alone erases nothing if the same id lies in local storage. Scripts \
                  that clean up often know cookies only.",
            evidence: "The item that was deleted, and the one that stayed.",
            source: "EDPB Guidelines 2/2023 (2024), on storage of every kind",
            fix: "Delete the item in every store that it is kept in.",
        }
    }

    fn reach(&self, _: &Context<'_>, visit: &ClassifiedVisit<'_>) -> Reach {
        judged(visit)
    }

    fn run(&self, context: &Context<'_>) -> Outcome {
        let items = all(context);
        let mut findings: Vec<Finding> = Vec::new();
        for gone in items.iter().filter(|i| is_erased(i)) {
            let mut others = items.iter().filter(|other| is_twin(context, gone, other));
            if let Some(twin) = others.find(|twin| needs_consent(context, twin).is_some()) {
                findings.extend(self.finding(context, gone, twin));
            }
        }
        findings.into()
    }
}

/// The visit of a visitor who withdraws, if the item is in it and the withdrawal proven.
fn withdrawn<'s, 'a>(item: &'s Sightings<'a>) -> Option<&'s super::items::Sighting<'a>> {
    let mut seen = item.seen.iter();
    seen.find(|s| super::withdrawal::is_proven(s.visit.visit))
}

fn is_erased(item: &Sightings<'_>) -> bool {
    withdrawn(item).is_some_and(|s| is_there(s, PhaseId::AfterReload) && !stays(s))
}

/// Whether `other` is the same thing in another store, and was left there.
fn is_twin(context: &Context<'_>, gone: &Sightings<'_>, other: &Sightings<'_>) -> bool {
    let (Some(a), Some(b)) = (withdrawn(gone), withdrawn(other)) else {
        return false;
    };
    let value = &a.item.item.value;
    let alike = gone.key.name == other.key.name
        || (tells_apart(context.redactor, value) && *value == b.item.item.value);
    gone.key.store != other.key.store && alike && is_there(b, PhaseId::AfterReload) && stays(b)
}

impl PartialErasure {
    fn finding(
        &self,
        context: &Context<'_>,
        gone: &Sightings<'_>,
        twin: &Sightings<'_>,
    ) -> Option<Finding> {
        let visit = withdrawn(twin)?.visit.visit;
        let known = twin.known();
        let says = Says {
            message: format!(
                "the {} {} was deleted on withdrawal, but {} stayed",
                noun(gone.key.store),
                gone.key.name,
                describe(twin.key, known)
            ),
            help: self.doc().fix.to_owned(),
        };
        let phase = PhaseId::AfterWithdrawalReload;
        let before = context.present(visit, gone.key, PhaseId::AfterReload);
        let deleted = fact(
            "present",
            format!("{} is gone", describe(gone.key, gone.known())),
        );
        Some(
            FindingBuilder::new(self, Severity::Warn, Confidence::Confirmed, says)
                .seen_in(visit.scenario, Some(phase))
                .about(twin.key)
                .proven_by(context.present(visit, twin.key, phase))
                .and([before, deleted])
                .and(choice(visit))
                .and(known.map(catalogue))
                .build(),
        )
    }
}
