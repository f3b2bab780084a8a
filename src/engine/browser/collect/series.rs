//! Writes of one item, again and again: which of them get an observation of their own, and which are
//! folded into one that counts them.
//!
//! A page may rewrite a key every millisecond, and honest pages do. In each phase the first few
//! writes of an item are kept one by one, and every cookie write that asks for a longer life than
//! all before; of the others the last one is kept, with how many there were.

use std::collections::HashMap;
use std::collections::hash_map::RandomState;
use std::hash::BuildHasher;

use crate::model::cookie::Lifetime;
use crate::model::observation::{CookieWrite, Event, StorageOp, StorageWrite};
use crate::model::scenario::PhaseId;

/// So many writes of an item have observations of their own in a phase, …
const ALONE: u32 = 32;

/// … if they are not more bytes than this; the first one always has.
const ALONE_BYTES: usize = 64 << 10;

/// So many more that ask for a longer life each time.
const LONGER: u32 = 32;

/// The items of a visit that were written.
#[derive(Debug, Default)]
pub(super) struct Series {
    /// By a hash of what makes an item an item, which may be as long as the page likes.
    items: HashMap<u64, Item>,
    hasher: RandomState,
}

/// What is known of an item.
#[derive(Debug, Default)]
struct Item {
    /// Hash of its value, while it is stored.
    value: Option<u64>,
    phase: Option<PhaseId>,
    /// How many writes of the phase have observations of their own, and their bytes.
    alone: u32,
    bytes: usize,
    /// The longest life that was asked for in the phase.
    longest: Option<i64>,
    longer: u32,
    /// The place of the observation that counts the rest.
    counting: Option<usize>,
}

/// What becomes of an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    /// An observation of its own.
    Alone,
    /// The first of an observation that counts. Whether it changed the item.
    Counting(bool),
    /// It is counted at this place.
    Counted(usize, bool),
}

/// What a write is to its item.
struct Step {
    item: u64,
    /// Hash of the new value; `None` for a removal.
    value: Option<u64>,
    lifetime: Option<i64>,
}

impl Series {
    /// What becomes of an event of this many bytes. `Counting` must be answered with [`Series::at`].
    pub(super) fn next(&mut self, event: &Event, phase: PhaseId, bytes: usize) -> Place {
        let Some(step) = self.step(event) else {
            return Place::Alone;
        };
        let item = self.items.entry(step.item).or_default();
        if item.phase != Some(phase) {
            *item = Item {
                value: item.value,
                phase: Some(phase),
                ..Item::default()
            };
        }
        let changed = step.value.is_some() && (item.value != step.value || step.lifetime.is_some());
        item.value = step.value;
        let is_longer = step.lifetime > item.longest;
        item.longest = item.longest.max(step.lifetime);
        let is_few = item.alone < ALONE && item.bytes + bytes <= ALONE_BYTES;
        if item.counting.is_none() && (item.alone == 0 || is_few) {
            item.alone += 1;
            item.bytes += bytes;
            return Place::Alone;
        }
        if is_longer && item.longer < LONGER {
            item.longer += 1;
            // What is counted from now on came after it.
            item.counting = None;
            return Place::Alone;
        }
        match item.counting {
            Some(place) => Place::Counted(place, changed),
            None => Place::Counting(changed),
        }
    }

    /// The place of an observation that counts.
    pub(super) fn at(&mut self, event: &Event, place: usize) {
        if let Some(item) = self.step(event).and_then(|s| self.items.get_mut(&s.item)) {
            item.alone = ALONE;
            item.counting = Some(place);
        }
    }

    fn step(&self, event: &Event) -> Option<Step> {
        match event {
            Event::CookieWrite(write) => Some(self.cookie(write)),
            Event::StorageWrite(write) => Some(self.storage(write)),
            _ => None,
        }
    }

    fn cookie(&self, write: &CookieWrite) -> Step {
        let cookie = &write.cookie;
        let refused = &write.refused;
        let place = (cookie.domain_and_host_only(&write.url).0, write.via);
        let path = cookie.effective_path(&write.url);
        let item = (&cookie.name, place, path, &write.partition, refused);
        let (value, lifetime) = match cookie.requested(write.clock) {
            Lifetime::Delete => (None, None),
            Lifetime::Session => (Some(&cookie.value), None),
            Lifetime::Seconds(seconds) => (Some(&cookie.value), Some(seconds)),
        };
        Step {
            item: self.hasher.hash_one(item),
            value: value.map(|value| self.hasher.hash_one(value)),
            lifetime,
        }
    }

    fn storage(&self, write: &StorageWrite) -> Step {
        let item = (write.store, &write.origin, &write.partition, &write.name);
        let is_set = write.op == StorageOp::Set;
        Step {
            item: self.hasher.hash_one(item),
            value: is_set.then(|| self.hasher.hash_one(head(&write.value))),
            lifetime: None,
        }
    }
}

/// As much of a value as tells it from others, whether it was cut off for a record or not: records hold
/// 65,536 units, each of which is at least a byte here.
pub(super) fn head(value: &str) -> &str {
    const HEAD: usize = 65_000;
    let mut end = value.len().min(HEAD);
    while !value.is_char_boundary(end) {
        end -= 1;
    }
    &value[..end]
}
