//! The values that items had in a visit, each with the moment from which on it was stored.

use std::collections::{HashMap, HashSet};

use crate::model::cookie::Lifetime;
use crate::model::cookie_rules::WriteContext;
use crate::model::item::ItemKey;
use crate::model::key;
use crate::model::observation::{CookieWrite, Event, Observation, StorageOp, Via};
use crate::model::scenario::PhaseId;
use crate::model::snapshot::Snapshot;

/// So many values are looked for, and so many of one item.
const MAX_VALUES: usize = 5_000;
const MAX_OF_ITEM: usize = 20;

/// A value of an item.
pub(super) struct Value<'v> {
    /// The item.
    pub(super) key: ItemKey,
    /// Its value.
    pub(super) value: &'v str,
    /// When it was first seen stored, …
    pub(super) at_ms: u64,
    /// … and in which phase.
    pub(super) phase: PhaseId,
}

/// The values of a visit.
#[derive(Default)]
pub(super) struct Values<'v> {
    /// In order of time.
    pub(super) all: Vec<Value<'v>>,
    known: HashSet<(ItemKey, &'v str)>,
    of_item: HashMap<ItemKey, usize>,
    /// Whether there were more.
    pub(super) cut: bool,
}

impl<'v> Values<'v> {
    /// Those of all writes that were not refused, and of all snapshots, if `wanted`.
    pub(super) fn of(
        observations: &'v [Observation],
        snapshots: &'v [Snapshot],
        wanted: impl Fn(&str) -> bool,
    ) -> Self {
        let mut values = Self::default();
        let mut add = |key: ItemKey, value: &'v str, at_ms: u64, phase: PhaseId| {
            if wanted(value) {
                values.add(key, value, at_ms, phase);
            }
        };
        for at in observations {
            match &at.event {
                Event::CookieWrite(write) if is_stored(write) => {
                    let key = key::of_cookie_write(write, snapshots);
                    add(key, &write.cookie.value, at.at_ms, at.phase);
                }
                Event::StorageWrite(write) if write.op == StorageOp::Set => {
                    add(
                        key::of_storage_write(write),
                        &write.value,
                        at.at_ms,
                        at.phase,
                    );
                }
                _ => {}
            }
        }
        for at in snapshots {
            for cookie in &at.cookies {
                add(
                    key::of_stored_cookie(cookie),
                    &cookie.value,
                    at.at_ms,
                    at.phase,
                );
            }
            for stored in &at.storage {
                add(
                    key::of_stored_key(stored),
                    &stored.value,
                    at.at_ms,
                    at.phase,
                );
            }
        }
        values
    }

    fn add(&mut self, key: ItemKey, value: &'v str, at_ms: u64, phase: PhaseId) {
        if self.known.contains(&(key.clone(), value)) {
            return;
        }
        let of_item = self.of_item.entry(key.clone()).or_default();
        if *of_item >= MAX_OF_ITEM || self.all.len() >= MAX_VALUES {
            self.cut = true;
            return;
        }
        *of_item += 1;
        self.known.insert((key.clone(), value));
        self.all.push(Value {
            key,
            value,
            at_ms,
            phase,
        });
    }
}

/// Whether a write asked for something to be kept, and nothing is known that forbade it.
fn is_stored(write: &CookieWrite) -> bool {
    let rules = WriteContext {
        url: &write.url,
        by_script: write.via != Via::Header,
        cross_site: false,
    };
    write.refused.is_empty()
        && write.cookie.requested(write.clock) != Lifetime::Delete
        && write.cookie.why_refused(&rules).is_empty()
}
