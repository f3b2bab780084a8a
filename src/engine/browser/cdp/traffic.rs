//! The DevTools events that tell what was sent and how much came back: bodies, messages, data. As
//! lenient as those in `protocol`.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::Deserialize;

use super::protocol::RequestHead;

/// A part of a request's body, in Base64; files and blobs come without their bytes.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct PostDataEntry {
    pub(crate) bytes: Option<String>,
}

impl RequestHead {
    /// The body as far as the browser tells it; `None` if there is one that it does not tell.
    pub(crate) fn body(&self) -> Option<Vec<u8>> {
        if !self.has_post_data {
            return Some(Vec::new());
        }
        let mut body = Vec::new();
        for entry in &self.post_data_entries {
            body.extend(STANDARD.decode(entry.bytes.as_ref()?).ok()?);
        }
        (!body.is_empty()).then_some(body)
    }
}

/// `Network.webSocketFrameSent`
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(crate) struct WebSocketFrame {
    pub(crate) request_id: String,
    pub(crate) response: WebSocketPayload,
}

/// A message: text, or Base64 of what is not.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(crate) struct WebSocketPayload {
    pub(crate) opcode: f64,
    pub(crate) payload_data: String,
}

impl WebSocketPayload {
    /// The message's bytes.
    pub(crate) fn content(self) -> Vec<u8> {
        if self.opcode < 1.5 {
            return self.payload_data.into_bytes();
        }
        STANDARD.decode(self.payload_data).unwrap_or_default()
    }
}

/// `Network.dataReceived`
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(crate) struct DataReceived {
    pub(crate) request_id: String,
    pub(crate) data_length: f64,
}
