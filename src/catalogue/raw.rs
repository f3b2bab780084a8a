//! Catalogue files as they are written: the keys there are, and nothing checked beyond their types.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::model::item::{Party, Store};
use crate::model::role::Role;
use crate::yaml::Spanned;

/// A whole file.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct File {
    pub provider: Spanned<String>,
    pub homepage: Option<Spanned<String>>,
    #[serde(default)]
    pub hosts: Vec<Spanned<String>>,
    #[serde(default)]
    pub present_if: PresentIf,
    #[serde(default)]
    pub complete: bool,
    #[serde(default)]
    pub settle: Settle,
    pub needs_response: Option<NeedsResponse>,
    pub sources: BTreeMap<String, Spanned<Reference>>,
    pub entries: Vec<Entry>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PresentIf {
    #[serde(default)]
    pub globals: Vec<Spanned<String>>,
    #[serde(default)]
    pub scripts: Vec<Spanned<String>>,
    #[serde(default)]
    pub snippets: Vec<Spanned<String>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Settle {
    /// `1200ms` or `2s`.
    pub quiet: Option<Spanned<String>>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct NeedsResponse {
    pub url: Spanned<String>,
    pub otherwise: Spanned<String>,
}

/// Where a fact comes from: an address or a citation, and the day it was read.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Reference {
    pub url: Option<Spanned<String>>,
    pub cite: Option<Spanned<String>>,
    pub read: Spanned<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Entry {
    pub name: Spanned<String>,
    #[serde(default)]
    pub ignore_case: bool,
    #[serde(default)]
    pub documented_as: Vec<Spanned<String>>,
    pub store: Store,
    pub party: Option<Party>,
    #[serde(default)]
    pub hosts: Vec<Spanned<String>>,
    #[serde(default)]
    pub needs_provider: bool,
    pub expires: Spanned<String>,
    #[serde(default)]
    pub refresh: bool,
    pub claimed_role: Option<Spanned<String>>,
    pub role: Role,
    pub sub_type: Option<Spanned<String>>,
    pub service: Option<Spanned<String>>,
    pub why: Option<Spanned<String>>,
    pub purpose: Spanned<String>,
    pub deprecated: Option<Spanned<String>>,
    pub source: Vec<Spanned<String>>,
    pub examples: Spanned<Examples>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Examples {
    #[serde(rename = "match")]
    pub matches: Vec<Spanned<String>>,
    #[serde(default)]
    pub no_match: Vec<Spanned<String>>,
}
