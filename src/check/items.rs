//! Items over all visits of a target, and words for them that checks share.

use std::collections::BTreeMap;

use super::Context;
use crate::classify::{ClassifiedItem, ClassifiedVisit, Known};
use crate::model::choice::{Choice, ChoiceState};
use crate::model::item::{ItemKey, PhaseStory, Store};
use crate::model::role::Role;
use crate::model::scenario::{PhaseId, ScenarioId};

/// How many items a sentence names.
const NAMED: usize = 5;

/// How many characters of a name a sentence shows. The finding's item has all of it.
const LONGEST: usize = 80;

/// One item in every visit that it appeared in, in scenario order.
pub(super) struct Sightings<'a> {
    pub(super) key: &'a ItemKey,
    pub(super) seen: Vec<Sighting<'a>>,
}

/// An item in one visit.
#[derive(Clone, Copy)]
pub(super) struct Sighting<'a> {
    pub(super) visit: &'a ClassifiedVisit<'a>,
    pub(super) item: &'a ClassifiedItem<'a>,
}

impl Sighting<'_> {
    pub(super) fn scenario(&self) -> ScenarioId {
        self.visit.visit.scenario
    }

    /// Whether the visitor asked for the service that an item of this entry belongs to.
    pub(super) fn has_asked(&self, known: Option<Known<'_>>) -> bool {
        let request = self.visit.visit.service.as_ref();
        request.zip(known).is_some_and(|(request, known)| {
            request.is_for(&known.provider.id, known.entry.service.as_deref())
        })
    }

    /// Whether what happened in a phase happened before the visitor chose, and before they asked for
    /// the service that an item of this entry belongs to. Where nothing could be chosen, that is the
    /// whole visit; who wants to withdraw has accepted before.
    pub(super) fn is_unasked(&self, known: Option<Known<'_>>, phase: PhaseId) -> bool {
        let choice = &self.visit.visit.choice;
        let offered = [
            Choice::Accept,
            Choice::Reject,
            Choice::Dismiss,
            Choice::Custom,
        ];
        let never_chose = offered.contains(&choice.asked)
            && choice.state == ChoiceState::NotOffered
            && choice.at_ms.is_none();
        (never_chose || phase.precedes_choice())
            && !(phase == PhaseId::WidgetOpen && self.has_asked(known))
    }

    /// The first phase in which the item was kept unasked.
    pub(super) fn kept_unasked(&self, known: Option<Known<'_>>) -> Option<&PhaseStory> {
        self.item.first_kept(|phase| self.is_unasked(known, phase))
    }
}

impl<'a> Sightings<'a> {
    /// The entry that counts over all visits.
    pub(super) fn known(&self) -> Option<Known<'a>> {
        Known::of_visits(self.seen.iter().map(|s| s.item.known))
    }

    /// The entry, if it says what the item is for. Catalogues may know whose a name is and no more.
    pub(super) fn classified(&self) -> Option<Known<'a>> {
        self.known().filter(|known| is_classified(*known))
    }

    /// Only the visits that `choose` picks; `None` if that leaves none.
    pub(super) fn only(self, choose: impl Fn(&Sighting<'a>) -> bool) -> Option<Kept<'a>> {
        let known = self.known();
        let mut kept = self.seen.into_iter().filter(choose);
        let first = kept.next()?;
        Some(Kept {
            key: self.key,
            known,
            first,
            others: kept.map(|s| s.scenario()).collect(),
        })
    }
}

fn is_classified(known: Known<'_>) -> bool {
    known.entry.role != Role::Unclassified
}

/// An item where a check found what it looks for.
pub(super) struct Kept<'a> {
    pub(super) key: &'a ItemKey,
    pub(super) known: Option<Known<'a>>,
    /// The first visit it was found in.
    pub(super) first: Sighting<'a>,
    /// The scenarios of the others.
    pub(super) others: Vec<ScenarioId>,
}

impl Kept<'_> {
    /// Whether no catalogue says what the item is for.
    pub(super) fn is_unclassified(&self) -> bool {
        !self.known.is_some_and(is_classified)
    }
}

/// Every item of every visit, in order of its key.
pub(super) fn all<'a>(context: &Context<'a>) -> Vec<Sightings<'a>> {
    let mut all: BTreeMap<&'a ItemKey, Vec<Sighting<'a>>> = BTreeMap::new();
    for visit in context.visits {
        for item in &visit.items {
            let seen = Sighting { visit, item };
            all.entry(&item.item.key).or_default().push(seen);
        }
    }
    all.into_iter()
        .map(|(key, seen)| Sightings { key, seen })
        .collect()
}

/// Why the profile exempts an item from consent, if it does. Items that no catalogue knows are not
/// exempt.
pub(super) fn exemption(context: &Context<'_>, known: Option<Known<'_>>) -> Option<String> {
    let entry = known?.entry;
    let profile = context.profile;
    let by_purpose = profile.exemption(
        entry.role,
        entry.sub_type.as_deref(),
        entry.service.as_deref(),
    );
    by_purpose.or_else(|| profile.claimed_exemption(&entry.exempt))
}

/// The entry of an item that needs consent: it says what the item is for, and the profile does not
/// exempt it.
pub(super) fn needs_consent<'a>(context: &Context<'a>, item: &Sightings<'a>) -> Option<Known<'a>> {
    let known = item.classified()?;
    exemption(context, Some(known)).is_none().then_some(known)
}

/// Whether a file of rules is one of the user's.
pub(super) fn is_own(file: &str) -> bool {
    !file.starts_with("builtin:")
}

/// Whether someone calls a role by a word that means essential.
pub(super) fn means_essential(role: &str) -> bool {
    let role = role.to_lowercase();
    let negated = ["non", "not ", "un"].iter().any(|n| role.starts_with(n));
    let words = ["essential", "necessary", "required"];
    !negated && words.iter().any(|word| role.contains(word))
}

/// What a single thing in a store is called.
pub(super) fn noun(store: Store) -> &'static str {
    match store {
        Store::Cookie => "cookie",
        Store::LocalStorage => "local storage key",
        Store::SessionStorage => "session storage key",
        Store::IndexedDb => "IndexedDB database",
        Store::CacheStorage => "cache",
        Store::ServiceWorker => "service worker",
        Store::FileSystem => "file",
    }
}

/// An item in words: `cookie twk_idm_key (tawk.to, performance)`.
pub(super) fn describe(key: &ItemKey, known: Option<Known<'_>>) -> String {
    let noun = noun(key.store);
    let name = match key.name.as_str() {
        "" => "without a name".to_owned(),
        name => short(name),
    };
    match known {
        Some(Known {
            provider, entry, ..
        }) => {
            let role = entry.role.as_str();
            format!("{noun} {name} ({}, {role})", provider.name)
        }
        None => format!("{noun} {name}"),
    }
}

/// A name that fits into a sentence; sites may choose names of thousands of characters.
fn short(name: &str) -> String {
    match name.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", &name[..end]),
        None => name.to_owned(),
    }
}

/// Some names in a sentence, and how many more there are.
pub(super) fn list(names: &[&str]) -> String {
    let word = |name: &&str| match *name {
        "" => "one without a name".to_owned(),
        name => short(name),
    };
    let mut named: Vec<String> = names.iter().map(word).collect();
    named.sort_unstable();
    named.dedup();
    let more = named.len().saturating_sub(NAMED);
    named.truncate(NAMED);
    let named = named.join(", ");
    if more > 0 {
        format!("{named} and {more} more")
    } else {
        named
    }
}

/// A lifetime in words.
pub(super) fn lifetime(seconds: i64) -> String {
    let (count, unit) = match seconds {
        s if s >= 2 * 86_400 => (s.saturating_add(43_200) / 86_400, "day"),
        s if s >= 2 * 3_600 => ((s + 1_800) / 3_600, "hour"),
        s if s >= 120 => ((s + 30) / 60, "minute"),
        s => (s, "second"),
    };
    let plural = if count == 1 { "" } else { "s" };
    format!("{count} {unit}{plural}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lifetimes_are_told_in_the_largest_unit_that_fits() {
        for (seconds, text) in [
            (1, "1 second"),
            (119, "119 seconds"),
            (600, "10 minutes"),
            (86_400, "24 hours"),
            (15_552_000, "180 days"),
            (63_072_000, "730 days"),
            (i64::MAX, "106751991167300 days"),
        ] {
            assert_eq!(lifetime(seconds), text);
        }
    }

    #[test]
    fn claims_of_being_essential_are_told_from_their_opposite() {
        for claim in ["Essential", "strictly necessary", "Required cookies"] {
            assert!(means_essential(claim), "{claim}");
        }
        for claim in ["Non-essential", "unnecessary", "Analytics", ""] {
            assert!(!means_essential(claim), "{claim}");
        }
    }

    #[test]
    fn long_lists_are_cut() {
        assert_eq!(list(&["b", "a", "b"]), "a, b");
        assert_eq!(list(&["b", ""]), "b, one without a name");
        assert_eq!(
            list(&["ä".repeat(100).as_str()]),
            format!("{}…", "ä".repeat(80))
        );
        assert_eq!(
            list(&["a", "b", "c", "d", "e", "f", "g"]),
            "a, b, c, d, e and 2 more"
        );
    }
}
