//! Connecting to a browser that is already running (`--browser-url`).

use super::cdp::transport::{self, Wire};
use super::devtools_address;
use crate::engine::{EngineError, crypto};

/// Connects to `ws://…/devtools/browser/…`, or to what `http://host:port` says is that address.
///
/// # Errors
/// [`EngineError::Reach`] if no browser answers there.
pub(super) async fn connect(url: &str) -> Result<Wire, EngineError> {
    let failed = |reason: String| EngineError::Reach {
        address: url.to_owned(),
        reason,
    };
    let address = if url.starts_with("http://") {
        ask(url).await.map_err(&failed)?
    } else if url.starts_with("ws://") {
        url.to_owned()
    } else {
        return Err(failed(
            "it begins with neither http:// nor ws://".to_owned(),
        ));
    };
    transport::websocket(&address)
        .await
        .map_err(|error| failed(error.to_string()))
}

async fn ask(url: &str) -> Result<String, String> {
    crypto::choose();
    let address = format!("{}/json/version", url.trim_end_matches('/'));
    let text = async {
        let client = reqwest::Client::builder().no_proxy().build()?;
        client.get(&address).send().await?.text().await
    };
    let text = text.await.map_err(|error| error.to_string())?;
    serde_json::from_str(&text)
        .ok()
        .and_then(|version| devtools_address(&version))
        .ok_or_else(|| format!("{address} names no DevTools address"))
}
