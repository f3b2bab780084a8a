//! Records that are JSON, in clear or in base64.

use base64::Engine;
use base64::alphabet::STANDARD;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use serde::Deserialize;
use serde_json::{Map, Value};

use std::collections::BTreeMap;

use super::{Parts, of_parts, one_or_zero, pending};
use crate::consent::record::Decoded;
use crate::consent::record::formats::sum;

/// Base64 as platforms write it, with or without padding.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

fn object(value: &str) -> Option<Map<String, Value>> {
    match serde_json::from_str(value).ok()? {
        Value::Object(object) => Some(object),
        _ => None,
    }
}

/// The members that are booleans.
fn booleans(object: &Map<String, Value>) -> Parts {
    let found = object.iter().filter(|(key, _)| !key.starts_with("$$"));
    found
        .filter_map(|(key, value)| Some((key.clone(), Some(value.as_bool()?))))
        .collect()
}

/// Cookie Information, `CookieInformationConsent`.
pub(in crate::consent::record) fn cookie_information(value: &str) -> Option<Decoded> {
    #[derive(Deserialize)]
    struct Record {
        consents_approved: Vec<String>,
        consents_denied: Vec<String>,
    }
    let record: Record = serde_json::from_str(value).ok()?;
    let approved = record
        .consents_approved
        .into_iter()
        .map(|c| (c, Some(true)));
    let denied = record.consents_denied.into_iter().map(|c| (c, Some(false)));
    of_parts(approved.chain(denied).collect(), true)
}

/// Didomi, `didomi_token`: base64 of JSON with the enabled and disabled purposes and vendors.
pub(in crate::consent::record) fn didomi(value: &str) -> Option<Decoded> {
    #[derive(Deserialize, Default)]
    struct Sides {
        #[serde(default)]
        enabled: Vec<Value>,
        #[serde(default)]
        disabled: Vec<Value>,
    }
    #[derive(Deserialize)]
    struct Token {
        #[serde(default)]
        purposes: Sides,
        #[serde(default)]
        vendors: Sides,
    }
    let bytes = BASE64.decode(value).ok()?;
    let token: Token = serde_json::from_slice(&bytes).ok()?;
    let mut parts = Parts::new();
    for (kind, sides) in [("purpose", token.purposes), ("vendor", token.vendors)] {
        for (names, allowed) in [(sides.enabled, true), (sides.disabled, false)] {
            for name in names {
                let name = name
                    .as_str()
                    .map_or_else(|| name.to_string(), str::to_owned);
                parts.insert(format!("{kind} {name}"), Some(allowed));
            }
        }
    }
    Some(of_parts(parts, true).unwrap_or_else(pending))
}

/// Borlabs Cookie, `borlabs-cookie`: `{"consents":{"essential":["borlabs-cookie"],"statistics":[…]}}`.
/// Names only what is allowed.
pub(in crate::consent::record) fn borlabs(value: &str) -> Option<Decoded> {
    #[derive(Deserialize)]
    struct Record {
        consents: BTreeMap<String, Vec<String>>,
    }
    let record: Record = serde_json::from_str(value).ok()?;
    let groups = record.consents.into_iter();
    let parts = groups.map(|(group, services)| (group, Some(!services.is_empty())));
    of_parts(parts.collect(), false)
}

/// GDPR Cookie Consent for WordPress, `CookieLawInfoConsent`: base64 of a JSON object of booleans.
pub(in crate::consent::record) fn cookie_law_info(value: &str) -> Option<Decoded> {
    let bytes = BASE64.decode(value).ok()?;
    let text = String::from_utf8(bytes).ok()?;
    of_parts(booleans(&object(&text)?), true)
}

/// iubenda, `_iub_cs-<id>`: `{"consent":true}` or `{"purposes":{"1":true,"2":false}}`; purpose 1 is
/// the strictly necessary one.
pub(in crate::consent::record) fn iubenda(value: &str) -> Option<Decoded> {
    let record = object(value)?;
    let mut parts = Parts::new();
    if let Some(Value::Object(purposes)) = record.get("purposes") {
        for (number, allowed) in purposes {
            let name = match number.as_str() {
                "1" => "1 (strictly necessary)".to_owned(),
                other => format!("purpose {other}"),
            };
            parts.insert(name, Some(allowed.as_bool()?));
        }
    } else {
        let allowed = record.get("consent")?.as_bool()?;
        parts.insert("cookies".to_owned(), Some(allowed));
    }
    of_parts(parts, true)
}

/// Axeptio, `axeptio_cookies`: `{"$$completed":true,"google_analytics":false}`.
pub(in crate::consent::record) fn axeptio(value: &str) -> Option<Decoded> {
    let record = object(value)?;
    match record.get("$$completed")?.as_bool()? {
        true => Some(sum(booleans(&record), true)),
        false => Some(pending()),
    }
}

/// Usercentrics version 2, `uc_settings`: `{"services":[{"id":"…","status":true}]}`. Essential
/// services are allowed from the start.
pub(in crate::consent::record) fn usercentrics(value: &str) -> Option<Decoded> {
    #[derive(Deserialize)]
    struct Service {
        id: String,
        status: bool,
    }
    #[derive(Deserialize)]
    struct Record {
        services: Vec<Service>,
    }
    let record: Record = serde_json::from_str(value).ok()?;
    let services = record.services.into_iter();
    of_parts(services.map(|s| (s.id, Some(s.status))).collect(), true)
}

/// CookieFirst, `cookiefirst-consent`: a JSON object of booleans and other members.
pub(in crate::consent::record) fn cookiefirst(value: &str) -> Option<Decoded> {
    let record = object(value)?;
    record.get("necessary")?.as_bool()?;
    of_parts(booleans(&record), true)
}

/// CookieScript, `CookieScriptConsent`: `{"action":"reject","categories":"[]"}`.
pub(in crate::consent::record) fn cookiescript(value: &str) -> Option<Decoded> {
    let record = object(value)?;
    let Some(action) = record.get("action") else {
        return record.contains_key("bannershown").then(pending);
    };
    let allowed = match action.as_str()? {
        "accept" => true,
        "reject" => false,
        _ => return None,
    };
    let mut parts = Parts::from([("cookies".to_owned(), Some(allowed))]);
    let listed = record.get("categories").and_then(Value::as_str);
    let listed = listed.and_then(|text| serde_json::from_str::<Vec<String>>(text).ok());
    for category in listed.unwrap_or_default() {
        let category = match category.as_str() {
            "strict" => "strictly necessary".to_owned(),
            _ => category,
        };
        parts.insert(category, Some(true));
    }
    of_parts(parts, true)
}

/// Civic Cookie Control, `CookieControl`:
/// `{"necessaryCookies":[],"optionalCookies":{"analytics":"revoked"},"interactedWith":true}`.
pub(in crate::consent::record) fn civic(value: &str) -> Option<Decoded> {
    let record = object(value)?;
    let optional = record.get("optionalCookies")?.as_object()?;
    let mut parts = Parts::new();
    for (name, word) in optional {
        let allowed = match word.as_str()? {
            "accepted" => Some(true),
            "revoked" => Some(false),
            _ => None,
        };
        parts.insert(name.clone(), allowed);
    }
    if record.get("interactedWith").and_then(Value::as_bool) == Some(false) {
        return Some(pending());
    }
    of_parts(parts, true)
}

/// Shopify, `_tracking_consent`: `{"purposes":{"a":false,"p":false,"m":false,"t":true}}`, before that
/// `{"con":{"CMP":{"a":"0","m":"0","p":"0","s":""}}}` with empty words until a choice is made.
pub(in crate::consent::record) fn shopify(value: &str) -> Option<Decoded> {
    let record = object(value)?;
    let name = |short: &str| match short {
        "a" => "analytics".to_owned(),
        "m" => "marketing".to_owned(),
        "p" => "preferences".to_owned(),
        other => other.to_owned(),
    };
    let mut parts = Parts::new();
    if let Some(Value::Object(purposes)) = record.get("purposes") {
        for (short, allowed) in purposes
            .iter()
            .filter(|(k, _)| ["a", "m", "p"].contains(&k.as_str()))
        {
            parts.insert(name(short), Some(allowed.as_bool()?));
        }
        return of_parts(parts, true);
    }
    let choices = record.get("con")?.get("CMP")?.as_object()?;
    for (short, word) in choices
        .iter()
        .filter(|(k, _)| ["a", "m", "p"].contains(&k.as_str()))
    {
        parts.insert(name(short), one_or_zero(word.as_str()?));
    }
    of_parts(parts, true)
}

/// Sourcepoint, `_sp_user_consent_<id>`: `{"gdpr":{"consentStatus":{"consentedAll":false,…}}}`.
pub(in crate::consent::record) fn sourcepoint(value: &str) -> Option<Decoded> {
    #[derive(Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct Status {
        #[serde(default)]
        has_consent_data: Option<bool>,
        consented_all: bool,
        consented_to_any: bool,
        #[serde(default)]
        rejected_any: Option<bool>,
    }
    let record = object(value)?;
    let status = record.get("gdpr")?.get("consentStatus")?;
    let status = Status::deserialize(status).ok()?;
    if status.has_consent_data == Some(false) {
        return Some(pending());
    }
    let mut parts = Parts::new();
    parts.insert("some purposes".to_owned(), Some(status.consented_to_any));
    parts.insert("all purposes".to_owned(), Some(status.consented_all));
    if status.rejected_any == Some(true) && status.consented_all {
        // The record contradicts itself.
        return None;
    }
    Some(sum(parts, true))
}
