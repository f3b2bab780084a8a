//! `pre-consent-storage`.

use preconsent::model::choice::ChoiceState;
use preconsent::model::report::Verdict;
use preconsent::profile::Unclassified;

use super::{Bench, OWN, TRACKER, evidence, judge, spoke, told};
use crate::support::visits::Story;

#[test]
fn a_tracker_before_the_choice_fails_and_is_told_once() {
    let leak = |story: Story| story.script(300, TRACKER, "trk_id=0123456789abcdef; Max-Age=600");
    let report = judge([
        leak(Story::none()),
        leak(Story::reject()),
        leak(Story::accept()),
    ]);
    insta::assert_snapshot!(told(&report), @r"
    fail
    - 1 confirmed error: pre-consent-storage (1)
    error confirmed pre-consent-storage [none before-choice] cookie trk_id (Tracker, marketing) was stored before any choice
    warn confirmed reject-leftover [reject after-reload] cookie trk_id (Tracker, marketing) was stored before the choice and is still there after the visitor had rejected
    info confirmed accept-no-effect [accept after-reload] accepting changes nothing that was seen: the same is stored without it
    ");
    insta::assert_snapshot!(evidence(&report, "pre-consent-storage"), @r#"
    write 300 trk_id=‹16 chars, 4.0 bits/char, #15ac62f8›; Max-Age=600 <https://cdn.tracker.test/t.js:3:14>
    present 1000 stored at the end of before-choice: trk_id=‹16 chars, 4.0 bits/char, #15ac62f8›; Max-Age=600; Path=/ <->
    present - kept before the choice in scenario reject and accept too <->
    catalogue - Tracker: trk_id: marketing (the vendor says "Essential"): it recognises visitors <tracker.yaml:9>
    profile - profile eu: marketing needs consent <->
    "#);
}

#[test]
fn where_nothing_can_be_chosen_the_whole_visit_comes_before_a_choice() {
    let late = |state| {
        let story = Story::reject().choice(state);
        let report = judge([story.script(2_200, TRACKER, "trk_id=0123456789abcdef; Max-Age=600")]);
        let checks = report.findings.into_iter().map(|f| f.check);
        checks.filter(|c| c == "pre-consent-storage").count()
    };
    assert_eq!(late(ChoiceState::NotOffered), 1);
    assert_eq!(late(ChoiceState::Proven), 0);
}

#[test]
fn what_came_with_a_request_counts_as_well() {
    let report = judge([Story::none()
        .header(
            200,
            "https://cdn.tracker.test/p",
            "trk_session=1; SameSite=None; Secure",
        )
        .sent(
            400,
            "https://cdn.tracker.test/q?id=secret",
            "trk_session",
            "cdn.tracker.test",
        )
        .header(500, "https://cdn.tracker.test/r", "trk_session=; Max-Age=0")]);
    insta::assert_snapshot!(told(&report), @r"
    fail
    - 2 confirmed errors: pre-consent-storage (1), pre-consent-send (1)
    error confirmed pre-consent-storage [none before-choice] cookie trk_session (Tracker, performance) was set, sent and removed again before any choice
    error confirmed pre-consent-send [none before-choice] cookie trk_session (Tracker, performance) was sent to cdn.tracker.test before any choice
    ");
    insta::assert_snapshot!(evidence(&report, "pre-consent-storage"), @r"
    write 200 trk_session=‹1 char, 0.0 bits/char›; SameSite=None; Secure <https://cdn.tracker.test/p>
    sent 400 sent before any choice <https://cdn.tracker.test/q?id=‹6 chars, 2.3 bits/char›>
    catalogue - Tracker: trk_session: performance <tracker.yaml:25>
    profile - profile eu: performance needs consent <->
    ");
}

#[test]
fn a_page_that_waits_for_the_choice_passes() {
    let report = judge([
        Story::none(),
        Story::reject(),
        Story::accept().script(1_300, TRACKER, "trk_id=1; Max-Age=600"),
    ]);
    insta::assert_snapshot!(told(&report), @"pass");
}

#[test]
fn what_appears_on_scrolling_is_still_before_the_choice() {
    let report = judge([Story::none().script(1_500, TRACKER, "trk_id=1")]);
    insta::assert_snapshot!(told(&report), @r"
    fail
    - 1 confirmed error: pre-consent-storage (1)
    error confirmed pre-consent-storage [none after-scroll] cookie trk_id (Tracker, marketing) was stored before any choice
    ");
}

#[test]
fn probes_are_listed_but_never_found_fault_with() {
    let report = judge([Story::none()
        .set(100, TRACKER, "trk_probe", "1")
        .remove(100, TRACKER, "trk_probe")
        .set(200, OWN, "__storage_test__", "x")
        .remove(201, OWN, "__storage_test__")
        .script(300, OWN, "test_cookie=1")
        .script(301, OWN, "test_cookie=; Max-Age=0")]);
    assert_eq!(told(&report), "pass");
    assert_eq!(report.items.len(), 3);
}

#[test]
fn exempt_items_are_not_found_fault_with() {
    let report = judge([Story::none()
        .header(50, "https://shop.test/", "balancer=a1")
        // A platform's placeholder before the choice, for forty years.
        .script(100, OWN, "choice=!all=wait; Max-Age=1262304000")]);
    assert_eq!(told(&report), "pass");
}

#[test]
fn what_the_browser_did_not_store_was_not_stored() {
    let report = judge([Story::none()
        .refused(
            50,
            "https://cdn.tracker.test/",
            "trk_id=1; SameSite=None",
            "SameSiteNoneInsecure",
        )
        .header(
            60,
            "https://cdn.tracker.test/",
            "trk_session=1; SameSite=None; Partitioned",
        )]);
    assert_eq!(spoke(&report), ["attr-rejected", "attr-rejected"]);
}

#[test]
fn items_in_no_catalogue_make_it_inconclusive() {
    let report = judge([Story::none()
        .script(100, OWN, "sid=1")
        .set(100, OWN, "cart", "[]")]);
    insta::assert_snapshot!(told(&report), @r"
    inconclusive
    - 2 items are not classified, so whether they need consent is not known: cart, sid; describe them in a catalogue (--rules)
    warn likely pre-consent-storage [none before-choice] cookie sid was stored before any choice, and no catalogue says what it is for
    warn likely pre-consent-storage [none before-choice] local storage key cart was stored before any choice, and no catalogue says what it is for
    warn likely undeclared-name [none before-choice] cookie sid is in no catalogue
    warn likely undeclared-name [none before-choice] local storage key cart is in no catalogue
    ");
}

#[test]
fn the_profile_decides_what_unknown_items_mean() {
    let visit = || vec![Story::none().script(100, OWN, "sid=1").build()];
    let mut bench = Bench::default();
    bench.profile.unclassified = Unclassified::Fail;
    let report = bench.judge(visit());
    assert_eq!(report.verdict, Verdict::Fail);
    assert_eq!(spoke(&report), ["pre-consent-storage", "undeclared-name"]);
    bench.profile.unclassified = Unclassified::Ignore;
    assert_eq!(told(&bench.judge(visit())), "pass");
}
