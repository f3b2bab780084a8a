//! Profile files as they are written: each parameter a value with its sources.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::{ExpiryLimits, Profile, Unclassified};
use crate::model::role::{Role, SUB_TYPES};
use crate::yaml::files::RuleFile;
use crate::yaml::{Problem, Source, Spanned, YamlError};

/// No profile can mean a larger one.
const MAX_EXCESS_DAYS: u16 = 3660;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    name: Spanned<String>,
    sources: BTreeMap<String, Spanned<String>>,
    exempt_roles: Parameter<Vec<Role>>,
    exempt_sub_types: BTreeMap<String, Spanned<Exemption>>,
    exempt_services: Parameter<Vec<String>>,
    unclassified: Parameter<Unclassified>,
    expiry: Expiry,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Expiry {
    min_excess_days: Parameter<Spanned<u16>>,
    error_ratio: Parameter<Spanned<f64>>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Parameter<T> {
    value: T,
    source: Spanned<Vec<Spanned<String>>>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Exemption {
    source: Spanned<Vec<Spanned<String>>>,
}

/// Reads and checks one file.
pub(super) fn profile(file: &RuleFile) -> Result<Profile, YamlError> {
    let source = Source::new(&file.file, &file.text);
    let raw: File = source.read()?;
    let mut sources = BTreeMap::new();
    for (key, cited) in cited(&raw) {
        sources.insert(key.to_owned(), resolve(&source, cited, &raw.sources)?);
    }
    for (sub_type, exemption) in &raw.exempt_sub_types {
        if !SUB_TYPES.contains(&sub_type.as_str()) {
            let problem = Problem::new(format!("unknown sub-type \"{sub_type}\""))
                .help(format!("known are {}", SUB_TYPES.join(", ")))
                .did_you_mean(sub_type, &SUB_TYPES);
            return Err(source.error(exemption, &problem));
        }
    }
    Ok(Profile {
        id: file.id.clone(),
        name: raw.name.value.clone(),
        exempt_roles: raw.exempt_roles.value.clone(),
        exempt_sub_types: raw.exempt_sub_types.keys().cloned().collect(),
        exempt_services: raw.exempt_services.value.clone(),
        unclassified: raw.unclassified.value,
        expiry: expiry(&source, &raw.expiry)?,
        sources,
    })
}

fn cited(raw: &File) -> impl Iterator<Item = (&str, &Spanned<Vec<Spanned<String>>>)> {
    [
        ("exempt_roles", &raw.exempt_roles.source),
        ("exempt_services", &raw.exempt_services.source),
        ("unclassified", &raw.unclassified.source),
        ("min_excess_days", &raw.expiry.min_excess_days.source),
        ("error_ratio", &raw.expiry.error_ratio.source),
    ]
    .into_iter()
    .chain(
        raw.exempt_sub_types
            .iter()
            .map(|(sub_type, e)| (sub_type.as_str(), &e.value.source)),
    )
}

fn resolve(
    source: &Source<'_>,
    cited: &Spanned<Vec<Spanned<String>>>,
    known: &BTreeMap<String, Spanned<String>>,
) -> Result<Vec<String>, YamlError> {
    if cited.value.is_empty() {
        let problem = Problem::new("a parameter has no source")
            .expected("expected keys of the file's \"sources\"");
        return Err(source.error(cited, &problem));
    }
    let keys: Vec<&str> = known.keys().map(String::as_str).collect();
    let find = |key: &Spanned<String>| match known.get(&key.value) {
        Some(text) => Ok(text.value.clone()),
        None => {
            let problem = Problem::new(format!("there is no source \"{}\"", key.value))
                .expected("expected a key of the file's \"sources\"")
                .help(format!("known are {}", keys.join(", ")))
                .did_you_mean(&key.value, &keys);
            Err(source.error(key, &problem))
        }
    };
    cited.value.iter().map(find).collect()
}

fn expiry(source: &Source<'_>, raw: &Expiry) -> Result<ExpiryLimits, YamlError> {
    let days = &raw.min_excess_days.value;
    if days.value > MAX_EXCESS_DAYS {
        let problem = Problem::new("such an excess would never be reported")
            .expected(format!("expected at most {MAX_EXCESS_DAYS} days"));
        return Err(source.error(days, &problem));
    }
    let ratio = &raw.error_ratio.value;
    if !ratio.value.is_finite() || ratio.value < 1.0 {
        let problem = Problem::new("an excess is a ratio of one or more")
            .expected("expected a number from 1.0 on, such as 1.5");
        return Err(source.error(ratio, &problem));
    }
    Ok(ExpiryLimits {
        min_excess_s: i64::from(days.value) * 86_400,
        error_ratio: ratio.value,
    })
}
