//! Tables: a line of headings and rows of cells, wherever they come from.
//!
//! The headings are understood by the words of `rules/declarations/`. A table is one of cookies if it
//! has a column of names and at least one other that is understood.

use super::names::{loose, names_in};
use super::{Dropped, Lifetime, List, Part, Row};
use crate::catalogue::declared::lifetime::{self, Reading};
use crate::catalogue::declared::{Column, Words};
use crate::model::item::{Party, Store};
use crate::model::role::Role;
use crate::yaml::Place;

/// What each column holds; `None` for one that is not understood.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Header(Vec<Option<Column>>);

impl Header {
    /// Understands headings. Where two columns seem to hold the same, the first one does.
    ///
    /// # Errors
    /// The headings there are, if there is no column of names or nothing beside it.
    pub fn read<T: AsRef<str>>(headings: &[T]) -> Result<Self, String> {
        let words = Words::builtin();
        let mut columns: Vec<Option<Column>> = Vec::new();
        for heading in headings {
            let column = words.column(heading.as_ref());
            columns.push(column.filter(|c| !columns.contains(&Some(*c))));
        }
        let known = columns.iter().flatten().count();
        if columns.contains(&Some(Column::Name)) && known > 1 {
            return Ok(Self(columns));
        }
        let headings: Vec<&str> = headings.iter().map(AsRef::as_ref).take(20).collect();
        Err(format!(
            "its columns are {}; expected one of names (such as \"name\") and one of purposes, \
             lifetimes (\"expiry\") or categories",
            quoted(&headings)
        ))
    }

    /// Whether there is such a column.
    #[must_use]
    pub fn has(&self, column: Column) -> bool {
        self.0.contains(&Some(column))
    }

    pub(super) fn cell<'c>(&self, cells: &'c [String], column: Column) -> Option<&'c str> {
        let at = self.0.iter().position(|c| *c == Some(column))?;
        let text = cells.get(at)?.trim();
        (!text.is_empty()).then_some(text)
    }

    /// Reads one row into `list`. `category` is the one that a heading above the table names.
    pub fn row(&self, cells: &[String], place: &Place, category: Option<&str>, list: &mut List) {
        let Some(cell) = self.cell(cells, Column::Name) else {
            if cells.iter().any(|c| !c.trim().is_empty()) {
                list.dropped.push(entry(place, "", "the row has no name"));
            }
            return;
        };
        let names = names_in(cell);
        if names.is_empty() {
            list.dropped
                .push(entry(place, cell, "that is no name of a cookie"));
        }
        for name in names {
            let row = self.item(name, cells, place, category);
            list.rows.push(row);
        }
    }

    fn item(&self, name: String, cells: &[String], place: &Place, category: Option<&str>) -> Row {
        let words = Words::builtin();
        let category = self.cell(cells, Column::Role).or(category);
        let (hosts, party) = self
            .cell(cells, Column::Host)
            .map_or_else(Default::default, hosts);
        let store = self.cell(cells, Column::Store).and_then(|s| words.store(s));
        let (lifetime, refresh) = read_lifetime(self.cell(cells, Column::Lifetime).unwrap_or(""));
        Row {
            pattern: loose(&name),
            name,
            store: store.unwrap_or(Store::Cookie),
            hosts,
            party,
            lifetime,
            refresh,
            category: category.map(str::to_owned),
            role: category
                .and_then(|c| words.role(c))
                .filter(|r| *r != Role::Unclassified),
            sub_type: None,
            purpose: self.cell(cells, Column::Purpose).unwrap_or("").to_owned(),
            provider: self.cell(cells, Column::Provider).map(str::to_owned),
            place: place.clone(),
        }
    }
}

fn quoted(headings: &[&str]) -> String {
    let quoted: Vec<String> = headings
        .iter()
        .map(|h| format!("\"{}\"", h.chars().take(40).collect::<String>()))
        .collect();
    quoted.join(", ")
}

/// An item that was left out as a whole.
pub(super) fn entry(place: &Place, name: &str, reason: &str) -> Dropped {
    Dropped {
        place: place.clone(),
        name: name.chars().take(80).collect(),
        what: Part::Entry,
        reason: reason.to_owned(),
    }
}

/// A lifetime as it is written, and whether visits renew it.
pub(super) fn read_lifetime(text: &str) -> (Lifetime, bool) {
    match lifetime::read(text) {
        Reading::Known { expires, renewed } => (Lifetime::Known(expires), renewed),
        Reading::Missing => (Lifetime::Missing, false),
        Reading::Unreadable(text) => (Lifetime::Unreadable(text), false),
    }
}

/// The host patterns in a cell such as `.bing.com (3rd party) or .microsoft.com (3rd party)`. Names
/// of vendors and the like are no hosts, nor are examples of the visited site.
pub(super) fn hosts(cell: &str) -> (Vec<String>, Option<Party>) {
    let lower = cell.to_ascii_lowercase();
    let mut hosts: Vec<String> = Vec::new();
    for word in lower.split(|c: char| c.is_whitespace() || matches!(c, ',' | ';' | '/' | '(' | ')'))
    {
        let bare = word.trim_start_matches("*.").trim_matches('.');
        let good = bare.contains('.')
            && bare.split('.').all(|label| {
                !label.is_empty()
                    && label
                        .chars()
                        .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-')
            });
        let pattern = format!("*.{bare}");
        if good && !hosts.contains(&pattern) {
            hosts.push(pattern);
        }
    }
    let third = ["3rd party", "third party", "third-party"];
    let party = third
        .iter()
        .any(|t| lower.contains(t))
        .then_some(Party::Third);
    (hosts, party)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::expect_used, reason = "a test that cannot go on must fail")]

    use super::*;

    fn place() -> Place {
        Place {
            file: "x".to_owned(),
            line: 1,
            column: 1,
        }
    }

    fn cells<const N: usize>(cells: [&str; N]) -> Vec<String> {
        cells.map(str::to_owned).into()
    }

    #[test]
    fn a_row_is_read_by_its_headings() {
        let header = Header::read(&["Cookie", "Purpose", "Expiry", "Category", "Type"]);
        let header = header.expect("headings");
        let mut list = List::default();
        let row = cells(["_ga, _ga_#", "Counts.", "2 years", "Statistics", "HTTP"]);
        header.row(&row, &place(), None, &mut list);
        let patterns: Vec<&str> = list.rows.iter().map(|r| r.pattern.as_str()).collect();
        assert_eq!(patterns, ["_ga", "_ga_*"]);
        assert_eq!(list.rows[0].role, Some(Role::Performance));
        let two_years = "P2Y".parse().expect("a lifetime");
        assert_eq!(list.rows[0].lifetime, Lifetime::Known(two_years));
        header.row(
            &cells(["Google Analytics", "x", "", "", ""]),
            &place(),
            None,
            &mut list,
        );
        assert_eq!(list.dropped.len(), 1);
    }

    #[test]
    fn what_is_no_table_of_cookies_is_refused() {
        let error = Header::read(&["Price", "Colour"]).expect_err("no names");
        assert!(error.contains("\"Price\", \"Colour\""), "{error}");
        assert!(Header::read(&["Cookie", "Colour"]).is_err());
    }

    #[test]
    fn hosts_are_found_among_words() {
        let found = hosts(".bing.com (3rd party) or .microsoft.com (3rd party)");
        let expected = vec!["*.bing.com".to_owned(), "*.microsoft.com".to_owned()];
        assert_eq!(found, (expected, Some(Party::Third)));
        assert_eq!(hosts("Google"), (vec![], None));
    }
}
