//! Ties: two entries between which nothing decides. Such a pair is an error at load, because an
//! item would get one role or the other by accident.
//!
//! Two entries tie if their ranks are equal, the same item could meet both, and they share a name:
//! the same pattern, or an example of one that the other matches. Generic names of two providers,
//! each asking for its own provider, do not tie: then the presence of the provider decides. Nor do two
//! entries with value patterns, unless a value is known that fits both.
//!
//! Two patterns of which no example meets both may still meet in a name that a site uses. That shows
//! only where the name is seen: [`Catalogue::rivals`].

use std::collections::HashMap;

use super::matcher::{Match, Query, Rank, host_matches};
use super::pattern::NamePattern;
use super::{Catalogue, Entry, Provider};
use crate::model::item::Store;
use crate::model::sealed::Sealed;

/// The entries of a catalogue by what must be equal for a tie: the store and the rank of a name or
/// an alias.
pub(super) struct Index<'c>(HashMap<(Store, Rank), Vec<(&'c Provider, &'c Entry)>>);

impl<'c> Index<'c> {
    /// Files every entry under each of its ranks.
    pub(super) fn new(catalogue: &'c Catalogue) -> Self {
        let mut index: HashMap<_, Vec<_>> = HashMap::new();
        for (provider, entry) in catalogue.entries() {
            for rank in ranks(entry) {
                let filed = index.entry((entry.store, rank)).or_default();
                filed.push((provider, entry));
            }
        }
        Self(index)
    }

    /// The first entry that ties with `entry`.
    pub(super) fn find(&self, provider: &Provider, entry: &Entry) -> Option<&'c Entry> {
        self.all(provider, entry).next()
    }

    /// Every entry that ties with `entry`; one that does by several names may come several times.
    pub(super) fn all<'e>(
        &'e self,
        provider: &'e Provider,
        entry: &'e Entry,
    ) -> impl Iterator<Item = &'c Entry> + use<'c, 'e> {
        let filed = ranks(entry)
            .into_iter()
            .filter_map(|r| self.0.get(&(entry.store, r)));
        let others = filed
            .flatten()
            .filter(move |(_, other)| !std::ptr::eq(*other, entry));
        let tied = others.filter(move |(other_provider, other)| {
            let separate =
                entry.needs_provider && other.needs_provider && provider.id != other_provider.id;
            !separate && tie(entry, other)
        });
        tied.map(|(_, other)| *other)
    }
}

impl Catalogue {
    /// The two entries between which nothing decides for an item, the one that is found first, if they
    /// say different things of its role or its lifetime. Of the query's values the first counts.
    #[must_use]
    pub fn rivals(
        &self,
        query: &Query<'_>,
        sealed: Option<&Sealed>,
    ) -> Option<(Match<'_>, Match<'_>)> {
        let value = query.values.first().copied();
        let mut all = self.candidates(query);
        all.retain(|(_, found)| found.entry.takes(value, sealed));
        let best = all.iter().map(|(rank, _)| *rank).max()?;
        let mut equals = all.into_iter().filter(|(rank, _)| *rank == best);
        let (_, first) = equals.next()?;
        let differs = |m: &Match<'_>| {
            m.entry.role != first.entry.role || m.entry.expires != first.entry.expires
        };
        let rival = equals.map(|(_, m)| m).find(differs)?;
        Some((first, rival))
    }
}

/// Every rank that the entry may be found with, each once.
fn ranks(entry: &Entry) -> Vec<Rank> {
    let mut ranks = vec![entry.rank(&entry.name, true)];
    ranks.extend(entry.aliases.iter().map(|alias| entry.rank(alias, false)));
    ranks.sort_unstable();
    ranks.dedup();
    ranks
}

fn tie(a: &Entry, b: &Entry) -> bool {
    let parties = a.party.is_none() || b.party.is_none() || a.party == b.party;
    parties
        && hosts_meet(&a.hosts, &b.hosts)
        && values_meet(a, b)
        && (names_tie(a, b) || aliases_tie(a, b))
}

fn names_tie(a: &Entry, b: &Entry) -> bool {
    let shared = same_text(&a.name, &b.name)
        || a.examples.iter().any(|e| b.name.matches(&e.name))
        || b.examples.iter().any(|e| a.name.matches(&e.name));
    shared && a.rank(&a.name, true) == b.rank(&b.name, true)
}

fn aliases_tie(a: &Entry, b: &Entry) -> bool {
    a.aliases.iter().any(|x| {
        b.aliases
            .iter()
            .any(|y| same_text(x, y) && a.rank(x, false) == b.rank(y, false))
    })
}

/// Where only one of the two looks at values, that one is the better match, and the ranks say so.
fn values_meet(a: &Entry, b: &Entry) -> bool {
    let (Some(x), Some(y)) = (&a.value, &b.value) else {
        return true;
    };
    let examples = a.examples.iter().chain(&b.examples);
    let mut values = examples.filter_map(|e| e.value.as_deref());
    same_text(x, y) || values.any(|v| x.matches(v) && y.matches(v))
}

fn same_text(a: &NamePattern, b: &NamePattern) -> bool {
    if a.ignore_case || b.ignore_case {
        a.text.to_lowercase() == b.text.to_lowercase()
    } else {
        a.text == b.text
    }
}

fn hosts_meet(a: &[String], b: &[String]) -> bool {
    let bare = |h: &str| h.strip_prefix("*.").unwrap_or(h).to_owned();
    let meet = |x: &String, y: &String| host_matches(x, &bare(y)) || host_matches(y, &bare(x));
    a.is_empty() || b.is_empty() || a.iter().any(|x| b.iter().any(|y| meet(x, y)))
}
