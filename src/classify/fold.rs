//! Folds a visit's observations and snapshots into items.
//!
//! Phase by phase: first what happened in it, in order of time, then what its snapshot shows. A
//! phase that a crash cut short has no snapshot; what became of an item then follows from the last
//! thing that happened to it. The same holds for storage of frames that were gone when the snapshot
//! was taken, because their storage could not be read.

use std::collections::{BTreeMap, BTreeSet};

use super::track::{Attempt, Seen, Track};
use super::{AfterChoice, Sent};
use crate::model::chain::Causes;
use crate::model::choice::{ChoiceOutcome, Method};
use crate::model::cookie::{Lifetime, StoredCookie};
use crate::model::cookie_rules::WriteContext;
use crate::model::item::{Item, ItemKey, SentTo, Store, Write};
use crate::model::key;
use crate::model::observation::{CookieWrite, Event, Observation, StorageOp, StorageWrite, Via};
use crate::model::scenario::PhaseId;
use crate::model::sent::{Carrier, SentForm};
use crate::model::site::{host_of, party};
use crate::model::snapshot::Snapshot;
use crate::model::visit::Visit;

/// An item with what checks need besides.
pub(super) struct Folded<'v> {
    pub(super) item: Item,
    /// Every value that it may have had, also for a moment only.
    pub(super) values: BTreeSet<&'v str>,
    pub(super) sent: Vec<Sent>,
    pub(super) after_choice: AfterChoice,
}

/// From here on, half a minute is not worth telling.
const FAIRLY_LONG_S: i64 = 600;

type Tracks<'v> = BTreeMap<ItemKey, Track<'v>>;

/// Every item of a visit, in order of its key.
pub(super) fn fold(visit: &Visit) -> Vec<Folded<'_>> {
    let mut tracks = Tracks::new();
    for phase in phases(visit) {
        for observation in visit.observations.iter().filter(|o| o.phase == phase) {
            record(&mut tracks, visit, observation);
        }
        close(&mut tracks, phase, visit.snapshot(phase));
    }
    let page = host_of(visit.final_url.as_str());
    let causes = Causes::of(&visit.observations);
    tracks
        .into_iter()
        .filter_map(|(key, track)| {
            let party = party(&key.place, &page);
            track.into_item(key, party, &causes)
        })
        .collect()
}

/// The phases that anything is known of, in order.
fn phases(visit: &Visit) -> BTreeSet<PhaseId> {
    let seen = visit.observations.iter().map(|o| o.phase);
    let ended = visit.snapshots.iter().map(|s| s.phase);
    seen.chain(ended).collect()
}

fn record<'v>(tracks: &mut Tracks<'v>, visit: &'v Visit, observation: &'v Observation) {
    let after_choice = is_after_choice(&visit.choice, observation);
    match &observation.event {
        Event::CookieWrite(write) => {
            let key = key::of_cookie_write(write, &visit.snapshots);
            let track = tracks.entry(key).or_default();
            record_cookie(track, observation, write, after_choice);
        }
        Event::StorageWrite(write) => {
            let track = tracks.entry(key::of_storage_write(write)).or_default();
            record_storage(track, observation, write, after_choice);
        }
        Event::ValueSent(sent) => {
            let track = tracks.entry(sent.item.clone()).or_default();
            let to = sending(observation, &sent.url, sent.carrier, sent.form);
            track.receivers.add(to, &sent.url, sent.count);
        }
        Event::CookiesSent(sent) => {
            let to = sending(
                observation,
                &sent.url,
                Carrier::CookieHeader,
                SentForm::Plain,
            );
            for cookie in &sent.cookies {
                let track = tracks.entry(key::of_sent_cookie(cookie)).or_default();
                let request = Sent {
                    at_ms: observation.at_ms,
                    phase: observation.phase,
                    url: sent.url.clone(),
                };
                track.send(request, after_choice);
                track.receivers.add(to.clone(), &sent.url, 1);
            }
        }
        _ => {}
    }
}

fn sending(at: &Observation, url: &str, carrier: Carrier, form: SentForm) -> SentTo {
    SentTo {
        host: host_of(url),
        phase: at.phase,
        carrier,
        form,
        at_ms: at.at_ms,
        count: 0,
        chain: Vec::new(),
    }
}

/// Whether the choice had been made. A choice that was stored before the page was loaded holds from
/// the beginning; one without a time is no earlier than its phase.
fn is_after_choice(choice: &ChoiceOutcome, observation: &Observation) -> bool {
    if observation.phase.precedes_choice() {
        return false;
    }
    match choice.at_ms {
        Some(pressed) if choice.method != Some(Method::Seeded) => observation.last_ms() > pressed,
        _ => true,
    }
}

fn record_cookie<'v>(
    track: &mut Track<'v>,
    at: &Observation,
    write: &'v CookieWrite,
    after_choice: bool,
) {
    let requested = requested(write);
    if !write.refused.is_empty() {
        track.refuse(&write.refused);
    }
    if requested == Lifetime::Delete {
        if write.refused.is_empty() {
            track.remove(at);
        }
        return;
    }
    let rules = WriteContext {
        url: &write.url,
        by_script: write.via != Via::Header,
        // Whether a write counts as cross-site depends on the navigation; the jar decides there.
        cross_site: false,
    };
    track.set(Attempt {
        began_ms: at.at_ms,
        repeats: at.repeats,
        write: Write {
            at_ms: at.last_ms(),
            phase: at.phase,
            raw: write.raw.clone(),
            writer: write.writer.clone(),
            chain: Vec::new(),
            requested: Some(requested),
        },
        value: &write.cookie.value,
        refused: !write.refused.is_empty(),
        barred: write.cookie.why_refused(&rules),
        host_only: Some(write.cookie.domain_and_host_only(&write.url).1),
        after_choice,
    });
}

/// The lifetime that was asked for. Dates are in whole seconds and were made up a moment before they
/// were seen, so that what is left of a longer life is taken to the nearest minute.
fn requested(write: &CookieWrite) -> Lifetime {
    match write.cookie.requested(write.clock) {
        Lifetime::Seconds(left) if write.cookie.max_age.is_none() && left >= FAIRLY_LONG_S => {
            Lifetime::Seconds(left.saturating_add(30) / 60 * 60)
        }
        exact => exact,
    }
}

fn record_storage<'v>(
    track: &mut Track<'v>,
    at: &Observation,
    write: &'v StorageWrite,
    after_choice: bool,
) {
    if write.op == StorageOp::Remove {
        track.remove(at);
        return;
    }
    track.set(Attempt {
        began_ms: at.at_ms,
        repeats: at.repeats,
        write: Write {
            at_ms: at.last_ms(),
            phase: at.phase,
            raw: write.value.clone(),
            writer: write.writer.clone(),
            chain: Vec::new(),
            requested: None,
        },
        value: &write.value,
        refused: false,
        barred: Vec::new(),
        host_only: None,
        after_choice,
    });
}

/// Ends a phase for every item: those in its snapshot, and all that were heard of before.
fn close<'v>(tracks: &mut Tracks<'v>, phase: PhaseId, snapshot: Option<&'v Snapshot>) {
    let Some(snapshot) = snapshot else {
        for track in tracks.values_mut() {
            track.close(phase, Seen::Unknown);
        }
        return;
    };
    let mut stored = stored(snapshot);
    for key in stored.keys() {
        if !tracks.contains_key(key) {
            tracks.insert(key.clone(), Track::default());
        }
    }
    let read: BTreeSet<(&str, Option<&str>)> = snapshot
        .storage
        .iter()
        .map(|k| (k.origin.as_str(), k.partition.as_deref()))
        .collect();
    for (key, track) in tracks.iter_mut() {
        let place = (key.place.as_str(), key.partition.as_deref());
        let seen = match stored.remove(key) {
            Some(seen) => seen,
            None if key.store == Store::Cookie || read.contains(&place) => Seen::Absent {
                at_ms: snapshot.at_ms,
            },
            None => Seen::Unknown,
        };
        track.close(phase, seen);
    }
}

/// What a snapshot shows of each item in it.
fn stored(snapshot: &Snapshot) -> BTreeMap<ItemKey, Seen<'_>> {
    let cookies = snapshot.cookies.iter().map(|cookie| {
        let seen = Seen::Stored {
            value: &cookie.value,
            stored_s: lifetime(cookie, snapshot.clock),
            host_only: Some(cookie.host_only),
        };
        (key::of_stored_cookie(cookie), seen)
    });
    let storage = snapshot.storage.iter().map(|stored| {
        let seen = Seen::Stored {
            value: &stored.value,
            stored_s: None,
            host_only: None,
        };
        (key::of_stored_key(stored), seen)
    });
    cookies.chain(storage).collect()
}

/// What is left of a cookie's life, to the nearest minute: the write came a moment before.
fn lifetime(cookie: &StoredCookie, clock: f64) -> Option<i64> {
    #[expect(
        clippy::cast_possible_truncation,
        reason = "a float cast saturates, and no lifetime is that long"
    )]
    let minutes = ((cookie.expires? - clock) / 60.0).round() as i64;
    Some(minutes.saturating_mul(60))
}
