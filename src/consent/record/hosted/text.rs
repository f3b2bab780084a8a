//! Records in formats of their platforms' own.

use super::{Parts, of_parts, one_or_zero, pending};
use crate::consent::record::Decoded;
use crate::consent::record::formats::sum;

fn parameter<'v>(value: &'v str, separator: char, name: &str) -> Option<&'v str> {
    let mut pairs = value.split(separator);
    pairs.find_map(|pair| pair.strip_prefix(name)?.strip_prefix('='))
}

/// OneTrust, `OptanonConsent`: `interactionCount=1&groups=C0001:1,C0002:0`. Group C0001 is the
/// strictly necessary one.
pub(in crate::consent::record) fn onetrust(value: &str) -> Option<Decoded> {
    let groups = parameter(value, '&', "groups")?;
    let mut parts = Parts::new();
    for group in groups.split(',').filter(|group| !group.is_empty()) {
        let (name, allowed) = group.rsplit_once(':')?;
        let name = match name {
            "C0001" | "1" => format!("{name} (strictly necessary)"),
            _ => name.to_owned(),
        };
        parts.insert(name, Some(one_or_zero(allowed)?));
    }
    if parameter(value, '&', "interactionCount") == Some("0") {
        return Some(pending());
    }
    of_parts(parts, true)
}

/// Cookiebot, `CookieConsent`: `{stamp:'…',necessary:true,marketing:false,method:'explicit',…}`, no
/// JSON. react-cookie-consent uses the same name with the values `true` and `false`.
pub(in crate::consent::record) fn cookiebot(value: &str) -> Option<Decoded> {
    let inner = value.strip_prefix('{')?.strip_suffix('}')?;
    let categories = ["necessary", "preferences", "statistics", "marketing"];
    let mut parts = Parts::new();
    for member in inner.split(',') {
        let Some((name, allowed)) = member.split_once(':') else {
            continue;
        };
        let name = name.trim().trim_matches(['"', '\'']);
        if categories.contains(&name) {
            parts.insert(name.to_owned(), Some(allowed.trim().parse().ok()?));
        }
    }
    (parts.len() == categories.len()).then(|| sum(parts, true))
}

/// Complianz, one cookie per category (`cmplz_marketing`): `allow` or `deny`.
pub(in crate::consent::record) fn complianz(value: &str) -> Option<Decoded> {
    let allowed = match value {
        "allow" => true,
        "deny" => false,
        _ => return None,
    };
    of_parts(Parts::from([("category".to_owned(), Some(allowed))]), true)
}

/// CookieYes, `cookieyes-consent`: `consentid:…,consent:no,action:yes,necessary:yes,analytics:no`.
pub(in crate::consent::record) fn cookieyes(value: &str) -> Option<Decoded> {
    let mut parts = Parts::new();
    let mut acted = false;
    for pair in value.split(',') {
        let (name, word) = pair.split_once(':')?;
        match name {
            "consentid" | "lastRenewedDate" | "consent" => {}
            "action" => acted = word == "yes",
            _ => drop(parts.insert(name.to_owned(), Some(yes_or_no(word)?))),
        }
    }
    if acted {
        of_parts(parts, true)
    } else {
        (!parts.is_empty()).then(pending)
    }
}

/// HubSpot, `__hs_cookie_cat_pref`: `1:true_2:false_3:false`.
pub(in crate::consent::record) fn hubspot(value: &str) -> Option<Decoded> {
    let mut parts = Parts::new();
    for pair in value.split(['_', ',']) {
        let (category, allowed) = pair.split_once(':')?;
        let name = match category {
            "1" => "analytics",
            "2" => "advertising",
            "3" => "functionality",
            other => other,
        };
        parts.insert(name.to_owned(), Some(allowed.parse().ok()?));
    }
    of_parts(parts, true)
}

/// TrustArc, `cmapi_cookie_privacy` (`permit 1,2,3`), `notice_preferences` (`2:`) and
/// `notice_gdpr_prefs` (`0,1,2:`). Names only what is allowed.
pub(in crate::consent::record) fn trustarc(value: &str) -> Option<Decoded> {
    let (levels, first) = if let Some(list) = value.strip_prefix("permit ") {
        (numbers(list)?, 1)
    } else {
        let list = value.split(':').next()?;
        let listed = numbers(list)?;
        let highest = *listed.iter().max()?;
        let single = listed.len() == 1;
        (
            if single {
                (0..=highest).collect()
            } else {
                listed
            },
            0,
        )
    };
    let mut parts = Parts::new();
    for level in levels {
        let name = match level.checked_sub(first)? {
            0 => "required".to_owned(),
            1 => "functional".to_owned(),
            2 => "advertising".to_owned(),
            other => format!("level {other}"),
        };
        parts.insert(name, Some(true));
    }
    of_parts(parts, false)
}

/// TrustCommander, `TC_PRIVACY`: `0@…` consents, `1@…` does not.
pub(in crate::consent::record) fn trustcommander(value: &str) -> Option<Decoded> {
    let (word, _) = value.split_once('@')?;
    let refused = one_or_zero(word)?;
    of_parts(Parts::from([("cookies".to_owned(), Some(!refused))]), true)
}

/// Tealium, `CONSENTMGR`: `c1:1|c2:0|consent:true`.
pub(in crate::consent::record) fn tealium(value: &str) -> Option<Decoded> {
    let mut parts = Parts::new();
    for pair in value.split('|') {
        let (name, word) = pair.split_once(':')?;
        let is_category = name
            .strip_prefix('c')
            .is_some_and(|n| n.parse::<u8>().is_ok());
        if is_category {
            parts.insert(name.to_owned(), Some(one_or_zero(word)?));
        } else if name == "consent" {
            parts.insert("cookies".to_owned(), Some(word.parse().ok()?));
        }
    }
    // With single categories the sum beside them says only that a choice was made.
    if parts.len() > 1 {
        parts.remove("cookies");
    }
    of_parts(parts, true)
}

/// tawk.to's own form, `twk_<id>`: ends in `::cf` once it was accepted.
pub(in crate::consent::record) fn tawk(value: &str) -> Option<Decoded> {
    if !value.ends_with("::cf") {
        return Some(pending());
    }
    of_parts(Parts::from([("chat".to_owned(), Some(true))]), true)
}

/// `true` or `false`, `1` or `0`, `yes` or `no`: what small platforms store.
pub(in crate::consent::record) fn yes_no(value: &str) -> Option<Decoded> {
    let allowed = match value.to_ascii_lowercase().as_str() {
        "true" | "1" | "yes" | "accepted" | "accept" | "allow" | "all" => true,
        "false" | "0" | "no" | "rejected" | "reject" | "deny" | "none" => false,
        _ => return None,
    };
    of_parts(Parts::from([("cookies".to_owned(), Some(allowed))]), true)
}

fn yes_or_no(word: &str) -> Option<bool> {
    match word {
        "yes" => Some(true),
        "no" => Some(false),
        _ => None,
    }
}

fn numbers(list: &str) -> Option<Vec<u8>> {
    let all = list.split([',', '|']).map(|n| n.trim().parse().ok());
    let all: Option<Vec<u8>> = all.collect();
    all.filter(|numbers| numbers.iter().all(|n| *n < 20))
}
