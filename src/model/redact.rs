//! Redaction: values are personal data, so reports show their shape and not the value itself.
//!
//! A shape tells how long a value is, how random it looks and, from [`DIGEST_FROM`] characters on, a
//! keyed digest. Equal values have equal digests in every report made with the same key, so one can
//! see that a value came back or went somewhere without reading it. Shorter values get no digest:
//! it would tell them to anyone who tries all of them. The same holds for longer values that are easy
//! to guess (a date, `accepted`) when the key is no secret, such as [`PUBLIC_KEY`], which is what makes two scans of an
//! unchanged page give the same report. Whoever publishes reports sets a key of their own
//! (the command reads `PRECONSENT_REDACT_KEY`, and adds the host to it).

use std::collections::BTreeMap;

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use url::form_urlencoded;

use super::digest::hex;
use super::sealed;
use super::signal::is_consent_mode;

/// The key that is used where the user sets none. It is no secret.
pub const PUBLIC_KEY: &[u8] = b"preconsent.redact.v1";

/// Values of fewer characters get no digest.
pub const DIGEST_FROM: usize = 8;

/// What stands for a user name and password in an address.
const USER: &str = "‹user›";

/// Attributes of a cookie line that are shown as they are. Anything else behind a semicolon may be
/// the rest of a value that was meant to be quoted, and is redacted.
const ATTRIBUTES: [&str; 10] = [
    "domain",
    "expires",
    "httponly",
    "max-age",
    "partitioned",
    "path",
    "priority",
    "samesite",
    "secure",
    "version",
];

/// Makes values presentable. Its `Debug` form does not show the key.
#[derive(Debug, Clone)]
pub struct Redactor {
    mac: Hmac<Sha256>,
    mode: Mode,
}

/// What a redactor is given, and what it makes of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mode {
    /// Values become shapes.
    Hide,
    /// Values stay.
    Show,
    /// There are no values any more, but stand-ins for them.
    Sealed,
}

impl Redactor {
    /// A redactor whose digests are keyed with `key` (see [`PUBLIC_KEY`]); with `show` it leaves
    /// values as they are.
    #[must_use]
    pub fn new(key: &[u8], show: bool) -> Self {
        let mac = Hmac::new_from_slice(key).expect("HMAC takes keys of every length");
        let mode = if show { Mode::Show } else { Mode::Hide };
        Self { mac, mode }
    }

    /// The same with values hidden.
    #[must_use]
    pub fn hiding(&self) -> Self {
        Self {
            mode: Mode::Hide,
            ..self.clone()
        }
    }

    /// How a value looks with its content hidden, also where values are shown.
    #[must_use]
    pub fn shape(&self, value: &str) -> String {
        match self.mode {
            Mode::Show => self.hiding().value(value),
            Mode::Hide | Mode::Sealed => self.value(value),
        }
    }

    /// A redactor for sealed visits: it shows what the one that sealed them would have shown.
    #[must_use]
    pub fn of_sealed() -> Self {
        Self {
            mode: Mode::Sealed,
            ..Self::new(PUBLIC_KEY, false)
        }
    }

    /// How a value is shown: `‹36 chars, 3.9 bits/char, #1f6c9a02›`; the value itself when values
    /// are to be shown.
    #[must_use]
    pub fn value(&self, value: &str) -> String {
        match self.mode {
            Mode::Show => return value.to_owned(),
            _ if value.is_empty() => return "‹empty›".to_owned(),
            Mode::Sealed => return sealed::shape(value).to_owned(),
            Mode::Hide => {}
        }
        let length = value.chars().count();
        let unit = if length == 1 { "char" } else { "chars" };
        let mut shape = format!("‹{length} {unit}, {:.1} bits/char", entropy(value, length));
        if length >= DIGEST_FROM {
            shape.push_str(", #");
            shape.push_str(&self.digest(value));
        }
        shape.push('›');
        shape
    }

    /// A cookie line (`Set-Cookie` or `document.cookie`) with only its value redacted. As in
    /// RFC 6265bis a line without `=` is a value without a name, and the value ends at the first
    /// semicolon, quoted or not.
    #[must_use]
    pub fn cookie_line(&self, raw: &str) -> String {
        if self.mode != Mode::Hide {
            return raw.to_owned();
        }
        let mut parts = raw.split(';');
        let pair = parts.next().unwrap_or_default();
        let mut line = match pair.split_once('=') {
            Some((name, value)) => format!("{name}={}", self.part(value)),
            None => self.part(pair),
        };
        for part in parts {
            line.push(';');
            let name = part.split('=').next().unwrap_or_default().trim();
            if ATTRIBUTES.iter().any(|a| name.eq_ignore_ascii_case(a)) {
                line.push_str(part);
            } else {
                line.push_str(&self.part(part));
            }
        }
        line
    }

    /// A URL with its user name and password, the values of its query and its fragment redacted.
    /// Parameters keep their names; the path stays. Query values are decoded first, so that a stored
    /// value and the same value in a query have one digest; what parameters of Consent Mode say stays.
    /// Of URLs that hold their content
    /// (`data:`, `javascript:`) only the head stays.
    #[must_use]
    pub fn url(&self, url: &str) -> String {
        match self.mode {
            Mode::Show => return url.to_owned(),
            Mode::Sealed => return sealed::shown_address(url),
            Mode::Hide => {}
        }
        if let Some(head) = content_head(url) {
            return format!("{head}{}", self.part(&url[head.len()..]));
        }
        let (rest, fragment) = split_at_mark(url, '#');
        let (rest, query) = split_at_mark(rest, '?');
        let mut shown = Self::without_userinfo(rest);
        if let Some(query) = query {
            let pairs: Vec<String> = query.split('&').map(|p| self.parameter(p)).collect();
            shown.push('?');
            shown.push_str(&pairs.join("&"));
        }
        if let Some(fragment) = fragment {
            shown.push('#');
            shown.push_str(&self.part(fragment));
        }
        shown
    }

    /// A value inside a line: blanks around it stay, and where there is nothing, nothing is said.
    fn part(&self, text: &str) -> String {
        let value = text.trim_matches([' ', '\t']);
        if value.is_empty() {
            return text.to_owned();
        }
        let start = text.len() - text.trim_start_matches([' ', '\t']).len();
        let end = start + value.len();
        format!("{}{}{}", &text[..start], self.value(value), &text[end..])
    }

    fn parameter(&self, pair: &str) -> String {
        let (name, value) = match pair.split_once('=') {
            Some((name, value)) => (format!("{name}="), value),
            None => (String::new(), pair),
        };
        if value.is_empty() {
            return name;
        }
        if is_consent_mode(name.trim_end_matches('='), value) {
            return pair.to_owned();
        }
        let as_value = format!("={value}");
        let decoded = form_urlencoded::parse(as_value.as_bytes())
            .next()
            .map_or_else(|| value.to_owned(), |(_, value)| value.into_owned());
        name + &self.value(&decoded)
    }

    fn without_userinfo(url: &str) -> String {
        let Some((scheme, rest)) = url.split_once("//") else {
            return url.to_owned();
        };
        let (authority, path) = rest.split_at(rest.find(['/', '\\']).unwrap_or(rest.len()));
        match authority.rsplit_once('@') {
            // Nothing of it, and no sign that would end the host for those who read the address.
            Some((_, host)) => format!("{scheme}//{USER}@{host}{path}"),
            None => url.to_owned(),
        }
    }

    fn digest(&self, value: &str) -> String {
        let digest = self.mac.clone().chain_update(value).finalize().into_bytes();
        hex(&digest[..4])
    }
}

/// What stays of a URL that carries its content in itself.
fn content_head(url: &str) -> Option<&str> {
    let (scheme, rest) = url.split_once(':')?;
    match scheme.trim().to_ascii_lowercase().as_str() {
        "data" => Some(&url[..=scheme.len() + rest.find(',').map_or(0, |comma| comma + 1)]),
        "javascript" => Some(&url[..=scheme.len()]),
        _ => None,
    }
}

fn split_at_mark(text: &str, mark: char) -> (&str, Option<&str>) {
    match text.split_once(mark) {
        Some((before, after)) => (before, Some(after)),
        None => (text, None),
    }
}

/// Shannon entropy over the value's characters, in bits per character.
#[expect(
    clippy::cast_precision_loss,
    reason = "lengths of values are far below 2^52, and one decimal is shown"
)]
fn entropy(value: &str, length: usize) -> f64 {
    // Ordered, because the sum of the same floats in another order can differ in the last digit.
    let mut counts = BTreeMap::<char, usize>::new();
    for character in value.chars() {
        *counts.entry(character).or_default() += 1;
    }
    counts.values().fold(0.0, |bits, &count| {
        let share = count as f64 / length as f64;
        bits - share * share.log2()
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn redactor() -> Redactor {
        Redactor::new(PUBLIC_KEY, false)
    }

    #[test]
    fn a_value_is_shown_as_its_shape() {
        assert_eq!(redactor().value(""), "‹empty›");
        assert_eq!(redactor().value("1"), "‹1 char, 0.0 bits/char›");
        assert_eq!(redactor().value("abcabca"), "‹7 chars, 1.6 bits/char›");
        assert_eq!(
            redactor().value("ääbbccdd"),
            "‹8 chars, 2.0 bits/char, #fafb31fc›"
        );
    }

    #[test]
    fn the_digest_is_the_head_of_hmac_sha256() {
        // RFC 4231, test case 2.
        let shape = Redactor::new(b"Jefe", false).value("what do ya want for nothing?");
        assert!(shape.ends_with(", #5bdcc146›"), "{shape}");
    }

    #[test]
    fn the_key_decides_the_digest_and_is_not_shown() {
        let other = Redactor::new(b"a-secret-of-mine", false);
        assert_ne!(other.value("12345678"), redactor().value("12345678"));
        assert!(!format!("{other:?}").contains("a-secret"));
        // The bytes of the key as a list of numbers.
        assert!(!format!("{other:?}").contains("97, 45, 115"));
    }

    #[test]
    fn cookie_lines_keep_name_and_attributes() {
        let shape = redactor().value("secret-value");
        for (raw, shown) in [
            (
                "id=secret-value; Max-Age=60; Secure",
                format!("id={shape}; Max-Age=60; Secure"),
            ),
            ("id = secret-value ;path=/", format!("id = {shape} ;path=/")),
            ("secret-value; Path=/", format!("{shape}; Path=/")),
            ("=secret-value", format!("={shape}")),
            ("id=; Max-Age=0", "id=; Max-Age=0".to_owned()),
            ("id", "‹2 chars, 1.0 bits/char›".to_owned()),
            (
                "a=b=c==; HttpOnly",
                "a=‹5 chars, 1.4 bits/char›; HttpOnly".to_owned(),
            ),
            ("", String::new()),
        ] {
            assert_eq!(redactor().cookie_line(raw), shown, "{raw}");
        }
    }

    #[test]
    fn the_rest_of_a_quoted_value_is_not_taken_for_an_attribute() {
        let shown = redactor().cookie_line("a=\"secret; token=hidden\"; Path=/");
        assert_eq!(
            shown,
            "a=‹7 chars, 2.5 bits/char›; ‹13 chars, 3.2 bits/char, #4b608d69›; Path=/"
        );
    }

    #[test]
    fn urls_keep_their_address_and_parameter_names() {
        let shape = redactor().value("a secret");
        for (url, shown) in [
            ("https://x.test/a/b", "https://x.test/a/b".to_owned()),
            (
                "https://x.test/?id=a+secret&e=&v=a%20secret",
                format!("https://x.test/?id={shape}&e=&v={shape}"),
            ),
            (
                "https://me:pw@x.test/p@q?flag#frag",
                "https://‹user›@x.test/p@q?‹4 chars, 2.0 bits/char›#‹4 chars, 2.0 bits/char›"
                    .to_owned(),
            ),
            ("//a secret@x.test", "//‹user›@x.test".to_owned()),
            ("data:text/html,a secret", format!("data:text/html,{shape}")),
            ("data:a secret", format!("data:{shape}")),
            ("JavaScript:a secret", format!("JavaScript:{shape}")),
            ("about:blank", "about:blank".to_owned()),
            ("", String::new()),
        ] {
            assert_eq!(redactor().url(url), shown, "{url}");
        }
    }

    #[test]
    fn nothing_is_changed_when_values_are_to_be_shown() {
        let open = Redactor::new(PUBLIC_KEY, true);
        assert_eq!(open.value("v"), "v");
        assert_eq!(open.cookie_line("a=v; x=y"), "a=v; x=y");
        assert_eq!(open.url("https://u:p@x/?a=v#f"), "https://u:p@x/?a=v#f");
    }

    proptest! {
        #[test]
        fn no_text_makes_it_panic(text in ".*") {
            let _ = (redactor().value(&text), redactor().cookie_line(&text), redactor().url(&text));
        }

        #[test]
        fn odd_urls_and_lines_do_not_make_it_panic(text in "[a:/?#@&=;,% ‹ä]{0,20}") {
            let _ = (redactor().cookie_line(&text), redactor().url(&text));
        }

        #[test]
        fn values_do_not_show(secret in "Q[a-z0-9]{12,30}Z", name in "[a-z_]{0,8}") {
            for line in [
                format!("{name}={secret}; Path=/; Secure"),
                format!("{secret}; Path=/"),
                format!("{name}=\"x; {secret}\"; Path=/"),
                format!("{name}=x={secret}"),
            ] {
                prop_assert!(!redactor().cookie_line(&line).contains(&secret));
            }
            for url in [
                format!("https://x.test/?{name}={secret}"),
                format!("https://x.test/?{name}&{secret}#x"),
                format!("https://x.test/#{secret}?a=b"),
                format!("https://a:{secret}@x.test/"),
                format!("data:,{secret}"),
            ] {
                prop_assert!(!redactor().url(&url).contains(&secret));
            }
        }
    }
}
