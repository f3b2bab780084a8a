//! What a visitor is made to look like: language, time zone, device, user agent; what is sent along
//! with requests to the target's site; and the way out into the network.
//!
//! The values are checked when they are read (`values`, `carried`), so that the engines can use
//! them as they are. `preset` keeps cookies that the visitor arrives with out of what the site stores.

mod carried;
pub(crate) mod preset;
mod values;

use url::Url;

pub use self::carried::{ExtraHeader, PresetCookie};
pub use self::values::{EgressLabel, Locale, ProxyAddress, Timezone, UserAgent, Viewport};
use crate::model::site::{host_of, same_site};

/// Settings of a visitor. The default is a desktop browser with nothing special about it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Emulation {
    /// Language and region.
    pub locale: Option<Locale>,
    /// Time zone.
    pub timezone: Option<Timezone>,
    /// Size of the page's area.
    pub viewport: Option<Viewport>,
    /// A phone: touch, a phone's user agent, and its viewport unless another one is given.
    pub mobile: bool,
    /// User agent.
    pub user_agent: Option<UserAgent>,
    /// Headers for the target's site.
    pub headers: Vec<ExtraHeader>,
    /// Cookies that the visitor arrives with.
    pub cookies: Vec<PresetCookie>,
    /// Proxy for everything.
    pub proxy: Option<ProxyAddress>,
    /// Where the scan looks from, in the user's words.
    pub egress_label: Option<EgressLabel>,
}

impl Emulation {
    /// The page's area: the one asked for, or a phone's.
    #[must_use]
    pub fn area(&self) -> Option<Viewport> {
        self.viewport.or(self.mobile.then_some(Viewport::PHONE))
    }

    /// What of it only a browser can do, as the flags are called.
    #[must_use]
    pub fn browser_only(&self) -> Vec<&'static str> {
        let flags = [
            (self.timezone.is_some(), "--timezone"),
            (self.viewport.is_some(), "--viewport"),
            (self.mobile, "--mobile"),
        ];
        let asked = flags.into_iter().filter(|(asked, _)| *asked);
        asked.map(|(_, flag)| flag).collect()
    }

    /// The settings as sentences for the report. Values of headers and cookies may be secrets.
    #[must_use]
    pub fn settings(&self) -> Vec<String> {
        let mut settings = Vec::new();
        let mut say = |text: String| settings.push(text);
        if let Some(locale) = &self.locale {
            say(format!("language {locale} (--locale)"));
        }
        if let Some(timezone) = &self.timezone {
            say(format!("time zone {timezone} (--timezone)"));
        }
        if self.mobile {
            say("a phone with touch (--mobile)".to_owned());
        }
        if let Some(area) = self.area() {
            say(format!("viewport {area}"));
        }
        if let Some(agent) = &self.user_agent {
            say(format!("user agent \"{agent}\" (--user-agent)"));
        }
        for header in &self.headers {
            let name = header.name();
            say(format!(
                "header {name} sent to the target's site (--header)"
            ));
        }
        for cookie in &self.cookies {
            say(format!("cookie {} preset (--cookie)", cookie.name()));
        }
        if let Some(proxy) = &self.proxy {
            say(format!("through the proxy {proxy} (--proxy)"));
        }
        if let Some(label) = &self.egress_label {
            say(format!("looked from: {label} (--egress-label)"));
        }
        settings
    }

    /// The headers that a request gets: those asked for if it goes to the target's site, and not in
    /// clear where the target is secure.
    #[must_use]
    pub fn headers_for<'a>(&'a self, target: &Url, request: &str) -> &'a [ExtraHeader] {
        let Ok(request) = Url::parse(request) else {
            return &[];
        };
        let web = matches!(request.scheme(), "http" | "https");
        let in_clear = target.scheme() == "https" && request.scheme() != "https";
        let own = same_site(&host_of(request.as_str()), &host_of(target.as_str()));
        if web && own && !in_clear {
            &self.headers
        } else {
            &[]
        }
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may fail by panicking")]
    use super::*;

    #[test]
    fn headers_go_to_the_target_s_site_alone_and_never_less_securely() {
        let emulation = Emulation {
            headers: vec!["X-Key: 1".parse().unwrap()],
            ..Emulation::default()
        };
        for (target, request, sent) in [
            ("https://www.shop.test/", "https://www.shop.test/a", true),
            ("https://www.shop.test/", "https://cdn.shop.test/a", true),
            ("https://www.shop.test/", "http://www.shop.test/a", false),
            ("http://www.shop.test/", "http://shop.test/", true),
            ("http://www.shop.test/", "https://shop.test/", true),
            ("https://www.shop.test/", "https://tracker.test/", false),
            ("https://www.shop.test/", "https://notshop.test/", false),
            (
                "https://www.shop.test/",
                "https://tracker.test/?shop.test",
                false,
            ),
            (
                "https://www.shop.test/",
                "https://www.shop.test@evil.test/",
                false,
            ),
            ("https://a.co.uk/", "https://b.co.uk/", false),
            ("http://127.0.0.1:8080/", "http://127.0.0.1:9090/", true),
            ("http://127.0.0.1/", "http://127.0.0.2/", false),
            ("https://www.shop.test/", "data:text/plain,x", false),
            ("https://www.shop.test/", "nonsense", false),
        ] {
            let headers = emulation.headers_for(&Url::parse(target).unwrap(), request);
            assert_eq!(!headers.is_empty(), sent, "{target} {request}");
        }
    }

    #[test]
    fn settings_name_everything_and_tell_no_secret() {
        let emulation = Emulation {
            locale: Some("de-DE".parse().unwrap()),
            timezone: Some("Europe/Berlin".parse().unwrap()),
            viewport: None,
            mobile: true,
            user_agent: Some("Robot/1".parse().unwrap()),
            headers: vec!["Authorization: Basic c2VjcmV0".parse().unwrap()],
            cookies: vec!["session=c2VjcmV0".parse().unwrap()],
            proxy: Some("socks5://10.0.0.1:1080".parse().unwrap()),
            egress_label: Some("Frankfurt office".parse().unwrap()),
        };
        let settings = emulation.settings();
        assert_eq!(
            settings,
            [
                "language de-DE (--locale)",
                "time zone Europe/Berlin (--timezone)",
                "a phone with touch (--mobile)",
                "viewport 412x915",
                "user agent \"Robot/1\" (--user-agent)",
                "header authorization sent to the target's site (--header)",
                "cookie session preset (--cookie)",
                "through the proxy socks5://10.0.0.1:1080 (--proxy)",
                "looked from: Frankfurt office (--egress-label)",
            ]
        );
        assert_eq!(emulation.browser_only(), ["--timezone", "--mobile"]);
        assert!(Emulation::default().settings().is_empty());
    }
}
