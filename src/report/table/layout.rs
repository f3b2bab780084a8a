//! The page that the table format is written on: wrapping, indents, labels and colour.
//!
//! Every text passes through [`super::super::text`] here, so that nothing can be forgotten, and
//! colour codes are added after wrapping, so that they do not count as columns.

use anstyle::{AnsiColor, Style as Paint};
use comfy_table::{ColumnConstraint, ContentArrangement, Table, TableStyle, Width};
use unicode_width::UnicodeWidthStr;

use super::super::text::visible;

/// Headings.
pub(super) const BOLD: Paint = Paint::new().bold();
/// Labels, and what can be skipped.
pub(super) const DIM: Paint = Paint::new().dimmed();
/// As it is.
pub(super) const PLAIN: Paint = Paint::new();
/// A failure.
pub(super) const RED: Paint = AnsiColor::Red.on_default().bold();
/// A doubt.
pub(super) const YELLOW: Paint = AnsiColor::Yellow.on_default().bold();
/// A success.
pub(super) const GREEN: Paint = AnsiColor::Green.on_default().bold();
/// Worth knowing.
pub(super) const CYAN: Paint = AnsiColor::Cyan.on_default();

/// Longer lines than this are hard to read, however wide the terminal is.
const WIDEST: usize = 160;
const NARROWEST: usize = 40;
/// A column of names is not made narrower than its names, up to this width.
const NAMES: usize = 36;

/// A text under construction.
pub(super) struct Page {
    out: String,
    width: usize,
    color: bool,
}

impl Page {
    pub(super) fn new(style: super::super::Style) -> Self {
        Self {
            out: String::new(),
            width: style.width.clamp(NARROWEST, WIDEST),
            color: style.color,
        }
    }

    pub(super) fn finish(self) -> String {
        self.out
    }

    pub(super) fn width(&self) -> usize {
        self.width
    }

    /// The columns to the right of an indent.
    pub(super) fn room(&self, indent: usize) -> usize {
        self.width.saturating_sub(indent)
    }

    pub(super) fn blank(&mut self) {
        self.out.push('\n');
    }

    /// A line across the page.
    pub(super) fn rule(&mut self) {
        let rule = "─".repeat(self.width);
        self.push(0, &rule, DIM);
    }

    /// A heading after a blank line, with a remark behind it.
    pub(super) fn heading(&mut self, title: &str, remark: &str) {
        self.blank();
        self.labelled(0, title.width() + 2, (title, BOLD), (remark, DIM));
    }

    /// A wrapped paragraph.
    pub(super) fn text(&mut self, indent: usize, text: &str, paint: Paint) {
        for line in wrap(text, self.room(indent)) {
            self.push(indent, &line, paint);
        }
    }

    /// A wrapped paragraph behind a bullet.
    pub(super) fn bullet(&mut self, indent: usize, text: &str) {
        self.labelled(indent, 2, ("•", DIM), (text, PLAIN));
    }

    /// A wrapped paragraph with a label to its left. A label wider than its column stands on a line
    /// of its own.
    pub(super) fn labelled(
        &mut self,
        indent: usize,
        column: usize,
        (label, label_paint): (&str, Paint),
        (text, paint): (&str, Paint),
    ) {
        let label = visible(label);
        let mut label = label.trim_end();
        let inner = indent + column;
        if label.width() >= column {
            self.text(indent, label, label_paint);
            label = "";
        }
        for line in wrap(text, self.room(inner)) {
            let gap = " ".repeat(column - label.width());
            let head = format!(
                "{}{}{gap}",
                " ".repeat(indent),
                self.painted(label, label_paint)
            );
            self.out.push_str(&head);
            self.out.push_str(&self.painted(&line, paint));
            self.out.push('\n');
            label = "";
        }
    }

    /// A table. Its first column holds names and is broken last.
    pub(super) fn table(&mut self, indent: usize, header: &[&str], rows: &[Vec<String>]) {
        let mut table = grid(self.room(indent));
        table.set_header(header.iter().copied());
        for row in rows {
            table.add_row(row.iter().map(|cell| visible(cell).into_owned()));
        }
        for column in table.column_iter_mut() {
            column.set_padding((0, 2));
        }
        let names = rows.iter().filter_map(|row| row.first());
        let widest = names.map(|name| visible(name).width()).max().unwrap_or(0);
        if let Some(column) = table.column_mut(0) {
            let lower = u16::try_from(widest.min(NAMES)).unwrap_or(u16::MAX);
            column.set_constraint(ColumnConstraint::LowerBoundary(Width::Fixed(lower + 2)));
        }
        for (index, line) in table.lines().enumerate() {
            let paint = if index == 0 { DIM } else { PLAIN };
            self.push(indent, line.trim_end(), paint);
        }
    }

    fn push(&mut self, indent: usize, line: &str, paint: Paint) {
        self.out.push_str(&" ".repeat(indent));
        self.out.push_str(&self.painted(line, paint));
        self.out.push('\n');
    }

    fn painted(&self, text: &str, paint: Paint) -> String {
        if self.color && !text.is_empty() && paint != PLAIN {
            format!("{}{text}{}", paint.render(), paint.render_reset())
        } else {
            text.to_owned()
        }
    }
}

/// A table without any lines.
fn grid(width: usize) -> Table {
    let mut table = Table::new();
    table
        .load_style(TableStyle::new())
        .set_content_arrangement(ContentArrangement::Dynamic)
        .set_width(u16::try_from(width).unwrap_or(u16::MAX));
    table
}

fn wrap(text: &str, width: usize) -> Vec<String> {
    let mut table = grid(width);
    table.add_row([visible(text).into_owned()]);
    if let Some(column) = table.column_mut(0) {
        column.set_padding((0, 0));
    }
    table
        .lines()
        .map(|line| line.trim_end().to_owned())
        .collect()
}
