//! What a visitor carries to the target: headers and cookies, read from text and checked. Their values
//! may be secrets, so nothing here shows them.

use std::fmt;
use std::str::FromStr;

use reqwest::header::{HeaderName, HeaderValue};

/// Headers that would break the connection or that flags of their own set.
const NOT_HEADERS: [(&str, &str); 9] = [
    ("cookie", "use --cookie"),
    ("user-agent", "use --user-agent"),
    ("accept-language", "use --locale"),
    ("host", "use --resolve"),
    ("connection", "it belongs to the connection"),
    ("content-length", "it belongs to the connection"),
    ("transfer-encoding", "it belongs to the connection"),
    ("upgrade", "it belongs to the connection"),
    ("te", "it belongs to the connection"),
];

/// A header for requests to the target's site.
#[derive(Clone, PartialEq, Eq)]
pub struct ExtraHeader {
    name: HeaderName,
    value: String,
}

impl ExtraHeader {
    /// Lower case.
    #[must_use]
    pub fn name(&self) -> &str {
        self.name.as_str()
    }

    /// The value.
    #[must_use]
    pub fn value(&self) -> &str {
        &self.value
    }
}

/// Without the value, which may be a secret.
impl fmt::Debug for ExtraHeader {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ExtraHeader({})", self.name)
    }
}

impl FromStr for ExtraHeader {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let Some((name, value)) = text.split_once(':') else {
            return Err(
                "a header is written as 'Name: value', and the colon is missing".to_owned(),
            );
        };
        let (name, value) = (name.trim(), value.trim());
        let known = HeaderName::from_bytes(name.as_bytes());
        let Ok(known) = known else {
            return Err(format!(
                "\"{}\" cannot name a header; write 'Name: value'",
                name.escape_debug()
            ));
        };
        let reserved = NOT_HEADERS.iter().find(|(other, _)| known == *other);
        if let Some((_, why)) = reserved {
            return Err(format!("the header {name} cannot be given: {why}"));
        }
        if known.as_str().starts_with("sec-") || known.as_str().starts_with("proxy-") {
            return Err(format!(
                "the header {name} cannot be given: browsers set it themselves"
            ));
        }
        if HeaderValue::from_str(value).is_err() || !value.is_ascii() {
            return Err(format!(
                "the value of the header {name} has characters that no header may have"
            ));
        }
        Ok(Self {
            name: known,
            value: value.to_owned(),
        })
    }
}

/// A cookie that the visitor arrives with.
#[derive(Clone, PartialEq, Eq)]
pub struct PresetCookie {
    name: String,
    value: String,
}

impl PresetCookie {
    /// Its name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Its value.
    #[must_use]
    pub fn value(&self) -> &str {
        &self.value
    }
}

/// Without the value, which may be a secret.
impl fmt::Debug for PresetCookie {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PresetCookie({})", self.name)
    }
}

impl FromStr for PresetCookie {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let Some((name, value)) = text.split_once('=') else {
            return Err("a cookie is written as 'name=value', and the = is missing".to_owned());
        };
        let plain = |c: char| c.is_ascii_graphic() && c != ';';
        if name.is_empty() || !name.chars().all(plain) {
            return Err(format!(
                "\"{}\" cannot name a cookie; write 'name=value' without attributes",
                name.escape_debug()
            ));
        }
        if !value.chars().all(|c| plain(c) || c == ' ') || value.trim() != value {
            return Err(format!(
                "the value of the cookie {name} has characters that no cookie may have; write \
                 'name=value' without attributes"
            ));
        }
        Ok(Self {
            name: name.to_owned(),
            value: value.to_owned(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error<T: FromStr<Err = String> + fmt::Debug>(text: &str) -> String {
        text.parse::<T>().expect_err(text)
    }

    #[test]
    fn what_is_right_is_read() {
        let header = "X-Key:  a: b ".parse::<ExtraHeader>().expect("a header");
        assert_eq!((header.name(), header.value()), ("x-key", "a: b"));
        let cookie = "a=b=c".parse::<PresetCookie>().expect("a cookie");
        assert_eq!((cookie.name(), cookie.value()), ("a", "b=c"));
    }

    #[test]
    fn what_is_wrong_is_named_with_what_is_right() {
        for (text, part) in [
            ("no colon", "colon is missing"),
            ("bad name: x", "cannot name a header"),
            ("Cookie: a=b", "use --cookie"),
            ("User-Agent: x", "use --user-agent"),
            ("Accept-Language: de", "use --locale"),
            ("Host: x", "use --resolve"),
            ("Sec-GPC: 1", "browsers set it themselves"),
            ("X: a\r\nY: b", "characters that no header may have"),
        ] {
            assert!(error::<ExtraHeader>(text).contains(part), "{text}");
        }
        for (text, part) in [
            ("name", "the = is missing"),
            ("=x", "cannot name a cookie"),
            ("a b=x", "cannot name a cookie"),
            ("a=x; Path=/", "without attributes"),
            ("a=x\ny", "without attributes"),
        ] {
            assert!(error::<PresetCookie>(text).contains(part), "{text}");
        }
    }

    #[test]
    fn secrets_are_in_no_message() {
        for text in ["X-Key: secret", "X-Key: \u{1}secret", "Cookie: secret"] {
            let shown = format!("{:?}", text.parse::<ExtraHeader>());
            assert!(!shown.contains("secret"), "{shown}");
        }
        for text in ["a=secret", "a=secret;", "a=\u{1}secret"] {
            let shown = format!("{:?}", text.parse::<PresetCookie>());
            assert!(!shown.contains("secret"), "{shown}");
        }
    }
}
