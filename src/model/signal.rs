//! Consent signals: what a page's own interfaces and its requests say about the visitor's choice.
//!
//! The meaning of `gcs` and `gcd` is not published by Google; the letters are read as those who work
//! with them agree on, and the raw value is always told as well.

use serde::{Deserialize, Serialize};
use url::Url;

use super::scenario::PhaseId;

/// One thing that a page says about consent at a moment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Signal {
    /// What is said, such as `tcf.eventStatus`; names may come more than once, in order.
    pub name: String,
    /// Its value.
    pub value: String,
}

/// A signal with the phase that it was there in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PhaseSignal {
    /// At the end of this phase or, for requests, in it.
    pub phase: PhaseId,
    /// The signal.
    pub signal: Signal,
}

impl Signal {
    /// Whether its value is a record of consent as a whole, which may be specific to a visitor.
    #[must_use]
    pub fn is_record(&self) -> bool {
        self.name.ends_with("String")
    }
}

/// The Consent Mode parameters of a request's address, each with what it means.
#[must_use]
pub fn of_request(url: &str) -> Vec<Signal> {
    // Few addresses have any; the others are not worth parsing.
    if !url.contains("gcs=") && !url.contains("gcd=") {
        return Vec::new();
    }
    let Ok(url) = Url::parse(url) else {
        return Vec::new();
    };
    url.query_pairs()
        .filter_map(|(name, value)| {
            let meaning = match &*name {
                "gcs" => gcs(&value)?,
                "gcd" => gcd(&value)?,
                _ => return None,
            };
            Some(Signal {
                name: format!("request.{name}"),
                value: format!("{value}: {meaning}"),
            })
        })
        .collect()
}

/// Whether a parameter says something about consent and nothing else.
pub(super) fn is_consent_mode(name: &str, value: &str) -> bool {
    match name {
        "gcs" => gcs(value).is_some(),
        "gcd" => gcd(value).is_some(),
        _ => false,
    }
}

/// `G101`: storage for advertising, then for analytics.
fn gcs(value: &str) -> Option<String> {
    let [b'G', b'1', ads, analytics] = value.as_bytes() else {
        return None;
    };
    let state = |byte: &u8| match byte {
        b'0' => Some("denied"),
        b'1' => Some("granted"),
        b'-' => Some("not set"),
        _ => None,
    };
    let (ads, analytics) = (state(ads)?, state(analytics)?);
    Some(format!("ad_storage {ads}, analytics_storage {analytics}"))
}

/// `13p3q3r3t5`: a letter for each type of consent, with digits between.
fn gcd(value: &str) -> Option<String> {
    const TYPES: [&str; 4] = [
        "ad_storage",
        "analytics_storage",
        "ad_user_data",
        "ad_personalization",
    ];
    if value.len() > 40 || !value.bytes().all(|b| b.is_ascii_alphanumeric()) {
        return None;
    }
    let letters: Vec<char> = value.chars().filter(char::is_ascii_alphabetic).collect();
    if letters.len() < TYPES.len() {
        return None;
    }
    let said: Option<Vec<String>> = TYPES
        .iter()
        .zip(letters)
        .map(|(name, letter)| Some(format!("{name} {}", journey(letter)?)))
        .collect();
    Some(said?.join(", "))
}

fn journey(letter: char) -> Option<&'static str> {
    Some(match letter {
        'l' => "not set",
        'p' => "denied by default",
        'q' => "denied by default and by update",
        't' => "granted by default",
        'r' => "denied by default, granted by update",
        'm' => "denied by update",
        'n' => "granted by update",
        'u' => "granted by default, denied by update",
        'v' => "granted by default and by update",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(query: &str) -> Vec<String> {
        of_request(&format!(
            "https://www.google-analytics.com/g/collect?{query}"
        ))
        .into_iter()
        .map(|s| format!("{} = {}", s.name, s.value))
        .collect()
    }

    #[test]
    fn consent_mode_parameters_are_decoded() {
        assert_eq!(
            told("v=2&gcs=G10-&gcd=13p3q3r3t5"),
            [
                "request.gcs = G10-: ad_storage denied, analytics_storage not set",
                "request.gcd = 13p3q3r3t5: ad_storage denied by default, analytics_storage denied by \
                 default and by update, ad_user_data denied by default, granted by update, \
                 ad_personalization granted by default",
            ]
        );
        assert_eq!(
            told("gcs=G111"),
            ["request.gcs = G111: ad_storage granted, analytics_storage granted"]
        );
    }

    #[test]
    fn what_only_looks_like_one_is_left_out() {
        for odd in [
            "gcs=",
            "gcs=G2",
            "gcs=G1xy",
            "gcd=1",
            "gcd=13p3q3",
            "gcd=zzzz",
            "xgcs=G111",
        ] {
            assert_eq!(told(odd), Vec::<String>::new(), "{odd}");
        }
        assert_eq!(of_request("gcs=G111"), []);
    }
}
