//! Items that nobody observed: what the catalogue says of the providers whose code an engine without
//! scripts found in a page.

use std::collections::BTreeSet;

use url::Url;

use crate::catalogue::{Entry, Provider};
use crate::classify::{ClassifiedVisit, Known};
use crate::model::item::{ItemKey, Party, Store};
use crate::model::site::host_of;
use crate::model::visit::{Prediction, Visit};

/// The predicted items of all visits, each with its party and its entry; some may be the same.
pub(super) fn predicted<'a>(visits: &[&ClassifiedVisit<'a>]) -> Vec<(ItemKey, Party, Known<'a>)> {
    let mut items = Vec::new();
    for visit in visits {
        for prediction in &visit.visit.predictions {
            let owners = visit.providers.iter().map(|found| found.provider);
            for provider in owners.filter(|p| p.id == prediction.provider) {
                let entries = main_entries(provider);
                items.extend(entries.filter_map(|e| item(visit.visit, prediction, provider, e)));
            }
        }
    }
    items
}

/// The first entry of each name: where a catalogue has the same name in several stores, the later
/// ones are for frames and windows in which the first cannot be used. What value an item would have
/// cannot be predicted, so entries that ask for one do not count.
fn main_entries(provider: &Provider) -> impl Iterator<Item = &Entry> {
    let mut names: BTreeSet<&str> = BTreeSet::new();
    let entries = provider.entries.iter().filter(|e| e.value.is_none());
    entries.filter(move |entry| names.insert(&entry.name.text))
}

/// The item that an entry predicts. Names that the vendor gave up, and entries for whatever else the
/// vendor may store, predict nothing.
fn item<'a>(
    visit: &Visit,
    prediction: &Prediction,
    provider: &'a Provider,
    entry: &'a Entry,
) -> Option<(ItemKey, Party, Known<'a>)> {
    if entry.deprecated.is_some() {
        return None;
    }
    let party = entry.party.unwrap_or(Party::First);
    let at = match party {
        Party::First => visit.final_url.as_str(),
        Party::Third => &prediction.url,
    };
    let key = ItemKey {
        store: entry.store,
        name: name(entry, prediction)?,
        place: match entry.store {
            Store::Cookie => host_of(at),
            _ => Url::parse(at).ok()?.origin().ascii_serialization(),
        },
        path: match entry.store {
            Store::Cookie => "/".to_owned(),
            _ => String::new(),
        },
        partition: None,
    };
    let known = Known {
        provider,
        entry,
        alias: None,
    };
    Some((key, party, known))
}

/// The name with what the page told filled in; the pattern where it told too little.
fn name(entry: &Entry, prediction: &Prediction) -> Option<String> {
    let pattern = &entry.name;
    pattern
        .fill(&prediction.captures)
        .or_else(|| (!pattern.text.contains('*')).then(|| pattern.text.clone()))
}
