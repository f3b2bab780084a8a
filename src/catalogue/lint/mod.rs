//! What is wrong with a catalogue or a list itself, before any site is looked at.
//!
//! [`catalogue`] judges entries that were loaded ([`entry`] a single one), [`directory`] the files of a rules directory, also
//! those that cannot be loaded, and [`list`](fn@list) the rows of a list of another format. The problems
//! are named by the ids below; an entry may say in `accept` why one of them is right all the same.

mod directory;
mod entries;
mod lifetimes;
mod rows;

use std::collections::BTreeSet;

use super::duration::Expires;
use super::list::List;
use super::{Catalogue, Entry};
use crate::model::finding::Severity;
use crate::yaml::Place;

pub use self::directory::directory;

/// One name with two meanings, between which nothing decides.
pub const CONFLICT: &str = "catalogue-conflict";
/// One name twice with the same meaning.
pub const DUPLICATE: &str = "catalogue-duplicate";
/// Neither role nor purpose.
pub const UNCLASSIFIED: &str = "catalogue-unclassified";
/// No lifetime.
pub const EXPIRY_MISSING: &str = "catalogue-expiry-missing";
/// A lifetime that cannot be right, or cannot be read.
pub const EXPIRY_IMPLAUSIBLE: &str = "catalogue-expiry-implausible";
/// A pattern that is like almost any name.
pub const TOO_BROAD: &str = "catalogue-too-broad";
/// An entry that no item can find.
pub const UNREACHABLE: &str = "catalogue-unreachable";
/// An entry without a source.
pub const UNSOURCED: &str = "catalogue-unsourced";
/// A file or an entry that cannot be loaded.
pub const INVALID: &str = "catalogue-invalid";
/// An `accept` for something that is not there.
pub const NEEDLESS_ACCEPT: &str = "catalogue-needless-accept";

/// What an entry may accept.
pub const ACCEPTABLE: [&str; 4] = [EXPIRY_IMPLAUSIBLE, UNCLASSIFIED, TOO_BROAD, UNREACHABLE];

/// Something that is wrong with a catalogue or a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// Its id, one of those above.
    pub check: &'static str,
    /// How bad.
    pub severity: Severity,
    /// Where.
    pub place: Place,
    /// The name of the item, as written; empty for a whole file.
    pub name: String,
    /// One sentence: what is wrong.
    pub message: String,
    /// What to do about it.
    pub help: String,
}

/// Judges every entry of a catalogue.
#[must_use]
pub fn catalogue(catalogue: &Catalogue) -> Vec<Problem> {
    let all = catalogue.providers.iter().map(|p| p.id.as_str()).collect();
    of_providers(catalogue, &all)
}

/// Judges an entry by itself, and says nothing of what it accepts.
#[must_use]
pub fn entry(entry: &Entry) -> Vec<Problem> {
    entries::alone(entry)
        .into_iter()
        .filter(|problem| !entry.accepted.contains_key(problem.check))
        .collect()
}

/// Judges the entries of some providers of a catalogue, also against those of the others.
fn of_providers(catalogue: &Catalogue, ids: &BTreeSet<&str>) -> Vec<Problem> {
    sorted(entries::problems(catalogue, ids))
}

/// Judges a list as it is: by its names alone, as tools that use it do.
#[must_use]
pub fn list(list: &List) -> Vec<Problem> {
    sorted(rows::problems(list))
}

/// Why a cookie's lifetime was probably written in the wrong unit, in words.
pub(super) fn suspicion(expires: &Expires) -> Option<String> {
    lifetimes::wrong_unit(expires)
}

fn sorted(mut problems: Vec<Problem>) -> Vec<Problem> {
    problems.sort_by(|a, b| a.place.cmp(&b.place).then(a.check.cmp(b.check)));
    problems
}
