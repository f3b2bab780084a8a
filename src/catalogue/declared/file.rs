//! The files of `rules/declarations/`: one per language.

use std::collections::BTreeMap;

use include_dir::{Dir, include_dir};
use serde::Deserialize;

use super::Column;
use crate::model::item::Store;
use crate::model::role::Role;
use crate::yaml::{self, YamlError};

static FILES: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/rules/declarations");

/// One file.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct File {
    /// The language's code; the file is named after it, and a test compares the two.
    #[cfg_attr(not(test), expect(dead_code, reason = "only the test asks for it"))]
    pub(super) language: String,
    /// What columns are called.
    pub(super) columns: BTreeMap<Column, Vec<String>>,
    pub(super) lifetimes: Lifetimes,
    /// What categories are called.
    #[serde(default)]
    pub(super) roles: BTreeMap<Role, Vec<String>>,
    /// What kinds of storage are called.
    #[serde(default)]
    pub(super) stores: BTreeMap<Store, Vec<String>>,
}

/// How lifetimes are written.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct Lifetimes {
    pub(super) units: BTreeMap<Unit, Vec<String>>,
    pub(super) session: Vec<String>,
    /// Without an end.
    #[serde(default)]
    pub(super) until_cleared: Vec<String>,
    /// Words that say that nothing is said.
    #[serde(default)]
    pub(super) not_stated: Vec<String>,
    #[serde(default)]
    pub(super) transient: Vec<String>,
    /// The number, where it is written as a word.
    #[serde(default)]
    pub(super) one: Vec<String>,
    /// Words before a number that do not make it greater.
    #[serde(default)]
    pub(super) around: Vec<String>,
    /// Words after a lifetime that say that it begins anew.
    #[serde(default)]
    pub(super) renewed: Vec<String>,
}

/// A unit of time; the order is that of ISO 8601.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Unit {
    Year,
    Month,
    Week,
    Day,
    Hour,
    Minute,
    Second,
}

/// Reads every file, in the order of their names.
pub(super) fn embedded() -> Result<Vec<File>, YamlError> {
    FILES
        .files()
        .filter_map(|f| Some((f.path(), f.contents_utf8()?)))
        .map(|(path, text)| yaml::read(&format!("builtin:declarations/{}", path.display()), text))
        .collect()
}

#[cfg(test)]
mod tests {
    #![expect(clippy::expect_used, reason = "a test that cannot go on must fail")]

    use super::*;
    use crate::catalogue::declared::words::fold;

    #[test]
    fn every_file_is_read_and_named_after_its_language() {
        let files = embedded().expect("good files");
        assert_eq!(files.len(), FILES.files().count());
        for (file, read) in FILES.files().zip(&files) {
            let stem = file.path().file_stem().and_then(|s| s.to_str());
            assert_eq!(stem, Some(read.language.as_str()));
        }
    }

    /// Words of `pick` that mean one thing in one language and another in another.
    fn disputes<T: Copy + Ord + std::fmt::Debug>(
        pick: impl Fn(&File) -> &BTreeMap<T, Vec<String>>,
    ) -> Vec<String> {
        let mut known: BTreeMap<String, (T, String)> = BTreeMap::new();
        let mut disputes = Vec::new();
        for file in embedded().expect("good files") {
            for (meaning, words) in pick(&file) {
                for word in words.iter().map(|w| fold(w)) {
                    let here = (*meaning, file.language.clone());
                    let first = known.entry(word.clone()).or_insert_with(|| here.clone());
                    if first.0 != *meaning {
                        disputes.push(format!("{word}: {first:?} and {here:?}"));
                    }
                }
            }
        }
        disputes
    }

    #[test]
    fn no_two_languages_use_one_word_for_two_things() {
        assert_eq!(disputes(|f| &f.columns), Vec::<String>::new(), "columns");
        assert_eq!(
            disputes(|f| &f.lifetimes.units),
            Vec::<String>::new(),
            "units"
        );
        assert_eq!(disputes(|f| &f.roles), Vec::<String>::new(), "roles");
        assert_eq!(disputes(|f| &f.stores), Vec::<String>::new(), "stores");
    }

    #[test]
    fn every_language_has_every_unit_and_every_role() {
        for file in embedded().expect("good files") {
            if file.language == "mul" {
                continue;
            }
            let lifetimes = &file.lifetimes;
            assert!(lifetimes.units.len() >= 6, "{}: units", file.language);
            assert!(!lifetimes.session.is_empty(), "{}: session", file.language);
            for column in [
                Column::Name,
                Column::Purpose,
                Column::Lifetime,
                Column::Role,
            ] {
                let words = file.columns.get(&column).map_or(0, Vec::len);
                assert!(words > 0, "{}: {column:?}", file.language);
            }
            for role in [
                Role::Essential,
                Role::Functionality,
                Role::Performance,
                Role::Marketing,
            ] {
                let words = file.roles.get(&role).map_or(0, Vec::len);
                assert!(words > 0, "{}: {role:?}", file.language);
            }
        }
    }
}
