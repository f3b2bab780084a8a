//! The words of `rules/consent/words/<language>.yaml`, and how a text is read with them.
//!
//! All languages are one lexicon: a page's declared language says little about its banner, and many
//! banners mix two. A pattern is one or more words; `*` before or after a word stands for the rest
//! of it. Of the patterns that fit at a place, the one with the most words wins, then the one with
//! the most whole words, then the one with the most letters.

use std::collections::BTreeMap;

use include_dir::{Dir, include_dir};
use serde::Deserialize;

use super::normal;
use crate::yaml::{self, YamlError};

static FILES: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/rules/consent/words");

/// What a word contributes to the meaning of a text. The order decides between patterns of the same
/// length, refusing before consenting.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Class {
    /// Refuses: reject, decline, disagree, opt out.
    Reject,
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

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    /// For people; the file's name says the same, and a test compares the two.
    #[cfg_attr(not(test), expect(dead_code, reason = "read by the tests only"))]
    language: String,
    words: BTreeMap<Class, Vec<String>>,
}

/// Every pattern, the most specific first.
#[derive(Debug)]
pub(super) struct Lexicon(Vec<Pattern>);

#[derive(Debug)]
struct Pattern {
    class: Class,
    parts: Vec<Part>,
}

#[derive(Debug, PartialEq, Eq)]
struct Part {
    text: String,
    open_start: bool,
    open_end: bool,
}

impl Lexicon {
    /// The embedded words of all languages.
    pub(super) fn builtin() -> Result<Self, YamlError> {
        let mut patterns = Vec::new();
        for file in FILES.files() {
            let name = format!("builtin:consent/words/{}", file.path().display());
            let read: File = yaml::read(&name, file.contents_utf8().unwrap_or_default())?;
            for (class, words) in read.words {
                patterns.extend(words.iter().map(|w| Pattern::new(class, w)));
            }
        }
        patterns.sort_by_key(|p| (std::cmp::Reverse(p.weight()), p.class));
        Ok(Self(patterns))
    }

    /// The classes of a text's words in order; `None` for each word that is not known.
    pub(super) fn read(&self, text: &str) -> Vec<Option<Class>> {
        let words = normal::words(text);
        let mut classes = Vec::new();
        let mut rest = words.as_slice();
        while !rest.is_empty() {
            let found = self.0.iter().find(|p| p.fits(rest));
            classes.push(found.map(|p| p.class));
            rest = rest
                .get(found.map_or(1, |p| p.parts.len())..)
                .unwrap_or(&[]);
        }
        classes
    }
}

impl Pattern {
    fn new(class: Class, text: &str) -> Self {
        let parts = text.split_whitespace().flat_map(Part::of_word).collect();
        Self { class, parts }
    }

    fn fits(&self, words: &[String]) -> bool {
        !self.parts.is_empty()
            && self.parts.len() <= words.len()
            && self.parts.iter().zip(words).all(|(p, w)| p.fits(w))
    }

    fn weight(&self) -> (usize, usize, usize) {
        let whole = |p: &&Part| !p.open_start && !p.open_end;
        (
            self.parts.len(),
            self.parts.iter().filter(whole).count(),
            self.parts.iter().map(|p| p.text.chars().count()).sum(),
        )
    }
}

impl Part {
    /// The parts of one written word; more than one if it holds a hyphen.
    fn of_word(word: &str) -> Vec<Self> {
        normal::words(word)
            .into_iter()
            .map(|text| Self {
                text,
                open_start: word.starts_with('*'),
                open_end: word.ends_with('*'),
            })
            .collect()
    }

    fn fits(&self, word: &str) -> bool {
        match (self.open_start, self.open_end) {
            (false, false) => word == self.text,
            (false, true) => word.starts_with(&self.text),
            (true, false) => word.ends_with(&self.text),
            (true, true) => word.contains(&self.text),
        }
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may panic")]

    use super::*;

    fn files() -> Vec<(String, File)> {
        let read = |f: &include_dir::File<'_>| {
            let name = f.path().display().to_string();
            let file = yaml::read(&name, f.contents_utf8().unwrap()).unwrap();
            (name, file)
        };
        FILES.files().map(read).collect()
    }

    #[test]
    fn every_file_is_named_after_its_language_and_fills_every_class() {
        assert!(files().len() >= 12);
        for (name, file) in files() {
            assert_eq!(name, format!("{}.yaml", file.language));
            assert_eq!(file.words.len(), 17, "{name} lacks a class");
            assert!(file.words.values().all(|w| !w.is_empty()), "{name}");
        }
    }

    #[test]
    fn patterns_have_words_and_stars_only_at_their_ends() {
        for (name, file) in files() {
            for pattern in file.words.values().flatten() {
                assert!(!normal::words(pattern).is_empty(), "{name}: {pattern:?}");
                for word in pattern.split_whitespace() {
                    let inner = word.strip_prefix('*').unwrap_or(word);
                    let inner = inner.strip_suffix('*').unwrap_or(inner);
                    assert!(!inner.contains('*'), "{name}: {pattern:?}");
                }
            }
        }
    }

    /// "en" is "and" in Dutch and "I do not" in Finnish: with one lexicon for all languages, one of
    /// them must be written as a phrase.
    #[test]
    fn no_language_turns_a_word_of_another_into_its_opposite() {
        let polar = |c: Class| c <= Class::Accept || c == Class::Payment;
        let mut seen: BTreeMap<String, (Class, String)> = BTreeMap::new();
        for (name, file) in files() {
            for (class, pattern) in file
                .words
                .iter()
                .flat_map(|(c, w)| w.iter().map(move |w| (*c, w)))
            {
                let key = pattern.to_lowercase();
                if let Some((other, in_file)) = seen.get(&key) {
                    let clash = *other != class && (polar(*other) || polar(class));
                    assert!(
                        !clash,
                        "{pattern:?}: {class:?} in {name}, {other:?} in {in_file}"
                    );
                }
                seen.insert(key, (class, name.clone()));
            }
        }
    }

    #[test]
    fn the_longest_pattern_wins() {
        let lexicon = Lexicon::builtin().unwrap();
        let necessary = lexicon.read("necessary cookies");
        assert_eq!(necessary, [Some(Class::Necessary), Some(Class::Filler)]);
        let optional = lexicon.read("Non-necessary cookies");
        assert_eq!(optional, [Some(Class::Optional), Some(Class::Filler)]);
        assert_eq!(lexicon.read("xyzzy"), [None]);
    }
}
