//! `reject-ignored`: after the visitor rejected, something that needs consent is written or sent.

use super::choice_record::looks_like_one;
use super::evidence::{catalogue, choice};
use super::finding_builder::{FindingBuilder, Says};
use super::items::{Kept, Sighting, Sightings, all, describe, exemption, list};
use super::{Check, Context, Doc, Outcome, Reach, reach};
use crate::classify::ClassifiedVisit;
use crate::model::choice::{Choice, ChoiceState};
use crate::model::finding::{Class, Confidence, Finding, Severity};
use crate::model::item::Presence;
use crate::model::scenario::{PhaseId, ScenarioId};
use crate::profile::Unclassified;

pub(super) struct RejectIgnored;

impl Check for RejectIgnored {
    fn id(&self) -> &'static str {
        "reject-ignored"
    }

    fn class(&self) -> Class {
        Class::Judgement
    }

    fn doc(&self) -> Doc {
        Doc {
            severities: &[Severity::Error, Severity::Warn],
            scenarios: &[ScenarioId::Reject],
            what: "After the visitor rejected, a cookie or storage key that the profile does not \
                   exempt is set, gets another value or a new lifetime, or is sent with a request. \
                   That it is merely still there is not enough. Only where the choice is proven; \
                   otherwise scenario-unverified speaks.",
            why: "Who refuses must not be tracked all the same: the refusal is the visitor's \
                  answer, and storing or reading after it has no basis.",
            evidence: "What proves the choice, and the first write and the first request after it.",
            source: "Directive 2002/58/EC (ePrivacy), article 5(3) (as amended 2009); GDPR articles 4(11) \
                     and 7 (2016)",
            fix: "Make the script that writes or sends the item ask the consent platform first, and \
                  delete the item when the visitor rejects.",
        }
    }

    fn reach(&self, _: &Context<'_>, visit: &ClassifiedVisit<'_>) -> Reach {
        reach::chosen(visit, &[Choice::Reject])
    }

    fn run(&self, context: &Context<'_>) -> Outcome {
        let mut outcome = Outcome::default();
        let mut unknown = Vec::new();
        for item in all(context) {
            if exemption(context, item.known()).is_some() || !worth_asking(context, &item) {
                continue;
            }
            let Some(kept) = item.only(ignored) else {
                continue;
            };
            let doubtful =
                kept.known.is_none() && context.profile.unclassified == Unclassified::Inconclusive;
            if doubtful {
                unknown.push(kept.key.name.as_str());
            }
            outcome
                .findings
                .push(self.finding(context, &kept, doubtful));
        }
        outcome.inconclusive.extend(doubt(&unknown));
        outcome
    }
}

impl RejectIgnored {
    fn finding(&self, context: &Context<'_>, kept: &Kept<'_>, doubtful: bool) -> Finding {
        let after = &kept.first.item.after_choice;
        let how = match (&after.write, &after.sent) {
            (Some(_), Some(_)) => "was written and sent",
            (Some(_), None) => "was written",
            _ => "was sent",
        };
        let (severity, confidence, help) = if doubtful {
            (
                Severity::Warn,
                Confidence::Likely,
                "Describe it in a catalogue (--rules); if it needs consent, do not store it after a \
                 rejection.",
            )
        } else {
            (Severity::Error, Confidence::Confirmed, self.doc().fix)
        };
        let what = describe(kept.key, kept.known);
        let says = Says {
            message: format!("{what} {how} after the visitor had rejected"),
            help: help.to_owned(),
        };
        let phase = after
            .write
            .as_ref()
            .map(|w| w.phase)
            .or(after.sent.as_ref().map(|s| s.phase));
        let builder = FindingBuilder::new(self, severity, confidence, says)
            .seen_in(kept.first.scenario(), phase)
            .about(kept.key);
        let written = after.write.as_ref().map(|w| context.write(kept.key, w));
        let sent = after.sent.as_ref().map(|s| context.sent(s));
        let cause = after.write.as_ref().and_then(|w| context.cause(w));
        let mut proof = written.into_iter().chain(cause).chain(sent);
        let visit = kept.first.visit.visit;
        // One of the two is there, or the item would not have been taken for a finding.
        let first = proof
            .next()
            .unwrap_or_else(|| context.present(visit, kept.key, PhaseId::AfterChoice));
        builder
            .proven_by(first)
            .and(proof)
            .and(choice(visit))
            .and(kept.known.map(catalogue))
            .and(kept.known.map(|known| context.not_exempt(known.entry)))
            .build()
    }
}

/// Unknown items count only where the profile lets them, and only if the question is not asked yet:
/// about what was there before the choice `pre-consent-storage` asks it.
pub(super) fn worth_asking(context: &Context<'_>, item: &Sightings<'_>) -> bool {
    if item.classified().is_some() {
        return true;
    }
    match context.profile.unclassified {
        Unclassified::Ignore => false,
        Unclassified::Fail => !item.seen.iter().any(looks_like_one),
        Unclassified::Inconclusive => {
            let early = |s: &Sighting<'_>| s.item.first_kept(PhaseId::precedes_choice).is_some();
            !item.seen.iter().any(|s| early(s) || looks_like_one(s))
        }
    }
}

/// Whether the item was written and kept, or sent, after a rejection that is proven.
fn ignored(seen: &Sighting<'_>) -> bool {
    let visit = seen.visit.visit;
    if visit.choice.asked != Choice::Reject || visit.choice.state != ChoiceState::Proven {
        return false;
    }
    let after = &seen.item.after_choice;
    let stays = seen
        .item
        .item
        .phases
        .iter()
        .any(|s| !s.phase.precedes_choice() && s.presence == Presence::Present);
    after.sent.is_some() || (after.write.is_some() && stays)
}

/// One sentence for all items that no catalogue knows.
fn doubt(unknown: &[&str]) -> Option<String> {
    (!unknown.is_empty()).then(|| {
        format!(
            "whether the rejection was obeyed is not known for what was first stored after it and is \
             not classified: {}; describe it in a catalogue (--rules)",
            list(unknown)
        )
    })
}
