//! The words of all languages together, folded: small letters, no accents, no punctuation at the
//! ends.

use std::collections::{BTreeMap, HashMap};
use std::sync::LazyLock;

use serde::Deserialize;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use super::file::{self, File, Unit};
use crate::catalogue::duration::Expires;
use crate::model::item::Store;
use crate::model::role::Role;

/// What a column of a table of cookies holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Column {
    /// Names of items.
    Name,
    /// What they are for.
    Purpose,
    /// How long they are kept.
    Lifetime,
    /// Categories.
    Role,
    /// Whose they are, in words.
    Provider,
    /// Domains they belong to.
    Host,
    /// Where they are kept.
    Store,
}

/// The words of every language.
#[derive(Debug, Default)]
pub struct Words {
    columns: HashMap<String, Column>,
    roles: HashMap<String, Role>,
    stores: HashMap<String, Store>,
    pub(super) units: HashMap<String, Unit>,
    pub(super) whole: HashMap<String, Expires>,
    pub(super) one: Vec<String>,
    pub(super) around: Vec<String>,
    pub(super) renewed: Vec<String>,
}

static WORDS: LazyLock<Words> = LazyLock::new(|| match file::embedded() {
    Ok(files) => files.into_iter().fold(Words::default(), Words::with),
    Err(error) => unreachable!("the embedded rules are tested: {error}"),
});

/// A longer heading or category is no such thing.
const MAX_WORDS: usize = 12;

impl Words {
    /// The embedded words.
    #[must_use]
    pub fn builtin() -> &'static Self {
        &WORDS
    }

    fn with(mut self, file: File) -> Self {
        add(&mut self.columns, file.columns);
        add(&mut self.roles, file.roles);
        add(&mut self.stores, file.stores);
        let lifetimes = file.lifetimes;
        add(&mut self.units, lifetimes.units);
        let whole = BTreeMap::from([
            (0, (Expires::Session, lifetimes.session)),
            (1, (Expires::UntilCleared, lifetimes.until_cleared)),
            (2, (Expires::NotStated, lifetimes.not_stated)),
            (3, (Expires::Transient, lifetimes.transient)),
        ]);
        for (expires, words) in whole.into_values() {
            for word in words {
                self.whole
                    .entry(fold(&word))
                    .or_insert_with(|| expires.clone());
            }
        }
        self.one.extend(lifetimes.one.iter().map(|w| fold(w)));
        self.around.extend(lifetimes.around.iter().map(|w| fold(w)));
        self.renewed
            .extend(lifetimes.renewed.iter().map(|w| fold(w)));
        self
    }

    /// What a heading says that its column holds. A heading of several words is also understood by
    /// a part of it, the longest that is known.
    #[must_use]
    pub fn column(&self, heading: &str) -> Option<Column> {
        parts(&fold(heading))
            .into_iter()
            .find_map(|part| self.columns.get(&part).copied())
    }

    /// The role that a category means. Of several that are named, the one that asks most of the
    /// visitor counts: "performance and functionality" is performance.
    #[must_use]
    pub fn role(&self, category: &str) -> Option<Role> {
        let folded = fold(category);
        if let Some(role) = self.roles.get(&folded) {
            return Some(*role);
        }
        let named = parts(&folded).into_iter();
        named
            .filter_map(|part| self.roles.get(&part).copied())
            .max_by_key(|role| role.demand())
    }

    /// The store that a type means.
    #[must_use]
    pub fn store(&self, text: &str) -> Option<Store> {
        parts(&fold(text))
            .into_iter()
            .find_map(|part| self.stores.get(&part).copied())
    }
}

fn add<T: Copy>(known: &mut HashMap<String, T>, words: BTreeMap<T, Vec<String>>) {
    for (meaning, words) in words {
        for word in words {
            // The first language that uses a word decides; a test sees to it that none disagree.
            known.entry(fold(&word)).or_insert(meaning);
        }
    }
}

/// Every run of words in a text, the longest first, then from the left.
fn parts(folded: &str) -> Vec<String> {
    let words: Vec<&str> = folded
        .split(|c: char| c.is_whitespace() || matches!(c, '/' | ',' | '(' | ')' | '&' | ':' | '+'))
        .filter(|w| !w.is_empty())
        .take(MAX_WORDS)
        .collect();
    let lengths = (1..=words.len()).rev();
    lengths
        .flat_map(|n| words.windows(n).map(|run| run.join(" ")))
        .collect()
}

/// Small letters without accents, one space between words, no punctuation at the ends.
pub(super) fn fold(text: &str) -> String {
    let plain: String = text
        .nfkd()
        .filter(|c| !is_combining_mark(*c))
        .flat_map(char::to_lowercase)
        .map(|c| match c {
            '_' | '\u{a0}' => ' ',
            'ß' => 's',
            other => other,
        })
        .collect();
    // Composed again, since the syllables of Korean come apart otherwise.
    let plain: String = plain.nfc().collect();
    let words: Vec<&str> = plain.split_whitespace().collect();
    let joined = words.join(" ");
    let ends = |c: char| matches!(c, '.' | ':' | ';' | '"' | '*' | '\'' | '“' | '”');
    let trimmed = joined.trim_matches(ends);
    // Brackets that enclose a part are kept out of the way of whole texts.
    trimmed.replace(['(', ')'], "").trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headings_are_understood_whole_or_in_part() {
        let words = Words::builtin();
        for (heading, column) in [
            ("Name", Column::Name),
            ("Cookie / Data Key name", Column::Name),
            ("Retention period", Column::Lifetime),
            ("EXPIRY:", Column::Lifetime),
            ("Purpose of the cookie", Column::Purpose),
            ("Category", Column::Role),
            ("Provider", Column::Provider),
            ("Domain", Column::Host),
            ("Type", Column::Store),
        ] {
            assert_eq!(words.column(heading), Some(column), "{heading}");
        }
        assert_eq!(words.column("Remarks"), None);
    }

    #[test]
    fn of_several_categories_the_most_demanding_counts() {
        let words = Words::builtin();
        for (category, role) in [
            ("Strictly necessary", Role::Essential),
            ("Strictly Necessary Cookies", Role::Essential),
            ("Functional", Role::Functionality),
            ("Performance and functionality", Role::Performance),
            ("Analytics/Marketing", Role::Marketing),
            ("C0004", Role::Marketing),
        ] {
            assert_eq!(words.role(category), Some(role), "{category}");
        }
        assert_eq!(words.role("Sundry"), None);
    }

    #[test]
    fn stores_are_told_apart() {
        let words = Words::builtin();
        assert_eq!(words.store("HTTP Cookie"), Some(Store::Cookie));
        assert_eq!(words.store("HTML Local Storage"), Some(Store::LocalStorage));
        assert_eq!(words.store("IndexedDB"), Some(Store::IndexedDb));
        assert_eq!(words.store("paper"), None);
    }

    #[test]
    fn folding_drops_case_accents_and_punctuation() {
        assert_eq!(fold("  Données  Stockées: "), "donnees stockees");
        assert_eq!(fold("개월"), "개월");
    }
}
