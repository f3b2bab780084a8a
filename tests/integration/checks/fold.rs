//! How observations and snapshots become items.

use preconsent::model::item::Presence;
use preconsent::model::observation::{StorageOp, WriterKind};
use preconsent::model::report::TargetReport;
use preconsent::model::scenario::PhaseId;

use super::{OWN, TRACKER, item, judge};
use crate::support::visits::Story;

/// `phase state` of every phase an item was part of.
fn story(report: &TargetReport, name: &str) -> String {
    let seen = &item(report, name).seen;
    let phases = seen
        .iter()
        .map(|s| format!("{} {}", s.phase.as_str(), s.presence.as_str()));
    phases.collect::<Vec<_>>().join(", ")
}

#[test]
fn an_item_is_followed_through_the_phases() {
    let report = judge([Story::reject()
        .script(100, TRACKER, "trk_id=1")
        .script(2_500, TRACKER, "trk_id=; Max-Age=0")
        .set(200, OWN, "flash", "1")
        .remove(210, OWN, "flash")
        .set(1_500, OWN, "late", "1")]);
    insta::assert_snapshot!(story(&report, "trk_id"), @"before-choice present, after-choice present, after-reload deleted");
    insta::assert_snapshot!(story(&report, "flash"), @"before-choice transient");
    insta::assert_snapshot!(story(&report, "late"), @"after-choice present, after-reload present");
}

#[test]
fn deleting_what_is_not_there_makes_no_item() {
    let report = judge([Story::none()
        .script(100, OWN, "gone=; Max-Age=0")
        .remove(100, OWN, "absent")]);
    assert!(report.items.is_empty());
}

#[test]
fn domain_and_path_come_from_the_line_or_else_from_the_address() {
    let report = judge([Story::none()
        .header(100, "https://www.shop.test/a/b/c", "host=1")
        .header(
            100,
            "https://www.shop.test/a/b/c",
            "wide=1; Domain=.Shop.Test; Path=/x",
        )]);
    let place = |name| {
        let key = &item(&report, name).key;
        format!("{} {}", key.place, key.path)
    };
    assert_eq!(place("host"), "www.shop.test /a/b");
    assert_eq!(place("wide"), "shop.test /x");
}

#[test]
fn a_date_that_was_made_up_a_moment_ago_means_a_round_lifetime() {
    // The writer's clock says 2026-11-18 11:06:41 and a bit.
    let report = judge([Story::none()
        .script(1_400, OWN, "long=1; Expires=Mon, 17 May 2027 11:06:40 GMT")
        .script(1_400, OWN, "brief=1; Expires=Wed, 18 Nov 2026 11:08:20 GMT")
        .script(1_400, OWN, "exact=1; Max-Age=15551999")]);
    let requested = |name| item(&report, name).lifetime.requested_s;
    assert_eq!(requested("long"), Some(180 * 86_400));
    assert_eq!(requested("brief"), Some(99));
    assert_eq!(requested("exact"), Some(15_551_999));
}

#[test]
fn refusals_are_told_from_short_lives() {
    let report = judge([Story::none()
        .refused(100, "https://shop.test/", "said=1", "UserPreferences")
        .header(
            100,
            "https://shop.test/",
            "silent=1; SameSite=None; Partitioned",
        )
        .script(100, OWN, "rules=1; SameSite=None")
        .header(100, "https://shop.test/", "brief=1; Max-Age=0x; Max-Age=1")
        .forget("rules")]);
    assert_eq!(story(&report, "said"), "before-choice refused");
    assert_eq!(story(&report, "silent"), "before-choice refused");
    assert_eq!(story(&report, "rules"), "before-choice refused");
    let report = judge([Story::reject()
        .header(1_100, "https://shop.test/", "brief=1; Max-Age=1")
        .header(100, "https://shop.test/", "cut=1; Max-Age=600")
        .forget("brief")
        .forget("cut")]);
    assert_eq!(story(&report, "cut"), "before-choice refused");
}

#[test]
fn a_forbidden_write_does_not_touch_what_is_stored() {
    let report = judge([Story::reject()
        .script(100, TRACKER, "trk_session=1")
        .script(1_500, TRACKER, "trk_session=2; SameSite=None")]);
    assert_eq!(
        super::spoke(&report),
        ["pre-consent-storage", "reject-leftover"]
    );
}

#[test]
fn a_cookie_that_ends_by_itself_was_there() {
    let report = judge([Story::none()
        .script(
            10,
            OWN,
            "half=1; Expires=Wed, 18 Nov 2026 11:06:40 GMT; Max-Age=1",
        )
        .sent(20, "https://shop.test/", "half", "shop.test")
        .forget("half")]);
    assert_eq!(story(&report, "half"), "before-choice transient");
}

#[test]
fn storage_of_frames_that_are_gone_is_believed_to_be_there() {
    let other = "https://frame.test";
    let report = judge([Story::none()
        .store(100, other, StorageOp::Set, OWN, "kept", "1")
        .store(100, other, StorageOp::Set, OWN, "dropped", "1")
        .store(110, other, StorageOp::Remove, OWN, "dropped", "")
        .forget("kept")]);
    assert_eq!(
        story(&report, "kept"),
        "before-choice present, after-scroll present"
    );
    assert_eq!(story(&report, "dropped"), "before-choice transient");
}

#[test]
fn storage_that_is_gone_from_a_frame_that_is_there_is_gone() {
    let report = judge([Story::none()
        .set(100, OWN, "stays", "1")
        .set(100, OWN, "cleared", "1")
        .forget("cleared")]);
    assert_eq!(story(&report, "cleared"), "before-choice transient");
}

#[test]
fn a_phase_that_was_cut_short_is_judged_by_what_happened_last() {
    let report = judge([Story::none()
        .script(100, TRACKER, "trk_id=1")
        .script(1_100, OWN, "a=1")
        .script(1_100, OWN, "b=1")
        .script(1_200, OWN, "b=; Max-Age=0")
        .script(1_300, TRACKER, "trk_id=; Max-Age=0")
        .without_snapshot(PhaseId::AfterScroll)]);
    assert_eq!(
        story(&report, "trk_id"),
        "before-choice present, after-scroll deleted"
    );
    assert_eq!(story(&report, "a"), "after-scroll present");
    assert_eq!(story(&report, "b"), "after-scroll transient");
}

#[test]
fn what_only_a_snapshot_shows_has_an_unknown_writer() {
    let mut visit = Story::none().script(100, TRACKER, "trk_id=1").build();
    visit.observations.clear();
    let report = super::Bench::default().judge(vec![visit]);
    let found = item(&report, "trk_id");
    assert_eq!(found.first_writer.kind, WriterKind::Unknown);
    assert!(found.seen.iter().all(|s| s.presence == Presence::Present));
    insta::assert_snapshot!(super::evidence(&report, "pre-consent-storage"), @r#"
    present 1000 stored at the end of before-choice: trk_id=‹1 char, 0.0 bits/char›; Path=/ <->
    catalogue - Tracker: trk_id: marketing (the vendor says "Essential"): it recognises visitors <tracker.yaml:9>
    profile - profile eu: marketing needs consent <->
    "#);
}

#[test]
fn rewrites_are_counted_and_not_listed() {
    let mut story = Story::none();
    for at in 1..900 {
        story = story.script(at, TRACKER, &format!("trk_session={at}"));
    }
    let visit = story.build();
    let catalogue = super::catalogue();
    let classified = preconsent::classify::classify(&visit, &catalogue);
    let found = &classified.items[0].item;
    assert_eq!(found.writes.len(), 1);
    let phase = &found.phases[0];
    assert_eq!(
        (phase.writes, phase.first_write_ms, phase.last_write_ms),
        (899, Some(1), Some(899))
    );
}
