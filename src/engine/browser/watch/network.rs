//! The watcher's part for the network: requests, their answers and bodies, and the messages of sockets.

use super::read;
use crate::engine::browser::cdp::EventMessage;
use crate::engine::browser::cdp::protocol::{OfRequest, RequestWillBeSent};
use crate::engine::browser::collect::State;

/// An event of the browser's `Network` domain.
pub(super) fn network(state: &mut State, name: &str, event: &EventMessage) {
    let session = event.session.as_deref().unwrap_or_default();
    match name {
        "requestWillBeSent" => {
            if let Some(e) = read::<RequestWillBeSent>(state, event) {
                let address = e.request.url.split('?').next().unwrap_or_default();
                let counts = state.touch_by(address);
                state.requests.sent(&mut state.log, session, e, counts);
            }
        }
        "requestWillBeSentExtraInfo" => {
            if let Some(e) = read(state, event) {
                state.requests.sent_head(&mut state.log, e);
            }
        }
        "responseReceivedExtraInfo" => {
            if let Some(e) = read(state, event) {
                state.requests.received_head(&mut state.log, e);
            }
        }
        "responseReceived" => {
            if let Some(e) = read(state, event) {
                let top = &state.top.target;
                state.requests.received(&mut state.log, e, top);
            }
        }
        "dataReceived" => {
            if let Some(e) = read(state, event) {
                state.requests.data(&e);
            }
        }
        "loadingFinished" | "loadingFailed" => {
            if let Some(e) = read(state, event)
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
            if let Some(e) = read(state, event) {
                state.requests.socket_created(&mut state.log, e);
                state.touch();
            }
        }
        "webSocketHandshakeResponseReceived" | "webSocketClosed" => {
            if let Some(e) = read::<OfRequest>(state, event) {
                state.requests.socket_settled(&e.request_id);
                state.touch();
            }
        }
        "webSocketFrameSent" | "webSocketFrameReceived" => {
            if name == "webSocketFrameSent"
                && let Some(e) = read(state, event)
            {
                state.requests.socket_sent(&state.log, e);
            }
            if let Some(e) = read::<OfRequest>(state, event) {
                let sent = name == "webSocketFrameSent";
                state.requests.socket_spoke(&e.request_id, sent);
                state.touch_by(&e.request_id);
            }
        }
        _ => {}
    }
}
