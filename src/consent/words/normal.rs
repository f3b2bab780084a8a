//! Text as words are compared: compatibility forms folded, lower case, without accents, apostrophes
//! and invisible characters; everything else that is no letter or digit separates words.
//!
//! Numbers are left out ("Partners (12)") unless they are an age ("18+"), signs of money stand for
//! themselves. Chinese and Japanese
//! put no spaces between words, so that each of their characters is a word here.

use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::is_combining_mark;

/// Longer texts are no control's label; what follows is not looked at.
const MAX_CHARS: usize = 1000;

/// The words of a text in their compared form.
pub(super) fn words(text: &str) -> Vec<String> {
    let mut folded = String::new();
    let shown = text.chars().take(MAX_CHARS).filter(|c| !is_dropped(*c));
    for c in shown.nfkd().filter(|c| !is_combining_mark(*c)) {
        if stands_alone(c) {
            folded.extend([' ', c, ' ']);
        } else if c.is_alphanumeric() {
            c.to_lowercase().for_each(|l| push_plain(&mut folded, l));
        } else {
            let age = c == '+' && folded.ends_with(char::is_numeric);
            folded.push(if age { c } else { ' ' });
        }
    }
    let words = folded.split_whitespace();
    let no_number = words.filter(|w| !w.chars().all(char::is_numeric));
    no_number.map(str::to_owned).collect()
}

/// Han characters, kana, and signs of money.
fn stands_alone(c: char) -> bool {
    let money = matches!(c, '$' | '£' | '¥' | '€' | '₴' | '₺' | '₽');
    let unspaced = matches!(c, '\u{3041}'..='\u{30ff}' | '\u{3400}'..='\u{4dbf}'
        | '\u{4e00}'..='\u{9fff}' | '\u{20000}'..='\u{3ffff}');
    money || (unspaced && c.is_alphanumeric())
}

/// Characters that stand inside words without being part of them: apostrophes ("j'accepte"), soft
/// hyphens, joiners, direction marks, emoji selectors.
fn is_dropped(c: char) -> bool {
    matches!(
        c,
        // The first of these stretches Arabic words.
        'ـ' | '\'' | '’' | '‘' | 'ʼ' | '´' | '`' | '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{2069}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}'
    )
}

/// Letters that are not a plain letter with an accent, as people write them without their keyboard.
fn push_plain(out: &mut String, c: char) {
    match c {
        'ł' => out.push('l'),
        'ħ' => out.push('h'),
        'þ' => out.push_str("th"),
        'ς' => out.push('σ'),
        'ة' => out.push('ه'),
        'ى' | 'ی' => out.push('ي'),
        'ک' => out.push('ك'),
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
            ("J´accepte", "jaccepte"),
            ("Reject all (12) →", "reject all"),
            ("I am 18+", "i am 18+"),
            ("3,99 € / Monat", "€ monat"),
            ("全部接受 Cookie", "全 部 接 受 cookie"),
            ("すべて・拒否", "す へ て 拒 否"),
            ("Ανάκληση όλους", "ανακληση ολουσ"),
            ("الموافقــة إلى", "الموافقه الي"),
            ("", ""),
            ("→ ×", ""),
            ("229", ""),
        ] {
            assert_eq!(words(text).join(" "), expected, "{text:?}");
        }
    }

    #[test]
    fn endless_texts_are_cut() {
        assert_eq!(words(&"a ".repeat(1_000_000)).len(), MAX_CHARS / 2);
    }
}
