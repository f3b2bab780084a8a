//! Recipes: how to find a consent platform's banner, press its buttons and read its record.

use crate::model::item::Store;

/// How to deal with one consent platform.
#[derive(Debug, Clone)]
pub struct Recipe {
    /// The file's name without its ending.
    pub id: String,
    /// Name for people.
    pub name: String,
    /// CSS selectors of the banner; the platform is recognised when one of them is visible.
    pub banner: Vec<String>,
    /// CSS selectors of the controls on the first layer, most specific first.
    pub accept: Vec<String>,
    /// The same for rejecting.
    pub reject: Vec<String>,
    /// Where the platform keeps the choice.
    pub records: Vec<RecordPlace>,
}

/// Where a platform keeps the choice, and how to read it.
#[derive(Debug, Clone)]
pub struct RecordPlace {
    /// Cookie or storage.
    pub store: Store,
    /// Exact name.
    pub name: String,
    /// A decoder of [`super::record`].
    pub decoder: super::record::Decoder,
}

use crate::yaml::YamlError;

/// The embedded recipes of `rules/consent/`.
#[must_use]
pub fn builtin() -> Vec<Recipe> {
    unimplemented!()
}

/// Adds the recipes of the folder `consent/` in a rules directory; one with a known id replaces it.
///
/// # Errors
/// [`YamlError`] for the first file that cannot be used.
pub fn add_directory(
    _base: Vec<Recipe>,
    _rules: &std::path::Path,
) -> Result<Vec<Recipe>, YamlError> {
    unimplemented!()
}
