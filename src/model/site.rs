//! Sites: registrable domains and what belongs to the same site.
//!
//! The public suffix list is compiled in (crate `psl`). Addresses by number and names such as
//! `localhost` have no registrable domain; the host itself stands for it.

use url::{Host, Url};

use super::item::Party;

/// The registrable domain of a host name (`www.shop.co.uk` → `shop.co.uk`); the host itself where
/// there is none (IP addresses, `localhost`, a public suffix). Lower case, without a trailing dot.
#[must_use]
pub fn registrable_domain(host: &str) -> String {
    let host = host.trim_end_matches('.').to_ascii_lowercase();
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    if bare.parse::<std::net::IpAddr>().is_ok() {
        return host;
    }
    psl::domain_str(&host).map_or_else(|| host.clone(), str::to_owned)
}

/// The host of a URL, lower case; empty for URLs without one (`data:`, `about:`).
#[must_use]
pub fn host_of(url: &str) -> String {
    Url::parse(url)
        .ok()
        .and_then(|u| u.host().map(|h| h.to_owned()))
        .map(|h| match h {
            Host::Domain(d) => d.trim_end_matches('.').to_ascii_lowercase(),
            other => other.to_string(),
        })
        .unwrap_or_default()
}

/// Whether two hosts share a registrable domain.
#[must_use]
pub fn same_site(host_a: &str, host_b: &str) -> bool {
    !host_a.is_empty() && registrable_domain(host_a) == registrable_domain(host_b)
}

/// The party of something kept at `place` (a cookie's domain, or an origin such as
/// `https://shop.example`), seen from a page on `page_host`.
#[must_use]
pub fn party(place: &str, page_host: &str) -> Party {
    let host = if place.contains("://") {
        host_of(place)
    } else {
        place.to_owned()
    };
    if same_site(&host, page_host) {
        Party::First
    } else {
        Party::Third
    }
}

/// Whether `host` matches a pattern: a name, or `*.name` for the name and everything below it. Case
/// does not matter.
#[must_use]
pub fn host_matches(pattern: &str, host: &str) -> bool {
    let pattern = pattern.to_ascii_lowercase();
    let host = host.trim_end_matches('.').to_ascii_lowercase();
    match pattern.strip_prefix("*.") {
        Some(base) => host == base || host.strip_suffix(base).is_some_and(|h| h.ends_with('.')),
        None => host == pattern,
    }
}

/// An address as sentences name it: without user name, query and fragment, which can hold something
/// of the visitor's; of addresses that hold their content (`data:`), the scheme.
#[must_use]
pub fn plain_address(url: &str) -> String {
    let Ok(mut plain) = Url::parse(url) else {
        return url.split(['?', '#']).next().unwrap_or(url).to_owned();
    };
    if plain.cannot_be_a_base() {
        return format!("{}:…", plain.scheme());
    }
    plain.set_query(None);
    plain.set_fragment(None);
    // Only schemes without hosts refuse, and those have neither.
    let _ = plain.set_username("");
    let _ = plain.set_password(None);
    plain.to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_in_sentences_hold_no_values() {
        for (url, plain) in [
            ("https://me:pw@shop.test/a?id=1#x", "https://shop.test/a"),
            ("data:text/html,secret", "data:…"),
            ("/relative?id=1", "/relative"),
        ] {
            assert_eq!(plain_address(url), plain);
        }
    }

    #[test]
    fn registrable_domains_follow_the_public_suffix_list() {
        for (host, domain) in [
            ("www.shop.co.uk", "shop.co.uk"),
            ("Shop.Example.", "shop.example"),
            ("a.b.shop.test", "shop.test"),
            ("localhost", "localhost"),
            ("co.uk", "co.uk"),
            ("127.0.0.1", "127.0.0.1"),
            ("[::1]", "[::1]"),
        ] {
            assert_eq!(registrable_domain(host), domain, "{host}");
        }
    }

    #[test]
    fn addresses_by_number_are_not_shortened_to_one_another() {
        assert!(!same_site("127.0.0.1", "10.0.0.1"));
        assert!(same_site("127.0.0.1", "127.0.0.1"));
    }

    #[test]
    fn a_star_stands_for_the_domain_and_all_below_it() {
        assert!(host_matches("*.tawk.to", "va.tawk.to"));
        assert!(host_matches("*.tawk.to", "Tawk.to."));
        assert!(!host_matches("*.tawk.to", "nottawk.to"));
        assert!(!host_matches("tawk.to", "va.tawk.to"));
    }

    #[test]
    fn party_takes_origins_and_hosts() {
        assert_eq!(
            party("https://cdn.shop.test:8443", "www.shop.test"),
            Party::First
        );
        assert_eq!(party("tracker.test", "shop.test"), Party::Third);
        assert_eq!(party("null", "shop.test"), Party::Third);
    }
}
