//! Options that engines share: how long to wait, where hosts are, what to accept.

use std::time::Duration;

use regex::Regex;

use super::emulation::Emulation;
use crate::consent::recipe::Recipe;
use crate::model::role::Role;

pub use super::resolve::Resolve;

/// Options of an engine. Build with `Options::default()` and change what differs.
#[derive(Debug, Clone)]
pub struct Options {
    /// Fixed addresses for hosts; see [`Resolve::in_order`].
    pub resolve: Vec<Resolve>,
    /// Accept any certificate.
    pub insecure: bool,
    /// What the visitor is made to look like.
    pub emulation: Emulation,
    /// Longest wait for a page to become quiet.
    pub settle_max: Duration,
    /// Longest wait for a page to answer and fire its `load` event.
    pub load_max: Duration,
    /// How much of the page's own time is fast-forwarded before the last snapshot.
    pub page_life: Duration,
    /// Wait by the wall clock instead of putting the page's clock forward.
    pub real_time: bool,
    /// How many same-site links the passive reader follows.
    pub pages: u32,
    /// How long providers may be quiet before they are done.
    pub settle_hints: Vec<SettleHint>,
    /// Widgets that can be asked for a service.
    pub widgets: Vec<WidgetHint>,
    /// Globals to look for in the page.
    pub globals: Vec<String>,
    /// Code to look for in pages that no script runs in.
    pub snippets: Vec<SnippetPattern>,
    /// Keep what the page looks like at the end of each phase.
    pub screenshots: bool,
    /// Consent platforms that are known.
    pub recipes: Vec<Recipe>,
    /// What the visitor of the scenario custom allows; all else is refused.
    pub allow: Vec<Role>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            resolve: Vec::new(),
            insecure: false,
            emulation: Emulation::default(),
            settle_max: Duration::from_secs(10),
            load_max: Duration::from_secs(30),
            page_life: Duration::from_secs(30),
            real_time: false,
            pages: 0,
            settle_hints: Vec::new(),
            widgets: Vec::new(),
            globals: Vec::new(),
            snippets: Vec::new(),
            screenshots: false,
            recipes: Vec::new(),
            allow: Vec::new(),
        }
    }
}

impl Options {
    /// What in these options changes what an engine sees, as sentences for the report.
    #[must_use]
    pub fn settings(&self) -> Vec<String> {
        let mut settings = Vec::new();
        if !self.resolve.is_empty() {
            let rules: Vec<String> = self.resolve.iter().map(ToString::to_string).collect();
            settings.push(format!(
                "hosts resolved by hand: {} (--resolve)",
                rules.join(", ")
            ));
        }
        if self.insecure {
            settings.push("certificates not checked (--insecure)".to_owned());
        }
        settings.extend(self.emulation.settings());
        settings
    }
}

/// What a catalogue says about waiting for a provider.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SettleHint {
    /// Host pattern; the hint counts once a request went there.
    pub host: String,
    /// How long network and storage must then be quiet.
    pub quiet: Duration,
}

/// How a visitor asks for a provider's service.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WidgetHint {
    /// The provider's id in the catalogue.
    pub provider: String,
    /// The service (`chat`).
    pub service: String,
    /// Selectors of what a visitor presses, in order.
    pub press: Vec<String>,
    /// Path of a function of the page that does the same (`Tawk_API.maximize`).
    pub call: Option<String>,
    /// Path of a function of the page that answers `true` once the widget is open.
    pub opened: String,
}

/// How a provider's code looks in a page, for the engine that does not run it.
///
/// The pattern is searched for in the addresses of the page's elements (absolute, with their
/// scheme) and in the text of its scripts. Its named groups become a prediction's captures, which
/// name patterns of the catalogue need: `embed\.tawk\.to/(?<property_id>[0-9a-f]{24})/…`.
#[derive(Debug, Clone)]
pub struct SnippetPattern {
    /// The provider's id in the catalogue.
    pub provider: String,
    /// What to search for.
    pub regex: Regex,
}
