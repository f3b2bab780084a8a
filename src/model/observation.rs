//! Observations: the timed events that an engine reports. They are the seam between the engines and
//! everything else, and can be recorded and replayed.

use serde::{Deserialize, Serialize};

use super::cookie::SetCookie;
use super::item::Store;
use super::scenario::PhaseId;
pub use super::sent::ValueSent;

/// One thing that happened during a visit.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Observation {
    /// Milliseconds since the visit's first navigation was asked for.
    pub at_ms: u64,
    /// The phase it happened in.
    pub phase: PhaseId,
    /// What happened.
    pub event: Event,
    /// Where one thing was done again and again: how often, the event being the last of them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub repeats: Option<Repeats>,
}

/// Writes and removals of one item that one observation stands for. The first few of a phase have
/// observations of their own, and so has each that asks for a longer life than all before.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Repeats {
    /// How many there were, the observation's own event among them.
    pub times: u32,
    /// How many of them set the item or changed its value, or renewed a lifetime.
    pub changes: u32,
    /// When the last happened, in milliseconds since the visit began; the first happened at the
    /// observation's own time.
    pub last_ms: u64,
}

impl Observation {
    /// When it happened; where it stands for more than one event, the last of them.
    #[must_use]
    pub fn last_ms(&self) -> u64 {
        self.repeats.map_or(self.at_ms, |repeats| repeats.last_ms)
    }
}

/// The kinds of observations.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "kind")]
pub enum Event {
    /// A response or a script asked for a cookie to be set, changed or deleted.
    CookieWrite(CookieWrite),
    /// Cookies went out with a request.
    CookiesSent(CookiesSent),
    /// A storage key was set, changed or removed, or the area cleared.
    StorageWrite(StorageWrite),
    /// A request was started; a redirect starts a new one with the same id.
    Request(Request),
    /// The head of a response arrived.
    Response(Response),
    /// A request ended without a response.
    RequestFailed(RequestFailed),
    /// The value of an item went to another site.
    ValueSent(ValueSent),
    /// A websocket was opened.
    WebSocket(WebSocket),
    /// A frame showed a document.
    Frame(Frame),
}

/// How a cookie write reached the browser.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Via {
    /// A `Set-Cookie` response header.
    Header,
    /// `document.cookie = …`.
    DocumentCookie,
    /// `cookieStore.set` or `cookieStore.delete`.
    CookieStore,
}

/// A request to set, change or delete a cookie.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CookieWrite {
    /// How it was asked for.
    pub via: Via,
    /// The line as sent or written. For `cookieStore` calls, the equivalent line.
    pub raw: String,
    /// The line, parsed.
    pub cookie: SetCookie,
    /// The URL of the response, or of the document whose cookie was written: it decides host and
    /// default path.
    pub url: String,
    /// When it was written by the writer's own clock, as seconds since 1970: the origin that
    /// `Expires` is measured from (for responses the `Date` header where there is one).
    pub clock: f64,
    /// Who wrote it.
    pub writer: Writer,
    /// The browser's reasons for not storing it, in its own words; empty if none is known.
    pub refused: Vec<String>,
    /// Top-level site of the partition, where the write went to a partitioned jar.
    pub partition: Option<String>,
}

/// Cookies that went out with a request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CookiesSent {
    /// The request's URL.
    pub url: String,
    /// The cookies, by their jar key.
    pub cookies: Vec<SentCookie>,
}

/// A cookie that was sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SentCookie {
    /// Name.
    pub name: String,
    /// Host or domain, without a leading dot.
    pub domain: String,
    /// Path.
    pub path: String,
    /// Partition's top-level site.
    pub partition: Option<String>,
}

/// What was done to a storage key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum StorageOp {
    /// Set or changed.
    Set,
    /// Removed (clearing an area is reported as one removal per key that was there).
    Remove,
}

/// A change of a storage key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StorageWrite {
    /// Where; any store but `cookie`.
    pub store: Store,
    /// The storage's origin, such as `https://shop.example`.
    pub origin: String,
    /// The partition's top-level site, for storage of cross-site frames.
    pub partition: Option<String>,
    /// What was done.
    pub op: StorageOp,
    /// The key; the name of a database or cache, the scope of a service worker, the path of a file.
    pub name: String,
    /// The new value; empty for a removal. Of databases, caches and files only what is known of the
    /// write: `version 3`, the address that was put into a cache, or a summary of the content.
    pub value: String,
    /// Who did it; `unknown` where no script could be named.
    pub writer: Writer,
}

/// What kind of writer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum WriterKind {
    /// An HTTP response.
    Response,
    /// A script.
    Script,
    /// Not seen.
    Unknown,
}

/// Who wrote an item.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Writer {
    /// Response, script or unknown.
    pub kind: WriterKind,
    /// URL of the response or of the script at the top of the stack; for an inline script, the
    /// document's.
    pub url: Option<String>,
    /// The script's stack, innermost first; empty for responses.
    pub stack: Vec<StackFrame>,
}

impl Writer {
    /// A writer that was not seen.
    #[must_use]
    pub fn unknown() -> Self {
        Self {
            kind: WriterKind::Unknown,
            url: None,
            stack: Vec::new(),
        }
    }

    /// The response at `url`.
    #[must_use]
    pub fn response(url: impl Into<String>) -> Self {
        Self {
            kind: WriterKind::Response,
            url: Some(url.into()),
            stack: Vec::new(),
        }
    }

    /// The script at the top of `stack`; unknown if the stack is empty.
    #[must_use]
    pub fn script(stack: Vec<StackFrame>) -> Self {
        match stack.first() {
            Some(top) => Self {
                kind: WriterKind::Script,
                url: Some(top.url.clone()),
                stack,
            },
            None => Self::unknown(),
        }
    }
}

/// One frame of a script's stack.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StackFrame {
    /// The function's name; empty for top-level code.
    pub function: String,
    /// The script's URL.
    pub url: String,
    /// Line, counted from 1.
    pub line: u32,
    /// Column, counted from 1.
    pub column: u32,
}

/// A request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Request {
    /// The engine's id; the hops of a redirect chain share it.
    pub id: String,
    /// Address.
    pub url: String,
    /// `GET`, `POST`, …
    pub method: String,
    /// `document`, `script`, `image`, `xhr`, `fetch`, … in the browser's words, lower case.
    pub resource: String,
    /// Who caused it.
    pub initiator: Writer,
    /// URL of the document whose frame asked for it.
    pub document_url: String,
    /// The hop before this one, for redirects.
    pub redirected_from: Option<String>,
}

/// The head of a response.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Response {
    /// Id of its request.
    pub id: String,
    /// Address.
    pub url: String,
    /// HTTP status.
    pub status: u16,
    /// Media type.
    pub mime: String,
    /// How many bytes its body has once unpacked; `None` if its end was not seen.
    #[serde(default)]
    pub body_bytes: Option<u64>,
}

/// A request that got no response.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RequestFailed {
    /// Id of the request.
    pub id: String,
    /// Address.
    pub url: String,
    /// The reason, in the engine's words.
    pub reason: String,
}

/// An opened websocket.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WebSocket {
    /// Address.
    pub url: String,
    /// Who opened it.
    pub initiator: Writer,
}

/// A document in a frame.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Frame {
    /// Address of the document.
    pub url: String,
    /// Its origin as the browser says, `null` for opaque ones.
    pub origin: String,
    /// True for the top document.
    pub top: bool,
}
