//! The headless shell sees what the full browser sees.

use std::collections::BTreeSet;
use std::time::Duration;

use preconsent::engine::browser::{BrowserEngine, BrowserSource, find};
use preconsent::model::scenario::ScenarioId;

use crate::support::browse::Browse;
use crate::support::seen::{all_cases, difference};

async fn seen_by(found: find::Found) -> (String, Vec<(String, BTreeSet<String>)>) {
    let mut browse = Browse::new().await;
    browse.browser.source = BrowserSource::Program(found.path);
    browse.options.settle_max = Duration::from_secs(4);
    let engine = BrowserEngine::start(browse.browser, browse.options)
        .await
        .expect("the browser starts");
    let scenarios = [ScenarioId::None, ScenarioId::Accept];
    let all = all_cases(&engine, &browse.site, &scenarios).await;
    let product = engine.product().to_owned();
    engine.close().await;
    (product, all)
}

#[expect(clippy::print_stderr, reason = "a test that did not run must say so")]
#[tokio::test(flavor = "multi_thread")]
async fn the_headless_shell_sees_what_the_full_browser_sees() {
    let (Some(full), Some(shell)) = (find::find_full(), find::find_shell()) else {
        eprintln!(
            "skipped: a full browser and a headless shell are needed; make deps installs both"
        );
        return;
    };
    let (product, by_shell) = seen_by(shell).await;
    let (full_product, by_full) = seen_by(full).await;
    if product != full_product || !find::shell_is_equal(&product) {
        eprintln!(
            "skipped: the shell is {product}, the browser {full_product}, and equality is claimed for neither"
        );
        return;
    }
    let missed = difference(&by_full, &by_shell);
    let more = difference(&by_shell, &by_full);
    assert!(
        missed.is_empty() && more.is_empty(),
        "missed: {missed:#?}, more: {more:#?}"
    );
}
