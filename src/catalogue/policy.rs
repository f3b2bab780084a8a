//! A site's own policy: what it tells its visitors that it stores.

use std::path::Path;

use super::list::page::{self, Markup};
use super::list::{List, ListError, Row};
use super::pattern::NamePattern;
use crate::model::item::Store;
use crate::yaml::{Source, YamlError};

/// A declaration that was read.
#[derive(Debug, Clone)]
pub struct Policy {
    /// Where it was read: a file or an address.
    pub name: String,
    /// True if it claims to name everything.
    pub complete: bool,
    /// What it names.
    pub items: Vec<DeclaredItem>,
    /// What is in it and cannot be used.
    pub left_out: usize,
}

/// One name of a declaration.
#[derive(Debug, Clone)]
pub struct DeclaredItem {
    /// The names it stands for.
    pub pattern: NamePattern,
    /// What is said of it.
    pub row: Row,
}

/// Why a policy cannot be used: the user's file, or the page.
#[derive(Debug, thiserror::Error)]
pub enum PolicyError {
    /// No table, or one that cannot be read.
    #[error(transparent)]
    List(#[from] ListError),
    /// A YAML file with a mistake.
    #[error(transparent)]
    Yaml(#[from] YamlError),
}

impl Policy {
    /// Reads a policy. What it is written in follows from the name's ending: `.yaml`, `.yml`, `.md`,
    /// `.markdown`; all else is HTML.
    ///
    /// # Errors
    /// [`PolicyError`] if there is no declaration in it.
    pub fn read(name: &str, text: &str) -> Result<Self, PolicyError> {
        let ending = Path::new(name).extension().and_then(|e| e.to_str());
        let ending = ending.unwrap_or_default().to_ascii_lowercase();
        let (list, complete) = match ending.as_str() {
            "yaml" | "yml" => page::read_yaml(&Source::new(name, text))?,
            "md" | "markdown" => (page::read(Markup::Markdown, name, text)?, false),
            _ => (page::read(Markup::Html, name, text)?, false),
        };
        Ok(Self::of(name, list, complete))
    }

    fn of(name: &str, list: List, complete: bool) -> Self {
        let mut left_out = list.dropped.len();
        let mut items = Vec::new();
        for row in list.rows {
            match NamePattern::parse(&row.pattern, false) {
                // A name that stands for every name declares nothing.
                Ok(pattern) if pattern.literals > 0 => items.push(DeclaredItem { pattern, row }),
                _ => left_out += 1,
            }
        }
        Self {
            name: name.to_owned(),
            complete,
            items,
            left_out,
        }
    }

    /// What is declared under this name, the most exact first; of one in the same store before one in
    /// another.
    #[must_use]
    pub fn find(&self, store: Store, name: &str) -> Option<&DeclaredItem> {
        let matching = self.items.iter().filter(|i| i.pattern.matches(name));
        matching.max_by_key(|i| (i.row.store == store, i.pattern.literals))
    }
}
