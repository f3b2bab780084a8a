//! Visits of the test sites by a real browser.

use preconsent::engine::browser::{BrowserEngine, BrowserOptions, BrowserSource, find};
use preconsent::engine::options::SettleHint;
use preconsent::engine::{Engine, Options};
use preconsent::model::item::Store;
use preconsent::model::observation::{CookieWrite, Event, StorageWrite};
use preconsent::model::scenario::{PhaseId, ScenarioId};
use preconsent::model::target::{Place, Target};
use preconsent::model::visit::Visit;
use preconsent::testsite::{self, TestSite};
use std::path::Path;
use std::time::Duration;

/// How a test wants its visit.
pub(crate) struct Browse {
    /// Options of the engine.
    pub(crate) options: Options,
    /// Options of the browser.
    pub(crate) browser: BrowserOptions,
    /// The sites.
    pub(crate) site: TestSite,
}

impl Browse {
    /// The test sites, and a browser that finds them under their names.
    pub(crate) async fn new() -> Self {
        let cmp = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/cmp/node_modules");
        let site = TestSite::start_with(testsite::Options { cmp_dir: Some(cmp) });
        let site = site.await.expect("the test sites start");
        let rules = site.resolve_args();
        let resolve = rules.iter().map(|rule| rule.parse().expect("a rule"));
        let options = Options {
            resolve: resolve.collect(),
            insecure: true,
            settle_hints: vec![SettleHint {
                host: "*.tawk.to".to_owned(),
                quiet: Duration::from_millis(1200),
            }],
            recipes: preconsent::consent::recipe::builtin(),
            ..Options::default()
        };
        let program = find::find(None).expect("a browser; run the tests with make test");
        let browser = BrowserOptions {
            source: BrowserSource::Program(program.path),
            instead: None,
            third_party_cookies: true,
            no_sandbox: false,
        };
        Self {
            options,
            browser,
            site,
        }
    }

    /// Visits a URL with one scenario.
    pub(crate) async fn visit(self, url: &str, scenario: ScenarioId) -> Visit {
        let engine = BrowserEngine::start(self.browser, self.options)
            .await
            .expect("the browser starts");
        let visit = engine.visit(&target(url), scenario).await;
        engine.close().await;
        visit.expect("a visit")
    }
}

/// A target as the command line gives it.
pub(crate) fn target(url: &str) -> Target {
    Target::parse(url, Place::CommandLine).expect("a URL")
}

/// Visits the page of a case over https.
pub(crate) async fn visit(case: &str, scenario: ScenarioId) -> Visit {
    let browse = Browse::new().await;
    let url = browse.site.url(case);
    browse.visit(&url, scenario).await
}

/// All cookie writes of this name.
pub(crate) fn cookie_writes<'v>(visit: &'v Visit, name: &str) -> Vec<&'v CookieWrite> {
    let events = visit.observations.iter().map(|o| &o.event);
    events
        .filter_map(|event| match event {
            Event::CookieWrite(write) if write.cookie.name == name => Some(write),
            _ => None,
        })
        .collect()
}

/// All writes and removals of this storage key.
pub(crate) fn storage_writes<'v>(visit: &'v Visit, name: &str) -> Vec<&'v StorageWrite> {
    let events = visit.observations.iter().map(|o| &o.event);
    events
        .filter_map(|event| match event {
            Event::StorageWrite(write) if write.name == name => Some(write),
            _ => None,
        })
        .collect()
}

/// Names stored at the end of a phase, as `cookie:name` or `local-storage:name`, sorted.
pub(crate) fn stored(visit: &Visit, phase: PhaseId) -> Vec<String> {
    let snapshot = visit.snapshot(phase).expect("the phase was reached");
    let cookies = snapshot.cookies.iter().map(|c| (Store::Cookie, &c.name));
    let storage = snapshot.storage.iter().map(|k| (k.store, &k.name));
    let mut names: Vec<String> = cookies
        .chain(storage)
        .map(|(store, name)| format!("{}:{name}", store.as_str()))
        .collect();
    names.sort();
    names
}
