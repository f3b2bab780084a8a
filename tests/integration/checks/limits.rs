//! Lifetimes against the profile, the browser and the nature of storage.

use preconsent::model::choice::ChoiceState;
use preconsent::model::scenario::PhaseId::AfterReload;
use preconsent::model::scenario::ScenarioId;

use super::{OWN, TRACKER, covered, judge, said, under};
use crate::support::visits::Story;

const DAY: u64 = 86_400;

fn lives(name: &str, days: u64) -> Story {
    let line = format!("{name}=1; Max-Age={}", days * DAY);
    Story::accept().script(1_400, TRACKER, &line)
}

fn policy(profile: &str, name: &str, days: u64) -> Vec<String> {
    let report = under(profile).judge(vec![lives(name, days).build()]);
    said(&report, "expiry-exceeds-policy")
}

#[test]
fn a_session_may_outlive_itself_by_less_than_a_day() {
    assert_eq!(policy("eu", "typed", 1), [""; 0]);
    assert_eq!(
        policy("eu", "typed", 30),
        [
            "warn confirmed [accept after-choice] cookie typed (Tracker, essential) is to be kept for \
             30 days, but profile eu allows 1 day (at most 24 hours)"
        ]
    );
}

#[test]
fn load_balancers_that_last_for_days_are_worth_knowing_and_no_more() {
    assert_eq!(
        policy("eu", "balancer", 7),
        [
            "info confirmed [accept after-choice] cookie balancer (Tracker, essential) is to be kept for \
             7 days, but profile eu allows the session"
        ]
    );
}

#[test]
fn france_has_thirteen_months_and_the_eu_has_none() {
    assert_eq!(policy("eu", "trk_long", 730), [""; 0]);
    assert_eq!(policy("fr", "trk_long", 395), [""; 0]);
    assert_eq!(policy("fr", "trk_long", 403), [""; 0]);
    assert_eq!(
        policy("fr", "trk_long", 730),
        [
            "warn confirmed [accept after-choice] cookie trk_long (Tracker, performance) is to be kept \
             for 730 days, but profile fr allows 13 months (at most 403 days)"
        ]
    );
}

#[test]
fn what_is_exempt_in_france_must_keep_to_it() {
    assert_eq!(
        policy("fr", "audience", 730),
        [
            "error confirmed [accept after-choice] cookie audience (Tracker, performance) is to be kept \
             for 730 days, but profile fr allows 13 months (at most 403 days)"
        ]
    );
}

#[test]
fn more_than_the_browser_keeps_is_told_whatever_was_declared() {
    let cap = "expiry-exceeds-browser-cap";
    assert_eq!(said(&judge([lives("trk_long", 400)]), cap), [""; 0]);
    assert_eq!(
        said(&judge([lives("trk_long", 730)]), cap),
        [
            "info confirmed [accept after-choice] cookie trk_long (Tracker, performance) asks for 730 \
             days, and browsers keep it for 400 days"
        ]
    );
}

fn record(profile: &str, days: u64) -> Vec<String> {
    let line = format!("choice=no; Max-Age={}", days * DAY);
    let report = under(profile).judge(vec![Story::reject().script(1_150, OWN, &line).build()]);
    said(&report, "consent-record-lifetime")
}

#[test]
fn the_record_is_kept_within_the_profiles_window() {
    for days in [180, 183, 365] {
        assert_eq!(record("fr", days), [""; 0], "{days}");
        assert_eq!(record("it", days), [""; 0], "{days}");
    }
    assert_eq!(
        record("fr", 30),
        [
            "warn confirmed [reject after-choice] cookie choice (Tracker, essential) records the choice \
             for 30 days, but profile fr wants at least 6 months"
        ]
    );
    for days in [30, 180, 184] {
        assert_eq!(record("ie", days), [""; 0], "{days}");
    }
    assert_eq!(
        record("ie", 365),
        [
            "warn confirmed [reject after-choice] cookie choice (Tracker, essential) records the choice \
             for 365 days, but profile ie wants at most 6 months"
        ]
    );
    assert_eq!(record("eu", 3_650), [""; 0], "no window");
}

#[test]
fn a_placeholder_with_forty_years_is_not_the_record() {
    let line = |days: u64| format!("choice=no; Max-Age={}", days * DAY);
    let story = Story::reject()
        .script(300, OWN, &line(40 * 365))
        .script(1_150, OWN, &line(180));
    let report = under("ie").judge(vec![story.build()]);
    assert_eq!(said(&report, "consent-record-lifetime"), [""; 0]);
    let unproven = Story::reject().choice(ChoiceState::Unproven);
    let report = under("ie").judge(vec![unproven.script(1_150, OWN, &line(365)).build()]);
    assert_eq!(said(&report, "consent-record-lifetime"), [""; 0]);
    assert_eq!(
        covered(&report, "consent-record-lifetime", ScenarioId::Reject),
        "inconclusive: nothing proves the choice to reject"
    );
}

#[test]
fn storage_with_a_declared_end_has_none() {
    let report = judge([Story::accept().set(1_400, TRACKER, "trk_days", "7")]);
    assert_eq!(
        said(&report, "storage-outlives-declared"),
        [
            "info confirmed [accept after-choice] local storage key trk_days (Tracker, performance) is \
             declared for 30 days, but nothing in the browser ends it"
        ]
    );
    let lasting = judge([Story::accept().set(1_400, TRACKER, "state", "7")]);
    assert_eq!(said(&lasting, "storage-outlives-declared"), [""; 0]);
}

#[test]
fn storage_that_is_there_after_its_declared_end_is_proven_by_the_clock() {
    let says = |story: Story| said(&judge([story]), "storage-outlives-declared");
    let brief = |at| Story::accept().set(at, TRACKER, "trk_brief", "7");
    assert_eq!(
        says(brief(1_400).forward(AfterReload, 30.0)),
        [
            "warn confirmed [accept after-choice] local storage key trk_brief (Tracker, performance) is \
             declared for 20 seconds, but was still there after 31 seconds"
        ]
    );
    // It was removed in time, written again, or may have been written at the end of that time.
    let removed = brief(1_400).remove(2_500, TRACKER, "trk_brief");
    let again = brief(1_400).set(2_500, TRACKER, "trk_brief", "8");
    for story in [removed, again, brief(2_400)] {
        let said = says(story.forward(AfterReload, 30.0));
        assert!(!said.iter().any(|s| s.starts_with("warn")), "{said:?}");
    }
    let short = says(brief(1_400).forward(AfterReload, 10.0));
    assert!(short[0].starts_with("info"), "{short:?}");
}

/// Reads, and comes back.
fn comes_back(profile: &str, first: &str, second: Option<&str>) -> Vec<String> {
    let story = Story::new(ScenarioId::Revisit).script(300, TRACKER, first);
    let story = match second {
        Some(line) => story.script(2_500, TRACKER, line),
        None => story,
    };
    said(&under(profile).judge(vec![story.build()]), "expiry-rolling")
}

#[test]
fn an_end_that_moves_on_with_every_visit_is_told_where_none_is_declared() {
    let line = "audience=7; Max-Age=8640000";
    let says = "[revisit after-revisit] cookie audience (Tracker, performance) lives 2 seconds longer \
                after the second visit, although its lifetime is not to be renewed";
    assert_eq!(
        comes_back("eu", line, Some(line)),
        [format!("warn confirmed {says}")]
    );
    assert_eq!(
        comes_back("fr", line, Some(line)),
        [format!("error confirmed {says}")]
    );
}

#[test]
fn an_end_that_stays_is_fine() {
    let line = "audience=7; Max-Age=8640000";
    assert_eq!(comes_back("fr", line, None), [""; 0]);
    let fixed = "audience=7; Expires=Thu, 20 May 2027 11:06:41 GMT";
    assert_eq!(comes_back("fr", fixed, Some(fixed)), [""; 0]);
    let session = "audience=7";
    assert_eq!(comes_back("fr", session, Some(session)), [""; 0]);
}
