//! `reject-ignored`, and what stands in its place where the choice is not proven.

use preconsent::model::choice::ChoiceState;
use preconsent::model::report::Verdict;

use super::{OWN, TRACKER, evidence, judge, said, spoke, told};
use crate::support::visits::Story;

#[test]
fn a_tracker_that_starts_after_the_rejection_is_found() {
    let report = judge([Story::reject().script(1_400, TRACKER, "trk_id=1; Max-Age=600")]);
    insta::assert_snapshot!(told(&report), @r"
    fail
    - 1 confirmed error: reject-ignored (1)
    error confirmed reject-ignored [reject after-choice] cookie trk_id (Tracker, marketing) was written after the visitor had rejected
    ");
    insta::assert_snapshot!(evidence(&report, "reject-ignored"), @r#"
    write 1400 trk_id=‹1 char, 0.0 bits/char›; Max-Age=600 <https://cdn.tracker.test/t.js:3:14>
    choice 1100 the banner is gone and a record changed <->
    catalogue - Tracker: trk_id: marketing (the vendor says "Essential"): it recognises visitors <tracker.yaml:9>
    profile - profile eu: marketing needs consent <->
    "#);
}

#[test]
fn sending_what_was_there_before_is_found_but_only_under_its_own_name() {
    let report = judge([Story::reject().script(300, TRACKER, "trk_session=1").sent(
        2_100,
        "https://shop.test/",
        "trk_session",
        "shop.test",
    )]);
    assert_eq!(spoke(&report), ["pre-consent-storage", "reject-ignored"]);
    insta::assert_snapshot!(evidence(&report, "reject-ignored"), @r"
    sent 2100 sent after the reload <https://shop.test/>
    choice 1100 the banner is gone and a record changed <->
    catalogue - Tracker: trk_session: performance <tracker.yaml:25>
    profile - profile eu: performance needs consent <->
    ");
}

#[test]
fn a_leftover_that_nobody_touches_is_not_found() {
    let report =
        judge([Story::reject().set(300, TRACKER, "trk_token_64f0c0ffee64f0c0ffee64f0", "t")]);
    assert_eq!(said(&report, "reject-ignored"), [""; 0]);
}

#[test]
fn writing_the_same_value_again_changes_nothing() {
    let write = |story: Story, at| story.script(at, TRACKER, "trk_session=0");
    let report = judge([write(write(Story::reject(), 300), 1_500)]);
    assert_eq!(spoke(&report), ["pre-consent-storage", "reject-leftover"]);
}

#[test]
fn renewing_a_lifetime_is_a_change() {
    let write = |story: Story, at| story.script(at, TRACKER, "trk_id=0; Max-Age=600");
    let report = judge([write(write(Story::reject(), 300), 1_500)]);
    assert_eq!(spoke(&report), ["pre-consent-storage", "reject-ignored"]);
}

#[test]
fn what_happens_before_the_press_does_not_count() {
    let report = judge([Story::reject().script(1_050, TRACKER, "trk_session=1")]);
    assert_eq!(told(&report), "pass");
}

#[test]
fn cleaning_up_and_probing_after_the_rejection_are_fine() {
    let report = judge([Story::reject()
        .script(1_200, TRACKER, "trk_session=bye")
        .script(1_210, TRACKER, "trk_session=; Max-Age=0")
        .set(1_300, TRACKER, "trk_probe", "1")
        .remove(1_300, TRACKER, "trk_probe")]);
    assert_eq!(told(&report), "pass");
}

#[test]
fn accepting_is_no_rejection() {
    let report = judge([Story::accept().script(1_400, TRACKER, "trk_id=1; Max-Age=600")]);
    assert_eq!(told(&report), "pass");
}

#[test]
fn a_button_that_does_nothing_is_unverified_and_not_ignored() {
    let report = judge([Story::reject().choice(ChoiceState::Unproven).script(
        1_400,
        TRACKER,
        "trk_id=1; Max-Age=600",
    )]);
    insta::assert_snapshot!(told(&report), @r"
    inconclusive
    - scenario reject: rejecting was tried by the text of a button, but nothing proves that the choice took effect, so what came after it was not judged
    warn confirmed scenario-unverified [reject after-choice] rejecting was tried by the text of a button, but nothing proves that the choice took effect
    ");
}

#[test]
fn an_unknown_record_of_the_choice_is_left_alone() {
    let report = judge([Story::reject().script(1_110, OWN, "my_cookie_choice=none; Max-Age=600")]);
    assert_eq!(report.verdict, Verdict::Pass);
    assert_eq!(spoke(&report), ["undeclared-name"]);
}

#[test]
fn another_unknown_item_after_the_rejection_is_in_doubt() {
    let report = judge([Story::reject().script(1_400, OWN, "uid=77; Max-Age=600")]);
    insta::assert_snapshot!(told(&report), @r"
    inconclusive
    - whether the rejection was obeyed is not known for what was first stored after it and is not classified: uid; describe it in a catalogue (--rules)
    warn likely reject-ignored [reject after-choice] cookie uid was written after the visitor had rejected
    warn likely undeclared-name [reject after-choice] cookie uid is in no catalogue
    ");
}

#[test]
fn a_doubt_is_not_told_twice() {
    let report = judge([Story::reject().script(300, OWN, "sid=1").sent(
        2_100,
        "https://shop.test/",
        "sid",
        "shop.test",
    )]);
    assert_eq!(spoke(&report), ["pre-consent-storage", "undeclared-name"]);
    assert_eq!(report.reasons.len(), 1);
}
