//! Lists of cookies that others keep: the Open Cookie Database, device storage disclosures of TCF
//! vendors, exports of consent platforms, tables of any kind.
//!
//! [`read`] turns each format into the same [`Row`]s, with the place of every one and a note on what
//! could not be used. [`super::lint`] judges rows as they are; [`import`] makes a catalogue of them.

mod cookiebot;
mod delimited;
pub mod import;
mod lines;
mod names;
mod ocd;
mod onetrust;
pub mod page;
pub mod table;
mod tcf;

use std::str::FromStr;

use super::duration::Expires;
use crate::model::item::{Party, Store};
use crate::model::role::Role;
use crate::yaml::Place;

pub use self::lines::Lines;
pub use self::names::names_in;

/// A format that can be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// The CSV file of the Open Cookie Database.
    Ocd,
    /// A vendor's device storage disclosure under the Transparency and Consent Framework, JSON.
    TcfDeviceStorage,
    /// A Cookiebot declaration: its script (`cc.js`), or a table of it as CSV.
    Cookiebot,
    /// A OneTrust export: the JSON that the banner loads, or CSV.
    OneTrust,
    /// Any table with a line of headings, separated by commas, semicolons or tabs.
    Csv,
}

impl Format {
    /// All of them.
    pub const ALL: [Self; 5] = [
        Self::Ocd,
        Self::TcfDeviceStorage,
        Self::Cookiebot,
        Self::OneTrust,
        Self::Csv,
    ];

    /// The word on the command line.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Ocd => "ocd",
            Self::TcfDeviceStorage => "tcf-device-storage",
            Self::Cookiebot => "cookiebot",
            Self::OneTrust => "onetrust",
            Self::Csv => "csv",
        }
    }

    /// The name for people, as it is cited.
    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Self::Ocd => "Open Cookie Database",
            Self::TcfDeviceStorage => "TCF device storage disclosure",
            Self::Cookiebot => "Cookiebot declaration",
            Self::OneTrust => "OneTrust export",
            Self::Csv => "Table of cookies",
        }
    }
}

impl FromStr for Format {
    type Err = String;

    fn from_str(word: &str) -> Result<Self, String> {
        let known = Self::ALL.into_iter().find(|f| f.as_str() == word);
        known.ok_or_else(|| format!("there is no format \"{word}\""))
    }
}

/// A lifetime as a list states it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Lifetime {
    /// It can be read.
    Known(Expires),
    /// None is stated.
    Missing,
    /// What is stated is no lifetime.
    Unreadable(String),
}

/// What a list says about one name.
#[derive(Debug, Clone)]
pub struct Row {
    /// The name as written.
    pub name: String,
    /// The same in the language of name patterns.
    pub pattern: String,
    /// Where it is kept.
    pub store: Store,
    /// Hosts it belongs to, as host patterns; none where the list names none.
    pub hosts: Vec<String>,
    /// Whose it is, where that is told.
    pub party: Option<Party>,
    /// How long it is kept.
    pub lifetime: Lifetime,
    /// Whether each visit renews that.
    pub refresh: bool,
    /// The list's word for the role.
    pub category: Option<String>,
    /// What that is here.
    pub role: Option<Role>,
    /// The kind of essential item, where the list tells it.
    pub sub_type: Option<&'static str>,
    /// What it is for.
    pub purpose: String,
    /// The vendor, where the list names it.
    pub provider: Option<String>,
    /// Where it stands.
    pub place: Place,
}

/// A list that was read.
#[derive(Debug, Clone, Default)]
pub struct List {
    /// What it says, in its order.
    pub rows: Vec<Row>,
    /// What is in it and cannot be used.
    pub dropped: Vec<Dropped>,
}

/// Something that was left out, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dropped {
    /// Where it stands.
    pub place: Place,
    /// The name of the item.
    pub name: String,
    /// What was left out: the whole entry, or a part of it.
    pub what: Part,
    /// Why, in words.
    pub reason: String,
}

/// What was left out of an item.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// All of it.
    Entry,
    /// The lifetime; the item itself is kept.
    Lifetime,
    /// The role; the item itself is kept.
    Role,
}

impl Part {
    /// The word for it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Entry => "entry",
            Self::Lifetime => "lifetime",
            Self::Role => "role",
        }
    }
}

/// Why a list cannot be read at all: whoever chose file or format is at fault.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{file} cannot be read as {format}: {reason}")]
pub struct ListError {
    /// The file as the user named it.
    pub file: String,
    /// The format's word.
    pub format: &'static str,
    /// What is wrong, and what would be right.
    pub reason: String,
}

/// A longer list is none.
pub const MAX_BYTES: usize = 32 * 1024 * 1024;

/// More rows than this are not read.
pub(crate) const MAX_ROWS: usize = 100_000;

/// Reads a list. `file` is the name shown in messages.
///
/// # Errors
/// [`ListError`] if the text is not of that format.
pub fn read(format: Format, file: &str, text: &str) -> Result<List, ListError> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let lines = Lines::new(file, text);
    let list = match format {
        Format::Ocd => ocd::read(text, &lines),
        Format::TcfDeviceStorage => tcf::read(text, &lines),
        Format::Cookiebot => cookiebot::read(text, &lines),
        Format::OneTrust => onetrust::read(text, &lines),
        Format::Csv => delimited::read(text, &lines),
    };
    list.map_err(|reason| ListError {
        file: file.to_owned(),
        format: format.as_str(),
        reason,
    })
}
