//! Which provider an address belongs to: host patterns and script address patterns.

use regex::Regex;
use url::Url;

use super::{Catalogue, Provider};
use crate::model::site::host_of;

impl Catalogue {
    /// The provider whose hosts include `host`; the longest pattern wins.
    #[must_use]
    pub fn provider_for_host(&self, host: &str) -> Option<&Provider> {
        let matching = |p: &Provider| {
            let patterns = p.hosts.iter().filter(|h| host_matches(h, host));
            patterns.map(String::len).max()
        };
        self.providers
            .iter()
            .rev()
            .filter_map(|p| matching(p).map(|length| (length, p)))
            .max_by_key(|(length, _)| *length)
            .map(|(_, p)| p)
    }

    /// What to search for in pages that no script runs in: provider ids and patterns.
    pub fn snippets(&self) -> impl Iterator<Item = (&str, &Regex)> {
        self.providers.iter().flat_map(|p| {
            let patterns = p.present_if.snippets.iter();
            patterns.map(|regex| (p.id.as_str(), regex))
        })
    }

    /// The provider of this id.
    #[must_use]
    pub fn provider(&self, id: &str) -> Option<&Provider> {
        self.providers.iter().find(|p| p.id == id)
    }
}

impl Provider {
    /// Whether an address shows this provider: its host is one of the provider's, or it is one of
    /// the provider's scripts.
    #[must_use]
    pub fn owns(&self, url: &str) -> bool {
        let host = host_of(url);
        self.hosts.iter().any(|h| host_matches(h, &host)) || self.matches_script(url)
    }

    /// Whether an address is one of the provider's scripts.
    #[must_use]
    pub fn matches_script(&self, url: &str) -> bool {
        self.present_if
            .scripts
            .iter()
            .any(|s| address_matches(s, url))
    }
}

/// Whether `host` matches a pattern such as `*.tawk.to` (the bare domain included) or `tawk.to`.
#[must_use]
pub fn host_matches(pattern: &str, host: &str) -> bool {
    let host = host.strip_suffix('.').unwrap_or(host).to_ascii_lowercase();
    match pattern.strip_prefix("*.") {
        Some(domain) => host
            .strip_suffix(domain)
            .is_some_and(|rest| rest.is_empty() || rest.ends_with('.')),
        None => host == pattern,
    }
}

/// Whether a URL matches an address pattern without scheme, such as `embed.tawk.to/*`: `*` stands
/// for any text. Scheme, port, query and fragment of the URL do not count.
#[must_use]
pub fn address_matches(pattern: &str, url: &str) -> bool {
    let Ok(url) = Url::parse(url) else {
        return false;
    };
    let Some(host) = url.host_str() else {
        return false;
    };
    glob(pattern, &format!("{host}{}", url.path()))
}

/// Matches `*` greedily from both ends: the first and last pieces are anchored, those between are
/// found one after the other.
fn glob(pattern: &str, text: &str) -> bool {
    let Some((first, rest)) = pattern.split_once('*') else {
        return pattern == text;
    };
    let Some(text) = text.strip_prefix(first) else {
        return false;
    };
    let (between, last) = rest.rsplit_once('*').unwrap_or(("", rest));
    let Some(mut text) = text.strip_suffix(last) else {
        return false;
    };
    between
        .split('*')
        .all(|piece| match text.split_once(piece) {
            Some((_, after)) => {
                text = after;
                true
            }
            None => false,
        })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalogue::{PresentIf, builtin};

    #[test]
    fn a_star_stands_for_subdomains_and_the_bare_domain() {
        for (pattern, host, matches) in [
            ("*.tawk.to", "tawk.to", true),
            ("*.tawk.to", "vs12.tawk.to.", true),
            ("*.tawk.to", "VA.Tawk.To", true),
            ("*.tawk.to", "nottawk.to", false),
            ("*.tawk.to", "tawk.to.evil.example", false),
            ("tawk.to", "va.tawk.to", false),
            ("tawk.to", "", false),
        ] {
            assert_eq!(host_matches(pattern, host), matches, "{pattern} {host}");
        }
    }

    #[test]
    fn addresses_are_compared_without_scheme_port_and_query() {
        for (pattern, url, matches) in [
            (
                "embed.tawk.to/*",
                "https://embed.tawk.to:8443/a/default?x=1",
                true,
            ),
            (
                "embed.tawk.to/*",
                "https://evil.example/embed.tawk.to/a",
                false,
            ),
            (
                "embed.tawk.to/*",
                "https://embed.tawk.to@evil.example/a",
                false,
            ),
            (
                "va.tawk.to/v1/session/start",
                "https://va.tawk.to/v1/session/start",
                true,
            ),
            (
                "va.tawk.to/v1/session/start",
                "https://va.tawk.to/v1/session/start/x",
                false,
            ),
            ("*/chat.js", "https://shop.test/lib/chat.js#a", true),
            ("*a*b*a", "https://a.test/b/b/a", true),
            ("a.test/*x*x", "https://a.test/x", false),
            ("a.test/*", "not a url", false),
            ("a.test/*", "data:text/javascript,a.test/", false),
        ] {
            assert_eq!(address_matches(pattern, url), matches, "{pattern} {url}");
        }
    }

    #[test]
    fn the_most_exact_host_names_the_provider() {
        let provider = |id: &str, host: &str| Provider {
            id: id.to_owned(),
            hosts: vec![host.to_owned()],
            present_if: PresentIf::default(),
            ..sample()
        };
        let catalogue = Catalogue {
            providers: vec![
                provider("all", "*.chat.test"),
                provider("one", "*.eu.chat.test"),
            ],
        };
        let id = |host: &str| catalogue.provider_for_host(host).map(|p| p.id.as_str());
        assert_eq!(id("a.eu.chat.test"), Some("one"));
        assert_eq!(id("chat.test"), Some("all"));
        assert_eq!(id("other.test"), None);
    }

    fn sample() -> Provider {
        let all = builtin::catalogue();
        all.provider("tawk")
            .cloned()
            .unwrap_or_else(|| unreachable!("it is embedded"))
    }

    #[test]
    fn a_provider_owns_its_hosts_and_its_scripts() {
        let tawk = sample();
        assert!(tawk.owns("wss://vs40.tawk.to/s/?k=1"));
        assert!(tawk.matches_script("https://embed.tawk.to/64f0/default"));
        assert!(!tawk.matches_script("https://va.tawk.to/v1/session/start"));
        assert!(!tawk.owns("https://shop.test/embed.tawk.to/x"));
    }
}
