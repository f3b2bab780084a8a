//! What a browser does with a cookie that was asked for: where it belongs, and whether it must be
//! refused. RFC 6265bis sections 5.1.3, 5.1.4, 5.4 and 5.7, and the `Partitioned` attribute.
//!
//! Both the folding of writes into items and the engine that has no browser need these rules.

use std::net::IpAddr;

use url::Url;

use super::cookie::{SameSite, SetCookie};
use super::sealed::ValueTraits;
use super::site::host_of;

/// Name and value together may have so many octets.
const MAX_PAIR: usize = 4096;

/// The circumstances of a write that decide whether it is allowed.
#[derive(Debug, Clone, Copy)]
pub struct WriteContext<'a> {
    /// URL of the response, or of the document whose script wrote.
    pub url: &'a str,
    /// True for `document.cookie` and `cookieStore`.
    pub by_script: bool,
    /// True for writes in a frame or by a subresource of another site than the page's; false for
    /// the page's own navigation wherever it leads.
    pub cross_site: bool,
}

/// The path of a cookie without a usable `Path`: the directory of the URL.
#[must_use]
pub fn default_path(url: &str) -> String {
    let path = Url::parse(url).map_or_else(|_| String::new(), |u| u.path().to_owned());
    match path.rfind('/') {
        Some(end) if end > 0 && path.starts_with('/') => path[..end].to_owned(),
        _ => "/".to_owned(),
    }
}

/// Whether a URL may use cookies marked `Secure`: https and wss, and this machine itself.
#[must_use]
pub fn is_trustworthy(url: &str) -> bool {
    let Ok(url) = Url::parse(url) else {
        return false;
    };
    let local = match url.host() {
        Some(url::Host::Domain(name)) => {
            let name = name.trim_end_matches('.');
            name == "localhost" || name.ends_with(".localhost")
        }
        Some(url::Host::Ipv4(ip)) => ip.is_loopback(),
        Some(url::Host::Ipv6(ip)) => ip.is_loopback(),
        None => false,
    };
    local || matches!(url.scheme(), "https" | "wss")
}

/// Whether a host (or a cookie's domain) gets a cookie of `domain`.
#[must_use]
pub fn domain_matches(host: &str, domain: &str) -> bool {
    host == domain
        || (!is_address(host)
            && host
                .strip_suffix(domain)
                .is_some_and(|rest| rest.ends_with('.')))
}

impl SetCookie {
    /// The jar's domain for a cookie written at `url`, and whether only that exact host gets it.
    /// `Domain` is of no effect where it names the host itself and nothing can lie below: public
    /// suffixes, `localhost`, addresses by number.
    #[must_use]
    pub fn domain_and_host_only(&self, url: &str) -> (String, bool) {
        let host = host_of(url);
        match &self.domain {
            Some(domain) if *domain == host && stands_alone(domain) => (host, true),
            Some(domain) => (domain.clone(), false),
            None => (host, true),
        }
    }

    /// The jar's path for a cookie written at `url`.
    #[must_use]
    pub fn effective_path(&self, url: &str) -> String {
        self.path.clone().unwrap_or_else(|| default_path(url))
    }

    /// Every reason for which a browser must not store this cookie; empty if it is stored.
    #[must_use]
    pub fn why_refused(&self, write: &WriteContext<'_>) -> Vec<&'static str> {
        let host = host_of(write.url);
        let trustworthy = is_trustworthy(write.url);
        let mut reasons = self.malformed();
        let rules = [
            (
                self.secure && !trustworthy,
                "Secure is not allowed on an insecure connection",
            ),
            (
                self.same_site == Some(SameSite::None) && !self.secure,
                "SameSite=None needs Secure",
            ),
            (self.partitioned && !self.secure, "Partitioned needs Secure"),
            (
                self.http_only && write.by_script,
                "a script cannot write an HttpOnly cookie",
            ),
            (
                self.domain
                    .as_ref()
                    .is_some_and(|d| !domain_matches(&host, d)),
                "Domain is not the host or a domain above it",
            ),
            (
                self.domain
                    .as_ref()
                    .is_some_and(|d| *d != host && stands_alone(d)),
                "Domain is a public suffix",
            ),
            (
                write.cross_site && self.same_site != Some(SameSite::None),
                "a cookie from another site needs SameSite=None",
            ),
        ];
        reasons.extend(rules.into_iter().filter(|r| r.0).map(|r| r.1));
        reasons.extend(self.broken_prefix(write.by_script));
        reasons
    }

    fn value_traits(&self) -> ValueTraits {
        self.value_traits
            .unwrap_or_else(|| ValueTraits::of(&self.value))
    }

    /// What is wrong with the name and the value themselves.
    fn malformed(&self) -> Vec<&'static str> {
        let value = self.value_traits();
        let rules = [
            (
                self.name.is_empty() && self.value.is_empty(),
                "there is neither a name nor a value",
            ),
            (
                self.name.len().saturating_add(value.octets) > MAX_PAIR,
                "name and value are longer than 4096 octets",
            ),
            (
                has_control(&self.name) || value.control,
                "there are control characters in it",
            ),
        ];
        rules.into_iter().filter(|r| r.0).map(|r| r.1).collect()
    }

    /// The promise of the name's prefix that the attributes do not keep. Prefixes are read in any
    /// case; a cookie without a name must not pass off its value as a name with a prefix.
    fn broken_prefix(&self, by_script: bool) -> Option<&'static str> {
        if self.name.is_empty() {
            let looks_so = self.value_traits().prefixed;
            return looks_so.then_some("a value without a name looks like a prefixed name");
        }
        let host_kept = self.secure && self.domain.is_none() && self.path.as_deref() == Some("/");
        let http_kept = self.secure && self.http_only && !by_script;
        match prefix(&self.name)? {
            "__host-http-" => (!(host_kept && http_kept)).then_some(
                "__Host-Http- needs Secure, HttpOnly, Path=/, no Domain, and a response as writer",
            ),
            "__host-" => (!host_kept).then_some("__Host- needs Secure, Path=/ and no Domain"),
            "__http-" => {
                (!http_kept).then_some("__Http- needs Secure, HttpOnly and a response as writer")
            }
            _ => (!self.secure).then_some("__Secure- needs Secure"),
        }
    }
}

impl ValueTraits {
    /// Those of a value that is known.
    #[must_use]
    pub fn of(value: &str) -> Self {
        Self {
            octets: value.len(),
            control: has_control(value),
            prefixed: prefix(value).is_some(),
        }
    }
}

fn has_control(text: &str) -> bool {
    text.bytes().any(|b| (b < 0x20 && b != b'\t') || b == 0x7F)
}

/// The prefix that makes a name a promise.
fn prefix(text: &str) -> Option<&'static str> {
    let lower = text.to_ascii_lowercase();
    ["__host-http-", "__host-", "__http-", "__secure-"]
        .into_iter()
        .find(|p| lower.starts_with(p))
}

/// Whether a domain is one that no two hosts may share: a public suffix, or an address.
fn stands_alone(domain: &str) -> bool {
    is_address(domain) || psl::suffix_str(domain) == Some(domain)
}

fn is_address(host: &str) -> bool {
    host.trim_start_matches('[')
        .trim_end_matches(']')
        .parse::<IpAddr>()
        .is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reasons(line: &str, url: &str) -> Vec<&'static str> {
        SetCookie::parse(line).why_refused(&WriteContext {
            url,
            by_script: false,
            cross_site: false,
        })
    }

    #[test]
    fn the_default_path_is_the_directory() {
        for (url, path) in [
            ("https://a.test/x/y.html?q=/z", "/x"),
            ("https://a.test/x/", "/x"),
            ("https://a.test/x", "/"),
            ("https://a.test", "/"),
            ("about:blank", "/"),
            ("no url", "/"),
        ] {
            assert_eq!(default_path(url), path, "{url}");
        }
    }

    #[test]
    fn cookies_belong_where_their_domain_says() {
        for (line, url, domain, host_only) in [
            ("a=b", "https://www.shop.test/", "www.shop.test", true),
            (
                "a=b; Domain=shop.test",
                "https://www.shop.test/",
                "shop.test",
                false,
            ),
            (
                "a=b; Domain=shop.test",
                "https://shop.test/",
                "shop.test",
                false,
            ),
            (
                "a=b; Domain=github.io",
                "https://github.io/",
                "github.io",
                true,
            ),
            (
                "a=b; Domain=127.0.0.1",
                "http://127.0.0.1/",
                "127.0.0.1",
                true,
            ),
            (
                "a=b; Domain=localhost",
                "http://localhost/",
                "localhost",
                true,
            ),
        ] {
            let found = SetCookie::parse(line).domain_and_host_only(url);
            assert_eq!(found, (domain.to_owned(), host_only), "{line} at {url}");
        }
    }

    #[test]
    fn what_browsers_keep_is_not_refused() {
        for (line, url) in [
            ("v", "https://shop.test/"),
            ("=v", "https://shop.test/"),
            ("a=; Domain=.shop.test", "https://www.shop.test/"),
            ("a=b; Secure", "http://localhost:8080/"),
            ("__Host-a=b; Secure; Path=/", "https://shop.test/"),
            (
                "__HOST-Http-a=b; Secure; HttpOnly; Path=/",
                "https://shop.test/",
            ),
            (
                "__secure-a=b; Secure; Domain=shop.test",
                "https://shop.test/",
            ),
            ("a=b; Domain=github.io", "https://github.io/"),
            (
                "a=b; SameSite=None; Secure; Partitioned",
                "https://shop.test/",
            ),
            ("a\tb=c\td", "https://shop.test/"),
        ] {
            assert_eq!(reasons(line, url), Vec::<&str>::new(), "{line} at {url}");
        }
    }

    #[test]
    fn what_browsers_must_refuse_is_refused() {
        let long = format!("a={}", "b".repeat(4096));
        for (line, url, part) in [
            ("", "https://shop.test/", "neither a name"),
            ("; Path=/", "https://shop.test/", "neither a name"),
            (long.as_str(), "https://shop.test/", "4096"),
            ("a=b\u{1}", "https://shop.test/", "control"),
            ("a=b; Secure", "http://shop.test/", "insecure"),
            ("a=b; SameSite=None", "https://shop.test/", "SameSite=None"),
            ("a=b; Partitioned", "https://shop.test/", "Partitioned"),
            (
                "a=b; Domain=other.test",
                "https://shop.test/",
                "Domain is not",
            ),
            ("a=b; Domain=op.test", "https://shop.test/", "Domain is not"),
            (
                "a=b; Domain=www.shop.test",
                "https://shop.test/",
                "Domain is not",
            ),
            ("a=b; Domain=0.0.1", "http://127.0.0.1/", "Domain is not"),
            ("a=b; Domain=co.uk", "https://shop.co.uk/", "public suffix"),
            ("a=b; Domain=test", "https://shop.test/", "public suffix"),
            ("__Secure-a=b", "https://shop.test/", "__Secure-"),
            ("__hOsT-a=b; Secure", "https://shop.test/", "__Host-"),
            (
                "__Host-a=b; Secure; Path=/; Domain=shop.test",
                "https://shop.test/",
                "__Host-",
            ),
            ("__Http-a=b; Secure", "https://shop.test/", "__Http-"),
            (
                "__Host-Http-a=b; Secure; Path=/",
                "https://shop.test/",
                "__Host-Http-",
            ),
            ("=__Secure-a=b", "https://shop.test/", "without a name"),
        ] {
            let found = reasons(line, url);
            assert_eq!(found.len(), 1, "{line} at {url}: {found:?}");
            assert!(found[0].contains(part), "{line} at {url}: {found:?}");
        }
    }

    #[test]
    fn scripts_and_other_sites_may_write_less() {
        let write = |line: &str, by_script, cross_site| {
            SetCookie::parse(line).why_refused(&WriteContext {
                url: "https://shop.test/",
                by_script,
                cross_site,
            })
        };
        assert!(write("a=b; SameSite=None; Secure", true, true).is_empty());
        assert_eq!(write("a=b", false, true).len(), 1);
        assert_eq!(write("a=b; SameSite=Lax", true, true).len(), 1);
        assert_eq!(write("a=b; HttpOnly", true, false).len(), 1);
        assert_eq!(write("__Http-a=b; HttpOnly; Secure", true, false).len(), 2);
    }
}
