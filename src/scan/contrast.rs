//! Choices that were proven by behaviour alone, compared between the visits.
//!
//! On a banner of an unknown platform, a key that was stored with the choice and stays is taken for
//! its record. A record must differ between one who rejects and one who accepts: if both visits store
//! the very same, it tells nothing, whatever the button said, and neither choice is proven. Pure.

use std::collections::HashSet;

use crate::model::choice::{ChoiceOutcome, ChoiceState};
use crate::model::scenario::{PhaseId, ScenarioId};
use crate::model::snapshot::Snapshot;
use crate::model::visit::Visit;

/// The sentence that prove.rs begins its evidence with where no record could be read.
const BY_BEHAVIOUR: &str = "stored with the choice: ";

/// Takes back the proof of a rejection and an acceptance that cannot be told apart, and of what was
/// done about that acceptance. Returns the places of the visits that this changed.
pub(super) fn tell_apart(visits: &mut [Visit]) -> Vec<usize> {
    let Some(pair) = alike(visits) else {
        return Vec::new();
    };
    for index in pair {
        take_back(
            &mut visits[index].choice,
            "the visits that reject and that accept store the very same, so it tells nothing",
        );
    }
    let mut changed = pair.to_vec();
    for (index, visit) in visits.iter_mut().enumerate() {
        let proven = visit.choice.state == ChoiceState::Proven;
        if visit.scenario == ScenarioId::Withdraw && proven {
            take_back(
                &mut visit.choice,
                "whether anything was accepted that could be taken back is not proven",
            );
            changed.push(index);
        }
    }
    changed
}

fn take_back(choice: &mut ChoiceOutcome, why: &str) {
    choice.state = ChoiceState::Unproven;
    choice.evidence.push(why.to_owned());
}

/// The places of a rejection and an acceptance that store the very same.
fn alike(visits: &[Visit]) -> Option<[usize; 2]> {
    let of = |visits: &[Visit], scenario| visits.iter().position(|v| v.scenario == scenario);
    let pair = [
        of(visits, ScenarioId::Reject)?,
        of(visits, ScenarioId::Accept)?,
    ];
    let [rejected, accepted] = pair.map(|i| stored(&visits[i]));
    let by_behaviour = pair.iter().all(|i| is_by_behaviour(&visits[*i]));
    (by_behaviour && rejected? == accepted?).then_some(pair)
}

fn is_by_behaviour(visit: &Visit) -> bool {
    let choice = &visit.choice;
    let by_behaviour = |text: &String| text.starts_with(BY_BEHAVIOUR);
    choice.state == ChoiceState::Proven && choice.evidence.iter().any(by_behaviour)
}

type Stored<'s> = (&'s str, &'s str, &'s str);

/// What was stored with the choice and is still there: name, place and value, sorted.
fn stored(visit: &Visit) -> Option<Vec<Stored<'_>>> {
    let before = visit.snapshot(PhaseId::BeforeChoice)?;
    let after = visit.snapshot(PhaseId::AfterChoice)?;
    let now = visit.snapshot(PhaseId::AfterReload)?;
    Some(kept(before, after, now))
}

/// Looked up in sets, as pages store as many keys as they like.
fn kept<'s>(before: &Snapshot, after: &'s Snapshot, now: &Snapshot) -> Vec<Stored<'s>> {
    let before: HashSet<_> = contents(before).collect();
    let now: HashSet<_> = contents(now).collect();
    let mut kept: Vec<_> = contents(after)
        .filter(|entry| !before.contains(entry) && now.contains(entry))
        .collect();
    kept.sort_unstable();
    kept
}

fn contents(snapshot: &Snapshot) -> impl Iterator<Item = Stored<'_>> {
    let cookies = snapshot
        .cookies
        .iter()
        .map(|c| (c.name.as_str(), c.domain.as_str(), c.value.as_str()));
    let storage = snapshot
        .storage
        .iter()
        .map(|k| (k.name.as_str(), k.origin.as_str(), k.value.as_str()));
    cookies.chain(storage)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::item::Store;
    use crate::model::snapshot::StoredKey;

    fn snapshot(phase: PhaseId, names: impl Iterator<Item = String>) -> Snapshot {
        let storage = names.map(|name| StoredKey {
            store: Store::LocalStorage,
            origin: "https://shop.test".to_owned(),
            partition: None,
            name,
            value: "1".to_owned(),
        });
        Snapshot {
            phase,
            at_ms: 0,
            clock: 0.0,
            ahead_s: 0.0,
            cookies: Vec::new(),
            storage: storage.collect(),
            signals: Vec::new(),
        }
    }

    /// Were each looked for among all others, the run would end this test.
    #[test]
    fn many_keys_are_compared_at_once() {
        let keys = |from: u32| (from..100_000).map(|n| format!("key {n}"));
        let before = snapshot(PhaseId::BeforeChoice, keys(1));
        let after = snapshot(PhaseId::AfterChoice, keys(0));
        let now = snapshot(PhaseId::AfterReload, keys(0));
        assert_eq!(
            kept(&before, &after, &now),
            [("key 0", "https://shop.test", "1")]
        );
    }
}
