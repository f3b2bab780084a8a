//! Profile files as they are written: each parameter a value with its sources. A profile that
//! extends another one says only what differs.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::limits::{ExpiryLimits, Level, Lifetimes, Limit, RecordWindow};
use super::{Profile, Unclassified};
use crate::model::digest::sha256;
use crate::model::duration::{DurationError, Expires};
use crate::model::finding::Severity;
use crate::model::role::{Role, SUB_TYPES};
use crate::yaml::files::RuleFile;
use crate::yaml::{Problem, Source, Spanned, YamlError};

/// No profile can mean a larger one.
const MAX_EXCESS_DAYS: u16 = 3660;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    name: Spanned<String>,
    extends: Option<Spanned<String>>,
    sources: BTreeMap<String, Spanned<String>>,
    exempt_roles: Option<Parameter<Vec<Role>>>,
    #[serde(default)]
    exempt_sub_types: BTreeMap<String, Spanned<Exemption>>,
    exempt_services: Option<Parameter<Vec<String>>>,
    exempt_grounds: Option<Parameter<Vec<String>>>,
    unclassified: Option<Parameter<Unclassified>>,
    expiry: Option<Expiry>,
    #[serde(default)]
    lifetimes: RawLifetimes,
    #[serde(default)]
    consent_record: RawWindow,
    #[serde(default)]
    checks: BTreeMap<String, Spanned<RawLevel>>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Expiry {
    min_excess_days: Parameter<Spanned<u16>>,
    error_ratio: Parameter<Spanned<f64>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct RawLifetimes {
    #[serde(default)]
    grounds: BTreeMap<String, RawLimit>,
    #[serde(default)]
    sub_types: BTreeMap<String, RawLimit>,
    #[serde(default)]
    roles: BTreeMap<Role, RawLimit>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct RawWindow {
    at_least: Option<RawLimit>,
    at_most: Option<RawLimit>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct RawLimit {
    value: Spanned<String>,
    severity: Option<Severity>,
    source: Spanned<Vec<Spanned<String>>>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct RawLevel {
    level: Level,
    source: Spanned<Vec<Spanned<String>>>,
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
    #[serde(default = "yes")]
    exempt: bool,
    source: Spanned<Vec<Spanned<String>>>,
}

fn yes() -> bool {
    true
}

/// The profile that a file extends, as the file writes it, with its place.
pub(super) struct Base {
    pub(super) id: Spanned<String>,
}

/// The profile that a file extends, if it extends one.
pub(super) fn base(file: &RuleFile) -> Result<Option<Base>, YamlError> {
    let raw: File = Source::new(&file.file, &file.text).read()?;
    Ok(raw.extends.map(|id| Base { id }))
}

/// Reads and checks one file; what it does not say is as in `base`.
pub(super) fn profile(file: &RuleFile, base: Option<Profile>) -> Result<Profile, YamlError> {
    let source = Source::new(&file.file, &file.text);
    let raw: File = source.read()?;
    let reader = Reader {
        source: &source,
        known: &raw.sources,
    };
    let own = source.sha256();
    let digest = match &base {
        Some(base) => sha256(format!("{} {own}", base.sha256)),
        None => own,
    };
    let mut profile = match base {
        Some(base) => base,
        None => reader.complete(&raw)?,
    };
    profile.lineage.push(file.id.clone());
    profile.sha256 = digest;
    profile.id.clone_from(&file.id);
    profile.name.clone_from(&raw.name.value);
    reader.exemptions(&raw, &mut profile)?;
    reader.thresholds(&raw, &mut profile)?;
    reader.lifetimes(&raw.lifetimes, &mut profile.lifetimes)?;
    reader.window(&raw.consent_record, &mut profile.record)?;
    for (check, level) in &raw.checks {
        let cited = reader.resolve(&level.value.source)?;
        profile.sources.insert(check.clone(), cited);
        profile.levels.insert(check.clone(), level.value.level);
    }
    Ok(profile)
}

/// Looks whether every check that a file sets a level for is one of `checks`: a misspelt one would
/// leave the right one as it is, and nobody would notice.
pub(super) fn refuse_unknown_checks(file: &RuleFile, checks: &[&str]) -> Result<(), YamlError> {
    let source = Source::new(&file.file, &file.text);
    let raw: File = source.read()?;
    let mut levels = raw.checks.iter();
    let unknown = levels.find(|(check, _)| !checks.contains(&check.as_str()));
    unknown.map_or(Ok(()), |(check, level)| {
        Err(source.error(level, &Problem::unknown_check(check, checks)))
    })
}

/// Reads the parts of one file.
struct Reader<'f> {
    source: &'f Source<'f>,
    known: &'f BTreeMap<String, Spanned<String>>,
}

impl Reader<'_> {
    /// The start of a profile that extends no other one: all that it must say is there.
    fn complete(&self, raw: &File) -> Result<Profile, YamlError> {
        let missing = [
            ("exempt_roles", raw.exempt_roles.is_none()),
            ("exempt_services", raw.exempt_services.is_none()),
            ("unclassified", raw.unclassified.is_none()),
            ("expiry", raw.expiry.is_none()),
        ];
        if let Some((key, _)) = missing.iter().find(|(_, missing)| *missing) {
            let problem = Problem::new(format!("\"{key}\" is missing"))
                .help("add it, or say which profile this one extends (extends: eu)");
            return Err(self.source.error(&raw.name, &problem));
        }
        Ok(Profile::nothing())
    }

    fn exemptions(&self, raw: &File, profile: &mut Profile) -> Result<(), YamlError> {
        if let Some(roles) = &raw.exempt_roles {
            profile.exempt_roles.clone_from(&roles.value);
            self.cite("exempt_roles", &roles.source, profile)?;
        }
        for (sub_type, exemption) in &raw.exempt_sub_types {
            if !SUB_TYPES.contains(&sub_type.as_str()) {
                let problem = Problem::new(format!("unknown sub-type \"{sub_type}\""))
                    .help(format!("known are {}", SUB_TYPES.join(", ")))
                    .did_you_mean(sub_type, &SUB_TYPES);
                return Err(self.source.error(exemption, &problem));
            }
            profile.exempt_sub_types.retain(|known| known != sub_type);
            if exemption.value.exempt {
                profile.exempt_sub_types.push(sub_type.clone());
            }
            self.cite(sub_type, &exemption.value.source, profile)?;
        }
        if let Some(services) = &raw.exempt_services {
            profile.exempt_services.clone_from(&services.value);
            self.cite("exempt_services", &services.source, profile)?;
        }
        if let Some(grounds) = &raw.exempt_grounds {
            profile.exempt_grounds.clone_from(&grounds.value);
            self.cite("exempt_grounds", &grounds.source, profile)?;
        }
        if let Some(unclassified) = &raw.unclassified {
            profile.unclassified = unclassified.value;
            self.cite("unclassified", &unclassified.source, profile)?;
        }
        Ok(())
    }

    fn thresholds(&self, raw: &File, profile: &mut Profile) -> Result<(), YamlError> {
        let Some(expiry) = &raw.expiry else {
            return Ok(());
        };
        profile.expiry = limits(self.source, expiry)?;
        self.cite("min_excess_days", &expiry.min_excess_days.source, profile)?;
        self.cite("error_ratio", &expiry.error_ratio.source, profile)
    }

    fn lifetimes(&self, raw: &RawLifetimes, known: &mut Lifetimes) -> Result<(), YamlError> {
        for (ground, limit) in &raw.grounds {
            put(&mut known.grounds, ground.clone(), self.limit(limit)?);
        }
        for (sub_type, limit) in &raw.sub_types {
            if !SUB_TYPES.contains(&sub_type.as_str()) {
                let problem = Problem::new(format!("unknown sub-type \"{sub_type}\""))
                    .did_you_mean(sub_type, &SUB_TYPES);
                return Err(self.source.error(&limit.value, &problem));
            }
            put(&mut known.sub_types, sub_type.clone(), self.limit(limit)?);
        }
        for (role, limit) in &raw.roles {
            put(&mut known.roles, *role, self.limit(limit)?);
        }
        Ok(())
    }

    fn window(&self, raw: &RawWindow, known: &mut RecordWindow) -> Result<(), YamlError> {
        if let Some(limit) = &raw.at_least {
            known.at_least = Some(self.limit(limit)?);
        }
        if let Some(limit) = &raw.at_most {
            known.at_most = Some(self.limit(limit)?);
        }
        Ok(())
    }

    fn limit(&self, raw: &RawLimit) -> Result<Limit, YamlError> {
        let fail = |problem: Problem| self.source.error(&raw.value, &problem);
        let within: Expires = raw.value.value.parse().map_err(|e: DurationError| {
            fail(
                Problem::new(e.to_string()).expected("expected session or a duration such as P13M"),
            )
        })?;
        if !matches!(within, Expires::Session | Expires::Within { .. }) {
            let problem = Problem::new(format!("\"{}\" is no limit", raw.value.value))
                .expected("expected session or a duration such as P13M");
            return Err(fail(problem));
        }
        Ok(Limit {
            within,
            severity: raw.severity.unwrap_or(Severity::Warn),
            sources: self.resolve(&raw.source)?,
        })
    }

    fn cite(
        &self,
        key: &str,
        cited: &Spanned<Vec<Spanned<String>>>,
        profile: &mut Profile,
    ) -> Result<(), YamlError> {
        let resolved = self.resolve(cited)?;
        profile.sources.insert(key.to_owned(), resolved);
        Ok(())
    }

    fn resolve(&self, cited: &Spanned<Vec<Spanned<String>>>) -> Result<Vec<String>, YamlError> {
        if cited.value.is_empty() {
            let problem = Problem::new("a parameter has no source")
                .expected("expected keys of the file's \"sources\"");
            return Err(self.source.error(cited, &problem));
        }
        let keys: Vec<&str> = self.known.keys().map(String::as_str).collect();
        let find = |key: &Spanned<String>| match self.known.get(&key.value) {
            Some(text) => Ok(text.value.clone()),
            None => {
                let problem = Problem::new(format!("there is no source \"{}\"", key.value))
                    .expected("expected a key of the file's \"sources\"")
                    .help(format!("known are {}", keys.join(", ")))
                    .did_you_mean(&key.value, &keys);
                Err(self.source.error(key, &problem))
            }
        };
        cited.value.iter().map(find).collect()
    }
}

/// Replaces what is known of a kind, or adds it.
fn put<K: PartialEq>(known: &mut Vec<(K, Limit)>, kind: K, limit: Limit) {
    known.retain(|(other, _)| *other != kind);
    known.push((kind, limit));
}

fn limits(source: &Source<'_>, raw: &Expiry) -> Result<ExpiryLimits, YamlError> {
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
mod tests;
