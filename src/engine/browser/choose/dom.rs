//! What our scripts say about single elements.

use serde::Deserialize;

/// An element that shows.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct Shown {
    /// Reference for further questions.
    #[serde(rename = "ref")]
    pub(super) reference: u32,
    /// What a visitor reads.
    pub(super) text: String,
}

/// Where to press.
#[derive(Debug, Clone, Copy, Deserialize)]
pub(super) struct Point {
    /// Whether the element shows.
    pub(super) found: bool,
    /// Pixels from the left of the viewport.
    #[serde(default)]
    pub(super) x: f64,
    /// Pixels from its top.
    #[serde(default)]
    pub(super) y: f64,
    /// Whether a click there would reach the element.
    #[serde(default)]
    pub(super) hit: bool,
    /// Whether the page was scrolled for it.
    #[serde(default)]
    pub(super) scrolled: bool,
}
