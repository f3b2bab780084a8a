//! Text as words are compared: compatibility forms folded, lower case, without accents, apostrophes
//! and invisible characters; everything else that is no letter or digit separates words.

use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::is_combining_mark;

/// Longer texts are no control's label; what follows is not looked at.
const MAX_CHARS: usize = 1000;

/// The words of a text in their compared form.
pub(super) fn words(text: &str) -> Vec<String> {
    let mut folded = String::new();
    for c in text.chars().take(MAX_CHARS).nfkd() {
        if is_combining_mark(c) || is_dropped(c) {
            continue;
        }
        if c.is_alphanumeric() {
            c.to_lowercase().for_each(|l| push_plain(&mut folded, l));
        } else {
            folded.push(' ');
        }
    }
    folded.split_whitespace().map(str::to_owned).collect()
}

/// Characters that stand inside words without being part of them: apostrophes ("j'accepte"), soft
/// hyphens, joiners, direction marks, emoji selectors.
fn is_dropped(c: char) -> bool {
    matches!(
        c,
        '\'' | '’' | '‘' | 'ʼ' | '´' | '`' | '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{2069}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}'
    )
}

/// Letters that are not a plain letter with an accent, as people write them without their keyboard.
fn push_plain(out: &mut String, c: char) {
    match c {
        'ł' => out.push('l'),
        'ø' => out.push('o'),
        'đ' | 'ð' => out.push('d'),
        'ı' => out.push('i'),
        'ß' => out.push_str("ss"),
        'æ' => out.push_str("ae"),
        'œ' => out.push_str("oe"),
        // A capital İ becomes an i and a dot that combines with it.
        c if is_combining_mark(c) => {}
        c => out.push(c),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn case_accents_and_punctuation_do_not_count() {
        for (text, expected) in [
            ("  Accept ALL! ", "accept all"),
            ("Přijmout jen nezbytné", "prijmout jen nezbytne"),
            ("J’accepte", "jaccepte"),
            ("Don't allow", "dont allow"),
            ("Nødvendige & flere", "nodvendige flere"),
            ("Schließen", "schliessen"),
            ("✅ Accept", "accept"),
            ("ＡＣＣＥＰＴ", "accept"),
            ("zezwól na wybór", "zezwol na wybor"),
            ("Cookie-Einstellungen", "cookie einstellungen"),
            ("re\u{ad}ject", "reject"),
            ("İzin ver", "izin ver"),
            ("", ""),
            ("→ ×", ""),
        ] {
            assert_eq!(words(text).join(" "), expected, "{text:?}");
        }
    }

    #[test]
    fn endless_texts_are_cut() {
        assert_eq!(words(&"a ".repeat(1_000_000)).len(), MAX_CHARS / 2);
    }
}
