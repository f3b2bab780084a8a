//! Hostile text made harmless: what a terminal or a reader could be fooled by is shown as an escape
//! such as `\u{202e}`.
//!
//! Escaped are control characters, everything that reorders or hides text (direction marks,
//! zero-width and other ignorable characters, unusual spaces, private and unassigned code points),
//! and combining marks that have no base or are piled up. Letters of every script stay.

use std::borrow::Cow;
use std::sync::LazyLock;

use regex::Regex;
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// How many combining marks a base may carry; some scripts need two.
const MARKS_PER_BASE: usize = 2;

static HIDDEN: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"^[\p{C}\p{Z}\p{Default_Ignorable_Code_Point}--\x20]$")
        .expect("the pattern is a constant")
});

static MARK: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"^\p{M}$").expect("the pattern is a constant"));

/// Whether a character shows nothing of itself, or changes how others are shown. The plain space is
/// the only blank that does not count.
pub(super) fn is_hidden(character: char) -> bool {
    match character {
        ' '..='~' => false,
        '\0'..='\u{9f}' => true,
        other => HIDDEN.is_match(other.encode_utf8(&mut [0; 4])),
    }
}

/// A text on one line with nothing hidden in it.
pub(super) fn visible(text: &str) -> Cow<'_, str> {
    if text.bytes().all(|b| matches!(b, b' '..=b'~')) {
        return Cow::Borrowed(text);
    }
    Cow::Owned(pieces(text).collect())
}

/// A text on one line with nothing hidden in it, at most `columns` wide; `…` stands for the rest.
pub(super) fn shorten(text: &str, columns: usize) -> String {
    let mut out = String::new();
    let mut width = 0;
    let mut fits = 0;
    for piece in pieces(text) {
        width += piece.chars().map(|c| c.width().unwrap_or(0)).sum::<usize>();
        if width > columns {
            out.truncate(fits);
            out.push('…');
            return out;
        }
        out.push_str(&piece);
        if width < columns {
            fits = out.len();
        }
    }
    out
}

/// A text on one line with nothing hidden in it, at most `columns` wide; where it is longer, `…`
/// stands for its middle. Addresses are told apart by both of their ends.
pub(super) fn squeeze(text: &str, columns: usize) -> String {
    let shown = visible(text);
    if shown.width() <= columns {
        return shown.into_owned();
    }
    let head = shorten(text, columns.div_ceil(2));
    let room = columns.saturating_sub(head.width());
    let mut tail: Vec<char> = Vec::new();
    let mut width = 0;
    for character in shown.chars().rev() {
        width += character.width().unwrap_or(0);
        if width > room {
            break;
        }
        tail.push(character);
    }
    head + &tail.iter().rev().collect::<String>()
}

/// The name of an item, which may be nothing at all.
pub(super) fn name(name: &str, columns: usize) -> String {
    if name.is_empty() {
        "(no name)".to_owned()
    } else {
        shorten(name, columns)
    }
}

fn pieces(text: &str) -> impl Iterator<Item = Cow<'static, str>> {
    let mut marks = MARKS_PER_BASE;
    text.chars().map(move |character| {
        if character.is_ascii_graphic() || character == ' ' {
            marks = 0;
            return character.to_string().into();
        }
        if MARK.is_match(character.encode_utf8(&mut [0; 4])) {
            marks += 1;
        } else {
            marks = 0;
        }
        if is_hidden(character) || marks > MARKS_PER_BASE {
            escape(character)
        } else {
            character.to_string().into()
        }
    })
}

fn escape(character: char) -> Cow<'static, str> {
    match character {
        '\n' => Cow::Borrowed("\\n"),
        '\r' => Cow::Borrowed("\\r"),
        '\t' => Cow::Borrowed("\\t"),
        other => Cow::Owned(format!("\\u{{{:x}}}", u32::from(other))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn hidden_characters_become_escapes() {
        for (text, shown) in [
            (
                "a\u{202e}b\u{2066}c\u{200f}",
                "a\\u{202e}b\\u{2066}c\\u{200f}",
            ),
            (
                "\u{1b}[31m\u{9b}0m\u{7f}\0",
                "\\u{1b}[31m\\u{9b}0m\\u{7f}\\u{0}",
            ),
            ("a\r\n\tb", "a\\r\\n\\tb"),
            (
                "a\u{200b}\u{feff}\u{2028}\u{2029}\u{ad}",
                "a\\u{200b}\\u{feff}\\u{2028}\\u{2029}\\u{ad}",
            ),
            (
                "a\u{e0041}\u{3164}\u{a0}\u{3000}",
                "a\\u{e0041}\\u{3164}\\u{a0}\\u{3000}",
            ),
        ] {
            assert_eq!(visible(text), shown);
        }
    }

    #[test]
    fn letters_of_every_script_stay() {
        for text in [
            "Käse 🍪",
            "स्वीकार करें",
            "ยอมรับ",
            "قبول",
            "すべて拒否",
            "e\u{301}",
        ] {
            assert_eq!(visible(text), text);
        }
    }

    #[test]
    fn piled_up_marks_and_marks_without_a_base_become_escapes() {
        assert_eq!(visible("\u{301}a"), "\\u{301}a");
        assert_eq!(
            visible("a\u{301}\u{302}\u{303}b\u{301}"),
            "a\u{301}\u{302}\\u{303}b\u{301}"
        );
    }

    #[test]
    fn long_texts_are_cut_where_an_escape_ends() {
        assert_eq!(shorten("abcdef", 6), "abcdef");
        assert_eq!(shorten("abcdefg", 6), "abcde…");
        assert_eq!(shorten("abc\u{202e}", 6), "abc…");
        assert_eq!(shorten("すべて拒否", 5), "すべ…");
    }

    #[test]
    fn squeezed_texts_keep_both_ends() {
        assert_eq!(
            squeeze("https://x.test/a.js:1:2", 23),
            "https://x.test/a.js:1:2"
        );
        assert_eq!(squeeze("https://x.test/a.js:1:2", 16), "https:/…a.js:1:2");
        assert_eq!(squeeze("すべて拒否", 9), "すべ…拒否");
    }

    proptest! {
        #[test]
        fn what_is_shown_has_nothing_hidden_and_stays_as_it_is(text in any::<String>()) {
            let shown = visible(&text).into_owned();
            prop_assert!(!shown.chars().any(is_hidden));
            prop_assert_eq!(visible(&shown), shown.as_str());
        }

        #[test]
        fn a_shortened_text_is_as_narrow_as_asked(text in any::<String>(), columns in 1_usize..40) {
            prop_assert!(shorten(&text, columns).width() <= columns);
            prop_assert!(squeeze(&text, columns).width() <= columns);
        }
    }
}
