//! What a category of a banner's second layer is for: "Statistics", "Werbung", "C0003".
//!
//! The words are those by which tables of cookies are read (`rules/declarations/`), in all their
//! languages. A category that no words tell has no role, and is then never one that was asked for.

use std::collections::{BTreeMap, HashMap};
use std::sync::LazyLock;

use include_dir::{Dir, include_dir};
use serde::Deserialize;
use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::is_combining_mark;

use crate::model::role::Role;
use crate::yaml::{self, YamlError};

static FILES: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/rules/declarations");

/// Longer names are descriptions.
const MAX_WORDS: usize = 8;

/// Words that turn "necessary" into its opposite.
const NEGATIONS: [&str; 7] = ["non", "not", "no", "un", "nicht", "niet", "pas"];

/// The part of a file that is read here.
#[derive(Deserialize)]
struct File {
    #[serde(default)]
    roles: BTreeMap<Role, Vec<String>>,
}

static ROLES: LazyLock<HashMap<Vec<String>, Role>> =
    LazyLock::new(|| builtin().expect("the embedded words are read by a test"));

fn builtin() -> Result<HashMap<Vec<String>, Role>, YamlError> {
    let mut roles = HashMap::new();
    for file in FILES.files() {
        let name = format!("builtin:declarations/{}", file.path().display());
        let read: File = yaml::read(&name, file.contents_utf8().unwrap_or_default())?;
        for (role, texts) in read.roles {
            for text in texts {
                roles.entry(words(&text)).or_insert(role);
            }
        }
    }
    Ok(roles)
}

/// The role that a category's name means; `None` where it says nothing of the kind. Of several that
/// it names, the one that asks most of the visitor counts.
#[must_use]
pub fn role_of(name: &str) -> Option<Role> {
    let words = words(name);
    if words.len() > MAX_WORDS {
        return None;
    }
    let runs = (1..=words.len()).flat_map(|n| words.windows(n));
    let named = runs.filter_map(|run| ROLES.get(run).copied());
    let most = named
        .filter(|role| *role != Role::Unclassified)
        .max_by_key(|role| role.demand())?;
    let negated = words.iter().any(|w| NEGATIONS.contains(&w.as_str()));
    (most != Role::Essential || !negated).then_some(most)
}

/// Small letters without accents; words also part where a name is written in one (`adStorage`).
pub(super) fn words(text: &str) -> Vec<String> {
    let mut folded = String::new();
    let mut small = false;
    for c in text.chars().take(400) {
        if small && c.is_uppercase() {
            folded.push(' ');
        }
        small = c.is_lowercase();
        folded.push(c);
    }
    let plain: String = folded
        .nfkd()
        .filter(|c| !is_combining_mark(*c))
        .flat_map(char::to_lowercase)
        .nfc()
        .collect();
    let parts = plain.split(|c: char| !c.is_alphanumeric());
    let parts = parts.filter(|w| !w.is_empty());
    parts.map(|w| w.replace('ß', "ss")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn categories_are_told_by_their_names() {
        for (name, role) in [
            ("Statistics", Some(Role::Performance)),
            ("Statistik", Some(Role::Performance)),
            ("analytics", Some(Role::Performance)),
            ("Audience measurement", Some(Role::Performance)),
            ("Advertising network", Some(Role::Marketing)),
            ("Social networks", Some(Role::Marketing)),
            ("Marketing & Werbung", Some(Role::Marketing)),
            ("C0003", Some(Role::Functionality)),
            ("category-marketing", Some(Role::Marketing)),
            ("Support", Some(Role::Functionality)),
            ("Live chat", Some(Role::Functionality)),
            ("Strictly necessary cookies", Some(Role::Essential)),
            ("Non-essential", None),
            ("Performance and functionality", Some(Role::Performance)),
            ("Everything else", None),
            ("", None),
        ] {
            assert_eq!(role_of(name), role, "{name}");
        }
    }

    #[test]
    fn every_language_names_the_roles_that_can_be_allowed() {
        let roles: Vec<Role> = ROLES.values().copied().collect();
        for role in Role::OPTIONAL {
            let named = roles.iter().filter(|r| **r == role).count();
            assert!(named > 40, "{} is named {named} times", role.as_str());
        }
    }

    #[test]
    fn descriptions_are_not_read() {
        let long = "We use marketing to pay for what you read here every day";
        assert_eq!(role_of(long), None);
    }
}
