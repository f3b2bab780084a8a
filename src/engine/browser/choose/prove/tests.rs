//! Stories of keys, and which of them prove a choice.

use super::*;
use crate::model::item::Store;
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
        ahead_s: 0.0,
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
    let story = Story {
        banner_shows: banner,
        ..told(asked, recipe, snapshots)
    };
    prove(&story).state
}

fn told<'s>(asked: Choice, recipe: Option<&'s Recipe>, snapshots: &'s [Snapshot]) -> Story<'s> {
    Story {
        asked,
        recipe,
        recipes: &[],
        snapshots,
        banner_shows: false,
        unseen: None,
        left_on: 0,
        record: None,
        seeds: &[],
        parts: &[],
        allow: &[],
    }
}

#[test]
fn a_banner_that_may_not_have_been_seen_proves_nothing() {
    let kept = story(&[], &[("c", "no")], &[("c", "no")]);
    let story = Story {
        unseen: Some("1 of its frames did not answer".to_owned()),
        ..told(Choice::Reject, None, &kept)
    };
    let proof = prove(&story);
    assert_eq!(proof.state, ChoiceState::Unproven);
    let expected = "whether the banner stayed away is not known: 1 of its frames did not answer";
    assert_eq!(proof.evidence.last().map(String::as_str), Some(expected));
}

#[test]
fn switches_that_were_left_on_need_a_record() {
    let refused = [("klaro", r#"{"tawk":false}"#)];
    let saved = story(&[], &refused, &refused);
    let klaro = klaro();
    for (recipe, expected) in [
        (None, ChoiceState::Unproven),
        (Some(&klaro), ChoiceState::Proven),
    ] {
        let story = Story {
            left_on: 1,
            parts: &[],
            allow: &[],
            ..told(Choice::Reject, recipe, &saved)
        };
        assert_eq!(prove(&story).state, expected, "{:?}", recipe.map(|r| &r.id));
    }
}

/// Were each looked for among all others, the run would end this test.
#[test]
fn many_keys_are_compared_at_once() {
    let keys = |phase, value: &str| {
        let mut whole = snapshot(phase, &[]);
        whole.storage = (0..100_000)
            .flat_map(|n| snapshot(phase, &[(&format!("key {n}"), value)]).storage)
            .collect();
        whole
    };
    let chosen = [
        keys(PhaseId::BeforeChoice, "0"),
        keys(PhaseId::AfterChoice, "1"),
        keys(PhaseId::AfterReload, "1"),
    ];
    let withdrawn = [
        keys(PhaseId::BeforeChoice, "0"),
        keys(PhaseId::AfterReload, "1"),
        keys(PhaseId::AfterWithdrawal, "2"),
        keys(PhaseId::AfterWithdrawalReload, "2"),
    ];
    for (asked, snapshots) in [
        (Choice::Reject, &chosen[..]),
        (Choice::Withdraw, &withdrawn[..]),
    ] {
        assert_eq!(state(asked, None, snapshots, false), ChoiceState::Proven);
    }
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

#[test]
fn the_page_s_interface_has_a_say() {
    let mut kept = story(&[], &[("c", "1")], &[("c", "1")]);
    let tells = |value: &str| crate::model::signal::Signal {
        name: "tcf.purposeConsents".to_owned(),
        value: value.to_owned(),
    };
    kept[2].signals = vec![tells("1,2,3")];
    assert_eq!(
        state(Choice::Reject, None, &kept, false),
        ChoiceState::Unproven,
        "it says the contrary"
    );
    assert_eq!(
        state(Choice::Accept, None, &kept, false),
        ChoiceState::Proven
    );
    kept[2].signals = vec![tells("none")];
    assert_eq!(
        state(Choice::Reject, None, &kept, false),
        ChoiceState::Proven
    );
}

fn withdrawn(keys: [Keys<'_>; 5]) -> Vec<Snapshot> {
    let phases = [
        PhaseId::BeforeChoice,
        PhaseId::AfterChoice,
        PhaseId::AfterReload,
        PhaseId::AfterWithdrawal,
        PhaseId::AfterWithdrawalReload,
    ];
    let all = phases.into_iter().zip(keys);
    all.map(|(phase, keys)| snapshot(phase, keys)).collect()
}

#[test]
fn a_withdrawal_must_undo_what_the_acceptance_stored() {
    let yes: Keys<'_> = &[("c", "yes"), ("visits", "2")];
    let no: Keys<'_> = &[("c", "no"), ("visits", "2")];
    let undone = withdrawn([&[("visits", "2")], yes, yes, no, no]);
    assert_eq!(
        state(Choice::Withdraw, None, &undone, false),
        ChoiceState::Proven
    );
    let kept = withdrawn([&[("visits", "2")], yes, yes, yes, yes]);
    assert_eq!(
        state(Choice::Withdraw, None, &kept, false),
        ChoiceState::Unproven
    );
    let back = withdrawn([&[("visits", "2")], yes, yes, no, yes]);
    assert_eq!(
        state(Choice::Withdraw, None, &back, false),
        ChoiceState::Unproven
    );
    let accepted: Keys<'_> = &[("klaro", r#"{"tawk":true}"#)];
    let refused: Keys<'_> = &[("klaro", r#"{"tawk":false}"#)];
    let klaro = Some(klaro());
    let by_record = withdrawn([&[], accepted, accepted, refused, refused]);
    assert_eq!(
        state(Choice::Withdraw, klaro.as_ref(), &by_record, false),
        ChoiceState::Proven
    );
    let ignored = withdrawn([&[], accepted, accepted, refused, accepted]);
    assert_eq!(
        state(Choice::Withdraw, klaro.as_ref(), &ignored, false),
        ChoiceState::Unproven
    );
}
