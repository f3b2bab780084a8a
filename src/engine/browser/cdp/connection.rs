//! A DevTools connection: calls with their replies, and one bounded stream of events.

use std::collections::HashMap;
use std::future::Future;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use serde_json::value::RawValue;
use tokio::sync::{mpsc, oneshot};

use super::surrogates;
use super::transport::{Received, Room, Wire};

/// How many events may wait to be looked at before the browser has to wait.
const EVENTS: usize = 4096;

/// Longest wait for a reply. Pages that hang do not answer at all.
pub(crate) const CALL_MAX: Duration = Duration::from_secs(10);

/// Why a call brought no result.
#[derive(Debug, Clone, thiserror::Error)]
pub(crate) enum CdpError {
    /// The browser is gone.
    #[error("the connection to the browser ended")]
    Closed,
    /// The page or worker the call was for is gone.
    #[error("the page ended")]
    Detached,
    /// No reply in time: the page hangs.
    #[error("no answer to {0} in time")]
    Timeout(&'static str),
    /// The browser refused.
    #[error("the browser refused {method}: {message}")]
    Refused {
        /// The command.
        method: &'static str,
        /// Its words.
        message: String,
    },
}

/// One event.
#[derive(Debug)]
pub(crate) struct EventMessage {
    /// The session it came from; `None` for the browser itself.
    pub(crate) session: Option<String>,
    /// `Domain.event`.
    pub(crate) method: String,
    /// Parameters, not yet parsed.
    pub(crate) params: Box<RawValue>,
    /// Held while the event waits.
    _room: Room,
}

/// The method of an event that stands for a message nobody could read, and whose content is lost.
pub(crate) const UNREADABLE: &str = "unreadable";

impl EventMessage {
    /// The parameters, where they have the expected form.
    pub(crate) fn parse<'a, T: Deserialize<'a>>(&'a self) -> Option<T> {
        serde_json::from_str(self.params.get())
            .inspect_err(|error| tracing::debug!(method = %self.method, %error, "unreadable event"))
            .ok()
    }
}

type Reply = oneshot::Sender<Result<Box<RawValue>, CdpError>>;

struct Call {
    method: &'static str,
    session: Option<String>,
    reply: Reply,
}

#[derive(Default)]
struct Calls {
    next_id: u64,
    waiting: HashMap<u64, Call>,
    closed: bool,
}

/// A connection to a browser. Clones share it.
#[derive(Clone)]
pub(crate) struct Connection {
    outgoing: mpsc::UnboundedSender<String>,
    calls: Arc<Mutex<Calls>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Outgoing<'a, P> {
    id: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    session_id: Option<&'a str>,
    method: &'static str,
    params: P,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Incoming {
    id: Option<u64>,
    method: Option<String>,
    session_id: Option<String>,
    params: Option<Box<RawValue>>,
    result: Option<Box<RawValue>>,
    error: Option<Refusal>,
}

impl Incoming {
    fn unreadable() -> Self {
        Self {
            id: None,
            method: Some(UNREADABLE.to_owned()),
            session_id: None,
            params: Some(RawValue::NULL.to_owned()),
            result: None,
            error: None,
        }
    }
}

#[derive(Deserialize)]
struct Refusal {
    #[serde(default)]
    message: String,
}

impl Connection {
    /// Speaks over `wire`. The receiver yields every event in the browser's order and ends when the
    /// browser is gone.
    pub(crate) fn new(wire: Wire) -> (Self, mpsc::Receiver<EventMessage>) {
        let calls = Arc::new(Mutex::new(Calls::default()));
        let (events, receiver) = mpsc::channel(EVENTS);
        tokio::spawn(read(wire.incoming, Arc::clone(&calls), events));
        let connection = Self {
            outgoing: wire.outgoing,
            calls,
        };
        (connection, receiver)
    }

    /// Sends a command at once, in the order of the calls to this method, and returns a future of
    /// its result. Dropping the future does not take the command back.
    pub(crate) fn call<P: Serialize>(
        &self,
        session: Option<&str>,
        method: &'static str,
        params: P,
    ) -> impl Future<Output = Result<Value, CdpError>> + Send + use<P> {
        self.call_within(CALL_MAX, session, method, params)
    }

    /// The same with another limit than [`CALL_MAX`].
    pub(crate) fn call_within<P: Serialize>(
        &self,
        longest: Duration,
        session: Option<&str>,
        method: &'static str,
        params: P,
    ) -> impl Future<Output = Result<Value, CdpError>> + Send + use<P> {
        let receiver = self.enqueue(session, method, params);
        async move {
            match tokio::time::timeout(longest, receiver).await {
                Err(_) => Err(CdpError::Timeout(method)),
                Ok(Err(_)) => Err(CdpError::Closed),
                Ok(Ok(Err(error))) => Err(error),
                Ok(Ok(Ok(result))) => {
                    serde_json::from_str(result.get()).map_err(|e| CdpError::Refused {
                        method,
                        message: e.to_string(),
                    })
                }
            }
        }
    }

    /// Fails the pending calls of a session that ended.
    pub(crate) fn session_ended(&self, session: &str) {
        let mut calls = self.lock();
        let ids: Vec<u64> = calls
            .waiting
            .iter()
            .filter(|(_, call)| call.session.as_deref() == Some(session))
            .map(|(id, _)| *id)
            .collect();
        for id in ids {
            if let Some(call) = calls.waiting.remove(&id) {
                let _ = call.reply.send(Err(CdpError::Detached));
            }
        }
    }

    fn enqueue<P: Serialize>(
        &self,
        session: Option<&str>,
        method: &'static str,
        params: P,
    ) -> oneshot::Receiver<Result<Box<RawValue>, CdpError>> {
        let (reply, receiver) = oneshot::channel();
        let mut calls = self.lock();
        if calls.closed {
            let _ = reply.send(Err(CdpError::Closed));
            return receiver;
        }
        calls.next_id += 1;
        let id = calls.next_id;
        let message = Outgoing {
            id,
            session_id: session,
            method,
            params,
        };
        match serde_json::to_string(&message) {
            // Sent under the lock, so that ids and messages have one order.
            Ok(text) => {
                tracing::trace!(message = %text, "to the browser");
                let session = session.map(str::to_owned);
                calls.waiting.insert(
                    id,
                    Call {
                        method,
                        session,
                        reply,
                    },
                );
                if self.outgoing.send(text).is_err() {
                    calls.waiting.remove(&id);
                }
            }
            Err(error) => {
                let _ = reply.send(Err(CdpError::Refused {
                    method,
                    message: error.to_string(),
                }));
            }
        }
        receiver
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Calls> {
        lock(&self.calls)
    }
}

fn lock(calls: &Mutex<Calls>) -> std::sync::MutexGuard<'_, Calls> {
    calls.lock().unwrap_or_else(PoisonError::into_inner)
}

async fn read(
    mut incoming: mpsc::Receiver<Received>,
    calls: Arc<Mutex<Calls>>,
    events: mpsc::Sender<EventMessage>,
) {
    while let Some(Received { text, room }) = incoming.recv().await {
        tracing::trace!(message = %text, "from the browser");
        let message = serde_json::from_str(&surrogates::mend(&text)).unwrap_or_else(|error| {
            tracing::debug!(%error, "unreadable message");
            Incoming::unreadable()
        });
        drop(text);
        if let Some(id) = message.id {
            resolve(&calls, id, message.result, message.error);
        } else if let (Some(method), Some(params)) = (message.method, message.params) {
            let session = message.session_id;
            let event = EventMessage {
                session,
                method,
                params,
                _room: room,
            };
            // Without a listener only replies matter.
            let _ = events.send(event).await;
        }
    }
    let mut calls = lock(&calls);
    calls.closed = true;
    for (_, call) in calls.waiting.drain() {
        let _ = call.reply.send(Err(CdpError::Closed));
    }
}

fn resolve(calls: &Mutex<Calls>, id: u64, result: Option<Box<RawValue>>, refusal: Option<Refusal>) {
    let Some(call) = lock(calls).waiting.remove(&id) else {
        return;
    };
    let outcome = match (refusal, result) {
        (Some(refusal), _) => Err(CdpError::Refused {
            method: call.method,
            message: refusal.message,
        }),
        (None, Some(result)) => Ok(result),
        (None, None) => Ok(RawValue::NULL.to_owned()),
    };
    let _ = call.reply.send(outcome);
}
