//! Entries of a catalogue, each by itself and against all others.

use std::collections::{BTreeSet, HashSet};

use super::{
    CONFLICT, DUPLICATE, EXPIRY_IMPLAUSIBLE, EXPIRY_MISSING, NEEDLESS_ACCEPT, Problem, TOO_BROAD,
    UNCLASSIFIED, UNREACHABLE, lifetimes,
};
use crate::catalogue::duration::Expires;
use crate::catalogue::ties::Index;
use crate::catalogue::validate::examples;
use crate::catalogue::{Catalogue, Entry, Provider};
use crate::model::finding::Severity;
use crate::model::item::Store;
use crate::model::role::Role;

/// A pattern with fewer literal characters says too little.
const MIN_LITERALS: usize = 3;

/// What is wrong with the entries of these providers.
pub(super) fn problems(catalogue: &Catalogue, ids: &BTreeSet<&str>) -> Vec<Problem> {
    let index = Index::new(catalogue);
    let mut problems = Vec::new();
    let mut told: HashSet<(*const Entry, *const Entry)> = HashSet::new();
    let asked = catalogue
        .entries()
        .filter(|(provider, _)| ids.contains(provider.id.as_str()));
    for (provider, entry) in asked {
        let mut found = alone(entry);
        found.extend(unreachable(catalogue, provider, entry));
        for other in index.all(provider, entry) {
            let known = told.contains(&(std::ptr::from_ref(other), std::ptr::from_ref(entry)));
            if !known && told.insert((entry, other)) {
                found.push(tie(entry, other));
            }
        }
        problems.extend(not_accepted(entry, found));
    }
    problems
}

fn problem(entry: &Entry, check: &'static str, severity: Severity, message: String) -> Problem {
    Problem {
        check,
        severity,
        place: entry.place.clone(),
        name: entry.name.text.clone(),
        message,
        help: String::new(),
    }
}

/// What is wrong with an entry whatever else the catalogue holds.
pub(super) fn alone(entry: &Entry) -> Vec<Problem> {
    [broad(entry), expiry(entry), unclassified(entry)]
        .into_iter()
        .flatten()
        .collect()
}

fn broad(entry: &Entry) -> Option<Problem> {
    let name = &entry.name;
    let severity = match name.literals {
        _ if name.is_exact() => return None,
        0 => Severity::Error,
        // Whose it is, is then decided by where it is kept.
        n if n >= MIN_LITERALS || !entry.hosts.is_empty() => return None,
        _ => Severity::Warn,
    };
    let message = format!("\"{}\" is like almost any name", name.text);
    Some(Problem {
        help: String::from("write more of the name, or say with \"hosts\" whose it is"),
        ..problem(entry, TOO_BROAD, severity, message)
    })
}

fn expiry(entry: &Entry) -> Option<Problem> {
    if entry.expires == Expires::NotStated {
        let message = format!("the lifetime of {} is not stated", entry.label());
        return Some(Problem {
            help: String::from("look it up; until then nothing about its lifetime is judged"),
            ..problem(entry, EXPIRY_MISSING, Severity::Info, message)
        });
    }
    let cookie = entry.store == Store::Cookie;
    let (message, help) = lifetimes::implausible(&entry.expires).filter(|_| cookie)?;
    Some(Problem {
        help,
        ..problem(entry, EXPIRY_IMPLAUSIBLE, Severity::Warn, message)
    })
}

fn unclassified(entry: &Entry) -> Option<Problem> {
    (entry.role == Role::Unclassified).then(|| Problem {
        help: String::from("find out what it is for, or say in \"accept\" why that is not known"),
        ..problem(
            entry,
            UNCLASSIFIED,
            Severity::Warn,
            format!("{} has no role", entry.label()),
        )
    })
}

/// An entry whose every example finds another one in the catalogue as a whole.
fn unreachable(catalogue: &Catalogue, provider: &Provider, entry: &Entry) -> Option<Problem> {
    let mut other = None;
    for example in &entry.examples {
        match examples::find(catalogue, (provider, entry), example) {
            Some(found) if std::ptr::eq(found, entry) => return None,
            found => other = other.or(found),
        }
    }
    // An example that finds nothing at all is an error of the file.
    let other = other?;
    // Two entries between which nothing decides are told as what they are.
    let message = format!(
        "{} is never found: its examples find {} at {}",
        entry.label(),
        other.label(),
        other.place
    );
    let tied = other.name.text == entry.name.text && other.hosts == entry.hosts;
    (!tied).then(|| Problem {
        help: String::from("take it out, or make its name more exact than the other one's"),
        ..problem(entry, UNREACHABLE, Severity::Warn, message)
    })
}

fn tie(entry: &Entry, other: &Entry) -> Problem {
    let same = entry.role == other.role && entry.expires == other.expires;
    let (check, what) = match same {
        true => (DUPLICATE, "the names and the meaning of"),
        false => (CONFLICT, "another meaning for the names of"),
    };
    let message = format!(
        "{} ({}, {}) has {what} {} ({}, {}) at {}",
        entry.label(),
        entry.role.as_str(),
        entry.expires,
        other.label(),
        other.role.as_str(),
        other.expires,
        other.place
    );
    Problem {
        help: String::from(
            "make one name more exact, or tell them apart by hosts, party, needs_provider or value",
        ),
        ..problem(entry, check, Severity::Error, message)
    }
}

/// Takes out what the entry accepts, and says where it accepts what is not there.
fn not_accepted(entry: &Entry, found: Vec<Problem>) -> Vec<Problem> {
    let is_accepted = |p: &Problem| entry.accepted.contains_key(p.check);
    let (accepted, mut open): (Vec<_>, Vec<_>) = found.into_iter().partition(is_accepted);
    for id in entry.accepted.keys() {
        if !accepted.iter().any(|p| p.check == id) {
            let message = format!("{} accepts {id}, which does not occur", entry.label());
            open.push(Problem {
                help: String::from("take it out of \"accept\""),
                ..problem(entry, NEEDLESS_ACCEPT, Severity::Warn, message)
            });
        }
    }
    open
}
