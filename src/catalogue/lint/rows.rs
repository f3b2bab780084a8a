//! Rows of lists. Names count as the list writes them, since tools that use such lists compare names
//! and little else.

use std::collections::BTreeMap;

use super::{
    CONFLICT, DUPLICATE, EXPIRY_IMPLAUSIBLE, EXPIRY_MISSING, INVALID, Problem, TOO_BROAD,
    UNCLASSIFIED, lifetimes,
};
use crate::catalogue::duration::Expires;
use crate::catalogue::list::{Lifetime, List, Row};
use crate::catalogue::pattern::NamePattern;
use crate::model::finding::Severity;
use crate::model::item::Store;

/// A pattern with fewer literal characters says too little.
const MIN_LITERALS: usize = 3;

/// What is wrong with a list.
pub(super) fn problems(list: &List) -> Vec<Problem> {
    let mut problems: Vec<Problem> = list.rows.iter().flat_map(alone).collect();
    problems.extend(list.dropped.iter().map(|dropped| Problem {
        check: INVALID,
        severity: Severity::Error,
        place: dropped.place.clone(),
        name: dropped.name.clone(),
        message: dropped.reason.clone(),
        help: String::new(),
    }));
    let mut names: BTreeMap<(&str, Store), Vec<&Row>> = BTreeMap::new();
    for row in &list.rows {
        names.entry((&row.name, row.store)).or_default().push(row);
    }
    problems.extend(names.values().filter_map(|rows| twice(rows)));
    problems
}

fn problem(row: &Row, check: &'static str, severity: Severity, message: String) -> Problem {
    Problem {
        check,
        severity,
        place: row.place.clone(),
        name: row.name.clone(),
        message,
        help: String::new(),
    }
}

fn alone(row: &Row) -> Vec<Problem> {
    let mut problems = vec![];
    problems.extend(broad(row));
    problems.extend(expiry(row));
    problems.extend(unclassified(row));
    problems
}

fn broad(row: &Row) -> Option<Problem> {
    let pattern = match NamePattern::parse(&row.pattern, false) {
        Ok(pattern) => pattern,
        Err(error) => {
            let message = format!("\"{}\" is no name: {error}", row.name);
            return Some(problem(row, INVALID, Severity::Error, message));
        }
    };
    if pattern.is_exact() || pattern.literals >= MIN_LITERALS {
        return None;
    }
    let (severity, message) = match pattern.literals {
        0 => (
            Severity::Error,
            format!("\"{}\" is like any name", row.name),
        ),
        n => {
            let severity = match row.hosts.is_empty() {
                true => Severity::Error,
                false => Severity::Warn,
            };
            let message = format!(
                "\"{}\" stands for every name with its {n} characters",
                row.pattern
            );
            (severity, message)
        }
    };
    Some(Problem {
        help: String::from("at least 3 characters, or a domain, keep it from names of others"),
        ..problem(row, TOO_BROAD, severity, message)
    })
}

fn expiry(row: &Row) -> Option<Problem> {
    let cookie = row.store == Store::Cookie;
    let warn = |check, message: String, help: &str| {
        Some(Problem {
            help: help.to_owned(),
            ..problem(row, check, Severity::Warn, message)
        })
    };
    match &row.lifetime {
        Lifetime::Missing if cookie => warn(
            EXPIRY_MISSING,
            format!("the lifetime of \"{}\" is not stated", row.name),
            "visitors must be told how long an item is kept",
        ),
        Lifetime::Unreadable(text) => warn(
            EXPIRY_IMPLAUSIBLE,
            format!("\"{text}\" is no lifetime"),
            "one number and one unit, or \"session\"",
        ),
        Lifetime::Known(Expires::UntilCleared) if cookie => warn(
            EXPIRY_IMPLAUSIBLE,
            format!(
                "\"{}\" is a cookie, and no cookie lives without an end",
                row.name
            ),
            "state the date that it is set with",
        ),
        Lifetime::Known(expires) if cookie => {
            let (message, help) = lifetimes::implausible(expires)?;
            warn(EXPIRY_IMPLAUSIBLE, message, &help)
        }
        _ => None,
    }
}

fn unclassified(row: &Row) -> Option<Problem> {
    let message = match (&row.role, &row.category) {
        (None, Some(category)) => {
            format!("\"{}\" has no role: \"{category}\" is none", row.name)
        }
        (None, None) => format!("\"{}\" has no role", row.name),
        (Some(_), _) if row.purpose.trim().is_empty() => {
            format!("\"{}\" has no purpose", row.name)
        }
        _ => return None,
    };
    Some(problem(row, UNCLASSIFIED, Severity::Warn, message))
}

/// One name in several rows: told once, at the last of them.
fn twice(rows: &[&Row]) -> Option<Problem> {
    let (last, before) = rows.split_last()?;
    let first = before.first()?;
    let word = |row: &Row| {
        let category = row.category.as_deref().unwrap_or("no category");
        format!("{category} at line {}", row.place.line)
    };
    let all: Vec<String> = rows.iter().map(|r| word(r)).collect();
    let what = format!(
        "\"{}\" stands there {} times: {}",
        last.name,
        rows.len(),
        all.join(", ")
    );
    let same_lifetime = rows.iter().all(|r| r.lifetime == first.lifetime);
    if rows.iter().any(|r| r.role != first.role) {
        return Some(Problem {
            help: String::from(
                "only the domain, if any, tells them apart; state it, or agree on one role",
            ),
            ..problem(last, CONFLICT, Severity::Error, what)
        });
    }
    let more = if same_lifetime {
        ""
    } else {
        ", with different lifetimes"
    };
    Some(problem(
        last,
        DUPLICATE,
        Severity::Warn,
        format!("{what}{more}"),
    ))
}
