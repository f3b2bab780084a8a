//! The visited page as something to act on: navigate, evaluate, press.
//!
//! Scripts of ours run in an isolated world, where the page's own changes to its globals do not reach.

use std::sync::Arc;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::cdp::{CdpError, Connection};
use super::fault::{fault, kind_of_net_error, of_call};
use super::watch::Shared;
use crate::engine::Options;
use crate::model::fault::{Fault, FaultKind};
use crate::model::site::plain_address;

/// The visited page.
#[derive(Clone)]
pub(super) struct Tab {
    /// The browser.
    pub(super) connection: Connection,
    /// The page's session.
    pub(super) session: String,
    /// The page's frame.
    pub(super) frame: String,
    /// What the watcher knows.
    pub(super) shared: Arc<Shared>,
}

impl Tab {
    /// Milliseconds since the visit began.
    pub(super) fn now_ms(&self) -> u64 {
        self.shared.state().log.now_ms()
    }

    /// A fault that happens now.
    pub(super) fn fault(&self, kind: FaultKind, message: impl Into<String>) -> Fault {
        fault(kind, self.now_ms(), message)
    }

    /// Sends a command to the page.
    pub(super) async fn call(&self, method: &'static str, params: Value) -> Result<Value, Fault> {
        self.try_call(method, params)
            .await
            .map_err(|error| of_call(&error, self.now_ms()))
    }

    /// The same, for commands whose failure does not end the visit.
    pub(super) async fn try_call(
        &self,
        method: &'static str,
        params: Value,
    ) -> Result<Value, CdpError> {
        if self.shared.state().crash().is_some() {
            // A crashed page does not answer any more.
            return Err(CdpError::Detached);
        }
        self.connection
            .call(Some(&self.session), method, params)
            .await
    }

    /// Opens `url` and waits for its `load` event.
    pub(super) async fn navigate(&self, url: &str, options: &Options) -> Result<(), Fault> {
        let deadline = Instant::now() + options.load_max;
        self.forget_document();
        let params = json!({"url": url, "transitionType": "typed"});
        let answer = self.connection.call_within(
            options.load_max,
            Some(&self.session),
            "Page.navigate",
            params,
        );
        let answer = answer.await.map_err(|error| match error {
            CdpError::Timeout(_) => self.fault(
                FaultKind::Timeout,
                format!(
                    "{} did not answer within {}",
                    plain_address(url),
                    seconds(options.load_max)
                ),
            ),
            other => of_call(&other, self.now_ms()),
        })?;
        if let Some(text) = answer["errorText"].as_str().filter(|t| !t.is_empty()) {
            return Err(self.navigation_failed(url, text).await);
        }
        self.wait_for_load(url, options, deadline).await
    }

    /// Loads the same page again.
    pub(super) async fn reload(&self, url: &str, options: &Options) -> Result<(), Fault> {
        let deadline = Instant::now() + options.load_max;
        self.forget_document();
        self.call("Page.reload", json!({})).await?;
        self.wait_for_load(url, options, deadline).await
    }

    pub(super) fn forget_document(&self) {
        let mut state = self.shared.state();
        if let Some(tab) = state.tab(&self.frame) {
            tab.loaded = false;
            tab.download = None;
        }
        state.requests.document = None;
        state.touch();
    }

    async fn wait_for_load(
        &self,
        url: &str,
        options: &Options,
        deadline: Instant,
    ) -> Result<(), Fault> {
        let left = deadline.saturating_duration_since(Instant::now());
        self.shared
            .wait(left, |s| {
                let tab = s.known_tab(&self.frame);
                s.is_over() || tab.loaded || tab.download.is_some()
            })
            .await;
        self.check_alive()?;
        let (loaded, failed) = {
            let state = self.shared.state();
            let unreachable = state
                .frames
                .get(&self.frame)
                .and_then(|f| f.unreachable.clone());
            (state.known_tab(&self.frame).loaded, unreachable)
        };
        match (loaded, failed) {
            (true, None) => Ok(()),
            (true, Some(url)) => {
                let message = format!("{} could not be loaded", plain_address(&url));
                Err(self.fault(FaultKind::LoadFailed, message))
            }
            (false, _) => Err(self.fault(
                FaultKind::Timeout,
                format!(
                    "{} did not finish loading within {}",
                    plain_address(url),
                    seconds(options.load_max)
                ),
            )),
        }
    }

    /// Whether the page is still there, still a page, and still recorded.
    pub(super) fn check_alive(&self) -> Result<(), Fault> {
        let (crash, download, full) = {
            let state = self.shared.state();
            let download = state.known_tab(&self.frame).download.clone();
            (state.crash().cloned(), download, state.log.is_full())
        };
        if let Some(crash) = crash {
            return Err(self.fault(FaultKind::BrowserCrash, crash));
        }
        if let Some(url) = download {
            return Err(self.fault(
                FaultKind::Download,
                format!("{} is a file to download, not a page", plain_address(&url)),
            ));
        }
        if full {
            return Err(self.fault(
                FaultKind::LoadFailed,
                "the page did more than can be recorded; what came after that was not seen",
            ));
        }
        Ok(())
    }

    async fn navigation_failed(&self, url: &str, text: &str) -> Fault {
        if text == "net::ERR_ABORTED" {
            // The announcement of a download may come after the answer.
            self.shared
                .wait(Duration::from_millis(500), |s| {
                    s.known_tab(&self.frame).download.is_some()
                })
                .await;
            if let Err(fault) = self.check_alive() {
                return fault;
            }
        }
        self.fault(
            kind_of_net_error(text),
            format!("{} could not be loaded: {text}", plain_address(url)),
        )
    }

    /// Evaluates a function expression in an isolated world of the page's top document, with JSON
    /// arguments, and returns its JSON result.
    pub(super) async fn evaluate(&self, function: &str, argument: &Value) -> Result<Value, Fault> {
        let world = self
            .call(
                "Page.createIsolatedWorld",
                json!({"frameId": self.frame, "worldName": "preconsent"}),
            )
            .await?;
        let answer = self
            .call(
                "Runtime.evaluate",
                json!({
                    "contextId": world["executionContextId"],
                    "expression": format!("({function})({argument})"),
                    "returnByValue": true,
                    "awaitPromise": true,
                }),
            )
            .await?;
        match answer.get("exceptionDetails") {
            Some(details) => Err(self.fault(
                FaultKind::LoadFailed,
                format!("the page could not be read: {}", exception(details)),
            )),
            None => Ok(answer["result"]["value"].clone()),
        }
    }
}

fn exception(details: &Value) -> &str {
    details["exception"]["description"]
        .as_str()
        .or_else(|| details["text"].as_str())
        .unwrap_or("unknown error")
        .lines()
        .next()
        .unwrap_or_default()
}

/// A duration for people.
pub(super) fn seconds(duration: Duration) -> String {
    format!("{} s", duration.as_secs_f64())
}
