//! Allowing some categories and refusing the others: on real platforms and on a banner of nobody's.

use preconsent::engine::Engine;
use preconsent::engine::browser::BrowserEngine;
use preconsent::model::role::Role;
use preconsent::model::scenario::ScenarioId::Custom;
use preconsent::model::visit::Visit;

use crate::support::browse::{Browse, target};

/// Visits pages that allow these categories, and compares all outcomes at once.
async fn check(allow: &[Role], expected: &[(&str, &str)]) {
    let mut browse = Browse::new().await;
    browse.options.allow = allow.to_vec();
    let engine = BrowserEngine::start(browse.browser, browse.options).await;
    let engine = engine.expect("the browser starts");
    let mut wrong = Vec::new();
    for (page, wanted) in expected {
        let target = target(&format!("https://{page}.html"));
        let visit = engine.visit(&target, Custom).await.expect("a visit");
        assert_eq!(visit.choice.allowed, allow, "{page}");
        let got = outcome(&visit);
        if got != *wanted {
            let told = visit.choice.evidence.join("; ");
            let faults = &visit.faults;
            wrong.push(format!(
                "{page}: wanted \"{wanted}\", got \"{got}\": {told} {faults:?}"
            ));
        }
    }
    engine.close().await;
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

/// State, method, platform, and which scripts ran: `proven recipe klaro _ga`.
fn outcome(visit: &Visit) -> String {
    let choice = &visit.choice;
    let last = visit.snapshots.last().map(|s| &s.cookies);
    let cookies = last.into_iter().flatten().map(|c| c.name.as_str());
    let trackers: Vec<&str> = cookies
        .filter(|name| ["_ga", "_fbp"].contains(name))
        .collect();
    format!(
        "{} {} {} {}",
        choice.state.as_str(),
        choice.method.map_or("-", |m| m.as_str()),
        choice.platform.as_deref().unwrap_or("-"),
        trackers.join("+")
    )
}

#[tokio::test(flavor = "multi_thread")]
async fn real_platforms_save_what_was_asked_of_each_category() {
    check(
        &[Role::Performance],
        &[
            (
                "parts.test/vanilla-correct",
                "proven recipe vanilla-cookieconsent _ga",
            ),
            ("parts.test/klaro-correct", "proven recipe klaro _ga"),
            (
                "parts.test/tarteaucitron-correct",
                "proven recipe tarteaucitron _ga",
            ),
        ],
    )
    .await;
    check(
        &[Role::Marketing],
        &[
            (
                "parts.test/vanilla-correct",
                "proven recipe vanilla-cookieconsent _fbp",
            ),
            ("parts.test/klaro-correct", "proven recipe klaro _fbp"),
            (
                "parts.test/tarteaucitron-correct",
                "proven recipe tarteaucitron _fbp",
            ),
        ],
    )
    .await;
}

/// What the page then does with the choice is for the checks to tell; the record is right.
#[tokio::test(flavor = "multi_thread")]
async fn a_page_that_ignores_the_choice_still_records_it() {
    check(
        &[Role::Performance],
        &[
            (
                "parts.test/vanilla-ignores",
                "proven recipe vanilla-cookieconsent _fbp+_ga",
            ),
            ("parts.test/klaro-ignores", "proven recipe klaro _fbp+_ga"),
            (
                "parts.test/tarteaucitron-ignores",
                "proven recipe tarteaucitron _fbp+_ga",
            ),
        ],
    )
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_record_that_says_something_else_proves_nothing() {
    let page = "parts.test/vanilla-overrides";
    let wanted = "unproven recipe vanilla-cookieconsent _fbp+_ga";
    check(&[Role::Performance], &[(page, wanted)]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn banners_of_nobodys_are_read_by_the_names_of_their_switches() {
    check(
        &[Role::Performance],
        &[
            ("parts.test/own", "proven heuristic - _ga"),
            ("choices.test/second-layer", "proven heuristic - "),
            ("choices.test/plain", "not-offered - - "),
            ("choices.test/shy", "not-offered - - "),
        ],
    )
    .await;
    // Nothing there is for comfort alone, so that nothing was asked of it.
    check(
        &[Role::Functionality],
        &[("parts.test/own", "not-offered - - ")],
    )
    .await;
}
