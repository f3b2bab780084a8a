//! The visits of the sample reports.

use preconsent::model::choice::{Choice, ChoiceOutcome, ChoiceState, Method};
use preconsent::model::report::VisitSummary;
use preconsent::model::scenario::PhaseId::{
    self, AfterChoice, AfterReload, AfterScroll, BeforeChoice,
};
use preconsent::model::scenario::ScenarioId::{self, Accept, None as Passive, Reject};
use preconsent::model::signal::{PhaseSignal, Signal};
use preconsent::model::visit::{Clock, EngineInfo, Phase};

fn browser() -> EngineInfo {
    EngineInfo {
        name: "browser".to_owned(),
        product: "Chrome/156.0.8078.79".to_owned(),
        settings: vec!["third-party cookies are allowed".to_owned()],
    }
}

pub(super) fn passive_visit() -> VisitSummary {
    VisitSummary {
        scenario: Passive,
        run: 1,
        engine: browser(),
        clock: Clock::Real,
        choice: ChoiceOutcome::none(),
        service: None,
        phases: phases(&[(BeforeChoice, 2100), (AfterScroll, 3400)]),
        faults: Vec::new(),
        signals: Vec::new(),
    }
}

pub(super) fn reject_visit() -> VisitSummary {
    choosing_visit(
        Reject,
        ChoiceOutcome {
            asked: Choice::Reject,
            state: ChoiceState::Proven,
            platform: Some("vanilla-cookieconsent".to_owned()),
            method: Some(Method::Recipe),
            at_ms: Some(2150),
            presses: Some(1),
            evidence: vec![
                "pressed \"Reject all\"".to_owned(),
                "the record cc_cookie now lists only the necessary category".to_owned(),
            ],
            allowed: Vec::new(),
        },
    )
}

pub(super) fn accept_visit() -> VisitSummary {
    choosing_visit(
        Accept,
        ChoiceOutcome {
            asked: Choice::Accept,
            state: ChoiceState::Unproven,
            platform: None,
            method: Some(Method::Heuristic),
            at_ms: Some(2150),
            presses: Some(1),
            evidence: vec!["pressed \"Alles akzeptieren\", but the banner stayed".to_owned()],
            allowed: Vec::new(),
        },
    )
}

fn choosing_visit(scenario: ScenarioId, choice: ChoiceOutcome) -> VisitSummary {
    VisitSummary {
        scenario,
        run: 1,
        choice,
        phases: phases(&[
            (BeforeChoice, 2100),
            (AfterChoice, 3000),
            (AfterReload, 5200),
        ]),
        signals: signals(),
        ..passive_visit()
    }
}

/// What the page says: denied, and said again after the choice.
fn signals() -> Vec<PhaseSignal> {
    let told = |phase, name: &str, value: &str| PhaseSignal {
        phase,
        signal: Signal {
            name: name.to_owned(),
            value: value.to_owned(),
        },
    };
    let default = |phase| told(phase, "consent-mode.default", "ad_storage=denied");
    vec![
        default(BeforeChoice),
        default(AfterChoice),
        told(AfterChoice, "consent-mode.update", "ad_storage=denied"),
    ]
}

pub(super) fn phases(ends: &[(PhaseId, u64)]) -> Vec<Phase> {
    let phase = |&(id, at_ms): &(PhaseId, u64)| Phase { id, at_ms };
    ends.iter().map(phase).collect()
}
