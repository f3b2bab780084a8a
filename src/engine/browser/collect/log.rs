//! The observations of a visit, in order of time, each with its phase.

use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use super::series::{Place, Series};
use super::weight::{weight, weight_of_write};
use crate::model::observation::{Event, Observation, Repeats, StorageWrite};
use crate::model::scenario::PhaseId;

/// A page that does something without end must not fill the memory: so many events are kept, …
const MAX_EVENTS: usize = 500_000;

/// … and so many bytes of them ([`weight`]). Writes of one item count once they are many
/// ([`super::series`]). The rest of what is kept of a visit (requests by
/// their ids, what is stored) grows with the record and ends with it.
const MAX_BYTES: usize = 128 << 20;

/// So many writes are told with their whole stack, later ones with its top: whoever writes so much does
/// it at one place.
const WITH_STACK: usize = 10_000;

/// The record of a visit.
#[derive(Debug)]
pub(crate) struct Log {
    series: Series,
    writes: usize,
    began: Instant,
    clock: f64,
    /// When the page's clock was taken from the wall's.
    held: Option<Instant>,
    /// The page's time that passed since then.
    passed: Duration,
    phase: PhaseId,
    observations: Vec<Observation>,
    bytes: usize,
    full: bool,
}

impl Log {
    /// A record that begins now.
    pub(crate) fn new() -> Self {
        Self {
            series: Series::default(),
            writes: 0,
            began: Instant::now(),
            clock: unix_now(),
            held: None,
            passed: Duration::ZERO,
            phase: PhaseId::BeforeChoice,
            observations: Vec::new(),
            bytes: 0,
            full: false,
        }
    }

    /// Restarts the clock: the first navigation is asked for now.
    pub(crate) fn begin(&mut self) {
        self.began = Instant::now();
        self.clock = unix_now();
    }

    /// When the visit began, as seconds since 1970.
    pub(crate) fn began_unix(&self) -> f64 {
        self.clock
    }

    /// Milliseconds since the visit began, by the page's clock.
    pub(crate) fn now_ms(&self) -> u64 {
        u64::try_from(self.life().as_millis()).unwrap_or(u64::MAX)
    }

    /// The page's time since the visit began.
    fn life(&self) -> Duration {
        match self.held {
            Some(moment) => moment.saturating_duration_since(self.began) + self.passed,
            None => self.began.elapsed(),
        }
    }

    /// Another tab shows the page now, by a clock that nobody has taken.
    pub(crate) fn another_tab(&mut self) {
        let now = Instant::now();
        self.began = now.checked_sub(self.life()).unwrap_or(now);
        self.held = None;
        self.passed = Duration::ZERO;
    }

    /// The page's clock no longer goes with the wall's.
    pub(crate) fn hold(&mut self) {
        self.held.get_or_insert_with(Instant::now);
    }

    /// Whether the page's clock was taken from the wall's.
    pub(crate) fn is_held(&self) -> bool {
        self.held.is_some()
    }

    /// The page has lived for so long on a clock that is held.
    pub(crate) fn pass(&mut self, life: Duration) {
        self.passed += life;
    }

    /// The phase that what happens now belongs to.
    pub(crate) fn phase(&self) -> PhaseId {
        self.phase
    }

    /// What follows belongs to `phase`.
    pub(crate) fn enter(&mut self, phase: PhaseId) {
        self.phase = phase;
    }

    /// Notes an event that happened now; returns its place in the record unless it is full. A write of
    /// an item that was written often may share its place with those before.
    pub(crate) fn push(&mut self, mut event: Event) -> Option<usize> {
        self.shorten_stack(&mut event);
        let bytes = weight(&event);
        if self.full {
            return None;
        }
        let next = self.series.next(&event, self.phase, bytes);
        self.bytes += bytes;
        let at_ms = self.now_ms();
        if let Place::Counted(place, changed) = next {
            self.repeat(place, event, changed, at_ms);
            return (!self.full).then_some(place);
        }
        self.full |= self.observations.len() >= MAX_EVENTS || self.bytes > MAX_BYTES;
        if self.full {
            return None;
        }
        let place = self.observations.len();
        let repeats = match next {
            Place::Counting(changed) => {
                self.series.at(&event, place);
                Some(Repeats {
                    times: 1,
                    changes: u32::from(changed),
                    last_ms: at_ms,
                })
            }
            _ => None,
        };
        self.observations.push(Observation {
            at_ms,
            phase: self.phase,
            event,
            repeats,
        });
        Some(place)
    }

    /// Counts a write at the observation that stands for it, which is `place`.
    fn repeat(&mut self, place: usize, event: Event, changed: bool, last_ms: u64) {
        let Some(observation) = self.observations.get_mut(place) else {
            return;
        };
        self.bytes = self.bytes.saturating_sub(weight(&observation.event));
        self.full |= self.bytes > MAX_BYTES;
        observation.event = event;
        if let Some(repeats) = &mut observation.repeats {
            repeats.times = repeats.times.saturating_add(1);
            repeats.changes = repeats.changes.saturating_add(u32::from(changed));
            repeats.last_ms = last_ms;
        }
    }

    fn shorten_stack(&mut self, event: &mut Event) {
        let writer = match event {
            Event::CookieWrite(write) => &mut write.writer,
            Event::StorageWrite(write) => &mut write.writer,
            _ => return,
        };
        self.writes += 1;
        if self.writes > WITH_STACK {
            writer.stack.truncate(1);
        }
    }

    /// Completes a write that was noted before.
    pub(crate) fn complete(&mut self, place: usize, change: impl FnOnce(&mut StorageWrite)) {
        if let Some(Event::StorageWrite(write)) =
            self.observations.get_mut(place).map(|o| &mut o.event)
        {
            let was = weight_of_write(write);
            change(write);
            if self.writes > WITH_STACK {
                write.writer.stack.truncate(1);
            }
            self.bytes += weight_of_write(write).saturating_sub(was);
            self.full |= self.bytes > MAX_BYTES;
        }
    }

    /// Completes the head of a response that was noted before.
    pub(crate) fn complete_response(&mut self, place: usize, body_bytes: u64) {
        if let Some(Event::Response(response)) =
            self.observations.get_mut(place).map(|o| &mut o.event)
        {
            response.body_bytes = Some(body_bytes);
        }
    }

    /// Whether something did not fit. Nothing is noted from then on, so the record has no gaps, only
    /// an end.
    pub(crate) fn is_full(&self) -> bool {
        self.full
    }

    /// Takes the observations.
    pub(crate) fn take(&mut self) -> Vec<Observation> {
        std::mem::take(&mut self.observations)
    }
}

/// Seconds since 1970 by this machine's clock.
pub(crate) fn unix_now() -> f64 {
    SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .map_or(0.0, |d| d.as_secs_f64())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::cookie::SetCookie;
    use crate::model::item::Store;
    use crate::model::observation::{CookieWrite, RequestFailed, StorageOp, Via, Writer};

    fn event(bytes: usize) -> Event {
        Event::RequestFailed(RequestFailed {
            id: String::new(),
            url: "x".repeat(bytes),
            reason: String::new(),
        })
    }

    #[test]
    fn a_record_ends_after_so_many_bytes() {
        let mut log = Log::new();
        while log.push(event(1 << 20)).is_some() {
            assert!(
                log.observations.len() < 200,
                "{} MB",
                log.observations.len()
            );
        }
        assert!(log.is_full());
        assert_eq!(log.push(event(0)), None, "no gaps");
        assert!(log.take().len() > 100);
    }

    #[test]
    fn a_record_ends_after_so_many_events() {
        let mut log = Log::new();
        for _ in 0..MAX_EVENTS {
            assert!(log.push(event(0)).is_some());
        }
        assert!(!log.is_full());
        assert_eq!(log.push(event(0)), None);
        assert!(log.is_full());
    }

    fn set(name: &str, value: &str) -> Event {
        Event::StorageWrite(StorageWrite {
            store: Store::LocalStorage,
            origin: "https://w.test".to_owned(),
            partition: None,
            op: match value {
                "" => StorageOp::Remove,
                _ => StorageOp::Set,
            },
            name: name.to_owned(),
            value: value.to_owned(),
            writer: Writer::unknown(),
        })
    }

    /// Value and counts of each observation.
    fn told(log: &mut Log) -> Vec<(String, Option<(u32, u32)>)> {
        let told = |o: Observation| match o.event {
            Event::StorageWrite(w) => Some((w.value, o.repeats.map(|r| (r.times, r.changes)))),
            _ => None,
        };
        log.take().into_iter().filter_map(told).collect()
    }

    #[test]
    fn what_is_written_again_and_again_is_counted_once_per_phase() {
        let mut log = Log::new();
        for phase in [PhaseId::BeforeChoice, PhaseId::AfterChoice] {
            log.enter(phase);
            for n in 0..30_000 {
                // Every value twice: the second time nothing changes.
                log.push(set("often", &(n / 2).to_string()));
            }
            log.push(set("once", "1"));
        }
        let told = told(&mut log);
        assert_eq!(told.len(), 2 * (32 + 1 + 1));
        assert_eq!(told[31], ("15".to_owned(), None));
        assert_eq!(told[32], ("14999".to_owned(), Some((29_968, 14_984))));
        assert_eq!(told[33], ("1".to_owned(), None));
        assert_eq!(told[66], told[32]);
    }

    #[test]
    fn setting_and_removing_again_and_again_ends_as_it_ended() {
        let mut log = Log::new();
        for _ in 0..1_000 {
            log.push(set("probe", "1"));
            log.push(set("probe", ""));
        }
        assert_eq!(
            told(&mut log).last(),
            Some(&(String::new(), Some((1_968, 984))))
        );
    }

    #[test]
    fn large_values_are_kept_once_each_way() {
        let mut log = Log::new();
        let large = "x".repeat(5 << 20);
        for n in 0..200 {
            assert!(log.push(set("large", &format!("{n}{large}"))).is_some());
        }
        assert!(!log.is_full());
        assert_eq!(told(&mut log).len(), 2);
    }

    #[test]
    fn a_longer_life_is_never_lost() {
        let mut log = Log::new();
        let line = |text: &str| {
            Event::CookieWrite(CookieWrite {
                via: Via::DocumentCookie,
                raw: text.to_owned(),
                cookie: SetCookie::parse(text),
                url: "https://w.test/".to_owned(),
                clock: 0.0,
                writer: Writer::unknown(),
                refused: Vec::new(),
                partition: None,
            })
        };
        for n in 0..1_000 {
            let age = if n == 500 { 9_000 } else { 60 };
            log.push(line(&format!("a={n}; Max-Age={age}")));
        }
        let raw = |o: &Observation| match &o.event {
            Event::CookieWrite(w) => (w.raw.clone(), o.repeats.map(|r| r.times)),
            _ => (String::new(), None),
        };
        let told: Vec<_> = log.take().iter().map(raw).collect();
        assert_eq!(told.len(), 32 + 3);
        assert_eq!(told[32], ("a=499; Max-Age=60".to_owned(), Some(468)));
        assert_eq!(told[33], ("a=500; Max-Age=9000".to_owned(), None));
        assert_eq!(told[34], ("a=999; Max-Age=60".to_owned(), Some(499)));
    }
}
