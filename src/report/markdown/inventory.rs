//! The inventory in Markdown: one table with a column for everything.

use super::escape::{code_cell, name_cell, prose};
use super::{line, table};
use crate::model::observation::WriterKind;
use crate::model::report::{ReportItem, TargetReport};
use crate::model::scenario::ScenarioId;
use crate::report::seen::seen;
use crate::report::words;

pub(super) fn write(out: &mut String, target: &TargetReport) {
    line(out, "\n### Inventory");
    if target.items.is_empty() {
        let nothing = if target.faults.is_empty() {
            "\nNothing was stored."
        } else {
            "\nNothing could be seen."
        };
        return line(out, nothing);
    }
    let header = [
        "item",
        "store",
        "place",
        "party",
        "provider",
        "role",
        "kept",
        "seen",
        "written by",
        "sent to",
    ];
    let visited: Vec<ScenarioId> = target.visits.iter().map(|v| v.scenario).collect();
    table(
        out,
        &header,
        target.items.iter().map(|item| row(item, target, &visited)),
    );
}

fn row(item: &ReportItem, target: &TargetReport, visited: &[ScenarioId]) -> Vec<String> {
    let mut place = code_cell(&item.key.place);
    if !matches!(item.key.path.as_str(), "" | "/") {
        place.push_str(&format!(", path {}", code_cell(&item.key.path)));
    }
    if let Some(top) = &item.key.partition {
        place.push_str(&format!(", within {}", code_cell(top)));
    }
    let mut role = item.role.as_str().to_owned();
    if let Some(claim) = words::other_claim(item) {
        role.push_str(&format!(" (vendor: {})", prose(claim)));
    }
    role.push_str(&format!(", {}", words::consent(item)));
    let mut writer = match item.first_writer.kind {
        WriterKind::Unknown => "not seen".to_owned(),
        _ => code_cell(&words::writer(&item.first_writer)),
    };
    if let Some(led_by) = words::led_by(item) {
        writer.push_str(&format!(" ← {}", code_cell(&led_by)));
    }
    let sent_to = words::sent_to(item, &target.final_url);
    let sent_to: Vec<String> = sent_to.iter().map(|to| code_cell(to)).collect();
    vec![
        name_cell(&item.key.name),
        item.key.store.as_str().to_owned(),
        place,
        item.party.as_str().to_owned(),
        item.provider.as_deref().map(prose).unwrap_or_default(),
        role,
        prose(&words::lifetime(item)),
        seen(item, visited).join("; "),
        writer,
        sent_to.join("; "),
    ]
}
