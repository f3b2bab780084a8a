//! Asking `dom.js` about the page.

use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::heuristic::Control;
use crate::engine::browser::tab::Tab;
use crate::model::fault::{Fault, FaultKind};

const SCRIPT: &str = include_str!("../dom.js");

/// The page's banners and controls.
pub(super) struct Dom<'a>(pub(super) &'a Tab);

/// An element that shows.
#[derive(Debug, Deserialize)]
pub(super) struct Shown {
    /// Reference for further questions.
    #[serde(rename = "ref")]
    pub(super) reference: u32,
    /// The selector that it was found by.
    pub(super) selector: String,
    /// What a visitor reads.
    pub(super) text: String,
}

/// Where to press.
#[derive(Debug, Deserialize)]
pub(super) struct Point {
    found: bool,
    /// Pixels from the left of the viewport.
    #[serde(default)]
    pub(super) x: f64,
    /// Pixels from its top.
    #[serde(default)]
    pub(super) y: f64,
    /// Whether a click there would reach the element.
    #[serde(default)]
    pub(super) hit: bool,
}

#[derive(Debug, Deserialize)]
struct Gone {
    gone: bool,
}

impl Dom<'_> {
    /// The first visible element of these selectors.
    pub(super) async fn visible(&self, selectors: &[String]) -> Result<Option<Shown>, Fault> {
        self.ask("visible", json!([selectors])).await
    }

    /// The visible controls of everything that looks like a banner, best banner first.
    pub(super) async fn controls(&self) -> Result<Vec<Control>, Fault> {
        self.ask("controls", json!([])).await
    }

    /// Where to press the element; `None` if it no longer shows.
    pub(super) async fn point(&self, reference: u32) -> Result<Option<Point>, Fault> {
        let point: Point = self.ask("point", json!([reference])).await?;
        Ok(Some(point).filter(|p| p.found))
    }

    /// Whether the banner no longer shows, also because its document is gone.
    pub(super) async fn is_gone(&self, banner: u32) -> Result<bool, Fault> {
        let gone: Gone = self.ask("bannerGone", json!([banner])).await?;
        Ok(gone.gone)
    }

    async fn ask<T: DeserializeOwned>(&self, name: &str, arguments: Value) -> Result<T, Fault> {
        let function =
            format!("(call) => {{\n{SCRIPT}\nreturn preconsentDom(call.name, call.arguments);\n}}");
        let call = json!({"name": name, "arguments": arguments.to_string()});
        let answer = self.0.evaluate(&function, &call).await?;
        // `null` is an answer, none is not: a page that cannot be read is not one without a banner.
        let text = answer.as_str().unwrap_or_default();
        serde_json::from_str(text).map_err(|_| {
            self.0.fault(
                FaultKind::LoadFailed,
                format!("the page's banner could not be read: {text}"),
            )
        })
    }
}
