//! Several targets, side by side. What is finished is never lost: a target that could not be visited
//! is reported as such beside the others, and results stand in the order of the targets.

use std::collections::BTreeSet;
use std::sync::{Mutex, MutexGuard, PoisonError};

use anyhow::Result;
use preconsent::batch::{self, Listener, Supply};
use preconsent::engine::{Engine, EngineError};
use preconsent::model::fault::{Fault, FaultKind};
use preconsent::model::report::{Report, TargetReport, Verdict};
use preconsent::model::scenario::ScenarioId;
use preconsent::model::target::Target;
use preconsent::model::visit::Visit;
use preconsent::scan;

use crate::record::Recorder;
use crate::setup::{EngineSetup, Knowledge};
use crate::terminal::Terminal;

/// What to scan, and with what.
pub(crate) struct Run<'a> {
    pub(crate) targets: Vec<Target>,
    pub(crate) scenarios: Vec<ScenarioId>,
    /// How often every visit is made.
    pub(crate) runs: u32,
    pub(crate) knowledge: &'a Knowledge,
    pub(crate) setup: EngineSetup,
    pub(crate) concurrency: usize,
    pub(crate) recorder: Option<Recorder>,
    pub(crate) terminal: &'a Terminal,
}

/// How far a run is. A caller that stops waiting for it still has what is there.
#[derive(Default)]
pub(crate) struct Progress(Mutex<State>);

#[derive(Default)]
struct State {
    /// Reports by the number of their target.
    reports: Vec<Option<TargetReport>>,
    /// Targets that are being visited.
    running: BTreeSet<usize>,
    visited_any: bool,
    failure: Option<EngineError>,
}

impl Progress {
    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// How many targets are finished.
    pub(crate) fn finished(&self) -> usize {
        self.state().reports.iter().flatten().count()
    }
}

impl Run<'_> {
    /// Scans all targets and puts each report into `progress` at once.
    ///
    /// # Errors
    /// If no target could be visited at all.
    pub(crate) async fn all(&self, progress: &Progress) -> Result<()> {
        progress.state().reports.resize(self.targets.len(), None);
        let warm = self.setup.start().await?;
        let listener = Judge {
            run: self,
            progress,
        };
        let (targets, scenarios) = (&self.targets, &self.scenarios);
        batch::run(
            &self.setup,
            warm,
            targets,
            scenarios,
            self.runs,
            self.concurrency,
            &listener,
        )
        .await?;
        let mut state = progress.state();
        match state.failure.take() {
            // With nothing seen at all, this machine is at fault and not the sites.
            Some(error) if !state.visited_any => Err(error.into()),
            _ => Ok(()),
        }
    }

    /// The report of what is finished; the rest is in it as not visited, for the reason given.
    pub(crate) fn report(&self, progress: Progress, started: String, missing: &str) -> Report {
        let state = progress.0.into_inner();
        let mut reports = state.unwrap_or_else(PoisonError::into_inner).reports;
        reports.resize(self.targets.len(), None);
        let reports = reports.into_iter().zip(&self.targets);
        let reports =
            reports.map(|(report, target)| report.unwrap_or_else(|| not_visited(target, missing)));
        scan::assemble(reports.collect(), &self.knowledge.profile, started)
    }
}

/// Judges targets as their visits come in.
struct Judge<'a> {
    run: &'a Run<'a>,
    progress: &'a Progress,
}

impl Judge<'_> {
    fn show(&self) {
        let state = self.progress.state();
        let done = state.reports.iter().flatten().count();
        let all = self.run.targets.len();
        let Some(oldest) = state.running.first() else {
            return;
        };
        let url = &self.run.targets[*oldest].url;
        let others = match state.running.len() - 1 {
            0 => String::new(),
            n => format!(" and {n} more"),
        };
        self.run
            .terminal
            .doing(format_args!("{url}{others} ({done} of {all} done)"));
    }
}

impl Listener<anyhow::Error> for Judge<'_> {
    fn around<'e>(&'e self, index: usize, engine: &'e dyn Engine) -> Option<Box<dyn Engine + 'e>> {
        let recorder = self.run.recorder.as_ref()?;
        Some(Box::new(recorder.around(
            engine,
            index + 1,
            self.run.knowledge,
        )))
    }

    fn begins(&self, index: usize) {
        self.progress.state().running.insert(index);
        self.show();
    }

    fn ended(&self, index: usize, visits: Result<Vec<Visit>, EngineError>) -> Result<()> {
        let target = &self.run.targets[index];
        let report = match &visits {
            Ok(visits) => self.run.knowledge.judge(target, visits),
            Err(error) => not_visited(target, &error.to_string()),
        };
        let mut state = self.progress.state();
        state.running.remove(&index);
        state.visited_any |= visits.is_ok();
        state.failure = visits.err().or(state.failure.take());
        state.reports[index] = Some(report);
        drop(state);
        self.show();
        Ok(())
    }
}

/// A target that nothing is known about.
fn not_visited(target: &Target, reason: &str) -> TargetReport {
    unseen(
        target.url.as_str(),
        format!("the target was not visited: {reason}"),
    )
}

/// The same, in other words.
pub(crate) fn unseen(url: &str, message: String) -> TargetReport {
    TargetReport {
        url: url.to_owned(),
        final_url: url.to_owned(),
        verdict: Verdict::Inconclusive,
        reasons: vec![message.clone()],
        faults: vec![Fault {
            kind: FaultKind::LoadFailed,
            message,
            at_ms: 0,
        }],
        providers: Vec::new(),
        visits: Vec::new(),
        items: Vec::new(),
        findings: Vec::new(),
        coverage: Vec::new(),
        limits: Vec::new(),
    }
}

/// The day it is, in UTC.
pub(crate) fn today() -> jiff::civil::Date {
    jiff::Timestamp::now()
        .to_zoned(jiff::tz::TimeZone::UTC)
        .date()
}

/// Now, as reports write it.
pub(crate) fn now() -> String {
    seconds_to_text(jiff::Timestamp::now().as_second())
}

/// Seconds since 1970, as reports write them.
pub(crate) fn seconds_to_text(seconds: i64) -> String {
    jiff::Timestamp::from_second(seconds)
        .map_or_else(|_| String::from("unknown"), |t| t.to_string())
}
