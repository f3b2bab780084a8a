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

use super::browse::target;

/// So many visits go on side by side; most of their time is waiting.
const SIDE_BY_SIDE: usize = 6;

/// Everything that was stored, written or refused, one line each.
pub(crate) fn seen(visit: &Visit) -> BTreeSet<String> {
    let mut lines: BTreeSet<String> = visit.snapshots.iter().flat_map(stored).collect();
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

fn stored(snapshot: &Snapshot) -> Vec<String> {
    let phase = snapshot.phase.as_str();
    let cookies = snapshot.cookies.iter().map(|c| {
        format!(
            "{phase}: cookie {} of {} at {}, {} {} {:?}, partition {:?}, {}",
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
            "{phase}: {store} {:?} at {}, partition {:?}",
            k.name, k.origin, k.partition
        )
    });
    cookies.chain(keys).collect()
}

/// Visits every bundled case with these scenarios; name and scenario with what was seen.
pub(crate) async fn all_cases(
    engine: &BrowserEngine,
    site: &TestSite,
    scenarios: &[ScenarioId],
) -> Vec<(String, BTreeSet<String>)> {
    // What never loads is no better seen by waiting longer, and costs a minute.
    let loads = |case: &CaseInfo| !case.expect.faults.iter().any(|fault| fault == "timeout");
    let names = cases().into_iter().filter(loads).map(|case| case.name);
    let visits = names.flat_map(|name| scenarios.iter().map(move |s| (name.clone(), *s)));
    let visits = visits.map(|(name, scenario)| async move {
        let target = target(&site.url(&name));
        let visit = engine.visit(&target, scenario).await.expect("a visit");
        (format!("{name}, {}", scenario.as_str()), seen(&visit))
    });
    let mut all: Vec<_> = futures_util::stream::iter(visits)
        .buffer_unordered(SIDE_BY_SIDE)
        .collect()
        .await;
    all.sort();
    all
}

/// What one saw and the other did not, for an assertion to show.
pub(crate) fn difference(
    one: &[(String, BTreeSet<String>)],
    other: &[(String, BTreeSet<String>)],
) -> Vec<String> {
    let pairs = one.iter().zip(other);
    let lines = pairs.flat_map(|((name, one), (same, other))| {
        assert_eq!(name, same);
        one.difference(other)
            .map(move |line| format!("{name}: {line}"))
    });
    lines.collect()
}
