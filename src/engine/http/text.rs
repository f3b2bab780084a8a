//! One page as text, for those who want its words and not its cookies.

use std::time::Duration;

use reqwest::header::{HeaderMap, LOCATION};
use url::Url;

use super::client::Network;
use crate::engine::{EngineError, Options};

/// More redirects than this lead nowhere.
const MAX_REDIRECTS: usize = 10;

/// Fetches a page, following redirects, and reads at most `most` bytes of it.
///
/// # Errors
/// [`EngineError::Http`] if there is no answer in time, or none with a page.
pub async fn text(options: &Options, url: &Url, most: usize) -> Result<String, EngineError> {
    let network = Network::new(options)?;
    let fail = |reason: String| EngineError::Http(format!("{url}: {reason}"));
    let deadline: Duration = options.load_max;
    let whole = follow(&network, url.clone(), most);
    match tokio::time::timeout(deadline, whole).await {
        Ok(result) => result.map_err(fail),
        Err(_) => Err(fail(format!("no answer within {} s", deadline.as_secs()))),
    }
}

async fn follow(network: &Network, mut url: Url, most: usize) -> Result<String, String> {
    for _ in 0..=MAX_REDIRECTS {
        let answer = network.get(&url, HeaderMap::new()).await;
        let mut answer = answer.map_err(|failure| failure.reason)?;
        let status = answer.status();
        if status.is_redirection() {
            let target = answer.headers().get(LOCATION).and_then(|l| l.to_str().ok());
            let target = target.ok_or_else(|| format!("status {status} without an address"))?;
            url = url.join(target).map_err(|e| e.to_string())?;
            continue;
        }
        if !status.is_success() {
            return Err(format!("status {status}"));
        }
        let mut bytes = Vec::new();
        while let Some(chunk) = answer.chunk().await.map_err(|e| e.to_string())? {
            bytes.extend_from_slice(&chunk);
            if bytes.len() > most {
                return Err(format!("more than {most} bytes"));
            }
        }
        return Ok(String::from_utf8_lossy(&bytes).into_owned());
    }
    Err(format!("more than {MAX_REDIRECTS} redirects"))
}
