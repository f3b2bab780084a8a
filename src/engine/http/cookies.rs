//! The visit's cookie jar: `cookie_store` behind the rules of browsers.
//!
//! The library keeps and matches cookies but knows neither `SameSite` nor prefixes nor partitions,
//! and reads no cookie without a name. So a line is read and judged by the model's rules first;
//! what stays is put into the library's store, one per kind that browsers keep apart.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use cookie_store::CookieStore;
use url::Url;

use super::raw;
use crate::model::cookie::{SameSite, SetCookie, StoredCookie};
use crate::model::cookie_rules::{WriteContext, domain_matches, is_trustworthy};
use crate::model::observation::{CookiesSent, SentCookie};
use crate::model::site::{host_of, registrable_domain};

/// Cookies that browsers keep apart although name, domain and path are the same.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
struct Kind {
    host_only: bool,
    partition: Option<String>,
}

/// All cookies of one visit.
#[derive(Debug, Clone, Default)]
pub(super) struct Jar {
    stores: BTreeMap<Kind, CookieStore>,
    presets: Vec<Preset>,
}

/// A cookie that the visitor arrives with. It is sent but is not the site's doing, so it stands in
/// no snapshot unless the site writes it anew.
#[derive(Debug, Clone)]
pub(super) struct Preset {
    /// Name.
    pub(super) name: String,
    /// Value.
    pub(super) value: String,
    /// The one host that gets it.
    pub(super) host: String,
}

/// Where a request or a write stands towards the page.
#[derive(Debug, Clone, Copy)]
pub(super) struct Context<'a> {
    /// The page's site, as partitions are named.
    pub(super) top_site: &'a str,
    /// Whether the request belongs to another site than the page.
    pub(super) cross_site: bool,
}

/// What became of a line.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Outcome {
    /// Reasons against storing it; empty if it was stored (or deleted something).
    pub(super) refused: Vec<String>,
    /// The partition it went to.
    pub(super) partition: Option<String>,
}

/// The site of a URL as partitions are named: scheme and registrable domain.
pub(super) fn site_of(url: &Url) -> String {
    format!(
        "{}://{}",
        url.scheme(),
        registrable_domain(&host_of(url.as_str()))
    )
}

impl Jar {
    /// Lets the visitor arrive with a cookie.
    pub(super) fn preset(&mut self, preset: Preset) {
        // What a visitor chooses replaces what it arrived with.
        let same = |p: &Preset| p.name == preset.name && p.host == preset.host;
        self.presets.retain(|p| !same(p));
        self.presets.push(preset);
    }

    /// Stores, changes or deletes as a browser would. `clock` is the writer's.
    pub(super) fn write(
        &mut self,
        cookie: &SetCookie,
        url: &Url,
        clock: f64,
        context: Context<'_>,
    ) -> Outcome {
        let mut refused: Vec<String> = cookie
            .why_refused(&WriteContext {
                url: url.as_str(),
                by_script: false,
                cross_site: context.cross_site,
            })
            .into_iter()
            .map(str::to_owned)
            .collect();
        let (domain, host_only) = cookie.domain_and_host_only(url.as_str());
        if self.would_hide_secure(cookie, url, &domain) {
            refused.push(
                "a Secure cookie of this name must not be replaced from an insecure connection"
                    .into(),
            );
        }
        let partition = cookie.partitioned.then(|| context.top_site.to_owned());
        if refused.is_empty() {
            let kind = Kind {
                host_only,
                partition: partition.clone(),
            };
            let store = self.stores.entry(kind).or_default();
            refused.extend(raw::put(store, cookie, &domain, host_only, clock, url));
            let taken = |p: &Preset| p.name == cookie.name && domain_matches(&p.host, &domain);
            self.presets.retain(|p| !taken(p));
        }
        Outcome { refused, partition }
    }

    /// The `Cookie` header for a request, and what it carries; `None` if nothing is to be sent.
    pub(super) fn for_request(
        &self,
        url: &Url,
        context: Context<'_>,
    ) -> Option<(String, CookiesSent)> {
        let mut all = Vec::new();
        for (kind, store) in &self.stores {
            if kind
                .partition
                .as_deref()
                .is_some_and(|p| p != context.top_site)
            {
                continue;
            }
            for cookie in store.matches(url) {
                let everywhere = raw::same_site(cookie) == Some(SameSite::None);
                if everywhere || !context.cross_site {
                    let sent = SentCookie {
                        name: cookie.name().to_owned(),
                        domain: String::from(&cookie.domain),
                        path: String::from(&cookie.path),
                        partition: kind.partition.clone(),
                    };
                    all.push((sent, pair(cookie.name(), cookie.value())));
                }
            }
        }
        // Longer paths first, as browsers do; the rest only has to be the same each time.
        all.sort_by_key(|(c, _)| (Reverse(c.path.len()), c.name.clone(), c.domain.clone()));
        let (cookies, mut pairs): (Vec<_>, Vec<_>) = all.into_iter().unzip();
        // What was stored is told; what was preset is only sent.
        let host = host_of(url.as_str());
        let presets = self.presets.iter();
        let presets = presets.filter(|p| !context.cross_site && p.host == host);
        pairs.extend(presets.map(|p| pair(&p.name, &p.value)));
        let sent = CookiesSent {
            url: url.to_string(),
            cookies,
        };
        (!pairs.is_empty()).then(|| (pairs.join("; "), sent))
    }

    /// All that is stored, in a fixed order.
    pub(super) fn snapshot(&self) -> Vec<StoredCookie> {
        let mut cookies: Vec<StoredCookie> = self
            .stores
            .iter()
            .flat_map(|(kind, store)| {
                store
                    .iter_unexpired()
                    .map(|cookie| raw::stored(cookie, kind.host_only, kind.partition.clone()))
            })
            .collect();
        let key = |c: &StoredCookie| {
            (
                c.domain.clone(),
                c.path.clone(),
                c.name.clone(),
                c.host_only,
                c.partition.clone(),
            )
        };
        cookies.sort_by_key(key);
        cookies
    }

    fn would_hide_secure(&self, cookie: &SetCookie, url: &Url, domain: &str) -> bool {
        let same = |old: &&cookie_store::Cookie<'static>| {
            let place = String::from(&old.domain);
            old.name() == cookie.name
                && old.secure() == Some(true)
                && (domain_matches(&place, domain) || domain_matches(domain, &place))
        };
        !is_trustworthy(url.as_str())
            && self
                .stores
                .values()
                .any(|s| s.iter_unexpired().any(|old| same(&old)))
    }
}

/// As browsers write it: a cookie without a name is its value alone.
fn pair(name: &str, value: &str) -> String {
    if name.is_empty() {
        value.to_owned()
    } else {
        format!("{name}={value}")
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may fail by panicking")]
    use super::*;

    const PAGE: Context<'_> = Context {
        top_site: "https://shop.test",
        cross_site: false,
    };
    const OTHER: Context<'_> = Context {
        cross_site: true,
        ..PAGE
    };

    fn url(text: &str) -> Url {
        Url::parse(text).unwrap()
    }

    fn write(jar: &mut Jar, line: &str, at: &str, context: Context<'_>) -> Outcome {
        jar.write(&SetCookie::parse(line), &url(at), 0.0, context)
    }

    fn header(jar: &Jar, at: &str, context: Context<'_>) -> String {
        jar.for_request(&url(at), context)
            .map_or_else(String::new, |h| h.0)
    }

    fn names(jar: &Jar) -> Vec<String> {
        jar.snapshot().into_iter().map(|c| c.name).collect()
    }

    #[test]
    fn cookies_come_back_where_they_belong() {
        let mut jar = Jar::default();
        for line in [
            "a=1; Path=/x",
            "b=2; Domain=shop.test",
            "c=\"q\"",
            "nameless",
        ] {
            assert!(
                write(&mut jar, line, "https://www.shop.test/", PAGE)
                    .refused
                    .is_empty()
            );
        }
        assert_eq!(header(&jar, "https://shop.test/", PAGE), "b=2");
        let full = header(&jar, "https://www.shop.test/x/y", PAGE);
        assert!(
            full.starts_with("a=1; "),
            "the longest path comes first: {full}"
        );
        for part in ["a=1", "b=2", "c=\"q\"", "nameless"] {
            assert!(full.split("; ").any(|p| p == part), "{part} in {full}");
        }
        assert_eq!(header(&jar, "https://other.test/", PAGE), "");
    }

    #[test]
    fn host_only_and_domain_cookies_of_one_name_are_two() {
        let mut jar = Jar::default();
        write(&mut jar, "a=1", "https://shop.test/", PAGE);
        write(
            &mut jar,
            "a=2; Domain=shop.test",
            "https://shop.test/",
            PAGE,
        );
        assert_eq!(names(&jar), ["a", "a"]);
    }

    #[test]
    fn other_sites_get_only_what_asked_for_it() {
        let mut jar = Jar::default();
        let at = "https://ads.test/";
        assert_eq!(write(&mut jar, "lax=1", at, OTHER).refused.len(), 1);
        write(&mut jar, "none=1; SameSite=None; Secure", at, OTHER);
        let line = "part=1; SameSite=None; Secure; Partitioned";
        let partition = write(&mut jar, line, at, OTHER).partition;
        assert_eq!(partition.as_deref(), Some("https://shop.test"));
        assert_eq!(header(&jar, at, OTHER), "none=1; part=1");
        let elsewhere = Context {
            top_site: "https://news.test",
            ..OTHER
        };
        assert_eq!(header(&jar, at, elsewhere), "none=1");
    }

    #[test]
    fn deletions_delete_and_long_lives_are_cut() {
        let mut jar = Jar::default();
        let at = "https://shop.test/";
        write(&mut jar, "a=1; Max-Age=99999999999", at, PAGE);
        let now = jiff::Timestamp::now().as_second() as f64;
        let left = jar.snapshot()[0].expires.unwrap() - now;
        assert!((left - 400.0 * 86400.0).abs() < 60.0, "{left}");
        write(
            &mut jar,
            "b=1; Expires=Thu, 01 Jan 1970 00:00:00 GMT",
            at,
            PAGE,
        );
        write(&mut jar, "a=; Max-Age=0", at, PAGE);
        assert!(names(&jar).is_empty());
    }

    #[test]
    fn an_insecure_answer_does_not_replace_a_secure_cookie() {
        let mut jar = Jar::default();
        write(&mut jar, "a=1; Secure", "https://shop.test/", PAGE);
        let refused = write(&mut jar, "a=2", "http://shop.test/", PAGE).refused;
        assert_eq!(refused.len(), 1);
        assert_eq!(jar.snapshot()[0].value, "1");
    }

    #[test]
    fn a_preset_cookie_is_sent_and_is_nobodys_until_the_site_writes_it() {
        let mut jar = Jar::default();
        jar.preset(Preset {
            name: "choice".into(),
            value: "deny".into(),
            host: "shop.test".into(),
        });
        assert_eq!(header(&jar, "https://shop.test/", PAGE), "choice=deny");
        assert_eq!(header(&jar, "https://ads.test/", OTHER), "");
        assert!(names(&jar).is_empty());
        write(&mut jar, "choice=allow", "https://shop.test/", PAGE);
        assert_eq!(header(&jar, "https://shop.test/", PAGE), "choice=allow");
        assert_eq!(names(&jar), ["choice"]);
    }
}
