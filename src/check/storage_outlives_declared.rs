//! `storage-outlives-declared`: a lifetime is declared for storage that knows none.

use super::evidence::catalogue_says;
use super::finding_builder::{FindingBuilder, Says};
use super::items::{Kept, all, describe};
use super::{Check, Context, Doc, Outcome, Reach, reach};
use crate::classify::ClassifiedVisit;
use crate::model::duration::Expires;
use crate::model::finding::{Class, Confidence, Finding, Severity};
use crate::model::item::Store;
use crate::model::scenario::ScenarioId;

pub(super) struct StorageOutlivesDeclared;

impl Check for StorageOutlivesDeclared {
    fn id(&self) -> &'static str {
        "storage-outlives-declared"
    }

    fn class(&self) -> Class {
        Class::Judgement
    }

    fn doc(&self) -> Doc {
        Doc {
            severities: &[Severity::Info],
            scenarios: &ScenarioId::ALL,
            what: "A key of local storage, a database or a cache was on the device, and the catalogue \
                   declares that it ends after a time. Browsers end none of them: it lasts until the \
                   site's own code removes it, which a visitor who does not come back never runs. \
                   Information only.",
            why: "Visitors are told how long an item is kept. For storage such a promise holds only as \
                  long as the visitor returns.",
            evidence: "The item, and the declared lifetime.",
            source: "CJEU C-673/17 Planet49 (2019), on duration; EDPB Guidelines 2/2023 (2024)",
            fix: "Use a cookie with that lifetime, or declare that the item stays until it is cleared.",
        }
    }

    fn reach(&self, _: &Context<'_>, visit: &ClassifiedVisit<'_>) -> Reach {
        reach::any(visit)
    }

    fn run(&self, context: &Context<'_>) -> Outcome {
        let lasting = |store| !matches!(store, Store::Cookie | Store::SessionStorage);
        let findings: Vec<Finding> = all(context)
            .into_iter()
            .filter(|item| lasting(item.key.store))
            .filter_map(|i| i.only(|s| s.item.first_kept(|_| true).is_some()))
            .filter_map(|kept| self.finding(context, &kept))
            .collect();
        findings.into()
    }
}

impl StorageOutlivesDeclared {
    fn finding(&self, context: &Context<'_>, kept: &Kept<'_>) -> Option<Finding> {
        let known = kept.known?;
        let Expires::Within { text, .. } = &known.entry.expires else {
            return None;
        };
        let story = kept.first.item.first_kept(|_| true)?;
        let says = Says {
            message: format!(
                "{} is declared for {}, but nothing in the browser ends it",
                describe(kept.key, kept.known),
                known.entry.expires.in_words()
            ),
            help: self.doc().fix.to_owned(),
        };
        let (proof, more) = context.kept(&kept.first, story);
        let declared = format!("{} declares {text}", known.entry.name.text);
        Some(
            FindingBuilder::new(self, Severity::Info, Confidence::Confirmed, says)
                .seen_in(kept.first.scenario(), Some(story.phase))
                .about(kept.key)
                .proven_by(proof)
                .and(more)
                .and([catalogue_says(declared, known.provider, known.entry)])
                .build(),
        )
    }
}
