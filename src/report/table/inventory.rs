//! The inventory: every item that was seen, by provider. On narrow terminals each item is a small
//! block, because eight squeezed columns cannot be read; on wide ones it is a table.

use super::layout::{BOLD, CYAN, DIM, PLAIN, Page};
use crate::model::item::Store;
use crate::model::report::{ReportItem, TargetReport};
use crate::model::scenario::ScenarioId;
use crate::report::seen::seen;
use crate::report::text::{name, shorten, squeeze};
use crate::report::words::{self, count};

/// From this width on a table with a column for everything can be read.
const WIDE: usize = 140;
/// Columns for a place or an address.
const ADDRESS: usize = 160;
/// Columns for what led to a write.
const CHAIN: usize = 240;
/// Columns for a name.
const NAME: usize = 80;

pub(super) fn write(page: &mut Page, target: &TargetReport) {
    let remark = match target.items.len() {
        0 if target.faults.is_empty() => "nothing was stored".to_owned(),
        0 => "nothing could be seen".to_owned(),
        items => count(items, "item"),
    };
    page.heading("INVENTORY", &remark);
    let visited: Vec<ScenarioId> = target.visits.iter().map(|v| v.scenario).collect();
    if page.width() >= WIDE {
        return rows(page, target, &visited);
    }
    for (provider, items) in by_provider(&target.items) {
        page.text(2, &provider_name(provider), CYAN);
        for item in items {
            block(page, item, target, &visited);
        }
    }
}

fn provider_name(provider: Option<&str>) -> String {
    shorten(provider.unwrap_or("provider unknown"), NAME)
}

/// The items in the order of providers' names; those without one come last.
fn by_provider(items: &[ReportItem]) -> Vec<(Option<&str>, Vec<&ReportItem>)> {
    let mut groups: Vec<(Option<&str>, Vec<&ReportItem>)> = Vec::new();
    for item in items {
        let provider = item.provider.as_deref();
        match groups.iter_mut().find(|(known, _)| *known == provider) {
            Some((_, group)) => group.push(item),
            None => groups.push((provider, vec![item])),
        }
    }
    groups.sort_by_key(|(provider, _)| (provider.is_none(), *provider));
    groups
}

fn block(page: &mut Page, item: &ReportItem, target: &TargetReport, visited: &[ScenarioId]) {
    let title = format!("{} · {}", name(&item.key.name, NAME), place(item));
    page.labelled(4, 2, ("•", DIM), (&title, BOLD));
    let writer = squeeze(&words::writer(&item.first_writer), page.room(12));
    for (label, text) in [
        ("role", role(item)),
        ("kept", words::lifetime(item)),
        ("seen", seen(item, visited).join("; ")),
        ("by", writer),
    ] {
        page.labelled(6, 6, (label, DIM), (&text, PLAIN));
    }
    let sent_to = words::sent_to(item, &target.final_url);
    if !sent_to.is_empty() {
        let sent_to = shorten(&sent_to.join("; "), CHAIN);
        page.labelled(6, 6, ("to", DIM), (&sent_to, PLAIN));
    }
    if let Some(led_by) = words::led_by(item) {
        page.labelled(6, 6, ("from", DIM), (&shorten(&led_by, CHAIN), PLAIN));
    }
}

fn rows(page: &mut Page, target: &TargetReport, visited: &[ScenarioId]) {
    let mut rows = Vec::new();
    for (provider, items) in by_provider(&target.items) {
        rows.extend(items.into_iter().map(|item| {
            vec![
                name(&item.key.name, NAME),
                place(item),
                provider_name(provider),
                role(item),
                words::lifetime(item),
                seen(item, visited).join("; "),
                shorten(&words::writer(&item.first_writer), ADDRESS),
            ]
        }));
    }
    let header = ["item", "store", "provider", "role", "kept", "seen", "by"];
    if !rows.is_empty() {
        page.table(2, &header, &rows);
    }
}

/// `cookie of shop.test, first party`.
fn place(item: &ReportItem) -> String {
    let place = shorten(&item.key.place, ADDRESS);
    let path = match item.key.path.as_str() {
        "" | "/" => String::new(),
        path if item.key.store == Store::Cookie => shorten(path, ADDRESS),
        _ => String::new(),
    };
    let partition = match &item.key.partition {
        Some(top) => format!(" within {}", shorten(top, ADDRESS)),
        None => String::new(),
    };
    format!(
        "{} of {place}{path}{partition}, {} party",
        item.key.store.as_str(),
        item.party.as_str()
    )
}

/// `performance (vendor: "Essential"), needs consent`.
fn role(item: &ReportItem) -> String {
    let claim = match words::other_claim(item) {
        Some(claim) => format!(" (vendor: \"{}\")", shorten(claim, 60)),
        None => String::new(),
    };
    format!("{}{claim}, {}", item.role.as_str(), words::consent(item))
}
