//! Choices that a visitor arrives with: a consent record that was stored before the page was loaded.
//!
//! Nothing is pressed, so only this proves one: the record is still there after the reload, says what
//! was asked for or was left as it is, and no banner asks. A page may also know nothing of the record;
//! then its banner asks, or the record is gone. [`prove`] is pure.

use super::attempt::Attempt;
use super::prove::{Proof, Story, unproven};
use super::told;
use crate::consent::recipe::Recipe;
use crate::consent::record::{Agreement, agrees};
use crate::consent::seed::Seed;
use crate::engine::Options;
use crate::engine::browser::tab::Tab;
use crate::model::choice::{ASKS_AGAIN, Choice, ChoiceState, Method};
use crate::model::scenario::PhaseId;
use crate::model::snapshot::Snapshot;

/// The choice of a visitor who arrives with these records.
pub(in crate::engine::browser) fn arrive<'a>(
    tab: &Tab,
    options: &'a Options,
    asked: Choice,
    seeds: &[&'a Seed],
) -> Attempt<'a> {
    let mut attempt = Attempt::new(options, asked);
    attempt.recognise(platform(&options.recipes, seeds));
    attempt.outcome.state = ChoiceState::Unproven;
    attempt.outcome.method = Some(Method::Seeded);
    attempt.outcome.at_ms = Some(tab.now_ms());
    attempt.seeds = seeds.to_vec();
    // A banner that still asks may be anywhere.
    attempt.in_frame = true;
    for seed in seeds {
        attempt.say(format!(
            "stored before the page was loaded: {}",
            seed.label()
        ));
    }
    attempt
}

/// The platform that keeps its record so, if it is the only one.
fn platform<'a>(recipes: &'a [Recipe], seeds: &[&Seed]) -> Option<&'a Recipe> {
    let keeps = |recipe: &&Recipe| {
        let mut seeds = seeds.iter();
        seeds.any(|s| recipe.record(s.store, &s.name).is_some())
    };
    let mut found = recipes.iter().filter(keeps);
    found.next().filter(|_| found.next().is_none())
}

/// Judges the choice by what became of the records.
pub(super) fn prove(story: &Story<'_>) -> Proof {
    let mut evidence = Vec::new();
    let phase = |id: PhaseId| story.snapshots.iter().find(|s| s.phase == id);
    let Some(now) = phase(PhaseId::AfterReload) else {
        return unproven(evidence, "not yet confirmed by a reload");
    };
    let mut said: Vec<(String, Agreement)> = story
        .seeds
        .iter()
        .map(|seed| (seed.name.clone(), by_seed(story, seed, now)))
        .collect();
    said.extend(told::by_signals(&now.signals, story.asked));
    for (source, agreement) in &said {
        evidence.push(format!("{source}: {}", agreement.reason()));
    }
    if said.iter().any(|(_, a)| !matches!(a, Agreement::Yes(_))) {
        return unproven(evidence, "the page did not take the record for the choice");
    }
    if story.banner_shows {
        return unproven(evidence, ASKS_AGAIN);
    }
    if let Some(unseen) = &story.unseen {
        let why = format!("whether a banner asks is not known: {unseen}");
        return unproven(evidence, &why);
    }
    evidence.push("no banner asked, also not after the reload".to_owned());
    Proof {
        state: ChoiceState::Proven,
        evidence,
    }
}

/// What became of one record.
fn by_seed(story: &Story<'_>, seed: &Seed, now: &Snapshot) -> Agreement {
    let Some(value) = now.value(seed.store, |name| name == seed.name) else {
        return Agreement::No("it is gone, or is not kept for the page that was shown".to_owned());
    };
    let by_script = story
        .record
        .filter(|r| r.place.store == seed.store && r.place.is_named(&seed.name));
    if let Some(said) = by_script.and_then(|r| r.agrees(story.asked, None, Some(value))) {
        return said;
    }
    let recipes = story.recipes.iter();
    let places = recipes.filter_map(|recipe| recipe.record(seed.store, &seed.name));
    let said: Vec<Agreement> = places
        .map(|place| agrees(place.decoder, None, Some(value), story.asked))
        .collect();
    let of = |wanted: fn(&Agreement) -> bool| said.iter().find(|a| wanted(a)).cloned();
    // Several platforms share a name; one of them whose record it is understands it.
    let clear =
        of(|a| matches!(a, Agreement::Yes(_))).or_else(|| of(|a| matches!(a, Agreement::No(_))));
    clear.unwrap_or_else(|| {
        if value == seed.value {
            Agreement::Yes("the page left it as it is".to_owned())
        } else {
            Agreement::Unclear("the page changed it to something that cannot be read".to_owned())
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::consent::recipe;
    use crate::model::item::Store;
    use crate::model::signal::Signal;
    use crate::model::snapshot::StoredKey;

    fn snapshot(phase: PhaseId, keys: &[(&str, &str)], signals: &[(&str, &str)]) -> Snapshot {
        let storage = keys.iter().map(|(name, value)| StoredKey {
            store: Store::LocalStorage,
            origin: "https://shop.test".to_owned(),
            partition: None,
            name: (*name).to_owned(),
            value: (*value).to_owned(),
        });
        let signals = signals.iter().map(|(name, value)| Signal {
            name: (*name).to_owned(),
            value: (*value).to_owned(),
        });
        Snapshot {
            phase,
            at_ms: 0,
            clock: 0.0,
            ahead_s: 0.0,
            cookies: Vec::new(),
            storage: storage.collect(),
            signals: signals.collect(),
        }
    }

    /// The state and the last sentence, for one seed and what is stored under its name at the end.
    fn ends(seed: &str, kept: Option<&str>, banner: bool, signals: &[(&str, &str)]) -> String {
        let seed: Seed = format!("local:{seed}").parse().expect("a seed");
        let kept: Vec<(&str, &str)> = kept.map(|v| (seed.name.as_str(), v)).into_iter().collect();
        let snapshots = [
            snapshot(PhaseId::AfterChoice, &kept, &[]),
            snapshot(PhaseId::AfterReload, &kept, signals),
        ];
        let recipes = recipe::builtin();
        let proof = prove(&Story {
            asked: Choice::Reject,
            recipe: None,
            recipes: &recipes,
            snapshots: &snapshots,
            banner_shows: banner,
            unseen: None,
            left_on: 0,
            parts: &[],
            allow: &[],
            record: None,
            seeds: &[&seed],
        });
        let last = proof.evidence.last().cloned().unwrap_or_default();
        format!("{}: {last}", proof.state.as_str())
    }

    #[test]
    fn a_record_that_stays_and_no_banner_are_a_choice() {
        let good = "proven: no banner asked, also not after the reload";
        assert_eq!(ends("asked=no", Some("no"), false, &[]), good);
        let refused = "unproven: the page did not take the record for the choice";
        assert_eq!(ends("asked=no", None, false, &[]), refused);
        assert_eq!(ends("asked=no", Some("no, at ten"), false, &[]), refused);
        assert_eq!(
            ends("asked=no", Some("no"), true, &[]),
            "unproven: the banner asks again"
        );
    }

    #[test]
    fn a_page_that_tells_others_something_else_did_not_take_it() {
        let granted = [("consent-mode.update", "ad_storage=granted")];
        assert!(ends("asked=no", Some("no"), false, &granted).starts_with("unproven"));
        let denied = [("consent-mode.update", "ad_storage=denied")];
        assert!(ends("asked=no", Some("no"), false, &denied).starts_with("proven"));
    }
}
