//! Text in Markdown that stays text.
//!
//! Names, lines and addresses become code spans: nothing in them is markup, a link, a mention or
//! HTML, in no dialect. In sentences, which may quote such things, every word that is not plain
//! becomes a code span, so no list of special characters has to be complete. A backtick, and in a
//! table's cell a pipe, is shown as an escape, because dialects disagree on how to write them.

use crate::report::text::{name, shorten};

/// Columns for names and addresses in tables.
const CELL: usize = 120;
/// Columns for sentences and lines of evidence.
const LINE: usize = 400;

/// A name in a table's cell.
pub(super) fn name_cell(text: &str) -> String {
    span(&name(text, CELL).replace('|', "\\u{7c}"))
}

/// An address or another short text in a table's cell.
pub(super) fn code_cell(text: &str) -> String {
    span(&shorten(text, CELL).replace('|', "\\u{7c}"))
}

/// A line of evidence, outside of tables.
pub(super) fn code(text: &str) -> String {
    span(&shorten(text, LINE))
}

/// A sentence, in a table or not.
pub(super) fn prose(text: &str) -> String {
    let shown = shorten(text, LINE);
    let words = shown.split(' ').enumerate();
    let words: Vec<String> = words.map(|(place, w)| word(w, place == 0)).collect();
    words.join(" ").trim().to_owned()
}

/// The address of a target: a link if it is a web address without anything that Markdown reads.
pub(super) fn link(url: &str) -> String {
    let safe = |c: char| c.is_ascii_alphanumeric() || "-._~:/?#[]@!$&'()*+,;=%".contains(c);
    let web = url.starts_with("https://") || url.starts_with("http://");
    if web && url.len() <= LINE && url.chars().all(safe) {
        format!("<{url}>")
    } else {
        code_cell(url)
    }
}

/// A code span. Spaces at both ends would be taken off, so more are put there.
fn span(shown: &str) -> String {
    let shown = shown.replace('`', "\\u{60}");
    if shown.is_empty() {
        return "–".to_owned();
    }
    if shown.starts_with(' ') && shown.ends_with(' ') {
        return format!("` {shown} `");
    }
    format!("`{shown}`")
}

fn word(word: &str, is_first: bool) -> String {
    let core = word.trim_start_matches(['"', '\'', '(', '‹']);
    let (head, _) = word.split_at(word.len() - core.len());
    let core = core.trim_end_matches(['"', '\'', ')', '›', '.', ',', ';', ':', '!', '?', '…']);
    let tail = &word[head.len() + core.len()..];
    if core.is_empty() {
        return word.to_owned();
    }
    if !is_plain(core) {
        let core = core.replace('|', "\\u{7c}");
        return format!("{head}{}{tail}", span(&core));
    }
    let is_number = core.chars().all(|c| c.is_ascii_digit());
    if is_first && head.is_empty() && is_number && tail.starts_with(['.', ')']) {
        // "1." and "1)" begin a list.
        return format!("{head}{core}\\{tail}");
    }
    word.to_owned()
}

/// Whether a word is made of letters and digits, with hyphens and slashes between letters only
/// (`GH-1` would become a link).
fn is_plain(word: &str) -> bool {
    let inner = |c: char| matches!(c, '-' | '/' | '\'');
    let plain = |c: char| c.is_alphanumeric() || !c.is_ascii();
    let digits = word.contains(|c: char| c.is_ascii_digit());
    word.chars().all(|c| plain(c) || (inner(c) && !digits))
        && word.starts_with(plain)
        && word.ends_with(plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_sentences_stay_as_they_are() {
        for text in [
            "The visitor's choice was not proven, and/or stored before-hand (2 times).",
            "404 was answered: \"try again\"!",
            "Käse, すべて拒否 – déjà vu…",
        ] {
            assert_eq!(prose(text), text);
        }
    }

    #[test]
    fn words_with_anything_special_become_code() {
        for (text, markdown) in [
            (
                "cookie twk_uuid_1 (tawk.to)",
                "cookie `twk_uuid_1` (`tawk.to`)",
            ),
            ("see http://evil.test/a.", "see `http://evil.test/a`."),
            ("www.evil.test", "`www.evil.test`"),
            ("a@b.test @user #1 GH-1", "`a@b.test` `@user` `#1` `GH-1`"),
            ("*b* _i_ <b>x</b> &amp;", "`*b*` `_i_` `<b>x</b>` `&amp`;"),
            ("[x](y) ![i](j) `c`", "`[x](y`) `![i](j`) `\\u{60}c\\u{60}`"),
            ("a|b", "`a\\u{7c}b`"),
            ("- # + > =", "`-` `#` `+` `>` `=`"),
            ("1. x 2) y", "1\\. x 2) y"),
            ("2) y", "2\\) y"),
            ("1 error: a (6)", "1 error: a (6)"),
            (":tada:", "`:tada`:"),
            ("a\nb", "`a\\nb`"),
        ] {
            assert_eq!(prose(text), markdown);
        }
    }

    #[test]
    fn code_spans_hold_anything() {
        assert_eq!(code("a`b``|c"), "`a\\u{60}b\\u{60}\\u{60}|c`");
        assert_eq!(code_cell("a\\|b"), "`a\\\\u{7c}b`");
        assert_eq!(code(" a "), "`  a  `");
        assert_eq!(code(""), "–");
        assert_eq!(name_cell(""), "`(no name)`");
    }

    #[test]
    fn only_web_addresses_become_links() {
        assert_eq!(link("https://x.test/?a=b&c#d"), "<https://x.test/?a=b&c#d>");
        assert_eq!(link("javascript:alert(1)"), "`javascript:alert(1)`");
        assert_eq!(link("https://x.test/<b>"), "`https://x.test/<b>`");
        assert_eq!(link("https://x.test/|"), "`https://x.test/\\u{7c}`");
    }
}
