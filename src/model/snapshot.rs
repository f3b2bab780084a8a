//! Snapshots: what is stored at the end of a phase.

use serde::{Deserialize, Serialize};

use super::cookie::StoredCookie;
use super::item::Store;
use super::scenario::PhaseId;
use super::signal::Signal;

/// All that is stored at the end of a phase.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Snapshot {
    /// The phase it ends.
    pub phase: PhaseId,
    /// Milliseconds since the visit began.
    pub at_ms: u64,
    /// Seconds since 1970 by this machine's clock; stored lifetimes are measured from here.
    pub clock: f64,
    /// By how many seconds the page's own clock was put forward in the phase, over what passed of this
    /// machine's.
    #[serde(default)]
    pub ahead_s: f64,
    /// Every cookie of the visit's context.
    pub cookies: Vec<StoredCookie>,
    /// Every storage key of every frame's origin.
    pub storage: Vec<StoredKey>,
    /// What the page says about consent.
    #[serde(default)]
    pub signals: Vec<Signal>,
}

impl Snapshot {
    /// The value of the first item in a store whose name is meant.
    #[must_use]
    pub fn value(&self, store: Store, is_meant: impl Fn(&str) -> bool) -> Option<&str> {
        if store == Store::Cookie {
            let cookie = self.cookies.iter().find(|c| is_meant(&c.name));
            return cookie.map(|c| c.value.as_str());
        }
        let mut keys = self.storage.iter();
        let key = keys.find(|k| k.store == store && is_meant(&k.name));
        key.map(|k| k.value.as_str())
    }
}

/// A storage key with its value; of a database, cache, service worker or file, a summary.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoredKey {
    /// Where; any store but `cookie`.
    pub store: Store,
    /// The storage's origin.
    pub origin: String,
    /// The partition's top-level site, for storage of cross-site frames.
    pub partition: Option<String>,
    /// The key; the name of a database or cache, the scope of a service worker, the path of a file.
    pub name: String,
    /// The value. Databases: `version 3: queue (0 keys), visitors (12 keys)`; caches: how many
    /// responses and the first few addresses; service workers: the script; files: the size.
    pub value: String,
}
