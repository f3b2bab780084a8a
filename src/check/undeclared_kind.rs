//! `undeclared-kind`: a name is declared, but for another store than the one it is kept in.

use super::items::{Kept, describe, noun};
use super::namesake::{Differs, findings};
use super::{Check, Context, Doc, Outcome, Reach, reach};
use crate::catalogue::Entry;
use crate::classify::{ClassifiedVisit, Known};
use crate::model::finding::{Class, Severity};
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
        let says = |kept: &Kept<'_>, declared: Known<'_>| {
            let item = describe(kept.key, None);
            let name = &declared.provider.name;
            format!(
                "{item} is declared by {name} as a {}",
                noun(declared.entry.store)
            )
        };
        let declares = |entry: &Entry| format!("is a {}", noun(entry.store));
        findings(self, context, Differs::Kind, says, declares).into()
    }
}
