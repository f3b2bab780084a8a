//! Findings: what a check says about a target, with the evidence for it.

use serde::{Deserialize, Serialize};

use super::item::Store;
use super::scenario::{PhaseId, ScenarioId};

/// How bad a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Severity {
    /// Worth knowing.
    Info,
    /// Should be looked at.
    Warn,
    /// A potential violation.
    Error,
}

impl Severity {
    /// The word used in reports.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Info => "info",
            Self::Warn => "warn",
            Self::Error => "error",
        }
    }
}

/// How sure a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Confidence {
    /// Rests on a heuristic; never fails a run by itself.
    Likely,
    /// Rests on the catalogue and on deterministic evidence.
    Confirmed,
}

impl Confidence {
    /// The word used in reports.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Likely => "likely",
            Self::Confirmed => "confirmed",
        }
    }
}

/// What kind of statement a check makes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Class {
    /// About the site.
    Judgement,
    /// About the run itself: never a violation, never a pass.
    Health,
}

/// The item a finding is about.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct FindingItem {
    /// Where it is kept.
    pub store: Store,
    /// Its name.
    pub name: String,
    /// Cookies: host or domain. Storage: origin.
    pub place: String,
}

/// One judgement.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Finding {
    /// The check's id.
    pub check: String,
    /// About the site, or about the run.
    pub class: Class,
    /// How bad.
    pub severity: Severity,
    /// How sure.
    pub confidence: Confidence,
    /// The scenario it was seen in, where it belongs to one.
    pub scenario: Option<ScenarioId>,
    /// The phase it was seen in, where it belongs to one.
    pub phase: Option<PhaseId>,
    /// The item it is about, if it is about one.
    pub item: Option<FindingItem>,
    /// One sentence: what was seen.
    pub message: String,
    /// One sentence: what to do about it.
    pub help: String,
    /// What supports it.
    pub evidence: Vec<Evidence>,
}

/// One piece of evidence. Values in it are already redacted (see [`super::redact`]).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Evidence {
    /// What this is: `write`, `sent`, `present`, `refused`, `choice`, `catalogue`, `profile`,
    /// `fault`, `request`; `waiver` or `baseline` where the finding does not fail the run because of
    /// one.
    pub kind: String,
    /// When, in milliseconds since the visit began.
    pub at_ms: Option<u64>,
    /// The evidence itself: a raw line with its value redacted, a rule's text.
    pub text: String,
    /// Where it comes from: response or script URL with line and column, or catalogue file and
    /// line.
    pub source: Option<String>,
}
