//! Registrations of service workers: the browser's events say which there are, the collector script
//! says who asked for them.

use std::collections::BTreeMap;

use url::Url;

use super::log::Log;
use super::script::Record;
use crate::engine::browser::cdp::protocol::{Registration, WorkerVersion};
use crate::model::item::Store;
use crate::model::observation::{Event, StorageOp, StorageWrite, Writer};
use crate::model::snapshot::StoredKey;

/// So many requests to register are remembered until the browser tells of them.
const ASKED: usize = 1_000;

/// The registrations of a visit.
#[derive(Debug, Default)]
pub(crate) struct Registrations {
    /// By the browser's ids.
    live: BTreeMap<String, Live>,
    /// What scripts asked for, by scope.
    asked: BTreeMap<String, Asked>,
}

/// A registration that is there.
#[derive(Debug)]
struct Live {
    write: StorageWrite,
    /// The place in the log, while its writer or script may still come.
    place: Option<usize>,
}

/// What a script asked for.
#[derive(Debug)]
struct Asked {
    script: String,
    partition: Option<String>,
    writer: Writer,
}

impl Registrations {
    /// A script asked for a registration, in a document of this partition.
    pub(crate) fn record(&mut self, log: &mut Log, record: &Record, partition: Option<String>) {
        let Ok(base) = Url::parse(&record.cookie_url()) else {
            return;
        };
        let Ok(script) = base.join(&record.name) else {
            return;
        };
        // The default scope is the folder of the script (Service Workers, section 3.4.3).
        let scope = match record.value.as_str() {
            "" => script.join("./"),
            scope => base.join(scope),
        };
        let Ok(mut scope) = scope else {
            return;
        };
        scope.set_fragment(None);
        let scope = String::from(scope);
        let asked = Asked {
            script: script.into(),
            partition,
            writer: Writer::script(record.frames()),
        };
        let mut unsigned = self.live.values_mut().filter(|l| l.write.name == scope);
        if let Some(live) = unsigned.next() {
            live.complete(log, &asked);
        } else if self.asked.len() < ASKED {
            self.asked.insert(scope, asked);
        }
    }

    /// `ServiceWorker.workerRegistrationUpdated`. Without a writer the partition is `fallback`.
    pub(crate) fn updated(
        &mut self,
        log: &mut Log,
        registration: &Registration,
        fallback: impl Fn(&str) -> Option<String>,
    ) {
        let id = &registration.registration_id;
        if registration.is_deleted {
            if let Some(mut live) = self.live.remove(id) {
                live.write.op = StorageOp::Remove;
                live.write.value.clear();
                live.write.writer = Writer::unknown();
                log.push(Event::StorageWrite(live.write));
            }
            return;
        }
        if self.live.contains_key(id) {
            return;
        }
        let scope = &registration.scope_url;
        let origin = Url::parse(scope)
            .map_or_else(|_| scope.clone(), |url| url.origin().ascii_serialization());
        let asked = self.asked.remove(scope).unwrap_or_else(|| Asked {
            script: String::new(),
            partition: fallback(&origin),
            writer: Writer::unknown(),
        });
        let write = StorageWrite {
            store: Store::ServiceWorker,
            origin,
            partition: asked.partition,
            op: StorageOp::Set,
            name: scope.clone(),
            value: asked.script,
            writer: asked.writer,
        };
        let place = log.push(Event::StorageWrite(write.clone()));
        self.live.insert(id.clone(), Live { write, place });
    }

    /// `ServiceWorker.workerVersionUpdated`: the script of a registration.
    pub(crate) fn version(&mut self, log: &mut Log, version: &WorkerVersion) {
        if let Some(live) = self.live.get_mut(&version.registration_id)
            && live.write.value.is_empty()
        {
            live.write.value.clone_from(&version.script_url);
            if let Some(place) = live.place {
                log.complete(place, |write| write.value.clone_from(&version.script_url));
            }
        }
    }

    /// Every registration that is there.
    pub(crate) fn stored(&self) -> impl Iterator<Item = StoredKey> {
        self.live.values().map(|live| StoredKey {
            store: live.write.store,
            origin: live.write.origin.clone(),
            partition: live.write.partition.clone(),
            name: live.write.name.clone(),
            value: live.write.value.clone(),
        })
    }
}

impl Live {
    /// The record of the script that asked for it came after it. Asking for what is there already
    /// changes nothing.
    fn complete(&mut self, log: &mut Log, asked: &Asked) {
        let Some(place) = self
            .place
            .take()
            .filter(|_| self.write.writer.url.is_none())
        else {
            return;
        };
        self.write.writer = asked.writer.clone();
        self.write.partition.clone_from(&asked.partition);
        self.write.value.clone_from(&asked.script);
        log.complete(place, |write| write.clone_from(&self.write));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(script: &str, scope: &str) -> Record {
        Record {
            op: "register".to_owned(),
            url: "https://w.test/shop/page".to_owned(),
            origin: "https://w.test".to_owned(),
            name: script.to_owned(),
            value: scope.to_owned(),
            stack: "    at f (https://w.test/w.js:1:2)".to_owned(),
            ..Record::default()
        }
    }

    fn registration(scope: &str, is_deleted: bool) -> Registration {
        Registration {
            registration_id: scope.to_owned(),
            scope_url: scope.to_owned(),
            is_deleted,
        }
    }

    fn told(log: &mut Log) -> Vec<String> {
        let events = log.take().into_iter().map(|o| o.event);
        events
            .filter_map(|event| match event {
                Event::StorageWrite(w) => Some(format!(
                    "{:?} {} {} by {:?}",
                    w.op, w.name, w.value, w.writer.url
                )),
                _ => None,
            })
            .collect()
    }

    #[test]
    fn record_and_event_are_one_observation_in_either_order() {
        let (mut log, mut all) = (Log::new(), Registrations::default());
        all.record(&mut log, &record("sw.js", ""), None);
        all.updated(
            &mut log,
            &registration("https://w.test/shop/", false),
            |_| None,
        );
        all.updated(&mut log, &registration("https://w.test/", false), |_| None);
        all.record(&mut log, &record("/root.js", "/"), None);
        all.updated(&mut log, &registration("https://w.test/", true), |_| None);
        assert_eq!(all.stored().count(), 1);
        let by = "by Some(\"https://w.test/w.js\")";
        assert_eq!(
            told(&mut log),
            [
                format!("Set https://w.test/shop/ https://w.test/shop/sw.js {by}"),
                format!("Set https://w.test/ https://w.test/root.js {by}"),
                "Remove https://w.test/  by None".to_owned(),
            ]
        );
    }
}
