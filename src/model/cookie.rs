//! Cookies as they are asked for (a `Set-Cookie` line or a script's write) and as they are stored.

use serde::{Deserialize, Serialize};

use super::sealed::ValueTraits;

/// The `SameSite` attribute.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SameSite {
    /// Sent on same-site requests only.
    Strict,
    /// Also sent on top-level navigations from other sites.
    Lax,
    /// Sent everywhere; needs `Secure`.
    None,
}

impl SameSite {
    /// As it is written in a `Set-Cookie` line.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Strict => "Strict",
            Self::Lax => "Lax",
            Self::None => "None",
        }
    }
}

/// A cookie as its writer asked for it, parsed as RFC 6265bis section 5 does: lenient, nameless
/// cookies included. Build it with [`SetCookie::parse`].
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct SetCookie {
    /// Name; may be empty.
    pub name: String,
    /// Value; may be empty.
    pub value: String,
    /// The `Domain` attribute, lower case, without a leading dot; `None` means host-only.
    pub domain: Option<String>,
    /// The `Path` attribute where it is usable (starts with `/`).
    pub path: Option<String>,
    /// `Expires` as seconds since 1970 (UTC).
    pub expires: Option<f64>,
    /// `Max-Age` in seconds; wins over `expires`.
    pub max_age: Option<i64>,
    /// The `Secure` attribute.
    pub secure: bool,
    /// The `HttpOnly` attribute.
    pub http_only: bool,
    /// The `SameSite` attribute where one was given and known.
    pub same_site: Option<SameSite>,
    /// The `Partitioned` attribute.
    pub partitioned: bool,
    /// What decided about storing the value, where a stand-in has taken its place.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value_traits: Option<ValueTraits>,
}

/// What lifetime a write asked for.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Lifetime {
    /// Until the browser ends.
    Session,
    /// So many seconds from the moment of writing.
    Seconds(i64),
    /// `Max-Age` of zero or less, or a date in the past: the write deletes the cookie.
    Delete,
}

/// A cookie in the browser's jar.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct StoredCookie {
    /// Name.
    pub name: String,
    /// Value.
    pub value: String,
    /// Host (host-only) or domain, lower case, without a leading dot.
    pub domain: String,
    /// True when only the exact host gets it (no `Domain` attribute).
    pub host_only: bool,
    /// Path.
    pub path: String,
    /// Expiry as seconds since 1970; `None` for a session cookie.
    pub expires: Option<f64>,
    /// Size of name and value in bytes.
    pub size: u32,
    /// The `Secure` attribute.
    pub secure: bool,
    /// The `HttpOnly` attribute.
    pub http_only: bool,
    /// The `SameSite` attribute; `None` when the writer gave none.
    pub same_site: Option<SameSite>,
    /// The partition's top-level site, for partitioned cookies.
    pub partition: Option<String>,
}
