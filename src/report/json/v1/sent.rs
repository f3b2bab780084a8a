//! Version 1: whom an item was sent to, and what led to a write or a sending.

use serde::Serialize;

use crate::model;
use crate::model::scenario::ScenarioId;

#[derive(Serialize)]
pub(super) struct SentTo<'a> {
    scenario: &'static str,
    phase: &'static str,
    host: &'a str,
    carrier: &'static str,
    form: &'static str,
    at_ms: u64,
    count: u32,
    chain: Vec<Cause<'a>>,
}

impl<'a> From<&'a (ScenarioId, model::item::SentTo)> for SentTo<'a> {
    fn from((scenario, to): &'a (ScenarioId, model::item::SentTo)) -> Self {
        Self {
            scenario: scenario.as_str(),
            phase: to.phase.as_str(),
            host: &to.host,
            carrier: to.carrier.as_str(),
            form: to.form.as_str(),
            at_ms: to.at_ms,
            count: to.count,
            chain: to.chain.iter().map(Cause::from).collect(),
        }
    }
}

#[derive(Serialize)]
pub(super) struct Cause<'a> {
    kind: &'static str,
    url: &'a str,
    line: Option<u32>,
    page: bool,
}

impl<'a> From<&'a model::chain::Cause> for Cause<'a> {
    fn from(cause: &'a model::chain::Cause) -> Self {
        Self {
            kind: cause.kind.as_str(),
            url: &cause.url,
            line: cause.line,
            page: cause.page,
        }
    }
}
