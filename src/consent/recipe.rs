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
    /// Regular expressions, searched in the addresses of the page's scripts: signs of the platform
    /// where no script runs and no banner is built.
    pub scripts: Vec<regex::Regex>,
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
    /// What the record holds after a choice, as far as that is the same on every site.
    pub seed: Seed,
}

/// Values to store for a visitor who is to arrive with the choice made.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Seed {
    /// The value after accepting, as it stands in the cookie; `None` where it depends on the site.
    pub accept: Option<String>,
    /// The same after rejecting.
    pub reject: Option<String>,
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
