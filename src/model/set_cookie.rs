//! Reading and writing `Set-Cookie` lines, as RFC 6265bis section 5.6 does.
//!
//! Lines written to `document.cookie` have the same form. Reading never fails: a line that a
//! browser would not store is still what a site asked for, and
//! [`SetCookie::why_refused`](super::cookie::SetCookie::why_refused) says why it has no effect.

use std::fmt;

use super::cookie::{Lifetime, SameSite, SetCookie};
use super::cookie_date;

/// Longer attribute values are ignored.
const MAX_ATTRIBUTE: usize = 1024;

impl SetCookie {
    /// Reads the value of a `Set-Cookie` header or a line written to `document.cookie`.
    #[must_use]
    pub fn parse(raw: &str) -> Self {
        let mut parts = raw.split(';');
        let pair = parts.next().unwrap_or_default();
        // A line without "=" is the value of a cookie without a name.
        let (name, value) = pair.split_once('=').unwrap_or(("", pair));
        let mut cookie = Self {
            name: trim(name).to_owned(),
            value: trim(value).to_owned(),
            ..Self::default()
        };
        for attribute in parts {
            let (name, value) = attribute.split_once('=').unwrap_or((attribute, ""));
            if trim(value).len() <= MAX_ATTRIBUTE {
                cookie.set_attribute(&trim(name).to_ascii_lowercase(), trim(value));
            }
        }
        cookie
    }

    /// Applies one attribute; the last of a kind wins. `Expires` and `Max-Age` that cannot be read
    /// leave an earlier one in force, unusable values of the others undo it.
    fn set_attribute(&mut self, name: &str, value: &str) {
        match name {
            "expires" => self.expires = cookie_date::parse(value).or(self.expires),
            "max-age" => self.max_age = read_max_age(value).or(self.max_age),
            "domain" => self.domain = read_domain(value),
            "path" => self.path = value.starts_with('/').then(|| value.to_owned()),
            "secure" => self.secure = true,
            "httponly" => self.http_only = true,
            "partitioned" => self.partitioned = true,
            "samesite" => self.same_site = read_same_site(value),
            _ => {}
        }
    }

    /// The lifetime that is asked for, `clock` being the moment of writing in seconds since 1970.
    /// Browsers may keep the cookie for less.
    #[must_use]
    pub fn requested(&self, clock: f64) -> Lifetime {
        if let Some(seconds) = self.max_age {
            return if seconds > 0 {
                Lifetime::Seconds(seconds)
            } else {
                Lifetime::Delete
            };
        }
        match self.expires {
            None => Lifetime::Session,
            Some(end) if end <= clock => Lifetime::Delete,
            #[expect(
                clippy::cast_possible_truncation,
                reason = "a float cast saturates, and dates end with the year 9999"
            )]
            Some(end) => Lifetime::Seconds(((end - clock).round() as i64).max(1)),
        }
    }
}

/// Writes the line that [`SetCookie::parse`] reads back. Fractions of seconds are dropped, since
/// the format has none.
impl fmt::Display for SetCookie {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // A value with "=" in it needs the sign in front even where there is no name.
        if !self.name.is_empty() || self.value.contains('=') {
            write!(f, "{}=", self.name)?;
        }
        f.write_str(&self.value)?;
        if let Some(expires) = self.expires {
            write!(f, "; Expires={}", cookie_date::format(expires))?;
        }
        if let Some(seconds) = self.max_age {
            write!(f, "; Max-Age={seconds}")?;
        }
        if let Some(domain) = &self.domain {
            write!(f, "; Domain={domain}")?;
        }
        if let Some(path) = &self.path {
            write!(f, "; Path={path}")?;
        }
        for (given, word) in [
            (self.secure, "Secure"),
            (self.http_only, "HttpOnly"),
            (self.partitioned, "Partitioned"),
        ] {
            if given {
                write!(f, "; {word}")?;
            }
        }
        match self.same_site {
            Some(same_site) => write!(f, "; SameSite={}", same_site.as_str()),
            None => Ok(()),
        }
    }
}

/// Cookie lines know two kinds of white space.
fn trim(text: &str) -> &str {
    text.trim_matches([' ', '\t'])
}

/// Digits with an optional minus sign; what is too large for the type is as good as for ever.
fn read_max_age(value: &str) -> Option<i64> {
    let digits = value.strip_prefix('-').unwrap_or(value);
    if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let far = if value.starts_with('-') {
        i64::MIN
    } else {
        i64::MAX
    };
    Some(value.parse().unwrap_or(far))
}

/// Lower case, one leading dot dropped, international names in their ASCII form. An empty
/// `Domain` is none.
fn read_domain(value: &str) -> Option<String> {
    let bare = value.strip_prefix('.').unwrap_or(value);
    if bare.is_empty() {
        return None;
    }
    if !bare.is_ascii()
        && let Ok(url::Host::Domain(ascii)) = url::Host::parse(bare)
    {
        return Some(ascii);
    }
    Some(bare.to_lowercase())
}

/// An unknown word counts as none given.
fn read_same_site(value: &str) -> Option<SameSite> {
    match value.to_ascii_lowercase().as_str() {
        "strict" => Some(SameSite::Strict),
        "lax" => Some(SameSite::Lax),
        "none" => Some(SameSite::None),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn pair(raw: &str) -> (String, String) {
        let cookie = SetCookie::parse(raw);
        (cookie.name, cookie.value)
    }

    #[test]
    fn names_and_values_split_as_browsers_do() {
        for (raw, name, value) in [
            ("a=b", "a", "b"),
            (" a =\t b \t; Path=/", "a", "b"),
            ("a", "", "a"),
            ("=a", "", "a"),
            ("a=", "a", ""),
            ("a=b=c", "a", "b=c"),
            ("a=\"b c\"", "a", "\"b c\""),
            ("", "", ""),
            ("; Path=/", "", ""),
            ("\u{a0}a=b", "\u{a0}a", "b"),
        ] {
            assert_eq!(pair(raw), (name.to_owned(), value.to_owned()), "{raw:?}");
        }
    }

    #[test]
    fn all_attributes_are_read_in_any_case() {
        let cookie = SetCookie::parse(
            "id=1; EXPIRES=Sun, 06 Nov 1994 08:49:37 GMT; max-age=60; Domain=.Shop.Test; \
             path=/a; SECURE; httponly=no; samesite=NONE; Partitioned; Priority=High",
        );
        let expected = SetCookie {
            name: "id".into(),
            value: "1".into(),
            domain: Some("shop.test".into()),
            path: Some("/a".into()),
            expires: Some(784_111_777.0),
            max_age: Some(60),
            secure: true,
            http_only: true,
            same_site: Some(SameSite::None),
            partitioned: true,
            value_traits: None,
        };
        assert_eq!(cookie, expected);
    }

    #[test]
    fn the_last_attribute_wins_unless_it_cannot_be_read() {
        let cookie = SetCookie::parse(
            "a=b; Path=/x; Path=y; Domain=a.test; Domain=; SameSite=Lax; SameSite=odd; \
             Max-Age=1; Max-Age=2; Max-Age=+3; Max-Age=-; Expires=01 Jan 1970 00:00:09; Expires=0",
        );
        assert_eq!((cookie.path, cookie.domain), (None, None));
        assert_eq!(cookie.same_site, None);
        assert_eq!((cookie.max_age, cookie.expires), (Some(2), Some(9.0)));
    }

    #[test]
    fn long_attribute_values_are_ignored() {
        let fits = format!("/{}", "x".repeat(1023));
        let line = format!("a=b; Path={fits}; Path={fits}y");
        assert_eq!(SetCookie::parse(&line).path, Some(fits));
    }

    #[test]
    fn international_domains_are_compared_in_ascii() {
        let cookie = SetCookie::parse("a=b; Domain=.Bücher.example");
        assert_eq!(cookie.domain.as_deref(), Some("xn--bcher-kva.example"));
    }

    #[test]
    fn lifetimes_are_what_was_asked_for() {
        for (attributes, lifetime) in [
            ("", Lifetime::Session),
            ("Max-Age=60", Lifetime::Seconds(60)),
            ("Max-Age=0", Lifetime::Delete),
            ("Max-Age=-5; Expires=01 Jan 2090 00:00:00", Lifetime::Delete),
            ("Max-Age=99999999999999999999", Lifetime::Seconds(i64::MAX)),
            ("Max-Age=-99999999999999999999", Lifetime::Delete),
            ("Expires=01 Jan 1970 00:02:00", Lifetime::Seconds(20)),
            ("Expires=01 Jan 1970 00:01:40", Lifetime::Delete),
            ("Expires=never", Lifetime::Session),
        ] {
            let cookie = SetCookie::parse(&format!("a=b; {attributes}"));
            assert_eq!(cookie.requested(100.0), lifetime, "{attributes}");
        }
        let soon = SetCookie::parse("a=b; Expires=01 Jan 1970 00:02:00");
        assert_eq!(soon.requested(119.9), Lifetime::Seconds(1));
    }

    fn any_cookie() -> impl Strategy<Value = SetCookie> {
        let text = "[a-zA-Z0-9_%\"{}.:-]{0,12}";
        (
            (
                text,
                "[a-z0-9=_% -]{0,12}".prop_map(|v| trim(&v).to_owned()),
            ),
            (
                proptest::option::of("[a-z]{1,8}(\\.[a-z]{1,8}){0,2}"),
                proptest::option::of("/[a-z/]{0,8}"),
                proptest::option::of((-11_644_473_600_i64..253_402_300_800).prop_map(|s| s as f64)),
                proptest::option::of(any::<i64>()),
            ),
            (any::<bool>(), any::<bool>(), any::<bool>()),
            proptest::option::of(prop_oneof![
                Just(SameSite::Strict),
                Just(SameSite::Lax),
                Just(SameSite::None)
            ]),
        )
            .prop_map(
                |((name, value), (domain, path, expires, max_age), flags, same_site)| SetCookie {
                    name,
                    value,
                    domain,
                    path,
                    expires,
                    max_age,
                    secure: flags.0,
                    http_only: flags.1,
                    same_site,
                    partitioned: flags.2,
                    value_traits: None,
                },
            )
    }

    proptest! {
        #[test]
        fn any_text_is_read_without_a_panic(raw in "\\PC*|[a-zA-Z0-9=;, :\t/.\u{0}-]{0,200}", clock: f64) {
            let cookie = SetCookie::parse(&raw);
            let _ = cookie.requested(clock);
            let _ = cookie.to_string();
        }

        #[test]
        fn dates_of_any_shape_are_read_without_a_panic(date in "([0-9]{1,5}|[a-zA-Z]{1,4}|[ :,;-]){0,14}") {
            let _ = SetCookie::parse(&format!("a=b; Expires={date}"));
        }

        #[test]
        fn a_written_line_reads_back_the_same(cookie in any_cookie()) {
            prop_assert_eq!(SetCookie::parse(&cookie.to_string()), cookie);
        }
    }
}
