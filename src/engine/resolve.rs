//! `--resolve`: fixed addresses for hosts, as curl's `--resolve` and `--connect-to` do together.
//!
//! A rule changes only where a connection goes. The address in requests, the `Host` header, the
//! name in TLS and the site that cookies belong to stay those of the page.

use std::cmp::Reverse;
use std::fmt;
use std::net::IpAddr;
use std::str::FromStr;

/// `HOST[:PORT]:ADDR[:PORT]`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Resolve {
    /// Host name, or `*` for any, or `*.suffix`. Lower case; IPv6 without brackets.
    pub host: String,
    /// Only for this port; `None` for any.
    pub port: Option<u16>,
    /// Where to connect instead: an IP address. IPv6 without brackets.
    pub to_host: String,
    /// The port to connect to; `None` keeps it.
    pub to_port: Option<u16>,
}

impl Resolve {
    /// The rule as Chromium's `--host-resolver-rules` takes it; join several by commas.
    #[must_use]
    pub fn to_chromium_rule(&self) -> String {
        format!(
            "MAP {} {}",
            place(&self.host, self.port),
            place(&self.to_host, self.to_port)
        )
    }

    /// Whether the rule is for a connection to this host (IPv6 without brackets) and port.
    #[must_use]
    pub fn applies_to(&self, host: &str, port: u16) -> bool {
        let host = host.to_ascii_lowercase();
        let named = match self.host.strip_prefix('*') {
            Some(end) => host.ends_with(end) && host.len() > end.len(),
            None => host == self.host,
        };
        named && self.port.is_none_or(|p| p == port)
    }

    /// The rules in the order in which they win, as curl has it: those for a host of its own, then
    /// those for all below a name, the longest first, then those for any host; among equals the first.
    #[must_use]
    pub fn in_order(rules: &[Self]) -> Vec<&Self> {
        let mut ordered: Vec<&Self> = rules.iter().collect();
        ordered.sort_by_key(|rule| match rule.host.strip_prefix('*') {
            None => (0, Reverse(0)),
            Some("") => (2, Reverse(0)),
            Some(below) => (1, Reverse(below.len())),
        });
        ordered
    }

    /// Where to connect for this host and port by the rule that wins; `None` if none applies.
    #[must_use]
    pub fn lookup(rules: &[Self], host: &str, port: u16) -> Option<(String, u16)> {
        let ordered = Self::in_order(rules);
        let rule = ordered.into_iter().find(|r| r.applies_to(host, port))?;
        Some((rule.to_host.clone(), rule.to_port.unwrap_or(port)))
    }
}

/// The form it was written in.
impl fmt::Display for Resolve {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let from = place(&self.host, self.port);
        write!(f, "{from}:{}", place(&self.to_host, self.to_port))
    }
}

impl FromStr for Resolve {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let wrong = |what: &str| {
            format!(
                "\"{text}\" is no rule for a host: {what}; write HOST[:PORT]:ADDRESS[:PORT], \
                 such as shop.example:443:127.0.0.1:8443, with IPv6 addresses in brackets"
            )
        };
        let parts = split(text).map_err(wrong)?;
        let (host, port, to_host, to_port) = match parts[..] {
            [host, to] => (host, None, to, None),
            [host, port, to] if is_number(port) => (host, Some(port), to, None),
            [host, to, to_port] => (host, None, to, Some(to_port)),
            [host, port, to, to_port] => (host, Some(port), to, Some(to_port)),
            [_] | [] => return Err(wrong("the address to connect to is missing")),
            _ => return Err(wrong("it has too many parts")),
        };
        let read_port = |port: Option<&str>| {
            port.map(|p| {
                read_port(p).ok_or_else(|| wrong(&format!("\"{p}\" is no port from 1 to 65535")))
            })
            .transpose()
        };
        Ok(Self {
            host: read_host(host, true).map_err(|e| wrong(&e))?,
            port: read_port(port)?,
            to_host: read_address(to_host).map_err(|e| wrong(&e))?,
            to_port: read_port(to_port)?,
        })
    }
}

/// `host:port`, with the brackets that IPv6 needs there.
fn place(host: &str, port: Option<u16>) -> String {
    let host = if host.contains(':') {
        format!("[{host}]")
    } else {
        host.to_owned()
    };
    match port {
        Some(port) => format!("{host}:{port}"),
        None => host,
    }
}

/// Splits at colons outside brackets.
fn split(text: &str) -> Result<Vec<&str>, &'static str> {
    let mut parts = Vec::new();
    let mut rest = text;
    loop {
        let search_from = if rest.starts_with('[') {
            rest.find(']').ok_or("a bracket is not closed")?
        } else {
            0
        };
        match rest[search_from..].find(':') {
            Some(at) => {
                parts.push(&rest[..search_from + at]);
                rest = &rest[search_from + at + 1..];
            }
            None => {
                parts.push(rest);
                return Ok(parts);
            }
        }
    }
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit())
}

fn read_port(text: &str) -> Option<u16> {
    is_number(text)
        .then(|| text.parse().ok())
        .flatten()
        .filter(|port| *port != 0)
}

/// An IP address, IPv6 in brackets.
fn read_address(text: &str) -> Result<String, String> {
    let bare = text.strip_prefix('[').and_then(|t| t.strip_suffix(']'));
    let address = match bare {
        Some(bare) => bare.parse().map(IpAddr::V6).ok(),
        None => text.parse().map(IpAddr::V4).ok(),
    };
    address
        .map(|address| address.to_string())
        .ok_or_else(|| format!("\"{text}\" is no IP address"))
}

/// A host in lower case and its ASCII form; with `wild`, `*` and `*.suffix` as well.
fn read_host(text: &str, wild: bool) -> Result<String, String> {
    if let Some(suffix) = text.strip_prefix('*').filter(|_| wild) {
        return match suffix.strip_prefix('.') {
            None if suffix.is_empty() => Ok("*".to_owned()),
            Some(name) if !name.is_empty() => Ok(format!("*.{}", read_host(name, false)?)),
            _ => Err(format!("\"{text}\" is neither * nor *.name")),
        };
    }
    // A number alone would pass as an IPv4 address in its shortest form; here it is a lost port.
    if text.is_empty() || is_number(text) || text.contains('*') {
        return Err(format!("\"{text}\" is no host"));
    }
    match url::Host::parse(text) {
        Ok(url::Host::Ipv6(address)) => Ok(address.to_string()),
        Ok(host) => Ok(host.to_string()),
        Err(_) => Err(format!("\"{text}\" is no host")),
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may fail by panicking")]
    use super::*;
    use proptest::prelude::*;

    fn parse(text: &str) -> Resolve {
        text.parse().unwrap()
    }

    #[test]
    fn every_form_is_read_and_written_back() {
        for (text, rule) in [
            ("a.test:127.0.0.1", "MAP a.test 127.0.0.1"),
            ("a.test:80:127.0.0.1", "MAP a.test:80 127.0.0.1"),
            ("a.test:127.0.0.1:81", "MAP a.test 127.0.0.1:81"),
            ("a.test:80:127.0.0.1:81", "MAP a.test:80 127.0.0.1:81"),
            ("*:443:[::1]:8443", "MAP *:443 [::1]:8443"),
            ("*.shop.test:[::1]", "MAP *.shop.test [::1]"),
            ("[::1]:80:10.0.0.1", "MAP [::1]:80 10.0.0.1"),
        ] {
            let parsed = parse(text);
            assert_eq!(parsed.to_chromium_rule(), rule);
            assert_eq!(parsed.to_string(), text);
        }
        assert_eq!(parse("SHOP.test:[0::1]").to_string(), "shop.test:[::1]");
    }

    #[test]
    fn what_cannot_be_meant_is_refused_with_its_reason() {
        for (text, part) in [
            ("", "address to connect to is missing"),
            ("a.test", "address to connect to is missing"),
            ("a.test:80", "\"80\" is no IP address"),
            ("a.test:80:90", "\"90\" is no IP address"),
            ("x.test:notanip", "\"notanip\" is no IP address"),
            ("x.test:443:b.test", "\"b.test\" is no IP address"),
            ("x.test:127.1", "\"127.1\" is no IP address"),
            ("a.test:127.0.0.1:c", "\"c\" is no port"),
            ("a.test:0:127.0.0.1", "\"0\" is no port"),
            ("a.test:70000:127.0.0.1", "\"70000\" is no port"),
            ("a.test:80:::1", "too many parts"),
            ("a.test:[::1", "a bracket is not closed"),
            ("a.test:*", "\"*\" is no IP address"),
            ("*shop:127.0.0.1", "neither * nor *.name"),
            (":127.0.0.1", "\"\" is no host"),
            ("a b:127.0.0.1", "\"a b\" is no host"),
        ] {
            let error = text.parse::<Resolve>().unwrap_err();
            assert!(error.contains(part), "{text}: {error}");
            assert!(error.contains("shop.example:443:127.0.0.1:8443"), "{error}");
        }
    }

    #[test]
    fn the_rule_for_the_host_itself_wins_whatever_the_order() {
        let rules = [
            parse("*:443:127.0.0.3:8443"),
            parse("*.test:443:127.0.0.4"),
            parse("a.test:80:127.0.0.1:8080"),
            parse("*.a.test:127.0.0.2"),
            parse("a.test:80:127.0.0.9"),
        ];
        for (host, port, to) in [
            ("a.test", 80, Some(("127.0.0.1", 8080))),
            ("A.Test", 80, Some(("127.0.0.1", 8080))),
            ("a.test", 81, None),
            ("a.test", 443, Some(("127.0.0.4", 443))),
            ("b.test", 443, Some(("127.0.0.4", 443))),
            ("x.a.test", 443, Some(("127.0.0.2", 443))),
            ("x.a.test", 81, Some(("127.0.0.2", 81))),
            (".a.test", 81, None),
            ("::1", 443, Some(("127.0.0.3", 8443))),
        ] {
            let found = Resolve::lookup(&rules, host, port);
            assert_eq!(found, to.map(|(h, p)| (h.to_owned(), p)), "{host}:{port}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_read_without_a_panic(text in "[a-z0-9:.*\\[\\]é]{0,30}") {
            if let Ok(rule) = text.parse::<Resolve>() {
                prop_assert_eq!(rule.to_string().parse::<Resolve>(), Ok(rule));
            }
        }
    }
}
