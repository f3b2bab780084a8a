//! Choices on notices of no known platform: made wherever the notice is, proven by what is stored,
//! and never taken for made where they were not.

use std::time::{Duration, Instant};

use futures_util::{StreamExt, stream};
use preconsent::engine::Engine;
use preconsent::engine::browser::BrowserEngine;
use preconsent::engine::options::WidgetHint;
use preconsent::model::choice::ChoiceState;
use preconsent::model::scenario::ScenarioId::{
    self, Accept, Reject, WidgetAccept, WidgetRefuse, Withdraw,
};
use preconsent::model::visit::Visit;
use preconsent::scan;

use crate::support::browse::{Browse, target};

/// How many visits are made at the same time.
const SIDE_BY_SIDE: usize = 3;

/// Visits pages of a host by one browser.
async fn visit_all(host: &str, asked: &[(&str, ScenarioId)]) -> Vec<Visit> {
    let browse = Browse::new().await;
    let engine = BrowserEngine::start(browse.browser, browse.options).await;
    let engine = engine.expect("the browser starts");
    let visits = stream::iter(asked).map(|(page, scenario)| {
        let target = target(&format!("https://{host}/{page}"));
        let engine = &engine;
        async move { engine.visit(&target, *scenario).await.expect("a visit") }
    });
    let visits = visits.buffered(SIDE_BY_SIDE).collect().await;
    engine.close().await;
    visits
}

/// State, method and what the page keeps at the end: `proven heuristic no`.
fn made(visit: &Visit) -> String {
    let kept = visit.snapshots.last().and_then(|snapshot| {
        let mut cookies = snapshot.cookies.iter();
        cookies.find(|c| c.name == "shop-choice")
    });
    let method = visit.choice.method.map_or("-", |m| m.as_str());
    let kept = kept.map_or("-", |c| c.value.as_str());
    format!("{} {method} {kept}", visit.choice.state.as_str())
}

/// The same, with whatever went wrong.
fn outcome(visit: &Visit) -> String {
    let mut text = made(visit);
    for fault in &visit.faults {
        text.push_str(&format!(" ({})", fault.message));
    }
    text
}

/// Visits pages and compares all outcomes at once: page, scenario, outcome.
async fn check(expected: &[(&str, ScenarioId, &str)]) {
    let asked: Vec<_> = expected
        .iter()
        .map(|(page, scenario, _)| (format!("{page}.html"), *scenario))
        .collect();
    let asked: Vec<_> = asked.iter().map(|(p, s)| (p.as_str(), *s)).collect();
    let visits = visit_all("choices.test", &asked).await;
    let wrong: Vec<String> = expected
        .iter()
        .zip(&visits)
        .filter(|((_, _, wanted), visit)| outcome(visit) != *wanted)
        .map(|((page, scenario, wanted), visit)| {
            let evidence = visit.choice.evidence.join("; ");
            let scenario = scenario.as_str();
            let got = outcome(visit);
            format!("{page} {scenario}: wanted \"{wanted}\", got \"{got}\": {evidence}")
        })
        .collect();
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

const YES: &str = "proven heuristic yes";
const NO: &str = "proven heuristic no";

#[tokio::test(flavor = "multi_thread")]
async fn a_notice_is_found_wherever_it_is() {
    check(&[
        ("plain", Reject, NO),
        ("plain", Accept, YES),
        ("greek", Reject, NO),
        ("closed-shadow", Reject, NO),
        ("closed-shadow", Accept, YES),
        ("same-frame", Reject, NO),
        ("same-frame", Accept, YES),
        ("cross-frame", Reject, NO),
        ("cross-frame", Accept, YES),
        ("dialog", Reject, NO),
        ("decoy", Reject, NO),
        ("decoy", Accept, YES),
    ])
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_notice_is_found_whenever_it_comes() {
    check(&[
        ("late", Reject, NO),
        ("late", Accept, YES),
        ("scroll", Reject, NO),
        ("late-handlers", Reject, NO),
        ("reloads", Reject, NO),
        ("reloads", Accept, YES),
        ("keyboard", Reject, NO),
        ("shy", Reject, "not-offered - -"),
    ])
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_first_layer_lacks_is_done_on_the_second() {
    check(&[
        ("second-layer", Reject, NO),
        ("second-layer", Accept, YES),
        ("second-layer-dialog", Reject, NO),
        ("switches", Reject, NO),
        ("stuck-switch", Reject, "unproven - -"),
        ("collapsed-switches", Reject, "unproven heuristic part"),
        ("many-switches", Reject, "unproven heuristic part"),
        ("accept-only", Reject, "not-offered - -"),
        ("accept-only", Accept, YES),
    ])
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn no_choice_is_taken_for_made_that_was_not() {
    check(&[
        ("dead", Reject, "unproven heuristic -"),
        ("dead", Accept, "unproven heuristic -"),
        ("relabelled", Reject, "unproven heuristic no"),
        ("relabelled", Accept, YES),
        ("forgets", Reject, "unproven heuristic no"),
        ("wall", Reject, "unproven heuristic no"),
        ("wall", Accept, YES),
        ("nags", Reject, "unproven heuristic no"),
        ("nags", Accept, YES),
    ])
    .await;
}

/// What may be there and could not be seen or reached is not told to be missing.
#[tokio::test(flavor = "multi_thread")]
async fn what_could_not_be_reached_is_not_said_to_be_missing() {
    check(&[
        ("many-frames", Reject, "unproven - -"),
        ("covered-settings", Reject, "unproven - -"),
        ("covered-below", Reject, "unproven - -"),
        ("back-covered", Withdraw, "unproven - yes"),
    ])
    .await;
}

/// Frames that show nothing hide no notice, however many there are.
#[tokio::test(flavor = "multi_thread")]
async fn frames_that_cannot_show_a_notice_are_not_counted() {
    let pages = ["hidden-frames.html", "hidden-frames.html?none"];
    let visits = visit_all("choices.test", &pages.map(|page| (page, Reject))).await;
    let made: Vec<String> = visits.iter().map(outcome).collect();
    assert_eq!(made, [NO, "not-offered - -"]);
    // The address of the frame is told without what may be the visitor's.
    let told = visits[0].choice.evidence.join("; ");
    let pressed = "pressed \"Reject all\" in the frame https://choices-frame.test/notice.html;";
    assert!(told.contains(pressed), "{told}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_frame_that_hangs_may_show_is_not_known() {
    let pages = ["hung-frame", "hung-beside", "hangs-later", "hangs-on-click"];
    let asked = pages.map(|page| format!("{page}.html"));
    let asked: Vec<_> = asked.iter().map(|page| (page.as_str(), Reject)).collect();
    let visits = visit_all("choices.test", &asked).await;
    // That a frame did not answer is a fault of the visit besides.
    let choices: Vec<String> = visits.iter().map(made).collect();
    let expected = ["unproven - -", NO, "unproven heuristic no"];
    assert_eq!(choices[..3], expected);
    let evidence = visits[3].choice.evidence.join("; ");
    let unknown = "whether the banner went away is not known: its frame does not answer";
    assert!(evidence.contains(unknown), "{evidence}");
    assert!(!evidence.contains("the banner went away;"), "{evidence}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_accepted_is_taken_back() {
    check(&[
        ("back-by-link", Withdraw, NO),
        ("back-by-button", Withdraw, NO),
        ("back-at-once", Withdraw, NO),
        ("no-way-back", Withdraw, "not-offered - yes"),
        ("back-in-vain", Withdraw, "unproven heuristic yes"),
        ("dead", Withdraw, "unproven - -"),
    ])
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_that_loads_itself_for_ever_ends_in_time() {
    let began = Instant::now();
    let visits = visit_all("choices.test", &[("reload-loop.html", Reject)]).await;
    assert!(began.elapsed() < Duration::from_secs(60));
    let state = visits[0].choice.state;
    assert_ne!(state, ChoiceState::Proven, "{:?}", visits[0].choice);
    assert!(
        !visits[0].faults.is_empty() || !visits[0].limits.is_empty(),
        "it says why"
    );
}

/// Both visits store the very same, so that neither proves what was chosen.
#[tokio::test(flavor = "multi_thread")]
async fn a_record_that_does_not_say_what_was_chosen_proves_nothing() {
    let browse = Browse::new().await;
    let engine = BrowserEngine::start(browse.browser, browse.options).await;
    let engine = engine.expect("the browser starts");
    let mut states = Vec::new();
    for page in ["same-record", "plain"] {
        let target = target(&format!("https://choices.test/{page}.html"));
        let visits = scan::visit_all(&engine, &target, &[Reject, Accept]).await;
        states.extend(visits.expect("visits").iter().map(|v| v.choice.state));
    }
    engine.close().await;
    let (no, yes) = (ChoiceState::Unproven, ChoiceState::Proven);
    assert_eq!(states, [no, no, yes, yes]);
}

#[tokio::test(flavor = "multi_thread")]
async fn taking_back_is_tried_only_where_something_was_accepted() {
    let browse = Browse::new().await;
    let engine = BrowserEngine::start(browse.browser, browse.options).await;
    let engine = engine.expect("the browser starts");
    let mut made = Vec::new();
    for page in ["shy", "back-by-link"] {
        let target = target(&format!("https://choices.test/{page}.html"));
        let visits = scan::visit_all(&engine, &target, &ScenarioId::DEFAULT).await;
        let visits = visits.expect("visits");
        made.push(visits.iter().map(|v| v.scenario).collect::<Vec<_>>());
    }
    engine.close().await;
    let passive = ScenarioId::None;
    assert_eq!(made[0], [passive, Reject, Accept]);
    assert_eq!(made[1], [passive, Reject, Accept, Withdraw]);
}

/// Real platforms, as installed: what was accepted there is taken back.
#[tokio::test(flavor = "multi_thread")]
async fn platforms_take_consent_back() {
    let platforms = [
        "cookieconsent",
        "klaro",
        "tarteaucitron",
        "vanilla-cookieconsent",
    ];
    let browse = Browse::new().await;
    let urls = platforms.map(|id| browse.site.url(&format!("cmp-{id}-correct")));
    let engine = BrowserEngine::start(browse.browser, browse.options).await;
    let engine = engine.expect("the browser starts");
    let mut wrong = Vec::new();
    for (id, url) in platforms.iter().zip(urls) {
        let visit = engine
            .visit(&target(&url), Withdraw)
            .await
            .expect("a visit");
        let choice = visit.choice;
        let is_right =
            choice.state == ChoiceState::Proven && choice.platform.as_deref() == Some(id);
        if !is_right {
            wrong.push(format!("{id}: {choice:?} {:?}", visit.faults));
        }
    }
    engine.close().await;
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_chat_s_own_form_is_answered() {
    let mut states = Vec::new();
    for scenario in [WidgetAccept, WidgetRefuse] {
        let mut browse = Browse::new().await;
        browse.options.widgets = vec![WidgetHint {
            provider: "tawk".to_owned(),
            service: "chat".to_owned(),
            press: vec![r#"iframe[title="chat widget"]"#.to_owned()],
            call: Some("Tawk_API.maximize".to_owned()),
            opened: "Tawk_API.isChatMaximized".to_owned(),
        }];
        let url = browse.site.url("form-pending");
        let visit = browse.visit(&url, scenario).await;
        let snapshot = visit.snapshots.last().expect("a snapshot");
        let accepted = snapshot.storage.iter().any(|k| k.value.ends_with("::cf"));
        let proven = visit.choice.state == ChoiceState::Proven;
        assert!(proven, "{:?} {:?}", visit.choice, visit.faults);
        states.push(accepted);
    }
    assert_eq!(states, [true, false]);
}
