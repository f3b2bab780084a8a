//! Options that engines share: how long to wait, where hosts are, what to accept.

use std::time::Duration;

use crate::consent::recipe::Recipe;

/// Options of an engine. Build with `Options::default()` and change what differs.
#[derive(Debug, Clone)]
pub struct Options {
    /// Fixed addresses for hosts, first match wins.
    pub resolve: Vec<Resolve>,
    /// Accept any certificate.
    pub insecure: bool,
    /// Longest wait for a page to become quiet.
    pub settle_max: Duration,
    /// Longest wait for a page to answer and fire its `load` event.
    pub load_max: Duration,
    /// How many same-site links the passive reader follows.
    pub pages: u32,
    /// How long providers may be quiet before they are done.
    pub settle_hints: Vec<SettleHint>,
    /// Globals to look for in the page.
    pub globals: Vec<String>,
    /// Consent platforms that are known.
    pub recipes: Vec<Recipe>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            resolve: Vec::new(),
            insecure: false,
            settle_max: Duration::from_secs(10),
            load_max: Duration::from_secs(30),
            pages: 0,
            settle_hints: Vec::new(),
            globals: Vec::new(),
            recipes: Vec::new(),
        }
    }
}

/// What a catalogue says about waiting for a provider.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SettleHint {
    /// Host pattern; the hint counts once a request went there.
    pub host: String,
    /// How long network and storage must then be quiet.
    pub quiet: Duration,
}

/// `HOST[:PORT]:ADDR[:PORT]`, as curl's `--resolve` and `--connect-to` do together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Resolve {
    /// Host name, or `*` for any, or `*.suffix`.
    pub host: String,
    /// Only for this port; `None` for any.
    pub port: Option<u16>,
    /// Where to connect instead: a name or an address by number (IPv6 in brackets).
    pub to_host: String,
    /// The port to connect to; `None` keeps it.
    pub to_port: Option<u16>,
}

impl std::str::FromStr for Resolve {
    type Err = String;

    fn from_str(_text: &str) -> Result<Self, Self::Err> {
        Err(String::new())
    }
}
