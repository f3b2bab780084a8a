//! Reports: a finished [`crate::model::report::Report`] turned into bytes, one file per format.
//!
//! Names, URLs and values come from web sites that may be hostile: `text` makes them harmless in
//! every format. `words` and `seen` hold what the formats for people share.

mod json;
mod markdown;
mod seen;
mod table;
mod text;
mod words;

pub use words::declared as lifetime_in_words;

use std::fmt;
use std::path::Path;
use std::str::FromStr;

use crate::model::report::Report;

/// The formats a report can be rendered in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Format {
    /// A table for terminals.
    Table,
    /// `preconsent.report.v1`.
    Json,
    /// GitHub-flavoured Markdown.
    Markdown,
}

impl Format {
    /// All formats, in the order help texts name them.
    pub const ALL: [Self; 3] = [Self::Table, Self::Json, Self::Markdown];

    /// The word users type.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Table => "table",
            Self::Json => "json",
            Self::Markdown => "markdown",
        }
    }

    /// The format that a file of this name is expected to hold, by its extension: `.json`, `.md`,
    /// `.markdown`, `.txt`, in either case.
    #[must_use]
    pub fn from_extension(file: &Path) -> Option<Self> {
        let extension = file.extension()?.to_str()?.to_ascii_lowercase();
        match extension.as_str() {
            "txt" => Some(Self::Table),
            "json" => Some(Self::Json),
            "md" | "markdown" => Some(Self::Markdown),
            _ => None,
        }
    }
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A word that names no format: the user's typing.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("\"{0}\" is no report format; the formats are table, json and markdown")]
pub struct UnknownFormat(String);

impl FromStr for Format {
    type Err = UnknownFormat;

    fn from_str(word: &str) -> Result<Self, Self::Err> {
        Self::ALL
            .into_iter()
            .find(|format| format.as_str() == word)
            .ok_or_else(|| UnknownFormat(word.to_owned()))
    }
}

/// How a report for a terminal looks. Other formats do not depend on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Style {
    /// Columns. Fewer than 40 are treated as 40.
    pub width: usize,
    /// Whether to use colour.
    pub color: bool,
}

/// Renders a report: UTF-8 that ends with a newline and holds no control characters besides
/// newlines and, with [`Style::color`], the table's colour codes.
#[must_use]
pub fn render(report: &Report, format: Format, style: Style) -> Vec<u8> {
    match format {
        Format::Table => table::render(report, style),
        Format::Json => json::render(report),
        Format::Markdown => markdown::render(report),
    }
    .into_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_format_is_found_by_its_word() {
        for format in Format::ALL {
            assert_eq!(format.to_string().parse(), Ok(format));
        }
    }

    #[test]
    fn an_unknown_word_is_answered_with_all_the_words() {
        let message = "xml".parse::<Format>().map_err(|e| e.to_string());
        let message = message.expect_err("xml is no format");
        for format in Format::ALL {
            assert!(message.contains(format.as_str()), "{message}");
        }
    }

    #[test]
    fn files_tell_their_format_by_their_extension() {
        for (file, format) in [
            ("a.json", Some(Format::Json)),
            ("dir.md/report.MD", Some(Format::Markdown)),
            ("a.b.markdown", Some(Format::Markdown)),
            ("a.txt", Some(Format::Table)),
            ("a.html", None),
            ("json", None),
            (".json", None),
        ] {
            assert_eq!(Format::from_extension(Path::new(file)), format, "{file}");
        }
    }
}
