//! Names as people write them, and the patterns they stand for.
//!
//! `_ga_*`, `_ga_#`, `_ga_<container-id>`, `_ga_{id}` and `_gat_UA-nnnnnnn-nn` all leave something
//! open. Several names in one cell are told apart by commas, semicolons, lines and slashes.

use std::sync::LazyLock;

use regex::Regex;

/// A cell with more names than this is a text.
const MAX_NAMES: usize = 50;

/// `<id>`, `{id}`, `#`, `*`, and runs of x or n at the end of a name.
static OPEN: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        r"<[^<>]{1,60}>|\{[^{}]{1,60}\}|#+|\*+|…|(?:[xX]{4,}|[nN]{4,})(?:-(?:[xX]+|[nN]+))*$|(?:\.\.\.)$",
    )
    .ok()
});

/// The pattern for a name in which the usual marks leave something open.
#[must_use]
pub(super) fn loose(name: &str) -> String {
    let Some(open) = OPEN.as_ref() else {
        return literal(name);
    };
    let mut pattern = String::new();
    let mut end = 0;
    for found in open.find_iter(name) {
        pattern.push_str(&literal(&name[end..found.start()]));
        if !pattern.ends_with('*') || pattern.ends_with("\\*") {
            pattern.push('*');
        }
        end = found.end();
    }
    pattern.push_str(&literal(&name[end..]));
    pattern
}

/// The pattern for exactly this name.
#[must_use]
pub(super) fn literal(name: &str) -> String {
    let mut pattern = String::with_capacity(name.len());
    for c in name.chars() {
        if matches!(c, '*' | '{' | '\\') {
            pattern.push('\\');
        }
        pattern.push(c);
    }
    pattern
}

/// A name that a pattern made here matches: every open part becomes a digit.
#[must_use]
pub(super) fn example(pattern: &str) -> String {
    let mut name = String::new();
    let mut characters = pattern.chars();
    while let Some(c) = characters.next() {
        match c {
            '\\' => name.extend(characters.next()),
            '*' => name.push('1'),
            other => name.push(other),
        }
    }
    name
}

/// The names in a cell; empty if it holds a sentence and no names.
#[must_use]
pub fn names_in(cell: &str) -> Vec<String> {
    let marks = |c: char| matches!(c, '`' | '"' | '\'' | '“' | '”' | '„' | ':' | '•' | '.');
    let pieces = cell
        .split(['\n', '\r', ',', ';', '|'])
        .flat_map(|p| p.split(" / "))
        .map(|p| p.trim().trim_matches(marks).trim())
        .filter(|p| !p.is_empty());
    let mut names = Vec::new();
    for piece in pieces.take(MAX_NAMES) {
        let words: Vec<&str> = piece.split_whitespace().collect();
        let is_name =
            |w: &&str| w.contains(['_', '-', '*', '#']) || w.bytes().any(|b| b.is_ascii_digit());
        match words.as_slice() {
            [one] => names.push((*one).to_owned()),
            // What stands behind a name in brackets explains it.
            [one, rest, ..] if rest.starts_with('(') => names.push((*one).to_owned()),
            several if several.iter().all(is_name) => {
                names.extend(several.iter().map(|w| (*w).to_owned()));
            }
            // `_ga_<container id>`
            _ if piece.contains('<') && OPEN.as_ref().is_some_and(|o| o.is_match(piece)) => {
                let closed = loose(piece);
                if !closed.contains(char::is_whitespace) {
                    names.push(piece.to_owned());
                }
            }
            _ => {}
        }
    }
    names.retain(|name| !name.chars().any(char::is_control));
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_usual_marks_leave_something_open() {
        for (name, pattern) in [
            ("_ga", "_ga"),
            ("_ga_*", "_ga_*"),
            ("_ga_#", "_ga_*"),
            ("wp-settings-##", "wp-settings-*"),
            ("_ga_<container-id>", "_ga_*"),
            ("_hjSession_{site_id}", "_hjSession_*"),
            ("_gat_UA-nnnnnnn-nn", "_gat_UA-*"),
            ("_gac_xxxxx", "_gac_*"),
            ("_pk_id.*.*", "_pk_id.*.*"),
            ("barometric[cuid]", "barometric[cuid]"),
            ("box", "box"),
        ] {
            assert_eq!(loose(name), pattern, "{name}");
        }
        assert_eq!(literal("a*b{c"), "a\\*b\\{c");
        assert_eq!(example("a\\*_*"), "a*_1");
    }

    #[test]
    fn cells_hold_names_and_sentences_do_not() {
        for (cell, names) in [
            ("_ga", vec!["_ga"]),
            ("_ga, _gid", vec!["_ga", "_gid"]),
            ("_ga\n_gid", vec!["_ga", "_gid"]),
            ("_ga _gid", vec!["_ga", "_gid"]),
            ("`PHPSESSID`", vec!["PHPSESSID"]),
            ("_ga / _gid", vec!["_ga", "_gid"]),
            ("NID (Google)", vec!["NID"]),
            ("_ga_<container id>", vec!["_ga_<container id>"]),
            ("Google Analytics", vec![]),
            ("", vec![]),
        ] {
            assert_eq!(names_in(cell), names, "{cell:?}");
        }
    }
}
