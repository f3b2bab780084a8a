//! The observations of a visit, in order of time, each with its phase.

use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use crate::model::observation::{Event, Observation};
use crate::model::scenario::PhaseId;

/// A page that writes without end must not fill the memory.
const MAX: usize = 200_000;

/// The record of a visit.
#[derive(Debug)]
pub(crate) struct Log {
    began: Instant,
    clock: f64,
    /// By how much the page's clock was put forward.
    skipped: Duration,
    phase: PhaseId,
    observations: Vec<Observation>,
    dropped: u64,
}

impl Log {
    /// A record that begins now.
    pub(crate) fn new() -> Self {
        Self {
            began: Instant::now(),
            clock: unix_now(),
            skipped: Duration::ZERO,
            phase: PhaseId::BeforeChoice,
            observations: Vec::new(),
            dropped: 0,
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
        unix_now() + self.skipped.as_secs_f64()
    }

    /// The page's clock was put forward.
    pub(crate) fn skip(&mut self, life: Duration) {
        self.skipped += life;
    }

    /// What follows belongs to `phase`.
    pub(crate) fn enter(&mut self, phase: PhaseId) {
        self.phase = phase;
    }

    /// Notes an event that happened now; returns its place in the record unless it is full.
    pub(crate) fn push(&mut self, event: Event) -> Option<usize> {
        if self.observations.len() >= MAX {
            self.dropped += 1;
            return None;
        }
        self.observations.push(Observation {
            at_ms: self.now_ms(),
            phase: self.phase,
            event,
        });
        Some(self.observations.len() - 1)
    }

    /// An event that was noted before, to complete it.
    pub(crate) fn get_mut(&mut self, place: usize) -> Option<&mut Event> {
        self.observations.get_mut(place).map(|o| &mut o.event)
    }

    /// How many events did not fit.
    pub(crate) fn dropped(&self) -> u64 {
        self.dropped
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
