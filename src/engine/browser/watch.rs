//! The watcher of a visit: takes the browser's events as they come, sets up new targets at once and
//! keeps the visit's [`State`]. It never waits for an answer, so the browser never waits for it.

mod network;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use futures_util::future::try_join_all;
use serde::Deserialize;
use serde_json::json;
use tokio::sync::{Notify, mpsc};

use self::network::network;
use super::attach::{self, Setup};
use super::cdp::protocol::{
    AttachedToTarget, BindingCalled, DetachedFromTarget, DownloadWillBegin, FrameDetached,
    FrameNavigated, RegistrationUpdated, StorageEvent, TargetCrashed, VersionUpdated,
};
use super::cdp::{Connection, EventMessage, UNREADABLE};
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
    mut events: mpsc::Receiver<Arc<EventMessage>>,
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
    let parent = event.session.clone();
    let Some(event) = read::<AttachedToTarget>(&mut shared.state(), event) else {
        return;
    };
    if event.target_info.r#type == "page" && !shared.state().has_room_for_window() {
        shared.state().missed.windows += 1;
        close_window(connection, &event);
        return;
    }
    let pending = attach::send(
        connection,
        &event.session_id,
        &event.target_info.r#type,
        setup,
    );
    let is_page = event.target_info.r#type == "page";
    let mut state = shared.state();
    state.touch();
    state.missed.workers |= event.target_info.r#type.ends_with("worker");
    state.sessions.insert(
        event.session_id.clone(),
        Session {
            kind: event.target_info.r#type,
            target: event.target_info.target_id.clone(),
            parent,
        },
    );
    let target = event.target_info.target_id;
    let may_be_ours = state.opening && is_page;
    if state.tab(&target).is_none() && !may_be_ours {
        return;
    }
    if let Some(tab) = state.tab(&target) {
        tab.session = Some(event.session_id.clone());
    }
    let shared = Arc::clone(shared);
    tokio::spawn(async move {
        let outcome = try_join_all(pending).await;
        let error = outcome.err();
        shared.state().set_ready(target, event.session_id, error);
        shared.changed.notify_waiters();
    });
}

/// Closes a window that has not run yet, so that nothing of it is missed. It must be let run first,
/// without scripts: its opener may share its process, which would wait for ever.
fn close_window(connection: &Connection, event: &AttachedToTarget) {
    let session = Some(event.session_id.as_str());
    let off = json!({"value": true});
    drop(connection.call(session, "Emulation.setScriptExecutionDisabled", off));
    drop(connection.call(session, "Runtime.runIfWaitingForDebugger", json!({})));
    let target = json!({"targetId": event.target_info.target_id});
    drop(connection.call(None, "Target.closeTarget", target));
}

/// The event's content; one of an unknown form is counted.
fn read<'e, T: Deserialize<'e>>(state: &mut State, event: &'e EventMessage) -> Option<T> {
    let content = event.parse();
    state.missed.unreadable += usize::from(content.is_none());
    content
}

fn handle(state: &mut State, connection: &Connection, setup: &Setup, event: &EventMessage) {
    let (domain, name) = event.method.split_once('.').unwrap_or((&event.method, ""));
    match domain {
        // What hangs on the record ends with it.
        "Network" | "DOMStorage" | "ServiceWorker" | "Runtime" if state.log.is_full() => {}
        UNREADABLE => state.missed.unreadable += 1,
        "Fetch" if name == "requestPaused" => {
            if let Some(paused) = read(state, event) {
                let params = setup.emulated.go_on(paused);
                let session = event.session.as_deref();
                // The request may be given up meanwhile.
                drop(connection.call(session, "Fetch.continueRequest", params));
            }
        }
        "Network" => network(state, name, event),
        "DOMStorage" => storage(state, name, event),
        "Page" => page(state, connection, name, event),
        "Runtime" if name == "bindingCalled" => binding(state, setup, event),
        "ServiceWorker" => service_worker(state, name, event),
        "Debugger" if name == "paused" => {
            let session = event.session.as_deref().unwrap_or_default();
            attach::collect_in_worker(connection, session, setup);
        }
        "Emulation" if name == "virtualTimeBudgetExpired" => {
            state.spent.extend(event.session.clone());
        }
        "Target" | "Inspector" | "Browser" => lifecycle(state, connection, event),
        _ => {}
    }
}

fn storage(state: &mut State, name: &str, event: &EventMessage) {
    let Some(parsed) = read::<StorageEvent>(state, event) else {
        return;
    };
    let session = event.session.as_deref().unwrap_or_default();
    if let Some(window) = state.shared_window(session)
        && state.echoes.is_echo(&window, session, name, &parsed)
    {
        return;
    }
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
    let called = read::<BindingCalled>(state, event).filter(|c| c.name == setup.binding);
    let Some(record) = called.and_then(|called| Record::read(&called.payload)) else {
        return;
    };
    state.touch_by(record.written_name());
    let session = event.session.as_deref().unwrap_or_default();
    match record.op.as_str() {
        "cookie" | "cookieStore.set" | "cookieStore.delete" => {
            let top_site = state.top_site();
            let State { log, expiries, .. } = state;
            cookies::from_script(log, expiries, &record, top_site);
        }
        "setItem" | "removeItem" | "clear" | "assign" | "delete" => {
            state.storage.record(&mut state.log, &record);
        }
        op => {
            let partition = state.partition(session, &record.origin);
            match op {
                "register" => state
                    .registrations
                    .record(&mut state.log, &record, partition),
                _ => state.kept.record(&mut state.log, &record, partition),
            }
        }
    }
}

fn service_worker(state: &mut State, name: &str, event: &EventMessage) {
    match name {
        "workerRegistrationUpdated" => {
            let updated = read::<RegistrationUpdated>(state, event).unwrap_or_default();
            for registration in &updated.registrations {
                let State {
                    log,
                    registrations,
                    frames,
                    top,
                    ..
                } = state;
                registrations.updated(log, registration, |origin| {
                    frames.partition(None, origin, &top.target)
                });
            }
        }
        "workerVersionUpdated" => {
            let updated = read::<VersionUpdated>(state, event).unwrap_or_default();
            for version in &updated.versions {
                state.registrations.version(&mut state.log, version);
            }
        }
        _ => {}
    }
}

fn page(state: &mut State, connection: &Connection, name: &str, event: &EventMessage) {
    let session = event.session.as_deref().unwrap_or_default();
    match name {
        "frameNavigated" => {
            if let Some(e) = read::<FrameNavigated>(state, event) {
                let is_tab = state.tab(&e.frame.id).is_some();
                let State { log, frames, .. } = state;
                frames.navigated(log, session, e.frame, is_tab);
                state.touch();
            }
        }
        "frameDetached" => {
            if let Some(e) = read::<FrameDetached>(state, event) {
                state.frames.detached(&e, session);
            }
        }
        "loadEventFired" => {
            if let Some(tab) = state.tab_of(session) {
                tab.loaded = true;
                state.touch();
            }
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
            if let Some(e) = read::<DetachedFromTarget>(state, event) {
                connection.session_ended(&e.session_id);
                state.requests.session_ended(&e.session_id);
                state.frames.session_ended(&e.session_id);
                state.sessions.remove(&e.session_id);
                if let Some(tab) = state.tab_of(&e.session_id) {
                    tab.crash
                        .get_or_insert_with(|| "the page was closed".to_owned());
                }
            }
        }
        "Inspector.targetCrashed" => {
            let session = event.session.clone().unwrap_or_default();
            connection.session_ended(&session);
            if let Some(tab) = state.tab_of(&session) {
                tab.crash = Some("the page crashed".to_owned());
            } else {
                state.requests.session_ended(&session);
                // Of a worker this event also tells that it was stopped, which is what
                // becomes of every idle one; only a frame ends so by a crash alone.
                if state.sessions.get(&session).is_none_or(|s| !s.is_worker()) {
                    state.missed.crashed += 1;
                }
            }
        }
        "Target.targetCrashed" => {
            let crashed = read::<TargetCrashed>(state, event);
            if let Some(tab) = crashed.and_then(|e| state.tab(&e.target_id)) {
                tab.crash = Some("the page crashed".to_owned());
            }
        }
        "Browser.downloadWillBegin" => {
            let begun = read::<DownloadWillBegin>(state, event);
            // A page that is there may offer files to save.
            if let Some(e) = begun
                && let Some(tab) = state.tab(&e.frame_id).filter(|tab| !tab.loaded)
            {
                tab.download = Some(e.url);
            }
        }
        _ => {}
    }
}
