//! What is stored at the end of a phase: the whole jar of the visit's context, and every storage area
//! of every frame.
//!
//! Areas of frames that are there are read from the browser; those of frames that are gone are in the
//! watcher's mirror.

use std::collections::{BTreeMap, BTreeSet};

use futures_util::future::join_all;
use serde_json::{Value, json};

use super::cdp::protocol::{Cookie, StorageId};
use super::collect::cookies;
use super::collect::storage::Area;
use super::fault::of_call;
use super::tab::Tab;
use crate::model::fault::Fault;
use crate::model::scenario::PhaseId;
use crate::model::snapshot::Snapshot;

/// Reads everything that is stored now.
pub(super) async fn take(tab: &Tab, context: &str, phase: PhaseId) -> Result<Snapshot, Fault> {
    let jar = tab.connection.call(
        None,
        "Storage.getCookies",
        json!({"browserContextId": context}),
    );
    let (jar, areas) = futures_util::join!(jar, read_areas(tab));
    let jar = jar.map_err(|error| of_call(&error, tab.now_ms()))?;
    let found: Vec<Cookie> = serde_json::from_value(jar["cookies"].clone()).unwrap_or_default();
    let mut cookies: Vec<_> = found.into_iter().map(cookies::stored).collect();
    cookies.sort_by(|a, b| {
        (&a.name, &a.domain, &a.path, &a.partition).cmp(&(
            &b.name,
            &b.domain,
            &b.path,
            &b.partition,
        ))
    });
    let mut state = tab.shared.state();
    for (area, keys) in areas? {
        state.storage.replace(area, keys);
    }
    Ok(Snapshot {
        phase,
        at_ms: state.log.now_ms(),
        clock: state.log.page_clock(),
        cookies,
        storage: state.storage.stored(),
    })
}

/// Reads the areas of all frames that are there. A frame that vanishes meanwhile is left to the
/// mirror; a page that does not answer is a fault.
async fn read_areas(tab: &Tab) -> Result<Vec<(Area, BTreeMap<String, String>)>, Fault> {
    let frames = tab.shared.state().frames.all();
    let keys = join_all(frames.into_iter().map(|(id, frame)| async move {
        let answer = tab
            .connection
            .call(
                Some(&frame.session),
                "Storage.getStorageKeyForFrame",
                json!({"frameId": id}),
            )
            .await;
        (id, frame.session, answer)
    }))
    .await;
    let mut areas = BTreeSet::new();
    for (id, session, answer) in keys {
        match answer {
            Ok(answer) => {
                if let Some(key) = answer["storageKey"].as_str() {
                    areas.insert((session, key.to_owned()));
                }
            }
            Err(error) if id == tab.frame => return Err(of_call(&error, tab.now_ms())),
            // Opaque origins have no storage; frames may be gone by now.
            Err(_) => {}
        }
    }
    let reads = areas.into_iter().flat_map(|(session, key)| {
        [true, false].map(|local| read_area(tab, session.clone(), key.clone(), local))
    });
    Ok(join_all(reads).await.into_iter().flatten().collect())
}

async fn read_area(
    tab: &Tab,
    session: String,
    storage_key: String,
    local: bool,
) -> Option<(Area, BTreeMap<String, String>)> {
    let answer = tab
        .connection
        .call(
            Some(&session),
            "DOMStorage.getDOMStorageItems",
            json!({"storageId": {"storageKey": storage_key, "isLocalStorage": local}}),
        )
        .await
        .ok()?;
    let id = StorageId {
        security_origin: String::new(),
        storage_key,
        is_local_storage: local,
    };
    let keys = answer["entries"]
        .as_array()?
        .iter()
        .filter_map(|entry| Some((text(&entry[0])?, text(&entry[1])?)))
        .collect();
    Some((Area::of(&id), keys))
}

fn text(value: &Value) -> Option<String> {
    value.as_str().map(str::to_owned)
}
