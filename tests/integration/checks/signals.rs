//! What pages tell others of the choice, and Global Privacy Control.

use preconsent::model::choice::ChoiceState;
use preconsent::model::scenario::PhaseId::{AfterChoice, AfterReload, AfterWithdrawalReload};
use preconsent::model::scenario::ScenarioId;

use super::{TRACKER, covered, judge, said, under};
use crate::support::visits::Story;

const GRANTED: &str = "ad_storage=granted, analytics_storage=granted";
const DENIED: &str = "ad_storage=denied, analytics_storage=denied";
const CONFLICT: &str = "consent-signal-conflict";

#[test]
fn a_signal_that_consents_after_the_rejection_is_a_conflict() {
    let by_update = Story::reject().says(AfterReload, "consent-mode.update", GRANTED);
    let by_request = Story::reject().asks(
        2_300,
        "1",
        "POST",
        "https://www.google-analytics.com/g/collect?gcs=G111",
    );
    let by_tcf = Story::reject()
        .says(AfterReload, "tcf.gdprApplies", "true")
        .says(AfterReload, "tcf.purposeConsents", "1,3,4");
    for (story, signal) in [
        (by_update, "consent-mode.update"),
        (by_request, "request.gcs"),
        (by_tcf, "tcf.purposeConsents"),
    ] {
        assert_eq!(
            said(&judge([story]), CONFLICT),
            [format!(
                "error confirmed [reject after-reload] after the rejection {signal} still says that \
                 the visitor consents"
            )]
        );
    }
}

#[test]
fn signals_that_refuse_or_come_too_early_are_no_conflict() {
    let refuses = Story::reject()
        .says(AfterReload, "consent-mode.default", GRANTED)
        .says(AfterReload, "consent-mode.update", GRANTED)
        .says(AfterReload, "consent-mode.update", DENIED)
        .says(AfterReload, "tcf.gdprApplies", "true")
        .says(AfterReload, "tcf.purposeConsents", "none");
    // Pings without storage are a matter of debate, and no finding.
    let pings = Story::reject().asks(
        2_300,
        "1",
        "POST",
        "https://www.google-analytics.com/g/collect?gcs=G100",
    );
    let early = Story::reject().says(AfterChoice, "consent-mode.update", GRANTED);
    let accepts = Story::accept().says(AfterReload, "consent-mode.update", GRANTED);
    let in_part = Story::accept().says(
        AfterReload,
        "consent-mode.update",
        "ad_storage=denied, analytics_storage=granted",
    );
    // Nobody on the page may go by it.
    let by_default = Story::accept().says(AfterReload, "consent-mode.default", DENIED);
    let elsewhere = Story::accept()
        .says(AfterReload, "tcf.gdprApplies", "false")
        .says(AfterReload, "tcf.purposeConsents", "none");
    let unproven = Story::reject().choice(ChoiceState::Unproven).says(
        AfterReload,
        "consent-mode.update",
        GRANTED,
    );
    for story in [
        refuses, pings, early, accepts, in_part, by_default, elsewhere, unproven,
    ] {
        assert_eq!(said(&judge([story]), CONFLICT), [""; 0]);
    }
}

#[test]
fn a_signal_that_refuses_after_the_acceptance_is_a_conflict_as_well() {
    let by_update = Story::accept().says(AfterReload, "consent-mode.update", DENIED);
    let by_tcf = Story::accept()
        .says(AfterReload, "tcf.gdprApplies", "true")
        .says(AfterReload, "tcf.purposeConsents", "none");
    for (story, signal) in [
        (by_update, "consent-mode.update"),
        (by_tcf, "tcf.purposeConsents"),
    ] {
        assert_eq!(
            said(&judge([story]), CONFLICT),
            [format!(
                "warn confirmed [accept after-reload] after the acceptance {signal} still says that the \
                 visitor refuses"
            )]
        );
    }
}

#[test]
fn a_withdrawal_must_be_told_to_others() {
    let says = |value| {
        let story = Story::withdraw().says(AfterWithdrawalReload, "consent-mode.update", value);
        said(&judge([story]), "withdrawal-not-signalled")
    };
    assert_eq!(
        says(GRANTED),
        [
            "error confirmed [withdraw after-withdrawal-reload] after the withdrawal \
             consent-mode.update still says that the visitor consents"
        ]
    );
    assert_eq!(says(DENIED), [""; 0]);
}

#[test]
fn california_asks_for_less_advertising_with_the_signal() {
    let with = |names: &[&str]| {
        names
            .iter()
            .fold(Story::new(ScenarioId::Gpc), |story, name| {
                story.script(300, TRACKER, &format!("{name}=1"))
            })
    };
    let without = || Story::none().script(300, TRACKER, "trk_id=1");
    let judged = |names: &[&str], profile: &str| {
        under(profile).judge(vec![without().build(), with(names).build()])
    };
    assert_eq!(
        said(&judged(&["trk_id"], "us-ca"), "gpc-ignored"),
        [
            "error confirmed [gpc -] Global Privacy Control changes nothing: 1 items of role marketing \
             with it, 1 without it"
        ]
    );
    assert_eq!(
        said(&judged(&["trk_session"], "us-ca"), "gpc-ignored"),
        [""; 0]
    );
    let eu = judged(&["trk_id"], "eu");
    assert_eq!(said(&eu, "gpc-ignored"), [""; 0]);
    assert_eq!(
        covered(&eu, "gpc-ignored", ScenarioId::Gpc),
        "not-applicable: the profile eu does not use this check"
    );
}
