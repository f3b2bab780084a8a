//! Whether a control closes a notice and says nothing else: "Close", "×", "Banner schließen".
//!
//! The classes of [`super::judge`] are asked first, so that "Close and accept" consents and "Close
//! without accepting" refuses. "OK" and "Got it" agree to something, and close nothing here.

use std::sync::LazyLock;

use super::{Meaning, classify, file, normal};

/// Signs that stand for closing.
const SIGNS: [char; 11] = ['×', '✕', '✖', '✗', '✘', '╳', '⨯', '⨉', '❌', '❎', '🗙'];

/// A name with more words than this is a sentence.
const MAX_WORDS: usize = 8;

/// A word, or a few, of which the last may only be the start of one.
struct Pattern {
    words: Vec<String>,
    open: bool,
}

static PATTERNS: LazyLock<Vec<Pattern>> = LazyLock::new(|| {
    let files = file::builtin().expect("the embedded words are read by a test");
    let texts = files.iter().flat_map(|file| &file.closing);
    texts.map(|text| Pattern::of(text)).collect()
});

impl Pattern {
    fn of(text: &str) -> Self {
        Self {
            words: normal::words(text),
            open: text.ends_with('*'),
        }
    }

    fn is_in(&self, words: &[String]) -> bool {
        let Some((last, first)) = self.words.split_last() else {
            return false;
        };
        words.windows(self.words.len()).any(|at| {
            let (end, start) = (&at[first.len()], &at[..first.len()]);
            start == first && (end == last || (self.open && end.starts_with(last.as_str())))
        })
    }
}

/// Whether a control of this name closes a notice, and neither chooses nor leads to a choice.
#[must_use]
pub fn closes(name: &str) -> bool {
    if is_sign(name) {
        return true;
    }
    let words = normal::words(name);
    let says = words.len() <= MAX_WORDS && PATTERNS.iter().any(|p| p.is_in(&words));
    says && is_harmless(name)
}

/// Whether a name, read as a button's text, makes no choice and leads to none.
#[must_use]
pub fn is_harmless(name: &str) -> bool {
    matches!(classify(name), Meaning::Other | Meaning::Acknowledge)
}

/// "×", "X", perhaps twice or with a mark that asks for its picture.
fn is_sign(name: &str) -> bool {
    let name = name.trim();
    let is_mark = |c: char| c == '\u{fe0f}' || c == '\u{fe0e}';
    let is_one = |c: char| SIGNS.contains(&c) || matches!(c, 'x' | 'X');
    name.chars().any(is_one)
        && name.chars().count() <= 2
        && name.chars().all(|c| is_mark(c) || is_one(c))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_closes_is_told_from_what_chooses() {
        for name in [
            "Close",
            "×",
            "X",
            "✖\u{fe0f}",
            "Close this notice",
            "Schließen",
            "Banner schließen",
            "Fermer",
            "Chiudi il banner",
            "閉じる",
            "닫기",
            "关闭",
            "Закрыть",
            "Hide message",
        ] {
            assert!(closes(name), "{name}");
        }
        for name in [
            "",
            "OK",
            "Got it",
            "Accept",
            "Close and accept all",
            "Accept and close",
            "Close without accepting",
            "Fermer sans accepter",
            "Continue without accepting",
            "Reject all",
            "Schließen und alle akzeptieren",
            "Save and close",
            "Cookie settings",
            "Our 12 partners",
            "xx large",
        ] {
            assert!(!closes(name), "{name}");
        }
    }

    #[test]
    fn every_language_but_the_shared_one_has_words_that_close() {
        for file in file::builtin().expect("the embedded words") {
            let shared = file.language == file::SHARED;
            assert_eq!(file.closing.is_empty(), shared, "{}", file.language);
            for pattern in &file.closing {
                let name = pattern.trim_end_matches('*');
                assert!(!normal::words(name).is_empty(), "{name}");
                assert!(is_harmless(name), "{}: {name}", file.language);
            }
        }
    }
}
