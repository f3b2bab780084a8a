//! Version 1: a visit, how its choice went and which phases it completed.

use serde::Serialize;

use super::Fault;
use crate::model;
use crate::model::visit::Clock;

#[derive(Serialize)]
pub(super) struct Visit<'a> {
    scenario: &'static str,
    run: u32,
    engine: &'a str,
    product: &'a str,
    settings: &'a [String],
    clock: &'static str,
    choice: Choice<'a>,
    service: Option<Service<'a>>,
    phases: Vec<Phase>,
    faults: Vec<Fault<'a>>,
    signals: Vec<Signal<'a>>,
}

impl<'a> From<&'a model::report::VisitSummary> for Visit<'a> {
    fn from(visit: &'a model::report::VisitSummary) -> Self {
        Self {
            scenario: visit.scenario.as_str(),
            run: visit.run,
            engine: &visit.engine.name,
            product: &visit.engine.product,
            settings: &visit.engine.settings,
            clock: match visit.clock {
                Clock::Real => "real",
                Clock::FastForward => "fast-forward",
                Clock::None => "none",
            },
            choice: Choice::from(&visit.choice),
            service: visit.service.as_ref().map(Service::from),
            phases: visit.phases.iter().map(Phase::from).collect(),
            faults: visit.faults.iter().map(Fault::from).collect(),
            signals: visit.signals.iter().map(Signal::from).collect(),
        }
    }
}

#[derive(Serialize)]
struct Choice<'a> {
    asked: &'static str,
    state: &'static str,
    platform: Option<&'a str>,
    method: Option<&'static str>,
    allowed: Vec<&'static str>,
    at_ms: Option<u64>,
    presses: Option<u32>,
    evidence: &'a [String],
}

impl<'a> From<&'a model::choice::ChoiceOutcome> for Choice<'a> {
    fn from(choice: &'a model::choice::ChoiceOutcome) -> Self {
        Self {
            asked: choice.asked.as_str(),
            state: choice.state.as_str(),
            platform: choice.platform.as_deref(),
            method: choice.method.map(model::choice::Method::as_str),
            allowed: choice.allowed.iter().map(|role| role.as_str()).collect(),
            at_ms: choice.at_ms,
            presses: choice.presses,
            evidence: &choice.evidence,
        }
    }
}

#[derive(Serialize)]
struct Service<'a> {
    service: Option<&'a str>,
    provider: Option<&'a str>,
    state: &'static str,
    at_ms: Option<u64>,
    evidence: &'a [String],
}

impl<'a> From<&'a model::visit::ServiceRequest> for Service<'a> {
    fn from(request: &'a model::visit::ServiceRequest) -> Self {
        Self {
            service: request.service.as_deref(),
            provider: request.provider.as_deref(),
            state: request.state.as_str(),
            at_ms: request.at_ms,
            evidence: &request.evidence,
        }
    }
}

#[derive(Serialize)]
struct Signal<'a> {
    phase: &'static str,
    name: &'a str,
    value: &'a str,
}

impl<'a> From<&'a model::signal::PhaseSignal> for Signal<'a> {
    fn from(told: &'a model::signal::PhaseSignal) -> Self {
        Self {
            phase: told.phase.as_str(),
            name: &told.signal.name,
            value: &told.signal.value,
        }
    }
}

#[derive(Serialize)]
struct Phase {
    id: &'static str,
    at_ms: u64,
}

impl From<&model::visit::Phase> for Phase {
    fn from(phase: &model::visit::Phase) -> Self {
        Self {
            id: phase.id.as_str(),
            at_ms: phase.at_ms,
        }
    }
}
