//! Whether a choice took effect, judged from what is stored before and after. Pure.
//!
//! Proven is: the platform's record, or the page's own interface, says what was asked for and the
//! banner is gone, both still after a reload; or, where neither can be read, the banner stays away
//! after the reload and something that was stored with the choice is still there. What was accepted
//! is withdrawn without a record if what was stored at the acceptance has changed or gone. Two signs
//! that disagree prove nothing, nor does a banner that may only not have been seen.

use std::collections::HashSet;

use super::told;
use crate::consent::recipe::{Recipe, RecordPlace};
use crate::consent::record::{Agreement, Part, agrees, agrees_in_part};
use crate::model::choice::{ASKS_AGAIN, Choice, ChoiceState};
use crate::model::item::Store;
use crate::model::role::Role;
use crate::model::scenario::PhaseId;
use crate::model::snapshot::Snapshot;

/// How many changed keys are named.
const NAMED: usize = 5;

/// What is known when a choice is judged.
pub(super) struct Story<'s> {
    /// What was asked for.
    pub(super) asked: Choice,
    /// The platform, if it was recognised.
    pub(super) recipe: Option<&'s Recipe>,
    /// Every platform whose record can be read.
    pub(super) recipes: &'s [Recipe],
    /// The snapshots so far.
    pub(super) snapshots: &'s [Snapshot],
    /// Whether a banner asks again now.
    pub(super) banner_shows: bool,
    /// Why a banner that asks again may not have been seen.
    pub(super) unseen: Option<String>,
    /// How many switches could not be reached and were saved as they stood.
    pub(super) left_on: usize,
    /// The switches as they were set, …
    pub(super) parts: &'s [Part],
    /// … and the categories that were to be allowed, by one who chooses single ones.
    pub(super) allow: &'s [Role],
}

/// A state and what supports it.
pub(super) struct Proof {
    /// Proven or unproven.
    pub(super) state: ChoiceState,
    /// Sentences for the report.
    pub(super) evidence: Vec<String>,
}

/// The moments that matter for a choice.
struct Moments<'s> {
    /// No visitor had chosen anything.
    untouched: &'s Snapshot,
    before: &'s Snapshot,
    after: &'s Snapshot,
    /// After the reload, or as late as there is.
    now: &'s Snapshot,
    reloaded: bool,
}

impl<'s> Moments<'s> {
    fn of(story: &Story<'s>) -> Option<Self> {
        let (before, after, later) = match story.asked {
            Choice::Withdraw => (
                PhaseId::AfterReload,
                PhaseId::AfterWithdrawal,
                PhaseId::AfterWithdrawalReload,
            ),
            Choice::WidgetAccept | Choice::WidgetRefuse => (
                PhaseId::WidgetOpen,
                PhaseId::AfterChoice,
                PhaseId::AfterReload,
            ),
            _ => (
                PhaseId::BeforeChoice,
                PhaseId::AfterChoice,
                PhaseId::AfterReload,
            ),
        };
        let phase = |id: PhaseId| story.snapshots.iter().find(|s| s.phase == id);
        let after = phase(after)?;
        let reloaded = phase(later);
        Some(Self {
            untouched: phase(PhaseId::BeforeChoice)?,
            before: phase(before)?,
            after,
            now: reloaded.unwrap_or(after),
            reloaded: reloaded.is_some(),
        })
    }
}

/// Judges the choice.
pub(super) fn prove(story: &Story<'_>) -> Proof {
    let mut evidence = Vec::new();
    let Some(moments) = Moments::of(story) else {
        return unproven(evidence, "the visit ended before anything could be proven");
    };
    let said = said(story, &moments);
    for (source, agreement) in &said {
        evidence.push(format!("{source}: {}", agreement.reason()));
    }
    let says_no = said.iter().any(|(_, a)| matches!(a, Agreement::No(_)));
    let says_yes = said.iter().any(|(_, a)| matches!(a, Agreement::Yes(_)));
    if says_no && says_yes {
        return unproven(evidence, "what the page says of the choice disagrees");
    }
    if says_no {
        return unproven(evidence, "the record does not say what was asked for");
    }
    if !says_yes {
        if story.left_on > 0 {
            return unproven(evidence, "no record says how they were saved");
        }
        let changed = changes(story.asked, &moments);
        if changed.is_empty() {
            return unproven(evidence, nothing_changed(story.asked));
        }
        evidence.push(format!("stored with the choice: {}", listed(changed)));
    }
    if story.banner_shows {
        return unproven(evidence, ASKS_AGAIN);
    }
    if !moments.reloaded {
        return unproven(evidence, "not yet confirmed by a reload");
    }
    if let Some(unseen) = &story.unseen {
        let why = format!("whether the banner stayed away is not known: {unseen}");
        return unproven(evidence, &why);
    }
    evidence.push("the banner stayed away after the reload".to_owned());
    Proof {
        state: ChoiceState::Proven,
        evidence,
    }
}

fn nothing_changed(asked: Choice) -> &'static str {
    match asked {
        Choice::Withdraw => "nothing that was stored at the acceptance has changed",
        _ => "nothing that lasts was stored with the choice",
    }
}

fn unproven(mut evidence: Vec<String>, why: &str) -> Proof {
    evidence.push(why.to_owned());
    Proof {
        state: ChoiceState::Unproven,
        evidence,
    }
}

/// What the records and the page's interfaces say, each with its name.
fn said(story: &Story<'_>, moments: &Moments<'_>) -> Vec<(String, Agreement)> {
    let mut said: Vec<(String, Agreement)> = match story.recipe {
        Some(recipe) => by_record(recipe, moments, story).into_iter().collect(),
        None => by_any_record(story, moments),
    };
    let signals = &moments.now.signals;
    said.extend(match story.asked {
        Choice::Custom => told::by_signals_in_part(signals, story.allow),
        asked => told::by_signals(signals, asked.on_banner()),
    });
    said
}

/// What the recipe's records say: a no beats a yes, a yes beats an unclear one.
fn by_record(
    recipe: &Recipe,
    moments: &Moments<'_>,
    story: &Story<'_>,
) -> Option<(String, Agreement)> {
    let rank = |agreement: &Agreement| match agreement {
        Agreement::No(_) => 0,
        Agreement::Yes(_) => 1,
        Agreement::Unclear(_) => 2,
    };
    let is_there = |place: &&RecordPlace| {
        value(moments.before, place).is_some() || value(moments.now, place).is_some()
    };
    let places: Vec<_> = recipe.records.iter().filter(is_there).collect();
    if places.is_empty() {
        let name = recipe.records.first().map(|place| place.name.clone())?;
        let nothing = Agreement::No("no choice is recorded".to_owned());
        return Some((name, nothing));
    }
    places
        .into_iter()
        .map(|place| (place.name.clone(), by_place(place, moments, story)))
        .min_by_key(|(_, agreement)| rank(agreement))
}

fn by_place(place: &RecordPlace, moments: &Moments<'_>, story: &Story<'_>) -> Agreement {
    let was = value(moments.untouched, place);
    let is = value(moments.now, place);
    match story.asked {
        Choice::Withdraw if is.is_none() => {
            Agreement::Yes("the record of the acceptance was removed".to_owned())
        }
        Choice::Custom => agrees_in_part(place.decoder, was, is, story.parts, story.allow),
        asked => agrees(place.decoder, was, is, asked),
    }
}

/// What changed under the name of a record of any platform and can be read as one. The banner may be
/// the site's own, and its platform not what the name suggests: only what is clear counts.
fn by_any_record(story: &Story<'_>, moments: &Moments<'_>) -> Vec<(String, Agreement)> {
    let places = story.recipes.iter().flat_map(|r| &r.records);
    let changed = places.filter(|place| {
        let is = value(moments.now, place);
        is.is_some() && is != value(moments.before, place)
    });
    let mut said: Vec<(String, Agreement)> = changed
        .map(|place| (place.name.clone(), by_place(place, moments, story)))
        .filter(|(_, agreement)| !matches!(agreement, Agreement::Unclear(_)))
        .collect();
    said.sort_by(|a, b| a.0.cmp(&b.0));
    said.dedup();
    said
}

fn value<'s>(snapshot: &'s Snapshot, place: &RecordPlace) -> Option<&'s str> {
    if place.store == Store::Cookie {
        let cookie = snapshot.cookies.iter().find(|c| place.is_named(&c.name));
        return cookie.map(|c| c.value.as_str());
    }
    let mut keys = snapshot.storage.iter();
    let key = keys.find(|k| k.store == place.store && place.is_named(&k.name));
    key.map(|k| k.value.as_str())
}

type Stored<'s> = (&'s str, &'s str, &'s str);

/// Names of what was added or changed with the choice and is still stored so; for a withdrawal, of
/// what was stored at the acceptance and has changed or gone since.
fn changes(asked: Choice, moments: &Moments<'_>) -> Vec<String> {
    let (is, after) = (contents(moments.now), contents(moments.after));
    let changed: Vec<Stored<'_>> = if asked == Choice::Withdraw {
        let was = contents(moments.untouched);
        let mut of_it = contents(moments.before);
        of_it.retain(|entry| !was.contains(entry) && !is.contains(entry) && !after.contains(entry));
        of_it.into_iter().collect()
    } else {
        let was = contents(moments.before);
        let added = after.into_iter();
        added
            .filter(|entry| !was.contains(entry) && is.contains(entry))
            .collect()
    };
    let mut names: Vec<String> = changed
        .iter()
        .map(|(name, _, _)| (*name).to_owned())
        .collect();
    names.sort();
    names.dedup();
    names
}

fn listed(mut names: Vec<String>) -> String {
    let more = names.len().saturating_sub(NAMED);
    names.truncate(NAMED);
    if more > 0 {
        names.push(format!("{more} more"));
    }
    names.join(", ")
}

/// Name, place and value of everything that outlives the page. A set, as pages store as many keys as
/// they like.
fn contents(snapshot: &Snapshot) -> HashSet<Stored<'_>> {
    let cookies = snapshot
        .cookies
        .iter()
        .map(|c| (c.name.as_str(), c.domain.as_str(), c.value.as_str()));
    let storage = snapshot
        .storage
        .iter()
        .map(|k| (k.name.as_str(), k.origin.as_str(), k.value.as_str()));
    cookies.chain(storage).collect()
}

#[cfg(test)]
mod tests;
