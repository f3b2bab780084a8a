//! How long a cookie asks to be kept, for the checks of lifetimes.
//!
//! What counts is what the writer asked for, since the browser shortens long lifetimes (Chromium to
//! 400 days). Only for cookies whose write nobody saw, the jar must do. Records of the choice count
//! from the choice on: some platforms store a placeholder before it, with a lifetime of decades.

use super::Context;
use super::items::{Sighting, Sightings};
use crate::catalogue::Entry;
use crate::model::cookie::Lifetime;
use crate::model::finding::Evidence;
use crate::model::item::{PhaseStory, Store, Write};
use crate::model::scenario::{PhaseId, ScenarioId};

/// The sub-type of records of the visitor's choice.
pub(super) const CONSENT_RECORD: &str = "consent-record";

/// The longest life that was asked for.
pub(super) struct Asked {
    pub(super) seconds: i64,
    pub(super) scenario: ScenarioId,
    pub(super) phase: PhaseId,
    /// The write, or the jar.
    pub(super) proof: Evidence,
    /// What led to the write.
    pub(super) cause: Option<Evidence>,
}

/// The longest life that a cookie asked for in any visit, if it asked to outlive the browser.
pub(super) fn longest(context: &Context<'_>, item: &Sightings<'_>, entry: &Entry) -> Option<Asked> {
    longest_of(context, item, |phase| {
        entry.sub_type.as_deref() != Some(CONSENT_RECORD) || !phase.precedes_choice()
    })
}

/// The same for the phases that `counts` picks.
pub(super) fn longest_of(
    context: &Context<'_>,
    item: &Sightings<'_>,
    counts: impl Fn(PhaseId) -> bool + Copy,
) -> Option<Asked> {
    if item.key.store != Store::Cookie {
        return None;
    }
    let mut longest: Option<Asked> = None;
    for seen in &item.seen {
        let asked = asked(context, seen, counts).or_else(|| stored(context, seen, counts));
        if let Some(asked) = asked
            && longest.as_ref().is_none_or(|l| asked.seconds > l.seconds)
        {
            longest = Some(asked);
        }
    }
    longest
}

/// The write that asked for the longest life.
fn asked(
    context: &Context<'_>,
    seen: &Sighting<'_>,
    counts: impl Fn(PhaseId) -> bool,
) -> Option<Asked> {
    seen.item.first_kept(&counts)?;
    let item = &seen.item.item;
    let seconds = |write: &Write| match write.requested {
        // More than the item's own longest was asked for only by a write that the browser refused.
        Some(Lifetime::Seconds(s)) if Some(s) <= item.requested_s => Some(s),
        _ => None,
    };
    let (seconds, write) = item
        .writes
        .iter()
        .filter(|write| counts(write.phase))
        .filter_map(|write| Some((seconds(write)?, write)))
        .rev()
        .max_by_key(|(seconds, _)| *seconds)?;
    Some(Asked {
        seconds,
        scenario: seen.scenario(),
        phase: write.phase,
        proof: context.write(&item.key, write),
        cause: context.cause(write),
    })
}

/// The jar's word, for a cookie whose writes nobody saw.
fn stored(
    context: &Context<'_>,
    seen: &Sighting<'_>,
    counts: impl Fn(PhaseId) -> bool,
) -> Option<Asked> {
    let item = &seen.item.item;
    let first: &PhaseStory = item.phases.first()?;
    if !item.writes.is_empty() || !counts(first.phase) {
        return None;
    }
    Some(Asked {
        seconds: item.stored_s?,
        scenario: seen.scenario(),
        phase: first.phase,
        proof: context.present(seen.visit.visit, &item.key, first.phase),
        cause: None,
    })
}
