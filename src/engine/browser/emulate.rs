//! The visitor's settings on every target of a visit: commands that are sent while it is paused, and
//! the headers that go along with requests to the target's site.
//!
//! Headers are added to one request at a time while it is held back, and a redirect's next hop is a
//! request of its own; headers for a whole session would also go to every third party. What the
//! command line of the browser cannot say (or could not, where it was already running) is said here.

use std::sync::Arc;

use serde_json::{Value, json};
use url::Url;

use super::cdp::protocol::RequestPaused;
use crate::engine::emulation::Emulation;

/// The settings of one visit.
#[derive(Debug, Clone)]
pub(super) struct Emulated {
    emulation: Arc<Emulation>,
    target: Url,
}

/// A command and whether the visit depends on it.
pub(super) struct Command {
    pub(super) method: &'static str,
    pub(super) params: Value,
    /// One that does not may fail because it is already so: language and time zone hold for a whole
    /// process.
    pub(super) needed: bool,
}

impl Emulated {
    /// The settings for a visit to `target`.
    pub(super) fn new(emulation: &Emulation, target: &Url) -> Self {
        Self {
            emulation: Arc::new(emulation.clone()),
            target: target.clone(),
        }
    }

    /// What a target of this kind is told.
    pub(super) fn commands(&self, kind: &str) -> Vec<Command> {
        let mut commands = Vec::new();
        let mut tell = |method, params, needed| {
            commands.push(Command {
                method,
                params,
                needed,
            });
        };
        if let Some(zone) = &self.emulation.timezone {
            let zone = json!({"timezoneId": zone.as_str()});
            tell("Emulation.setTimezoneOverride", zone, false);
        }
        if let Some(locale) = &self.emulation.locale {
            let locale = json!({"locale": locale.as_str()});
            tell("Emulation.setLocaleOverride", locale, false);
        }
        let touch = json!({"enabled": true, "maxTouchPoints": 5});
        if self.emulation.mobile && matches!(kind, "page" | "iframe") {
            tell("Emulation.setTouchEmulationEnabled", touch, kind == "page");
        }
        if let Some(area) = self.emulation.area().filter(|_| kind == "page") {
            let metrics = json!({
                "width": area.width,
                "height": area.height,
                "deviceScaleFactor": if self.emulation.mobile { 2.625 } else { 1.0 },
                "mobile": self.emulation.mobile,
            });
            tell("Emulation.setDeviceMetricsOverride", metrics, true);
        }
        if !self.emulation.headers.is_empty() {
            let all = json!({"patterns": [{"urlPattern": "http*"}]});
            tell("Fetch.enable", all, matches!(kind, "page" | "iframe"));
        }
        commands
    }

    /// Lets a request go on that was held back, with the headers that belong to it.
    pub(super) fn go_on(&self, paused: RequestPaused) -> Value {
        let request = paused.request;
        let extra = self.emulation.headers_for(&self.target, &request.url);
        if extra.is_empty() {
            return json!({"requestId": paused.request_id});
        }
        let given = |name: &str| extra.iter().any(|h| h.name().eq_ignore_ascii_case(name));
        let own = request.headers.into_iter().filter(|(name, _)| !given(name));
        let extra = extra
            .iter()
            .map(|h| (h.name().to_owned(), h.value().to_owned()));
        let headers: Vec<Value> = own
            .chain(extra)
            .map(|(name, value)| json!({"name": name, "value": value}))
            .collect();
        json!({"requestId": paused.request_id, "headers": headers})
    }

    /// The cookies that the visitor arrives with, as parameters of `Storage.setCookies`.
    pub(super) fn cookies(&self, context: &str) -> Option<Value> {
        let presets = &self.emulation.cookies;
        let cookies: Vec<Value> = presets
            .iter()
            .map(|cookie| {
                let prefixed = ["__Secure-", "__Host-"];
                json!({
                    "name": cookie.name(),
                    "value": cookie.value(),
                    "url": self.target.as_str(),
                    "path": "/",
                    "secure": prefixed.iter().any(|p| cookie.name().starts_with(p)),
                })
            })
            .collect();
        (!cookies.is_empty()).then(|| json!({"cookies": cookies, "browserContextId": context}))
    }
}
