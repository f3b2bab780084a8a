//! What the page looks like: its visible part, as PNG, within bounds of time and size. A picture that
//! cannot be had ends no visit.

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::json;

use super::tab::{Tab, seconds};
use crate::model::scenario::PhaseId;
use crate::model::visit::Screenshot;

/// Longest wait: a page may keep its frames from being drawn.
const WAIT_MAX: Duration = Duration::from_secs(5);

/// A visible part of the usual size takes well under a megabyte.
const BASE64_MAX: usize = 16 << 20;

/// Takes a picture at the end of a phase.
///
/// # Errors
/// Why there is none, in words.
pub(super) async fn take(tab: &Tab, phase: PhaseId) -> Result<Screenshot, String> {
    let params = json!({"format": "png", "captureBeyondViewport": false});
    let session = Some(tab.session.as_str());
    let answer = tab
        .connection
        .call_within(WAIT_MAX, session, "Page.captureScreenshot", params)
        .await
        .map_err(|error| match error {
            super::cdp::CdpError::Timeout(_) => {
                format!("the page was not drawn within {}", seconds(WAIT_MAX))
            }
            other => other.to_string(),
        })?;
    let data = answer["data"].as_str().unwrap_or_default();
    if data.is_empty() || data.len() > BASE64_MAX {
        return Err(format!("the picture has {} characters", data.len()));
    }
    let png = STANDARD
        .decode(data)
        .map_err(|error| format!("the picture cannot be read ({error})"))?;
    Ok(Screenshot { phase, png })
}
