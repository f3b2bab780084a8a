//! `preconsent rules explain`: the text of a check, as it stands in `docs/checks.md`.

use anyhow::{Result, anyhow};
use preconsent::check::{ALL, docs};

/// The text of a check.
pub(super) fn explain(id: &str) -> Result<String> {
    if let Some(check) = ALL.iter().find(|c| c.id() == id) {
        return Ok(docs::explain(*check));
    }
    Err(anyhow!(
        "there is no check \"{id}\"; the nearest are {}",
        nearest(id).join(", ")
    ))
}

/// The ids that look most like what was typed.
fn nearest(id: &str) -> Vec<&'static str> {
    let typed = id.to_lowercase().replace('_', "-");
    let distance = |known: &str| {
        let inside = known.contains(&typed) || typed.contains(known);
        (!inside, strsim::osa_distance(known, &typed))
    };
    let mut ids: Vec<&str> = ALL.iter().map(|c| c.id()).collect();
    ids.sort_by_key(|known| distance(known));
    ids.truncate(3);
    ids
}
