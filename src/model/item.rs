//! Items: one cookie or one storage key over a whole visit, its observations folded together.

use serde::{Deserialize, Serialize};

use super::chain::Cause;
use super::cookie::Lifetime;
use super::observation::Writer;
use super::scenario::PhaseId;
pub use super::sent::SentTo;

/// Where on the device an item is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Store {
    /// The cookie jar.
    Cookie,
    /// `localStorage`.
    LocalStorage,
    /// `sessionStorage`.
    SessionStorage,
    /// IndexedDB.
    IndexedDb,
    /// The Cache interface.
    CacheStorage,
    /// Registrations of service workers.
    ServiceWorker,
    /// The origin's private file system.
    FileSystem,
}

impl Store {
    /// All stores in report order.
    pub const ALL: [Self; 7] = [
        Self::Cookie,
        Self::LocalStorage,
        Self::SessionStorage,
        Self::IndexedDb,
        Self::CacheStorage,
        Self::ServiceWorker,
        Self::FileSystem,
    ];

    /// Whether what is told of its items is a summary of their content (`version 3: visitors (12
    /// keys)`) and not the content itself.
    #[must_use]
    pub fn is_summarised(self) -> bool {
        matches!(
            self,
            Self::IndexedDb | Self::CacheStorage | Self::ServiceWorker | Self::FileSystem
        )
    }

    /// The word used in YAML and in reports.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Cookie => "cookie",
            Self::LocalStorage => "local-storage",
            Self::SessionStorage => "session-storage",
            Self::IndexedDb => "indexed-db",
            Self::CacheStorage => "cache-storage",
            Self::ServiceWorker => "service-worker",
            Self::FileSystem => "file-system",
        }
    }
}

/// What makes an item the same item in every visit of a target.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct ItemKey {
    /// Where it is kept.
    pub store: Store,
    /// Its name: of the cookie, key, database or cache; a service worker's scope, a file's path.
    pub name: String,
    /// Cookies: host or domain, lower case, no leading dot. Storage: the origin.
    pub place: String,
    /// Cookies: the path. Storage: empty.
    pub path: String,
    /// Top-level site of the partition, where there is one.
    pub partition: Option<String>,
}

/// Whether the item belongs to the visited site.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Party {
    /// Same registrable domain as the page.
    First,
    /// Another one.
    Third,
}

impl Party {
    /// The word used in YAML and in reports.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::First => "first",
            Self::Third => "third",
        }
    }
}

/// What became of an item by the end of a phase.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Presence {
    /// Stored at the end of the phase.
    Present,
    /// Set and removed again within the phase.
    Transient,
    /// Was stored when the phase began, is not at its end.
    Deleted,
    /// Asked for, but the browser did not store it.
    Refused,
}

impl Presence {
    /// The word used in reports.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Present => "present",
            Self::Transient => "transient",
            Self::Deleted => "deleted",
            Self::Refused => "refused",
        }
    }
}

/// An item's story within one phase.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PhaseStory {
    /// The phase.
    pub phase: PhaseId,
    /// What became of it.
    pub presence: Presence,
    /// How many times it was set or changed in this phase; writing the same value again does not
    /// count unless it renews a lifetime. Where all was refused, how many times it was asked for.
    pub writes: u32,
    /// When it was first set or changed in this phase, in milliseconds since the visit began.
    pub first_write_ms: Option<u64>,
    /// When it was last set or changed in this phase.
    pub last_write_ms: Option<u64>,
    /// How many requests carried it in this phase (cookies only).
    pub sent: u32,
}

/// One write worth showing as evidence.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Write {
    /// Milliseconds since the visit began.
    pub at_ms: u64,
    /// The phase it happened in.
    pub phase: PhaseId,
    /// Cookies: the raw line. Storage: the value, or what is known of it where only a summary is.
    pub raw: String,
    /// Who wrote it.
    pub writer: Writer,
    /// What led to it, from the writer up to the page's tag; empty if the writer was not seen.
    #[serde(default)]
    pub chain: Vec<Cause>,
    /// The lifetime asked for (cookies only).
    pub requested: Option<Lifetime>,
}

/// One item over one visit.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Item {
    /// Which one.
    pub key: ItemKey,
    /// First or third party, by registrable domain.
    pub party: Party,
    /// What happened in each phase it was part of, in order.
    pub phases: Vec<PhaseStory>,
    /// The first write of each phase and, where it is another one, the write of the phase that
    /// asked for the longest life, in order of time. Deletions are not among them, and refused
    /// writes only where the phase has no others.
    pub writes: Vec<Write>,
    /// The browser's reasons, where a write was refused.
    pub refused: Vec<String>,
    /// The longest lifetime that any write asked for, in seconds (cookies only); `None` if all
    /// asked for a session cookie or nothing is known. Where a date asked for ten minutes or more,
    /// rounded to the nearest minute.
    pub requested_s: Option<i64>,
    /// The longest lifetime the browser kept, in seconds from the snapshot that showed it, rounded
    /// to the nearest minute because the write came a moment before (cookies only).
    pub stored_s: Option<i64>,
    /// The last value seen.
    pub value: String,
    /// Whether the cookie belongs to its host alone, without its subdomains; `None` for storage, and
    /// where neither the jar nor a write said so.
    #[serde(default)]
    pub host_only: Option<bool>,
    /// Whom it was sent to: one for each phase, receiving host, carrier and form, in this order.
    #[serde(default)]
    pub sent_to: Vec<SentTo>,
}

impl Item {
    /// The story of a phase, if the item was part of it.
    #[must_use]
    pub fn phase(&self, phase: PhaseId) -> Option<&PhaseStory> {
        self.phases.iter().find(|p| p.phase == phase)
    }

    /// The very first write that is known.
    #[must_use]
    pub fn first_write(&self) -> Option<&Write> {
        self.writes.first()
    }
}
