//! The observations of a visit, in order of time, each with its phase.

use std::io::{self, Write};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use crate::model::observation::{Event, Observation, StorageWrite};
use crate::model::scenario::PhaseId;

/// A page that does something without end must not fill the memory: so many events are kept, …
const MAX_EVENTS: usize = 200_000;

/// … and so many bytes of them, written as JSON. The rest of what is kept of a visit (requests by
/// their ids, what is stored) grows with the record and ends with it.
const MAX_BYTES: usize = 128 << 20;

/// The record of a visit.
#[derive(Debug)]
pub(crate) struct Log {
    began: Instant,
    clock: f64,
    /// By how much the clocks of the pages were put forward.
    skipped: Duration,
    /// What of that was before the page that is shown now.
    skipped_before: Duration,
    phase: PhaseId,
    observations: Vec<Observation>,
    bytes: usize,
    full: bool,
}

impl Log {
    /// A record that begins now.
    pub(crate) fn new() -> Self {
        Self {
            began: Instant::now(),
            clock: unix_now(),
            skipped: Duration::ZERO,
            skipped_before: Duration::ZERO,
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
        let life = self.began.elapsed() + self.skipped;
        u64::try_from(life.as_millis()).unwrap_or(u64::MAX)
    }

    /// Seconds since 1970 by the page's clock.
    pub(crate) fn page_clock(&self) -> f64 {
        unix_now() + (self.skipped - self.skipped_before).as_secs_f64()
    }

    /// Another tab shows the page now, with a clock that nobody has put forward.
    pub(crate) fn another_tab(&mut self) {
        self.skipped_before = self.skipped;
    }

    /// The page's clock was put forward.
    pub(crate) fn skip(&mut self, life: Duration) {
        self.skipped += life;
    }

    /// The phase that what happens now belongs to.
    pub(crate) fn phase(&self) -> PhaseId {
        self.phase
    }

    /// What follows belongs to `phase`.
    pub(crate) fn enter(&mut self, phase: PhaseId) {
        self.phase = phase;
    }

    /// Notes an event that happened now; returns its place in the record unless it is full.
    pub(crate) fn push(&mut self, event: Event) -> Option<usize> {
        self.bytes += weight(&event);
        self.full |= self.observations.len() >= MAX_EVENTS || self.bytes > MAX_BYTES;
        if self.full {
            return None;
        }
        self.observations.push(Observation {
            at_ms: self.now_ms(),
            phase: self.phase,
            event,
        });
        Some(self.observations.len() - 1)
    }

    /// Completes a write that was noted before.
    pub(crate) fn complete(&mut self, place: usize, change: impl FnOnce(&mut StorageWrite)) {
        if let Some(Event::StorageWrite(write)) =
            self.observations.get_mut(place).map(|o| &mut o.event)
        {
            change(write);
            self.bytes += weight(&write.writer);
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

/// How long something is as JSON.
fn weight(thing: &impl serde::Serialize) -> usize {
    struct Count(usize);
    impl Write for Count {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0 += bytes.len();
            Ok(bytes.len())
        }
        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }
    let mut count = Count(0);
    // What cannot be written is not kept out for that.
    let _ = serde_json::to_writer(&mut count, thing);
    count.0
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
    use crate::model::observation::RequestFailed;

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
}
