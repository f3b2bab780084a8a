//! What was stored and left the device: the value of an item in what a page sends to another site.
//!
//! The engine looks for values at the end of a visit, while it still knows them, so that a recording
//! without values tells the same.

use serde::{Deserialize, Serialize};

use super::chain::Cause;
use super::item::ItemKey;
use super::scenario::PhaseId;

/// The value of an item, or the part of it that tells visitors apart, was sent to another site than
/// the one it is kept for. One for each receiving host, phase, form and carrier.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ValueSent {
    /// The item.
    pub item: ItemKey,
    /// Address of the first request or socket that carried it.
    pub url: String,
    /// What form the value had.
    pub form: SentForm,
    /// What carried it.
    pub carrier: Carrier,
    /// How many times it was sent.
    pub count: u32,
}

/// Whom an item was sent to in one phase, in one way.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SentTo {
    /// The receiving host.
    pub host: String,
    /// The phase.
    pub phase: PhaseId,
    /// What carried it.
    pub carrier: Carrier,
    /// What form its value had.
    pub form: SentForm,
    /// When it was first sent, in milliseconds since the visit began.
    pub at_ms: u64,
    /// How many times.
    pub count: u32,
    /// What led to the first time, up to the page's tag.
    pub chain: Vec<Cause>,
}

/// What form a sent value had.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SentForm {
    /// As it is stored.
    Plain,
    /// With percent signs.
    UrlEncoded,
    /// In Base64, alone or among other things.
    Base64,
    /// Its MD5 digest.
    Md5,
    /// Its SHA-1 digest.
    Sha1,
    /// Its SHA-256 digest.
    Sha256,
}

impl SentForm {
    /// The word used in reports.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Plain => "plain",
            Self::UrlEncoded => "url-encoded",
            Self::Base64 => "base64",
            Self::Md5 => "md5",
            Self::Sha1 => "sha1",
            Self::Sha256 => "sha256",
        }
    }
}

/// What carried a value off.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Carrier {
    /// The `Cookie` header of a request.
    CookieHeader,
    /// The address of a request.
    Url,
    /// The body of a request.
    Body,
    /// A message over a websocket.
    Socket,
}

impl Carrier {
    /// The word used in reports.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::CookieHeader => "cookie-header",
            Self::Url => "url",
            Self::Body => "body",
            Self::Socket => "socket",
        }
    }
}
