//! `storage-outlives-declared`: a lifetime is declared for storage that knows none, and the clock shows
//! where the item is still there after it.

use super::evidence::catalogue_says;
use super::finding_builder::{FindingBuilder, Says};
use super::items::{Kept, Sighting, all, describe, lifetime};
use super::{Check, Context, Doc, Outcome, Reach, reach};
use crate::classify::ClassifiedVisit;
use crate::model::duration::Expires;
use crate::model::finding::{Class, Confidence, Finding, Severity};
use crate::model::item::{Presence, Store};
use crate::model::scenario::{PhaseId, ScenarioId};

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
            severities: &[Severity::Warn, Severity::Info],
            scenarios: &ScenarioId::ALL,
            what: "A key of local storage, a database or a cache was on the device, and the catalogue \
                   declares that it ends after a time. Browsers end none of them: it lasts until the \
                   site's own code removes it, which a visitor who does not come back never runs. \
                   Information only, and a warning where the clock proves it: the page lived on for \
                   longer than that after the last write (--page-life, --real-time), and the item was \
                   still there.",
            why: "Visitors are told how long an item is kept. For storage such a promise holds only as \
                  long as the visitor returns.",
            evidence: "The item, and the declared lifetime; for a warning, how long the item had been there \
                       by the page's clock.",
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
        let Expires::Within { text, upper_s } = &known.entry.expires else {
            return None;
        };
        let story = kept.first.item.first_kept(|_| true)?;
        let outlived = age(&kept.first).filter(|(age, _)| *age > *upper_s);
        let but = match outlived {
            Some((age, _)) => format!("was still there after {}", lifetime(age)),
            None => "nothing in the browser ends it".to_owned(),
        };
        let says = Says {
            message: format!(
                "{} is declared for {}, but {but}",
                describe(kept.key, kept.known),
                known.entry.expires.in_words()
            ),
            help: self.doc().fix.to_owned(),
        };
        let severity = match outlived {
            Some(_) => Severity::Warn,
            None => Severity::Info,
        };
        let visit = kept.first.visit.visit;
        let later = outlived.filter(|(_, phase)| *phase != story.phase);
        let later = later.map(|(_, phase)| context.present(visit, kept.key, phase));
        let (proof, more) = context.kept(&kept.first, story);
        let declared = format!("{} declares {text}", known.entry.name.text);
        Some(
            FindingBuilder::new(self, severity, Confidence::Confirmed, says)
                .seen_in(kept.first.scenario(), Some(story.phase))
                .about(kept.key)
                .proven_by(proof)
                .and(more)
                .and(later)
                .and([catalogue_says(declared, known.provider, known.entry)])
                .build(),
        )
    }
}

/// How many seconds the item had been there at least by the page's clock, and the phase at whose end it
/// still was. Putting the clock forward counts for what was written in an earlier phase: when in that
/// time a write happened is not known.
fn age(seen: &Sighting<'_>) -> Option<(i64, PhaseId)> {
    let stories = &seen.item.item.phases;
    let ages = stories
        .iter()
        .filter(|s| s.presence == Presence::Present)
        .filter_map(|story| {
            let snapshot = seen.visit.visit.snapshot(story.phase)?;
            let before = stories.iter().take_while(|s| s.phase <= story.phase);
            let (written, phase) = before
                .filter_map(|s| Some((s.last_write_ms?, s.phase)))
                .max_by_key(|(at_ms, _)| *at_ms)?;
            let ahead = match phase == story.phase {
                true => 0.0,
                false => snapshot.ahead_s,
            };
            let waited = snapshot.at_ms.checked_sub(written)?;
            #[expect(
                clippy::cast_possible_truncation,
                reason = "a float cast saturates, and no visit is that long"
            )]
            let ahead = ahead.max(0.0) as i64;
            let waited = i64::try_from(waited / 1000).unwrap_or(i64::MAX);
            Some((waited.saturating_add(ahead), story.phase))
        });
    ages.max_by_key(|(age, _)| *age)
}
