//! Drawing errors: message, place, the line itself with a caret, what was expected, what to do.
//!
//! Only the line at fault is shown. Control and direction characters in it, and in every text
//! around it, come out as visible symbols.

use std::ops::Range;

use annotate_snippets::{
    AnnotationKind, Group, Level, Origin, Renderer, Snippet, normalize_untrusted_str,
};
use serde_saphyr::Location;

use super::{Problem, YamlError};

/// Lines longer than this are cut around the caret.
const WIDTH: usize = 120;

/// A value in the text: its line and the bytes it covers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Mark {
    line: u32,
    column: u32,
    bytes: Range<usize>,
}

impl Mark {
    /// The mark of a location in `text`, at least one character wide, and on one line only.
    pub(super) fn at(location: Location, text: &str) -> Self {
        let span = location.span();
        // Errors of syntax give line and column only.
        let start = match span.byte_offset() {
            Some(offset) => floor(text, index(Some(offset))),
            None => offset_of(text, location.line(), location.column()),
        };
        let end = floor(text, start.saturating_add(index(span.byte_len())));
        let line_end = line_around(text, start).end;
        Self {
            line: number(location.line()),
            column: number(location.column()),
            bytes: start..end.clamp(start, line_end.max(start)),
        }
    }

    /// The text before the mark on its line.
    pub(super) fn before<'t>(&self, text: &'t str) -> &'t str {
        let line = line_around(text, self.bytes.start);
        &text[line.start..self.bytes.start]
    }

    /// Makes the mark end with the word it begins with, where the parser gives only its beginning.
    pub(super) fn until_word_end(mut self, text: &str) -> Self {
        let line = line_around(text, self.bytes.start);
        let rest = &text[self.bytes.start..line.end];
        let word = rest
            .find(|c: char| c.is_whitespace() || matches!(c, ',' | ':' | ']' | '}' | '#'))
            .unwrap_or(rest.len());
        self.bytes.end = self.bytes.end.max(self.bytes.start + word);
        self
    }
}

/// Draws an error.
pub(super) fn draw(file: &str, text: &str, at: Option<Mark>, problem: &Problem) -> YamlError {
    let message = harmless(&problem.message);
    let title = Level::ERROR.no_name().primary_title(message);
    let group = match &at {
        Some(mark) => title.element(line_with_caret(file, text, mark, problem)),
        None => title.element(Origin::path(harmless(file))),
    };
    let loose = problem.expected.as_ref().filter(|_| at.is_none());
    let group = note(group, "expected", loose);
    let group = note(group, "help", problem.help.as_ref());
    let drawn = Renderer::plain().term_width(WIDTH).render(&[group]);
    YamlError {
        file: file.to_owned(),
        line: at.as_ref().map_or(0, |m| m.line),
        column: at.as_ref().map_or(0, |m| m.column),
        text: drawn
            .lines()
            .map(str::trim_end)
            .collect::<Vec<_>>()
            .join("\n"),
    }
}

fn line_with_caret<'t>(
    file: &'t str,
    text: &'t str,
    mark: &Mark,
    problem: &Problem,
) -> Snippet<'t, annotate_snippets::Annotation<'t>> {
    let line = line_around(text, mark.bytes.start);
    let within = mark.bytes.start - line.start..mark.bytes.end - line.start;
    let label = problem.expected.as_deref().map(harmless);
    Snippet::source(&text[line])
        .path(harmless(file))
        .line_start(index(Some(mark.line.into())))
        .annotation(AnnotationKind::Primary.span(within).label(label))
}

fn note<'g>(group: Group<'g>, name: &'static str, text: Option<&String>) -> Group<'g> {
    match text {
        Some(text) => group.element(Level::HELP.with_name(name).message(harmless(text))),
        None => group,
    }
}

/// A text of one line without control or direction characters.
fn harmless(text: &str) -> String {
    normalize_untrusted_str(text).replace(['\n', '\r'], "\u{2424}")
}

/// The line that holds the byte at `at`, without its ending.
fn line_around(text: &str, at: usize) -> Range<usize> {
    let is_break = |c: char| matches!(c, '\n' | '\r');
    let start = text[..at].rfind(is_break).map_or(0, |b| b + 1);
    let end = text[at..].find(is_break).map_or(text.len(), |b| at + b);
    start..end
}

/// The byte at a line and column, both counted from 1, the latter in characters.
fn offset_of(text: &str, line: u64, column: u64) -> usize {
    let mut start = 0;
    for _ in 1..line {
        let end = line_around(text, start).end;
        let ending = if text[end..].starts_with("\r\n") {
            2
        } else {
            1
        };
        if end + ending > text.len() {
            break;
        }
        start = end + ending;
    }
    let line = &text[line_around(text, start)];
    let before = line.chars().take(index(Some(column)).saturating_sub(1));
    start + before.map(char::len_utf8).sum::<usize>()
}

/// The nearest character boundary at or before `at`.
fn floor(text: &str, at: usize) -> usize {
    let mut at = at.min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

fn index(number: Option<u64>) -> usize {
    number.and_then(|n| usize::try_from(n).ok()).unwrap_or(0)
}

fn number(n: u64) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}
