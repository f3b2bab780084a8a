//! From a visit to items with names: folds observations into items and finds the catalogue's entry
//! for each. Pure.

use crate::catalogue::{Catalogue, Entry, Provider};
use crate::model::item::Item;
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
    /// The entry that matches it best.
    pub known: Option<Known<'a>>,
}

/// What the catalogue knows of an item.
#[derive(Debug, Clone, Copy)]
pub struct Known<'a> {
    /// The provider whose entry it is.
    pub provider: &'a Provider,
    /// The entry.
    pub entry: &'a Entry,
}

/// Folds and classifies one visit.
#[must_use]
pub fn classify<'a>(_visit: &'a Visit, _catalogue: &'a Catalogue) -> ClassifiedVisit<'a> {
    unimplemented!()
}
