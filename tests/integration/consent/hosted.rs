//! The recipes of platforms that cannot be installed, each on a page with the structure that it
//! states: `fixtures/sites/_hosts/platforms.test/<recipe>.html`. That a platform really looks so is
//! not shown by this; recipes say it by `verified`.

use preconsent::consent::recipe::{self, Recipe};
use preconsent::engine::Engine;
use preconsent::engine::browser::BrowserEngine;
use preconsent::model::choice::ChoiceState;
use preconsent::model::scenario::ScenarioId::{self, Reject, Withdraw};
use preconsent::model::visit::Visit;

use crate::support::browse::{Browse, target};

/// Platforms that reject by a function only.
const BY_FUNCTION: [&str; 2] = ["cookie-information", "tealium"];

/// Platforms that are known to reject by a function, but not to show their notice again.
const NOT_AGAIN: [&str; 2] = ["cookiefirst", "cookiehub"];

/// Pages whose platforms have a second layer.
const DEEP: [&str; 7] = [
    "complianz",
    "cookiebot",
    "cookiescript",
    "cookieyes",
    "google-funding-choices",
    "onetrust",
    "osano",
];

fn unverified() -> Vec<Recipe> {
    let mut recipes = recipe::builtin();
    recipes.retain(|r| r.verified.is_none());
    recipes
}

/// Visits the pages side by side, two at a time, and says what went wrong.
async fn wrong(asked: Vec<(String, String, ScenarioId)>) -> Vec<String> {
    use futures_util::{StreamExt, stream};
    let browse = Browse::new().await;
    let engine = BrowserEngine::start(browse.browser, browse.options).await;
    let engine = engine.expect("the browser starts");
    let visits = stream::iter(&asked).map(|(id, query, scenario)| {
        let target = target(&format!("https://platforms.test/{id}.html{query}"));
        let engine = &engine;
        async move { engine.visit(&target, *scenario).await.expect("a visit") }
    });
    let visits: Vec<Visit> = visits.buffered(2).collect().await;
    engine.close().await;
    let pairs = asked.iter().zip(&visits);
    pairs
        .filter_map(|((id, query, scenario), visit)| {
            let choice = &visit.choice;
            let is_right = choice.state == ChoiceState::Proven
                && choice.platform.as_ref() == Some(id)
                && choice.method.map(|m| m.as_str()) == Some(method(id, *scenario));
            let scenario = scenario.as_str();
            let faults = &visit.faults;
            (!is_right).then(|| format!("{id}{query} {scenario}: {choice:?} {faults:?}"))
        })
        .collect()
}

fn method(id: &str, scenario: ScenarioId) -> &'static str {
    let not_again = scenario == Withdraw && NOT_AGAIN.contains(&id);
    if BY_FUNCTION.contains(&id) || not_again {
        "api"
    } else {
        "recipe"
    }
}

/// Rejecting, and taking back what was accepted, for every third platform from `first` on.
async fn every_third(first: usize) {
    let recipes = unverified();
    let asked =
        recipes.into_iter().skip(first).step_by(3).flat_map(|r| {
            [Reject, Withdraw].map(|scenario| (r.id.clone(), String::new(), scenario))
        });
    let wrong = wrong(asked.collect()).await;
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[tokio::test(flavor = "multi_thread")]
async fn recipes_choose_on_their_platforms_structure_1() {
    every_third(0).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn recipes_choose_on_their_platforms_structure_2() {
    every_third(1).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn recipes_choose_on_their_platforms_structure_3() {
    every_third(2).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn recipes_reject_on_the_second_layer_where_the_first_does_not() {
    let asked = DEEP.map(|id| (id.to_owned(), "?deep".to_owned(), Reject));
    let wrong = wrong(asked.into()).await;
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}
