//! The formats of consent records, each with examples as its platform writes them.

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde::Deserialize;

use super::{Decoded, RecordState, is_necessary};

/// Undoes one layer of percent-encoding; what is no UTF-8 afterwards is left as it is.
pub(super) fn percent_decoded(value: &str) -> Cow<'_, str> {
    percent_encoding::percent_decode_str(value)
        .decode_utf8()
        .unwrap_or(Cow::Borrowed(value))
}

#[derive(Deserialize)]
struct CcCookie {
    categories: Vec<String>,
    /// Since version 3: every category the site has, with the accepted services of each.
    #[serde(default)]
    services: Option<BTreeMap<String, Vec<String>>>,
}

/// `{"categories":["necessary"],"services":{"necessary":[],"analytics":[]},…}`.
pub(super) fn cc_cookie(value: &str) -> Option<Decoded> {
    let record: CcCookie = serde_json::from_str(value).ok()?;
    let complete = record.services.is_some();
    let mut parts = BTreeMap::new();
    for category in record.services.unwrap_or_default().into_keys() {
        parts.insert(category, Some(false));
    }
    for category in record.categories {
        parts.insert(category, Some(true));
    }
    Some(sum(parts, complete))
}

/// `{"session":true,"ads":false}`; every service the site has.
pub(super) fn klaro(value: &str) -> Option<Decoded> {
    let record: BTreeMap<String, bool> = serde_json::from_str(value).ok()?;
    let parts = record.into_iter().map(|(k, v)| (k, Some(v))).collect();
    Some(sum(parts, true))
}

/// `!chat=wait!video=true`; every service of the page. Services that need no consent are `true` from
/// the start, so a record with a `wait` in it counts as undecided.
pub(super) fn tarteaucitron(value: &str) -> Option<Decoded> {
    let mut parts = BTreeMap::new();
    for part in value.strip_prefix('!')?.split('!') {
        let (service, state) = part.rsplit_once('=')?;
        let allowed = match state {
            "true" => Some(true),
            "false" => Some(false),
            "wait" => None,
            _ => return None,
        };
        parts.insert(service.to_owned(), allowed);
    }
    Some(sum(parts, true))
}

/// `allow`, `deny` or `dismiss`.
pub(super) fn cookieconsent_status(value: &str) -> Option<Decoded> {
    let (state, allowed) = match value {
        "allow" => (RecordState::Accepted, Some(true)),
        "deny" => (RecordState::Rejected, Some(false)),
        "dismiss" => (RecordState::Dismissed, None),
        _ => return None,
    };
    Some(Decoded {
        state,
        parts: vec![("cookies".to_owned(), allowed)],
        complete: true,
    })
}

pub(super) fn sum(parts: BTreeMap<String, Option<bool>>, complete: bool) -> Decoded {
    let undecided = parts.values().any(Option::is_none);
    let refused = parts.values().any(|v| *v == Some(false));
    let allowed = parts
        .iter()
        .any(|(name, v)| *v == Some(true) && !is_necessary(name));
    let state = match (undecided, allowed, refused) {
        (true, _, _) => RecordState::Pending,
        (_, false, _) => RecordState::Rejected,
        (_, true, false) if complete => RecordState::Accepted,
        (_, true, _) => RecordState::Partial,
    };
    Decoded {
        state,
        parts: parts.into_iter().collect(),
        complete,
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may panic")]

    use super::*;

    fn shown(decoded: &Decoded) -> String {
        let part = |(name, v): &(String, Option<bool>)| match v {
            Some(true) => format!("+{name}"),
            Some(false) => format!("-{name}"),
            None => format!("?{name}"),
        };
        let parts: Vec<_> = decoded.parts.iter().map(part).collect();
        format!("{:?} {}", decoded.state, parts.join(" "))
    }

    #[test]
    fn cc_cookie_names_every_category_since_version_3() {
        let record = |categories: &str| {
            format!(
                r#"{{"categories":[{categories}],"revision":0,"data":null,
                "consentTimestamp":"2026-11-22T10:00:00.000Z",
                "consentId":"0d1c6e3a-0000-4000-8000-000000000000",
                "services":{{"necessary":[],"analytics":[],"ads":[]}},"languageCode":"en",
                "lastConsentTimestamp":"2026-11-22T10:00:00.000Z","expirationTime":1810000000000}}"#
            )
        };
        for (categories, expected) in [
            (r#""necessary""#, "Rejected -ads -analytics +necessary"),
            ("", "Rejected -ads -analytics -necessary"),
            (r#""necessary","ads""#, "Partial +ads -analytics +necessary"),
            (
                r#""necessary","ads","analytics""#,
                "Accepted +ads +analytics +necessary",
            ),
        ] {
            assert_eq!(shown(&cc_cookie(&record(categories)).unwrap()), expected);
        }
    }

    #[test]
    fn cc_cookie_of_version_2_names_only_what_is_allowed() {
        let old = r#"{"categories":["necessary","ads"],"level":["necessary","ads"],"revision":0}"#;
        let decoded = cc_cookie(old).unwrap();
        assert_eq!(shown(&decoded), "Partial +ads +necessary");
        assert!(!decoded.complete);
    }

    #[test]
    fn klaro_is_a_map_of_booleans() {
        for (value, expected) in [
            (r#"{"chat":false,"video":false}"#, "Rejected -chat -video"),
            (r#"{"chat":true,"video":false}"#, "Partial +chat -video"),
            (r#"{"chat":true}"#, "Accepted +chat"),
        ] {
            assert_eq!(shown(&klaro(value).unwrap()), expected);
        }
        assert_eq!(klaro(r#"{"chat":"yes"}"#), None);
    }

    #[test]
    fn tarteaucitron_waits_until_the_choice() {
        for (value, expected) in [
            ("!chat=wait", "Pending ?chat"),
            ("!map=true!chat=wait", "Pending ?chat +map"),
            ("!map=true!chat=false", "Partial -chat +map"),
            ("!chat=false", "Rejected -chat"),
            ("!chat=wait!chat=true", "Accepted +chat"),
        ] {
            assert_eq!(shown(&tarteaucitron(value).unwrap()), expected, "{value}");
        }
        for value in ["chat=true", "!chat", "!chat=maybe", "!"] {
            assert_eq!(tarteaucitron(value), None, "{value}");
        }
    }

    #[test]
    fn status_is_one_word() {
        for (value, state) in [
            ("allow", RecordState::Accepted),
            ("deny", RecordState::Rejected),
            ("dismiss", RecordState::Dismissed),
        ] {
            assert_eq!(cookieconsent_status(value).unwrap().state, state);
        }
        assert_eq!(cookieconsent_status("allowed"), None);
    }
}
