//! What the page sends besides addresses, for as long as the visit lasts: bodies of requests and
//! messages over sockets. It is searched for stored values at the end and then forgotten.

use super::log::Log;
use crate::engine::sent_values::Sent;
use crate::model::sent::Carrier;

/// So many bytes of one body or message are kept; the browser is asked for no longer bodies.
pub(crate) const MAX_CONTENT: usize = 64 << 10;

/// So many bytes are kept in all.
const MAX_ALL: usize = 16 << 20;

/// Bodies and messages.
#[derive(Debug, Default)]
pub(crate) struct Contents {
    kept: Vec<Sent>,
    bytes: usize,
    /// How many were not kept as a whole.
    pub(crate) left_out: usize,
}

impl Contents {
    /// Keeps a body or message that is sent now.
    pub(crate) fn keep(&mut self, log: &Log, url: &str, carrier: Carrier, mut content: Vec<u8>) {
        if content.is_empty() {
            return;
        }
        if content.len() > MAX_CONTENT {
            content.truncate(MAX_CONTENT);
            self.left_out += 1;
        }
        let bytes = content.len() + url.len();
        if self.bytes + bytes > MAX_ALL {
            self.left_out += 1;
            return;
        }
        self.bytes += bytes;
        self.kept.push(Sent {
            at_ms: log.now_ms(),
            phase: log.phase(),
            url: url.to_owned(),
            carrier,
            content,
        });
    }

    /// Takes what was kept.
    pub(crate) fn take(&mut self) -> Vec<Sent> {
        std::mem::take(&mut self.kept)
    }
}
