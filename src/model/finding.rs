//! Findings: what a check says about a target, with the evidence for it.

use serde::{Deserialize, Serialize};

use super::item::Store;
use super::runs::Runs;
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
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
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
    /// In how many runs it was seen; `None` where there was one, or where it is about all of them.
    #[serde(default)]
    pub runs: Option<Runs>,
    /// One sentence: what was seen.
    pub message: String,
    /// One sentence: what to do about it.
    pub help: String,
    /// What supports it.
    pub evidence: Vec<Evidence>,
}

impl Finding {
    /// Says in how many runs it was seen. What no majority saw is likely and no more.
    pub fn seen_in_runs(&mut self, runs: Runs) {
        self.runs = Some(runs);
        if self.confidence == Confidence::Confirmed && !runs.is_majority() {
            self.confidence = Confidence::Likely;
            self.evidence.push(Evidence {
                kind: UNSTEADY.to_owned(),
                at_ms: None,
                text: format!(
                    "seen in {}, so that it is likely and no more",
                    runs.in_words()
                ),
                source: None,
            });
        }
    }

    /// Whether it would be confirmed, had most of the runs seen it.
    #[must_use]
    pub fn is_unsteady(&self) -> bool {
        self.evidence.iter().any(|e| e.kind == UNSTEADY)
    }
}

/// The kind of the evidence that too few runs saw a finding.
const UNSTEADY: &str = "runs";

/// One piece of evidence. Values in it are already redacted (see [`super::redact`]).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Evidence {
    /// What this is: `write`, `sent`, `present`, `refused`, `choice`, `catalogue`, `profile`,
    /// `fault`, `request`, `runs`; `waiver` or `baseline` where the finding does not fail the run because of
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
