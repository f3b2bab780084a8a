//! The names that providers leave on the page's global object.

use serde::Deserialize;
use serde_json::json;

use super::tab::Tab;
use crate::model::fault::{Fault, FaultKind};

/// Which of these names the page has. Looked up in the page's own world, without calling anything of
/// the page's.
pub(super) async fn present(tab: &Tab, names: &[String]) -> Result<Vec<String>, Fault> {
    if names.is_empty() {
        return Ok(Vec::new());
    }
    let asked: Vec<String> = names
        .iter()
        .map(|n| format!("{} in this", json!(n)))
        .collect();
    let answer = tab
        .call(
            "Runtime.evaluate",
            json!({
                "expression": format!("[{}]", asked.join(", ")),
                "returnByValue": true,
                "throwOnSideEffect": true,
            }),
        )
        .await?;
    match Vec::<bool>::deserialize(&answer["result"]["value"]) {
        Ok(found) if found.len() == names.len() => {
            let present = names.iter().zip(found).filter(|(_, found)| *found);
            Ok(present.map(|(name, _)| name.clone()).collect())
        }
        _ => Err(tab.fault(
            FaultKind::LoadFailed,
            "the names of the page's globals could not be read",
        )),
    }
}
