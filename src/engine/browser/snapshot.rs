//! What is stored at the end of a phase: the whole jar of the visit's context, and every storage area
//! of every frame, with summaries of databases, caches and files.
//!
//! Areas of frames that are there are read from the browser; those of frames that are gone are in the
//! watcher's mirror.

use std::collections::BTreeMap;
use std::time::Duration;

use futures_util::future::join_all;
use serde::Deserialize;
use serde_json::{Value, json};

use super::cdp::CdpError;
use super::cdp::connection::CALL_MAX;
use super::cdp::protocol::{Cookie, StorageId};
use super::collect::area::Area;
use super::collect::cookies;
use super::collect::log::unix_now;
use super::contents::{self, Summaries};
use super::fault::of_call;
use super::tab::Tab;
use crate::model::fault::{Fault, FaultKind};
use crate::model::scenario::PhaseId;
use crate::model::snapshot::Snapshot;

/// Longest wait for a frame's storage, which the mirror has as well.
const FRAME_MAX: Duration = Duration::from_secs(3);

/// Reads everything that is stored now.
pub(super) async fn take(tab: &Tab, context: &str, phase: PhaseId) -> Result<Snapshot, Fault> {
    let jar = tab.connection.call(
        None,
        "Storage.getCookies",
        json!({"browserContextId": context}),
    );
    let areas = read_areas(tab);
    let (jar, areas) = futures_util::join!(jar, areas);
    let jar = jar.map_err(|error| of_call(&error, tab.now_ms()))?;
    let found = Vec::<Cookie>::deserialize(&jar["cookies"])
        .map_err(|error| unreadable(tab, &format!("the cookies ({error})")))?;
    let mut cookies: Vec<_> = {
        let state = tab.shared.state();
        let stored = found.into_iter().map(cookies::stored);
        stored
            .map(|cookie| state.expiries.correct(cookie))
            .collect()
    };
    cookies.sort_by(|a, b| {
        (&a.name, &a.domain, &a.path, &a.partition).cmp(&(
            &b.name,
            &b.domain,
            &b.path,
            &b.partition,
        ))
    });
    let read = areas?;
    let state = &mut *tab.shared.state();
    // Two tabs have a session area each; what is in one of them is stored.
    let mut whole: BTreeMap<Area, BTreeMap<String, String>> = BTreeMap::new();
    for (area, keys) in read.areas {
        whole.entry(area).or_default().extend(keys);
    }
    for (area, keys) in whole {
        state.storage.replace(area, keys);
    }
    for (area, things) in read.kept {
        state.kept.replace(&mut state.log, &area, things);
    }
    state.missed.unread.extend(read.unread);
    Ok(Snapshot {
        phase,
        at_ms: state.log.now_ms(),
        clock: unix_now(),
        cookies,
        storage: state.stored(),
        signals: Vec::new(),
    })
}

/// A storage area and what is in it.
type Contents = (Area, BTreeMap<String, String>);

/// What was read of all frames.
#[derive(Default)]
struct Read {
    areas: Vec<Contents>,
    kept: Vec<Summaries>,
    unread: Vec<String>,
}

/// Reads the areas of all frames that are there. A frame that vanishes or hangs meanwhile is left to
/// the mirror; a page that does so is a fault.
async fn read_areas(tab: &Tab) -> Result<Read, Fault> {
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
        (id == tab.frame, frame, answer)
    }))
    .await;
    let mut areas = BTreeMap::new();
    for (is_top, frame, answer) in keys {
        let key = match answer {
            Ok(answer) => text(&answer["storageKey"]),
            // Opaque origins have no storage; frames may be gone by now.
            Err(error) if is_top && !is_opaque(&error) => {
                return Err(of_call(&error, tab.now_ms()));
            }
            Err(_) => continue,
        };
        match key {
            Some(key) => {
                let (top, secure) = areas.entry((frame.session, key)).or_insert((false, false));
                *top |= is_top;
                *secure |= frame.is_secure;
            }
            None if is_top => return Err(unreadable(tab, "the name of the page's storage")),
            None => {}
        }
    }
    let kept = areas
        .iter()
        .map(|((session, key), (_, secure))| contents::read(tab, session, key, *secure));
    let kept = join_all(kept);
    let reads = areas.iter().flat_map(|((session, key), (is_top, _))| {
        [true, false].map(|local| {
            let longest = if *is_top { CALL_MAX } else { FRAME_MAX };
            let area = read_area(tab, session.clone(), key.clone(), local, longest);
            async move { (*is_top, area.await) }
        })
    });
    let (reads, kept) = futures_util::join!(join_all(reads), kept);
    let mut all = Read::default();
    for (is_top, read) in reads {
        match read {
            Ok(read) => all.areas.push(read),
            Err(fault) if is_top => return Err(fault),
            Err(fault) => tracing::debug!(%fault.message, "a frame's storage"),
        }
    }
    // Frames of one origin in several sessions share what they keep.
    for (kept, unread) in kept {
        all.kept.extend(kept);
        all.unread.extend(unread);
    }
    Ok(all)
}

/// Whether the browser refused because the frame's origin is opaque.
fn is_opaque(error: &CdpError) -> bool {
    matches!(error, CdpError::Refused { message, .. } if message.contains("opaque origin"))
}

fn unreadable(tab: &Tab, what: &str) -> Fault {
    let message = format!("the browser's answer with {what} could not be read");
    tab.fault(FaultKind::LoadFailed, message)
}

async fn read_area(
    tab: &Tab,
    session: String,
    storage_key: String,
    local: bool,
    longest: Duration,
) -> Result<Contents, Fault> {
    let answer = tab
        .connection
        .call_within(
            longest,
            Some(&session),
            "DOMStorage.getDOMStorageItems",
            json!({"storageId": {"storageKey": storage_key, "isLocalStorage": local}}),
        )
        .await
        .map_err(|error| of_call(&error, tab.now_ms()))?;
    let entries = Vec::<(String, String)>::deserialize(&answer["entries"])
        .map_err(|error| unreadable(tab, &format!("a storage area ({error})")))?;
    let id = StorageId {
        security_origin: String::new(),
        storage_key,
        is_local_storage: local,
    };
    Ok((Area::of(&id), entries.into_iter().collect()))
}

fn text(value: &Value) -> Option<String> {
    value.as_str().map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::browser::cdp::Connection;
    use crate::engine::browser::cdp::protocol::FrameInfo;
    use crate::engine::browser::cdp::transport::scripted;
    use crate::engine::browser::collect::State;
    use crate::engine::browser::watch::Shared;

    /// A snapshot of a page in a browser that answers one command oddly; `Null` stands for a refusal.
    async fn with_answer(command: &'static str, answer: Value) -> Result<Snapshot, Fault> {
        let wire = scripted(move |method| match method {
            odd if odd == command => answer.clone(),
            "Storage.getCookies" => json!({"cookies": [{"name": "a", "domain": "s.test"}]}),
            "Storage.getStorageKeyForFrame" => json!({"storageKey": "https://s.test/"}),
            _ => json!({"entries": [["key", "1"]]}),
        });
        let shared = Shared::new(State::new("top".to_owned()));
        let page = FrameInfo {
            id: "top".to_owned(),
            ..FrameInfo::default()
        };
        {
            let state = &mut *shared.state();
            let State { frames, log, .. } = state;
            frames.navigated(log, "session", page, true);
        }
        let tab = Tab {
            connection: Connection::new(wire).0,
            session: "session".to_owned(),
            frame: "top".to_owned(),
            shared: std::sync::Arc::clone(&shared),
        };
        take(&tab, "context", PhaseId::BeforeChoice).await
    }

    #[tokio::test]
    async fn everything_that_is_stored_is_read() {
        let snapshot = with_answer("", Value::Null).await.expect("a snapshot");
        assert_eq!((snapshot.cookies.len(), snapshot.storage.len()), (1, 2));
    }

    #[tokio::test]
    async fn what_cannot_be_read_is_a_fault_and_never_empty() {
        for (command, answer) in [
            ("Storage.getCookies", json!({})),
            ("Storage.getCookies", json!({"cookies": [{"name": 1}]})),
            ("Storage.getCookies", Value::Null),
            ("Storage.getStorageKeyForFrame", json!({})),
            ("Storage.getStorageKeyForFrame", Value::Null),
            ("DOMStorage.getDOMStorageItems", json!({})),
            (
                "DOMStorage.getDOMStorageItems",
                json!({"entries": [["key"]]}),
            ),
            ("DOMStorage.getDOMStorageItems", Value::Null),
        ] {
            let fault = with_answer(command, answer.clone()).await;
            let fault = fault.expect_err("a fault");
            assert_eq!(fault.kind, FaultKind::LoadFailed, "{command} {answer}");
        }
    }
}
