//! Many targets: so many side by side, each slot with an engine of its own that stays warm from
//! target to target, and results that come as they are ready.
//!
//! A browser is replaced after [`RECYCLE`] targets, before what it has gathered slows it down, and
//! whenever a visit lost it. Nothing is kept of a target once its visits are handed over. Where visits are
//! repeated, the runs of a target follow one another, and the visits of each are made side by side.

pub mod list;

use std::sync::atomic::{AtomicUsize, Ordering};

use futures_util::future::{BoxFuture, try_join_all};

use crate::engine::run::OfRun;
use crate::engine::{Engine, EngineError};
use crate::model::fault::{Fault, FaultKind};
use crate::model::scenario::ScenarioId;
use crate::model::target::Target;
use crate::model::visit::Visit;
use crate::scan;

/// So many targets are visited with one browser.
pub const RECYCLE: usize = 25;

/// So often the visits of a target may be made: each is kept until all are judged.
pub const MAX_RUNS: u32 = 10;

/// So many targets may be visited side by side.
pub const MAX_CONCURRENCY: usize = 32;

/// Starts and ends engines.
pub trait Supply: Sync {
    /// An engine at work. Dropping it ends it.
    type Warm: Send;

    /// Starts an engine.
    fn start(&self) -> BoxFuture<'_, Result<Self::Warm, EngineError>>;

    /// The engine itself.
    fn engine<'w>(&self, warm: &'w Self::Warm) -> &'w dyn Engine;

    /// Ends it and waits until it is gone.
    fn close(&self, warm: Self::Warm) -> BoxFuture<'_, ()>;
}

/// Hears what happens, target by target; numbers count from 0 in the order of the targets.
pub trait Listener<E> {
    /// A target's visits begin.
    fn begins(&self, index: usize);

    /// What to visit the target with instead of `engine`, if anything: one that does the same and more
    /// with each visit.
    fn around<'e>(
        &'e self,
        _index: usize,
        _engine: &'e dyn Engine,
    ) -> Option<Box<dyn Engine + 'e>> {
        None
    }

    /// A target's visits are over, or could not be made at all.
    ///
    /// # Errors
    /// Whatever is to end the run.
    fn ended(&self, index: usize, visits: Result<Vec<Visit>, EngineError>) -> Result<(), E>;
}

/// How many targets are visited side by side when nobody says: a target's visits run side by side
/// already and keep a core busy.
#[must_use]
pub fn default_concurrency() -> usize {
    std::thread::available_parallelism()
        .map_or(1, usize::from)
        .clamp(1, MAX_CONCURRENCY)
}

/// Visits all targets, `concurrency` of them at a time and each `runs` times. The first of them use
/// `warm`.
///
/// # Errors
/// The listener's, at once.
pub async fn run<S: Supply, E>(
    supply: &S,
    warm: S::Warm,
    targets: &[Target],
    scenarios: &[ScenarioId],
    runs: u32,
    concurrency: usize,
    listener: &impl Listener<E>,
) -> Result<(), E> {
    let next = AtomicUsize::new(0);
    let queue = Queue {
        supply,
        targets,
        scenarios,
        runs: runs.clamp(1, MAX_RUNS),
        next: &next,
    };
    let slots = concurrency.clamp(1, MAX_CONCURRENCY).min(targets.len());
    let mut warm = Some(warm);
    let slots = (0..slots).map(|_| queue.slot(warm.take(), listener));
    try_join_all(slots).await.map(drop)
}

struct Queue<'a, S> {
    supply: &'a S,
    targets: &'a [Target],
    scenarios: &'a [ScenarioId],
    runs: u32,
    next: &'a AtomicUsize,
}

impl<S: Supply> Queue<'_, S> {
    /// Takes target after target until there is none left.
    async fn slot<E>(
        &self,
        mut warm: Option<S::Warm>,
        listener: &impl Listener<E>,
    ) -> Result<(), E> {
        let mut served = 0;
        loop {
            let index = self.next.fetch_add(1, Ordering::Relaxed);
            let Some(target) = self.targets.get(index) else {
                break;
            };
            listener.begins(index);
            if served >= RECYCLE
                && let Some(tired) = warm.take()
            {
                self.supply.close(tired).await;
                served = 0;
            }
            let visits = self.visits(&mut warm, index, target, listener).await;
            served = if warm.is_some() { served + 1 } else { 0 };
            listener.ended(index, visits)?;
        }
        if let Some(warm) = warm {
            self.supply.close(warm).await;
        }
        Ok(())
    }

    /// Visits one target in all runs.
    async fn visits<E>(
        &self,
        warm: &mut Option<S::Warm>,
        index: usize,
        target: &Target,
        listener: &impl Listener<E>,
    ) -> Result<Vec<Visit>, EngineError> {
        let mut visits = Vec::new();
        for run in 1..=self.runs {
            visits.extend(self.visit(warm, index, run, target, listener).await?);
        }
        Ok(visits)
    }

    /// Visits one target in one run. An engine that was lost on the way is not used again.
    async fn visit<E>(
        &self,
        warm: &mut Option<S::Warm>,
        index: usize,
        run: u32,
        target: &Target,
        listener: &impl Listener<E>,
    ) -> Result<Vec<Visit>, EngineError> {
        let running = match warm.take() {
            Some(running) => running,
            None => self.supply.start().await?,
        };
        let engine = OfRun::new(self.supply.engine(&running), run);
        let visits = match listener.around(index, &engine) {
            Some(around) => scan::visit_all(around.as_ref(), target, self.scenarios).await,
            None => scan::visit_all(&engine, target, self.scenarios).await,
        };
        if visits.as_ref().is_ok_and(|v| !v.iter().any(lost_engine)) {
            *warm = Some(running);
        } else {
            self.supply.close(running).await;
        }
        visits
    }
}

fn lost_engine(visit: &Visit) -> bool {
    let crashed = |fault: &Fault| fault.kind == FaultKind::BrowserCrash;
    visit.faults.iter().any(crashed)
}
