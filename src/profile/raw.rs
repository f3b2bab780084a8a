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
        sha256: source.sha256(),
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

#[cfg(test)]
mod tests {
    #![expect(clippy::expect_used, reason = "a test that cannot go on must fail")]

    use super::*;

    const EU: &str = include_str!("../../rules/profiles/eu.yaml");

    /// What is said of the EU's profile with `old` replaced by `new`.
    fn refused(old: &str, new: &str) -> String {
        assert!(EU.contains(old), "the profile has no {old}");
        let file = RuleFile {
            id: "mine".to_owned(),
            file: "mine.yaml".to_owned(),
            text: EU.replacen(old, new, 1),
        };
        let error = profile(&file).expect_err("a bad profile");
        assert!(error.line > 0, "{error}");
        error.to_string()
    }

    #[test]
    fn misspelt_words_suggest_the_right_ones() {
        for (old, new, help) in [
            ("  cart:", "  carts:", "did you mean \"cart\"?"),
            ("[essential]", "[esential]", "did you mean \"essential\"?"),
            (
                "inconclusive",
                "inconclusiv",
                "did you mean \"inconclusive\"?",
            ),
            (
                "[planet49, research]",
                "[planet_49]",
                "did you mean \"planet49\"?",
            ),
            (
                "error_ratio:",
                "error-ratio:",
                "did you mean \"error_ratio\"?",
            ),
        ] {
            let message = refused(old, new);
            assert!(message.contains(help), "{message}");
        }
    }

    #[test]
    fn every_parameter_needs_a_source_and_a_possible_value() {
        for (old, new, part) in [
            ("source: [epd, wp29]", "source: []", "has no source"),
            (", source: [epd, wp29] }", " }", "\"source\" is missing"),
            ("value: 1.5", "value: 0.5", "a ratio of one or more"),
            ("value: 1.5", "value: .nan", "a ratio of one or more"),
            ("value: 1,", "value: -1,", "wrong kind"),
            ("value: 1,", "value: 9999,", "at most 3660 days"),
        ] {
            let message = refused(old, new);
            assert!(message.contains(part), "{part}: {message}");
        }
    }
}
