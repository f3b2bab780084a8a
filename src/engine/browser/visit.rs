//! One visit: a browser context of its own, a page in it, and the scenario's steps one by one. A step
//! that cannot be made ends the visit with a fault; what was seen until then is kept.

use std::sync::Arc;
use std::time::Duration;

use serde_json::{Value, json};
use url::Url;

use super::attach::{SETUP_MAX, Setup};
use super::cdp::CdpError;
use super::collect::State;
use super::fault::{fault, of_call};
use super::settle::settle;
use super::tab::{Tab, seconds};
use super::watch::{Shared, watch};
use super::{Browser, choose, clock, page_check, passive, snapshot};
use crate::engine::Options;
use crate::model::choice::ChoiceOutcome;
use crate::model::fault::{Fault, FaultKind};
use crate::model::scenario::{PhaseId, ScenarioId, Step};
use crate::model::snapshot::Snapshot;
use crate::model::target::Target;
use crate::model::visit::{Clock, Phase, Visit};

/// Makes one visit.
pub(super) async fn run(
    browser: &Browser,
    options: &Options,
    target: &Target,
    scenario: ScenarioId,
) -> Visit {
    let mut walk = Walk::new(browser, options, target, scenario);
    match walk.open().await {
        Ok((tab, context)) => {
            if let Err(fault) = walk.steps(&tab, &context).await {
                walk.faults.push(fault);
            }
            walk.close(&tab, &context).await
        }
        Err(fault) => {
            walk.faults.push(fault);
            walk.into_visit(None)
        }
    }
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
        }
    }

    /// Opens an empty page in a context of its own, with every listener in place.
    async fn open(&self) -> Result<(Tab, String), Fault> {
        let connection = &self.browser.connection;
        let failed = |error: CdpError| of_call(&error, 0);
        let answer = connection
            .call(
                None,
                "Target.createBrowserContext",
                json!({"disposeOnDetach": true}),
            )
            .await
            .map_err(failed)?;
        let context = text(&answer["browserContextId"]);
        let events = self.browser.router.enter(&context);
        connection
            .call(
                None,
                "Browser.setDownloadBehavior",
                json!({"behavior": "deny", "browserContextId": context, "eventsEnabled": true}),
            )
            .await
            .map_err(failed)?;
        let page = json!({"url": "about:blank", "browserContextId": context});
        let answer = connection
            .call(None, "Target.createTarget", page)
            .await
            .map_err(failed)?;
        let frame = text(&answer["targetId"]);
        let shared = Shared::new(State::new(frame.clone()));
        let setup = Setup {
            binding: self.browser.binding.clone(),
            identity: self.browser.identity.clone(),
        };
        tokio::spawn(watch(
            Arc::clone(&shared),
            connection.clone(),
            setup,
            events,
        ));
        let session = ready(&shared).await?;
        let tab = Tab {
            connection: connection.clone(),
            session,
            frame,
            shared,
        };
        Ok((tab, context))
    }

    async fn steps(&mut self, tab: &Tab, context: &str) -> Result<(), Fault> {
        let steps = self.scenario.steps(self.options.pages);
        let mut phases = steps.iter().filter_map(|step| match step {
            Step::Snapshot(phase) => Some(*phase),
            _ => None,
        });
        tab.shared.state().log.begin();
        if let Some(first) = phases.next() {
            tab.shared.state().log.enter(first);
        }
        let mut pressed = None;
        for step in &steps {
            match step {
                Step::Load => tab.navigate(self.target.url.as_str(), self.options).await?,
                Step::Reload => tab.reload(self.shown.as_str(), self.options).await?,
                Step::Settle => self.settle(tab).await?,
                Step::ReadPassively => passive::read(tab).await?,
                Step::FastForward => self.forward(tab).await?,
                Step::FollowLinks(pages) => self.follow_links(tab, *pages).await?,
                Step::Choose(choice) => {
                    let attempt = choose::choose(tab, self.options, *choice).await?;
                    self.choice = attempt.outcome.clone();
                    pressed = Some(attempt);
                }
                Step::Snapshot(phase) => {
                    self.snapshot(tab, context, *phase).await?;
                    if let Some(next) = phases.next() {
                        tab.shared.state().log.enter(next);
                    }
                    if let Some(attempt) = &mut pressed {
                        attempt.judge(tab, &self.snapshots).await?;
                        self.choice = attempt.outcome.clone();
                    }
                }
            }
        }
        Ok(())
    }

    async fn settle(&mut self, tab: &Tab) -> Result<(), Fault> {
        if !settle(&tab.shared, self.options).await {
            self.limit(format!(
                "the page was still busy after {}; what came later was not seen (--settle-max)",
                seconds(self.options.settle_max)
            ));
        }
        self.shown = page_check::check(tab, &self.target.url).await?;
        Ok(())
    }

    async fn forward(&mut self, tab: &Tab) -> Result<(), Fault> {
        if self.options.page_life.is_zero() {
            return Ok(());
        }
        let forwarded = clock::forward(tab, self.options.page_life).await?;
        if let Some(why) = forwarded.stopped {
            self.limit(format!(
                "the page's clock was put forward by {} instead of {}, because of {why}; what comes later was not seen",
                seconds(forwarded.life),
                seconds(self.options.page_life)
            ));
        }
        self.shown = page_check::check(tab, &self.target.url).await?;
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
        let snapshot = snapshot::take(tab, context, id).await?;
        self.phases.push(Phase {
            id,
            at_ms: snapshot.at_ms,
        });
        self.snapshots.push(snapshot);
        for name in self.present_globals(tab).await? {
            if !self.globals.contains(&name) {
                self.globals.push(name);
            }
        }
        Ok(())
    }

    /// Which of the catalogue's globals the page has. Looked up in the page's own world, without
    /// calling anything of the page's.
    async fn present_globals(&self, tab: &Tab) -> Result<Vec<String>, Fault> {
        if self.options.globals.is_empty() {
            return Ok(Vec::new());
        }
        let names = json!(self.options.globals);
        let answer = tab
            .call(
                "Runtime.evaluate",
                json!({
                    "expression": format!("{names}.filter((name) => name in globalThis)"),
                    "returnByValue": true,
                    "throwOnSideEffect": true,
                }),
            )
            .await?;
        Ok(serde_json::from_value(answer["result"]["value"].clone()).unwrap_or_default())
    }

    fn limit(&mut self, text: String) {
        if !self.limits.contains(&text) {
            self.limits.push(text);
        }
    }

    async fn close(mut self, tab: &Tab, context: &str) -> Visit {
        let (dropped, unplaced, dialogs) = {
            let state = tab.shared.state();
            (
                state.log.dropped(),
                state.requests.unplaced(),
                state.top.dialogs,
            )
        };
        if dropped > 0 {
            self.limit(format!("{dropped} further events were not recorded"));
        }
        if unplaced > 0 {
            self.limit(format!(
                "{unplaced} responses with cookies could not be given an address"
            ));
        }
        if dialogs > 0 {
            self.limit("the page opened dialogs, which were confirmed at once".to_owned());
        }
        let dispose = tab.connection.call(
            None,
            "Target.disposeBrowserContext",
            json!({"browserContextId": context}),
        );
        // The context may be gone with the browser; that is a fault of its own.
        let _ = dispose.await;
        self.browser.router.leave(context);
        self.into_visit(Some(&tab.shared))
    }

    fn into_visit(self, shared: Option<&Shared>) -> Visit {
        let (observations, started) = shared.map_or_else(
            || (Vec::new(), super::collect::log::unix_now()),
            |shared| {
                let mut state = shared.state();
                (state.log.take(), state.log.began_unix())
            },
        );
        Visit {
            url: self.target.url.clone(),
            final_url: self.shown,
            scenario: self.scenario,
            engine: self.browser.info.clone(),
            clock: if self.options.page_life.is_zero() {
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
        }
    }
}

/// Waits until the page's listeners stand.
async fn ready(shared: &Shared) -> Result<String, Fault> {
    let longest = SETUP_MAX + Duration::from_secs(1);
    shared
        .wait(longest, |s| s.top.ready || s.top.crash.is_some())
        .await;
    let state = shared.state();
    let at_ms = state.log.now_ms();
    if let Some(crash) = &state.top.crash {
        return Err(fault(FaultKind::BrowserCrash, at_ms, crash));
    }
    match (&state.top.session, &state.top.setup_error) {
        (Some(session), None) if state.top.ready => Ok(session.clone()),
        (_, error) => {
            let detail = error.as_deref().unwrap_or("no page was announced");
            let message = format!(
                "the browser did not open an empty page in time ({detail}); this machine may be too busy for so many visits at once"
            );
            Err(fault(FaultKind::Timeout, at_ms, message))
        }
    }
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}
