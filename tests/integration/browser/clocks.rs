//! A page's clock that is put forward shows what waiting shows.

use std::collections::BTreeSet;
use std::time::Duration;

use preconsent::engine::browser::BrowserEngine;
use preconsent::model::scenario::ScenarioId;

use crate::support::browse::Browse;
use crate::support::seen::{all_cases, difference};

/// Long enough for the four seconds after which some of the pages go on.
const LIFE: Duration = Duration::from_secs(6);

async fn seen_by(real_time: bool) -> Vec<(String, BTreeSet<String>)> {
    let mut browse = Browse::new().await;
    browse.options.page_life = LIFE;
    browse.options.real_time = real_time;
    browse.options.settle_max = Duration::from_secs(4);
    let engine = BrowserEngine::start(browse.browser, browse.options)
        .await
        .expect("the browser starts");
    let all = all_cases(&engine, &browse.site, &[ScenarioId::None]).await;
    engine.close().await;
    all
}

#[tokio::test(flavor = "multi_thread")]
async fn putting_the_clock_forward_loses_nothing_that_waiting_sees() {
    let (real, fast) = futures_util::join!(seen_by(true), seen_by(false));
    assert!(real.len() > 30, "{} cases", real.len());
    let lost = difference(&real, &fast);
    let more = difference(&fast, &real);
    assert!(
        lost.is_empty(),
        "lost: {lost:#?}, only seen with the fast clock: {more:#?}"
    );
}
