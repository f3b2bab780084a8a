//! `dismiss-as-consent`: closing the banner counts as consent.

use super::evidence::{catalogue, choice};
use super::finding_builder::{FindingBuilder, Says};
use super::items::{Kept, Sighting, all, describe, exemption, list};
use super::reject_ignored::worth_asking;
use super::{Check, Context, Doc, Outcome, Reach, reach, records};
use crate::classify::ClassifiedVisit;
use crate::consent::record::RecordState;
use crate::model::choice::{Choice, ChoiceState};
use crate::model::finding::{Class, Confidence, Evidence, Finding, Severity};
use crate::model::item::Presence;
use crate::model::scenario::{PhaseId, ScenarioId};
use crate::model::visit::Visit;
use crate::profile::Unclassified;

/// What follows the closing.
const AFTER: [PhaseId; 2] = [PhaseId::AfterChoice, PhaseId::AfterReload];

pub(super) struct DismissAsConsent;

impl Check for DismissAsConsent {
    fn id(&self) -> &'static str {
        "dismiss-as-consent"
    }

    fn class(&self) -> Class {
        Class::Judgement
    }

    fn doc(&self) -> Doc {
        Doc {
            severities: &[Severity::Error, Severity::Warn],
            scenarios: &[ScenarioId::Dismiss],
            what: "The visitor closed the banner and chose nothing on it: by its own control, by Esc, \
                   or by a click beside it. Then the consent record accepts, or a cookie or storage \
                   key that the profile does not exempt is written for the first time, and stays. \
                   What was stored before that, or is stored for visitors who do nothing at all, is \
                   for pre-consent-storage to tell. Only where the banner is seen to be gone.",
            why: "Consent is a clear affirmative act. Who closes a banner wants it out of the way and \
                  has agreed to nothing.",
            evidence: "How the banner was closed, and the record before and after, or the first write \
                       after it.",
            source: "Garante, guidelines on cookies and other tracking tools (2021), on the control \
                     that closes the banner; GDPR article 4(11) and recital 32 (2016); Bouhoula et \
                     al., Automated Large-Scale Analysis of Cookie Notice Compliance (USENIX Security \
                     2024)",
            fix: "Treat a closed banner as no consent: record nothing or a refusal, and start nothing.",
        }
    }

    fn reach(&self, _: &Context<'_>, visit: &ClassifiedVisit<'_>) -> Reach {
        reach::chosen(visit, &[Choice::Dismiss])
    }

    fn run(&self, context: &Context<'_>) -> Outcome {
        let mut outcome = Outcome::default();
        for visit in context.visits.iter().map(|v| v.visit) {
            outcome.findings.extend(self.by_record(context, visit));
        }
        let mut unknown = Vec::new();
        for item in all(context) {
            let known = item.known();
            let unasked = |s: &Sighting<'_>| s.kept_unasked(known).is_some();
            if exemption(context, known).is_some()
                || !worth_asking(context, &item)
                || item.seen.iter().any(unasked)
            {
                continue;
            }
            let Some(kept) = item.only(came_with_closing) else {
                continue;
            };
            let doubtful =
                kept.known.is_none() && context.profile.unclassified == Unclassified::Inconclusive;
            if doubtful {
                unknown.push(kept.key.name.as_str());
            }
            let finding = self.by_item(context, &kept, doubtful);
            outcome.findings.extend(finding);
        }
        outcome.inconclusive.extend(doubt(&unknown));
        outcome
    }
}

fn is_closed(visit: &Visit) -> bool {
    visit.choice.asked == Choice::Dismiss && visit.choice.state == ChoiceState::Proven
}

/// Whether the item was first written after the banner was closed, and stays.
fn came_with_closing(seen: &Sighting<'_>) -> bool {
    let mut after = seen.item.item.phases.iter();
    is_closed(seen.visit.visit)
        && seen.item.after_choice.write.is_some()
        && after.any(|s| AFTER.contains(&s.phase) && s.presence == Presence::Present)
}

impl DismissAsConsent {
    fn by_record(&self, context: &Context<'_>, visit: &Visit) -> Option<Finding> {
        if !is_closed(visit) {
            return None;
        }
        let accepts = |phase| {
            let mut told = records::at(context, visit, phase).into_iter();
            told.find(|r| r.state == RecordState::Accepted)
        };
        if accepts(PhaseId::BeforeChoice).is_some() {
            return None;
        }
        let (phase, record) = AFTER.iter().find_map(|p| Some((*p, accepts(*p)?)))?;
        let says = Says {
            message: format!(
                "the consent record {} accepts, although the visitor only closed the banner",
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
                .and(choice(visit))
                .build(),
        )
    }

    fn by_item(&self, context: &Context<'_>, kept: &Kept<'_>, doubtful: bool) -> Option<Finding> {
        let write = kept.first.item.after_choice.write.as_ref()?;
        let (severity, confidence, help) = if doubtful {
            (
                Severity::Warn,
                Confidence::Likely,
                "Describe it in a catalogue (--rules); if it needs consent, do not store it when the \
                 banner is only closed.",
            )
        } else {
            (Severity::Error, Confidence::Confirmed, self.doc().fix)
        };
        let says = Says {
            message: format!(
                "{} was written after the visitor had only closed the banner",
                describe(kept.key, kept.known)
            ),
            help: help.to_owned(),
        };
        Some(
            FindingBuilder::new(self, severity, confidence, says)
                .seen_in(kept.first.scenario(), Some(write.phase))
                .about(kept.key)
                .proven_by(context.write(kept.key, write))
                .and(context.cause(write))
                .and(choice(kept.first.visit.visit))
                .and(kept.known.map(catalogue))
                .and(kept.known.map(|known| context.not_exempt(known.entry)))
                .build(),
        )
    }
}

/// One sentence for all items that no catalogue knows.
fn doubt(unknown: &[&str]) -> Option<String> {
    (!unknown.is_empty()).then(|| {
        format!(
            "whether closing the banner counted as consent is not known for what was first stored \
             after it and is not classified: {}; describe it in a catalogue (--rules)",
            list(unknown)
        )
    })
}
