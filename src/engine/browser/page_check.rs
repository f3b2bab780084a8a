//! Whether what is shown is the page that was asked for: not an error, a block page, another site, a
//! file or nothing at all.

use serde_json::Value;
use url::Url;

use super::tab::Tab;
use crate::engine::challenge::Answer;
use crate::engine::page_facts::{self, PageFacts};
use crate::model::fault::Fault;

/// What the page looks like from outside.
#[derive(Debug, Default, serde::Deserialize)]
#[serde(default)]
struct Look {
    url: String,
    mime: String,
    title: String,
    text: String,
    html: String,
    things: usize,
}

/// Reads address, title, the first text, and how many things there are to see or to use.
const LOOK: &str = r"() => ({
    url: location.href,
    mime: document.contentType,
    title: document.title.slice(0, 300),
    text: (document.body?.innerText ?? '').trim().slice(0, 5000),
    html: (document.documentElement?.outerHTML ?? '').slice(0, 50000),
    things: document.querySelectorAll(
        'img, svg, canvas, video, audio, iframe, object, embed, input, button, a[href]').length,
})";

/// Checks the page and returns its address.
pub(super) async fn check(tab: &Tab, asked: &Url) -> Result<Url, Fault> {
    tab.check_alive()?;
    let look: Look =
        serde_json::from_value(tab.evaluate(LOOK, &Value::Null).await?).unwrap_or_default();
    let document = tab.shared.state().requests.document.clone();
    let document = document.unwrap_or_default();
    let headers: Vec<(String, String)> = document
        .headers
        .into_iter()
        .map(|(name, value)| (name.to_ascii_lowercase(), value))
        .collect();
    let landed = Url::parse(&look.url).unwrap_or_else(|_| asked.clone());
    let facts = PageFacts {
        asked,
        landed: &landed,
        mime: &look.mime,
        answer: Answer {
            status: u16::try_from(document.status).unwrap_or(0),
            headers: &headers,
            title: &look.title,
            html: &look.html,
            text: &look.text,
        },
        things: look.things,
    };
    match page_facts::faults(&facts).into_iter().next() {
        Some((kind, message)) => Err(tab.fault(kind, message)),
        None => Ok(landed),
    }
}
