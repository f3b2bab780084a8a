//! `deprecated-name-seen`: something is stored under a name that its vendor gave up.

use super::evidence::{also_in, catalogue_says};
use super::finding_builder::{FindingBuilder, Says};
use super::items::{Kept, all, describe};
use super::{Check, Context, Doc, Outcome, Reach, reach};
use crate::classify::ClassifiedVisit;
use crate::model::finding::{Class, Confidence, Finding, Severity};
use crate::model::scenario::ScenarioId;

pub(super) struct DeprecatedNameSeen;

impl Check for DeprecatedNameSeen {
    fn id(&self) -> &'static str {
        "deprecated-name-seen"
    }

    fn class(&self) -> Class {
        Class::Judgement
    }

    fn doc(&self) -> Doc {
        Doc {
            severities: &[Severity::Warn],
            scenarios: &ScenarioId::ALL,
            what: "A cookie or storage key was on the device whose entry in the catalogue says that \
                   the vendor no longer uses the name.",
            why: "An old name means an old copy of the vendor's script, or a declaration that \
                  describes something else than what is stored.",
            evidence: "The write or the snapshot, and the entry with the date.",
            source: "The vendor's own documentation, as the entry cites it; EDPB Guidelines 2/2023 \
                     (2024) on knowing what one stores",
            fix: "Replace the vendor's embedding code by the current one and bring the declaration \
                  up to date.",
        }
    }

    fn reach(&self, _: &Context<'_>, visit: &ClassifiedVisit<'_>) -> Reach {
        reach::any(visit)
    }

    fn run(&self, context: &Context<'_>) -> Outcome {
        let kept = all(context)
            .into_iter()
            .filter_map(|i| i.only(|s| s.item.first_kept(|_| true).is_some()));
        let findings: Vec<Finding> = kept.filter_map(|k| self.finding(context, &k)).collect();
        findings.into()
    }
}

impl DeprecatedNameSeen {
    fn finding(&self, context: &Context<'_>, kept: &Kept<'_>) -> Option<Finding> {
        let known = kept.known?;
        let since = known.entry.deprecated.as_ref()?;
        let story = kept.first.item.first_kept(|_| true)?;
        let says = Says {
            message: format!(
                "{} has a name that the vendor no longer uses (since {since})",
                describe(kept.key, kept.known)
            ),
            help: self.doc().fix.to_owned(),
        };
        let (proof, more) = context.kept(&kept.first, story);
        let entry = catalogue_says(
            format!("{} deprecated since {since}", known.entry.name.text),
            known.provider,
            known.entry,
        );
        Some(
            FindingBuilder::new(self, Severity::Warn, Confidence::Confirmed, says)
                .seen_in(kept.first.scenario(), Some(story.phase))
                .about(kept.key)
                .proven_by(proof)
                .and(more)
                .and(also_in("kept", &kept.others))
                .and([entry])
                .build(),
        )
    }
}
