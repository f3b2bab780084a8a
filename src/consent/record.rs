//! Consent records: what a platform stored about the choice, and whether that is what was asked for.
//!
//! [`decode`] reads one record. What it cannot know is what a site declares as required: a record
//! that allows `session` and refuses `ads` may be a full rejection or half a one. [`agrees`] therefore
//! compares the record before and after the choice, and says [`Agreement::Unclear`] where the record
//! leaves it open. Formats as read in the platforms' published packages, versions in
//! `rules/consent/`.

mod agree;
#[cfg(test)]
mod examples;
mod formats;
mod hosted;
mod in_part;
mod questions;
mod tcf;

pub use agree::{Agreement, agrees};
pub use in_part::{Part, agrees_in_part};
pub use questions::{RecordQuestions, state};

use serde::Deserialize;

/// The formats that can be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Decoder {
    /// vanilla-cookieconsent's `cc_cookie`: JSON with the accepted categories.
    CcCookie,
    /// Klaro's `klaro`: JSON of service → boolean.
    Klaro,
    /// tarteaucitron's `tarteaucitron`: `!service=true|false|wait`.
    Tarteaucitron,
    /// Osano cookieconsent's `cookieconsent_status`: `allow`, `deny` or `dismiss`.
    CookieconsentStatus,
    /// A TC string of the TCF.
    TcString,
    /// A GPP string.
    Gpp,
    /// A US privacy string.
    UsPrivacy,
    /// OneTrust's `OptanonConsent`.
    Onetrust,
    /// Cookiebot's `CookieConsent`.
    Cookiebot,
    /// Cookie Information's `CookieInformationConsent`.
    CookieInformation,
    /// Didomi's `didomi_token`.
    Didomi,
    /// Borlabs Cookie's `borlabs-cookie`.
    Borlabs,
    /// Complianz's cookies, one per category.
    Complianz,
    /// CookieYes's `cookieyes-consent`.
    Cookieyes,
    /// GDPR Cookie Consent's `CookieLawInfoConsent`.
    CookieLawInfo,
    /// iubenda's `_iub_cs-<id>`.
    Iubenda,
    /// Axeptio's `axeptio_cookies`.
    Axeptio,
    /// Usercentrics' `uc_settings`.
    Usercentrics,
    /// CookieFirst's `cookiefirst-consent`.
    Cookiefirst,
    /// CookieScript's `CookieScriptConsent`.
    Cookiescript,
    /// Civic Cookie Control's `CookieControl`.
    Civic,
    /// HubSpot's `__hs_cookie_cat_pref`.
    Hubspot,
    /// Shopify's `_tracking_consent`.
    Shopify,
    /// TrustArc's preference cookies.
    Trustarc,
    /// TrustCommander's `TC_PRIVACY`.
    Trustcommander,
    /// Tealium's `CONSENTMGR`.
    Tealium,
    /// Sourcepoint's `_sp_user_consent_<id>`.
    Sourcepoint,
    /// tawk.to's own form.
    Tawk,
    /// One word for all: `true`, `no`, `accepted`, …
    YesNo,
}

/// What a record says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RecordState {
    /// No choice yet.
    Pending,
    /// Nothing is allowed but what is necessary by its name.
    Rejected,
    /// Some of it, or more than nothing of parts that are not all known.
    Partial,
    /// Everything is accepted.
    Accepted,
    /// A notice was closed without a choice.
    Dismissed,
}

impl RecordState {
    /// The word used in reports.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "waits for a choice",
            Self::Rejected => "refuses",
            Self::Partial => "allows a part",
            Self::Accepted => "accepts",
            Self::Dismissed => "was dismissed",
        }
    }
}

/// A decoded record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decoded {
    /// The sum of it.
    pub state: RecordState,
    /// Category or service → allowed, `None` while undecided; in order of their names.
    pub parts: Vec<(String, Option<bool>)>,
    /// Whether `parts` names everything that could be chosen; some records name only what is allowed.
    pub complete: bool,
}

/// Longer values are not looked at; browsers keep cookies of 4 kB, and records in storage are short.
const MAX_BYTES: usize = 64 * 1024;

/// Reads the value of a record (percent-encoded or not). `None` if it is not of this format.
#[must_use]
pub fn decode(decoder: Decoder, value: &str) -> Option<Decoded> {
    if value.len() > MAX_BYTES {
        return None;
    }
    let read = match decoder {
        Decoder::CcCookie => formats::cc_cookie,
        Decoder::Klaro => formats::klaro,
        Decoder::Tarteaucitron => formats::tarteaucitron,
        Decoder::CookieconsentStatus => formats::cookieconsent_status,
        Decoder::TcString => tcf::tc_string,
        Decoder::Gpp => tcf::gpp,
        Decoder::UsPrivacy => tcf::us_privacy,
        Decoder::Onetrust => hosted::onetrust,
        Decoder::Cookiebot => hosted::cookiebot,
        Decoder::CookieInformation => hosted::cookie_information,
        Decoder::Didomi => hosted::didomi,
        Decoder::Borlabs => hosted::borlabs,
        Decoder::Complianz => hosted::complianz,
        Decoder::Cookieyes => hosted::cookieyes,
        Decoder::CookieLawInfo => hosted::cookie_law_info,
        Decoder::Iubenda => hosted::iubenda,
        Decoder::Axeptio => hosted::axeptio,
        Decoder::Usercentrics => hosted::usercentrics,
        Decoder::Cookiefirst => hosted::cookiefirst,
        Decoder::Cookiescript => hosted::cookiescript,
        Decoder::Civic => hosted::civic,
        Decoder::Hubspot => hosted::hubspot,
        Decoder::Shopify => hosted::shopify,
        Decoder::Trustarc => hosted::trustarc,
        Decoder::Trustcommander => hosted::trustcommander,
        Decoder::Tealium => hosted::tealium,
        Decoder::Sourcepoint => hosted::sourcepoint,
        Decoder::Tawk => hosted::tawk,
        Decoder::YesNo => hosted::yes_no,
    };
    // Values that went through two layers of encoding are seen in the wild.
    let once = formats::percent_decoded(value);
    let twice = formats::percent_decoded(&once);
    [value, &once, &twice].into_iter().find_map(read)
}

/// Whether a category or service is one that needs no consent, going by its name alone. "Functional"
/// is not among them: as often as not it means features that are nice to have.
fn is_necessary(name: &str) -> bool {
    const STEMS: [&str; 14] = [
        "necess",
        "essen",
        "esenc",
        "requi",
        "mandator",
        "strict",
        "notwendig",
        "erforderlich",
        "obligat",
        "indispens",
        "noodzakel",
        "niezb",
        "nezbyt",
        "nødvendig",
    ];
    let name = name.trim().to_lowercase();
    let negated = [
        "unn", "unes", "unr", "non", "not ", "not-", "not_", "nicht", "niet-",
    ];
    !negated.iter().any(|n| name.starts_with(n)) && STEMS.iter().any(|s| name.contains(s))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::examples::ALL;
    use super::*;

    #[test]
    fn encoded_values_are_read_too() {
        let plain = r#"{"ads":false}"#;
        let once = "%7B%22ads%22%3Afalse%7D";
        let twice = "%257B%2522ads%2522%253Afalse%257D";
        let expected = decode(Decoder::Klaro, plain);
        assert!(expected.is_some());
        assert_eq!(decode(Decoder::Klaro, once), expected);
        assert_eq!(decode(Decoder::Klaro, twice), expected);
    }

    #[test]
    fn necessary_by_name() {
        for name in [
            "necessary",
            "Essential",
            "strictly_necessary",
            "Notwendige Cookies",
            "unbedingt erforderlich",
        ] {
            assert!(is_necessary(name), "{name}");
        }
        for name in [
            "functional",
            "unnecessary",
            "non-essential",
            "marketing",
            "",
        ] {
            assert!(!is_necessary(name), "{name}");
        }
    }

    #[test]
    fn hostile_values_are_not_of_any_format() {
        let deep = "[".repeat(60_000);
        let long = format!("{{\"a\":true,\"b\":\"{}\"}}", "x".repeat(70_000));
        for value in [
            "",
            "%",
            "%%%",
            "%ff%fe",
            "\0",
            "{",
            "null",
            "[]",
            "{\"a\":1}",
            &deep,
            &long,
        ] {
            // A value that is not tawk.to's mark is one without it.
            for decoder in ALL.into_iter().filter(|d| *d != Decoder::Tawk) {
                assert_eq!(decode(decoder, value), None, "{decoder:?}");
            }
        }
    }

    proptest! {
        #[test]
        fn no_value_panics(value in any::<String>(), tail in "[!=a-z%0-9{}\":,]{0,40}") {
            for decoder in ALL {
                let _ = decode(decoder, &value);
                let _ = decode(decoder, &tail);
                let _ = decode(decoder, &format!("!{tail}"));
                let _ = decode(decoder, &format!("{{{tail}}}"));
            }
        }
    }
}
