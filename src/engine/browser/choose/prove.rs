//! Whether a choice took effect, judged from what is stored before and after. Pure.
//!
//! Proven is: the platform's record says what was asked for and the banner is gone, both still after
//! a reload; or, where no record can be read, the banner stays away after the reload and something
//! that was stored with the choice is still there. Two signs that disagree prove nothing.

use crate::consent::recipe::{Recipe, RecordPlace};
use crate::consent::record::{Agreement, agrees};
use crate::model::choice::{Choice, ChoiceState};
use crate::model::item::Store;
use crate::model::scenario::PhaseId;
use crate::model::snapshot::Snapshot;

/// How many changed keys are named.
const NAMED: usize = 5;

/// A state and what supports it.
pub(super) struct Proof {
    /// Proven or unproven.
    pub(super) state: ChoiceState,
    /// Sentences for the report.
    pub(super) evidence: Vec<String>,
}

/// Judges the choice by the snapshots so far; `banner_shows` is true when it asks again now.
pub(super) fn prove(
    asked: Choice,
    recipe: Option<&Recipe>,
    snapshots: &[Snapshot],
    banner_shows: bool,
) -> Proof {
    let mut evidence = Vec::new();
    let phase = |id: PhaseId| snapshots.iter().find(|s| s.phase == id);
    let (Some(before), Some(after)) = (phase(PhaseId::BeforeChoice), phase(PhaseId::AfterChoice))
    else {
        return unproven(evidence, "the visit ended before anything could be proven");
    };
    let reloaded = phase(PhaseId::AfterReload);
    let now = reloaded.unwrap_or(after);
    let agreement = recipe.and_then(|r| by_record(r, before, now, asked));
    if let Some((name, agreement)) = &agreement {
        evidence.push(format!("{name}: {}", agreement.reason()));
    }
    if matches!(agreement, Some((_, Agreement::No(_)))) {
        return unproven(evidence, "the record does not say what was asked for");
    }
    let changed = lasting_changes(before, after, now);
    let recorded = matches!(agreement, Some((_, Agreement::Yes(_))));
    if !recorded {
        if changed.is_empty() {
            return unproven(evidence, "nothing that lasts was stored with the choice");
        }
        evidence.push(format!("stored with the choice: {}", changed.join(", ")));
    }
    if banner_shows {
        return unproven(evidence, "the banner asks again");
    }
    if reloaded.is_none() {
        return unproven(evidence, "not yet confirmed by a reload");
    }
    evidence.push("the banner stayed away after the reload".to_owned());
    Proof {
        state: ChoiceState::Proven,
        evidence,
    }
}

fn unproven(mut evidence: Vec<String>, why: &str) -> Proof {
    evidence.push(why.to_owned());
    Proof {
        state: ChoiceState::Unproven,
        evidence,
    }
}

/// What the recipe's records say: a no beats a yes, a yes beats an unclear one.
fn by_record(
    recipe: &Recipe,
    before: &Snapshot,
    after: &Snapshot,
    asked: Choice,
) -> Option<(String, Agreement)> {
    let rank = |agreement: &Agreement| match agreement {
        Agreement::No(_) => 0,
        Agreement::Yes(_) => 1,
        Agreement::Unclear(_) => 2,
    };
    let is_there =
        |place: &&RecordPlace| value(before, place).is_some() || value(after, place).is_some();
    let places: Vec<_> = recipe.records.iter().filter(is_there).collect();
    if places.is_empty() {
        let name = recipe.records.first().map(|place| place.name.clone())?;
        let nothing = Agreement::No("no choice is recorded".to_owned());
        return Some((name, nothing));
    }
    places
        .into_iter()
        .map(|place| {
            let was = value(before, place);
            let is = value(after, place);
            (place.name.clone(), agrees(place.decoder, was, is, asked))
        })
        .min_by_key(|(_, agreement)| rank(agreement))
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

/// Names of what was added or changed with the choice and is still stored so.
fn lasting_changes(before: &Snapshot, after: &Snapshot, now: &Snapshot) -> Vec<String> {
    let was = contents(before);
    let is = contents(now);
    let mut names: Vec<String> = contents(after)
        .into_iter()
        .filter(|entry| !was.contains(entry) && is.contains(entry))
        .map(|(name, _, _)| name.to_owned())
        .collect();
    names.sort();
    names.dedup();
    let more = names.len().saturating_sub(NAMED);
    names.truncate(NAMED);
    if more > 0 {
        names.push(format!("{more} more"));
    }
    names
}

/// Name, place and value of everything that outlives the page.
fn contents(snapshot: &Snapshot) -> Vec<(&str, &str, &str)> {
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
mod tests {
    use super::*;
    use crate::model::snapshot::StoredKey;

    fn snapshot(phase: PhaseId, keys: &[(&str, &str)]) -> Snapshot {
        let storage = keys
            .iter()
            .map(|(name, value)| StoredKey {
                store: Store::LocalStorage,
                origin: "https://shop.test".to_owned(),
                partition: None,
                name: (*name).to_owned(),
                value: (*value).to_owned(),
            })
            .collect();
        Snapshot {
            phase,
            at_ms: 0,
            clock: 0.0,
            cookies: Vec::new(),
            storage,
            signals: Vec::new(),
        }
    }

    type Keys<'a> = &'a [(&'a str, &'a str)];

    /// The snapshots before the choice, after it, and after the reload.
    fn story(before: Keys<'_>, after: Keys<'_>, reloaded: Keys<'_>) -> Vec<Snapshot> {
        vec![
            snapshot(PhaseId::BeforeChoice, before),
            snapshot(PhaseId::AfterChoice, after),
            snapshot(PhaseId::AfterReload, reloaded),
        ]
    }

    fn klaro() -> Recipe {
        crate::consent::recipe::builtin()
            .into_iter()
            .find(|r| r.id == "klaro")
            .expect("a recipe for Klaro")
    }

    fn state(
        asked: Choice,
        recipe: Option<&Recipe>,
        snapshots: &[Snapshot],
        banner: bool,
    ) -> ChoiceState {
        prove(asked, recipe, snapshots, banner).state
    }

    #[test]
    fn a_record_that_says_what_was_asked_for_proves_it() {
        let refused = [("klaro", r#"{"tawk":false}"#)];
        let story = story(&[], &refused, &refused);
        let klaro = Some(klaro());
        let klaro = klaro.as_ref();
        assert_eq!(
            state(Choice::Reject, klaro, &story, false),
            ChoiceState::Proven
        );
        assert_eq!(
            state(Choice::Accept, klaro, &story, false),
            ChoiceState::Unproven
        );
        assert_eq!(
            state(Choice::Reject, klaro, &story, true),
            ChoiceState::Unproven,
            "the banner asks again: two signs that disagree"
        );
        assert_eq!(
            state(Choice::Reject, klaro, &story[..2], false),
            ChoiceState::Unproven,
            "not before the reload"
        );
    }

    #[test]
    fn a_platform_without_its_record_has_recorded_nothing() {
        let other = [("other", "1")];
        let story = story(&[], &other, &other);
        assert_eq!(
            state(Choice::Reject, Some(&klaro()), &story, false),
            ChoiceState::Unproven
        );
    }

    #[test]
    fn an_unknown_banner_needs_a_change_that_lasts() {
        let kept = story(&[("a", "1")], &[("a", "1"), ("c", "no")], &[("c", "no")]);
        assert_eq!(
            state(Choice::Reject, None, &kept, false),
            ChoiceState::Proven
        );
        assert_eq!(
            state(Choice::Reject, None, &kept, true),
            ChoiceState::Unproven
        );
        let dead = story(&[("a", "1")], &[("a", "1")], &[("a", "1")]);
        assert_eq!(
            state(Choice::Reject, None, &dead, false),
            ChoiceState::Unproven
        );
        let lost = story(&[], &[("c", "no")], &[]);
        assert_eq!(
            state(Choice::Reject, None, &lost, false),
            ChoiceState::Unproven
        );
    }
}
