//! The JSON report, a public interface: `preconsent.report.v1`, described in `docs/report-v1.md`.
//!
//! The words and the shape are frozen in [`v1`], apart from the model, which may change. Characters
//! that a terminal or a reader could be fooled by are written as `\uXXXX`, which JSON reads as the
//! same text.

mod v1;

use std::fmt::Write as _;

use super::text::is_hidden;
use crate::model::report::Report;

/// Renders a report.
pub(super) fn render(report: &Report) -> String {
    let report = v1::Report::from(report);
    let json = serde_json::to_string_pretty(&report)
        .expect("the report is made of strings, numbers and lists of them");
    let mut out = String::with_capacity(json.len() + 1);
    for character in json.chars() {
        // Newlines stand between values only; inside of strings they are escaped already.
        if character == '\n' || !is_hidden(character) {
            out.push(character);
            continue;
        }
        for unit in character.encode_utf16(&mut [0; 2]) {
            // Writing to a String cannot fail.
            let _ = write!(out, "\\u{unit:04x}");
        }
    }
    out.push('\n');
    out
}
