//! Builds recorded visits: what happens is told with its time, phases and snapshots follow from it.
//!
//! The page is `https://shop.test/`. A phase ends every full second; a choice is made at
//! [`PRESSED`]. The jar and the storage of the snapshots are what the told writes leave behind;
//! [`Story::forget`] and [`Story::without_snapshot`] make them differ.

mod consent;
mod jar;

use std::collections::BTreeMap;

use preconsent::model::choice::{Choice, ChoiceOutcome, ChoiceState, Method};
use preconsent::model::cookie::SetCookie;
use preconsent::model::fault::{Fault, FaultKind};
use preconsent::model::item::Store;
use preconsent::model::observation::{
    CookieWrite, CookiesSent, Event, Observation, Request, Response, SentCookie, StackFrame,
    StorageOp, StorageWrite, Via, Writer,
};
use preconsent::model::scenario::{PhaseId, ScenarioId, Step};
use preconsent::model::signal::Signal;
use preconsent::model::snapshot::Snapshot;
use preconsent::model::visit::{Clock, EngineInfo, Phase, Prediction, ServiceRequest, Visit};
use url::Url;

use self::jar::{apply_cookie, apply_storage};

/// The page.
pub(crate) const PAGE: &str = "https://shop.test/";
/// The page's origin.
pub(crate) const ORIGIN: &str = "https://shop.test";
/// When the control of the choice is pressed.
pub(crate) const PRESSED: u64 = 1_100;
/// When a consent is taken back.
pub(crate) const TAKEN_BACK: u64 = 3_100;
/// When the visit begins, in seconds since 1970.
const STARTED: f64 = 1_795_000_000.0;

/// A visit in the making.
pub(crate) struct Story {
    visit: Visit,
    forgotten: Vec<String>,
    unseen: Vec<PhaseId>,
    signals: Vec<(PhaseId, Signal)>,
    ahead: Vec<(PhaseId, f64)>,
}

impl Story {
    /// A visit without a choice, or with one that is proven.
    pub(crate) fn new(scenario: ScenarioId) -> Self {
        let choice = match scenario.choice() {
            Choice::None => ChoiceOutcome::none(),
            asked => ChoiceOutcome {
                asked,
                state: ChoiceState::Proven,
                platform: None,
                method: Some(Method::Heuristic),
                at_ms: Some(PRESSED),
                presses: None,
                evidence: vec!["the banner is gone and a record changed".to_owned()],
                allowed: Vec::new(),
            },
        };
        let page = Url::parse(PAGE).expect("a URL");
        Self {
            visit: Visit {
                url: page.clone(),
                final_url: page,
                scenario,
                run: 1,
                engine: EngineInfo {
                    name: "browser".to_owned(),
                    product: "Chrome/156".to_owned(),
                    settings: Vec::new(),
                },
                clock: Clock::Real,
                started: STARTED,
                choice,
                phases: Vec::new(),
                observations: Vec::new(),
                snapshots: Vec::new(),
                faults: Vec::new(),
                limits: Vec::new(),
                predictions: Vec::new(),
                globals: Vec::new(),
                service: None,
                sealed: None,
                screenshots: Vec::new(),
            },
            forgotten: Vec::new(),
            unseen: Vec::new(),
            signals: Vec::new(),
            ahead: Vec::new(),
        }
    }

    pub(crate) fn none() -> Self {
        Self::new(ScenarioId::None)
    }

    pub(crate) fn reject() -> Self {
        Self::new(ScenarioId::Reject)
    }

    pub(crate) fn accept() -> Self {
        Self::new(ScenarioId::Accept)
    }

    /// The page's clock is put forward by so many seconds in a phase.
    pub(crate) fn forward(mut self, phase: PhaseId, seconds: f64) -> Self {
        self.ahead.push((phase, seconds));
        self
    }

    /// The visit is from this run.
    pub(crate) fn in_run(mut self, run: u32) -> Self {
        self.visit.run = run;
        self
    }

    /// The choice comes to this.
    pub(crate) fn choice(mut self, state: ChoiceState) -> Self {
        self.visit.choice.state = state;
        if state == ChoiceState::NotOffered {
            self.visit.choice.method = None;
            self.visit.choice.at_ms = None;
        }
        self.visit.choice.evidence.clear();
        self
    }

    /// The visitor asked for the chat of this provider, which came to this.
    pub(crate) fn asked_for_chat(mut self, provider: &str, state: ChoiceState) -> Self {
        let found = state != ChoiceState::NotOffered;
        self.visit.service = Some(ServiceRequest {
            service: found.then(|| "chat".to_owned()),
            provider: found.then(|| provider.to_owned()),
            state,
            at_ms: found.then_some(2_000),
            evidence: vec!["pressed #bubble".to_owned()],
        });
        self
    }

    /// Something breaks.
    pub(crate) fn fault(mut self, kind: FaultKind, message: &str) -> Self {
        self.visit.faults.push(Fault {
            kind,
            message: message.to_owned(),
            at_ms: 10,
        });
        self
    }

    /// The visit is made without a browser, and finds code of a provider.
    pub(crate) fn over_http(
        mut self,
        provider: &str,
        url: &str,
        captures: &[(&str, &str)],
    ) -> Self {
        let own = |(a, b): &(&str, &str)| ((*a).to_owned(), (*b).to_owned());
        self.visit.engine.name = "http".to_owned();
        self.visit.clock = Clock::None;
        self.visit.predictions.push(Prediction {
            provider: provider.to_owned(),
            url: url.to_owned(),
            captures: captures.iter().map(own).collect(),
            gated: false,
            evidence: "script in the page".to_owned(),
        });
        self
    }

    /// A response of `url` sets a cookie.
    pub(crate) fn header(self, at_ms: u64, url: &str, line: &str) -> Self {
        let writer = Writer::response(url);
        self.write(at_ms, Via::Header, url, line, writer, &[])
    }

    /// A response of `url` sets a cookie that the browser refuses.
    pub(crate) fn refused(self, at_ms: u64, url: &str, line: &str, why: &str) -> Self {
        let writer = Writer::response(url);
        self.write(at_ms, Via::Header, url, line, writer, &[why])
    }

    /// A script on the page writes `document.cookie`.
    pub(crate) fn script(self, at_ms: u64, script: &str, line: &str) -> Self {
        self.write(at_ms, Via::DocumentCookie, PAGE, line, stack(script), &[])
    }

    fn write(
        self,
        at_ms: u64,
        via: Via,
        url: &str,
        line: &str,
        writer: Writer,
        refused: &[&str],
    ) -> Self {
        let write = CookieWrite {
            via,
            raw: line.to_owned(),
            cookie: SetCookie::parse(line),
            url: url.to_owned(),
            clock: STARTED + at_ms as f64 / 1000.0,
            writer,
            refused: refused.iter().map(|r| (*r).to_owned()).collect(),
            partition: None,
        };
        self.happens(at_ms, Event::CookieWrite(write))
    }

    /// A request carries the cookie `name` of `domain`.
    pub(crate) fn sent(self, at_ms: u64, url: &str, name: &str, domain: &str) -> Self {
        let cookie = SentCookie {
            name: name.to_owned(),
            domain: domain.to_owned(),
            path: "/".to_owned(),
            partition: None,
        };
        let sent = CookiesSent {
            url: url.to_owned(),
            cookies: vec![cookie],
        };
        self.happens(at_ms, Event::CookiesSent(sent))
    }

    /// A script sets a key of the page's local storage.
    pub(crate) fn set(self, at_ms: u64, script: &str, name: &str, value: &str) -> Self {
        self.store(at_ms, ORIGIN, StorageOp::Set, script, name, value)
    }

    /// A script removes a key of the page's local storage.
    pub(crate) fn remove(self, at_ms: u64, script: &str, name: &str) -> Self {
        self.store(at_ms, ORIGIN, StorageOp::Remove, script, name, "")
    }

    /// A script does something to local storage.
    pub(crate) fn store(
        self,
        at_ms: u64,
        origin: &str,
        op: StorageOp,
        script: &str,
        name: &str,
        value: &str,
    ) -> Self {
        let write = StorageWrite {
            store: Store::LocalStorage,
            origin: origin.to_owned(),
            partition: None,
            op,
            name: name.to_owned(),
            value: value.to_owned(),
            writer: stack(script),
        };
        self.happens(at_ms, Event::StorageWrite(write))
    }

    /// A request is started.
    pub(crate) fn asks(self, at_ms: u64, id: &str, method: &str, url: &str) -> Self {
        let request = Request {
            id: id.to_owned(),
            url: url.to_owned(),
            method: method.to_owned(),
            resource: "fetch".to_owned(),
            initiator: Writer::unknown(),
            document_url: PAGE.to_owned(),
            redirected_from: None,
        };
        self.happens(at_ms, Event::Request(request))
    }

    /// It is answered.
    pub(crate) fn answers(self, at_ms: u64, id: &str, url: &str, status: u16) -> Self {
        self.answers_with(at_ms, id, url, status, None)
    }

    /// It is answered with a body of so many bytes.
    pub(crate) fn answers_with(
        self,
        at_ms: u64,
        id: &str,
        url: &str,
        status: u16,
        body_bytes: Option<u64>,
    ) -> Self {
        let response = Response {
            id: id.to_owned(),
            url: url.to_owned(),
            status,
            mime: "application/json".to_owned(),
            body_bytes,
        };
        self.happens(at_ms, Event::Response(response))
    }

    fn happens(mut self, at_ms: u64, event: Event) -> Self {
        let phase = self.phase_at(at_ms);
        self.visit.observations.push(Observation {
            at_ms,
            phase,
            event,
            repeats: None,
        });
        self
    }

    /// An item of this name is in no snapshot, whatever was written.
    pub(crate) fn forget(mut self, name: &str) -> Self {
        self.forgotten.push(name.to_owned());
        self
    }

    /// The visit breaks off before this phase's snapshot.
    pub(crate) fn without_snapshot(mut self, phase: PhaseId) -> Self {
        self.unseen.push(phase);
        self
    }

    /// The recording.
    pub(crate) fn build(mut self) -> Visit {
        self.visit.observations.sort_by_key(|o| o.at_ms);
        for (index, phase) in phases(self.visit.scenario).into_iter().enumerate() {
            if self.unseen.contains(&phase) {
                continue;
            }
            let at_ms = (index as u64 + 1) * 1000;
            self.visit.phases.push(Phase { id: phase, at_ms });
            let snapshot = self.snapshot(phase, at_ms);
            self.visit.snapshots.push(snapshot);
        }
        self.visit
    }

    fn phase_at(&self, at_ms: u64) -> PhaseId {
        let phases = phases(self.visit.scenario);
        let index = usize::try_from(at_ms / 1000).expect("a short visit");
        phases[index.min(phases.len() - 1)]
    }

    fn snapshot(&self, phase: PhaseId, at_ms: u64) -> Snapshot {
        let mut cookies = BTreeMap::new();
        let mut storage = BTreeMap::new();
        let before = self.visit.observations.iter().filter(|o| o.at_ms < at_ms);
        for observation in before {
            match &observation.event {
                Event::CookieWrite(write) => apply_cookie(&mut cookies, write),
                Event::StorageWrite(write) => apply_storage(&mut storage, write),
                _ => {}
            }
        }
        let kept = |name: &String| !self.forgotten.contains(name);
        Snapshot {
            phase,
            at_ms,
            clock: STARTED + at_ms as f64 / 1000.0,
            ahead_s: self
                .ahead
                .iter()
                .filter(|(p, _)| *p == phase)
                .map(|(_, s)| s)
                .sum(),
            cookies: cookies.into_values().filter(|c| kept(&c.name)).collect(),
            storage: storage.into_values().filter(|k| kept(&k.name)).collect(),
            signals: self
                .signals
                .iter()
                .filter(|(told, _)| *told == phase)
                .map(|(_, signal)| signal.clone())
                .collect(),
        }
    }
}

/// The phases of a scenario in order.
fn phases(scenario: ScenarioId) -> Vec<PhaseId> {
    let steps = scenario.steps(0).into_iter();
    steps
        .filter_map(|step| match step {
            Step::Snapshot(phase) => Some(phase),
            _ => None,
        })
        .collect()
}

/// A script's writer with the line and column that tests expect.
fn stack(script: &str) -> Writer {
    Writer::script(vec![StackFrame {
        function: "write".to_owned(),
        url: script.to_owned(),
        line: 3,
        column: 14,
    }])
}
