//! Sealing: a visit without the values that were seen in it.
//!
//! Every field of every observation is named here once, so that a new one cannot pass by unnoticed:
//! whoever adds it decides here whether it can hold something of the visitor's. Names, places, times,
//! methods, statuses and what the engine says in words are kept; values, cookie lines and addresses
//! are kept as reports show them.

mod traffic;

use std::collections::{BTreeMap, HashMap};

use url::Url;

use super::cookie::{SetCookie, StoredCookie};
use super::item::Store;
use super::observation::{CookieWrite, CookiesSent, Event, Observation, StorageWrite, ValueSent};
use super::redact::Redactor;
use super::sealed::{self, AskValue, Sealed, ValueTraits, stand_in};
use super::signal::Signal;
use super::snapshot::{Snapshot, StoredKey};
use super::visit::{Prediction, Visit};

/// The visit without its values; one that is sealed already stays as it is. The address that was
/// asked for stays, and the one that was shown where it is the same: the user typed it.
#[must_use]
pub fn seal(visit: &Visit, redactor: &Redactor, questions: &dyn AskValue) -> Visit {
    if visit.sealed.is_some() {
        return visit.clone();
    }
    let mut seal = Seal {
        redactor: redactor.hiding(),
        questions,
        stand_ins: HashMap::new(),
        of_shape: HashMap::new(),
        answers: BTreeMap::new(),
        numbers: HashMap::new(),
        of_address: HashMap::new(),
    };
    let same = visit.final_url == visit.url;
    let (shown_url, final_url) = if same {
        (visit.url.to_string(), visit.url.clone())
    } else {
        let shown = visit.final_url.as_str();
        // Shapes are characters like others in an address.
        let sealed = Url::parse(&seal.url(shown)).unwrap_or_else(|_| visit.url.clone());
        (seal.redactor.url(shown), sealed)
    };
    let Visit {
        url,
        final_url: _,
        scenario,
        run,
        engine,
        clock,
        started,
        choice,
        phases,
        observations,
        snapshots,
        faults,
        limits,
        predictions,
        globals,
        service,
        sealed: _,
        screenshots,
    } = visit;
    let observations = observations.iter().map(|o| seal.observation(o)).collect();
    let snapshots = snapshots.iter().map(|s| seal.snapshot(s)).collect();
    Visit {
        url: url.clone(),
        final_url,
        scenario: *scenario,
        run: *run,
        engine: engine.clone(),
        clock: *clock,
        started: *started,
        choice: choice.clone(),
        phases: phases.clone(),
        observations,
        snapshots,
        faults: faults.clone(),
        limits: limits.clone(),
        predictions: predictions.iter().map(|p| seal.prediction(p)).collect(),
        globals: globals.clone(),
        service: service.clone(),
        sealed: Some(Sealed {
            asked: questions.asked(),
            answers: seal.answers,
            shown_url,
        }),
        // Whoever asks for pictures wants to see what is on them.
        screenshots: screenshots.clone(),
    }
}

/// A visit that is being sealed.
struct Seal<'v> {
    redactor: Redactor,
    questions: &'v dyn AskValue,
    /// Value → what stands in for it.
    stand_ins: HashMap<&'v str, String>,
    /// Shape → how many values have it.
    of_shape: HashMap<String, usize>,
    answers: BTreeMap<String, Vec<usize>>,
    /// Address without fragment → its number among those that look the same.
    numbers: HashMap<&'v str, usize>,
    /// What addresses look like → how many do.
    of_address: HashMap<String, usize>,
}

impl<'v> Seal<'v> {
    fn observation(&mut self, observation: &'v Observation) -> Observation {
        let Observation {
            at_ms,
            phase,
            event,
            repeats,
        } = observation;
        Observation {
            at_ms: *at_ms,
            phase: *phase,
            repeats: *repeats,
            event: match event {
                Event::CookieWrite(write) => Event::CookieWrite(self.cookie_write(write)),
                Event::CookiesSent(sent) => Event::CookiesSent(self.cookies_sent(sent)),
                Event::StorageWrite(write) => Event::StorageWrite(self.storage_write(write)),
                Event::Request(request) => Event::Request(self.request(request)),
                Event::Response(response) => Event::Response(self.response(response)),
                Event::RequestFailed(failed) => Event::RequestFailed(self.failed(failed)),
                Event::WebSocket(socket) => Event::WebSocket(self.socket(socket)),
                Event::Frame(frame) => Event::Frame(self.frame(frame)),
                Event::ValueSent(sent) => Event::ValueSent(self.value_sent(sent)),
            },
        }
    }

    fn snapshot(&mut self, snapshot: &'v Snapshot) -> Snapshot {
        let Snapshot {
            phase,
            at_ms,
            clock,
            ahead_s,
            cookies,
            storage,
            signals,
        } = snapshot;
        Snapshot {
            phase: *phase,
            at_ms: *at_ms,
            clock: *clock,
            ahead_s: *ahead_s,
            cookies: cookies.iter().map(|c| self.stored_cookie(c)).collect(),
            storage: storage.iter().map(|k| self.stored_key(k)).collect(),
            signals: signals.iter().map(|s| self.signal(s)).collect(),
        }
    }

    /// What stands in for a value. Summaries are names, numbers and addresses, and are kept as
    /// addresses are.
    fn value(&mut self, store: Store, value: &'v str) -> String {
        let stand_in = match self.stand_ins.get(value) {
            _ if store.is_summarised() => self.url(value),
            Some(known) => known.clone(),
            // Nothing stands in for nothing, which is no secret.
            None if value.is_empty() => String::new(),
            None => self.next_stand_in(value),
        };
        let yes = self.questions.yes(store, value);
        if !yes.is_empty() {
            let known = self.answers.entry(stand_in.clone()).or_default();
            known.extend(yes);
            known.sort_unstable();
            known.dedup();
        }
        stand_in
    }

    fn next_stand_in(&mut self, value: &'v str) -> String {
        let shape = self.redactor.value(value);
        let number = self.of_shape.entry(shape.clone()).or_default();
        *number += 1;
        let stand_in = stand_in(&shape, *number);
        self.stand_ins.insert(value, stand_in.clone());
        stand_in
    }

    /// An address without the values in it: one that programs can read, and that differs from those of
    /// other values up to its fragment, as addresses are compared.
    fn url(&mut self, url: &'v str) -> String {
        let shown = self.redactor.url(url);
        let head = url.split('#').next().unwrap_or(url);
        let shown_head = self.redactor.url(head);
        // Addresses that hold their content are redacted as a whole.
        let Some(fragment) = shown.strip_prefix(shown_head.as_str()) else {
            let number = self.number(url, &shown);
            return sealed::address(&shown, number);
        };
        let number = self.number(head, &shown_head);
        let mut sealed = sealed::address(&shown_head, number);
        if let Some(fragment) = fragment.strip_prefix('#') {
            sealed.push('#');
            sealed.push_str(&sealed::address(fragment, 1));
        }
        sealed
    }

    /// Which of the addresses that look the same this is, counted from 1.
    fn number(&mut self, address: &'v str, shown: &str) -> usize {
        if let Some(known) = self.numbers.get(address) {
            return *known;
        }
        let number = self.of_address.entry(shown.to_owned()).or_default();
        *number += 1;
        self.numbers.insert(address, *number);
        *number
    }

    /// A record of consent is a value like others.
    fn signal(&self, signal: &Signal) -> Signal {
        let Signal { name, value } = signal;
        Signal {
            name: name.clone(),
            value: if signal.is_record() && !value.is_empty() {
                self.redactor.value(value)
            } else {
                value.clone()
            },
        }
    }

    fn value_sent(&mut self, sent: &'v ValueSent) -> ValueSent {
        let ValueSent {
            item,
            url,
            form,
            carrier,
            count,
        } = sent;
        ValueSent {
            item: item.clone(),
            url: self.url(url),
            form: *form,
            carrier: *carrier,
            count: *count,
        }
    }

    fn cookie_write(&mut self, write: &'v CookieWrite) -> CookieWrite {
        let CookieWrite {
            via,
            raw,
            cookie,
            url,
            clock,
            writer,
            refused,
            partition,
        } = write;
        CookieWrite {
            via: *via,
            raw: self.redactor.cookie_line(raw),
            cookie: SetCookie {
                value: self.value(Store::Cookie, &cookie.value),
                value_traits: Some(ValueTraits::of(&cookie.value)),
                // The other attributes are none of the visitor's.
                ..cookie.clone()
            },
            url: self.url(url),
            clock: *clock,
            writer: self.writer(writer),
            refused: refused.clone(),
            partition: partition.clone(),
        }
    }

    fn cookies_sent(&mut self, sent: &'v CookiesSent) -> CookiesSent {
        let CookiesSent { url, cookies } = sent;
        CookiesSent {
            url: self.url(url),
            // Names and places alone.
            cookies: cookies.clone(),
        }
    }

    fn storage_write(&mut self, write: &'v StorageWrite) -> StorageWrite {
        let StorageWrite {
            store,
            origin,
            partition,
            op,
            name,
            value,
            writer,
        } = write;
        StorageWrite {
            store: *store,
            origin: origin.clone(),
            partition: partition.clone(),
            op: *op,
            name: name.clone(),
            value: self.value(*store, value),
            writer: self.writer(writer),
        }
    }

    fn stored_cookie(&mut self, cookie: &'v StoredCookie) -> StoredCookie {
        StoredCookie {
            value: self.value(Store::Cookie, &cookie.value),
            // All else in it are attributes.
            ..cookie.clone()
        }
    }

    fn stored_key(&mut self, key: &'v StoredKey) -> StoredKey {
        let StoredKey {
            store,
            origin,
            partition,
            name,
            value,
        } = key;
        StoredKey {
            store: *store,
            origin: origin.clone(),
            partition: partition.clone(),
            name: name.clone(),
            value: self.value(*store, value),
        }
    }

    fn prediction(&mut self, prediction: &'v Prediction) -> Prediction {
        Prediction {
            url: self.url(&prediction.url),
            // The captures are parts of names, and the rest are words.
            ..prediction.clone()
        }
    }
}
