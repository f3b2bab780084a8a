//! Faults: why a visit, or a part of it, could not be made. A fault is data, never a clean result.

use serde::{Deserialize, Serialize};

/// One thing that kept a visit from being made as the scenario says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fault {
    /// What kind of failure.
    pub kind: FaultKind,
    /// One sentence for people: what happened, to which address.
    pub message: String,
    /// When, in milliseconds since the visit began.
    pub at_ms: u64,
}

/// The failures that have a name. Every one of them makes its target's verdict inconclusive.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FaultKind {
    /// The host's name could not be resolved.
    DnsFailure,
    /// Nothing listens at the address, or the connection was cut.
    ConnectionFailed,
    /// The certificate or the handshake was refused.
    TlsError,
    /// The page did not answer or did not load in time.
    Timeout,
    /// The page answered with a status of 400 or above.
    HttpStatus,
    /// The answer was a bot check or a block page.
    Challenge,
    /// The page has neither text nor pictures, frames or controls.
    EmptyPage,
    /// The address led to another site, whose verdict would be another one.
    RedirectedAway,
    /// The address led to a file to save, or to something that is no web page.
    Download,
    /// The tab or the whole browser ended.
    BrowserCrash,
    /// This engine, or a browser that was already running, cannot do what the scenario asks for.
    Unsupported,
    /// Anything else that kept the page from loading or from being seen whole, in the engine's own
    /// words.
    LoadFailed,
}

impl FaultKind {
    /// The word used in reports.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::DnsFailure => "dns-failure",
            Self::ConnectionFailed => "connection-failed",
            Self::TlsError => "tls-error",
            Self::Timeout => "timeout",
            Self::HttpStatus => "http-status",
            Self::Challenge => "challenge",
            Self::EmptyPage => "empty-page",
            Self::RedirectedAway => "redirected-away",
            Self::Download => "download",
            Self::BrowserCrash => "browser-crash",
            Self::Unsupported => "unsupported",
            Self::LoadFailed => "load-failed",
        }
    }
}
