//! Version 1: a finding and its evidence.

use serde::Serialize;

use super::item::Place;
use crate::model;
use crate::model::finding::Class;

#[derive(Serialize)]
pub(super) struct Finding<'a> {
    check: &'a str,
    class: &'static str,
    severity: &'static str,
    confidence: &'static str,
    scenario: Option<&'static str>,
    phase: Option<&'static str>,
    item: Option<FindingItem<'a>>,
    runs: Option<Runs>,
    message: &'a str,
    help: &'a str,
    evidence: Vec<Evidence<'a>>,
}

impl<'a> From<&'a model::finding::Finding> for Finding<'a> {
    fn from(finding: &'a model::finding::Finding) -> Self {
        Self {
            check: &finding.check,
            class: match finding.class {
                Class::Judgement => "judgement",
                Class::Health => "health",
            },
            severity: finding.severity.as_str(),
            confidence: finding.confidence.as_str(),
            scenario: finding.scenario.map(model::scenario::ScenarioId::as_str),
            phase: finding.phase.map(model::scenario::PhaseId::as_str),
            item: finding.item.as_ref().map(|item| FindingItem {
                store: item.store.as_str(),
                name: &item.name,
                place: Place::new(item.store, &item.place),
            }),
            runs: finding.runs.map(Runs::from),
            message: &finding.message,
            help: &finding.help,
            evidence: finding.evidence.iter().map(Evidence::from).collect(),
        }
    }
}

#[derive(Serialize)]
pub(super) struct Runs {
    seen: u32,
    of: u32,
}

impl From<model::runs::Runs> for Runs {
    fn from(runs: model::runs::Runs) -> Self {
        Self {
            seen: runs.seen,
            of: runs.of,
        }
    }
}

#[derive(Serialize)]
struct FindingItem<'a> {
    store: &'static str,
    name: &'a str,
    #[serde(flatten)]
    place: Place<'a>,
}

#[derive(Serialize)]
struct Evidence<'a> {
    kind: &'a str,
    at_ms: Option<u64>,
    text: &'a str,
    source: Option<&'a str>,
}

impl<'a> From<&'a model::finding::Evidence> for Evidence<'a> {
    fn from(evidence: &'a model::finding::Evidence) -> Self {
        Self {
            kind: &evidence.kind,
            at_ms: evidence.at_ms,
            text: &evidence.text,
            source: evidence.source.as_deref(),
        }
    }
}
