//! `essential-before-request` and `essential-claim-implausible`: claims of being essential.

use preconsent::model::choice::ChoiceState;
use preconsent::model::scenario::ScenarioId;

use super::{Bench, OWN, TRACKER, eu, evidence, judge, said, under};
use crate::support::visits::Story;

fn open_widget() -> Story {
    Story::new(ScenarioId::OpenWidget).asked_for_chat("tracker", ChoiceState::Proven)
}

#[test]
fn what_the_chat_needs_is_not_essential_before_anyone_opens_it() {
    let early = || Story::none().script(300, TRACKER, "trk_chat_key=1");
    let expected = "[none before-choice] cookie trk_chat_key (Tracker, functionality) is called \
                    essential for the chat, but was stored before the visitor asked for it";
    let report = judge([
        early(),
        open_widget().script(300, TRACKER, "trk_chat_key=1"),
    ]);
    assert_eq!(
        said(&report, "essential-before-request"),
        [format!("warn confirmed {expected}")]
    );
    insta::assert_snapshot!(evidence(&report, "essential-before-request"), @r#"
    write 300 trk_chat_key=‹1 char, 0.0 bits/char› <https://cdn.tracker.test/t.js:3:14>
    present 1000 stored at the end of before-choice: trk_chat_key=‹1 char, 0.0 bits/char›; Path=/ <->
    present - kept unasked in scenario open-widget too <->
    present - after the widget was opened: present <->
    catalogue - Tracker: trk_chat_key: functionality (the vendor says "Essential"): nobody has asked for the chat <tracker.yaml:104>
    "#);
    for strict in ["ie", "de"] {
        let report = under(strict).judge(vec![early().build()]);
        assert_eq!(
            said(&report, "essential-before-request"),
            [format!("error confirmed {expected}")]
        );
    }
}

#[test]
fn once_it_was_opened_it_may_be_stored() {
    let report = judge([open_widget().script(2_300, TRACKER, "trk_chat_key=1")]);
    assert_eq!(said(&report, "essential-before-request"), [""; 0]);
}

#[test]
fn who_claims_nothing_or_is_exempt_is_not_told() {
    let unclaimed = judge([Story::none().script(300, TRACKER, "trk_chat=1")]);
    assert_eq!(said(&unclaimed, "essential-before-request"), [""; 0]);
    let mut profile = eu();
    profile.exempt_services.push("chat".to_owned());
    let bench = Bench {
        profile,
        ..Bench::default()
    };
    let report = bench.judge(vec![
        Story::none().script(300, TRACKER, "trk_chat_key=1").build(),
    ]);
    assert_eq!(said(&report, "essential-before-request"), [""; 0]);
}

#[test]
fn an_essential_item_with_the_marks_of_an_id_is_likely_none() {
    let lives = |value: &str, seconds: u32| {
        let line = format!("basket={value}; Max-Age={seconds}");
        said(
            &judge([Story::none().script(300, OWN, &line)]),
            "essential-claim-implausible",
        )
    };
    assert_eq!(
        lives("64f0c0ffee64f0a1", 31_536_000),
        [
            "warn likely [none before-choice] cookie basket (Tracker, essential) is called essential, \
             but lives 365 days and looks like an id for tracking"
        ]
    );
    assert_eq!(lives("64f0c0ffee64f0a1", 3_600), [""; 0], "an hour");
    assert_eq!(lives("3", 31_536_000), [""; 0], "no id");
}

#[test]
fn records_of_the_choice_and_load_balancers_may_hold_long_ids() {
    let line = |name: &str| format!("{name}=64f0c0ffee64f0a1; Max-Age=604800");
    let report = judge([Story::reject().script(300, OWN, &line("balancer")).script(
        1_150,
        OWN,
        &line("choice"),
    )]);
    assert_eq!(said(&report, "essential-claim-implausible"), [""; 0]);
}
