//! `undeclared-kind`: a name is declared, but for another store than the one it is kept in.

use super::evidence::catalogue_says;
use super::finding_builder::{FindingBuilder, Says};
use super::items::{Kept, all, describe, noun};
use super::namesake::{Differs, namesake};
use super::{Check, Context, Doc, Outcome, Reach, reach};
use crate::classify::{ClassifiedVisit, Known};
use crate::model::finding::{Class, Confidence, Finding, Severity};
use crate::model::scenario::ScenarioId;

pub(super) struct UndeclaredKind;

impl Check for UndeclaredKind {
    fn id(&self) -> &'static str {
        "undeclared-kind"
    }

    fn class(&self) -> Class {
        Class::Judgement
    }

    fn doc(&self) -> Doc {
        Doc {
            severities: &[Severity::Warn],
            scenarios: &ScenarioId::ALL,
            what: "A cookie or storage key was on the device whose name a catalogue declares for \
                   another store: a cookie that is declared as a local storage key, or the other way \
                   round. Only where the entry's provider was found in the visit, or where the entry \
                   is the user's own.",
            why: "A store decides how long an item lives, who can read it and how visitors get rid of \
                  it. Who deletes the declared cookie still keeps the storage key.",
            evidence: "The write or the snapshot, and the entry.",
            source: "EDPB Guidelines 2/2023 (2024), on storage of every kind; IAB Europe, TCF vendor \
                     device storage disclosures (2026), field type",
            fix: "Declare the item in the store that it is kept in, or keep it where it is declared.",
        }
    }

    fn reach(&self, _: &Context<'_>, visit: &ClassifiedVisit<'_>) -> Reach {
        reach::any(visit)
    }

    fn run(&self, context: &Context<'_>) -> Outcome {
        let mut findings: Vec<Finding> = Vec::new();
        for item in all(context) {
            let Some((declared, Differs::Kind)) = namesake(context, &item) else {
                continue;
            };
            if let Some(kept) = item.only(|s| s.item.first_kept(|_| true).is_some()) {
                findings.extend(self.finding(context, &kept, declared));
            }
        }
        findings.into()
    }
}

impl UndeclaredKind {
    fn finding(
        &self,
        context: &Context<'_>,
        kept: &Kept<'_>,
        declared: Known<'_>,
    ) -> Option<Finding> {
        let story = kept.first.item.first_kept(|_| true)?;
        let entry = declared.entry;
        let says = Says {
            message: format!(
                "{} is declared by {} as a {}",
                describe(kept.key, None),
                declared.provider.name,
                noun(entry.store)
            ),
            help: self.doc().fix.to_owned(),
        };
        let (proof, more) = context.kept(&kept.first, story);
        let declaration = format!("{} is a {}", entry.name.text, noun(entry.store));
        Some(
            FindingBuilder::new(self, Severity::Warn, Confidence::Confirmed, says)
                .seen_in(kept.first.scenario(), Some(story.phase))
                .about(kept.key)
                .proven_by(proof)
                .and(more)
                .and([catalogue_says(declaration, declared.provider, entry)])
                .build(),
        )
    }
}
