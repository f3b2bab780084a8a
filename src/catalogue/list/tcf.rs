//! Device storage disclosures: the JSON file in which a vendor of the Transparency and Consent
//! Framework says what it stores.
//!
//! `maxAgeSeconds` is 0 for the session. `purposes` without purpose 1 claim that no consent is
//! needed. A star stands at the beginning or the end of an identifier, and not alone.

use serde::Deserialize;
use serde_json::value::RawValue;

use super::lines::Lines;
use super::names::literal;
use super::table::entry;
use super::{Lifetime, List, MAX_ROWS, Row};
use crate::catalogue::declared::lifetime::of_seconds;
use crate::model::item::Store;
use crate::model::role::Role;

#[derive(Deserialize)]
struct File<'t> {
    #[serde(borrow)]
    disclosures: Vec<&'t RawValue>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Disclosure {
    identifier: String,
    #[serde(rename = "type", default)]
    kind: String,
    max_age_seconds: Option<serde_json::Number>,
    #[serde(default)]
    cookie_refresh: Option<bool>,
    #[serde(default)]
    domains: Option<Vec<String>>,
    #[serde(default)]
    domain: Option<String>,
    #[serde(default)]
    purposes: Option<Vec<u32>>,
    #[serde(default)]
    special_purposes: Option<Vec<u32>>,
    #[serde(default)]
    opt_out: Option<bool>,
    #[serde(default)]
    description: Option<String>,
}

/// Reads the file.
pub(super) fn read(text: &str, lines: &Lines<'_>) -> Result<List, String> {
    let file: File<'_> = serde_json::from_str(text)
        .map_err(|e| format!("{e}; expected {{ \"disclosures\": [ … ] }}"))?;
    if file.disclosures.len() > MAX_ROWS {
        return Err(format!("it has more than {MAX_ROWS} disclosures"));
    }
    let mut list = List::default();
    for raw in file.disclosures {
        let place = lines.of(raw.get());
        let disclosure: Disclosure = match serde_json::from_str(raw.get()) {
            Ok(disclosure) => disclosure,
            Err(error) => {
                list.dropped.push(entry(&place, "", &error.to_string()));
                continue;
            }
        };
        let store = match disclosure.kind.as_str() {
            "cookie" => Store::Cookie,
            "web" => Store::LocalStorage,
            other => {
                let reason = format!("the type \"{other}\" is not stored by websites");
                list.dropped
                    .push(entry(&place, &disclosure.identifier, &reason));
                continue;
            }
        };
        if disclosure.identifier.trim().is_empty() {
            list.dropped
                .push(entry(&place, "", "the disclosure has no identifier"));
            continue;
        }
        list.rows.push(row(disclosure, store, place));
    }
    Ok(list)
}

fn row(disclosure: Disclosure, store: Store, place: crate::yaml::Place) -> Row {
    let (role, sub_type) = role(&disclosure);
    let mut domains = disclosure.domains.unwrap_or_default();
    domains.extend(disclosure.domain);
    // `*` stands for the site that is visited.
    let any = domains.is_empty() || domains.iter().any(|d| d == "*" || d == "*.*");
    let hosts = match any {
        true => Vec::new(),
        false => super::table::hosts(&domains.join(" ")).0,
    };
    Row {
        pattern: pattern(&disclosure.identifier),
        lifetime: lifetime(store, disclosure.max_age_seconds.as_ref()),
        name: disclosure.identifier,
        store,
        hosts,
        party: None,
        refresh: disclosure.cookie_refresh.unwrap_or(false),
        category: Some(category(
            disclosure.purposes.as_deref().unwrap_or_default(),
            disclosure.special_purposes.as_deref().unwrap_or_default(),
        )),
        role,
        sub_type,
        purpose: disclosure.description.unwrap_or_default(),
        provider: None,
        place,
    }
}

fn pattern(identifier: &str) -> String {
    let identifier = identifier.trim();
    let (start, rest) = match identifier.strip_prefix('*') {
        Some(rest) => ("*", rest),
        None => ("", identifier),
    };
    match rest.strip_suffix('*') {
        Some(middle) => format!("{start}{}*", literal(middle)),
        None => format!("{start}{}", literal(rest)),
    }
}

/// Only cookies have one; storage stays until it is cleared.
fn lifetime(store: Store, seconds: Option<&serde_json::Number>) -> Lifetime {
    match seconds {
        None if store == Store::Cookie => Lifetime::Missing,
        None => Lifetime::Known(crate::catalogue::duration::Expires::UntilCleared),
        Some(number) => match number.as_u64() {
            Some(0) if store != Store::Cookie => {
                Lifetime::Known(crate::catalogue::duration::Expires::UntilCleared)
            }
            Some(seconds) => Lifetime::Known(of_seconds(seconds)),
            None => Lifetime::Unreadable(number.to_string()),
        },
    }
}

/// Purposes 2 to 4 and 7 are about advertising, 8 to 10 measure, 5, 6 and 11 choose contents.
fn role(disclosure: &Disclosure) -> (Option<Role>, Option<&'static str>) {
    if disclosure.opt_out == Some(true) {
        return (Some(Role::Essential), Some("opt-out"));
    }
    let purposes = disclosure.purposes.as_deref().unwrap_or_default();
    let special = disclosure.special_purposes.as_deref().unwrap_or_default();
    let any = |numbers: &[u32]| purposes.iter().any(|p| numbers.contains(p));
    let role = if any(&[2, 3, 4, 7]) {
        Some(Role::Marketing)
    } else if any(&[8, 9, 10]) {
        Some(Role::Performance)
    } else if any(&[5, 6, 11]) {
        Some(Role::Functionality)
    } else if !any(&[1]) && !special.is_empty() {
        Some(Role::Essential)
    } else {
        None
    };
    (role, None)
}

fn category(purposes: &[u32], special: &[u32]) -> String {
    let list = |numbers: &[u32]| {
        let numbers: Vec<String> = numbers.iter().map(u32::to_string).collect();
        numbers.join(", ")
    };
    match (purposes, special) {
        ([], []) => String::from("no purposes"),
        ([], special) => format!("special purposes {}", list(special)),
        (purposes, []) => format!("purposes {}", list(purposes)),
        (purposes, special) => {
            format!(
                "purposes {} and special purposes {}",
                list(purposes),
                list(special)
            )
        }
    }
}
