//! What a visit of the http engine has seen so far.

use std::collections::BTreeSet;

use tokio::time::Instant;
use url::Url;

use super::client::Failure;
use super::cookies::Jar;
use super::element::Resource;
use super::fetch::{Asking, Fetched, Landed, Order, millis};
use super::snippet::Found;
use crate::model::fault::{Fault, FaultKind};
use crate::model::observation::{Event, Observation};
use crate::model::scenario::PhaseId;

/// Most bytes of a document.
const MAX_DOCUMENT: usize = 8 << 20;
/// Most bytes of a script.
const MAX_SCRIPT: usize = 2 << 20;

/// The visit so far.
#[derive(Debug)]
pub(super) struct Visiting {
    /// When it began.
    pub(super) start: Instant,
    /// The address that it is to.
    pub(super) target: Url,
    /// The phase that runs.
    pub(super) phase: PhaseId,
    /// The cookies.
    pub(super) jar: Jar,
    /// What happened.
    pub(super) observations: Vec<Observation>,
    /// What went wrong.
    pub(super) faults: Vec<Fault>,
    /// What was left out, as sentences.
    pub(super) limits: BTreeSet<String>,
    /// Code of known providers.
    pub(super) found: Found,
    /// How many fetches there were.
    pub(super) fetches: usize,
}

impl Visiting {
    /// Makes an order with an id of its own.
    pub(super) fn order(
        &mut self,
        url: Url,
        kind: Resource,
        document: Option<Asking>,
        deadline: Instant,
    ) -> Order {
        self.fetches += 1;
        let most = match kind {
            Resource::Document | Resource::Frame => MAX_DOCUMENT,
            Resource::Script => MAX_SCRIPT,
            _ => 0,
        };
        Order {
            id: self.fetches.to_string(),
            url,
            kind,
            document,
            most,
            deadline,
            target: self.target.clone(),
        }
    }

    /// Keeps what a fetch showed and gives its end.
    pub(super) fn take(&mut self, fetched: Fetched) -> Result<Landed, (Url, Failure)> {
        let phase = self.phase;
        let events = fetched.events.into_iter();
        self.observations
            .extend(events.map(|(at_ms, event)| Observation {
                at_ms,
                phase,
                event,
                repeats: None,
            }));
        for write in &fetched.writes {
            write.apply(&mut self.jar);
        }
        fetched.end
    }

    /// Records an event of this moment.
    pub(super) fn log(&mut self, event: Event) {
        let (at_ms, phase) = (millis(self.start), self.phase);
        self.observations.push(Observation {
            at_ms,
            phase,
            event,
            repeats: None,
        });
    }

    /// Records a fault of this moment.
    pub(super) fn fault(&mut self, kind: FaultKind, message: String) {
        let at_ms = millis(self.start);
        self.faults.push(Fault {
            kind,
            message,
            at_ms,
        });
    }
}
