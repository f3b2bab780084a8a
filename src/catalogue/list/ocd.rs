//! The Open Cookie Database's CSV file.
//!
//! Its words differ from those of consent platforms: "Functional" stands for what is strictly
//! necessary, and "Personalization" for what platforms call functional. Names of which the last
//! column says 1 are prefixes.

use super::lines::Lines;
use super::names::literal;
use super::table::{entry, hosts, read_lifetime};
use super::{List, Row, delimited};
use crate::model::item::Store;
use crate::model::role::Role;
use crate::yaml::Place;

/// The headings that are needed.
const COLUMNS: [&str; 7] = [
    "Cookie / Data Key name",
    "Category",
    "Domain",
    "Description",
    "Retention period",
    "Platform",
    "Wildcard match",
];

/// Reads the file.
pub(super) fn read(text: &str, lines: &Lines<'_>) -> Result<List, String> {
    let mut list = List::default();
    let mut columns: Option<[usize; 7]> = None;
    delimited::records(text, lines, |cells, place| {
        match &columns {
            None => columns = Some(find(&cells)?),
            Some(columns) => {
                let cells = columns.map(|c| cells.get(c).map_or("", String::as_str));
                row(cells, &place(cells[0]), &mut list);
            }
        }
        Ok(())
    })?;
    match columns {
        Some(_) => Ok(list),
        None => Err(String::from("it is empty")),
    }
}

fn find(headings: &[String]) -> Result<[usize; 7], String> {
    let mut columns = [0; 7];
    for (at, name) in COLUMNS.into_iter().enumerate() {
        columns[at] = headings
            .iter()
            .position(|h| h.eq_ignore_ascii_case(name))
            .ok_or_else(|| format!("it has no column \"{name}\"; for other tables use csv"))?;
    }
    Ok(columns)
}

fn row(cells: [&str; 7], place: &Place, list: &mut List) {
    let [
        name,
        category,
        domain,
        description,
        retention,
        platform,
        wildcard,
    ] = cells;
    if name.is_empty() {
        list.dropped.push(entry(place, "", "the row has no name"));
        return;
    }
    let (hosts, party) = hosts(domain);
    let (lifetime, refresh) = read_lifetime(retention);
    let pattern = literal(name);
    // Some prefixes are written with the star that the last column stands for.
    let prefix = pattern.strip_suffix("\\*").unwrap_or(&pattern);
    list.rows.push(Row {
        pattern: match wildcard {
            "1" => format!("{prefix}*"),
            _ => pattern.clone(),
        },
        name: name.to_owned(),
        store: Store::Cookie,
        hosts,
        party,
        lifetime,
        refresh,
        category: (!category.is_empty()).then(|| category.to_owned()),
        role: role(category),
        sub_type: None,
        purpose: description.to_owned(),
        provider: (!platform.is_empty()).then(|| platform.to_owned()),
        place: place.clone(),
    });
}

fn role(category: &str) -> Option<Role> {
    Some(match category.to_ascii_lowercase().as_str() {
        "functional" | "necessary" | "security" => Role::Essential,
        "personalization" | "preferences" => Role::Functionality,
        "analytics" => Role::Performance,
        "marketing" => Role::Marketing,
        _ => return None,
    })
}
