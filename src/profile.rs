//! Profiles: a jurisdiction's parameters, read from `rules/profiles/`.

use crate::model::role::Role;
use crate::yaml::YamlError;

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
}

/// What an unclassified item that is stored before the choice means for the verdict.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
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

/// A built-in profile by id.
///
/// # Errors
/// [`YamlError`] if there is no such profile (the text lists those there are).
pub fn builtin(_id: &str) -> Result<Profile, YamlError> {
    unimplemented!()
}

/// A profile from a file of the user's.
///
/// # Errors
/// [`YamlError`] with the place and the reason.
pub fn from_file(_path: &std::path::Path) -> Result<Profile, YamlError> {
    unimplemented!()
}
