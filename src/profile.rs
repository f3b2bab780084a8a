//! Profiles: a jurisdiction's parameters, read from `rules/profiles/`.
//!
//! Every parameter in the file names its sources. What exempts an item is the profile's word, not
//! the catalogue's: the catalogue says what an item is for, [`Profile::exemption`] what follows.
//! A profile may extend an embedded one (`extends: eu`) and then says only what differs.

mod limits;
mod raw;

use std::collections::BTreeMap;
use std::path::Path;

use include_dir::{Dir, include_dir};

pub use self::limits::{ExpiryLimits, Level, Lifetimes, Limit, RecordWindow};

use crate::model::role::{ExemptionClaim, Role};
use crate::yaml::files::{self, RuleFile};
use crate::yaml::{Problem, Source, YamlError};

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
    /// Grounds on which items are exempt whose catalogue claims them for this profile
    /// (`audience-measurement`).
    pub exempt_grounds: Vec<String>,
    /// What an item in no catalogue means.
    pub unclassified: Unclassified,
    /// How far a lifetime may exceed the declared one.
    pub expiry: ExpiryLimits,
    /// How long items of a kind may live.
    pub lifetimes: Lifetimes,
    /// How long the record of the choice is to be kept.
    pub record: RecordWindow,
    /// Checks that are not to be run, or whose findings have a severity of their own here.
    pub levels: BTreeMap<String, Level>,
    /// The ids of the profiles it extends, the first one first, and its own.
    pub lineage: Vec<String>,
    /// Where each parameter comes from: the file's key (for a sub-type the sub-type itself) and its
    /// sources.
    pub sources: BTreeMap<String, Vec<String>>,
    /// The SHA-256 of the file; of one that extends another, of both.
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

    /// Why an item needs no consent whose catalogue claims an exemption for this profile or one that
    /// it extends, in words; `None` if nothing is claimed or the profile knows no such ground.
    #[must_use]
    pub fn claimed_exemption(&self, claims: &[ExemptionClaim]) -> Option<String> {
        let ground = self.claimed_ground(claims)?;
        Some(self.with_sources(format!("{ground}, as claimed"), "exempt_grounds"))
    }

    /// The ground of such an exemption.
    #[must_use]
    pub fn claimed_ground<'c>(&self, claims: &'c [ExemptionClaim]) -> Option<&'c str> {
        claims
            .iter()
            .filter(|claim| self.lineage.contains(&claim.profile))
            .find(|claim| self.exempt_grounds.contains(&claim.ground))
            .map(|claim| claim.ground.as_str())
    }

    /// What the profile makes of a check; `None` if it says nothing of it.
    #[must_use]
    pub fn level(&self, check: &str) -> Option<Level> {
        self.levels.get(check).copied()
    }

    /// The limit for the life of an item: by the ground of its exemption, its sub-type, its role, in
    /// this order.
    #[must_use]
    pub fn limit(
        &self,
        role: Role,
        sub_type: Option<&str>,
        claims: &[ExemptionClaim],
    ) -> Option<&Limit> {
        let lifetimes = &self.lifetimes;
        if let Some(ground) = self.claimed_ground(claims) {
            return find(&lifetimes.grounds, |known| known == ground);
        }
        match sub_type {
            Some(sub_type) => find(&lifetimes.sub_types, |known| known == sub_type),
            None => find(&lifetimes.roles, |known| *known == role),
        }
    }

    /// A profile that says nothing yet.
    fn nothing() -> Self {
        Self {
            id: String::new(),
            name: String::new(),
            exempt_roles: Vec::new(),
            exempt_sub_types: Vec::new(),
            exempt_services: Vec::new(),
            exempt_grounds: Vec::new(),
            unclassified: Unclassified::Inconclusive,
            expiry: ExpiryLimits {
                min_excess_s: 0,
                error_ratio: 1.0,
            },
            lifetimes: Lifetimes::default(),
            record: RecordWindow::default(),
            levels: BTreeMap::new(),
            lineage: Vec::new(),
            sources: BTreeMap::new(),
            sha256: String::new(),
        }
    }

    fn with_sources(&self, basis: String, key: &str) -> String {
        match self.sources.get(key) {
            Some(sources) if !sources.is_empty() => format!("{basis} ({})", sources.join("; ")),
            _ => basis,
        }
    }
}

fn find<K>(known: &[(K, Limit)], is: impl Fn(&K) -> bool) -> Option<&Limit> {
    known
        .iter()
        .find(|(kind, _)| is(kind))
        .map(|(_, limit)| limit)
}

/// A built-in profile by id.
///
/// # Errors
/// [`YamlError`] if there is no such profile (the text lists those there are).
pub fn builtin(id: &str) -> Result<Profile, YamlError> {
    let known = embedded();
    if let Some(file) = known.iter().find(|f| f.id == id) {
        return read(file, &known, Vec::new());
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

/// A profile from a file of the user's; `checks` are the ids that it may name.
///
/// # Errors
/// [`YamlError`] with the place and the reason.
pub fn from_file(path: &Path, checks: &[&str]) -> Result<Profile, YamlError> {
    let file = files::read(path)?;
    let profile = read(&file, &embedded(), Vec::new())?;
    raw::refuse_unknown_checks(&file, checks)?;
    Ok(profile)
}

/// Reads a file and those that it extends. `seen` are the ids on the way here.
fn read(file: &RuleFile, known: &[RuleFile], mut seen: Vec<String>) -> Result<Profile, YamlError> {
    let Some(base) = raw::base(file)? else {
        return raw::profile(file, None);
    };
    let source = Source::new(&file.file, &file.text);
    let ids: Vec<&str> = known.iter().map(|f| f.id.as_str()).collect();
    let asked = &base.id.value;
    let Some(extended) = known.iter().find(|f| f.id == *asked) else {
        let problem = Problem::new(format!("there is no profile \"{asked}\" to extend"))
            .help(format!("known are {}", ids.join(", ")))
            .did_you_mean(asked, &ids);
        return Err(source.error(&base.id, &problem));
    };
    if seen.contains(asked) {
        let problem = Problem::new(format!("\"{asked}\" extends itself"));
        return Err(source.error(&base.id, &problem));
    }
    seen.push(asked.clone());
    let extended = read(extended, known, seen)?;
    raw::profile(file, Some(extended))
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
mod tests;
