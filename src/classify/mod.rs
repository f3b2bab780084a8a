//! From a visit to items with names. Pure.
//!
//! `fold` turns observations and snapshots into items, one per cookie or storage key; `track` follows
//! a single one through the phases, `receivers` says whom it was sent to, and `providers`
//! finds out whose code is on the page. [`classify`] then asks the catalogue for each item's entry.

mod fold;
mod providers;
mod receivers;
mod track;

use self::fold::Folded;
use crate::catalogue::matcher::{Match, Query, strictest};
use crate::catalogue::{Catalogue, Entry, Provider};
use crate::model::item::{Item, ItemKey, PhaseStory, Presence, Store, Write};
use crate::model::scenario::PhaseId;
use crate::model::sealed::Sealed;
use crate::model::site::host_of;
use crate::model::visit::Visit;

/// A visit with its items and what the catalogue says of them.
#[derive(Debug, Clone)]
pub struct ClassifiedVisit<'a> {
    /// The visit.
    pub visit: &'a Visit,
    /// Every item, in order of [`crate::model::item::ItemKey`].
    pub items: Vec<ClassifiedItem<'a>>,
    /// Providers found in this visit, by provider id, with the reasons.
    pub providers: Vec<PresentProvider<'a>>,
}

/// A provider that was found in a visit.
#[derive(Debug, Clone)]
pub struct PresentProvider<'a> {
    /// The provider.
    pub provider: &'a Provider,
    /// Why, a few short phrases (`request to embed.tawk.to`, `global Tawk_API`).
    pub evidence: Vec<String>,
}

/// An item and its entry.
#[derive(Debug, Clone)]
pub struct ClassifiedItem<'a> {
    /// The item.
    pub item: Item,
    /// The first request of each phase that carried it (cookies only).
    pub sent: Vec<Sent>,
    /// What happened to it once the choice had been made.
    pub after_choice: AfterChoice,
    /// The entry that matches it best.
    pub known: Option<Known<'a>>,
    /// An entry that would have to see the item's values to tell whether it matches, in a sealed
    /// visit that has no answer for it.
    pub unasked: Option<Known<'a>>,
}

/// A request that carried a cookie.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sent {
    /// Milliseconds since the visit began.
    pub at_ms: u64,
    /// The phase it happened in.
    pub phase: PhaseId,
    /// The request's address.
    pub url: String,
}

/// The first things that happened to an item after the visitor's choice was made.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct AfterChoice {
    /// The first write that set it or changed its value or lifetime.
    pub write: Option<Write>,
    /// The first request that carried it.
    pub sent: Option<Sent>,
}

/// What the catalogue knows of an item.
#[derive(Debug, Clone, Copy)]
pub struct Known<'a> {
    /// The provider whose entry it is.
    pub provider: &'a Provider,
    /// The entry.
    pub entry: &'a Entry,
    /// The documented alias that the item's name matches; `None` if it is the entry's own name.
    pub alias: Option<&'a str>,
}

impl ClassifiedItem<'_> {
    /// The first phase that `choose` picks at whose end the item was on the device, or in which a
    /// request carried it off. What was only set and removed again, or refused, was not kept: tests
    /// whether storage works do that.
    #[must_use]
    pub fn first_kept(&self, choose: impl Fn(PhaseId) -> bool) -> Option<&PhaseStory> {
        self.item
            .phases
            .iter()
            .filter(|story| choose(story.phase))
            .find(|story| story.presence == Presence::Present || story.sent > 0)
    }
}

/// What tells an item apart from others in several visits that did the same.
///
/// Names may hold a number that is drawn anew at every visit: where the entry's name has parts that
/// vary, the entry tells, and otherwise the name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Recurring<'a> {
    store: Store,
    place: &'a str,
    name: &'a str,
    /// Where the entry stands whose name it is, if not the item's own.
    entry: Option<(&'a str, u32)>,
}

impl Recurring<'_> {
    /// Whether the entry tells and not the name.
    #[must_use]
    pub fn varies(self) -> bool {
        self.entry.is_some()
    }
}

impl<'a> ClassifiedItem<'a> {
    /// What tells it apart from others in visits that did the same.
    #[must_use]
    pub fn recurring<'i>(&'i self) -> Recurring<'i>
    where
        'a: 'i,
    {
        let key = &self.item.key;
        let varies = self.known.filter(|k| !k.entry.name.is_exact());
        let (name, entry) = match varies {
            Some(known) => {
                let place = &known.entry.place;
                let entry = (place.file.as_str(), place.line);
                (known.entry.name.text.as_str(), Some(entry))
            }
            None => (key.name.as_str(), None),
        };
        Recurring {
            store: key.store,
            place: &key.place,
            name,
            entry,
        }
    }
}

impl<'a> Known<'a> {
    /// What counts for an item that several visits saw. An entry may match in one visit alone, since
    /// it asks for its provider or for a value; of different entries the least exempt one counts.
    pub fn of_visits(known: impl IntoIterator<Item = Option<Self>>) -> Option<Self> {
        strictest(known, |k| k.entry)
    }
}

/// Folds and classifies one visit.
#[must_use]
pub fn classify<'a>(visit: &'a Visit, catalogue: &'a Catalogue) -> ClassifiedVisit<'a> {
    let providers = providers::present(visit, catalogue);
    let ids: Vec<&str> = providers.iter().map(|p| p.provider.id.as_str()).collect();
    let items = fold::fold(visit)
        .into_iter()
        .map(|folded| {
            let (known, unasked) = find(catalogue, &folded, &ids, visit.sealed.as_ref());
            ClassifiedItem {
                known,
                unasked,
                item: folded.item,
                sent: folded.sent,
                after_choice: folded.after_choice,
            }
        })
        .collect();
    ClassifiedVisit {
        visit,
        items,
        providers,
    }
}

/// The entry of an item, and one that would have to see its values.
fn find<'a>(
    catalogue: &'a Catalogue,
    folded: &Folded<'_>,
    present: &[&str],
    sealed: Option<&Sealed>,
) -> (Option<Known<'a>>, Option<Known<'a>>) {
    let item = &folded.item;
    let values: Vec<&str> = folded.values.iter().copied().collect();
    let host = item_host(&item.key);
    let query = Query {
        store: item.key.store,
        name: &item.key.name,
        values: &values,
        host: &host,
        party: item.party,
        present,
    };
    let known = |found: Match<'a>| Known {
        provider: found.provider,
        entry: found.entry,
        alias: found.alias,
    };
    let unasked = sealed.and_then(|sealed| catalogue.unasked(&query, sealed));
    (
        catalogue.find_sealed(&query, sealed).map(known),
        unasked.map(known),
    )
}

/// The host an item belongs to: a cookie's domain, the host of a storage key's origin.
#[must_use]
pub fn item_host(key: &ItemKey) -> String {
    match key.store {
        Store::Cookie => key.place.clone(),
        _ => host_of(&key.place),
    }
}
