//! What the page of `visitor.test` kept of its visitor's browser.

use preconsent::model::visit::Visit;
use serde_json::Value;

/// The places that must have told: documents and workers.
const PLACES: [&str; 6] = [
    "page",
    "frame",
    "other frame",
    "worker",
    "shared worker",
    "service worker",
];

/// The facts by the place that told them, at the end of the visit.
pub(crate) fn facts(visit: &Visit) -> Vec<(&'static str, Value)> {
    let last = visit.snapshots.last().expect("a snapshot");
    PLACES
        .into_iter()
        .map(|place| {
            let name = format!("facts of {place}");
            let key = last.storage.iter().find(|k| k.name == name);
            let key = key.unwrap_or_else(|| panic!("no {name} in {:#?}", last.storage));
            let facts = serde_json::from_str(&key.value).expect("JSON");
            (place, facts)
        })
        .collect()
}
