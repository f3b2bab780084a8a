//! The files of `rules/consent/words/`: one per language, each with its own examples.
//!
//! A pattern is one or more words; `*` before or after a word stands for the rest of it. The file
//! `mul.yaml` has the few words that every language uses ("cookies", "OK").

use std::collections::BTreeMap;

use include_dir::{Dir, include_dir};
use serde::Deserialize;

#[cfg(test)]
use super::Meaning;
use crate::yaml::{self, YamlError};

static FILES: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/rules/consent/words");

/// The code of the words that every language uses.
pub(super) const SHARED: &str = "mul";

/// What a word contributes to the meaning of a text. The order decides between patterns of the same
/// length, refusing before consenting.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Class {
    /// Refuses: reject, decline, disagree, opt out.
    Reject,
    /// Takes back what was consented to: withdraw, revoke.
    Withdraw,
    /// Turns what follows into its opposite: not, no, never.
    Negation,
    /// Leaves consent out: without.
    Without,
    /// Takes something out of what is said: except.
    Except,
    /// Limits: only.
    Only,
    /// What a site may keep without asking: necessary, essential, technical.
    Necessary,
    /// What it must ask for: optional, non-essential, analytics.
    Optional,
    /// Consents: accept, agree, allow.
    Accept,
    /// Everything.
    All,
    /// What the visitor ticked: selection, choices.
    Selection,
    /// Leads to another layer: settings, customise, manage.
    Settings,
    /// Stores what is ticked: save, apply, confirm my choices.
    Save,
    /// Makes a notice go away: OK, got it, close, continue.
    Acknowledge,
    /// A bare yes.
    Affirmation,
    /// Belongs to links and headings rather than choices: policy, partners, learn more.
    Other,
    /// A purchase, whatever else is said: pay, subscribe.
    Payment,
    /// Says nothing by itself: the, and, cookies.
    Filler,
}

/// One file.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct File {
    /// The language's code; the file is named after it.
    pub(super) language: String,
    /// Codes of languages that are read with the same words.
    #[serde(default)]
    pub(super) also: Vec<String>,
    /// The patterns of each class.
    pub(super) words: BTreeMap<Class, Vec<String>>,
    /// Words of controls that close a notice; `*` at the end stands for the rest of a word.
    #[serde(default)]
    pub(super) closing: Vec<String>,
    /// Texts and what they mean; a test reads them.
    #[cfg(test)]
    pub(super) examples: BTreeMap<Meaning, Vec<String>>,
    #[cfg(not(test))]
    #[serde(rename = "examples")]
    _examples: serde::de::IgnoredAny,
}

/// The text of a language's file.
#[cfg(test)]
pub(super) fn text(language: &str) -> Option<&'static str> {
    FILES.get_file(format!("{language}.yaml"))?.contents_utf8()
}

/// Reads all files, sorted by language.
pub(super) fn builtin() -> Result<Vec<File>, YamlError> {
    let mut files = Vec::new();
    for file in FILES.files() {
        let name = format!("builtin:consent/words/{}", file.path().display());
        files.push(yaml::read::<File>(
            &name,
            file.contents_utf8().unwrap_or_default(),
        )?);
    }
    files.sort_by(|a, b| a.language.cmp(&b.language));
    Ok(files)
}
