//! Choices on the pages of real platforms, as installed: first and second layer, by recipe and, for
//! platforms that no recipe names, by what the page says and stores.

use futures_util::{StreamExt, stream};
use preconsent::engine::Engine;
use preconsent::engine::browser::BrowserEngine;
use preconsent::model::scenario::ScenarioId::{self, Accept, Reject, Withdraw};
use preconsent::model::visit::Visit;

use crate::support::browse::{Browse, target};

/// How many visits are made at the same time.
const SIDE_BY_SIDE: usize = 2;

/// Visits pages by one browser and compares all outcomes at once: case, page, scenario, outcome.
async fn check(expected: &[(&str, &str, ScenarioId, &str)]) {
    let browse = Browse::new().await;
    let urls: Vec<String> = expected
        .iter()
        .map(|(case, page, ..)| format!("{}{page}", browse.site.url(&format!("cmp-{case}"))))
        .collect();
    let engine = BrowserEngine::start(browse.browser, browse.options).await;
    let engine = engine.expect("the browser starts");
    let asked = expected.iter().zip(&urls);
    let visits = stream::iter(asked).map(|((.., scenario, _), url)| {
        let target = target(url);
        let engine = &engine;
        async move { engine.visit(&target, *scenario).await.expect("a visit") }
    });
    let visits: Vec<Visit> = visits.buffered(SIDE_BY_SIDE).collect().await;
    engine.close().await;
    let wrong: Vec<String> = expected
        .iter()
        .zip(&visits)
        .filter(|((.., wanted), visit)| outcome(visit) != *wanted)
        .map(|((case, page, scenario, wanted), visit)| {
            let (got, scenario) = (outcome(visit), scenario.as_str());
            let evidence = visit.choice.evidence.join("; ");
            format!("{case}/{page} {scenario}: wanted \"{wanted}\", got \"{got}\": {evidence}")
        })
        .collect();
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

/// State, method and platform, and whatever went wrong: `proven recipe klaro`.
fn outcome(visit: &Visit) -> String {
    let method = visit.choice.method.map_or("-", |m| m.as_str());
    let platform = visit.choice.platform.as_deref().unwrap_or("-");
    let mut text = format!("{} {method} {platform}", visit.choice.state.as_str());
    for fault in &visit.faults {
        text.push_str(&format!(" ({})", fault.message));
    }
    text
}

const READ: &str = "proven heuristic -";

#[tokio::test(flavor = "multi_thread")]
async fn platforms_that_no_recipe_names_are_chosen_on() {
    check(&[
        ("orejime-correct", "", Reject, READ),
        ("orejime-correct", "", Accept, READ),
        ("orejime-correct", "", Withdraw, READ),
        ("cookie-though-correct", "", Reject, READ),
        ("cookie-though-correct", "", Accept, READ),
        ("cookie-though-correct", "", Withdraw, READ),
        ("cookies-eu-banner-correct", "", Reject, READ),
        ("cookies-eu-banner-correct", "", Accept, READ),
        ("cookies-eu-banner-correct", "", Withdraw, READ),
        ("cookie-consent-lite-correct", "", Reject, READ),
        ("cookie-consent-lite-correct", "", Accept, READ),
        ("cookie-consent-lite-correct", "", Withdraw, READ),
        ("grrr-cookie-consent-correct", "", Reject, READ),
        ("grrr-cookie-consent-correct", "", Accept, READ),
        ("grrr-cookie-consent-correct", "", Withdraw, READ),
        (
            "cookie-consent-lite-correct",
            "german",
            Reject,
            "unproven heuristic -",
        ),
        ("orejime-correct", "deep", Reject, READ),
        ("orejime-correct", "deep", Accept, READ),
    ])
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_first_layer_of_a_platform_lacks_is_done_on_its_second() {
    check(&[
        ("klaro-correct", "deep", Reject, "proven recipe klaro"),
        (
            "vanilla-cookieconsent-correct",
            "deep",
            Reject,
            "proven recipe vanilla-cookieconsent",
        ),
        (
            "tarteaucitron-correct",
            "deep",
            Reject,
            "proven recipe tarteaucitron",
        ),
    ])
    .await;
}
