//! `pre-consent-storage`: something that needs consent is stored before the visitor chose.

use super::evidence::{also_in, catalogue};
use super::finding_builder::{FindingBuilder, Says};
use super::items::{Kept, all, describe, exemption, list};
use super::{Check, Context, Doc, Outcome, Reach, reach};
use crate::classify::ClassifiedVisit;
use crate::model::finding::{Class, Confidence, Finding, Severity};
use crate::model::item::Presence;
use crate::model::scenario::ScenarioId;
use crate::profile::Unclassified;

pub(super) struct PreConsentStorage;

impl Check for PreConsentStorage {
    fn id(&self) -> &'static str {
        "pre-consent-storage"
    }

    fn class(&self) -> Class {
        Class::Judgement
    }

    fn doc(&self) -> Doc {
        Doc {
            severities: &[Severity::Error, Severity::Warn],
            scenarios: &ScenarioId::ALL,
            what: "A cookie or storage key that the profile does not exempt is on the device at the \
                   end of a phase before the choice, or was sent with a request before it. Every \
                   scenario counts, since all of them begin without a choice; an item is told once. \
                   Once the visitor has opened a widget, what the catalogue says belongs to its \
                   service is no longer counted; all else is. \
                   Where its value decides whether an item is exempt (a record of the choice under the \
                   name of a visitor's id), every value that it had in any visit must be an exempt one. \
                   Items that are set and removed again without being sent (tests whether storage \
                   works) are listed but not judged. An item in no catalogue cannot be judged: it is \
                   a warning, and the verdict is inconclusive, unless the profile says otherwise.",
            why: "Storing something on a visitor's device, or reading it there, needs consent first, \
                  unless it is strictly necessary for a service that the visitor asked for. It does \
                  not matter whether the value is personal data.",
            evidence: "The write (the raw line, or the script with line and column) and its time, \
                       the jar or the storage at the end of the phase, the first request that \
                       carried it, the catalogue's entry and the profile.",
            source: "Directive 2002/58/EC (ePrivacy), article 5(3) (as amended 2009); CJEU C-673/17 \
                     Planet49 (2019); EDPB Guidelines 2/2023 (2024)",
            fix: "Load what stores the item only after the visitor accepted its purpose.",
        }
    }

    fn reach(&self, _: &Context<'_>, visit: &ClassifiedVisit<'_>) -> Reach {
        reach::before_choice(visit)
    }

    fn run(&self, context: &Context<'_>) -> Outcome {
        let mut outcome = Outcome::default();
        let mut unknown = Vec::new();
        for item in all(context) {
            if exemption(context, item.known()).is_some() {
                continue;
            }
            let known = item.known();
            let Some(kept) = item.only(|s| s.kept_unasked(known).is_some()) else {
                continue;
            };
            if kept.is_unclassified() {
                match context.profile.unclassified {
                    Unclassified::Ignore => continue,
                    Unclassified::Inconclusive => unknown.push(kept.key.name.as_str()),
                    Unclassified::Fail => {}
                }
            }
            outcome.findings.extend(self.finding(context, &kept));
        }
        outcome.inconclusive.extend(doubt(&unknown));
        outcome
    }
}

impl PreConsentStorage {
    fn finding(&self, context: &Context<'_>, kept: &Kept<'_>) -> Option<Finding> {
        let story = kept.first.kept_unasked(kept.known)?;
        let what = describe(kept.key, kept.known);
        let how = match story.presence {
            Presence::Present => "was stored before any choice",
            _ => "was set, sent and removed again before any choice",
        };
        let unclassified = kept.is_unclassified();
        let sure = !unclassified || context.profile.unclassified == Unclassified::Fail;
        let (severity, confidence) = if sure {
            (Severity::Error, Confidence::Confirmed)
        } else {
            (Severity::Warn, Confidence::Likely)
        };
        let says = if unclassified {
            Says {
                message: format!("{what} {how}, and no catalogue says what it is for"),
                help: "Find out what it is for and describe it in a catalogue (--rules); if it \
                       needs consent, store it only after the visitor accepted."
                    .to_owned(),
            }
        } else {
            Says {
                message: format!("{what} {how}"),
                help: self.doc().fix.to_owned(),
            }
        };
        let (proof, more) = context.kept(&kept.first, story);
        Some(
            FindingBuilder::new(self, severity, confidence, says)
                .seen_in(kept.first.scenario(), Some(story.phase))
                .about(kept.key)
                .proven_by(proof)
                .and(more)
                .and(also_in("kept before the choice", &kept.others))
                .and(kept.known.map(catalogue))
                .and(kept.known.map(|known| context.not_exempt(known.entry)))
                .build(),
        )
    }
}

/// One sentence for all items that no catalogue knows.
fn doubt(unknown: &[&str]) -> Option<String> {
    let mut names = unknown.to_vec();
    names.sort_unstable();
    names.dedup();
    let listed = list(&names);
    match names.len() {
        0 => None,
        1 => Some(format!(
            "1 item is not classified, so whether it needs consent is not known: {listed}; describe \
             it in a catalogue (--rules)"
        )),
        n => Some(format!(
            "{n} items are not classified, so whether they need consent is not known: {listed}; \
             describe them in a catalogue (--rules)"
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_unknown_items_share_a_sentence() {
        assert_eq!(doubt(&[]), None);
        insta::assert_snapshot!(
            doubt(&["b", "a", "c"]).unwrap_or_default(),
            @"3 items are not classified, so whether they need consent is not known: a, b, c; describe them in a catalogue (--rules)"
        );
        insta::assert_snapshot!(
            doubt(&["sid", "sid"]).unwrap_or_default(),
            @"1 item is not classified, so whether it needs consent is not known: sid; describe it in a catalogue (--rules)"
        );
    }
}
