//! Which visit an event belongs to: by the session it came from, or by the browser context of a new
//! target. Contexts that no visit owns are the browser's own and are let run untouched.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use serde_json::json;
use tokio::sync::mpsc;

use super::cdp::protocol::{AttachedToTarget, DetachedFromTarget, DownloadWillBegin};
use super::cdp::{Connection, EventMessage, UNREADABLE};

/// How many events of one visit may wait.
const QUEUE: usize = 4096;

/// Events are shared, not copied: a few go to every visit, and some are large.
type Sender = mpsc::Sender<Arc<EventMessage>>;

#[derive(Default)]
struct Routes {
    contexts: HashMap<String, Sender>,
    sessions: HashMap<String, Sender>,
    closed: bool,
}

/// The routes of a browser. Clones share them.
#[derive(Clone, Default)]
pub(super) struct Router {
    routes: Arc<Mutex<Routes>>,
}

impl Router {
    /// The events of everything in this browser context, from now on. They end with the browser or
    /// with [`Router::leave`].
    pub(super) fn enter(&self, context: &str) -> mpsc::Receiver<Arc<EventMessage>> {
        let (sender, receiver) = mpsc::channel(QUEUE);
        let mut routes = self.lock();
        if !routes.closed {
            routes.contexts.insert(context.to_owned(), sender);
        }
        receiver
    }

    /// Ends the events of this browser context.
    pub(super) fn leave(&self, context: &str) {
        let mut routes = self.lock();
        if let Some(gone) = routes.contexts.remove(context) {
            routes
                .sessions
                .retain(|_, sender| !sender.same_channel(&gone));
        }
    }

    /// Routes events until the browser is gone.
    pub(super) async fn run(
        self,
        connection: Connection,
        mut events: mpsc::Receiver<EventMessage>,
    ) {
        while let Some(event) = events.recv().await {
            let event = Arc::new(event);
            for sender in self.receivers(&connection, &event) {
                // A visit that is over no longer listens.
                let _ = sender.send(Arc::clone(&event)).await;
            }
        }
        let mut routes = self.lock();
        routes.closed = true;
        routes.contexts.clear();
        routes.sessions.clear();
    }

    fn receivers(&self, connection: &Connection, event: &EventMessage) -> Vec<Sender> {
        let mut routes = self.lock();
        match event.method.as_str() {
            "Target.attachedToTarget" => routes.attached(connection, event),
            "Target.detachedFromTarget" => event
                .parse::<DetachedFromTarget>()
                .and_then(|e| routes.sessions.remove(&e.session_id))
                .into_iter()
                .collect(),
            // Without a session: every visit looks whether it is meant.
            "Target.targetCrashed" | UNREADABLE => routes.contexts.values().cloned().collect(),
            "Browser.downloadWillBegin" if event.parse::<DownloadWillBegin>().is_some() => {
                routes.contexts.values().cloned().collect()
            }
            _ => event
                .session
                .as_deref()
                .and_then(|session| routes.sessions.get(session))
                .cloned()
                .into_iter()
                .collect(),
        }
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Routes> {
        self.routes.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Routes {
    fn attached(&mut self, connection: &Connection, event: &EventMessage) -> Vec<Sender> {
        let Some(attached) = event.parse::<AttachedToTarget>() else {
            return Vec::new();
        };
        let by_parent = event
            .session
            .as_deref()
            .and_then(|parent| self.sessions.get(parent));
        let by_context = attached
            .target_info
            .browser_context_id
            .as_deref()
            .and_then(|context| self.contexts.get(context));
        if let Some(sender) = by_parent.or(by_context).cloned() {
            self.sessions.insert(attached.session_id, sender.clone());
            return vec![sender];
        }
        if attached.waiting_for_debugger {
            drop(connection.call(
                Some(&attached.session_id),
                "Runtime.runIfWaitingForDebugger",
                json!({}),
            ));
        }
        drop(connection.call(
            None,
            "Target.detachFromTarget",
            json!({"sessionId": attached.session_id}),
        ));
        Vec::new()
    }
}
