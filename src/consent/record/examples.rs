//! Each format with values as its platform writes them, and what they say to one who asked for a
//! rejection or for acceptance: `y` agrees, `n` does not, `?` cannot be told.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::Decoder::*;
use super::{Agreement, Decoder, RecordState, agrees, decode};
use crate::model::choice::Choice;
use RecordState::{Accepted, Partial, Pending, Rejected};

/// Every format.
pub(super) const ALL: [Decoder; 29] = [
    CcCookie,
    Klaro,
    Tarteaucitron,
    CookieconsentStatus,
    TcString,
    Gpp,
    UsPrivacy,
    Onetrust,
    Cookiebot,
    CookieInformation,
    Didomi,
    Borlabs,
    Complianz,
    Cookieyes,
    CookieLawInfo,
    Iubenda,
    Axeptio,
    Usercentrics,
    Cookiefirst,
    Cookiescript,
    Civic,
    Hubspot,
    Shopify,
    Trustarc,
    Trustcommander,
    Tealium,
    Sourcepoint,
    Tawk,
    YesNo,
];

/// A value, its state, and what it says to a rejection and to an acceptance.
type Example = (Decoder, &'static str, RecordState, &'static str);

const EXAMPLES: &[Example] = &[
    (
        Onetrust,
        "isGpcEnabled=0&datestamp=x&interactionCount=1&groups=C0001%3A1%2CC0002%3A0%2CC0004%3A0",
        Rejected,
        "yn",
    ),
    (
        Onetrust,
        "interactionCount=2&groups=C0001:1,C0002:1,C0004:1",
        Accepted,
        "ny",
    ),
    (
        Onetrust,
        "interactionCount=1&groups=C0001:1,C0002:1,C0004:0",
        Partial,
        "??",
    ),
    (
        Onetrust,
        "interactionCount=0&groups=C0001:1,C0002:0",
        Pending,
        "nn",
    ),
    (
        Cookiebot,
        "{stamp:%27x==%27%2Cnecessary:true%2Cpreferences:false%2Cstatistics:false%2Cmarketing:false%2Cmethod:%27explicit%27%2Cver:1}",
        Rejected,
        "yn",
    ),
    (
        Cookiebot,
        "{stamp:'x',necessary:true,preferences:true,statistics:true,marketing:true,method:'explicit'}",
        Accepted,
        "ny",
    ),
    (
        CookieInformation,
        r#"{"website_uuid":"x","consents_approved":["cookie_cat_necessary"],"consents_denied":["cookie_cat_statistic"]}"#,
        Rejected,
        "yn",
    ),
    (
        CookieInformation,
        r#"{"consents_approved":["cookie_cat_necessary","cookie_cat_statistic"],"consents_denied":[]}"#,
        Accepted,
        "ny",
    ),
    (
        Borlabs,
        r#"{"consents":{"essential":["borlabs-cookie"]},"uid":"x","version":"1"}"#,
        Rejected,
        "y?",
    ),
    (
        Borlabs,
        r#"{"consents":{"essential":["borlabs-cookie"],"marketing":["meta"]}}"#,
        Partial,
        "n?",
    ),
    (Complianz, "deny", Rejected, "yn"),
    (Complianz, "allow", Accepted, "ny"),
    (
        Cookieyes,
        "consentid:x,consent:no,action:yes,necessary:yes,functional:no,analytics:no,advertisement:no",
        Rejected,
        "yn",
    ),
    (
        Cookieyes,
        "consentid:x,consent:yes,action:yes,necessary:yes,functional:yes,analytics:yes",
        Accepted,
        "ny",
    ),
    (
        Cookieyes,
        "consentid:x,consent:no,action:,necessary:yes,functional:no,analytics:no",
        Pending,
        "nn",
    ),
    (
        Iubenda,
        r#"{"timestamp":"x","version":"1.2","purposes":{"1":true,"2":false,"3":false},"id":1}"#,
        Rejected,
        "yn",
    ),
    (
        Iubenda,
        r#"{"purposes":{"1":true,"2":true,"3":true}}"#,
        Accepted,
        "ny",
    ),
    (Iubenda, r#"{"consent":true}"#, Accepted, "ny"),
    (
        Axeptio,
        r#"{"$$token":"x","$$completed":true,"google_analytics":false,"hotjar":false}"#,
        Rejected,
        "yn",
    ),
    (
        Axeptio,
        r#"{"$$completed":true,"google_analytics":true}"#,
        Accepted,
        "ny",
    ),
    (
        Axeptio,
        r#"{"$$completed":false,"google_analytics":false}"#,
        Pending,
        "nn",
    ),
    (
        Usercentrics,
        r#"{"controllerId":"x","services":[{"id":"a","status":false,"history":[]},{"id":"b","status":false}]}"#,
        Rejected,
        "yn",
    ),
    (
        Usercentrics,
        r#"{"services":[{"id":"a","status":true},{"id":"b","status":true}]}"#,
        Accepted,
        "ny",
    ),
    (
        Cookiefirst,
        r#"{"necessary":true,"performance":false,"functional":false,"advertising":false,"timestamp":1,"type":"category"}"#,
        Rejected,
        "yn",
    ),
    (
        Cookiefirst,
        r#"{"necessary":true,"performance":true,"functional":true,"advertising":true}"#,
        Accepted,
        "ny",
    ),
    (
        Cookiescript,
        r#"{"bannershown":1,"action":"reject","categories":"[\"strict\"]","key":"x"}"#,
        Rejected,
        "yn",
    ),
    (
        Cookiescript,
        r#"{"action":"accept","categories":"[\"strict\",\"targeting\"]"}"#,
        Accepted,
        "ny",
    ),
    (Cookiescript, r#"{"bannershown":1}"#, Pending, "nn"),
    (
        Civic,
        r#"{"necessaryCookies":[],"optionalCookies":{"analytics":"revoked"},"interactedWith":true,"user":"x"}"#,
        Rejected,
        "yn",
    ),
    (
        Civic,
        r#"{"necessaryCookies":[],"optionalCookies":{"analytics":"accepted"},"interactedWith":true}"#,
        Accepted,
        "ny",
    ),
    (
        Civic,
        r#"{"optionalCookies":{"analytics":"revoked"},"interactedWith":false}"#,
        Pending,
        "nn",
    ),
    (Hubspot, "1:false_2:false_3:false", Rejected, "yn"),
    (Hubspot, "1:true_2:true_3:true", Accepted, "ny"),
    (
        Shopify,
        r#"{"purposes":{"a":false,"p":false,"m":false,"t":true},"display_banner":true}"#,
        Rejected,
        "yn",
    ),
    (
        Shopify,
        r#"{"con":{"CMP":{"a":"1","m":"1","p":"1","s":""}},"v":"2.1"}"#,
        Accepted,
        "ny",
    ),
    (
        Shopify,
        r#"{"con":{"CMP":{"a":"","m":"","p":"","s":""}}}"#,
        Pending,
        "nn",
    ),
    (Trustarc, "permit 1", Rejected, "y?"),
    (Trustarc, "permit 1,2,3", Partial, "n?"),
    (Trustarc, "0:", Rejected, "y?"),
    (Trustarc, "2:", Partial, "n?"),
    (Trustarc, "0,1,2:", Partial, "n?"),
    (
        Trustcommander,
        "1@002%7C%7C@@@1700000000000@",
        Rejected,
        "yn",
    ),
    (Trustcommander, "0@002%7C1%7C%40", Accepted, "ny"),
    (
        Tealium,
        "c1:0|c2:0|consent:true|ts:1700000000000|id:x",
        Rejected,
        "yn",
    ),
    (Tealium, "consent:false|ts:1", Rejected, "yn"),
    (Tealium, "c1:1|c2:1|consent:true", Accepted, "ny"),
    (
        Sourcepoint,
        r#"{"gdpr":{"consentStatus":{"rejectedAny":true,"rejectedLI":false,"consentedAll":false,"consentedToAny":false,"hasConsentData":true}}}"#,
        Rejected,
        "yn",
    ),
    (
        Sourcepoint,
        r#"{"gdpr":{"consentStatus":{"rejectedAny":false,"consentedAll":true,"consentedToAny":true,"hasConsentData":true}}}"#,
        Accepted,
        "ny",
    ),
    (
        Sourcepoint,
        r#"{"gdpr":{"consentStatus":{"consentedAll":false,"consentedToAny":false,"hasConsentData":false}}}"#,
        Pending,
        "nn",
    ),
    (Tawk, "0d1c6e3a::1::cf", Accepted, "ny"),
    (Tawk, "0d1c6e3a::1", Pending, "nn"),
    (YesNo, "true", Accepted, "ny"),
    (YesNo, "No", Rejected, "yn"),
];

/// Examples whose value is base64.
const IN_BASE64: &[Example] = &[
    (
        Didomi,
        r#"{"user_id":"x","purposes":{"disabled":["analytics","ads"]},"vendors":{"disabled":["google"]},"version":2}"#,
        Rejected,
        "yn",
    ),
    (
        Didomi,
        r#"{"purposes":{"enabled":["analytics"]},"vendors":{"enabled":["google"]}}"#,
        Accepted,
        "ny",
    ),
    (Didomi, r#"{"user_id":"x","version":2}"#, Pending, "nn"),
    (
        CookieLawInfo,
        r#"{"necessary":true,"functional":false,"analytics":false}"#,
        Rejected,
        "yn",
    ),
    (
        CookieLawInfo,
        r#"{"necessary":true,"functional":true,"analytics":true}"#,
        Accepted,
        "ny",
    ),
];

fn letter(decoder: Decoder, value: &str, asked: Choice) -> char {
    match agrees(decoder, None, Some(value), asked) {
        Agreement::Yes(_) => 'y',
        Agreement::No(_) => 'n',
        Agreement::Unclear(_) => '?',
    }
}

#[test]
fn every_format_is_read_as_its_platform_writes_it() {
    let encoded = IN_BASE64
        .iter()
        .map(|(d, value, state, said)| (*d, STANDARD.encode(value), *state, *said));
    let plain = EXAMPLES
        .iter()
        .map(|(d, value, state, said)| (*d, (*value).to_owned(), *state, *said));
    for (decoder, value, state, said) in plain.chain(encoded) {
        let read = decode(decoder, &value).map(|d| d.state);
        assert_eq!(read, Some(state), "{decoder:?} {value}");
        let agreed: String = [Choice::Reject, Choice::Accept]
            .map(|asked| letter(decoder, &value, asked))
            .iter()
            .collect();
        assert_eq!(agreed, said, "{decoder:?} {value}");
    }
}

#[test]
fn every_format_has_examples() {
    let own_tests = [
        CcCookie,
        Klaro,
        Tarteaucitron,
        CookieconsentStatus,
        TcString,
        Gpp,
        UsPrivacy,
    ];
    for decoder in ALL {
        let has = |list: &[Example]| list.iter().any(|e| e.0 == decoder);
        let found = own_tests.contains(&decoder) || has(EXAMPLES) || has(IN_BASE64);
        assert!(found, "{decoder:?}");
    }
}

#[test]
fn names_are_shared_but_formats_are_not() {
    // react-cookie-consent keeps `true` and `false` under Cookiebot's name.
    for value in ["true", "false", "-1", "0", ""] {
        assert_eq!(decode(Cookiebot, value), None, "{value}");
    }
    assert_eq!(decode(Borlabs, r#"{"consents":[]}"#), None);
    assert_eq!(decode(Complianz, "dismissed"), None);
}
