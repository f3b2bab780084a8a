//! Recognises the record of the visitor's choice on sites whose consent platform no recipe and no
//! catalogue names.
//!
//! Such a record is exempt, and it is written at the very moment at which a tracker that ignores the
//! choice would write too. Only what looks like a record from all sides is taken for one: it belongs
//! to the visited site, nobody had stored it before, it came at once when the control was pressed,
//! and its name speaks of consent. Anything else that is unknown stays in doubt.

use super::items::Sighting;
use crate::model::choice::Method;
use crate::model::item::Party;

/// A platform stores the choice in the handler of the click; this leaves room for a slow one.
const AT_ONCE_MS: u64 = 2_000;

/// Parts of names that consent records have and trackers do not.
const WORDS: [&str; 13] = [
    "consent", "cookie", "gdpr", "rgpd", "dsgvo", "ccpa", "gpp", "cmp", "tcf", "privacy", "optin",
    "optout", "choice",
];

/// Whether an item of a visit is, by all appearances, the record of its choice.
pub(super) fn looks_like_one(seen: &Sighting<'_>) -> bool {
    let item = &seen.item.item;
    let choice = &seen.visit.visit.choice;
    let (Some(pressed), Some(first)) = (choice.at_ms, item.first_write()) else {
        return false;
    };
    if choice.method == Some(Method::Seeded) {
        // Nothing was pressed, so that nothing is written because of it.
        return false;
    }
    item.party == Party::First
        && first.at_ms >= pressed
        && first.at_ms - pressed <= AT_ONCE_MS
        && item
            .phases
            .iter()
            .all(|story| !story.phase.precedes_choice())
        && speaks_of_consent(&item.key.name)
}

fn speaks_of_consent(name: &str) -> bool {
    let plain: String = name
        .chars()
        .filter(|c| c.is_alphanumeric())
        .flat_map(char::to_lowercase)
        .collect();
    WORDS.iter().any(|word| plain.contains(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_records_are_told_from_names_of_trackers() {
        for name in ["my-cookie_choice", "GDPR", "opt-out", "site_consent_v2"] {
            assert!(speaks_of_consent(name), "{name}");
        }
        for name in ["_ga", "visitor_id", "uid", "", "opt"] {
            assert!(!speaks_of_consent(name), "{name}");
        }
    }
}
