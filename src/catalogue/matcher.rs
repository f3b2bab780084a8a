//! Matching items to entries. Of all entries that apply, the best is
//!
//! 1. the one with the most literal characters in the name or alias that matches,
//! 2. then the one that leaves less open (`{id:hex24}` before `{id}` before `*`),
//! 3. then one whose own name matches before one whose documented alias does,
//! 4. then one that says what the value looks like before one that takes any value; of two such,
//!    the one with more literal characters, then the one that leaves less open,
//! 5. then the one whose conditions say more: its host, then the presence of its provider, then the
//!    party.
//!
//! Of an item that has had several values, the entry that counts is found in `value.rs`.
//!
//! Two entries that are equal in all of this are an error at load (see `ties.rs`).

use std::cmp::Reverse;

pub use super::pattern::NamePattern;
pub use super::presence::host_matches;
pub(crate) use super::value::strictest;
use super::{Catalogue, Entry, Provider};
use crate::model::item::{Party, Store};
use crate::model::sealed::Sealed;

/// What is known of an item when its entry is looked for.
#[derive(Debug, Clone, Copy)]
pub struct Query<'q> {
    /// Where it is kept.
    pub store: Store,
    /// Its name.
    pub name: &'q str,
    /// Every value it is known to have had, as written; empty where none is known, as for an item
    /// that is only predicted.
    pub values: &'q [&'q str],
    /// Cookies: host or domain. Storage: the host of the origin.
    pub host: &'q str,
    /// Whose it is.
    pub party: Party,
    /// Ids of the providers that were found in the visit.
    pub present: &'q [&'q str],
}

/// An entry that was found, and by which of its names.
#[derive(Debug, Clone, Copy)]
pub struct Match<'c> {
    /// The provider whose entry it is.
    pub provider: &'c Provider,
    /// The entry.
    pub entry: &'c Entry,
    /// The documented alias that matched, as the entry writes it; `None` if its own name did.
    pub alias: Option<&'c str>,
}

/// How well a pattern describes names; greater is better.
pub(super) type Rank = (usize, Reverse<usize>, bool, Option<ValueRank>, usize);

/// The same for the pattern of a value.
type ValueRank = (usize, Reverse<usize>);

impl Catalogue {
    /// The entry that matches best: longest literal wins.
    #[must_use]
    pub fn find(&self, query: &Query<'_>) -> Option<(&Provider, &Entry)> {
        self.find_match(query).map(|m| (m.provider, m.entry))
    }

    /// The entry that matches best, and by which of its names.
    #[must_use]
    pub fn find_match(&self, query: &Query<'_>) -> Option<Match<'_>> {
        self.find_sealed(query, None)
    }

    /// The same for an item of a visit whose values may be sealed: the query's values are then
    /// stand-ins.
    #[must_use]
    pub fn find_sealed(&self, query: &Query<'_>, sealed: Option<&Sealed>) -> Option<Match<'_>> {
        let mut candidates = self.candidates(query);
        candidates.sort_by_key(|(rank, _)| Reverse(*rank));
        let best = |value: Option<&str>| {
            let takes = |(_, found): &(Rank, Match<'_>)| found.entry.takes(value, sealed);
            candidates.iter().position(takes)
        };
        if query.values.is_empty() {
            return best(None).map(|place| candidates[place].1);
        }
        // In order of their rank: of equals the better match counts, in whatever order values come.
        let mut found: Vec<Option<usize>> = query.values.iter().map(|v| best(Some(v))).collect();
        found.sort_unstable();
        let found = found.into_iter().map(|place| Some(candidates[place?].1));
        strictest(found, |m| m.entry)
    }

    /// An entry for which it matters what an item's value looked like, and nobody asked before the
    /// visit was sealed.
    #[must_use]
    pub fn unasked(&self, query: &Query<'_>, sealed: &Sealed) -> Option<Match<'_>> {
        let mut candidates = self.candidates(query).into_iter().map(|(_, found)| found);
        candidates.find(|found| {
            let question = found.entry.question();
            question.is_some_and(|question| !sealed.asked.contains(&question))
        })
    }

    /// Every entry that applies whatever the value, with its rank.
    pub(super) fn candidates(&self, query: &Query<'_>) -> Vec<(Rank, Match<'_>)> {
        self.entries()
            .filter(|(provider, entry)| applies(provider, entry, query))
            .filter_map(|(provider, entry)| {
                let (rank, alias) = entry.rank_for(query.name)?;
                let found = Match {
                    provider,
                    entry,
                    alias,
                };
                Some((rank, found))
            })
            .collect()
    }

    /// Every entry with its provider, in order.
    pub fn entries(&self) -> impl Iterator<Item = (&Provider, &Entry)> {
        self.providers
            .iter()
            .flat_map(|p| p.entries.iter().map(move |e| (p, e)))
    }
}

impl Entry {
    /// The rank of the best of its names that matches, and the alias if it is one.
    fn rank_for(&self, name: &str) -> Option<(Rank, Option<&str>)> {
        if self.name.matches(name) {
            return Some((self.rank(&self.name, true), None));
        }
        self.aliases
            .iter()
            .filter(|a| a.matches(name))
            .map(|a| (self.rank(a, false), Some(a.text.as_str())))
            .max()
    }

    pub(super) fn rank(&self, pattern: &NamePattern, own: bool) -> Rank {
        let conditions = 4 * usize::from(!self.hosts.is_empty())
            + 2 * usize::from(self.needs_provider)
            + usize::from(self.party.is_some());
        let open = Reverse(pattern.looseness());
        let value = self.value.as_ref();
        let value = value.map(|v| (v.literals, Reverse(v.looseness())));
        (pattern.literals, open, own, value, conditions)
    }
}

fn applies(provider: &Provider, entry: &Entry, query: &Query<'_>) -> bool {
    entry.store == query.store
        && entry.party.is_none_or(|p| p == query.party)
        && (entry.hosts.is_empty() || entry.hosts.iter().any(|h| host_matches(h, query.host)))
        && (!entry.needs_provider || query.present.contains(&provider.id.as_str()))
}

#[cfg(test)]
mod tests {
    #![expect(clippy::expect_used, reason = "a test that cannot go on must fail")]

    use super::*;
    use crate::catalogue::load;

    const FILE: &str = r#"
provider: Chat
sources: { own: { cite: "a test", read: 2026-01-02 } }
entries:
  - { name: "chat_{id:hex4}", documented_as: ["live_{id}", "live_*"], store: cookie, expires: session,
      role: performance, purpose: a, source: [own], examples: { match: [chat_00ff] } }
  - { name: "chat_*", store: cookie, expires: session,
      role: unclassified, purpose: b, source: [own], examples: { match: [chat_x] } }
  - { name: "live_set", store: cookie, expires: session,
      role: functionality, purpose: c, source: [own], examples: { match: [live_set] } }
  - { name: "token", store: local-storage, needs_provider: true, expires: until-cleared,
      role: functionality, purpose: d, source: [own], examples: { match: [token] } }
  - { name: "ss", store: cookie, party: third, hosts: ["*.chat.test"], expires: session,
      role: functionality, purpose: e, source: [own], examples: { match: [ss] } }
"#;

    fn catalogue() -> Catalogue {
        let provider = load::provider("chat", "chat.yaml", FILE).expect("a good file");
        Catalogue {
            providers: vec![provider],
        }
    }

    fn query<'q>(name: &'q str, present: &'q [&'q str]) -> Query<'q> {
        let store = if name == "token" {
            Store::LocalStorage
        } else {
            Store::Cookie
        };
        Query {
            store,
            name,
            values: &[],
            host: "shop.test",
            party: Party::First,
            present,
        }
    }

    fn purpose(query: &Query<'_>) -> Option<(String, Option<String>)> {
        let catalogue = catalogue();
        let found = catalogue.find_match(query)?;
        let alias = found.alias.map(str::to_owned);
        Some((found.entry.purpose.clone(), alias))
    }

    fn own(purpose: &str) -> Option<(String, Option<String>)> {
        Some((purpose.to_owned(), None))
    }

    #[test]
    fn what_leaves_less_open_wins() {
        assert_eq!(purpose(&query("chat_12ab", &[])), own("a"));
        assert_eq!(purpose(&query("chat_12", &[])), own("b"));
        assert_eq!(purpose(&query("xchat_12ab", &[])), None);
    }

    #[test]
    fn an_alias_matches_but_yields_to_a_name_as_exact() {
        let alias = Some(("a".to_owned(), Some("live_{id}".to_owned())));
        assert_eq!(purpose(&query("live_12ab", &[])), alias);
        let empty = Some(("a".to_owned(), Some("live_*".to_owned())));
        assert_eq!(purpose(&query("live_", &[])), empty);
        assert_eq!(purpose(&query("live_set", &[])), own("c"));
    }

    #[test]
    fn generic_names_need_their_provider() {
        assert_eq!(purpose(&query("token", &["other"])), None);
        assert_eq!(purpose(&query("token", &["chat"])), own("d"));
    }

    #[test]
    fn store_host_and_party_count() {
        let third = Query {
            host: "cdn.chat.test",
            party: Party::Third,
            ..query("ss", &[])
        };
        assert_eq!(purpose(&third), own("e"));
        let first = Query {
            party: Party::First,
            ..third
        };
        assert_eq!(purpose(&first), None);
        let elsewhere = Query {
            host: "shop.test",
            ..third
        };
        assert_eq!(purpose(&elsewhere), None);
        let stored = Query {
            store: Store::SessionStorage,
            ..query("chat_12ab", &[])
        };
        assert_eq!(purpose(&stored), None);
    }
}
