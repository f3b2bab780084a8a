//! Catalogue files as they are written: the keys there are, and nothing checked beyond their types.

use std::collections::BTreeMap;
use std::fmt;

use serde::de::value::MapAccessDeserializer;
use serde::de::{self, MapAccess, Visitor};
use serde::{Deserialize, Deserializer};

use super::Example;
use crate::model::item::{Party, Store};
use crate::model::role::{ExemptionClaim, Role};
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
    pub open: Option<Open>,
    pub own_form: Option<Spanned<String>>,
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
pub(super) struct Open {
    pub service: Spanned<String>,
    #[serde(default)]
    pub press: Vec<Spanned<String>>,
    pub call: Option<Spanned<String>>,
    pub opened: Spanned<String>,
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
    pub value: Option<Spanned<String>>,
    pub store: Store,
    pub party: Option<Party>,
    #[serde(default)]
    pub hosts: Vec<Spanned<String>>,
    #[serde(default)]
    pub needs_provider: bool,
    pub expires: Spanned<String>,
    pub documented_expires: Option<Spanned<String>>,
    #[serde(default)]
    pub refresh: bool,
    pub claimed_role: Option<Spanned<String>>,
    pub role: Role,
    pub sub_type: Option<Spanned<String>>,
    pub service: Option<Spanned<String>>,
    #[serde(default)]
    pub exempt: Vec<ExemptionClaim>,
    pub why: Option<Spanned<String>>,
    pub purpose: Spanned<String>,
    pub deprecated: Option<Spanned<String>>,
    pub source: Vec<Spanned<String>>,
    pub examples: Spanned<Examples>,
    #[serde(default)]
    pub accept: BTreeMap<String, Spanned<String>>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Examples {
    #[serde(rename = "match")]
    pub matches: Vec<Spanned<Example>>,
    #[serde(default)]
    pub no_match: Vec<Spanned<Example>>,
}

impl<'de> Deserialize<'de> for Example {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ExampleVisitor)
    }
}

/// Reads `name` or `{ name: …, value: … }`.
struct ExampleVisitor;

impl<'de> Visitor<'de> for ExampleVisitor {
    type Value = Example;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a name, or { name: …, value: … }")
    }

    fn visit_str<E: de::Error>(self, name: &str) -> Result<Example, E> {
        Ok(Example {
            name: name.to_owned(),
            value: None,
        })
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Example, A::Error> {
        #[derive(Deserialize)]
        #[serde(deny_unknown_fields)]
        struct Pair {
            name: String,
            value: String,
        }
        let pair = Pair::deserialize(MapAccessDeserializer::new(map))?;
        Ok(Example {
            name: pair.name,
            value: Some(pair.value),
        })
    }
}
