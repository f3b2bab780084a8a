//! The report: everything that a run has to say, ready to be rendered. The verdicts are in it, so
//! that every format says the same.

use serde::{Deserialize, Serialize};

use super::chain::Cause;
use super::choice::ChoiceOutcome;
use super::coverage::Coverage;
use super::fault::Fault;
use super::finding::Finding;
use super::item::{ItemKey, Party, Presence, SentTo};
use super::observation::Writer;
use super::role::Role;
use super::runs::{self, Runs};
use super::scenario::{PhaseId, ScenarioId};
use super::signal::PhaseSignal;
use super::visit::{Clock, EngineInfo, Phase, ServiceRequest};

/// What the run comes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// Everything was observed, nothing at or above the limit was found.
    Pass,
    /// Nothing failed, but something could not be observed or proven.
    Inconclusive,
    /// There are findings at or above the limit.
    Fail,
}

impl Verdict {
    /// The word used in reports.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Pass => "pass",
            Self::Inconclusive => "inconclusive",
            Self::Fail => "fail",
        }
    }

    /// The verdict of two together: fail beats inconclusive, inconclusive beats pass.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::Fail, _) | (_, Self::Fail) => Self::Fail,
            (Self::Inconclusive, _) | (_, Self::Inconclusive) => Self::Inconclusive,
            _ => Self::Pass,
        }
    }
}

/// A whole run.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Report {
    /// Name and version of this program.
    pub tool: Tool,
    /// When the run began, RFC 3339 in UTC.
    pub started: String,
    /// The profile's id.
    pub profile: String,
    /// All targets' verdicts together.
    pub verdict: Verdict,
    /// Numbers over all targets.
    pub summary: Summary,
    /// One per target, in the order they were asked for.
    pub targets: Vec<TargetReport>,
}

/// Name and version of this program.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tool {
    /// `preconsent`.
    pub name: String,
    /// Semantic version.
    pub version: String,
}

impl Tool {
    /// This program, as it was built.
    #[must_use]
    pub fn this() -> Self {
        Self {
            name: env!("CARGO_PKG_NAME").to_owned(),
            version: env!("CARGO_PKG_VERSION").to_owned(),
        }
    }
}

/// Numbers over all targets.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Summary {
    /// Targets in all.
    pub targets: usize,
    /// Targets that passed.
    pub pass: usize,
    /// Targets that failed.
    pub fail: usize,
    /// Targets without a conclusion.
    pub inconclusive: usize,
    /// Findings of severity error about the sites (health findings are not counted).
    pub errors: usize,
    /// Findings of severity warn about the sites.
    pub warnings: usize,
    /// Findings of severity info about the sites.
    pub infos: usize,
    /// Items in all.
    pub items: usize,
}

/// One target.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TargetReport {
    /// The address asked for.
    pub url: String,
    /// The address of the page that was shown.
    pub final_url: String,
    /// Pass, fail or inconclusive.
    pub verdict: Verdict,
    /// Why it is not a pass, one sentence each, most important first; empty for a pass.
    pub reasons: Vec<String>,
    /// The faults of all visits, each once.
    pub faults: Vec<Fault>,
    /// The providers that were found.
    pub providers: Vec<ProviderSeen>,
    /// The visits in scenario order, those of one scenario in the order of the runs.
    pub visits: Vec<VisitSummary>,
    /// Every item of every visit.
    pub items: Vec<ReportItem>,
    /// Findings: by severity, then check order, then item.
    pub findings: Vec<Finding>,
    /// Which check could judge which visit, in the order of the checks.
    #[serde(default)]
    pub coverage: Vec<Coverage>,
    /// What was not seen, each once.
    pub limits: Vec<String>,
}

/// A provider and why it is believed to be there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProviderSeen {
    /// The catalogue's id for it (its file name without ending).
    pub id: String,
    /// Its name.
    pub name: String,
    /// Requests, globals or writers that show it, a few, in words.
    pub evidence: Vec<String>,
}

/// A visit without its observations.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct VisitSummary {
    /// The scenario.
    pub scenario: ScenarioId,
    /// In which run, counted from 1.
    #[serde(default = "runs::first")]
    pub run: u32,
    /// The engine.
    pub engine: EngineInfo,
    /// The page's clock.
    pub clock: Clock,
    /// The choice step.
    pub choice: ChoiceOutcome,
    /// The service that was asked for, in scenarios that do.
    pub service: Option<ServiceRequest>,
    /// Completed phases.
    pub phases: Vec<Phase>,
    /// Faults.
    pub faults: Vec<Fault>,
    /// What the page said about consent, by phase.
    #[serde(default)]
    pub signals: Vec<PhaseSignal>,
}

/// Whether an item was seen or only follows from code that was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ItemStatus {
    /// A browser or a response showed it.
    Observed,
    /// The catalogue says that code found in the page would store it.
    Predicted,
}

impl ItemStatus {
    /// The word used in reports.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Observed => "observed",
            Self::Predicted => "predicted",
        }
    }
}

/// One item over all visits of a target, with what the catalogue says of it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ReportItem {
    /// Which one.
    pub key: ItemKey,
    /// First or third party.
    pub party: Party,
    /// The provider's name, where an entry matched.
    pub provider: Option<String>,
    /// The entry's name pattern, where one matched.
    pub entry: Option<String>,
    /// Catalogue file and line of the entry.
    pub entry_place: Option<String>,
    /// Other names the vendor's documentation uses for it.
    pub documented_as: Vec<String>,
    /// Our role; `unclassified` without an entry.
    pub role: Role,
    /// Whether the profile exempts it from consent.
    pub exempt: bool,
    /// The vendor's own word for the role.
    pub claimed_role: Option<String>,
    /// Seen or predicted.
    pub status: ItemStatus,
    /// Lifetimes.
    pub lifetime: ItemLifetime,
    /// Scenario, phase and presence, in order.
    pub seen: Vec<Sighting>,
    /// Who wrote it first.
    pub first_writer: Writer,
    /// What else is known of it.
    #[serde(default)]
    pub details: ItemDetails,
}

/// What is told of an item besides what everyone asks first.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ItemDetails {
    /// What led to the first write, from the writer up to the page's tag.
    pub chain: Vec<Cause>,
    /// Whether the cookie belongs to its host alone; `None` for storage and where it is not known.
    pub host_only: Option<bool>,
    /// The browser's reasons, where a write was refused.
    pub refused: Vec<String>,
    /// Whom it was sent to in which visit.
    pub sent_to: Vec<(ScenarioId, SentTo)>,
    /// In how many runs it was seen; `None` where there was one.
    pub runs: Option<Runs>,
}

/// The three lifetimes of an item.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ItemLifetime {
    /// What the catalogue says: `session`, an ISO 8601 duration, `until-cleared`, `transient`.
    pub declared: Option<String>,
    /// The longest that a write asked for, in seconds.
    pub requested_s: Option<i64>,
    /// What the browser keeps, in seconds.
    pub stored_s: Option<i64>,
}

/// An item in one phase of one visit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sighting {
    /// The scenario.
    pub scenario: ScenarioId,
    /// The phase.
    pub phase: PhaseId,
    /// What became of it.
    pub presence: Presence,
}
