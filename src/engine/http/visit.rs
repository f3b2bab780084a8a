//! A visit of the http engine: one load, and for a choice a second one with the consent platform's
//! record preset.
//!
//! Nothing is pressed and no script reads the record, so no choice is ever proven here.

use std::sync::Arc;

use tokio::time::Instant;
use url::Url;

use super::Parts;
use super::cookies::{Jar, Preset};
use super::fetch::{millis, now};
use super::snippet::Found;
use super::visiting::Visiting;
use crate::consent::recipe::RecordPlace;
use crate::model::choice::{Choice, ChoiceOutcome, ChoiceState, Method};
use crate::model::fault::FaultKind;
use crate::model::item::Store;
use crate::model::runs;
use crate::model::scenario::{PhaseId, ScenarioId};
use crate::model::site::host_of;
use crate::model::snapshot::Snapshot;
use crate::model::visit::{Clock, EngineInfo, Phase, ServiceRequest, Visit};

/// What every visit of this engine must say.
const BLIND: &str = "no script ran: cookies and storage keys that scripts write, requests that \
     scripts make, and banners that scripts build need a browser; what is reported here came with \
     responses or is predicted from code";

/// Makes one visit.
pub(super) async fn visit(parts: &Arc<Parts>, url: &Url, scenario: ScenarioId) -> Visit {
    let started = now();
    let mut run = Run {
        visiting: Visiting {
            start: Instant::now(),
            target: url.clone(),
            phase: PhaseId::BeforeChoice,
            jar: Jar::default(),
            observations: Vec::new(),
            faults: Vec::new(),
            limits: [BLIND.to_owned()].into(),
            found: Found::default(),
            fetches: 0,
        },
        phases: Vec::new(),
        snapshots: Vec::new(),
    };
    for cookie in &parts.options.emulation.cookies {
        run.visiting.jar.preset(Preset {
            name: cookie.name().to_owned(),
            value: cookie.value().to_owned(),
            host: host_of(url.as_str()),
        });
    }
    let shown = match unsupported(scenario) {
        None => run.visiting.page(parts, url).await,
        Some(why) => {
            run.visiting.fault(FaultKind::Unsupported, why);
            None
        }
    };
    let mut choice = match scenario.choice() {
        Choice::None => ChoiceOutcome::none(),
        asked => ChoiceOutcome {
            asked,
            state: ChoiceState::Unproven,
            ..ChoiceOutcome::none()
        },
    };
    if let Some(shown) = &shown {
        run.end_phase();
        if scenario == ScenarioId::Revisit && run.visiting.faults.is_empty() {
            run.visiting.phase = PhaseId::AfterRevisit;
            if run.visiting.page(parts, url).await.is_some() {
                run.end_phase();
            }
        }
        if choice.asked != Choice::None && run.visiting.faults.is_empty() {
            run.choose(parts, url, &shown.url, shown.platform.as_ref(), &mut choice)
                .await;
        }
    }
    run.visiting.observations.sort_by_key(|o| o.at_ms);
    let (predictions, globals) = run.visiting.found.finish();
    Visit {
        url: url.clone(),
        final_url: shown.map_or_else(|| url.clone(), |s| s.url),
        scenario,
        run: runs::first(),
        engine: EngineInfo {
            name: "http".into(),
            product: format!("preconsent/{} (reqwest)", env!("CARGO_PKG_VERSION")),
            settings: parts.settings(),
        },
        clock: Clock::None,
        started,
        choice,
        phases: run.phases,
        observations: run.visiting.observations,
        snapshots: run.snapshots,
        faults: run.visiting.faults,
        limits: run.visiting.limits.into_iter().collect(),
        predictions,
        globals,
        service: (scenario == ScenarioId::OpenWidget).then(ServiceRequest::none),
        sealed: None,
        screenshots: Vec::new(),
    }
}

/// Why this engine cannot make a visit with this scenario, if it cannot.
fn unsupported(scenario: ScenarioId) -> Option<String> {
    let needs = match scenario {
        ScenarioId::SecondTab => "two tabs at once need scripts that run",
        ScenarioId::Gpc => "Global Privacy Control is read by scripts as well",
        ScenarioId::OpenWidget | ScenarioId::WidgetAccept | ScenarioId::WidgetRefuse => {
            "a widget is built by scripts"
        }
        ScenarioId::Withdraw => "a banner that shows again is built by scripts",
        ScenarioId::Dismiss => "a banner is closed by scripts",
        ScenarioId::Custom => "the switches of a banner are built by scripts",
        _ => return None,
    };
    let name = scenario.as_str();
    Some(format!(
        "the scenario {name} needs a browser: {needs}, and the http engine runs none"
    ))
}

struct Run {
    visiting: Visiting,
    phases: Vec<Phase>,
    snapshots: Vec<Snapshot>,
}

impl Run {
    /// Records what is stored and ends the phase that runs.
    fn end_phase(&mut self) {
        let (phase, at_ms) = (self.visiting.phase, millis(self.visiting.start));
        self.phases.push(Phase { id: phase, at_ms });
        self.snapshots.push(Snapshot {
            phase,
            at_ms,
            clock: now(),
            ahead_s: 0.0,
            cookies: self.visiting.jar.snapshot(),
            storage: Vec::new(),
            signals: Vec::new(),
        });
    }

    /// Lets the visitor come back with the choice recorded, where the platform's record is known.
    async fn choose(
        &mut self,
        parts: &Arc<Parts>,
        url: &Url,
        shown: &Url,
        platform: Option<&(String, String)>,
        outcome: &mut ChoiceOutcome,
    ) {
        let known = platform.and_then(|(id, sign)| {
            let recipe = parts.options.recipes.iter().find(|r| r.id == *id)?;
            Some((recipe, sign))
        });
        let Some((recipe, sign)) = known else {
            let none = "no known consent platform was found in the HTML, so no choice was made";
            outcome.evidence.push(none.into());
            return;
        };
        outcome.platform = Some(recipe.id.clone());
        outcome
            .evidence
            .push(format!("{} was recognised by {sign}", recipe.name));
        let Some((name, value)) = recipe.records.iter().find_map(|r| seed(r, outcome.asked)) else {
            let none =
                "what its record holds after this choice depends on the site, so none was preset";
            outcome.evidence.push(none.into());
            return;
        };
        outcome.method = Some(Method::Seeded);
        outcome.at_ms = Some(millis(self.visiting.start));
        outcome.evidence.push(format!(
            "the page was loaded again with the cookie {name} preset; without scripts nothing \
             shows that the page reads it"
        ));
        let (name, value) = (name.to_owned(), value.to_owned());
        self.visiting.jar.preset(Preset {
            name,
            value,
            host: host_of(shown.as_str()),
        });
        self.visiting.phase = PhaseId::AfterChoice;
        if self.visiting.page(parts, url).await.is_some() {
            self.end_phase();
        }
    }
}

/// The cookie that stands for a choice on every site.
fn seed(record: &RecordPlace, asked: Choice) -> Option<(&str, &str)> {
    let is_cookie = record.store == Store::Cookie;
    let value = record.seed.of(asked).filter(|_| is_cookie)?;
    Some((&record.name, value))
}
