//! Stored values that leave the page: looks for the values of a visit's items in what the page sent
//! to other sites. Pure, and done once at the end of a visit, while the values are still known.
//!
//! `values` are those of all items, `parts` says what of one tells visitors apart, `needles` looks for
//! them all at once, and `haystack` has the forms that a value may have been sent in. Everything is
//! bounded: values, bytes searched and matches.

mod haystack;
mod needles;
mod parts;
#[cfg(test)]
mod tests;
mod values;

use std::collections::BTreeMap;

use self::haystack::Forms;
use self::needles::Needles;
use crate::model::item::{ItemKey, Store};
use crate::model::observation::{Event, Observation, ValueSent};
use crate::model::scenario::PhaseId;
use crate::model::sent::{Carrier, SentForm};
use crate::model::site::{host_of, registrable_domain};
use crate::model::snapshot::Snapshot;

/// So many bytes are searched of what a visit sent.
const MAX_SEARCHED: usize = 64 << 20;

/// So many findings are kept.
const MAX_FOUND: usize = 5_000;

/// Something that was sent besides an address: a body or a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Sent {
    /// When.
    pub(super) at_ms: u64,
    /// In which phase.
    pub(super) phase: PhaseId,
    /// Where to.
    pub(super) url: String,
    /// As what.
    pub(super) carrier: Carrier,
    /// The content.
    pub(super) content: Vec<u8>,
}

/// What was found.
pub(super) struct Found {
    /// One observation for each item, receiver, phase, form and carrier.
    pub(super) observations: Vec<Observation>,
    /// Whether not everything could be searched.
    pub(super) cut: bool,
}

/// One of several sendings that are told as one.
type Same = (ItemKey, String, PhaseId, SentForm, Carrier);

/// Looks for the values of all items in all that was sent to other sites.
pub(super) fn find(
    observations: &[Observation],
    snapshots: &[Snapshot],
    contents: &[Sent],
) -> Found {
    let needles = Needles::of(observations, snapshots);
    let mut search = Search {
        needles: &needles,
        sites: BTreeMap::new(),
        searched: 0,
        found: BTreeMap::new(),
        cut: needles.cut,
    };
    if needles.is_empty() {
        return search.told();
    }
    for observation in observations {
        let url = match &observation.event {
            Event::Request(request) => &request.url,
            Event::WebSocket(socket) => &socket.url,
            _ => continue,
        };
        let at = (observation.at_ms, observation.phase);
        search.look(at, url, Carrier::Url, url.as_bytes());
    }
    for sent in contents {
        let at = (sent.at_ms, sent.phase);
        search.look(at, &sent.url, sent.carrier, &sent.content);
    }
    search.told()
}

/// A search that is going on.
struct Search<'n> {
    needles: &'n Needles<'n>,
    /// Hosts and their sites.
    sites: BTreeMap<String, String>,
    searched: usize,
    found: BTreeMap<Same, (u64, ValueSent)>,
    cut: bool,
}

impl Search<'_> {
    fn look(&mut self, at: (u64, PhaseId), url: &str, carrier: Carrier, content: &[u8]) {
        if !(url.starts_with("http") || url.starts_with("ws")) {
            return;
        }
        self.searched += content.len();
        if self.searched > MAX_SEARCHED {
            self.cut = true;
            return;
        }
        let host = host_of(url);
        let site = self.site(&host);
        // The plainest form of each item counts, once for each thing that was sent.
        let mut items: BTreeMap<&ItemKey, SentForm> = BTreeMap::new();
        let needles = self.needles;
        needles.search(&Forms::of(content), |value, form| {
            let (value, kept_for) = &needles.values[value];
            if at.1 >= value.phase && site != *kept_for {
                let plainest = items.entry(&value.key).or_insert(form);
                *plainest = form.min(*plainest);
            }
        });
        for (key, form) in items {
            self.note(key, at, url, &host, form, carrier);
        }
    }

    fn site(&mut self, host: &str) -> String {
        if let Some(site) = self.sites.get(host) {
            return site.clone();
        }
        let site = registrable_domain(host);
        self.sites.insert(host.to_owned(), site.clone());
        site
    }

    fn note(
        &mut self,
        key: &ItemKey,
        (at_ms, phase): (u64, PhaseId),
        url: &str,
        host: &str,
        form: SentForm,
        carrier: Carrier,
    ) {
        let same = (key.clone(), host.to_owned(), phase, form, carrier);
        if let Some((_, known)) = self.found.get_mut(&same) {
            known.count = known.count.saturating_add(1);
        } else if self.found.len() < MAX_FOUND {
            let sent = ValueSent {
                item: key.clone(),
                url: url.to_owned(),
                form,
                carrier,
                count: 1,
            };
            self.found.insert(same, (at_ms, sent));
        } else {
            self.cut = true;
        }
    }

    fn told(self) -> Found {
        let tell = |(same, (at_ms, sent)): (Same, (u64, ValueSent))| Observation {
            at_ms,
            phase: same.2,
            event: Event::ValueSent(sent),
            repeats: None,
        };
        let mut observations: Vec<Observation> = self.found.into_iter().map(tell).collect();
        observations.sort_by_key(|observation| observation.at_ms);
        Found {
            observations,
            cut: self.cut,
        }
    }
}

/// A visit's observations with what was found, each right after what happened by then.
pub(super) fn merged(observations: Vec<Observation>, found: Vec<Observation>) -> Vec<Observation> {
    let mut all = Vec::with_capacity(observations.len() + found.len());
    let mut found = found.into_iter().peekable();
    for observation in observations {
        while let Some(before) = found.next_if(|f| f.at_ms < observation.at_ms) {
            all.push(before);
        }
        all.push(observation);
    }
    all.extend(found);
    all
}

/// The site that an item is kept for.
fn site_of(key: &ItemKey) -> String {
    match key.store {
        Store::Cookie => registrable_domain(&key.place),
        _ => registrable_domain(&host_of(&key.place)),
    }
}
