//! A visit: one run of one scenario by one engine in a fresh profile.

use serde::{Deserialize, Serialize};
use url::Url;

use super::choice::{ChoiceOutcome, ChoiceState};
use super::fault::Fault;
use super::observation::Observation;
use super::runs;
use super::scenario::{PhaseId, ScenarioId};
use super::sealed::Sealed;
use super::snapshot::Snapshot;

/// Everything an engine saw in one visit.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Visit {
    /// The address asked for.
    pub url: Url,
    /// The address of the page that was shown; the same as `url` if none was.
    pub final_url: Url,
    /// What the visitor did.
    pub scenario: ScenarioId,
    /// In which run, counted from 1.
    #[serde(default = "runs::first", skip_serializing_if = "runs::is_first")]
    pub run: u32,
    /// Who looked.
    pub engine: EngineInfo,
    /// Which clock the page lived by.
    pub clock: Clock,
    /// When the visit began, as seconds since 1970.
    pub started: f64,
    /// The choice step.
    pub choice: ChoiceOutcome,
    /// The phases that were completed, in order.
    pub phases: Vec<Phase>,
    /// All that happened, in order of time.
    pub observations: Vec<Observation>,
    /// One per completed phase.
    pub snapshots: Vec<Snapshot>,
    /// Why the visit, or a part of it, could not be made.
    pub faults: Vec<Fault>,
    /// What this visit could not see, one sentence each. Not a failure, but to be told.
    pub limits: Vec<String>,
    /// Items that were not observed but follow from code found in the page (http engine only).
    #[serde(default)]
    pub predictions: Vec<Prediction>,
    /// Names of globals found in the page that a provider's `present_if` asked for.
    #[serde(default)]
    pub globals: Vec<String>,
    /// The service that the visitor asked for, in scenarios that do.
    #[serde(default)]
    pub service: Option<ServiceRequest>,
    /// What is known of the values, where stand-ins have taken their place.
    #[serde(default)]
    pub sealed: Option<Sealed>,
    /// What the page looked like, where that was asked for. They are files of their own.
    #[serde(skip)]
    pub screenshots: Vec<Screenshot>,
}

/// What the page looked like at the end of a phase.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Screenshot {
    /// The phase.
    pub phase: PhaseId,
    /// The picture.
    pub png: Vec<u8>,
}

impl Visit {
    /// Whether the visit was made to its end without a fault.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        self.faults.is_empty()
    }

    /// The snapshot of a phase, if it was reached.
    #[must_use]
    pub fn snapshot(&self, phase: PhaseId) -> Option<&Snapshot> {
        self.snapshots.iter().find(|s| s.phase == phase)
    }
}

/// A completed phase.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Phase {
    /// Which one.
    pub id: PhaseId,
    /// When it ended, in milliseconds since the visit began.
    pub at_ms: u64,
}

/// Which clock the page lived by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Clock {
    /// The wall clock.
    Real,
    /// The wall clock until the page's requests were answered, then put forward: until it was quiet,
    /// and at the end by `--page-life`.
    FastForward,
    /// No page ran at all.
    None,
}

/// The engine and what about it matters for what it can see.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EngineInfo {
    /// `browser`, `http` or `replay`.
    pub name: String,
    /// Product and version, such as `Chrome/156.0.8078.79`.
    pub product: String,
    /// Settings that change what is seen, as sentences for the report: third-party cookies, the
    /// sandbox, resolved hosts, accepted certificates.
    pub settings: Vec<String>,
}

/// A provider whose code was found in a page that no script ran in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Prediction {
    /// The provider's id in the catalogue.
    pub provider: String,
    /// The address of the script or document that means the provider.
    pub url: String,
    /// Values that name patterns need, such as `property_id`.
    pub captures: Vec<(String, String)>,
    /// True when the code is held back until a choice (`type="text/plain"`, `data-src`, …).
    pub gated: bool,
    /// Where it was found, in words.
    pub evidence: String,
}

/// A visitor's request for a service that a widget offers, such as the chat, and what came of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ServiceRequest {
    /// The service, in the catalogue's word (`chat`); `None` if no widget was found.
    pub service: Option<String>,
    /// The provider's id in the catalogue; `None` if no widget was found.
    pub provider: Option<String>,
    /// Whether the widget opened.
    pub state: ChoiceState,
    /// When it was asked for, in milliseconds since the visit began.
    pub at_ms: Option<u64>,
    /// What supports the state, one sentence each.
    pub evidence: Vec<String>,
}

impl ServiceRequest {
    /// The request of a visitor who has found nothing to ask yet.
    #[must_use]
    pub fn none() -> Self {
        Self {
            service: None,
            provider: None,
            state: ChoiceState::None,
            at_ms: None,
            evidence: Vec::new(),
        }
    }

    /// Whether the visitor is known to have asked for this provider's service of this name.
    #[must_use]
    pub fn is_for(&self, provider: &str, service: Option<&str>) -> bool {
        let pressed = matches!(self.state, ChoiceState::Proven | ChoiceState::Unproven);
        pressed
            && service.is_some()
            && self.service.as_deref() == service
            && self.provider.as_deref() == Some(provider)
    }
}
