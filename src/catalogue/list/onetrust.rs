//! OneTrust exports: the JSON file that the banner loads (`consent/<id>/<id>/en.json`), with groups
//! of first-party cookies and of hosts, or a table as CSV.

use serde::Deserialize;
use serde_json::value::RawValue;

use super::lines::Lines;
use super::names::loose;
use super::table::{entry, hosts, read_lifetime};
use super::{Lifetime, List, MAX_ROWS, Row, delimited};
use crate::catalogue::declared::Words;
use crate::catalogue::declared::lifetime::of_seconds;
use crate::catalogue::duration::Expires;
use crate::model::item::{Party, Store};
use crate::model::role::Role;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct File<'t> {
    #[serde(borrow)]
    domain_data: Option<Groups<'t>>,
    #[serde(borrow)]
    groups: Option<Vec<Group<'t>>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Groups<'t> {
    #[serde(borrow)]
    groups: Vec<Group<'t>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Group<'t> {
    #[serde(default)]
    group_name: Option<String>,
    #[serde(default)]
    custom_group_id: Option<String>,
    #[serde(default)]
    optanon_group_id: Option<String>,
    #[serde(borrow, default)]
    first_party_cookies: Vec<&'t RawValue>,
    #[serde(borrow, default)]
    hosts: Vec<Host<'t>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Host<'t> {
    #[serde(default)]
    host_name: String,
    #[serde(borrow, default)]
    cookies: Vec<&'t RawValue>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Cookie {
    name: String,
    #[serde(default)]
    host: Option<String>,
    #[serde(default)]
    is_session: Option<bool>,
    /// In days unless `DurationType` says otherwise.
    #[serde(default)]
    length: Option<serde_json::Value>,
    #[serde(default)]
    duration_type: Option<serde_json::Value>,
    #[serde(default, alias = "description")]
    description: Option<String>,
}

/// Reads the JSON file or the table.
pub(super) fn read(text: &str, lines: &Lines<'_>) -> Result<List, String> {
    if !text.trim_start().starts_with('{') {
        return delimited::read(text, lines);
    }
    let file: File<'_> = serde_json::from_str(text).map_err(|e| e.to_string())?;
    let groups = file.domain_data.map(|d| d.groups).or(file.groups);
    let groups = groups.ok_or("it has no \"Groups\"")?;
    let mut list = List::default();
    for group in &groups {
        for raw in &group.first_party_cookies {
            add(group, None, raw, lines, &mut list);
        }
        for host in &group.hosts {
            for raw in &host.cookies {
                add(group, Some(host), raw, lines, &mut list);
            }
        }
    }
    if list.rows.len() > MAX_ROWS {
        return Err(format!("it has more than {MAX_ROWS} cookies"));
    }
    Ok(list)
}

fn add(
    group: &Group<'_>,
    host: Option<&Host<'_>>,
    raw: &RawValue,
    lines: &Lines<'_>,
    list: &mut List,
) {
    let place = lines.of(raw.get());
    let cookie: Cookie = match serde_json::from_str(raw.get()) {
        Ok(cookie) => cookie,
        Err(error) => {
            list.dropped.push(entry(&place, "", &error.to_string()));
            return;
        }
    };
    if cookie.name.is_empty() || cookie.name.contains(char::is_whitespace) {
        list.dropped
            .push(entry(&place, &cookie.name, "that is no name of a cookie"));
        return;
    }
    let third = host.is_some();
    let named = match host {
        Some(host) => cookie.host.as_deref().unwrap_or(&host.host_name),
        // A first-party cookie belongs to whichever site the banner stands on.
        None => "",
    };
    list.rows.push(Row {
        pattern: loose(&cookie.name),
        lifetime: lifetime(&cookie),
        store: Store::Cookie,
        hosts: hosts(named).0,
        party: third.then_some(Party::Third),
        refresh: false,
        category: group
            .group_name
            .clone()
            .or_else(|| group.custom_group_id.clone()),
        role: role(group),
        sub_type: None,
        purpose: cookie.description.unwrap_or_default(),
        provider: host.map(|h| h.host_name.clone()),
        name: cookie.name,
        place,
    });
}

/// The id decides where it is one of the usual ones, since names are free.
fn role(group: &Group<'_>) -> Option<Role> {
    let words = Words::builtin();
    let read = |text: &Option<String>| text.as_deref().and_then(|t| words.role(t));
    read(&group.custom_group_id)
        .or_else(|| read(&group.optanon_group_id))
        .or_else(|| read(&group.group_name))
        .filter(|role| *role != Role::Unclassified)
}

fn lifetime(cookie: &Cookie) -> Lifetime {
    if cookie.is_session == Some(true) {
        return Lifetime::Known(Expires::Session);
    }
    let number = |value: &serde_json::Value| match value {
        serde_json::Value::Number(number) => number.as_u64(),
        serde_json::Value::String(text) => text.trim().parse().ok(),
        _ => None,
    };
    let Some(length) = &cookie.length else {
        return Lifetime::Missing;
    };
    // 1 for days, 7, 30 and 365 for longer units, as in the interface of the platform.
    let unit = cookie
        .duration_type
        .as_ref()
        .and_then(number)
        .unwrap_or(1)
        .max(1);
    match (number(length), length.as_str()) {
        (Some(0), _) => Lifetime::Missing,
        (Some(n), _) => n
            .checked_mul(unit)
            .and_then(|days| days.checked_mul(86_400))
            .map_or_else(
                || Lifetime::Unreadable(n.to_string()),
                |seconds| Lifetime::Known(of_seconds(seconds)),
            ),
        (None, Some(text)) => read_lifetime(text).0,
        (None, None) => Lifetime::Missing,
    }
}
