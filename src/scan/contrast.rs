//! Choices that were proven by behaviour alone, compared between the visits.
//!
//! On a banner of an unknown platform, a key that was stored with the choice and stays is taken for
//! its record. A record must differ between one who rejects and one who accepts: if both visits store
//! the very same, it tells nothing, whatever the button said, and neither choice is proven. Pure.

use crate::model::choice::ChoiceState;
use crate::model::scenario::{PhaseId, ScenarioId};
use crate::model::snapshot::Snapshot;
use crate::model::visit::Visit;

/// The sentence that prove.rs begins its evidence with where no record could be read.
const BY_BEHAVIOUR: &str = "stored with the choice: ";

/// Takes back the proof of a rejection and an acceptance that cannot be told apart.
pub(super) fn tell_apart(visits: &mut [Visit]) {
    let of = |visits: &[Visit], scenario| visits.iter().position(|v| v.scenario == scenario);
    let (Some(reject), Some(accept)) = (
        of(visits, ScenarioId::Reject),
        of(visits, ScenarioId::Accept),
    ) else {
        return;
    };
    let pair = [reject, accept];
    if !pair.iter().all(|i| is_by_behaviour(&visits[*i])) {
        return;
    }
    let Some([rejected, accepted]) = both(pair.map(|i| stored(&visits[i]))) else {
        return;
    };
    if rejected != accepted {
        return;
    }
    for index in pair {
        let choice = &mut visits[index].choice;
        choice.state = ChoiceState::Unproven;
        choice.evidence.push(
            "the visits that reject and that accept store the very same, so it tells nothing"
                .to_owned(),
        );
    }
}

fn both<T>(pair: [Option<T>; 2]) -> Option<[T; 2]> {
    let [first, second] = pair;
    Some([first?, second?])
}

fn is_by_behaviour(visit: &Visit) -> bool {
    let choice = &visit.choice;
    let by_behaviour = |text: &String| text.starts_with(BY_BEHAVIOUR);
    choice.state == ChoiceState::Proven && choice.evidence.iter().any(by_behaviour)
}

type Stored = (String, String, String);

/// What was stored with the choice and is still there: name, place and value, sorted.
fn stored(visit: &Visit) -> Option<Vec<Stored>> {
    let before = contents(visit.snapshot(PhaseId::BeforeChoice)?);
    let after = contents(visit.snapshot(PhaseId::AfterChoice)?);
    let now = contents(visit.snapshot(PhaseId::AfterReload)?);
    let kept = after
        .into_iter()
        .filter(|entry| !before.contains(entry) && now.contains(entry));
    let mut kept: Vec<Stored> = kept.collect();
    kept.sort();
    Some(kept)
}

fn contents(snapshot: &Snapshot) -> Vec<Stored> {
    let cookies = snapshot
        .cookies
        .iter()
        .map(|c| (c.name.clone(), c.domain.clone(), c.value.clone()));
    let storage = snapshot
        .storage
        .iter()
        .map(|k| (k.name.clone(), k.origin.clone(), k.value.clone()));
    cookies.chain(storage).collect()
}
