//! Recipes: how to find a consent platform's banner, press its buttons and read its record.
//!
//! One YAML file per platform in `rules/consent/`, named after it. A platform is recognised by a
//! visible banner, never by its record's name or a global: several platforms share those. Keys that
//! are not known are errors, so that a recipe written for a later version is refused, not half
//! understood.

mod load;

use regex::Regex;

use crate::model::choice::Choice;
use crate::model::item::Store;
use crate::yaml::{Place, YamlError};

pub use load::{add_directory, read};

/// How to deal with one consent platform.
#[derive(Debug, Clone)]
pub struct Recipe {
    /// The file's name without its ending.
    pub id: String,
    /// Name for people.
    pub name: String,
    /// The platform's own page.
    pub homepage: String,
    /// The version and the day it was last seen to work; `None` if it never was.
    pub verified: Option<Verified>,
    /// Where its facts are from.
    pub sources: Vec<String>,
    /// Regular expressions, searched in the addresses of the page's scripts without regard to case:
    /// signs of the platform where no script runs and no banner is built.
    pub scripts: Vec<Regex>,
    /// CSS selectors of the banner; the platform is recognised when one of them is visible. They and
    /// the following are looked up in open shadow trees too.
    pub banner: Vec<String>,
    /// CSS selectors of the controls on the first layer, most specific first.
    pub accept: Vec<String>,
    /// The same for rejecting.
    pub reject: Vec<String>,
    /// Controls that open the second layer, where single purposes are chosen.
    pub settings: Vec<String>,
    /// The second layer's switches, one per purpose; each is put off before it is saved.
    pub toggles: Vec<String>,
    /// Where purposes have two controls each instead of a switch.
    pub pairs: Option<Pairs>,
    /// Controls that save the second layer.
    pub save: Vec<String>,
    /// Controls that close the banner and name no choice.
    pub close: Vec<String>,
    /// Controls that show the banner again once a choice was made.
    pub reopen: Vec<String>,
    /// The platform's own functions, for what has no control.
    pub api: Api,
    /// Where the platform keeps the choice.
    pub records: Vec<RecordPlace>,
    /// The SHA-256 of the file.
    pub sha256: String,
    /// Where the recipe stands.
    pub place: Place,
}

/// Purposes with two controls each: one that allows it, and one that refuses it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pairs {
    /// The CSS selector of what holds one purpose's controls and its name.
    pub row: String,
    /// Inside of it, what allows the purpose; it says by `aria-pressed` whether it is allowed.
    pub allow: String,
    /// The same, for refusing.
    pub deny: String,
}

/// JavaScript expressions that a page may evaluate to make a choice without a control. A choice made
/// so is reported as such.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Api {
    /// Accepts everything.
    pub accept: Option<String>,
    /// Rejects everything.
    pub reject: Option<String>,
    /// Allows some categories; `{functionality}`, `{performance}` and `{marketing}` stand for `true`
    /// or `false`.
    pub custom: Option<String>,
    /// Shows the banner or the second layer again.
    pub reopen: Option<String>,
}

/// When a recipe was last seen to work.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verified {
    /// The platform's version.
    pub version: String,
    /// The day, as year-month-day.
    pub on: String,
}

/// Where a platform keeps the choice, and how to read it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordPlace {
    /// Cookie, local or session storage.
    pub store: Store,
    /// Its name; a `*` at the end stands for a site's id.
    pub name: String,
    /// A decoder of [`super::record`].
    pub decoder: super::record::Decoder,
    /// Values that stand for a choice before a page is loaded.
    pub seed: Seed,
}

/// Record values, as the platform stores them, for an engine that cannot press anything. `None`
/// where the value depends on the site, such as the names of its categories.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Seed {
    /// A visitor who accepted everything.
    pub accept: Option<String>,
    /// A visitor who rejected everything.
    pub reject: Option<String>,
}

impl Recipe {
    /// The selectors of the control for a choice, most specific first.
    #[must_use]
    pub fn control(&self, asked: Choice) -> &[String] {
        match asked.on_banner() {
            Choice::Accept => &self.accept,
            Choice::Reject => &self.reject,
            _ => &[],
        }
    }

    /// Whether the platform keeps the choice under this name, and how it is then read.
    #[must_use]
    pub fn record(&self, store: Store, name: &str) -> Option<&RecordPlace> {
        let mut records = self.records.iter();
        records.find(|r| r.store == store && r.is_named(name))
    }

    /// Whether the address of a script shows that the platform is used.
    #[must_use]
    pub fn is_script(&self, url: &str) -> bool {
        self.scripts.iter().any(|sign| sign.is_match(url))
    }
}

impl RecordPlace {
    /// Whether an item of this name is the record.
    #[must_use]
    pub fn is_named(&self, name: &str) -> bool {
        match self.name.strip_suffix('*') {
            Some(start) => name.len() > start.len() && name.starts_with(start),
            None => self.name == name,
        }
    }
}

impl Seed {
    /// The value for a choice.
    #[must_use]
    pub fn of(&self, asked: Choice) -> Option<&str> {
        match asked {
            Choice::Accept => self.accept.as_deref(),
            Choice::Reject => self.reject.as_deref(),
            _ => None,
        }
    }
}

/// The embedded recipes of `rules/consent/`, in order of their ids.
///
/// # Panics
/// Never in a build whose tests passed: they read every embedded recipe.
#[must_use]
pub fn builtin() -> Vec<Recipe> {
    load::embedded().expect("the embedded recipes are read by a test")
}

#[cfg(test)]
mod tests;
