//! Profiles: a jurisdiction's parameters, read from `rules/profiles/`.
//!
//! Every parameter in the file names its sources. What exempts an item is the profile's word, not
//! the catalogue's: the catalogue says what an item is for, [`Profile::exemption`] what follows.

mod raw;

use std::collections::BTreeMap;
use std::path::Path;

use include_dir::{Dir, include_dir};

use crate::model::role::Role;
use crate::yaml::files::{self, RuleFile};
use crate::yaml::{Problem, YamlError};

static FILES: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/rules/profiles");

/// A jurisdiction's parameters. Checks hold no numbers of their own.
#[derive(Debug, Clone)]
pub struct Profile {
    /// Its id (`eu`).
    pub id: String,
    /// Name for people.
    pub name: String,
    /// Roles that need no consent.
    pub exempt_roles: Vec<Role>,
    /// Sub-types that need no consent, whatever their role.
    pub exempt_sub_types: Vec<String>,
    /// Services (`chat`) whose essential items count as exempt before they are asked for.
    pub exempt_services: Vec<String>,
    /// What an item in no catalogue means.
    pub unclassified: Unclassified,
    /// How far a lifetime may exceed the declared one.
    pub expiry: ExpiryLimits,
    /// Where each parameter comes from: the file's key (for a sub-type the sub-type itself) and its
    /// sources.
    pub sources: BTreeMap<String, Vec<String>>,
    /// The SHA-256 of the file.
    pub sha256: String,
}

/// What an unclassified item that is stored before the choice means for the verdict.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Unclassified {
    /// Whether it needs consent is not known: inconclusive.
    Inconclusive,
    /// It counts as needing consent.
    Fail,
    /// It is listed and nothing more.
    Ignore,
}

/// Thresholds of the expiry checks.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ExpiryLimits {
    /// An excess below this many seconds is rounding, not a finding.
    pub min_excess_s: i64,
    /// From this multiple of the declared lifetime on, the excess is an error instead of a warning.
    pub error_ratio: f64,
}

impl Profile {
    /// Why an item needs no consent, in words; `None` if it needs consent.
    ///
    /// A sub-type is exempt on its own ground, or it is not exempt at all: an essential item of a
    /// sub-type that the profile does not list needs consent. So does an essential item of a service
    /// that the visitor must ask for first, unless the profile exempts the service.
    #[must_use]
    pub fn exemption(
        &self,
        role: Role,
        sub_type: Option<&str>,
        service: Option<&str>,
    ) -> Option<String> {
        if let Some(sub_type) = sub_type {
            let exempt = self.exempt_sub_types.iter().any(|s| s == sub_type);
            return exempt.then(|| self.with_sources(format!("sub-type {sub_type}"), sub_type));
        }
        if !self.exempt_roles.contains(&role) {
            return None;
        }
        let basis = format!("role {}", role.as_str());
        match service {
            None => Some(self.with_sources(basis, "exempt_roles")),
            Some(service) if self.exempt_services.iter().any(|s| s == service) => {
                Some(self.with_sources(format!("{basis}, service {service}"), "exempt_services"))
            }
            Some(_) => None,
        }
    }

    fn with_sources(&self, basis: String, key: &str) -> String {
        match self.sources.get(key) {
            Some(sources) if !sources.is_empty() => format!("{basis} ({})", sources.join("; ")),
            _ => basis,
        }
    }
}

/// A built-in profile by id.
///
/// # Errors
/// [`YamlError`] if there is no such profile (the text lists those there are).
pub fn builtin(id: &str) -> Result<Profile, YamlError> {
    let known = embedded();
    if let Some(file) = known.iter().find(|f| f.id == id) {
        return raw::profile(file);
    }
    let ids: Vec<&str> = known.iter().map(|f| f.id.as_str()).collect();
    let problem = Problem::new(format!("there is no profile \"{id}\""))
        .help(format!("known are {}; or name a file", ids.join(", ")))
        .did_you_mean(id, &ids);
    Err(YamlError::whole_file("builtin:profiles", &problem))
}

/// The ids of the built-in profiles, in order.
#[must_use]
pub fn builtin_ids() -> Vec<String> {
    embedded().into_iter().map(|f| f.id).collect()
}

/// A profile from a file of the user's.
///
/// # Errors
/// [`YamlError`] with the place and the reason.
pub fn from_file(path: &Path) -> Result<Profile, YamlError> {
    raw::profile(&files::read(path)?)
}

fn embedded() -> Vec<RuleFile> {
    FILES
        .files()
        .filter_map(|f| Some((f.path(), f.contents_utf8()?)))
        .map(|(path, text)| RuleFile {
            id: files::id(path),
            file: format!("builtin:profiles/{}", path.display()),
            text: text.to_owned(),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    #![expect(clippy::expect_used, reason = "a test that cannot go on must fail")]

    use super::*;
    use crate::model::role::SUB_TYPES;

    fn eu() -> Profile {
        builtin("eu").expect("an embedded profile")
    }

    #[test]
    fn every_embedded_profile_is_read() {
        for id in builtin_ids() {
            let profile = builtin(&id).expect("a good profile");
            assert_eq!(profile.id, id);
            assert!(profile.sources.values().all(|s| !s.is_empty()));
        }
        assert_eq!(FILES.files().count(), builtin_ids().len());
    }

    #[test]
    fn an_unknown_profile_is_named_with_those_there_are() {
        let error = builtin("fr-old").expect_err("no such profile").to_string();
        assert!(error.contains("fr-old") && error.contains("eu"), "{error}");
    }

    #[test]
    fn the_eu_exempts_essential_items_and_no_others() {
        let eu = eu();
        for role in Role::ALL {
            let exempt = eu.exemption(role, None, None).is_some();
            assert_eq!(exempt, role == Role::Essential, "{}", role.as_str());
        }
        let basis = eu.exemption(Role::Essential, None, None);
        assert!(
            basis.is_some_and(|b| b.starts_with("role essential (Directive 2002/58/EC")),
            "the basis names its source"
        );
    }

    #[test]
    fn a_service_must_be_asked_for_before_it_is_essential() {
        let mut profile = eu();
        let chat = |p: &Profile| p.exemption(Role::Essential, None, Some("chat"));
        assert_eq!(chat(&profile), None);
        profile.exempt_services.push("chat".to_owned());
        assert!(chat(&profile).is_some_and(|b| b.contains("service chat")));
        assert_eq!(
            profile.exemption(Role::Performance, None, Some("chat")),
            None
        );
    }

    #[test]
    fn sub_types_are_exempt_on_their_own_ground() {
        let mut profile = eu();
        for sub_type in SUB_TYPES {
            let basis = profile.exemption(Role::Essential, Some(sub_type), None);
            assert!(basis.is_some_and(|b| b.contains(sub_type)), "{sub_type}");
        }
        let record = profile.exemption(Role::Essential, Some("consent-record"), Some("chat"));
        assert!(
            record.is_some(),
            "a consent record is exempt with any service"
        );
        profile.exempt_sub_types.retain(|s| s != "cart");
        assert_eq!(profile.exemption(Role::Essential, Some("cart"), None), None);
    }

    #[test]
    fn the_eu_limits_are_those_of_the_file() {
        let eu = eu();
        assert_eq!(eu.unclassified, Unclassified::Inconclusive);
        assert_eq!(eu.expiry.min_excess_s, 86_400);
        assert!((eu.expiry.error_ratio - 1.5).abs() < f64::EPSILON);
    }
}
