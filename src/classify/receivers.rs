//! Whom an item was sent to, one entry for each phase, host, carrier and form.

use std::collections::BTreeMap;

use crate::model::chain::Causes;
use crate::model::item::SentTo;
use crate::model::scenario::PhaseId;
use crate::model::sent::{Carrier, SentForm};

/// So many receivers of one item are told.
const MAX_RECEIVERS: usize = 200;

/// The receivers of one item so far.
#[derive(Default)]
pub(super) struct Receivers {
    known: BTreeMap<(PhaseId, String, Carrier, SentForm), (SentTo, String)>,
}

impl Receivers {
    /// Adds a sending `count` times to `url`.
    pub(super) fn add(&mut self, to: SentTo, url: &str, count: u32) {
        let key = (to.phase, to.host.clone(), to.carrier, to.form);
        if self.known.len() >= MAX_RECEIVERS && !self.known.contains_key(&key) {
            return;
        }
        let (known, _) = self.known.entry(key).or_insert((to, url.to_owned()));
        known.count = known.count.saturating_add(count);
    }

    /// All of them by phase and host, whichever was faster; each with what led to its first time.
    pub(super) fn told(self, causes: &Causes<'_>) -> Vec<SentTo> {
        self.known
            .into_values()
            .map(|(to, url)| SentTo {
                chain: causes.of_request(&url, to.at_ms),
                ..to
            })
            .collect()
    }
}
