//! One visit: a browser context of its own, a page in it, and the scenario's steps one by one. A step
//! that cannot be made ends the visit with a fault; what was seen until then is kept.

mod arrive;

use std::time::{Duration, Instant};

use url::Url;

use super::emulate::Emulated;
use super::settle::{Quiet, quiet_by, settle};
use super::tab::{Tab, seconds};
use super::{
    Browser, choose, clock, globals, life, open, page_check, passive, screenshot, seed, signals,
    snapshot,
};
use crate::consent::seed::Seed;
use crate::engine::emulation::preset;
use crate::engine::{Options, sent_values};
use crate::model::choice::{Choice, ChoiceOutcome};
use crate::model::fault::{Fault, FaultKind};
use crate::model::observation::Observation;
use crate::model::runs;
use crate::model::scenario::{PhaseId, ScenarioId, Step};
use crate::model::site::host_of;
use crate::model::snapshot::Snapshot;
use crate::model::target::Target;
use crate::model::visit::{Clock, Phase, Screenshot, ServiceRequest, Visit};

/// Makes one visit.
pub(super) async fn run(
    browser: &Browser,
    options: &Options,
    target: &Target,
    scenario: ScenarioId,
) -> Visit {
    let mut walk = Walk::new(browser, options, target, scenario);
    let emulated = Emulated::new(&options.emulation, &target.url);
    match open::open(browser, &emulated).await {
        Ok((mut tab, context)) => {
            if let Err(fault) = walk.steps(&mut tab, &context).await {
                walk.faults.push(fault);
            }
            walk.close(&tab, &context).await
        }
        Err(fault) => {
            walk.faults.push(fault);
            walk.into_visit(Vec::new(), super::collect::log::unix_now())
        }
    }
}

/// A visit that this browser cannot make.
pub(super) fn not_made(
    browser: &Browser,
    options: &Options,
    target: &Target,
    scenario: ScenarioId,
    why: &str,
) -> Visit {
    let mut walk = Walk::new(browser, options, target, scenario);
    walk.faults
        .push(super::fault::fault(FaultKind::Unsupported, 0, why));
    walk.into_visit(Vec::new(), super::collect::log::unix_now())
}

fn opens_widget(scenario: ScenarioId) -> bool {
    let mut steps = scenario.steps(0).into_iter();
    steps.any(|step| step == Step::OpenWidget)
}

/// A visit that is going on.
struct Walk<'a> {
    browser: &'a Browser,
    options: &'a Options,
    target: &'a Target,
    scenario: ScenarioId,
    shown: Url,
    choice: ChoiceOutcome,
    phases: Vec<Phase>,
    snapshots: Vec<Snapshot>,
    faults: Vec<Fault>,
    limits: Vec<String>,
    globals: Vec<String>,
    service: Option<ServiceRequest>,
    screenshots: Vec<Screenshot>,
    /// What the visitor arrives with instead of choosing on the page.
    seeds: Vec<&'a Seed>,
    /// Whether the user's script was followed up to the page that is meant.
    arrived: bool,
    /// By how much the page's clock was put forward in the phase that runs.
    ahead: Duration,
}

impl<'a> Walk<'a> {
    fn new(
        browser: &'a Browser,
        options: &'a Options,
        target: &'a Target,
        scenario: ScenarioId,
    ) -> Self {
        let mut choice = ChoiceOutcome::none();
        choice.asked = scenario.choice();
        Self {
            browser,
            options,
            target,
            scenario,
            shown: target.url.clone(),
            choice,
            phases: Vec::new(),
            snapshots: Vec::new(),
            faults: Vec::new(),
            limits: Vec::new(),
            globals: Vec::new(),
            service: opens_widget(scenario).then(ServiceRequest::none),
            screenshots: Vec::new(),
            seeds: match scenario.first_choice() {
                Choice::None => Vec::new(),
                first => options.seeds_for(first),
            },
            arrived: false,
            ahead: Duration::ZERO,
        }
    }

    async fn steps(&mut self, tab: &mut Tab, context: &str) -> Result<(), Fault> {
        let steps = match self.seeds.as_slice() {
            [] => self.scenario.steps(self.options.pages),
            _ => self.scenario.steps_with_record(self.options.pages),
        };
        let mut phases = steps.iter().filter_map(|step| match step {
            Step::Snapshot(phase) => Some(*phase),
            _ => None,
        });
        tab.shared.state().log.begin();
        if let Some(first) = phases.next() {
            tab.shared.state().log.enter(first);
        }
        let mut pressed = self.arrive(tab);
        let mut expected = true;
        for (done, step) in (1..).zip(&steps) {
            let began = Instant::now();
            match step {
                Step::Load => self.load(tab, context).await?,
                Step::Reload => {
                    let reload = tab.reload(self.shown.as_str(), self.options);
                    clock::alongside(tab, reload).await?;
                }
                Step::Settle => {
                    let by = if steps[done..].iter().any(acts) {
                        Quiet::Wall
                    } else {
                        quiet_by(self.options)
                    };
                    self.settle(tab, by).await?;
                }
                Step::ComeBack => {
                    let opened = open::open_instead(self.browser, context, tab);
                    *tab = clock::alongside(tab, opened).await?;
                    tab.shared.state().log.another_tab();
                }
                Step::LoadTwice => self.load_twice(tab, context).await?,
                Step::OpenWidget => {
                    let asked = choose::widget::open(tab, self.options);
                    self.service = Some(clock::alongside(tab, asked).await?);
                }
                Step::ReadPassively => clock::alongside(tab, passive::read(tab)).await?,
                Step::FastForward => self.forward(tab).await?,
                Step::FollowLinks(pages) => self.follow_links(tab, *pages).await?,
                Step::AwaitBanner(choice) => {
                    expected = choose::wait::for_banner(tab, self.options, *choice).await?;
                }
                Step::Choose(choice) => {
                    let choosing = choose::choose(tab, self.options, *choice, expected);
                    let attempt = clock::alongside(tab, choosing).await?;
                    self.choice = attempt.outcome.clone();
                    pressed = Some(attempt);
                }
                Step::Withdraw => {
                    if let Some(accepted) = pressed.take() {
                        let withdrawing = choose::withdraw(tab, self.options, &accepted);
                        let attempt = clock::alongside(tab, withdrawing).await?;
                        self.choice = attempt.outcome.clone();
                        pressed = Some(attempt);
                    }
                }
                Step::AnswerForm(choice) => {
                    let answering = choose::form::answer(tab, self.options, *choice);
                    self.choice = clock::alongside(tab, answering).await?;
                }
                Step::Snapshot(phase) => {
                    clock::alongside(tab, self.snapshot(tab, context, *phase)).await?;
                    if let Some(next) = phases.next() {
                        tab.shared.state().log.enter(next);
                    }
                    if let Some(attempt) = &mut pressed {
                        clock::alongside(tab, attempt.judge(tab, &self.snapshots)).await?;
                        self.choice = attempt.outcome.clone();
                    }
                    if opens_widget(self.scenario) {
                        choose::form::judge(&mut self.choice, &self.snapshots);
                    }
                }
            }
            tracing::debug!(
                scenario = self.scenario.as_str(),
                ?step,
                took = ?began.elapsed(),
                "step made"
            );
        }
        Ok(())
    }

    async fn settle(&mut self, tab: &Tab, by: Quiet) -> Result<(), Fault> {
        if !settle(tab, self.options, by).await {
            self.limit(format!(
                "the page was still busy after {}; what came later was not seen (--settle-max)",
                seconds(self.options.settle_max)
            ));
        }
        self.shown = clock::alongside(tab, page_check::check(tab, &self.target.url)).await?;
        Ok(())
    }

    async fn forward(&mut self, tab: &Tab) -> Result<(), Fault> {
        if self.options.page_life.is_zero() {
            return Ok(());
        }
        if self.options.real_time {
            return life::wait(tab, self.options.page_life).await;
        }
        let forwarded = life::forward(tab, self.options.page_life).await?;
        let waited = forwarded.waited.map_or(Duration::ZERO, |(rest, _)| rest);
        self.ahead += forwarded.life.saturating_sub(waited);
        if let Some((rest, why)) = forwarded.waited {
            self.limit(format!(
                "{} of the page's life were waited for instead of put forward, because of {why}",
                seconds(rest)
            ));
        }
        if let Some(why) = forwarded.stopped {
            // What was not seen must not count as clean.
            self.faults.push(tab.fault(
                FaultKind::Timeout,
                format!(
                    "only {} of {} of the page's life were seen, because of {why} (--page-life)",
                    seconds(forwarded.life),
                    seconds(self.options.page_life)
                ),
            ));
        }
        self.shown = clock::alongside(tab, page_check::check(tab, &self.target.url)).await?;
        Ok(())
    }

    async fn follow_links(&mut self, tab: &Tab, pages: u32) -> Result<(), Fault> {
        let host = self.shown.host_str().unwrap_or_default().to_owned();
        let visited = passive::follow_links(tab, self.options, pages, &host).await?;
        if visited.len() < usize::try_from(pages).unwrap_or(usize::MAX) {
            self.limit(format!(
                "only {} of {pages} further pages were found and visited",
                visited.len()
            ));
        }
        Ok(())
    }

    async fn snapshot(&mut self, tab: &Tab, context: &str, id: PhaseId) -> Result<(), Fault> {
        let mut snapshot = snapshot::take(tab, context, id).await?;
        snapshot.signals = signals::read(tab).await;
        snapshot.ahead_s = std::mem::take(&mut self.ahead).as_secs_f64();
        self.phases.push(Phase {
            id,
            at_ms: snapshot.at_ms,
        });
        self.snapshots.push(snapshot);
        if self.options.screenshots {
            match screenshot::take(tab, id).await {
                Ok(picture) => self.screenshots.push(picture),
                Err(why) => self.limit(format!(
                    "there is no screenshot of the end of {}: {why}",
                    id.as_str()
                )),
            }
        }
        for name in globals::present(tab, &self.options.globals).await? {
            if !self.globals.contains(&name) {
                self.globals.push(name);
            }
        }
        Ok(())
    }

    fn limit(&mut self, text: String) {
        if !self.limits.contains(&text) {
            self.limits.push(text);
        }
    }

    async fn close(mut self, tab: &Tab, context: &str) -> Visit {
        let limits = tab.shared.state().limits();
        limits.into_iter().for_each(|limit| self.limit(limit));
        // A record that is not whole must not look like one, however the steps ended.
        if self.faults.is_empty() && tab.shared.state().log.is_full() {
            self.faults.extend(tab.check_alive().err());
        }
        let unseen = tab.shared.state().unseen();
        if !unseen.is_empty() {
            let message = format!("not all of the page was seen: {}", unseen.join("; "));
            self.faults.push(tab.fault(FaultKind::LoadFailed, message));
        }
        open::discard(self.browser, context).await;
        let observations = self.search_sent(tab).await;
        let started = tab.shared.state().log.began_unix();
        self.into_visit(observations, started)
    }

    /// Takes the record and adds which stored values went to other sites.
    async fn search_sent(&mut self, tab: &Tab) -> Vec<Observation> {
        let (mut observations, contents) = {
            let mut state = tab.shared.state();
            (state.log.take(), state.requests.contents.take())
        };
        let mut snapshots = std::mem::take(&mut self.snapshots);
        let presets = &self.options.emulation.cookies;
        let host = host_of(self.target.url.as_str());
        preset::leave_out(presets, &host, &mut observations, &mut snapshots);
        let url = self.target.url.as_str();
        seed::leave_out(&self.seeds, url, &mut observations, &mut snapshots);
        let search = tokio::task::spawn_blocking(move || {
            let found = sent_values::find(&observations, &snapshots, &contents);
            let all = sent_values::merged(observations, found.observations);
            (all, snapshots, found.cut)
        });
        match search.await {
            Ok((observations, snapshots, cut)) => {
                self.snapshots = snapshots;
                if cut {
                    self.limit(
                        "not everything that the page sent was searched for stored values"
                            .to_owned(),
                    );
                }
                observations
            }
            // Only a bug ends the search; what it took with it is lost, and that is told.
            Err(error) => {
                let message = format!("what the page sent could not be searched: {error}");
                self.faults.push(tab.fault(FaultKind::LoadFailed, message));
                Vec::new()
            }
        }
    }

    fn into_visit(self, observations: Vec<Observation>, started: f64) -> Visit {
        Visit {
            url: self.target.url.clone(),
            final_url: self.shown,
            scenario: self.scenario,
            run: runs::first(),
            engine: self.browser.info.clone(),
            clock: if self.options.real_time {
                Clock::Real
            } else {
                Clock::FastForward
            },
            started,
            choice: self.choice,
            phases: self.phases,
            observations,
            snapshots: self.snapshots,
            faults: self.faults,
            limits: self.limits,
            predictions: Vec::new(),
            globals: self.globals,
            service: self.service,
            sealed: None,
            screenshots: self.screenshots,
        }
    }
}

/// Whether the visitor presses or scrolls.
fn acts(step: &Step) -> bool {
    matches!(
        step,
        Step::ReadPassively | Step::Choose(_) | Step::Withdraw | Step::AnswerForm(_)
    )
}
