//! Reports: a finished [`crate::model::report::Report`] turned into bytes, one file per format.

use crate::model::report::Report;

/// The formats a report can be rendered in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Format {
    /// A table for terminals.
    Table,
    /// `preconsent.report.v1`.
    Json,
    /// GitHub-flavoured Markdown.
    Markdown,
}

/// How a report for a terminal looks. Other formats do not depend on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Style {
    /// Columns.
    pub width: usize,
    /// Whether to use colour.
    pub color: bool,
}

/// Renders a report.
#[must_use]
pub fn render(_report: &Report, _format: Format, _style: Style) -> Vec<u8> {
    unimplemented!()
}
