//! Cookiebot declarations.
//!
//! The script that the banner loads (`cc.js`) holds one array per category:
//! `CookieConsentDialog.cookieTableNecessary = [["name", "provider", "purpose", "expiry", "HTTP
//! Cookie", "1", …], …];`. Exports as CSV are tables with headings.

use super::lines::Lines;
use super::table::{entry, read_lifetime};
use super::{List, MAX_ROWS, Row, delimited};
use crate::catalogue::declared::Words;
use crate::catalogue::list::names::loose;
use crate::model::item::Store;
use crate::model::role::Role;

/// The arrays, what the platform calls them, and what they are here.
const TABLES: [(&str, &str, Option<Role>); 5] = [
    ("cookieTableNecessary", "Necessary", Some(Role::Essential)),
    (
        "cookieTablePreference",
        "Preferences",
        Some(Role::Functionality),
    ),
    (
        "cookieTableStatistics",
        "Statistics",
        Some(Role::Performance),
    ),
    ("cookieTableAdvertising", "Marketing", Some(Role::Marketing)),
    ("cookieTableUnclassified", "Unclassified", None),
];

/// Reads the script or the table.
pub(super) fn read(text: &str, lines: &Lines<'_>) -> Result<List, String> {
    if !text.contains("cookieTable") {
        return delimited::read(text, lines);
    }
    let mut list = List::default();
    for (name, category, role) in TABLES {
        let Some(array) = array(text, name) else {
            continue;
        };
        let mut items =
            serde_json::Deserializer::from_str(array).into_iter::<Vec<Vec<serde_json::Value>>>();
        let rows = match items.next() {
            Some(Ok(rows)) => rows,
            Some(Err(error)) => return Err(format!("{name} is no array: {error}")),
            None => continue,
        };
        let mut searched = 0;
        for cells in rows.into_iter().take(MAX_ROWS) {
            let at = cells.first().map(ToString::to_string).unwrap_or_default();
            let found = array[searched..].find(&at).map(|n| searched + n);
            searched = found.map_or(searched, |n| n + at.len());
            let place = lines.of(&array[found.unwrap_or(0)..]);
            row(&cells, category, role, place, &mut list);
        }
    }
    Ok(list)
}

/// The text from the beginning of the array on.
fn array<'t>(text: &'t str, name: &str) -> Option<&'t str> {
    text.match_indices(name).find_map(|(at, _)| {
        let rest = text[at + name.len()..].trim_start();
        let rest = rest.strip_prefix('=')?.trim_start();
        rest.starts_with('[').then_some(rest)
    })
}

fn row(
    cells: &[serde_json::Value],
    category: &str,
    role: Option<Role>,
    place: crate::yaml::Place,
    list: &mut List,
) {
    let cell = |at: usize| cells.get(at).and_then(|c| c.as_str()).map_or("", str::trim);
    let name = cell(0);
    if name.is_empty() || name.contains(char::is_whitespace) {
        list.dropped
            .push(entry(&place, name, "that is no name of a cookie"));
        return;
    }
    let (lifetime, refresh) = read_lifetime(cell(3));
    let store = Words::builtin().store(cell(4)).unwrap_or(Store::Cookie);
    list.rows.push(Row {
        name: name.to_owned(),
        pattern: loose(name),
        store,
        hosts: Vec::new(),
        party: None,
        lifetime,
        refresh,
        category: Some(category.to_owned()),
        role,
        sub_type: None,
        purpose: cell(2).to_owned(),
        provider: (!cell(1).is_empty()).then(|| text_of(cell(1))),
        place,
    });
}

/// The provider's cell may hold links.
fn text_of(html: &str) -> String {
    let mut text = String::new();
    let mut inside = false;
    for c in html.chars() {
        match c {
            '<' => {
                inside = true;
                text.push(' ');
            }
            '>' => inside = false,
            c if !inside => text.push(c),
            _ => {}
        }
    }
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
