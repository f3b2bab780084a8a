//! `dismiss-as-consent`: what comes with the closing of a banner, and what only comes after it.

use preconsent::model::choice::{ChoiceState, Method};
use preconsent::model::scenario::ScenarioId;

use super::{Bench, OWN, TRACKER, covered, evidence, judge, said, spoke, told, under};
use crate::support::visits::Story;

const CHECK: &str = "dismiss-as-consent";

fn closes() -> Story {
    Story::new(ScenarioId::Dismiss)
}

#[test]
fn what_is_first_written_once_the_banner_was_closed_is_told() {
    let report = judge([closes().script(1_400, TRACKER, "trk_id=1; Max-Age=600")]);
    insta::assert_snapshot!(told(&report), @r"
    fail
    - 1 confirmed error: dismiss-as-consent (1)
    error confirmed dismiss-as-consent [dismiss after-choice] cookie trk_id (Tracker, marketing) was written after the visitor had only closed the banner
    ");
    insta::assert_snapshot!(evidence(&report, CHECK), @r#"
    write 1400 trk_id=‹1 char, 0.0 bits/char›; Max-Age=600 <https://cdn.tracker.test/t.js:3:14>
    choice 1100 the banner is gone and a record changed <->
    catalogue - Tracker: trk_id: marketing (the vendor says "Essential"): it recognises visitors <tracker.yaml:9>
    profile - profile eu: marketing needs consent <->
    "#);
    let reloaded = judge([closes().script(2_400, TRACKER, "trk_id=1; Max-Age=600")]);
    assert_eq!(spoke(&reloaded), [CHECK]);
}

#[test]
fn what_visitors_get_who_do_nothing_comes_not_from_closing() {
    let before =
        closes()
            .script(300, TRACKER, "trk_session=1")
            .script(1_400, TRACKER, "trk_session=2");
    assert_eq!(spoke(&judge([before])), ["pre-consent-storage"]);
    let passive = Story::none().script(1_300, TRACKER, "trk_session=1");
    let both = judge([passive, closes().script(1_400, TRACKER, "trk_session=1")]);
    assert_eq!(spoke(&both), ["pre-consent-storage"]);
}

#[test]
fn what_needs_no_consent_or_goes_at_once_is_fine() {
    for story in [
        closes(),
        closes().script(1_200, OWN, "choice=closed; Max-Age=600"),
        closes().script(1_400, OWN, "login=1; Secure; HttpOnly; SameSite=Lax"),
        closes().script(1_400, TRACKER, "trk_session=1").script(
            1_450,
            TRACKER,
            "trk_session=; Max-Age=0",
        ),
        closes().script(1_050, TRACKER, "trk_session=1"),
        Story::accept().script(1_400, TRACKER, "trk_session=1"),
    ] {
        let report = judge([story]);
        assert_eq!(said(&report, CHECK), [""; 0], "{}", told(&report));
    }
}

#[test]
fn an_unknown_item_is_in_doubt() {
    let report = judge([closes().script(1_400, OWN, "uid=77; Max-Age=600")]);
    insta::assert_snapshot!(told(&report), @r"
    inconclusive
    - whether closing the banner counted as consent is not known for what was first stored after it and is not classified: uid; describe it in a catalogue (--rules)
    warn likely dismiss-as-consent [dismiss after-choice] cookie uid was written after the visitor had only closed the banner
    warn likely undeclared-name [dismiss after-choice] cookie uid is in no catalogue
    ");
}

#[test]
fn a_record_that_accepts_is_told() {
    let allows = closes().platform("cookieconsent", Method::Recipe).script(
        1_200,
        OWN,
        "cookieconsent_status=allow; Max-Age=600",
    );
    let bench = Bench::default();
    let report = bench.judge(vec![allows.build()]);
    let accepts = "error confirmed [dismiss after-choice] the consent record cookieconsent_status \
                   accepts, although the visitor only closed the banner";
    assert!(
        said(&report, CHECK).contains(&accepts.to_owned()),
        "{}",
        told(&report)
    );
    for value in ["deny", "dismiss"] {
        let story = closes().platform("cookieconsent", Method::Recipe).script(
            1_200,
            OWN,
            &format!("cookieconsent_status={value}; Max-Age=600"),
        );
        let report = bench.judge(vec![story.build()]);
        let told = said(&report, CHECK);
        assert!(!told.iter().any(|t| t.contains("accepts")), "{told:?}");
    }
}

#[test]
fn only_a_banner_that_is_gone_is_judged() {
    let story = |state| {
        closes()
            .choice(state)
            .script(1_400, TRACKER, "trk_session=1")
    };
    let unproven = judge([story(ChoiceState::Unproven)]);
    insta::assert_snapshot!(told(&unproven), @r"
    inconclusive
    - scenario dismiss: closing the banner was tried, but nothing proves that the choice took effect, so what came after it was not judged
    warn confirmed scenario-unverified [dismiss after-choice] closing the banner was tried, but nothing proves that the choice took effect
    ");
    assert_eq!(
        covered(&unproven, CHECK, ScenarioId::Dismiss),
        "inconclusive: the banner is not known to have gone"
    );
    // Nothing could be closed, so that all of it was stored without a choice.
    let fixed = judge([story(ChoiceState::NotOffered)]);
    insta::assert_snapshot!(told(&fixed), @r"
    fail
    - 1 confirmed error: pre-consent-storage (1)
    error confirmed pre-consent-storage [dismiss after-choice] cookie trk_session (Tracker, performance) was stored before any choice
    info confirmed scenario-not-offered [dismiss after-choice] the page shows no banner that can be closed without a choice, so this scenario does not apply
    ");
}

#[test]
fn where_consent_is_not_asked_for_closing_is_no_matter() {
    let story = closes().script(1_400, TRACKER, "trk_session=1");
    let report = under("us-ca").judge(vec![story.build()]);
    assert_eq!(spoke(&report), [""; 0]);
    let story = closes().script(1_400, TRACKER, "trk_session=1");
    assert_eq!(spoke(&under("it").judge(vec![story.build()])), [CHECK]);
}
