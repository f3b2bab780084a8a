//! Matching items to entries: anchored patterns with captures, longest literal wins.

/// A name pattern such as `twk_uuid_{property_id:hex24}`.
#[derive(Debug, Clone)]
pub struct NamePattern {
    /// As written.
    pub text: String,
    /// Anchored.
    pub regex: regex::Regex,
    /// How many characters are literal.
    pub literals: usize,
}

use super::{Catalogue, Entry, Provider};
use crate::model::item::{Party, Store};

/// What is known of an item when its entry is looked for.
#[derive(Debug, Clone, Copy)]
pub struct Query<'q> {
    /// Where it is kept.
    pub store: Store,
    /// Its name.
    pub name: &'q str,
    /// Cookies: host or domain. Storage: the host of the origin.
    pub host: &'q str,
    /// Whose it is.
    pub party: Party,
    /// Ids of the providers that were found in the visit.
    pub present: &'q [&'q str],
}

impl Catalogue {
    /// The entry that matches best: longest literal wins.
    #[must_use]
    pub fn find(&self, _query: &Query<'_>) -> Option<(&Provider, &Entry)> {
        unimplemented!()
    }

    /// The entry whose name is nearest by edit distance, with the distance, if any is near enough
    /// to be a likely misspelling. Entries of every store count.
    #[must_use]
    pub fn nearest(&self, _name: &str) -> Option<(&Provider, &Entry, usize)> {
        unimplemented!()
    }
}

/// Whether `host` matches a pattern such as `*.tawk.to` (the bare domain included) or `tawk.to`.
#[must_use]
pub fn host_matches(_pattern: &str, _host: &str) -> bool {
    unimplemented!()
}
