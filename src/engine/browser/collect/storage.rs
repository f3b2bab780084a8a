//! Local and session storage: a mirror of every area, kept from the browser's events.
//!
//! The browser's own events are complete (property writes included) but do not say who wrote; the
//! collector script says who called a method. A write is noted once, with its writer where one of the
//! two knows it. Who assigned a property (`localStorage.x = 1`) no method tells, and a proxy in the
//! place of the area pages notice (measured: a `StorageEvent` cannot be made with it, methods of
//! another window refuse it, objects that inherit from it write to the area, and reading takes twice as
//! long). So the script tells who took hold of the area before something in it had changed, and that
//! counts where no method call explains the change. A visit begins with an empty profile, so the
//! mirror is what is stored, also for frames that are gone by the time of a snapshot.

use std::collections::hash_map::RandomState;
use std::collections::{BTreeMap, HashMap, VecDeque};
use std::hash::BuildHasher;
use std::time::{Duration, Instant};

use super::area::Area;
use super::log::Log;
use super::script::Record;
use super::series::head;
use crate::engine::browser::cdp::protocol::StorageEvent;
use crate::model::item::Store;
use crate::model::observation::{Event, StorageOp, StorageWrite, Writer};
use crate::model::snapshot::StoredKey;

/// What identifies a write for matching an event with the script's record of it: a hash of store,
/// origin, what was done, key and value.
type Mark = u64;

/// So many events and records wait for each other: all records of a task may come before its events.
/// Some wait for nothing: records of property writes may never come, nor do events of writes that
/// change nothing.
const WAITING: usize = 300_000;

/// So many of them that are alike.
const WAITING_ALIKE: usize = 1_000;

/// How long who took hold of an area waits for the event of what has changed in it. Where none comes,
/// somebody else's method call made the change.
const TAKER_MAX: Duration = Duration::from_secs(2);

/// All areas of a visit.
#[derive(Debug, Default)]
pub(crate) struct Storage {
    areas: BTreeMap<Area, BTreeMap<String, String>>,
    /// Noted from an event, writer still unknown: place in the log.
    anonymous: HashMap<Mark, VecDeque<usize>>,
    /// Noted from a record whose event, which names the partition, is still to come: place in the log.
    signed: HashMap<Mark, VecDeque<usize>>,
    /// Who assigned or deleted a property whose event is still to come, and since when that waits.
    takers: HashMap<Mark, (Instant, Writer)>,
    /// The same as `signed` for removals by `clear`, by store and origin.
    cleared: HashMap<(Store, String), Vec<usize>>,
    hasher: RandomState,
}

impl Storage {
    /// `DOMStorage.domStorageItemAdded` and `…Updated`.
    pub(crate) fn set(&mut self, log: &mut Log, event: StorageEvent) {
        let area = Area::of(&event.storage_id);
        self.areas
            .entry(area.clone())
            .or_default()
            .insert(event.key.clone(), event.new_value.clone());
        self.event(log, &area, StorageOp::Set, event.key, event.new_value);
    }

    /// `DOMStorage.domStorageItemRemoved`.
    pub(crate) fn removed(&mut self, log: &mut Log, event: StorageEvent) {
        let area = Area::of(&event.storage_id);
        if let Some(keys) = self.areas.get_mut(&area) {
            keys.remove(&event.key);
        }
        self.event(log, &area, StorageOp::Remove, event.key, String::new());
    }

    /// `DOMStorage.domStorageItemsCleared`: one removal per key that was there.
    pub(crate) fn cleared(&mut self, log: &mut Log, event: &StorageEvent) {
        let area = Area::of(&event.storage_id);
        let keys = self.areas.remove(&area).unwrap_or_default();
        let removals = keys.into_keys().filter_map(|key| {
            let writer = Writer::unknown();
            log.push(write(&area, StorageOp::Remove, key, String::new(), writer))
        });
        let places = removals.collect();
        self.cleared.insert((area.store, area.origin), places);
    }

    fn event(&mut self, log: &mut Log, area: &Area, op: StorageOp, name: String, value: String) {
        let mark = self.mark(area.store, &area.origin, op, &name, &value);
        if let Some(place) = take(&mut self.signed, mark) {
            log.complete(place, |write| {
                write.partition.clone_from(&area.partition);
                write.value = value;
            });
            return;
        }
        let taker = self.takers.remove(&mark);
        match taker.filter(|(since, _)| since.elapsed() < TAKER_MAX) {
            Some((_, writer)) => _ = log.push(write(area, op, name, value, writer)),
            None => {
                let place = log.push(write(area, op, name, value, Writer::unknown()));
                keep(&mut self.anonymous, mark, place);
            }
        }
    }

    fn mark(&self, store: Store, origin: &str, op: StorageOp, name: &str, value: &str) -> Mark {
        let value = head(value);
        self.hasher.hash_one((store, origin, op, name, value))
    }

    /// The tab was closed, and its session areas ended with it.
    pub(crate) fn tab_closed(&mut self, log: &mut Log) {
        for (area, keys) in &mut self.areas {
            if area.store != Store::SessionStorage {
                continue;
            }
            for name in std::mem::take(keys).into_keys() {
                log.push(Event::StorageWrite(StorageWrite {
                    store: area.store,
                    origin: area.origin.clone(),
                    partition: area.partition.clone(),
                    op: StorageOp::Remove,
                    name,
                    value: String::new(),
                    writer: Writer::unknown(),
                }));
            }
        }
    }

    /// What the collector script saw: a method call, or a change by whoever took hold of the area.
    pub(crate) fn record(&mut self, log: &mut Log, record: &Record) {
        let store = match record.area.as_str() {
            "local" => Store::LocalStorage,
            "session" => Store::SessionStorage,
            // Another window's area: its own events tell of the write.
            _ => return,
        };
        let writer = Writer::script(record.frames());
        let op = match record.op.as_str() {
            "setItem" | "assign" => StorageOp::Set,
            "removeItem" | "delete" => StorageOp::Remove,
            "clear" => return self.sign_clear(log, store, &record.origin, &writer),
            _ => return,
        };
        let (name, value) = (&record.name, &record.value);
        let mark = self.mark(store, &record.origin, op, name, value);
        // The event came before the record, or is still to come.
        if let Some(place) = take(&mut self.anonymous, mark) {
            log.complete(place, |write| write.writer = writer);
            return;
        }
        if matches!(record.op.as_str(), "assign" | "delete") {
            if self.takers.len() >= WAITING {
                self.takers.clear();
            }
            self.takers.insert(mark, (Instant::now(), writer));
            return;
        }
        let area = Area {
            store,
            origin: record.origin.clone(),
            partition: self.partition_of(store, &record.origin),
        };
        let place = log.push(write(&area, op, name.clone(), value.clone(), writer));
        keep(&mut self.signed, mark, place);
    }

    fn sign_clear(&mut self, log: &mut Log, store: Store, origin: &str, writer: &Writer) {
        let places = self.cleared.remove(&(store, origin.to_owned()));
        for place in places.unwrap_or_default() {
            log.complete(place, |write| write.writer = writer.clone());
        }
    }

    /// Records do not name the partition; an area of this origin that is known does.
    fn partition_of(&self, store: Store, origin: &str) -> Option<String> {
        self.areas
            .keys()
            .find(|area| area.store == store && area.origin == origin)
            .and_then(|area| area.partition.clone())
    }

    /// Replaces an area with what the browser says is in it now.
    pub(crate) fn replace(&mut self, area: Area, keys: BTreeMap<String, String>) {
        self.areas.insert(area, keys);
    }

    /// Everything that is stored.
    pub(crate) fn stored(&self) -> Vec<StoredKey> {
        self.areas
            .iter()
            .flat_map(|(area, keys)| {
                keys.iter().map(move |(name, value)| StoredKey {
                    store: area.store,
                    origin: area.origin.clone(),
                    partition: area.partition.clone(),
                    name: name.clone(),
                    value: value.clone(),
                })
            })
            .collect()
    }
}

fn write(area: &Area, op: StorageOp, name: String, value: String, writer: Writer) -> Event {
    Event::StorageWrite(StorageWrite {
        store: area.store,
        origin: area.origin.clone(),
        partition: area.partition.clone(),
        op,
        name,
        value,
        writer,
    })
}

/// The oldest place that waits under this mark.
fn take(waiting: &mut HashMap<Mark, VecDeque<usize>>, mark: Mark) -> Option<usize> {
    let places = waiting.get_mut(&mark)?;
    let place = places.pop_front();
    if places.is_empty() {
        waiting.remove(&mark);
    }
    place
}

/// Lets a place wait. What nothing came for since many others is given up.
fn keep(waiting: &mut HashMap<Mark, VecDeque<usize>>, mark: Mark, place: Option<usize>) {
    if waiting.len() >= WAITING {
        waiting.clear();
    }
    let places = waiting.entry(mark).or_default();
    if places.len() < WAITING_ALIKE {
        places.extend(place);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::browser::cdp::protocol::StorageId;

    fn event(key: &str, value: &str) -> StorageEvent {
        StorageEvent {
            storage_id: StorageId {
                security_origin: String::new(),
                storage_key: "https://w.test/^0https://shop.test".to_owned(),
                is_local_storage: true,
            },
            key: key.to_owned(),
            new_value: value.to_owned(),
        }
    }

    fn record(op: &str, key: &str, value: &str) -> Record {
        Record {
            op: op.to_owned(),
            origin: "https://w.test".to_owned(),
            area: "local".to_owned(),
            name: key.to_owned(),
            value: value.to_owned(),
            stack: "    at f (https://w.test/w.js:1:2)".to_owned(),
            ..Record::default()
        }
    }

    fn writes(log: &mut Log) -> Vec<String> {
        log.take()
            .into_iter()
            .filter_map(|o| match o.event {
                Event::StorageWrite(w) => Some(format!(
                    "{:?} {}={} in {:?} by {:?}",
                    w.op, w.name, w.value, w.partition, w.writer.url
                )),
                _ => None,
            })
            .collect()
    }

    #[test]
    fn event_and_record_of_one_write_are_one_observation_in_either_order() {
        let (mut log, mut storage) = (Log::new(), Storage::default());
        storage.record(&mut log, &record("setItem", "a", "1"));
        storage.set(&mut log, event("a", "1"));
        storage.set(&mut log, event("b", "2"));
        storage.record(&mut log, &record("setItem", "b", "2"));
        storage.set(&mut log, event("by-property", "3"));
        let site = "Some(\"https://shop.test\")";
        let by = "Some(\"https://w.test/w.js\")";
        assert_eq!(
            writes(&mut log),
            [
                format!("Set a=1 in {site} by {by}"),
                format!("Set b=2 in {site} by {by}"),
                format!("Set by-property=3 in {site} by None"),
            ]
        );
        assert_eq!(storage.stored().len(), 3);
    }

    #[test]
    fn who_took_hold_of_an_area_wrote_what_no_method_did() {
        let (mut log, mut storage) = (Log::new(), Storage::default());
        storage.record(&mut log, &record("assign", "a", "1"));
        storage.set(&mut log, event("a", "1"));
        storage.set(&mut log, event("b", "2"));
        storage.record(&mut log, &record("assign", "b", "2"));
        storage.removed(&mut log, event("a", ""));
        storage.record(&mut log, &record("delete", "a", ""));
        // Another window's method call made this change.
        storage.record(&mut log, &record("assign", "c", "3"));
        let writes = writes(&mut log);
        assert_eq!(writes.len(), 3, "{writes:?}");
        let by_script = |write: &String| write.ends_with("by Some(\"https://w.test/w.js\")");
        assert!(writes.iter().all(by_script), "{writes:?}");
    }

    #[test]
    fn a_write_through_another_window_is_left_to_the_event() {
        let (mut log, mut storage) = (Log::new(), Storage::default());
        let elsewhere = Record {
            area: String::new(),
            ..record("setItem", "a", "1")
        };
        storage.record(&mut log, &elsewhere);
        storage.set(&mut log, event("a", "1"));
        assert_eq!(
            writes(&mut log),
            ["Set a=1 in Some(\"https://shop.test\") by None"]
        );
    }

    #[test]
    fn clearing_is_a_removal_of_each_key() {
        let (mut log, mut storage) = (Log::new(), Storage::default());
        storage.set(&mut log, event("a", "1"));
        storage.set(&mut log, event("b", "2"));
        storage.cleared(&mut log, &event("", ""));
        storage.record(&mut log, &record("clear", "", ""));
        let writes = writes(&mut log);
        assert!(writes[2].starts_with("Remove a") && writes[3].starts_with("Remove b"));
        assert!(writes[2].ends_with("by Some(\"https://w.test/w.js\")"));
        assert!(storage.stored().is_empty());
    }
}
