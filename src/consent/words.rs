//! Button texts: what a control of a banner does, read from its words.
//!
//! A text is read once in every language of `rules/consent/words/` that knows any of its words
//! (`words/lexicon.rs`): a page's declared language says little about its banner. The languages that
//! leave the fewest words unknown are judged by the rules of `words/judge.rs`, and must agree about
//! what is consented to: pressing "accept" for "reject" would make every later finding wrong, while
//! a text that is not understood only makes the visit inconclusive.

mod closing;
mod file;
mod judge;
mod lexicon;
mod normal;

use std::fmt;
use std::sync::LazyLock;

use serde::Deserialize;

pub use closing::{closes, is_harmless};

use judge::judge;
use lexicon::Lexicon;

/// What a control does, as far as its text says. The order is that of caution: where languages read
/// a text differently, the first of equals counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Meaning {
    /// None of these: a link, a heading, a purchase, or not understood. Never pressed.
    Other,
    /// Makes the notice go away and names no choice ("OK", "Got it", "Close"). Never a rejection; an
    /// acceptance only where it stands beside a rejection or settings and nothing says "accept".
    Acknowledge,
    /// Opens a further layer.
    Settings,
    /// Saves what is ticked: which choice that is depends on the boxes.
    Save,
    /// Takes back a consent given before ("Withdraw consent"). On a banner that asks, it refuses, but
    /// only if nothing there says "reject".
    Withdraw,
    /// Rejects, or accepts no more than what is necessary.
    Reject,
    /// Accepts.
    Accept,
}

impl Meaning {
    /// The word for it, in `rules/consent/words/` and in what `preconsent rules words` prints.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Other => "other",
            Self::Acknowledge => "acknowledge",
            Self::Settings => "settings",
            Self::Save => "save",
            Self::Withdraw => "withdraw",
            Self::Reject => "reject",
            Self::Accept => "accept",
        }
    }
}

impl fmt::Display for Meaning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// A language whose words are known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Language(usize);

impl Language {
    /// Finds a language by its code ("de", "pt-BR", "zh_TW"); region and script do not count.
    #[must_use]
    pub fn find(code: &str) -> Option<Self> {
        let code = code.trim().to_ascii_lowercase();
        let primary = code.split(['-', '_']).next()?;
        LEXICON.language(primary).map(Self)
    }

    /// The codes of all languages, sorted.
    pub fn codes() -> impl Iterator<Item = &'static str> {
        LEXICON.codes()
    }
}

static LEXICON: LazyLock<Lexicon> =
    LazyLock::new(|| Lexicon::builtin().expect("the embedded words are read by a test"));

/// Reads a control's accessible name in whatever language it is.
#[must_use]
pub fn classify(text: &str) -> Meaning {
    let readings = LEXICON.readings(text);
    let meanings: Vec<Meaning> = readings.iter().filter_map(|r| judge(r)).collect();
    settle(&meanings)
}

/// Reads a control's accessible name by the words of one language alone.
#[must_use]
pub fn classify_in(text: &str, language: Language) -> Meaning {
    judge(&LEXICON.reading_in(text, language.0)).unwrap_or(Meaning::Other)
}

/// What several readings of one text come to: what most of them say, unless one consents where
/// another refuses.
fn settle(meanings: &[Meaning]) -> Meaning {
    let says = |m: Meaning| meanings.contains(&m);
    if says(Meaning::Accept) && (says(Meaning::Reject) || says(Meaning::Withdraw)) {
        return Meaning::Other;
    }
    let count = |m: &Meaning| meanings.iter().filter(|o| *o == m).count();
    let most = meanings.iter().map(count).max();
    let common = meanings.iter().filter(|m| Some(count(m)) == most);
    common.min().copied().unwrap_or(Meaning::Other)
}

#[cfg(test)]
mod measure;
#[cfg(test)]
mod tests;
