//! `expiry-exceeds-declared` and `session-became-persistent`.

use super::{OWN, TRACKER, evidence, item, judge, said, spoke, told};
use crate::support::visits::Story;

const DAY: u64 = 86_400;

/// Accepts, and then a cookie is written to live for so many days.
fn lives(name: &str, days: u64) -> Story {
    let line = format!("{name}=1; Max-Age={}", days * DAY);
    Story::accept().script(1_400, TRACKER, &line)
}

#[test]
fn far_longer_than_declared_is_an_error_and_the_raw_lifetime_counts() {
    let report = judge([lives("trk_id", 730)]);
    insta::assert_snapshot!(told(&report), @r"
    fail
    - 1 confirmed error: expiry-exceeds-declared (1)
    error confirmed expiry-exceeds-declared [accept after-choice] cookie trk_id (Tracker, marketing) is to be kept for 730 days, but its declared lifetime is 6 months (at most 186 days)
    info confirmed expiry-exceeds-browser-cap [accept after-choice] cookie trk_id (Tracker, marketing) asks for 730 days, and browsers keep it for 400 days
    ");
    insta::assert_snapshot!(evidence(&report, "expiry-exceeds-declared"), @r"
    write 1400 trk_id=‹1 char, 0.0 bits/char›; Max-Age=63072000 <https://cdn.tracker.test/t.js:3:14>
    catalogue - Tracker: trk_id declares P6M <tracker.yaml:9>
    ");
    let lifetime = &item(&report, "trk_id").lifetime;
    assert_eq!(lifetime.declared.as_deref(), Some("P6M"));
    assert_eq!(lifetime.requested_s, Some(730 * 86_400));
    assert_eq!(lifetime.stored_s, Some(400 * 86_400));
}

#[test]
fn a_little_longer_is_a_warning() {
    let report = judge([lives("trk_id", 200)]);
    insta::assert_snapshot!(told(&report), @r"
    pass
    warn confirmed expiry-exceeds-declared [accept after-choice] cookie trk_id (Tracker, marketing) is to be kept for 200 days, but its declared lifetime is 6 months (at most 186 days)
    ");
}

#[test]
fn six_months_may_have_184_days_and_two_years_731() {
    for (name, days) in [
        ("trk_id", 180),
        ("trk_id", 184),
        ("trk_id", 186),
        ("trk_long", 730),
        ("trk_long", 731),
    ] {
        let report = judge([lives(name, days)]);
        assert_eq!(
            said(&report, "expiry-exceeds-declared"),
            [""; 0],
            "{name} {days}"
        );
    }
}

#[test]
fn a_date_is_measured_from_the_writers_clock() {
    // The writer's clock says 2026-11-18 11:06:41; half a year and a bit later.
    let line = "trk_id=1; Expires=Wed, 20 May 2027 11:06:41 GMT";
    assert_eq!(
        told(&judge([Story::accept().script(1_400, TRACKER, line)])),
        "pass"
    );
    let line = "trk_id=1; Expires=Thu, 20 May 2032 11:06:41 GMT";
    let report = judge([Story::accept().script(1_400, TRACKER, line)]);
    assert_eq!(
        spoke(&report),
        ["expiry-exceeds-declared", "expiry-exceeds-browser-cap"]
    );
}

#[test]
fn a_refused_write_asks_for_nothing() {
    let long = format!("trk_id=1; Max-Age={}", 3_000 * DAY);
    let report = judge([Story::accept()
        .script(1_400, TRACKER, "trk_id=1; Max-Age=60")
        .refused(1_500, "https://shop.test/", &long, "UserPreferences")
        .refused(2_500, "https://shop.test/", &long, "UserPreferences")]);
    assert_eq!(told(&report), "pass");
}

#[test]
fn records_of_the_choice_count_from_the_choice_on() {
    let record =
        |story: Story, at| story.script(at, OWN, &format!("choice=no; Max-Age={}", 40 * 365 * DAY));
    assert_eq!(told(&judge([record(Story::reject(), 300)])), "pass");
    let report = judge([record(Story::reject(), 1_150)]);
    assert_eq!(
        spoke(&report),
        ["expiry-exceeds-declared", "expiry-exceeds-browser-cap"]
    );
}

#[test]
fn a_session_cookie_with_a_date_is_found() {
    let report = judge([lives("trk_session", 30)]);
    insta::assert_snapshot!(told(&report), @r"
    fail
    - 1 confirmed error: session-became-persistent (1)
    error confirmed session-became-persistent [accept after-choice] cookie trk_session (Tracker, performance) is declared for the session, but is to be kept for 30 days
    ");
}

#[test]
fn a_session_cookie_that_is_deleted_stays_one() {
    let report = judge([Story::accept()
        .script(1_400, TRACKER, "trk_session=1")
        .script(
            2_400,
            TRACKER,
            "trk_session=; Expires=Thu, 01 Jan 1970 00:00:00 GMT",
        )]);
    assert_eq!(told(&report), "pass");
}
