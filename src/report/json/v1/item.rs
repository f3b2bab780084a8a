//! Version 1: an item over all visits, and the place it is kept at.

use serde::Serialize;

use super::finding::Runs;
use super::sent::{Cause, SentTo};
use crate::model;
use crate::model::item::Store;
use crate::model::observation::WriterKind;

/// Where something is kept: `domain` for cookies, `origin` for storage.
#[derive(Serialize)]
pub(super) struct Place<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    domain: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    origin: Option<&'a str>,
}

impl<'a> Place<'a> {
    pub(super) fn new(store: Store, place: &'a str) -> Self {
        let cookie = store == Store::Cookie;
        Self {
            domain: cookie.then_some(place),
            origin: (!cookie).then_some(place),
        }
    }
}

#[derive(Serialize)]
pub(super) struct Item<'a> {
    store: &'static str,
    name: &'a str,
    #[serde(flatten)]
    place: Place<'a>,
    path: Option<&'a str>,
    partition: Option<&'a str>,
    party: &'static str,
    provider: Option<&'a str>,
    entry: Option<&'a str>,
    entry_place: Option<&'a str>,
    documented_as: &'a [String],
    role: &'static str,
    claimed_role: Option<&'a str>,
    exempt: bool,
    status: &'static str,
    lifetime: Lifetime<'a>,
    seen: Vec<Sighting>,
    first_writer: Writer<'a>,
    host_only: Option<bool>,
    refused: &'a [String],
    sent_to: Vec<SentTo<'a>>,
    runs: Option<Runs>,
}

impl<'a> From<&'a model::report::ReportItem> for Item<'a> {
    fn from(item: &'a model::report::ReportItem) -> Self {
        let key = &item.key;
        Self {
            store: key.store.as_str(),
            name: &key.name,
            place: Place::new(key.store, &key.place),
            path: (key.store == Store::Cookie).then_some(&key.path),
            partition: key.partition.as_deref(),
            party: item.party.as_str(),
            provider: item.provider.as_deref(),
            entry: item.entry.as_deref(),
            entry_place: item.entry_place.as_deref(),
            documented_as: &item.documented_as,
            role: item.role.as_str(),
            claimed_role: item.claimed_role.as_deref(),
            exempt: item.exempt,
            status: item.status.as_str(),
            lifetime: Lifetime {
                declared: item.lifetime.declared.as_deref(),
                requested_s: item.lifetime.requested_s,
                stored_s: item.lifetime.stored_s,
            },
            seen: item.seen.iter().map(Sighting::from).collect(),
            first_writer: Writer::new(&item.first_writer, &item.details.chain),
            host_only: item.details.host_only,
            refused: &item.details.refused,
            sent_to: item.details.sent_to.iter().map(SentTo::from).collect(),
            runs: item.details.runs.map(Runs::from),
        }
    }
}

#[derive(Serialize)]
struct Lifetime<'a> {
    declared: Option<&'a str>,
    requested_s: Option<i64>,
    stored_s: Option<i64>,
}

#[derive(Serialize)]
struct Sighting {
    scenario: &'static str,
    phase: &'static str,
    state: &'static str,
}

impl From<&model::report::Sighting> for Sighting {
    fn from(seen: &model::report::Sighting) -> Self {
        Self {
            scenario: seen.scenario.as_str(),
            phase: seen.phase.as_str(),
            state: seen.presence.as_str(),
        }
    }
}

#[derive(Serialize)]
struct Writer<'a> {
    kind: &'static str,
    url: Option<&'a str>,
    stack_top: Option<StackFrame<'a>>,
    chain: Vec<Cause<'a>>,
}

impl<'a> Writer<'a> {
    fn new(writer: &'a model::observation::Writer, chain: &'a [model::chain::Cause]) -> Self {
        Self {
            kind: match writer.kind {
                WriterKind::Response => "response",
                WriterKind::Script => "script",
                WriterKind::Unknown => "unknown",
            },
            url: writer.url.as_deref(),
            stack_top: writer.stack.first().map(|frame| StackFrame {
                function: &frame.function,
                url: &frame.url,
                line: frame.line,
                column: frame.column,
            }),
            chain: chain.iter().map(Cause::from).collect(),
        }
    }
}

#[derive(Serialize)]
struct StackFrame<'a> {
    function: &'a str,
    url: &'a str,
    line: u32,
    column: u32,
}
