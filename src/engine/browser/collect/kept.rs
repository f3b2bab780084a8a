//! Databases, caches and files: a mirror of what is kept in them, as far as scripts were seen making
//! it and snapshots showed it.
//!
//! The browser sends no events of these stores that name both the thing and its partition, so that a
//! thing is noted when the collector script sees it opened or made. A snapshot then shows what is
//! really there: what changed without having been noted in that phase is noted then, with the
//! script that used it last where one is known.

use std::collections::{BTreeMap, HashMap};

use super::area::Area;
use super::log::Log;
use super::script::Record;
use crate::model::item::Store;
use crate::model::observation::{Event, StorageOp, StorageWrite, Writer};
use crate::model::scenario::PhaseId;
use crate::model::snapshot::StoredKey;

/// So many users of things are remembered; a page may use as many as it likes.
const USERS: usize = 1_000;

/// All databases, caches and files of a visit.
#[derive(Debug, Default)]
pub(crate) struct Kept {
    areas: BTreeMap<Area, BTreeMap<String, Thing>>,
    /// Who used a thing last.
    users: HashMap<(Area, String), Writer>,
}

/// A database, cache or file that is there.
#[derive(Debug, Default)]
struct Thing {
    /// What the last snapshot showed in it; `None` before the first one.
    summary: Option<String>,
    /// What was known of it when it was opened.
    opened: String,
    /// The phase that a write was last noted in.
    noted: Option<PhaseId>,
}

impl Kept {
    /// What a script did, in a document or worker of this partition.
    pub(crate) fn record(&mut self, log: &mut Log, record: &Record, partition: Option<String>) {
        let store = match record.op.split('.').next() {
            Some("idb") => Store::IndexedDb,
            Some("caches" | "cache") => Store::CacheStorage,
            Some("file") => Store::FileSystem,
            _ => return,
        };
        let area = Area {
            store,
            origin: record.origin.clone(),
            partition,
        };
        let writer = Writer::script(record.frames());
        let name = record.name.as_str();
        match record.op.as_str() {
            "idb.open" | "caches.open" => {
                self.used(&area, name, &writer);
                if !self.has(&area, name) {
                    let value = match record.value.as_str() {
                        "" => String::new(),
                        version => format!("version {version}"),
                    };
                    self.set(log, &area, name, value, writer);
                }
            }
            "cache.put" => {
                self.used(&area, name, &writer);
                self.set(log, &area, name, record.value.clone(), writer);
            }
            "idb.delete" | "caches.delete" if self.has(&area, name) => {
                self.remove(log, &area, name, writer);
            }
            // Where in the file system it is shows the next snapshot.
            "file" => self.used(&area, name, &writer),
            _ => {}
        }
    }

    /// Whether anything was seen making or opening files.
    pub(crate) fn knows_files(&self) -> bool {
        let used = self.users.keys().map(|(area, _)| area);
        let mut areas = used.chain(self.areas.keys());
        areas.any(|area| area.store == Store::FileSystem)
    }

    fn has(&self, area: &Area, name: &str) -> bool {
        let things = self.areas.get(area);
        things.is_some_and(|things| things.contains_key(name))
    }

    fn used(&mut self, area: &Area, name: &str, writer: &Writer) {
        let key = (area.clone(), name.to_owned());
        if self.users.len() < USERS || self.users.contains_key(&key) {
            self.users.insert(key, writer.clone());
        }
    }

    fn set(&mut self, log: &mut Log, area: &Area, name: &str, value: String, writer: Writer) {
        let thing = self.areas.entry(area.clone()).or_default();
        let thing = thing.entry(name.to_owned()).or_default();
        thing.noted = Some(log.phase());
        thing.opened.clone_from(&value);
        log.push(write(area, StorageOp::Set, name, value, writer));
    }

    fn remove(&mut self, log: &mut Log, area: &Area, name: &str, writer: Writer) {
        if let Some(things) = self.areas.get_mut(area) {
            things.remove(name);
        }
        log.push(write(area, StorageOp::Remove, name, String::new(), writer));
    }

    /// What the browser says is in an area now, with summaries.
    pub(crate) fn replace(&mut self, log: &mut Log, area: &Area, found: BTreeMap<String, String>) {
        let known = self.areas.get(area);
        let gone: Vec<String> = known
            .into_iter()
            .flat_map(BTreeMap::keys)
            .filter(|name| !found.contains_key(*name))
            .cloned()
            .collect();
        for name in gone {
            self.remove(log, area, &name, Writer::unknown());
        }
        for (name, summary) in found {
            let thing = self.areas.get(area).and_then(|things| things.get(&name));
            let is_new = thing.is_none_or(|thing| {
                let changed = thing.summary.as_ref().is_some_and(|was| *was != summary);
                changed && thing.noted != Some(log.phase())
            });
            if is_new {
                let user = self.user(area, &name);
                self.set(log, area, &name, summary.clone(), user);
            }
            if let Some(thing) = self.areas.get_mut(area).and_then(|t| t.get_mut(&name)) {
                thing.summary = Some(summary);
            }
        }
    }

    /// Who used a thing last. Files are known by their last name only.
    fn user(&self, area: &Area, name: &str) -> Writer {
        let name = match area.store {
            Store::FileSystem => name.rsplit('/').next().unwrap_or(name),
            _ => name,
        };
        let user = self.users.get(&(area.clone(), name.to_owned()));
        user.cloned().unwrap_or_else(Writer::unknown)
    }

    /// Everything that is kept.
    pub(crate) fn stored(&self) -> impl Iterator<Item = StoredKey> {
        self.areas.iter().flat_map(|(area, things)| {
            things.iter().map(move |(name, thing)| StoredKey {
                store: area.store,
                origin: area.origin.clone(),
                partition: area.partition.clone(),
                name: name.clone(),
                value: thing
                    .summary
                    .clone()
                    .unwrap_or_else(|| thing.opened.clone()),
            })
        })
    }
}

fn write(area: &Area, op: StorageOp, name: &str, value: String, writer: Writer) -> Event {
    Event::StorageWrite(StorageWrite {
        store: area.store,
        origin: area.origin.clone(),
        partition: area.partition.clone(),
        op,
        name: name.to_owned(),
        value,
        writer,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(op: &str, name: &str, value: &str) -> Record {
        Record {
            op: op.to_owned(),
            origin: "https://w.test".to_owned(),
            name: name.to_owned(),
            value: value.to_owned(),
            stack: "    at f (https://w.test/w.js:1:2)".to_owned(),
            ..Record::default()
        }
    }

    fn area(store: Store) -> Area {
        Area::at(store, "https://w.test/")
    }

    fn found(things: &[(&str, &str)]) -> BTreeMap<String, String> {
        let owned = |(name, summary): &(&str, &str)| ((*name).to_owned(), (*summary).to_owned());
        things.iter().map(owned).collect()
    }

    fn writes(log: &mut Log) -> Vec<String> {
        let told = |w: StorageWrite| {
            let by = w.writer.stack.first().map(|top| top.line);
            format!("{:?} {}={} by {by:?}", w.op, w.name, w.value)
        };
        let events = log.take().into_iter().map(|o| o.event);
        events
            .filter_map(|event| match event {
                Event::StorageWrite(write) => Some(told(write)),
                _ => None,
            })
            .collect()
    }

    #[test]
    fn opening_what_is_there_is_no_write_but_names_who_changed_it() {
        let (mut log, mut kept) = (Log::new(), Kept::default());
        let area = area(Store::IndexedDb);
        kept.record(&mut log, &record("idb.open", "a", "3"), None);
        kept.record(&mut log, &record("idb.open", "a", ""), None);
        kept.replace(&mut log, &area, found(&[("a", "version 3: s (0 keys)")]));
        log.enter(PhaseId::AfterChoice);
        kept.record(&mut log, &record("idb.open", "a", ""), None);
        kept.replace(&mut log, &area, found(&[("a", "version 3: s (1 key)")]));
        kept.replace(&mut log, &area, found(&[("a", "version 3: s (1 key)")]));
        assert_eq!(
            writes(&mut log),
            [
                "Set a=version 3 by Some(1)",
                "Set a=version 3: s (1 key) by Some(1)"
            ]
        );
        let stored: Vec<_> = kept.stored().map(|key| key.value).collect();
        assert_eq!(stored, ["version 3: s (1 key)"]);
    }

    #[test]
    fn what_comes_and_goes_unseen_is_noted_by_the_snapshot() {
        let (mut log, mut kept) = (Log::new(), Kept::default());
        let files = area(Store::FileSystem);
        kept.record(&mut log, &record("file", "f.bin", ""), None);
        kept.replace(
            &mut log,
            &files,
            found(&[("d/f.bin", "5 bytes"), ("x", "0 bytes")]),
        );
        kept.replace(&mut log, &files, found(&[("x", "0 bytes")]));
        assert_eq!(
            writes(&mut log),
            [
                "Set d/f.bin=5 bytes by Some(1)",
                "Set x=0 bytes by None",
                "Remove d/f.bin= by None"
            ]
        );
    }

    #[test]
    fn a_cache_is_written_each_time_something_is_put_into_it() {
        let (mut log, mut kept) = (Log::new(), Kept::default());
        kept.record(&mut log, &record("caches.open", "c", ""), None);
        kept.record(&mut log, &record("cache.put", "c", "/a.js"), None);
        kept.record(&mut log, &record("caches.delete", "c", ""), None);
        kept.record(&mut log, &record("caches.delete", "c", ""), None);
        assert_eq!(
            writes(&mut log),
            [
                "Set c= by Some(1)",
                "Set c=/a.js by Some(1)",
                "Remove c= by Some(1)"
            ]
        );
        assert_eq!(kept.stored().count(), 0);
    }
}
