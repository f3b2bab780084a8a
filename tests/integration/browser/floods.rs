//! Pages that write without end are seen whole, in bounded room: what is written again and again is
//! counted, and the counts are true.

use std::time::Duration;

use preconsent::catalogue::Catalogue;
use preconsent::classify::classify;
use preconsent::model::item::{Presence, Store};
use preconsent::model::observation::{Event, Observation};
use preconsent::model::scenario::{PhaseId, ScenarioId};
use preconsent::model::visit::Visit;

use crate::support::browse::Browse;

async fn busy(path: &str, scenario: ScenarioId) -> Visit {
    let mut browse = Browse::new().await;
    // What takes a machine long that does other things besides says nothing about the record.
    browse.options.load_max = Duration::from_secs(120);
    let url = format!("https://busy.test/{path}");
    browse.visit(&url, scenario).await
}

/// The observations of writes to this item.
fn of<'v>(visit: &'v Visit, store: Store, name: &str) -> Vec<&'v Observation> {
    let is_meant = |event: &Event| match event {
        Event::StorageWrite(write) => write.store == store && write.name == name,
        Event::CookieWrite(write) => store == Store::Cookie && write.cookie.name == name,
        _ => false,
    };
    let all = visit.observations.iter();
    all.filter(|o| is_meant(&o.event)).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_rewritten_every_millisecond_is_counted() {
    let visit = busy("often", ScenarioId::None).await;
    assert_eq!(visit.faults, []);
    assert_eq!(visit.limits, [] as [String; 0]);
    let catalogue = Catalogue::default();
    let classified = classify(&visit, &catalogue);
    for store in [Store::LocalStorage, Store::Cookie] {
        let all = of(&visit, store, "beat");
        // Two phases, in each the first few and the rest.
        assert_eq!(all.len(), 2 * 33, "{store:?}");
        let last = all[65].repeats.expect("the rest is counted");
        let counted: u32 = all.iter().filter_map(|o| o.repeats).map(|r| r.times).sum();
        let told = |o: &&Observation| match &o.event {
            Event::StorageWrite(write) => write.value.clone(),
            Event::CookieWrite(write) => write.cookie.value.clone(),
            _ => String::new(),
        };
        // The page counts, too.
        let written: u32 = told(&all[65]).parse().expect("a number");
        assert_eq!(2 * 32 + counted, written, "{store:?}");
        assert!(written > 5_000, "{store:?}: {written}");
        assert!(last.last_ms > 25_000, "{store:?}: {last:?}");
        let mut items = classified.items.iter().map(|i| &i.item);
        let item = items
            .find(|i| i.key.store == store && i.key.name == "beat")
            .expect("an item");
        assert!(item.phases.iter().all(|p| p.presence == Presence::Present));
        let writes: u32 = item.phases.iter().map(|p| p.writes).sum();
        assert_eq!(writes, written, "{store:?}");
        let writer = item.writes[0].writer.url.as_deref();
        assert_eq!(writer, Some("https://busy.test/often"));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hundred_thousand_keys_are_all_seen() {
    let visit = busy("many", ScenarioId::None).await;
    assert_eq!(visit.faults, []);
    let snapshot = visit.snapshot(PhaseId::BeforeChoice).expect("a snapshot");
    assert_eq!(snapshot.storage.len(), 100_000);
    for name in ["key0", "key99999"] {
        let all = of(&visit, Store::LocalStorage, name);
        assert_eq!(all.len(), 1, "{name}");
        let Event::StorageWrite(write) = &all[0].event else {
            panic!("a write");
        };
        let top = write.writer.stack.first().expect("a stack");
        assert_eq!((&*top.url, top.line), ("https://busy.test/many", 12));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn large_values_are_not_kept_again_and_again() {
    let visit = busy("large", ScenarioId::None).await;
    assert_eq!(visit.faults, []);
    let all = of(&visit, Store::LocalStorage, "much");
    assert_eq!(all.len(), 2);
    let repeats = all[1].repeats.expect("the rest is counted");
    assert_eq!((repeats.times, repeats.changes), (19, 19));
}
