//! Local and session storage: a mirror of every area, kept from the browser's events.
//!
//! The browser's own events are complete (property writes included) but do not say who wrote; the
//! collector script says who wrote but sees only method calls. A write is noted once, with its writer
//! where one of the two knows it. A visit begins with an empty profile, so the mirror is what is
//! stored, also for frames that are gone by the time of a snapshot.

use std::collections::{BTreeMap, HashMap};

use super::log::Log;
use super::script::Record;
use crate::engine::browser::cdp::protocol::{StorageEvent, StorageId};
use crate::model::item::Store;
use crate::model::observation::{Event, StorageOp, StorageWrite, Writer};
use crate::model::snapshot::StoredKey;

/// An area: one store of one origin in one partition.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Area {
    /// Local or session.
    pub(crate) store: Store,
    /// Origin without a trailing slash.
    pub(crate) origin: String,
    /// Partition's top-level site.
    pub(crate) partition: Option<String>,
}

/// What identifies a write for matching an event with the script's record of it.
type Mark = (Store, String, StorageOp, String, String);

/// All areas of a visit.
#[derive(Debug, Default)]
pub(crate) struct Storage {
    areas: BTreeMap<Area, BTreeMap<String, String>>,
    /// Noted from an event, writer still unknown: place in the log.
    anonymous: HashMap<Mark, Vec<usize>>,
    /// Noted from a record whose event, which names the partition, is still to come: place in the log.
    signed: HashMap<Mark, Vec<usize>>,
}

impl Area {
    /// The area that the protocol names.
    pub(crate) fn of(id: &StorageId) -> Self {
        let (origin, partition) = if id.storage_key.is_empty() {
            (id.security_origin.clone(), None)
        } else {
            split_storage_key(&id.storage_key)
        };
        let store = if id.is_local_storage {
            Store::LocalStorage
        } else {
            Store::SessionStorage
        };
        Self {
            store,
            origin: origin.trim_end_matches('/').to_owned(),
            partition,
        }
    }
}

/// Splits Chromium's serialised storage key: `origin/` followed by `^`-led parts, of which `0` is the
/// top-level site, `3` the cross-site-ancestor bit, and the others mark unique partitions.
fn split_storage_key(key: &str) -> (String, Option<String>) {
    let mut parts = key.split('^');
    let origin = parts.next().unwrap_or_default().to_owned();
    let mut partition = None;
    for part in parts {
        match part.as_bytes().first() {
            Some(b'0') => partition = Some(part[1..].trim_end_matches('/').to_owned()),
            Some(b'3') => {
                partition.get_or_insert_with(|| origin.trim_end_matches('/').to_owned());
            }
            _ => partition = Some("opaque".to_owned()),
        }
    }
    (origin, partition)
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
        for key in keys.into_keys() {
            self.event(log, &area, StorageOp::Remove, key, String::new());
        }
    }

    fn event(&mut self, log: &mut Log, area: &Area, op: StorageOp, name: String, value: String) {
        let mark = (
            area.store,
            area.origin.clone(),
            op,
            name.clone(),
            value.clone(),
        );
        if let Some(places) = self.signed.get_mut(&mark)
            && !places.is_empty()
        {
            log.complete(places.remove(0), |write| {
                write.partition.clone_from(&area.partition);
            });
            return;
        }
        let place = log.push(Event::StorageWrite(StorageWrite {
            store: area.store,
            origin: area.origin.clone(),
            partition: area.partition.clone(),
            op,
            name,
            value,
            writer: Writer::unknown(),
        }));
        self.anonymous.entry(mark).or_default().extend(place);
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

    /// A method call that the collector script saw.
    pub(crate) fn record(&mut self, log: &mut Log, record: &Record) {
        let store = match record.area.as_str() {
            "local" => Store::LocalStorage,
            "session" => Store::SessionStorage,
            // Another window's area: its own events tell of the write.
            _ => return,
        };
        let writer = Writer::script(record.frames());
        match record.op.as_str() {
            "setItem" => {
                let mark = (
                    store,
                    record.origin.clone(),
                    StorageOp::Set,
                    record.key.clone(),
                    record.value.clone(),
                );
                self.sign(log, mark, writer);
            }
            "removeItem" => {
                let mark = (
                    store,
                    record.origin.clone(),
                    StorageOp::Remove,
                    record.key.clone(),
                    String::new(),
                );
                self.sign(log, mark, writer);
            }
            "clear" => self.sign_clear(log, store, &record.origin, &writer),
            _ => {}
        }
    }

    /// Names the writer of the event that came before the record, or notes the write itself.
    fn sign(&mut self, log: &mut Log, mark: Mark, writer: Writer) {
        if let Some(places) = self.anonymous.get_mut(&mark)
            && !places.is_empty()
        {
            log.complete(places.remove(0), |write| write.writer = writer);
            return;
        }
        let (store, origin, op, name, value) = mark.clone();
        let partition = self.partition_of(store, &origin);
        let place = log.push(Event::StorageWrite(StorageWrite {
            store,
            origin,
            partition,
            op,
            name,
            value,
            writer,
        }));
        self.signed.entry(mark).or_default().extend(place);
    }

    fn sign_clear(&mut self, log: &mut Log, store: Store, origin: &str, writer: &Writer) {
        for (mark, places) in &mut self.anonymous {
            if mark.0 == store && mark.1 == origin && mark.2 == StorageOp::Remove {
                for place in places.drain(..) {
                    log.complete(place, |write| write.writer = writer.clone());
                }
            }
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

#[cfg(test)]
mod tests {
    use super::*;

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
            key: key.to_owned(),
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

    #[test]
    fn storage_keys_are_split_into_origin_and_partition() {
        let split = |key| split_storage_key(key);
        assert_eq!(split("https://a.test/"), ("https://a.test/".into(), None));
        assert_eq!(
            split("https://a.test/^0https://b.test"),
            ("https://a.test/".into(), Some("https://b.test".into()))
        );
        assert_eq!(
            split("https://a.test/^31"),
            ("https://a.test/".into(), Some("https://a.test".into()))
        );
    }
}
