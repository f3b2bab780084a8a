//! Builds findings. A finding cannot be built without a message, help and at least one piece of
//! evidence: the first evidence turns the [`FindingBuilder`] into an [`Evidenced`] one, and only
//! that one can be finished.

use super::Check;
use crate::model::finding::{Confidence, Evidence, Finding, FindingItem, Severity};
use crate::model::item::ItemKey;
use crate::model::scenario::{PhaseId, ScenarioId};

/// A finding that lacks its evidence.
pub(super) struct FindingBuilder {
    finding: Finding,
}

/// A finding with evidence.
pub(super) struct Evidenced {
    finding: Finding,
}

/// The two sentences of a finding.
pub(super) struct Says {
    /// What was seen.
    pub(super) message: String,
    /// What to do about it.
    pub(super) help: String,
}

impl FindingBuilder {
    pub(super) fn new(
        check: &dyn Check,
        severity: Severity,
        confidence: Confidence,
        says: Says,
    ) -> Self {
        Self {
            finding: Finding {
                check: check.id().to_owned(),
                class: check.class(),
                severity,
                confidence,
                scenario: None,
                phase: None,
                item: None,
                runs: None,
                message: says.message,
                help: says.help,
                evidence: Vec::new(),
            },
        }
    }

    /// Where it was seen.
    pub(super) fn seen_in(mut self, scenario: ScenarioId, phase: Option<PhaseId>) -> Self {
        self.finding.scenario = Some(scenario);
        self.finding.phase = phase;
        self
    }

    /// The item it is about.
    pub(super) fn about(mut self, key: &ItemKey) -> Self {
        self.finding.item = Some(FindingItem {
            store: key.store,
            name: key.name.clone(),
            place: key.place.clone(),
        });
        self
    }

    /// The most important evidence.
    pub(super) fn proven_by(mut self, evidence: Evidence) -> Evidenced {
        self.finding.evidence.push(evidence);
        Evidenced {
            finding: self.finding,
        }
    }
}

impl Evidenced {
    /// Further evidence, where there is some.
    pub(super) fn and(mut self, evidence: impl IntoIterator<Item = Evidence>) -> Self {
        self.finding.evidence.extend(evidence);
        self
    }

    pub(super) fn build(self) -> Finding {
        self.finding
    }
}
