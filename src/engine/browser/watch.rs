//! The watcher of a visit: takes the browser's events as they come, sets up new targets at once and
//! keeps the visit's [`State`]. It never waits for an answer, so the browser never waits for it.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use futures_util::future::try_join_all;
use serde_json::json;
use tokio::sync::{Notify, mpsc};

use super::attach::{self, Setup};
use super::cdp::protocol::{
    AttachedToTarget, BindingCalled, DetachedFromTarget, DownloadWillBegin, FrameDetached,
    FrameNavigated, OfRequest, RequestWillBeSent, StorageEvent, TargetCrashed,
};
use super::cdp::{Connection, EventMessage};
use super::collect::script::Record;
use super::collect::{Session, State, cookies};

/// A visit's state, shared between its watcher and whoever walks through the scenario.
#[derive(Debug)]
pub(super) struct Shared {
    state: Mutex<State>,
    changed: Notify,
}

impl Shared {
    /// The state of a visit that begins now.
    pub(super) fn new(state: State) -> Arc<Self> {
        Arc::new(Self {
            state: Mutex::new(state),
            changed: Notify::new(),
        })
    }

    /// The state, for a moment.
    pub(super) fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits until `done` says so, at most `longest`; whether it did.
    pub(super) async fn wait(&self, longest: Duration, done: impl Fn(&State) -> bool) -> bool {
        let wait = async {
            loop {
                let changed = self.changed.notified();
                if done(&self.state()) {
                    return;
                }
                changed.await;
            }
        };
        tokio::time::timeout(longest, wait).await.is_ok()
    }
}

/// Watches until the events end.
pub(super) async fn watch(
    shared: Arc<Shared>,
    connection: Connection,
    setup: Setup,
    mut events: mpsc::Receiver<EventMessage>,
) {
    while let Some(event) = events.recv().await {
        if event.method == "Target.attachedToTarget" {
            attached(&shared, &connection, &setup, &event);
        } else {
            handle(&mut shared.state(), &connection, &setup, &event);
        }
        shared.changed.notify_waiters();
    }
    let mut state = shared.state();
    if state.top.crash.is_none() {
        state.top.crash = Some("the browser ended".to_owned());
    }
    drop(state);
    shared.changed.notify_waiters();
}

/// Sets up a new target. The visited page is ready once every answer is there.
fn attached(shared: &Arc<Shared>, connection: &Connection, setup: &Setup, event: &EventMessage) {
    let Some(event) = event.parse::<AttachedToTarget>() else {
        return;
    };
    let pending = attach::send(
        connection,
        &event.session_id,
        &event.target_info.r#type,
        setup,
    );
    let mut state = shared.state();
    state.touch();
    state.sessions.insert(
        event.session_id.clone(),
        Session {
            kind: event.target_info.r#type,
            target: event.target_info.target_id.clone(),
        },
    );
    if event.target_info.target_id == state.top.target {
        state.top.session = Some(event.session_id);
        let shared = Arc::clone(shared);
        tokio::spawn(async move {
            let outcome = try_join_all(pending).await;
            let mut state = shared.state();
            state.top.ready = true;
            state.top.setup_error = outcome.err().map(|error| error.to_string());
            drop(state);
            shared.changed.notify_waiters();
        });
    }
}

fn handle(state: &mut State, connection: &Connection, setup: &Setup, event: &EventMessage) {
    let (domain, name) = event.method.split_once('.').unwrap_or_default();
    match domain {
        "Network" => network(state, name, event),
        "DOMStorage" => storage(state, name, event),
        "Page" => page(state, connection, name, event),
        "Runtime" if name == "bindingCalled" => binding(state, setup, event),
        "Emulation" if name == "virtualTimeBudgetExpired" => {
            state.spent.extend(event.session.clone());
        }
        "Target" | "Inspector" | "Browser" => lifecycle(state, connection, event),
        _ => {}
    }
}

fn network(state: &mut State, name: &str, event: &EventMessage) {
    let session = event.session.as_deref().unwrap_or_default();
    match name {
        "requestWillBeSent" => {
            if let Some(e) = event.parse::<RequestWillBeSent>() {
                let address = e.request.url.split('?').next().unwrap_or_default();
                let counts = state.touch_by(address);
                state.requests.sent(&mut state.log, session, e, counts);
            }
        }
        "requestWillBeSentExtraInfo" => {
            if let Some(e) = event.parse() {
                state.requests.sent_head(&mut state.log, e);
            }
        }
        "responseReceivedExtraInfo" => {
            if let Some(e) = event.parse() {
                state.requests.received_head(&mut state.log, e);
            }
        }
        "responseReceived" => {
            if let Some(e) = event.parse() {
                let top = &state.top.target;
                state.requests.received(&mut state.log, e, top);
            }
        }
        "loadingFinished" | "loadingFailed" => {
            if let Some(e) = event.parse()
                && state.requests.ended(&mut state.log, e)
            {
                state.touch();
            }
        }
        _ if name.starts_with("webSocket") => socket(state, name, event),
        _ => {}
    }
}

fn socket(state: &mut State, name: &str, event: &EventMessage) {
    match name {
        "webSocketCreated" => {
            if let Some(e) = event.parse() {
                state.requests.socket_created(&mut state.log, e);
                state.touch();
            }
        }
        "webSocketHandshakeResponseReceived" | "webSocketClosed" => {
            if let Some(e) = event.parse::<OfRequest>() {
                state.requests.socket_settled(&e.request_id);
                state.touch();
            }
        }
        "webSocketFrameSent" | "webSocketFrameReceived" => {
            if let Some(e) = event.parse::<OfRequest>() {
                state.requests.socket_moved();
                state.touch_by(&e.request_id);
            }
        }
        _ => {}
    }
}

fn storage(state: &mut State, name: &str, event: &EventMessage) {
    let Some(parsed) = event.parse::<StorageEvent>() else {
        return;
    };
    state.touch_by(&parsed.key);
    let State { log, storage, .. } = state;
    match name {
        "domStorageItemAdded" | "domStorageItemUpdated" => storage.set(log, parsed),
        "domStorageItemRemoved" => storage.removed(log, parsed),
        "domStorageItemsCleared" => storage.cleared(log, &parsed),
        _ => {}
    }
}

fn binding(state: &mut State, setup: &Setup, event: &EventMessage) {
    let Some(record) = event
        .parse::<BindingCalled>()
        .filter(|called| called.name == setup.binding)
        .and_then(|called| Record::read(&called.payload))
    else {
        return;
    };
    state.touch_by(record.written_name());
    let top_site = state.top_site();
    let State { log, storage, .. } = state;
    if record.op.starts_with("cookie") {
        cookies::from_script(log, &record, top_site);
    } else {
        storage.record(log, &record);
    }
}

fn page(state: &mut State, connection: &Connection, name: &str, event: &EventMessage) {
    let session = event.session.as_deref().unwrap_or_default();
    let is_top = state.top.session.as_deref() == Some(session);
    match name {
        "frameNavigated" => {
            if let Some(e) = event.parse::<FrameNavigated>() {
                let State {
                    log, frames, top, ..
                } = state;
                frames.navigated(log, session, e.frame, &top.target);
                state.touch();
            }
        }
        "frameDetached" => {
            if let Some(e) = event.parse::<FrameDetached>() {
                state.frames.detached(&e, session);
            }
        }
        "loadEventFired" if is_top => {
            state.top.loaded = true;
            state.touch();
        }
        "javascriptDialogOpening" => {
            state.top.dialogs += 1;
            // Closed like a visitor would who wants to read on; nobody waits for the answer.
            drop(connection.call(
                Some(session),
                "Page.handleJavaScriptDialog",
                json!({"accept": true}),
            ));
        }
        _ => {}
    }
}

fn lifecycle(state: &mut State, connection: &Connection, event: &EventMessage) {
    match event.method.as_str() {
        "Target.detachedFromTarget" => {
            if let Some(e) = event.parse::<DetachedFromTarget>() {
                connection.session_ended(&e.session_id);
                state.requests.session_ended(&e.session_id);
                state.frames.session_ended(&e.session_id);
                state.sessions.remove(&e.session_id);
                if state.top.session.as_deref() == Some(e.session_id.as_str()) {
                    state
                        .top
                        .crash
                        .get_or_insert_with(|| "the page was closed".to_owned());
                }
            }
        }
        "Inspector.targetCrashed" => {
            let session = event.session.clone().unwrap_or_default();
            connection.session_ended(&session);
            if state.top.session.as_deref() == Some(session.as_str()) {
                state.top.crash = Some("the page crashed".to_owned());
            }
        }
        "Target.targetCrashed" => {
            let crashed = event.parse::<TargetCrashed>();
            if crashed.is_some_and(|e| e.target_id == state.top.target) {
                state.top.crash = Some("the page crashed".to_owned());
            }
        }
        "Browser.downloadWillBegin" => {
            if let Some(e) = event
                .parse::<DownloadWillBegin>()
                .filter(|e| e.frame_id == state.top.target)
            {
                state.top.download = Some(e.url);
            }
        }
        _ => {}
    }
}
