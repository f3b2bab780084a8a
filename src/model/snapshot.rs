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
    /// Every cookie of the visit's context.
    pub cookies: Vec<StoredCookie>,
    /// Every storage key of every frame's origin.
    pub storage: Vec<StoredKey>,
    /// What the page says about consent.
    #[serde(default)]
    pub signals: Vec<Signal>,
}

/// A storage key with its value.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoredKey {
    /// `local-storage` or `session-storage`.
    pub store: Store,
    /// The storage's origin.
    pub origin: String,
    /// The partition's top-level site, for storage of cross-site frames.
    pub partition: Option<String>,
    /// The key.
    pub name: String,
    /// The value.
    pub value: String,
}
