//! One item on its way through the phases of a visit.
//!
//! What happened is heard first ([`Track::set`], [`Track::remove`], [`Track::send`]); at the end of
//! each phase [`Track::close`] weighs it against what the snapshot shows. The snapshot wins: a write
//! that left nothing behind was not stored, whatever it asked for.

use std::collections::BTreeSet;

use super::fold::Folded;
use super::receivers::Receivers;
use super::{AfterChoice, Sent};
use crate::model::chain::Causes;
use crate::model::cookie::Lifetime;
use crate::model::item::{Item, ItemKey, Party, PhaseStory, Presence, Write};
use crate::model::observation::{Observation, Repeats};
use crate::model::scenario::PhaseId;

/// A write as it was asked for.
pub(super) struct Attempt<'v> {
    /// When the first of the writes that it stands for happened.
    pub(super) began_ms: u64,
    /// How many it stands for, if more than one.
    pub(super) repeats: Option<Repeats>,
    /// The write, the last of them.
    pub(super) write: Write,
    /// The new value.
    pub(super) value: &'v str,
    /// The browser said that it did not store it.
    pub(super) refused: bool,
    /// Why the rules for cookies forbid it, though the browser said nothing.
    pub(super) barred: Vec<&'static str>,
    /// Cookies: it asked for the host alone.
    pub(super) host_only: Option<bool>,
    /// It came after the visitor's choice.
    pub(super) after_choice: bool,
}

/// What is known about an item at the end of a phase.
pub(super) enum Seen<'v> {
    /// It is stored.
    Stored {
        /// Its value.
        value: &'v str,
        /// What is left of a cookie's life.
        stored_s: Option<i64>,
        /// Cookies: it belongs to the host alone.
        host_only: Option<bool>,
    },
    /// It is not stored.
    Absent {
        /// When the snapshot was taken, in milliseconds since the visit began.
        at_ms: u64,
    },
    /// Nobody could look.
    Unknown,
}

/// An item's story so far.
#[derive(Default)]
pub(super) struct Track<'v> {
    /// Stored when the current phase began.
    at_start: bool,
    /// Stored now, as far as one has heard.
    stored: bool,
    value: &'v str,
    /// Every value that it may have had, also for a moment only.
    values: BTreeSet<&'v str>,
    lifetime: Option<Lifetime>,
    now: Now,
    phases: Vec<PhaseStory>,
    writes: Vec<Write>,
    refused: Vec<String>,
    requested_s: Option<i64>,
    stored_s: Option<i64>,
    host_only: Option<bool>,
    sent: Vec<Sent>,
    /// Whom it was sent to.
    pub(super) receivers: Receivers,
    after_choice: AfterChoice,
}

/// What happened in the current phase.
#[derive(Default)]
struct Now {
    /// Writes that set the item or changed its value or lifetime.
    changes: u32,
    /// Writes that the browser refused.
    refusals: u32,
    first_ms: Option<u64>,
    last_ms: Option<u64>,
    sent: u32,
    /// The last thing that happened was this write; `None` after a removal.
    last: Option<Last>,
    first_write: Option<Write>,
    longest: Option<Write>,
    first_refused: Option<Write>,
}

/// The end of a phase's writes.
struct Last {
    /// When the item ends by itself, in milliseconds since the visit began.
    ends_ms: Option<u64>,
    barred: Vec<&'static str>,
}

impl<'v> Track<'v> {
    /// A write asked for the item to be set.
    pub(super) fn set(&mut self, attempt: Attempt<'v>) {
        let requested = attempt.write.requested;
        if attempt.refused {
            self.now.refusals += attempt.repeats.map_or(1, |r| r.times);
            self.now.heard(attempt.began_ms);
            self.now.heard(attempt.write.at_ms);
            self.now.first_refused.get_or_insert(attempt.write);
            return;
        }
        if self.stored && !attempt.barred.is_empty() {
            // What is stored stays as it is.
            self.refuse(&attempt.barred);
            return;
        }
        self.values.insert(attempt.value);
        self.now.keep(&attempt.write);
        let changes = match attempt.repeats {
            Some(repeats) => repeats.changes,
            None => u32::from(self.is_change(&attempt)),
        };
        if changes > 0 {
            self.now.changes += changes;
            self.now.heard(attempt.began_ms);
            self.now.heard(attempt.write.at_ms);
            if attempt.after_choice && self.after_choice.write.is_none() {
                self.after_choice.write = Some(attempt.write.clone());
            }
        }
        let seconds = seconds(requested);
        self.requested_s = self.requested_s.max(seconds);
        self.now.last = Some(Last {
            ends_ms: seconds.map(|s| ends(attempt.write.at_ms, s)),
            barred: attempt.barred,
        });
        self.stored = true;
        self.host_only = attempt.host_only;
        self.value = attempt.value;
        self.lifetime = requested;
    }

    /// A lifetime that counts from the moment of writing moves its end with every write.
    fn is_change(&self, attempt: &Attempt<'_>) -> bool {
        let requested = attempt.write.requested;
        !self.stored
            || self.value != attempt.value
            || self.lifetime != requested
            || seconds(requested).is_some()
    }

    /// The item was removed, if it was there; before that it may have been set again and again.
    pub(super) fn remove(&mut self, at: &Observation) {
        if let Some(repeats) = at.repeats.filter(|r| r.changes > 0) {
            self.now.changes += repeats.changes;
            self.now.heard(at.at_ms);
            self.now.heard(repeats.last_ms);
        }
        self.stored = false;
        self.now.last = None;
    }

    /// The browser gave reasons for not doing what was asked for.
    pub(super) fn refuse<S: AsRef<str>>(&mut self, reasons: &[S]) {
        for reason in reasons.iter().map(AsRef::as_ref) {
            if !self.refused.iter().any(|known| known == reason) {
                self.refused.push(reason.to_owned());
            }
        }
    }

    /// A request carried the item.
    pub(super) fn send(&mut self, sent: Sent, after_choice: bool) {
        self.now.sent += 1;
        if after_choice && self.after_choice.sent.is_none() {
            self.after_choice.sent = Some(sent.clone());
        }
        if self.now.sent == 1 {
            self.sent.push(sent);
        }
    }

    /// Ends a phase.
    pub(super) fn close(&mut self, phase: PhaseId, seen: Seen<'v>) {
        let silent = self.silently_refused(&seen);
        let at_end = match seen {
            Seen::Unknown => self.stored && !silent,
            Seen::Absent { .. } => false,
            Seen::Stored {
                value,
                stored_s,
                host_only,
            } => {
                self.host_only = host_only;
                self.value = value;
                self.values.insert(value);
                self.stored_s = self.stored_s.max(stored_s);
                true
            }
        };
        let now = std::mem::take(&mut self.now);
        if let Some(presence) = self.presence(&now, at_end, silent) {
            self.phases.push(PhaseStory {
                phase,
                presence,
                writes: match presence {
                    Presence::Refused => now.changes + now.refusals,
                    _ => now.changes,
                },
                first_write_ms: now.first_ms,
                last_write_ms: now.last_ms,
                sent: now.sent,
            });
        }
        if silent {
            let barred = now.last.map(|l| l.barred).unwrap_or_default();
            if barred.is_empty() {
                self.refuse(&["not in the jar afterwards, though nothing deleted it"]);
            } else {
                self.refuse(&barred);
            }
        }
        self.writes.extend(now.first_write.or(now.first_refused));
        self.writes.extend(now.longest);
        self.at_start = at_end;
        self.stored = at_end;
    }

    fn presence(&self, now: &Now, at_end: bool, silent: bool) -> Option<Presence> {
        if at_end {
            Some(Presence::Present)
        } else if self.at_start {
            Some(Presence::Deleted)
        } else if silent || (now.changes == 0 && now.refusals > 0 && now.sent == 0) {
            Some(Presence::Refused)
        } else if now.changes > 0 || now.sent > 0 {
            Some(Presence::Transient)
        } else {
            None
        }
    }

    /// Whether the last write of the phase asked for a cookie that never came to be, without the
    /// browser having said so: it does that for `Partitioned` without `Secure`, and for every line
    /// of a script that breaks the rules.
    fn silently_refused(&self, seen: &Seen<'_>) -> bool {
        let Some(last) = &self.now.last else {
            return false;
        };
        // Only cookies have a lifetime; storage takes whatever it is given.
        if self.at_start || self.now.sent > 0 || self.lifetime.is_none() {
            return false;
        }
        match seen {
            Seen::Stored { .. } => false,
            Seen::Unknown => !last.barred.is_empty(),
            Seen::Absent { at_ms } => last.ends_ms.is_none_or(|end| end > *at_ms),
        }
    }

    /// The finished item, unless nothing ever came of it (a deletion of what was not there).
    pub(super) fn into_item(
        mut self,
        key: ItemKey,
        party: Party,
        causes: &Causes<'_>,
    ) -> Option<Folded<'v>> {
        if self.phases.is_empty() {
            return None;
        }
        for write in self.writes.iter_mut().chain(&mut self.after_choice.write) {
            write.chain = causes.of_writer(&write.writer, write.at_ms);
        }
        let item = Item {
            key,
            party,
            phases: self.phases,
            writes: self.writes,
            refused: self.refused,
            requested_s: self.requested_s,
            stored_s: self.stored_s,
            value: self.value.to_owned(),
            host_only: self.host_only,
            sent_to: self.receivers.told(causes),
        };
        Some(Folded {
            item,
            values: self.values,
            sent: self.sent,
            after_choice: self.after_choice,
        })
    }
}

impl Now {
    /// Notes the time of a write.
    fn heard(&mut self, at_ms: u64) {
        self.first_ms.get_or_insert(at_ms);
        self.last_ms = Some(at_ms);
    }

    /// Keeps the first write of the phase, and the one that asks for the longest life if it is
    /// another one.
    fn keep(&mut self, write: &Write) {
        let Some(first) = &self.first_write else {
            self.first_write = Some(write.clone());
            return;
        };
        let longest = self.longest.as_ref().unwrap_or(first);
        if seconds(write.requested) > seconds(longest.requested) {
            self.longest = Some(write.clone());
        }
    }
}

fn seconds(requested: Option<Lifetime>) -> Option<i64> {
    match requested {
        Some(Lifetime::Seconds(seconds)) => Some(seconds),
        _ => None,
    }
}

fn ends(at_ms: u64, seconds: i64) -> u64 {
    at_ms.saturating_add(u64::try_from(seconds).unwrap_or(0).saturating_mul(1000))
}
