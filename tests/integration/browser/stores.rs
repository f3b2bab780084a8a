//! Databases, caches, files and service workers are observed like every other store: with their
//! writer, in frames and workers of every kind, by origin and partition.

use preconsent::model::observation::{Event, StorageWrite, Via};
use preconsent::model::scenario::{PhaseId, ScenarioId};
use preconsent::model::visit::Visit;

use crate::support::browse::{Browse, cookie_writes, storage_writes, visit};

const SHOP: &str = "https://other-stores.shop.test";
const FRAME: &str = "https://kept.test";

/// A write as `Set store:name=value in partition by url:line`.
fn told(write: &StorageWrite) -> String {
    let place = match &write.partition {
        Some(site) => format!("{} within {site}", write.origin),
        None => write.origin.clone(),
    };
    let writer = match write.writer.stack.first() {
        Some(top) => format!("{}:{}", top.url, top.line),
        None => "nobody".to_owned(),
    };
    let (op, store) = (write.op, write.store.as_str());
    format!(
        "{op:?} {store}:{}={} at {place} by {writer}",
        write.name, write.value
    )
}

/// All writes to stores other than cookies, local and session storage, sorted.
fn writes(visit: &Visit) -> Vec<String> {
    let events = visit.observations.iter().map(|o| &o.event);
    let mut all: Vec<String> = events
        .filter_map(|event| match event {
            Event::StorageWrite(write) if write.store.is_summarised() => Some(told(write)),
            _ => None,
        })
        .collect();
    all.sort();
    all
}

/// What is stored at the end, as `store:name=value at place`, sorted.
fn stored(visit: &Visit) -> Vec<String> {
    let snapshot = visit.snapshot(PhaseId::BeforeChoice).expect("a snapshot");
    let mut all: Vec<String> = snapshot
        .storage
        .iter()
        .map(|key| {
            let place = match &key.partition {
                Some(site) => format!("{} within {site}", key.origin),
                None => key.origin.clone(),
            };
            format!(
                "{}:{}={} at {place}",
                key.store.as_str(),
                key.name,
                key.value
            )
        })
        .collect();
    all.sort();
    all
}

fn sorted(mut lines: Vec<String>) -> Vec<String> {
    lines.sort();
    lines
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_kept_is_stored_with_a_summary() {
    let visit = visit("other-stores", ScenarioId::None).await;
    assert_eq!(visit.faults, []);
    assert_eq!(
        visit.limits,
        [
            "the page has workers, whose timers cannot be put forward; what they do later was not seen (--real-time)"
        ]
    );
    let framed = format!("{FRAME} within https://shop.test");
    assert_eq!(
        stored(&visit),
        sorted(vec![
            format!("indexed-db:visitors=version 3: queue (0 keys), visitors (12 keys) at {SHOP}"),
            format!("indexed-db:of-worker=version 1: jobs (0 keys) at {SHOP}"),
            format!("indexed-db:of-shared-worker=version 1, empty at {SHOP}"),
            format!("indexed-db:framed=version 1, empty at {framed}"),
            format!("cache-storage:shelf=2 responses: /made-up, /shop.css at {SHOP}"),
            format!("cache-storage:worker-shelf=0 responses at {SHOP}"),
            format!("cache-storage:offline=2 responses: /about, /shop.css at {SHOP}"),
            format!("cache-storage:framed-shelf=0 responses at {framed}"),
            format!("file-system:notes/first.txt=5 bytes at {SHOP}"),
            format!("file-system:framed.txt=0 bytes at {framed}"),
            format!("service-worker:{SHOP}/={SHOP}/sw.js at {SHOP}"),
            format!("service-worker:{FRAME}/chat/={FRAME}/quiet.js at {framed}"),
        ])
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_kept_is_observed_with_its_writer() {
    let visit = visit("other-stores", ScenarioId::None).await;
    let page = format!("at {SHOP} by {SHOP}/stores.js");
    let sw = format!("at {SHOP} by {SHOP}/sw.js");
    let framed = format!("at {FRAME} within https://shop.test by {FRAME}/frame");
    assert_eq!(
        writes(&visit),
        sorted(vec![
            format!("Set indexed-db:visitors=version 3 {page}:2"),
            format!("Set indexed-db:brief= {page}:12"),
            format!("Remove indexed-db:brief= {page}:15"),
            format!("Set cache-storage:shelf= {page}:18"),
            format!("Set cache-storage:shelf=/shop.css?v=1 {page}:19"),
            format!("Set cache-storage:shelf=/made-up {page}:20"),
            format!("Set cache-storage:gone= {page}:23"),
            format!("Remove cache-storage:gone= {page}:24"),
            format!("Set file-system:notes/first.txt=5 bytes {page}:29"),
            format!("Set service-worker:{SHOP}/={SHOP}/sw.js {page}:35"),
            format!("Set indexed-db:of-worker=version 1 at {SHOP} by {SHOP}/worker.js:1"),
            format!("Set cache-storage:worker-shelf= at {SHOP} by {SHOP}/worker.js:4"),
            format!("Set indexed-db:of-shared-worker=version 1 at {SHOP} by {SHOP}/shared.js:1"),
            format!("Set cache-storage:offline= {sw}:3"),
            format!("Set cache-storage:offline=/shop.css {sw}:4"),
            format!("Set indexed-db:framed=version 1 {framed}:8"),
            format!("Set cache-storage:framed-shelf= {framed}:9"),
            format!("Set file-system:framed.txt=0 bytes {framed}:11"),
            format!("Set service-worker:{FRAME}/chat/={FRAME}/quiet.js {framed}:13"),
        ])
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_service_worker_sets_cookies_by_name() {
    let visit = visit("other-stores", ScenarioId::None).await;
    let writes = cookie_writes(&visit, "from_worker");
    assert_eq!(writes.len(), 1);
    assert_eq!(writes[0].via, Via::CookieStore);
    let top = writes[0].writer.stack.first().expect("a stack");
    assert_eq!((top.url.as_str(), top.line), (&*format!("{SHOP}/sw.js"), 6));
    let jar = &visit.snapshots[0].cookies;
    assert!(jar.iter().any(|cookie| cookie.name == "from_worker"));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_set_and_deleted_in_one_task_is_seen_in_every_kind_of_frame() {
    let browse = Browse::new().await;
    let visit = browse.visit("https://every-frame.test/", ScenarioId::None);
    let visit = visit.await;
    assert_eq!(visit.faults, []);
    let page = "https://every-frame.test";
    let other = Some(page);
    for (name, origin, partition) in [
        ("top", page, None),
        ("same", page, None),
        ("srcdoc", page, None),
        ("blank", page, None),
        ("made", page, None),
        // Another site lies between it and the page.
        ("nested", page, other),
        ("cross", FRAME, other),
    ] {
        let writes = storage_writes(&visit, name);
        let place = match partition {
            Some(site) => format!("{origin} within {site}"),
            None => origin.to_owned(),
        };
        let by = format!("at {place} by {origin}/probe.js");
        let lines: Vec<_> = writes.iter().map(|write| told(write)).collect();
        assert_eq!(
            lines,
            [
                format!("Set local-storage:{name}=1 {by}:3"),
                format!("Remove local-storage:{name}= {by}:4"),
                format!("Set indexed-db:{name}= {by}:7"),
                format!("Remove indexed-db:{name}= {by}:8"),
            ]
        );
        let cookies = cookie_writes(&visit, name);
        let lines: Vec<_> = cookies.iter().map(|w| w.writer.stack[0].line).collect();
        assert_eq!(lines, [5, 6], "{name}");
    }
    assert_eq!(storage_writes(&visit, "sandboxed").len(), 0);
    assert_eq!(cookie_writes(&visit, "sandboxed").len(), 0);
}
