//! Several targets, one after another, with one browser. What is finished is never lost: a target
//! that could not be visited is reported as such beside the others.

use anyhow::Result;
use preconsent::engine::{Engine, EngineError};
use preconsent::model::fault::{Fault, FaultKind};
use preconsent::model::report::{Report, TargetReport, Verdict};
use preconsent::model::scenario::ScenarioId;
use preconsent::model::target::Target;
use preconsent::model::visit::Visit;
use preconsent::scan;

use crate::record::Recorder;
use crate::setup::{EngineSetup, Knowledge, Running};
use crate::terminal::Terminal;

/// What to scan, and with what.
pub(crate) struct Run<'a> {
    pub(crate) targets: Vec<Target>,
    pub(crate) scenarios: Vec<ScenarioId>,
    pub(crate) knowledge: &'a Knowledge,
    pub(crate) setup: EngineSetup,
    pub(crate) recorder: Option<Recorder>,
    pub(crate) terminal: &'a Terminal,
}

impl Run<'_> {
    /// Scans target after target and puts each into `finished` at once, so that a caller that stops
    /// waiting still has what is there.
    ///
    /// # Errors
    /// If no target could be visited at all, or a recording cannot be written.
    pub(crate) async fn all(&self, finished: &mut Vec<TargetReport>) -> Result<()> {
        let mut engine = Some(self.setup.start().await?);
        let mut visited_any = false;
        for (index, target) in self.targets.iter().enumerate() {
            self.terminal.doing(format_args!(
                "{} ({} of {})",
                target.url,
                index + 1,
                self.targets.len()
            ));
            let visits = match self.visit(&mut engine, index + 1, target).await {
                Ok(visits) => visits,
                // With nothing seen at all, this machine is at fault and not the sites.
                Err(error) if !visited_any && index + 1 == self.targets.len() => {
                    return Err(error.into());
                }
                Err(error) => {
                    finished.push(not_visited(target, &error.to_string()));
                    continue;
                }
            };
            visited_any = true;
            if let Some(recorder) = &self.recorder {
                recorder.check()?;
            }
            finished.push(self.judge(target, &visits));
        }
        if let Some(engine) = engine {
            engine.close().await;
        }
        Ok(())
    }

    /// Visits one target. A browser that was lost on the way is replaced for the next one.
    async fn visit(
        &self,
        engine: &mut Option<Running>,
        number: usize,
        target: &Target,
    ) -> Result<Vec<Visit>, EngineError> {
        let running = match engine.take() {
            Some(running) => running,
            None => self.setup.start().await?,
        };
        let recording = self.recorder.as_ref();
        let recording = recording.map(|r| r.around(running.engine(), number, self.knowledge));
        let engine_used: &dyn Engine = match &recording {
            Some(recording) => recording,
            None => running.engine(),
        };
        let visits = scan::visit_all(engine_used, target, &self.scenarios).await;
        if visits.as_ref().is_ok_and(|v| !v.iter().any(lost_browser)) {
            *engine = Some(running);
        } else {
            running.close().await;
        }
        visits
    }

    fn judge(&self, target: &Target, visits: &[Visit]) -> TargetReport {
        let redactor = self.knowledge.redactor(target);
        scan::judge(target, visits, &self.knowledge.rules(&redactor))
    }

    /// The report of what is finished; the rest is in it as not visited, for the reason given.
    pub(crate) fn report(
        &self,
        mut finished: Vec<TargetReport>,
        started: String,
        missing: &str,
    ) -> Report {
        for target in &self.targets[finished.len()..] {
            finished.push(not_visited(target, missing));
        }
        scan::assemble(finished, &self.knowledge.profile, started)
    }
}

fn lost_browser(visit: &Visit) -> bool {
    let crashed = |fault: &Fault| fault.kind == FaultKind::BrowserCrash;
    visit.faults.iter().any(crashed)
}

/// A target that nothing is known about.
fn not_visited(target: &Target, reason: &str) -> TargetReport {
    let message = format!("the target was not visited: {reason}");
    TargetReport {
        url: target.url.to_string(),
        final_url: target.url.to_string(),
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

/// Now, as reports write it.
pub(crate) fn now() -> String {
    seconds_to_text(jiff::Timestamp::now().as_second())
}

/// Seconds since 1970, as reports write them.
pub(crate) fn seconds_to_text(seconds: i64) -> String {
    jiff::Timestamp::from_second(seconds)
        .map_or_else(|_| String::from("unknown"), |t| t.to_string())
}
