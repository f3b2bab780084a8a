//! The items of a report: those of all visits of all runs put together, and those that are only
//! predicted.

use std::collections::{BTreeMap, BTreeSet};

use super::{Rules, predicted};
use crate::catalogue::duration::Expires;
use crate::classify::{ClassifiedItem, ClassifiedVisit, Known};
use crate::model::chain::Cause;
use crate::model::item::{Item, ItemKey, Party, SentTo};
use crate::model::observation::Writer;
use crate::model::report::{ItemDetails, ItemLifetime, ItemStatus, ReportItem, Sighting};
use crate::model::role::Role;
use crate::model::runs::Runs;
use crate::model::scenario::ScenarioId;

/// An item in one visit, with the number of its run.
type Seen<'a> = (ScenarioId, u32, &'a ClassifiedItem<'a>);

/// Every item of every visit, in order of its key.
pub(super) fn items(visits: &[&ClassifiedVisit<'_>], rules: &Rules<'_>) -> Vec<ReportItem> {
    let mut seen: BTreeMap<&ItemKey, Vec<Seen<'_>>> = BTreeMap::new();
    for visit in visits {
        for item in &visit.items {
            let sighting = (visit.visit.scenario, visit.visit.run, item);
            seen.entry(&item.item.key).or_default().push(sighting);
        }
    }
    let runs: BTreeSet<u32> = visits.iter().map(|v| v.visit.run).collect();
    let mut items: BTreeMap<ItemKey, ReportItem> = seen
        .into_iter()
        .map(|(key, seen)| (key.clone(), observed(key, &seen, runs.len(), rules)))
        .collect();
    for (key, party, known) in predicted::predicted(visits) {
        items
            .entry(key.clone())
            .or_insert_with(|| blank(key, party, Some(known), rules));
    }
    items.into_values().collect()
}

/// An item of which only the catalogue's word is known.
fn blank(key: ItemKey, party: Party, known: Option<Known<'_>>, rules: &Rules<'_>) -> ReportItem {
    let entry = known.map(|k| k.entry);
    let exemption = entry.and_then(|e| {
        let sub_type = e.sub_type.as_deref();
        let profile = rules.profile;
        let by_purpose = profile.exemption(e.role, sub_type, e.service.as_deref());
        by_purpose.or_else(|| profile.claimed_exemption(&e.exempt))
    });
    ReportItem {
        key,
        party,
        provider: known.map(|k| k.provider.name.clone()),
        entry: entry.map(|e| e.name.text.clone()),
        entry_place: entry.map(|e| e.place.to_string()),
        documented_as: entry.map(|e| e.documented_as.clone()).unwrap_or_default(),
        role: entry.map_or(Role::Unclassified, |e| e.role),
        exempt: exemption.is_some(),
        claimed_role: entry.and_then(|e| e.claimed_role.clone()),
        status: ItemStatus::Predicted,
        lifetime: ItemLifetime {
            declared: entry.and_then(|e| declared(&e.expires)),
            requested_s: None,
            stored_s: None,
        },
        seen: Vec::new(),
        first_writer: Writer::unknown(),
        details: ItemDetails::default(),
    }
}

/// An item that was observed.
fn observed(key: &ItemKey, seen: &[Seen<'_>], runs: usize, rules: &Rules<'_>) -> ReportItem {
    let party = seen.first().map_or(Party::Third, |(_, _, i)| i.item.party);
    let known = Known::of_visits(seen.iter().map(|(_, _, item)| item.known));
    let mut report = blank(key.clone(), party, known, rules);
    report.status = ItemStatus::Observed;
    for (scenario, _, classified) in seen {
        let item = &classified.item;
        let lifetime = &mut report.lifetime;
        lifetime.requested_s = lifetime.requested_s.max(item.requested_s);
        lifetime.stored_s = lifetime.stored_s.max(item.stored_s);
        details(&mut report.details, *scenario, item, rules);
        report.seen.extend(item.phases.iter().map(|story| Sighting {
            scenario: *scenario,
            phase: story.phase,
            presence: story.presence,
        }));
    }
    if runs > 1 {
        over_runs(&mut report, seen, runs);
    }
    let writer = seen.iter().find_map(|(_, _, item)| item.item.first_write());
    if let Some(write) = writer {
        report.first_writer = presentable(&write.writer, rules);
        report.details.chain = presentable_chain(&write.chain, rules);
    }
    report
}

/// Tells what several runs saw once: of an item that was there in one and gone in another, that it was
/// there.
fn over_runs(report: &mut ReportItem, seen: &[Seen<'_>], of: usize) {
    let at = |s: &Sighting| (s.scenario, s.phase);
    report.seen.sort_by_key(|s| (at(s), s.presence));
    report.seen.dedup_by_key(|s| at(s));
    let to = |(scenario, to): &(ScenarioId, SentTo)| {
        (*scenario, to.phase, to.host.clone(), to.carrier, to.form)
    };
    report.details.sent_to.sort_by_key(to);
    report.details.sent_to.dedup_by_key(|sent| to(sent));
    let runs: BTreeSet<u32> = seen.iter().map(|(_, run, _)| *run).collect();
    let number = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
    report.details.runs = Some(Runs {
        seen: number(runs.len()),
        of: number(of),
    });
}

/// What else is told of an item in one visit.
fn details(details: &mut ItemDetails, scenario: ScenarioId, item: &Item, rules: &Rules<'_>) {
    details.host_only = details.host_only.or(item.host_only);
    for reason in &item.refused {
        if !details.refused.contains(reason) {
            details.refused.push(reason.clone());
        }
    }
    details.sent_to.extend(item.sent_to.iter().map(|to| {
        let shown = SentTo {
            chain: presentable_chain(&to.chain, rules),
            ..to.clone()
        };
        (scenario, shown)
    }));
}

/// A writer without what its addresses may tell about the visitor.
fn presentable(writer: &Writer, rules: &Rules<'_>) -> Writer {
    let mut shown = writer.clone();
    shown.url = shown.url.map(|url| rules.redactor.url(&url));
    for frame in &mut shown.stack {
        frame.url = rules.redactor.url(&frame.url);
    }
    shown
}

fn presentable_chain(chain: &[Cause], rules: &Rules<'_>) -> Vec<Cause> {
    let shown = |cause: &Cause| Cause {
        url: rules.redactor.url(&cause.url),
        ..cause.clone()
    };
    chain.iter().map(shown).collect()
}

/// The declared lifetime as catalogues write it.
fn declared(expires: &Expires) -> Option<String> {
    (*expires != Expires::NotStated).then(|| expires.to_string())
}
