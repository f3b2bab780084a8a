//! Reading YAML rules: the one place that knows the YAML library.
//!
//! [`read`] (or [`Source::read`]) turns a text into plain structs. What the structs cannot say by
//! themselves (a duration that is none, a name pattern that cannot be read) is checked afterwards;
//! [`Source::error`] then points at the value, which the struct holds as [`Spanned`]. Both kinds of
//! errors are drawn by `snippet.rs`, name file, line and column, show the line, and say what was
//! expected. [`files`] finds and bounds the files of a rules directory.

mod explain;
pub mod files;
mod snippet;

use std::fmt;

use serde::de::DeserializeOwned;
pub use serde_saphyr::Spanned;
use serde_saphyr::{Location, Options};

/// A text longer than this is no rules file.
pub const MAX_BYTES: usize = 1024 * 1024;

/// Why a YAML file cannot be used. The user's file is at fault; the text is ready to be shown.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{text}")]
pub struct YamlError {
    /// The file as the user named it, or `builtin:…` for embedded rules.
    pub file: String,
    /// Line from 1, 0 if unknown.
    pub line: u32,
    /// Column from 1, 0 if unknown.
    pub column: u32,
    /// The whole message with the line itself and a caret below it.
    pub text: String,
}

impl YamlError {
    /// An error about a file as a whole: it cannot be opened, or is missing something.
    #[must_use]
    pub fn whole_file(file: &str, problem: &Problem) -> Self {
        snippet::draw(file, "", None, problem)
    }
}

/// A place in a YAML file.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Place {
    /// The file as the user named it, or `builtin:…`.
    pub file: String,
    /// Line from 1.
    pub line: u32,
    /// Column from 1, in characters.
    pub column: u32,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.file, self.line)
    }
}

/// What is wrong, in the three parts every error shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    message: String,
    expected: Option<String>,
    help: Option<String>,
}

impl Problem {
    /// What is wrong: `"P6" is no duration`.
    pub fn new(message: impl Into<String>) -> Self {
        Self {
            message: message.into(),
            expected: None,
            help: None,
        }
    }

    /// What would be right; stands beside the caret.
    #[must_use]
    pub fn expected(mut self, expected: impl Into<String>) -> Self {
        self.expected = Some(expected.into());
        self
    }

    /// What to do, or where else to look; stands below the line.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// Suggests the candidate that `word` is probably a misspelling of, if there is one.
    #[must_use]
    pub fn did_you_mean(self, word: &str, candidates: &[&str]) -> Self {
        match nearest(word, candidates) {
            Some(right) => self.help(format!("did you mean \"{right}\"?")),
            None => self,
        }
    }

    /// A check that does not exist, with the one that was probably meant.
    pub(crate) fn unknown_check(id: &str, checks: &[&str]) -> Self {
        Self::new(format!("there is no check \"{id}\""))
            .help("docs/checks.md lists all checks")
            .did_you_mean(id, checks)
    }
}

/// A YAML text and the name it is known by.
#[derive(Debug, Clone, Copy)]
pub struct Source<'t> {
    /// The file as the user named it, or `builtin:…` for embedded rules.
    pub file: &'t str,
    /// All of it.
    pub text: &'t str,
}

impl<'t> Source<'t> {
    /// A text under a name.
    #[must_use]
    pub fn new(file: &'t str, text: &'t str) -> Self {
        // The parser does not count a byte order mark, so nor may the lines shown.
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        Self { file, text }
    }

    /// The SHA-256 of the text.
    #[must_use]
    pub fn sha256(&self) -> String {
        crate::model::digest::sha256(self.text)
    }

    /// Reads one YAML document. Unknown keys (where the struct says `deny_unknown_fields`),
    /// duplicate keys, unknown tags, merge keys and booleans other than `true` and `false` are
    /// errors, and so is a text that is long, deep or full of aliases.
    ///
    /// # Errors
    /// [`YamlError`] with the place and the reason.
    pub fn read<T: DeserializeOwned>(&self) -> Result<T, YamlError> {
        if self.text.len() > MAX_BYTES {
            let problem = Problem::new("the file is too long").help(format!(
                "a rules file may have {MAX_BYTES} bytes, this one has {}",
                self.text.len()
            ));
            return Err(YamlError::whole_file(self.file, &problem));
        }
        serde_saphyr::from_str_with_options(self.text, options()).map_err(|e| {
            let (at, problem) = explain::explain(&e, self.text);
            snippet::draw(self.file, self.text, at, &problem)
        })
    }

    /// Where a value stands.
    #[must_use]
    pub fn place<T>(&self, at: &Spanned<T>) -> Place {
        Place {
            file: self.file.to_owned(),
            line: u32::try_from(at.referenced.line()).unwrap_or(u32::MAX),
            column: u32::try_from(at.referenced.column()).unwrap_or(u32::MAX),
        }
    }

    /// An error about a value that was read but cannot be used.
    #[must_use]
    pub fn error<T>(&self, at: &Spanned<T>, problem: &Problem) -> YamlError {
        let known = at.referenced != Location::UNKNOWN;
        let at = known.then(|| snippet::Mark::at(at.referenced, self.text));
        snippet::draw(self.file, self.text, at, problem)
    }
}

/// Reads one YAML document, as [`Source::read`] does.
///
/// # Errors
/// [`YamlError`] with the place and the reason.
pub fn read<T: DeserializeOwned>(file: &str, text: &str) -> Result<T, YamlError> {
    Source::new(file, text).read()
}

/// The candidate that `word` is probably a misspelling of: at most a third of its letters differ.
#[must_use]
pub fn nearest<'c>(word: &str, candidates: &[&'c str]) -> Option<&'c str> {
    let word = word.trim().to_lowercase().replace(['_', ' '], "-");
    candidates
        .iter()
        .map(|c| (strsim::osa_distance(&word, &c.replace('_', "-")), *c))
        .filter(|(distance, c)| *distance <= c.chars().count().div_ceil(3))
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, c)| c)
}

fn options() -> Options {
    serde_saphyr::options! {
        strict_booleans: true,
        duplicate_keys: serde_saphyr::DuplicateKeyPolicy::Error,
        merge_keys: serde_saphyr::MergeKeyPolicy::Error,
        reject_unsupported_tags: true,
        with_snippet: false,
        budget: serde_saphyr::budget! {
            max_events: 100_000,
            max_nodes: 50_000,
            max_depth: 16,
            max_documents: 2,
            max_aliases: 100,
            max_anchors: 100,
            max_total_scalar_bytes: MAX_BYTES,
            flow_nesting_limit: 16,
        },
        alias_limits: alias_limits(),
    }
}

fn alias_limits() -> serde_saphyr::options::AliasLimits {
    let mut limits = serde_saphyr::options::AliasLimits::default();
    limits.max_total_replayed_events = 10_000;
    limits.max_replay_stack_depth = 4;
    limits
}

#[cfg(test)]
mod tests;
