//! `undeclared-name`: something is stored that no catalogue describes.

use super::evidence::catalogue_says;
use super::finding_builder::{FindingBuilder, Says};
use super::items::{Kept, Sightings, all, describe, noun};
use super::namesake::namesake;
use super::{Check, Context, Doc, Outcome, Reach, reach};
use crate::catalogue::{Entry, Provider};
use crate::classify::{ClassifiedItem, ClassifiedVisit};
use crate::model::finding::{Class, Confidence, Finding, Severity};
use crate::model::item::Store;
use crate::model::scenario::ScenarioId;
use crate::model::site::host_of;
use crate::profile::Unclassified;

pub(super) struct UndeclaredName;

impl Check for UndeclaredName {
    fn id(&self) -> &'static str {
        "undeclared-name"
    }

    fn class(&self) -> Class {
        Class::Judgement
    }

    fn doc(&self) -> Doc {
        Doc {
            severities: &[Severity::Error, Severity::Warn],
            scenarios: &ScenarioId::ALL,
            what: "A cookie or storage key was on the device in any scenario, and no entry of any \
                   catalogue describes it. An error if a catalogue that claims to be complete \
                   covers the script or response that wrote it, else a warning. The entry with the \
                   nearest name is told, since many such items are misspelt in the declaration. Names that are \
                   declared for another store or host are told by undeclared-kind and undeclared-host.",
            why: "Visitors must be told what is stored, for how long and for whom, before they can \
                  consent to it. What is not declared cannot have been consented to.",
            evidence: "The write or the snapshot, and the catalogue's entry with the nearest name.",
            source: "CJEU C-673/17 Planet49 (2019), on duration and recipients; GDPR article 13 (2016)",
            fix: "Declare the item in the catalogue (--rules) and to visitors, or stop storing it.",
        }
    }

    fn reach(&self, _: &Context<'_>, visit: &ClassifiedVisit<'_>) -> Reach {
        reach::any(visit)
    }

    fn run(&self, context: &Context<'_>) -> Outcome {
        let unknown = all(context)
            .into_iter()
            .filter(|i| i.classified().is_none())
            .filter(|i| namesake(context, i).is_none() || written_by_complete(context, i));
        let kept = unknown.filter_map(|i| i.only(|s| s.item.first_kept(|_| true).is_some()));
        let findings: Vec<Finding> = kept.filter_map(|k| self.finding(context, &k)).collect();
        findings.into()
    }
}

impl UndeclaredName {
    fn finding(&self, context: &Context<'_>, kept: &Kept<'_>) -> Option<Finding> {
        let complete = complete_writer(context, kept.first.item);
        if complete.is_none() && context.profile.unclassified == Unclassified::Ignore {
            return None;
        }
        let story = kept.first.item.first_kept(|_| true)?;
        let near = context.catalogue.nearest(&kept.key.name);
        let what = describe(kept.key, None);
        let mut message = match (complete, kept.known) {
            (Some(provider), _) => format!(
                "{what} is not in the complete catalogue of {}, which wrote it",
                provider.name
            ),
            (None, Some(known)) => {
                format!(
                    "{what} has a name of {}'s, but none of those known",
                    known.provider.name
                )
            }
            (None, None) => format!("{what} is in no catalogue"),
        };
        if let Some((_, entry, distance)) = near {
            message.push_str("; ");
            message.push_str(&likeness(entry, distance, kept.key.store));
        }
        let (severity, confidence) = match complete {
            Some(_) => (Severity::Error, Confidence::Confirmed),
            None => (Severity::Warn, Confidence::Likely),
        };
        let says = Says {
            message,
            help: self.doc().fix.to_owned(),
        };
        let (proof, more) = context.kept(&kept.first, story);
        let near = near.map(|(provider, entry, _)| {
            catalogue_says(
                format!("nearest entry {}", entry.name.text),
                provider,
                entry,
            )
        });
        Some(
            FindingBuilder::new(self, severity, confidence, says)
                .seen_in(kept.first.scenario(), Some(story.phase))
                .about(kept.key)
                .proven_by(proof)
                .and(more)
                .and(near)
                .build(),
        )
    }
}

/// Whether a provider wrote the item whose catalogue claims to know all that it writes: then the name
/// in that store is an error, whatever else the name is declared for.
fn written_by_complete(context: &Context<'_>, item: &Sightings<'_>) -> bool {
    let mut seen = item.seen.iter();
    seen.any(|s| complete_writer(context, s.item).is_some())
}

/// The provider that wrote the item, if its catalogue claims to know all that it writes.
fn complete_writer<'a>(context: &Context<'a>, item: &ClassifiedItem<'_>) -> Option<&'a Provider> {
    let writes = &item.item.writes;
    writes
        .iter()
        .filter_map(|write| write.writer.url.as_deref())
        .filter_map(|url| context.catalogue.provider_for_host(&host_of(url)))
        .find(|provider| provider.complete)
}

/// What is alike and what is not.
fn likeness(entry: &Entry, distance: usize, store: Store) -> String {
    let pattern = &entry.name.text;
    if distance > 0 {
        format!("the nearest name is {pattern}")
    } else if entry.store == store && entry.value.is_some() {
        format!("{pattern} is declared with another value")
    } else if entry.store == store {
        format!("{pattern} is declared for another host or party")
    } else {
        format!("{pattern} is declared as a {}", noun(entry.store))
    }
}
