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
        ahead_s: 0.0,
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
        let is_top = id == tab.frame;
        let answer = tab
            .connection
            .call_within(
                longest(is_top),
                Some(&frame.session),
                "Storage.getStorageKeyForFrame",
                json!({"frameId": id}),
            )
            .await;
        (is_top, frame, answer)
    }))
    .await;
    let mut areas = BTreeMap::new();
    let mut all = Read::default();
    for (is_top, frame, answer) in keys {
        let key = answer.map_err(Unread::Call).and_then(|answer| {
            let key = text(&answer["storageKey"]);
            key.ok_or_else(|| Unread::Odd("the name of a frame's storage".to_owned()))
        });
        match key {
            Ok(key) => {
                let (top, secure) = areas.entry((frame.session, key)).or_insert((false, false));
                *top |= is_top;
                *secure |= frame.is_secure;
            }
            Err(unread) if unread.is_opaque() => {}
            Err(unread) if is_top => return Err(unread.fault(tab)),
            Err(unread) => all.miss(&unread, || {
                format!("the storage of {}", origin_of(&frame.url))
            }),
        }
    }
    let kept = areas
        .iter()
        .map(|((session, key), (_, secure))| contents::read(tab, session, key, *secure));
    let kept = join_all(kept);
    let reads = areas.iter().flat_map(|((session, key), (is_top, _))| {
        [true, false].map(|local| {
            let area = read_area(tab, session.clone(), key.clone(), local, longest(*is_top));
            async move { (*is_top, Area::of(&storage_id(key, local)), area.await) }
        })
    });
    let (reads, kept) = futures_util::join!(join_all(reads), kept);
    for (is_top, area, read) in reads {
        match read {
            Ok(keys) => all.areas.push((area, keys)),
            Err(unread) if is_top => return Err(unread.fault(tab)),
            Err(unread) => all.miss(&unread, || {
                format!("{} of {}", area.store.as_str(), area.origin)
            }),
        }
    }
    // Frames of one origin in several sessions share what they keep.
    for (kept, unread) in kept {
        all.kept.extend(kept);
        all.unread.extend(unread);
    }
    Ok(all)
}

impl Read {
    /// Notes what of a frame could not be read, unless there is nothing to read of it.
    fn miss(&mut self, unread: &Unread, what: impl FnOnce() -> String) {
        if unread.is_opaque() || unread.is_gone() {
            tracing::debug!(%unread, "a frame's storage");
        } else {
            self.unread.push(format!("{} ({unread})", what()));
        }
    }
}

/// Why a storage key or an area could not be read.
#[derive(Debug, thiserror::Error)]
enum Unread {
    #[error(transparent)]
    Call(CdpError),
    /// The answer has no known form.
    #[error("the browser's answer with {0} could not be read")]
    Odd(String),
}

impl Unread {
    /// Whether the frame's origin is opaque, and so has no storage.
    fn is_opaque(&self) -> bool {
        self.is_refused_for("opaque origin")
    }

    /// Whether there is no such frame any more, in the browser's words for commands of both domains.
    fn is_gone(&self) -> bool {
        matches!(self, Self::Call(CdpError::Detached)) || self.is_refused_for("not found")
    }

    fn is_refused_for(&self, why: &str) -> bool {
        matches!(self, Self::Call(CdpError::Refused { message, .. }) if message.contains(why))
    }

    /// What it means when it happens to the visited page.
    fn fault(self, tab: &Tab) -> Fault {
        match self {
            Self::Call(error) => of_call(&error, tab.now_ms()),
            odd @ Self::Odd(_) => tab.fault(FaultKind::LoadFailed, odd.to_string()),
        }
    }
}

/// How long a frame may take to answer.
fn longest(is_top: bool) -> Duration {
    if is_top { CALL_MAX } else { FRAME_MAX }
}

fn storage_id(storage_key: &str, local: bool) -> StorageId {
    StorageId {
        security_origin: String::new(),
        storage_key: storage_key.to_owned(),
        is_local_storage: local,
    }
}

/// The origin of an address, for sentences.
fn origin_of(url: &str) -> String {
    url::Url::parse(url).map_or_else(|_| url.to_owned(), |url| url.origin().ascii_serialization())
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
) -> Result<BTreeMap<String, String>, Unread> {
    let answer = tab
        .connection
        .call_within(
            longest,
            Some(&session),
            "DOMStorage.getDOMStorageItems",
            json!({"storageId": {"storageKey": storage_key, "isLocalStorage": local}}),
        )
        .await
        .map_err(Unread::Call)?;
    let entries = Vec::<(String, String)>::deserialize(&answer["entries"])
        .map_err(|error| Unread::Odd(format!("a storage area ({error})")))?;
    Ok(entries.into_iter().collect())
}

fn text(value: &Value) -> Option<String> {
    value.as_str().map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::browser::cdp::Connection;
    use crate::engine::browser::cdp::protocol::FrameInfo;
    use crate::engine::browser::cdp::transport::{Wire, replying, scripted};
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
        take(&tab(wire, &["top"]), "context", PhaseId::BeforeChoice).await
    }

    /// A page with frames of these names, each in a session of its name.
    fn tab(wire: Wire, names: &[&str]) -> Tab {
        let shared = Shared::new(State::new("top".to_owned()));
        for name in names {
            let info = FrameInfo {
                id: (*name).to_owned(),
                parent_id: (*name != "top").then(|| "top".to_owned()),
                url: format!("https://{name}.test/page"),
                ..FrameInfo::default()
            };
            let state = &mut *shared.state();
            let State { frames, log, .. } = state;
            frames.navigated(log, name, info, true);
        }
        Tab {
            connection: Connection::new(wire).0,
            session: "top".to_owned(),
            frame: "top".to_owned(),
            shared,
        }
    }

    /// What is told to be unread of a frame to whose calls of `command` the browser replies so.
    async fn unread_of_frame(command: &'static str, reply: Option<Value>) -> Vec<String> {
        let wire = replying(move |call| {
            let method = call["method"].as_str().unwrap_or_default();
            let session = call["sessionId"].as_str().unwrap_or_default();
            if session == "ad" && method == command {
                return reply.clone();
            }
            Some(json!({"result": match method {
                "Storage.getCookies" => json!({"cookies": []}),
                "Storage.getStorageKeyForFrame" => {
                    json!({"storageKey": format!("https://{session}.test/")})
                }
                _ => json!({"entries": []}),
            }}))
        });
        let tab = tab(wire, &["top", "ad"]);
        let taken = take(&tab, "context", PhaseId::BeforeChoice).await;
        taken.expect("a snapshot");
        let state = tab.shared.state();
        state.missed.unread.iter().cloned().collect()
    }

    #[tokio::test]
    async fn what_a_frame_keeps_to_itself_is_told() {
        let key = "Storage.getStorageKeyForFrame";
        let area = "DOMStorage.getDOMStorageItems";
        let refused = |why: &str| Some(json!({"error": {"message": why}}));
        for nothing in [
            "Frame corresponds to an opaque origin and its storage key cannot be serialized",
            "Frame tree node for given frame not found",
        ] {
            let unread = unread_of_frame(key, refused(nothing)).await;
            assert_eq!(unread, Vec::<String>::new(), "{nothing}");
        }
        assert_eq!(
            unread_of_frame(key, refused("denied")).await,
            [format!(
                "the storage of https://ad.test (the browser refused {key}: denied)"
            )]
        );
        let refusal = format!("(the browser refused {area}: denied)");
        let unread = unread_of_frame(area, refused("denied")).await;
        assert_eq!(
            unread,
            ["local-storage", "session-storage"]
                .map(|store| format!("{store} of https://ad.test {refusal}"))
        );
        let odd = unread_of_frame(area, Some(json!({"result": {}}))).await;
        assert_eq!(odd.len(), 2, "{odd:?}");
    }

    #[tokio::test]
    async fn a_frame_that_hangs_is_not_waited_for_like_the_page() {
        let began = std::time::Instant::now();
        let unread = unread_of_frame("Storage.getStorageKeyForFrame", None).await;
        let took = began.elapsed();
        assert!(took < CALL_MAX / 2, "{took:?}");
        assert_eq!(
            unread,
            ["the storage of https://ad.test (no answer to Storage.getStorageKeyForFrame in time)"]
        );
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
