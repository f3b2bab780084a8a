//! Nothing is stored that was not seen being stored: whatever a snapshot shows, the story has, with
//! who wrote it.

use preconsent::catalogue::Catalogue;
use preconsent::classify::{ClassifiedVisit, classify};
use preconsent::engine::Engine;
use preconsent::engine::browser::BrowserEngine;
use preconsent::model::item::{Item, ItemKey, Presence, Store};
use preconsent::model::observation::WriterKind;
use preconsent::model::scenario::ScenarioId;
use preconsent::model::snapshot::Snapshot;
use preconsent::model::visit::Visit;
use preconsent::testsite::cases;
use std::time::Duration;

use crate::support::browse::{Browse, target};

/// Name and place of everything that a snapshot shows.
fn shown(snapshot: &Snapshot) -> Vec<ItemKey> {
    let cookies = snapshot.cookies.iter().map(|cookie| ItemKey {
        store: Store::Cookie,
        name: cookie.name.clone(),
        place: cookie.domain.clone(),
        path: cookie.path.clone(),
        partition: cookie.partition.clone(),
    });
    let storage = snapshot.storage.iter().map(|key| ItemKey {
        store: key.store,
        name: key.name.clone(),
        place: key.origin.clone(),
        path: String::new(),
        partition: key.partition.clone(),
    });
    cookies.chain(storage).collect()
}

/// What is wrong with the story of an item that a snapshot shows.
fn complaint(story: &ClassifiedVisit<'_>, snapshot: &Snapshot, key: &ItemKey) -> Option<String> {
    let mut items = story.items.iter().map(|i| &i.item);
    let Some(item) = items.find(|item| item.key == *key) else {
        return Some("no item".to_owned());
    };
    if item.phase(snapshot.phase).map(|p| p.presence) != Some(Presence::Present) {
        return Some("not present".to_owned());
    }
    match item.writes.as_slice() {
        [] => Some("no write was seen".to_owned()),
        _ => nameless(item),
    }
}

fn nameless(item: &Item) -> Option<String> {
    let nameless = item.writes.iter().find(|write| {
        let top = write.writer.stack.first();
        match write.writer.kind {
            WriterKind::Response => write.writer.url.is_none(),
            WriterKind::Script => top.is_none_or(|top| top.url.is_empty() || top.line == 0),
            WriterKind::Unknown => true,
        }
    });
    nameless.map(|write| format!("nobody wrote {write:?}"))
}

fn complaints(case: &str, visit: &Visit) -> Vec<String> {
    let catalogue = Catalogue::default();
    let story = classify(visit, &catalogue);
    let mut all = Vec::new();
    for snapshot in &visit.snapshots {
        for key in shown(snapshot) {
            if let Some(what) = complaint(&story, snapshot, &key) {
                let scenario = visit.scenario;
                all.push(format!(
                    "{case}, {scenario:?}, {:?}: {key:?}: {what}",
                    snapshot.phase
                ));
            }
        }
    }
    all
}

/// So many tests share the cases, so that none takes too long.
const SHARES: usize = 6;

async fn check_share(share: usize) {
    let mut browse = Browse::new().await;
    browse.options.load_max = Duration::from_secs(10);
    let engine = BrowserEngine::start(browse.browser, browse.options)
        .await
        .expect("the browser starts");
    let mut wrong = Vec::new();
    let mut seen = 0;
    // What never loads or never answers stores nothing, and takes long.
    let is_quick = |name: &str| !matches!(name, "slow" | "hang");
    let mine = cases().into_iter().skip(share).step_by(SHARES);
    for case in mine.filter(|case| is_quick(&case.name)) {
        let url = target(&browse.site.url(&case.name));
        let visits = tokio::join!(
            engine.visit(&url, ScenarioId::None),
            engine.visit(&url, ScenarioId::Accept)
        );
        for visit in [visits.0, visits.1] {
            let visit = visit.expect("a visit");
            seen += visit
                .snapshots
                .iter()
                .map(|s| shown(s).len())
                .sum::<usize>();
            wrong.extend(complaints(&case.name, &visit));
        }
    }
    engine.close().await;
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(seen > 20, "only {seen} things were stored");
}

/// One test per share of the cases.
macro_rules! shares {
    ($($test:ident: $share:literal;)*) => {
        $(
            #[tokio::test(flavor = "multi_thread")]
            async fn $test() {
                check_share($share).await;
            }
        )*

        #[test]
        fn every_share_has_its_test() {
            assert_eq!([$($share),*], *(0..SHARES).collect::<Vec<_>>());
        }
    };
}

shares! {
    whatever_is_stored_was_seen_being_stored_0: 0;
    whatever_is_stored_was_seen_being_stored_1: 1;
    whatever_is_stored_was_seen_being_stored_2: 2;
    whatever_is_stored_was_seen_being_stored_3: 3;
    whatever_is_stored_was_seen_being_stored_4: 4;
    whatever_is_stored_was_seen_being_stored_5: 5;
}
