//! The checks of the run, and the verdict.

use preconsent::model::choice::ChoiceState;
use preconsent::model::fault::FaultKind;
use preconsent::model::report::{ItemStatus, Verdict};
use preconsent::scan::FailOn;

use super::{Bench, OWN, TRACKER, eu, evidence, item, judge, spoke, told};
use crate::support::visits::Story;

const REGISTER: &str = "https://api.tracker.test/register?k=secret";

#[test]
fn a_fault_is_told_once_and_is_never_a_pass() {
    let broken = |story: Story| {
        let story = story.fault(FaultKind::DnsFailure, "shop.test could not be resolved");
        story.choice(ChoiceState::NotOffered)
    };
    let report = judge([
        Story::none().fault(FaultKind::Timeout, "shop.test took too long"),
        broken(Story::reject()),
        broken(Story::accept()),
    ]);
    insta::assert_snapshot!(told(&report), @r"
    inconclusive
    - shop.test could not be resolved (scenario reject, accept)
    - shop.test took too long (scenario none)
    warn confirmed blocked-or-challenged [none -] shop.test took too long
    warn confirmed blocked-or-challenged [reject -] shop.test could not be resolved
    ");
    assert_eq!(report.faults.len(), 2);
}

#[test]
fn what_a_broken_visit_showed_still_counts() {
    let report = judge([Story::none()
        .script(100, TRACKER, "trk_id=1")
        .fault(FaultKind::BrowserCrash, "the browser ended")]);
    assert_eq!(report.verdict, Verdict::Fail);
    assert_eq!(
        spoke(&report),
        ["pre-consent-storage", "blocked-or-challenged"]
    );
}

#[test]
fn a_provider_that_is_refused_leaves_a_doubt() {
    let report = judge([Story::none()
        .asks(100, "1", "OPTIONS", REGISTER)
        .answers(110, "1", REGISTER, 204)
        .asks(120, "2", "POST", REGISTER)
        .answers(140, "2", REGISTER, 403)]);
    insta::assert_snapshot!(told(&report), @r"
    inconclusive
    - Tracker answered with status 403: It stores its visitor id only after its server has registered the visitor
    warn confirmed blocked-or-challenged [none before-choice] Tracker answered with status 403: It stores its visitor id only after its server has registered the visitor
    ");
    insta::assert_snapshot!(evidence(&report, "blocked-or-challenged"), @"request 140 Tracker answered with status 403 <https://api.tracker.test/register?k=‹6 chars, 2.3 bits/char›>");
}

#[test]
fn an_empty_answer_is_none() {
    let answered = |bytes| {
        let story = Story::none().asks(120, "2", "POST", REGISTER);
        told(&judge([story.answers_with(140, "2", REGISTER, 200, bytes)]))
    };
    insta::assert_snapshot!(answered(Some(0)), @r"
    inconclusive
    - Tracker answered with status 200 and nothing else: It stores its visitor id only after its server has registered the visitor
    warn confirmed blocked-or-challenged [none before-choice] Tracker answered with status 200 and nothing else: It stores its visitor id only after its server has registered the visitor
    ");
    assert_eq!(answered(Some(2)), "pass");
    assert_eq!(answered(None), "pass");
}

#[test]
fn a_provider_that_never_answers_leaves_a_doubt() {
    let report = judge([Story::none().asks(120, "2", "POST", REGISTER)]);
    assert_eq!(spoke(&report), ["blocked-or-challenged"]);
}

#[test]
fn a_provider_that_answers_at_last_leaves_none() {
    let report = judge([Story::none()
        .asks(100, "1", "POST", REGISTER)
        .answers(110, "1", REGISTER, 503)
        .asks(120, "2", "POST", REGISTER)
        .answers(140, "2", REGISTER, 200)]);
    assert_eq!(told(&report), "pass");
}

#[test]
fn a_choice_that_is_not_offered_is_told_and_no_doubt() {
    let report = judge([
        Story::none(),
        Story::reject().choice(ChoiceState::NotOffered),
    ]);
    insta::assert_snapshot!(told(&report), @r"
    pass
    info confirmed scenario-not-offered [reject after-choice] the page offers no control to reject, so this scenario does not apply
    ");
}

#[test]
fn nothing_visited_is_nothing_passed() {
    let report = Bench::default().judge(Vec::new());
    insta::assert_snapshot!(told(&report), @r"
    inconclusive
    - no visit was made
    ");
}

#[test]
fn only_confirmed_findings_fail_and_only_from_the_limit_on() {
    let visits = || vec![Story::accept().script(1_400, TRACKER, "trk_old=1").build()];
    let verdict = |fail_on| {
        let bench = Bench {
            fail_on,
            ..Bench::default()
        };
        bench.judge(visits()).verdict
    };
    assert_eq!(verdict(FailOn::Error), Verdict::Pass);
    assert_eq!(verdict(FailOn::Warn), Verdict::Fail);
    let likely = Bench {
        fail_on: FailOn::Warn,
        ..Bench::default()
    };
    let report = likely.judge(vec![Story::accept().script(1_400, OWN, "x=1").build()]);
    assert_eq!(report.verdict, Verdict::Pass);
    assert_eq!(spoke(&report), ["undeclared-name"]);
    let never = Bench {
        fail_on: FailOn::Never,
        ..Bench::default()
    };
    let leak = vec![Story::none().script(100, TRACKER, "trk_id=1").build()];
    assert_eq!(never.judge(leak).verdict, Verdict::Pass);
}

#[test]
fn without_a_browser_items_are_predicted_and_nothing_passes() {
    let id = "64f0c0ffee64f0c0ffee64f0";
    let report = judge([Story::none().over_http("tracker", TRACKER, &[("property_id", id)])]);
    insta::assert_snapshot!(told(&report), @r"
    inconclusive
    - the visits were made without a browser
    ");
    let token = item(&report, &format!("trk_token_{id}"));
    assert_eq!(token.status, ItemStatus::Predicted);
    assert_eq!(token.key.place, "https://shop.test");
    assert!(token.seen.is_empty());
    assert!(!report.items.iter().any(|i| i.key.name == "trk_old"));
    assert_eq!(
        report.providers[0].evidence,
        ["code that was not run: script in the page"]
    );
}

#[test]
fn the_summary_counts_what_is_about_sites() {
    let leaky = judge([Story::none().script(100, TRACKER, "trk_id=1")]);
    let broken = judge([Story::none().fault(FaultKind::Timeout, "too long")]);
    let clean = judge([Story::none()]);
    let report = preconsent::scan::assemble(vec![leaky, broken, clean], &eu(), "now".to_owned());
    insta::assert_snapshot!(format!("{:?} {:?}", report.verdict, report.summary), @"Fail Summary { targets: 3, pass: 1, fail: 1, inconclusive: 1, errors: 1, warnings: 0, infos: 0, items: 1 }");
}

#[test]
fn where_nothing_could_be_pressed_no_banner_is_blamed() {
    let over_http = |story: Story| story.over_http("tracker", TRACKER, &[]);
    let untried = |story: Story| {
        // Without a control, and yet not known to be absent.
        let story = story.choice(ChoiceState::NotOffered);
        over_http(story.choice(ChoiceState::Unproven))
    };
    let report = judge([over_http(Story::none()), untried(Story::reject())]);
    insta::assert_snapshot!(told(&report), @r"
    inconclusive
    - the visits were made without a browser
    ");
}
