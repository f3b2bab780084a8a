//! The values of a visitor's settings, each read from text and checked, with errors that name it and
//! say what is right.

use std::fmt;
use std::str::FromStr;

use jiff::tz::TimeZone;
use regex::Regex;
use url::Url;

/// The longest user agent or label.
const LONGEST: usize = 500;

/// Texts that are shown as they were written, with the reading that checks them.
macro_rules! text {
    ($(#[$doc:meta] $name:ident: $check:path;)*) => {$(
        #[$doc]
        #[derive(Debug, Clone, PartialEq, Eq)]
        pub struct $name(String);

        impl $name {
            /// The text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl FromStr for $name {
            type Err = String;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                $check(text).map(Self)
            }
        }
    )*};
}

text! {
    /// A language with a region or a script, such as `de-DE`.
    Locale: locale;
    /// A time zone of the IANA database, such as `Europe/Berlin`.
    Timezone: timezone;
    /// A user agent.
    UserAgent: user_agent;
    /// A proxy's address: `http://host:port`, `https://…` or `socks5://…`.
    ProxyAddress: proxy;
    /// Where a scan looks from, in the user's words.
    EgressLabel: egress_label;
}

fn locale(text: &str) -> Result<String, String> {
    let form = Regex::new(r"^[a-z]{2,3}(-[A-Z][a-z]{3})?(-([A-Z]{2}|[0-9]{3}))?$");
    if form.is_ok_and(|form| form.is_match(text)) {
        return Ok(text.to_owned());
    }
    Err(format!(
        "\"{text}\" is no locale; write a language and, where it matters, script and region, such as \
         de, de-DE or zh-Hant-TW"
    ))
}

fn timezone(text: &str) -> Result<String, String> {
    let zone = TimeZone::get(text).ok();
    zone.and_then(|zone| zone.iana_name().map(str::to_owned))
        .ok_or_else(|| {
            format!(
                "\"{text}\" is no time zone; write one of the IANA database, such as Europe/Berlin \
                 or UTC"
            )
        })
}

fn user_agent(text: &str) -> Result<String, String> {
    let printable = |c: char| c == ' ' || c.is_ascii_graphic();
    if !text.trim().is_empty() && text.len() <= LONGEST && text.chars().all(printable) {
        return Ok(text.to_owned());
    }
    Err(format!(
        "a user agent has 1 to {LONGEST} printable characters of ASCII, which \"{}\" does not",
        text.escape_debug()
    ))
}

fn egress_label(text: &str) -> Result<String, String> {
    let text = text.trim();
    if !text.is_empty() && text.len() <= LONGEST && !text.chars().any(char::is_control) {
        return Ok(text.to_owned());
    }
    Err(format!(
        "a label has 1 to {LONGEST} bytes without line ends, which \"{}\" does not",
        text.escape_debug()
    ))
}

fn proxy(text: &str) -> Result<String, String> {
    let wrong = |what: &str| {
        format!(
            "\"{}\" is no proxy: {what}; write http://host:port, https://host:port or \
             socks5://host:port",
            shown(text)
        )
    };
    let url = Url::parse(text).map_err(|error| wrong(&error.to_string()))?;
    if !matches!(url.scheme(), "http" | "https" | "socks5") {
        return Err(wrong(&format!("its scheme is \"{}\"", url.scheme())));
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(wrong("browsers take no name and password there"));
    }
    let bare = matches!(url.path(), "" | "/") && url.query().is_none() && url.fragment().is_none();
    match (url.host_str().filter(|h| !h.is_empty()), bare) {
        (None, _) => Err(wrong("the host is missing")),
        (_, false) => Err(wrong("there is more than a host and a port")),
        (Some(_), true) => Ok(text.trim_end_matches('/').to_owned()),
    }
}

/// A proxy's address without the name and password that may be in it.
fn shown(text: &str) -> String {
    match (text.find("://"), text.rfind('@')) {
        (Some(scheme), Some(at)) if at > scheme => {
            format!("{}…{}", &text[..scheme + 3], &text[at..])
        }
        _ => text.to_owned(),
    }
}

/// The size of the page's area in pixels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Viewport {
    /// Pixels from left to right.
    pub width: u32,
    /// Pixels from top to bottom.
    pub height: u32,
}

impl Viewport {
    /// A phone that many have.
    pub const PHONE: Self = Self {
        width: 412,
        height: 915,
    };
}

impl fmt::Display for Viewport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}x{}", self.width, self.height)
    }
}

impl FromStr for Viewport {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let side = |text: &str| {
            let side = text.parse::<u32>().ok();
            side.filter(|side| (240..=7680).contains(side))
        };
        let sides = text.split_once('x');
        match sides.map(|(width, height)| (side(width), side(height))) {
            Some((Some(width), Some(height))) => Ok(Self { width, height }),
            _ => Err(format!(
                "\"{text}\" is no viewport; write width and height in pixels, each from 240 to 7680, \
                 such as 1280x800"
            )),
        }
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
        for text in ["de", "de-DE", "zh-Hant-TW", "es-419"] {
            assert_eq!(
                text.parse::<Locale>().map(|l| l.to_string()),
                Ok(text.into())
            );
        }
        for (text, zone) in [
            ("Europe/Berlin", "Europe/Berlin"),
            ("asia/tokyo", "Asia/Tokyo"),
        ] {
            assert_eq!(
                text.parse::<Timezone>().map(|z| z.to_string()),
                Ok(zone.into())
            );
        }
        for text in ["http://p:3128", "https://p.test:443", "socks5://[::1]:1080"] {
            assert_eq!(
                text.parse::<ProxyAddress>().map(|p| p.to_string()),
                Ok(text.into())
            );
        }
        let viewport = "390x844".parse::<Viewport>().expect("a viewport");
        assert_eq!((viewport.width, viewport.height), (390, 844));
    }

    #[test]
    fn what_is_wrong_is_named_with_what_is_right() {
        for text in ["", "german", "de_DE", "de-de", "DE", "de-DE-x"] {
            let error = error::<Locale>(text);
            assert!(
                error.starts_with(&format!("\"{text}\" is no locale")),
                "{error}"
            );
        }
        for text in ["", "Europe/Atlantis", "../../etc/passwd", "CEST+1"] {
            assert!(error::<Timezone>(text).contains("Europe/Berlin"));
        }
        for text in [
            "390", "390x", "x844", "390X844", "0x0", "99999x10", "-5x500",
        ] {
            assert!(error::<Viewport>(text).contains("1280x800"));
        }
        for (text, part) in [
            ("proxy:3128", "its scheme is \"proxy\""),
            ("ftp://p:1", "its scheme is \"ftp\""),
            ("http://p:3128/path", "more than a host"),
            ("3128", "relative URL"),
        ] {
            assert!(error::<ProxyAddress>(text).contains(part), "{text}");
        }
        assert!(error::<UserAgent>("a\nb").contains("printable"));
        assert!(error::<EgressLabel>(" ").contains("label"));
    }

    #[test]
    fn a_proxy_s_password_is_in_no_message() {
        let proxy = error::<ProxyAddress>("http://me:secret@p:3128");
        assert!(
            !proxy.contains("secret") && proxy.contains("name and password"),
            "{proxy}"
        );
    }
}
