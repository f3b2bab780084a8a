//! What a visit saw, in a form in which two visits of one page can be compared: no times, no values,
//! no order.

use std::collections::BTreeSet;

use futures_util::StreamExt;
use preconsent::engine::Engine;
use preconsent::engine::browser::BrowserEngine;
use preconsent::model::observation::Event;
use preconsent::model::scenario::ScenarioId;
use preconsent::model::snapshot::Snapshot;
use preconsent::model::visit::Visit;
use preconsent::testsite::{CaseInfo, TestSite, cases};

use super::browse::{Browse, target};

/// So many visits go on side by side; most of their time is waiting.
const SIDE_BY_SIDE: usize = 4;

/// Everything that was stored, written or refused, one line each.
pub(crate) fn seen(visit: &Visit) -> BTreeSet<String> {
    // Which phase something falls into can hang on how busy the machine is.
    let snapshots = visit.snapshots.iter();
    let mut lines: BTreeSet<String> = snapshots.flat_map(|s| stored(s, "once")).collect();
    lines.extend(
        visit
            .snapshots
            .last()
            .into_iter()
            .flat_map(|s| stored(s, "in the end")),
    );
    lines.extend(visit.observations.iter().filter_map(|o| match &o.event {
        Event::CookieWrite(w) => Some(format!(
            "cookie {} by {:?} at {:?}, partition {:?}, refused {:?}",
            w.cookie.name, w.via, w.writer.url, w.partition, w.refused
        )),
        Event::StorageWrite(w) => Some(format!(
            "{:?} {} {:?} by {:?} at {}, partition {:?}",
            w.op,
            w.store.as_str(),
            w.name,
            w.writer.url,
            w.origin,
            w.partition
        )),
        Event::WebSocket(s) => Some(format!("socket {}", address(&s.url))),
        // Only the full browser asks for icons, and only where it has not asked before.
        Event::Request(r) if r.url.ends_with("/favicon.ico") => None,
        Event::Request(r) => Some(format!("request {} {}", r.method, address(&r.url))),
        _ => None,
    }));
    lines.extend(
        visit
            .faults
            .iter()
            .map(|f| format!("fault {:?}: {}", f.kind, f.message)),
    );
    lines
}

fn address(url: &str) -> &str {
    url.split('?').next().unwrap_or_default()
}

fn stored(snapshot: &Snapshot, when: &str) -> Vec<String> {
    let cookies = snapshot.cookies.iter().map(|c| {
        format!(
            "{when}: cookie {} of {} at {}, {} {} {:?}, partition {:?}, {}",
            c.name,
            c.domain,
            c.path,
            if c.secure { "secure" } else { "plain" },
            if c.http_only { "http-only" } else { "script" },
            c.same_site,
            c.partition,
            if c.expires.is_some() {
                "lasting"
            } else {
                "session"
            },
        )
    });
    let keys = snapshot.storage.iter().map(|k| {
        let store = k.store.as_str();
        format!(
            "{when}: {store} {:?} at {}, partition {:?}",
            k.name, k.origin, k.partition
        )
    });
    cookies.chain(keys).collect()
}

/// A way of looking at the test sites.
pub(crate) struct Way {
    engine: BrowserEngine,
    site: TestSite,
}

impl Way {
    pub(crate) async fn new(browse: Browse) -> Self {
        let engine = BrowserEngine::start(browse.browser, browse.options);
        Self {
            engine: engine.await.expect("the browser starts"),
            site: browse.site,
        }
    }

    pub(crate) fn product(&self) -> &str {
        self.engine.product()
    }

    pub(crate) async fn close(self) {
        self.engine.close().await;
    }

    async fn look(&self, case: &str, scenario: ScenarioId) -> BTreeSet<String> {
        let target = target(&self.site.url(case));
        seen(&self.engine.visit(&target, scenario).await.expect("a visit"))
    }
}

/// What only one of two ways of looking saw.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Differences {
    pub(crate) only_one: Vec<String>,
    pub(crate) only_other: Vec<String>,
}

/// So many tests share the cases, so that none takes too long.
pub(crate) const SHARES: usize = 3;

/// Visits a share of the bundled cases in both ways. Where they differ, the page is looked at again
/// with nothing beside it, and only what differs then counts: on a busy machine, a page gets less far
/// in its time.
pub(crate) async fn compare(
    one: &Way,
    other: &Way,
    scenarios: &[ScenarioId],
    share: usize,
) -> Differences {
    // What never loads is no better seen by waiting longer, and costs a minute.
    let loads = |case: &CaseInfo| !case.expect.faults.iter().any(|fault| fault == "timeout");
    let names = cases().into_iter().skip(share).step_by(SHARES);
    let names = names.filter(loads).map(|case| case.name);
    let pairs = names.flat_map(|name| scenarios.iter().map(move |s| (name.clone(), *s)));
    let visits = pairs.map(|(name, scenario)| async move {
        let (by_one, by_other) =
            futures_util::join!(one.look(&name, scenario), other.look(&name, scenario));
        (by_one != by_other).then_some((name, scenario))
    });
    let visits: Vec<_> = visits.collect();
    assert!(visits.len() > 10, "only {} visits", visits.len());
    let differing: Vec<_> = futures_util::stream::iter(visits)
        .buffer_unordered(SIDE_BY_SIDE)
        .filter_map(std::future::ready)
        .collect()
        .await;
    let mut found = Differences::default();
    for (name, scenario) in differing {
        let by_one = one.look(&name, scenario).await;
        let by_other = other.look(&name, scenario).await;
        let told = |line: &String| format!("{name}, {}: {line}", scenario.as_str());
        found
            .only_one
            .extend(by_one.difference(&by_other).map(told));
        found
            .only_other
            .extend(by_other.difference(&by_one).map(told));
    }
    found
}

/// One test per share of the cases.
macro_rules! shares {
    ($check:ident, $($test:ident: $share:literal;)*) => {
        $(
            #[tokio::test(flavor = "multi_thread")]
            async fn $test() {
                $check($share).await;
            }
        )*

        #[test]
        fn every_share_has_its_test() {
            assert_eq!([$($share),*], *(0..crate::support::seen::SHARES).collect::<Vec<_>>());
        }
    };
}
pub(crate) use shares;
