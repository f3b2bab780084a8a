//! The entry that a name was probably meant to be: edit distance in which captures and wildcards
//! cost nothing, so that a long id neither hides nor makes a likeness.

use std::cmp::Reverse;

use super::pattern::{NamePattern, Part};
use super::{Catalogue, Entry, Provider};

/// Longer names are compared up to here.
const MAX_CHARS: usize = 256;

/// Fewer literal characters than this are like too many names.
const MIN_LITERALS: usize = 6;

/// The same where the pattern leaves something open.
const MIN_LITERALS_IF_OPEN: usize = 8;

impl Catalogue {
    /// The entry whose name is nearest by edit distance, with the distance, if any is near enough
    /// to be a likely misspelling: one edit per four literal characters, at most three. Entries of
    /// every store count, also by their documented aliases; a distance of 0 means that the name is
    /// right but the store, host or party is not. Generic names (`needs_provider`) do not count.
    #[must_use]
    pub fn nearest(&self, name: &str) -> Option<(&Provider, &Entry, usize)> {
        let name: Vec<char> = name.chars().take(MAX_CHARS).collect();
        self.entries()
            .filter(|(_, entry)| !entry.needs_provider)
            .filter_map(|(provider, entry)| {
                let (distance, literals) = nearest_name(entry, &name)?;
                Some((provider, entry, distance, literals))
            })
            .min_by_key(|(_, _, distance, literals)| (*distance, Reverse(*literals)))
            .map(|(provider, entry, distance, _)| (provider, entry, distance))
    }
}

/// The smallest likely distance to one of the entry's names, with that name's literal characters.
fn nearest_name(entry: &Entry, name: &[char]) -> Option<(usize, usize)> {
    std::iter::once(&entry.name)
        .chain(&entry.aliases)
        .filter_map(|pattern| Some((likely_distance(pattern, name)?, pattern.literals)))
        .min_by_key(|(distance, literals)| (*distance, Reverse(*literals)))
}

fn likely_distance(pattern: &NamePattern, name: &[char]) -> Option<usize> {
    let enough = if pattern.is_exact() {
        MIN_LITERALS
    } else {
        MIN_LITERALS_IF_OPEN
    };
    if pattern.literals < enough {
        return None;
    }
    let distance = distance(&pattern.parts, name);
    (distance <= (pattern.literals / 4).clamp(1, 3)).then_some(distance)
}

/// The distance with letters of either case taken as equal; a difference in case alone is one edit.
fn distance(parts: &[Part], name: &[char]) -> usize {
    let lower = edits(parts, name, |a, b| a.to_lowercase().eq(b.to_lowercase()));
    if lower == 0 {
        edits(parts, name, |a, b| a == b).min(1)
    } else {
        lower
    }
}

/// Levenshtein's distance, row by row over the pattern: a literal character is kept, replaced, left
/// out or added; a capture takes any run of characters it allows for nothing.
fn edits(parts: &[Part], name: &[char], same: impl Fn(char, char) -> bool) -> usize {
    let mut row: Vec<usize> = (0..=name.len()).collect();
    for part in parts {
        match part {
            Part::Literal(text) => {
                for literal in text.chars() {
                    row = after_literal(&row, name, |c| same(literal, c));
                }
            }
            Part::Any => take_run(&mut row, name, |_| true),
            Part::Capture(_, kind) => take_run(&mut row, name, |c| kind.allows(c)),
        }
    }
    row.last().copied().unwrap_or(0)
}

fn after_literal(row: &[usize], name: &[char], same: impl Fn(char) -> bool) -> Vec<usize> {
    let mut next = Vec::with_capacity(row.len());
    next.push(row[0] + 1);
    for (at, c) in name.iter().enumerate() {
        let replaced = row[at] + usize::from(!same(*c));
        next.push(replaced.min(row[at + 1] + 1).min(next[at] + 1));
    }
    next
}

fn take_run(row: &mut [usize], name: &[char], allows: impl Fn(char) -> bool) {
    for (at, c) in name.iter().enumerate() {
        let taken = row[at] + usize::from(!allows(*c));
        row[at + 1] = row[at + 1].min(taken);
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::expect_used, reason = "a test that cannot go on must fail")]

    use proptest::prelude::*;

    use super::*;
    use crate::catalogue::load;

    const ID: &str = "64f0c0ffee64f0c0ffee64f0";

    const FILE: &str = r#"
provider: Chat
sources: { own: { cite: "a test", read: 2026-01-02 } }
entries:
  - { name: "twk_uuid_{id:hex24}", store: cookie, expires: session, role: performance,
      purpose: a, source: [own], examples: { match: [twk_uuid_64f0c0ffee64f0c0ffee64f0] } }
  - { name: "twk_*", store: cookie, expires: session, role: unclassified,
      purpose: b, source: [own], examples: { match: [twk_x] } }
  - { name: "TawkConnectionTime", store: cookie, expires: session, role: functionality,
      purpose: c, source: [own], examples: { match: [TawkConnectionTime] } }
  - { name: "token", store: local-storage, needs_provider: true, expires: until-cleared,
      role: functionality, purpose: d, source: [own], examples: { match: [token] } }
"#;

    fn nearest(name: &str) -> Option<(String, usize)> {
        let provider = load::provider("chat", "chat.yaml", FILE).expect("a good file");
        let catalogue = Catalogue {
            providers: vec![provider],
        };
        let (_, entry, distance) = catalogue.nearest(name)?;
        Some((entry.purpose.clone(), distance))
    }

    fn near(purpose: &str, distance: usize) -> Option<(String, usize)> {
        Some((purpose.to_owned(), distance))
    }

    #[test]
    fn long_ids_cost_nothing() {
        assert_eq!(nearest(&format!("tawk_uuid_{ID}")), near("a", 1));
        assert_eq!(nearest(&format!("twk_uid_{ID}")), near("a", 1));
        assert_eq!(nearest(&format!("twk_uuid_{ID}")), near("a", 0));
    }

    #[test]
    fn plain_names_may_have_one_wrong_letter_in_four() {
        assert_eq!(nearest("TawkConectionTime"), near("c", 1));
        assert_eq!(nearest("tawkconnectiontime"), near("c", 1));
        assert_eq!(nearest("tawkConectionTim"), near("c", 2));
        assert_eq!(nearest("ConnectionTime"), None);
    }

    #[test]
    fn short_open_and_generic_names_are_like_nothing() {
        assert_eq!(nearest("tok_abc"), None);
        assert_eq!(nearest("tokens"), None);
        assert_eq!(nearest(ID), None);
        assert_eq!(nearest(""), None);
    }

    proptest! {
        #[test]
        fn without_open_parts_it_is_levenshtein(a in "[ab_]{1,12}", b in "[ab_]{0,12}") {
            let parts = [Part::Literal(a.clone())];
            let name: Vec<char> = b.chars().collect();
            prop_assert_eq!(edits(&parts, &name, |x, y| x == y), strsim::levenshtein(&a, &b));
        }
    }
}
