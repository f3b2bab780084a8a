//! What the page says about consent at the end of a phase, through interfaces of its own.
//!
//! They are the page's code: they may hang, throw or lie. What does not answer in time costs a moment
//! and says nothing.

use std::time::Duration;

use serde::Deserialize;
use serde_json::json;

use super::tab::Tab;
use crate::model::signal::Signal;

const SCRIPT: &str = include_str!("signals.js");

/// Longest time that the page's interfaces may take, in milliseconds, …
const SCRIPT_MAX_MS: u64 = 500;
/// … and longest wait for the answer.
const ANSWER_MAX: Duration = Duration::from_secs(1);

/// The script bounds itself; a page may have changed what it is made of.
const MAX_SIGNALS: usize = 60;
const MAX_TEXT: usize = 2_000;

/// Reads the signals of the top document.
pub(super) async fn read(tab: &Tab) -> Vec<Signal> {
    let params = json!({
        "expression": format!("({SCRIPT})()"),
        "returnByValue": true,
        "awaitPromise": true,
        "timeout": SCRIPT_MAX_MS,
    });
    let session = Some(tab.session.as_str());
    let call = "Runtime.evaluate";
    let answer = tab
        .connection
        .call_within(ANSWER_MAX, session, call, params)
        .await;
    let Ok(answer) = answer else {
        return Vec::new();
    };
    Vec::<(String, String)>::deserialize(&answer["result"]["value"])
        .unwrap_or_default()
        .into_iter()
        .take(MAX_SIGNALS)
        .map(|(name, value)| Signal {
            name: name.chars().take(MAX_TEXT).collect(),
            value: value.chars().take(MAX_TEXT).collect(),
        })
        .collect()
}
