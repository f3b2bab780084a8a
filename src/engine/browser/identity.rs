//! Who the browser says it is: a normal Chrome of its own version. Some banners hide from browsers
//! that call themselves headless, and a scan must see what visitors see.

use serde_json::{Value, json};

use crate::engine::emulation::{Emulation, Locale};

/// User agent, client hints and languages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Identity {
    user_agent: String,
    /// Version numbers for the client hints; `None` for a user agent that is no Chrome's.
    version: Option<(String, String)>,
    /// Languages, the preferred one first.
    languages: Option<String>,
    mobile: bool,
}

impl Identity {
    /// From what the browser says of itself (`Chrome/156.0.8078.79` and its user agent) and what the
    /// visitor is made to look like.
    pub(super) fn new(product: &str, user_agent: &str, emulation: &Emulation) -> Self {
        let full = product
            .rsplit_once('/')
            .map_or("", |(_, version)| version)
            .to_owned();
        let major = full.split('.').next().unwrap_or_default().to_owned();
        let (user_agent, version) = match &emulation.user_agent {
            Some(asked) => (asked.to_string(), chrome_in(asked.as_str())),
            None if emulation.mobile => (user_agent_of(&major, true), Some((major, full))),
            None => {
                let own = user_agent.replace("HeadlessChrome", "Chrome");
                (own, Some((major, full)))
            }
        };
        Self {
            user_agent,
            version,
            languages: emulation.locale.as_ref().map(languages),
            mobile: emulation.mobile,
        }
    }

    /// Parameters of `Emulation.setUserAgentOverride`. Without the metadata the browser would send
    /// no client hints at all, which no normal Chrome does, and which every other browser does.
    pub(super) fn override_params(&self) -> Value {
        let mut params = json!({"userAgent": self.user_agent});
        if let Some((major, full)) = &self.version {
            params["userAgentMetadata"] = self.hints(major, full);
        }
        if let Some(languages) = &self.languages {
            params["acceptLanguage"] = json!(languages);
        }
        params
    }

    fn hints(&self, major: &str, full: &str) -> Value {
        let brands = |version: &str| {
            json!([
                {"brand": "Chromium", "version": version},
                {"brand": "Not)A;Brand", "version": "24"},
                {"brand": "Google Chrome", "version": version},
            ])
        };
        let platform = [
            ("Android", "Android"),
            ("Windows", "Windows"),
            ("Mac OS", "macOS"),
        ]
        .into_iter()
        .find(|(sign, _)| self.user_agent.contains(sign))
        .map_or("Linux", |(_, platform)| platform);
        let phone = self.mobile || self.user_agent.contains(" Mobile ");
        json!({
            "brands": brands(major),
            "fullVersionList": brands(full),
            "platform": platform,
            "platformVersion": "",
            "architecture": if phone { "" } else { "x86" },
            "model": "",
            "mobile": phone,
            "bitness": if phone { "" } else { "64" },
        })
    }
}

/// The Chrome version in a user agent, short and whole.
fn chrome_in(user_agent: &str) -> Option<(String, String)> {
    let (_, after) = user_agent.split_once("Chrome/")?;
    let full = after.split(' ').next()?.to_owned();
    let major = full.split('.').next()?.to_owned();
    Some((major, full))
}

/// The user agent of a normal Chrome, which names its major version only.
pub(super) fn user_agent_of(major: &str, mobile: bool) -> String {
    let (platform, phone) = match mobile {
        true => ("Linux; Android 10; K", " Mobile"),
        false if cfg!(windows) => ("Windows NT 10.0; Win64; x64", ""),
        false if cfg!(target_os = "macos") => ("Macintosh; Intel Mac OS X 10_15_7", ""),
        false => ("X11; Linux x86_64", ""),
    };
    format!(
        "Mozilla/5.0 ({platform}) AppleWebKit/537.36 (KHTML, like Gecko) \
         Chrome/{major}.0.0.0{phone} Safari/537.36"
    )
}

/// A locale and its language alone, as browsers list them: `de-DE,de`.
pub(super) fn languages(locale: &Locale) -> String {
    let locale = locale.as_str();
    match locale.split_once('-') {
        Some((language, _)) => format!("{locale},{language}"),
        None => locale.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may fail by panicking")]
    use super::*;

    const OWN: &str = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) HeadlessChrome/156.0.0.0 Safari/537.36";

    fn params(emulation: &Emulation) -> Value {
        Identity::new("Chrome/156.0.8078.79", OWN, emulation).override_params()
    }

    #[test]
    fn nothing_says_headless() {
        let params = params(&Emulation::default());
        assert!(!params.to_string().contains("Headless"));
        assert_eq!(params["userAgentMetadata"]["brands"][0]["version"], "156");
        assert_eq!(params["userAgentMetadata"]["platform"], "Linux");
        assert_eq!(params["userAgentMetadata"]["mobile"], false);
        assert_eq!(params["acceptLanguage"], Value::Null);
    }

    #[test]
    fn a_phone_says_so_everywhere() {
        let params = params(&Emulation {
            mobile: true,
            locale: Some("de-DE".parse().unwrap()),
            ..Emulation::default()
        });
        let agent = params["userAgent"].as_str().unwrap();
        assert!(agent.contains("Android 10; K"), "{agent}");
        assert!(agent.contains("Chrome/156.0.0.0 Mobile Safari"), "{agent}");
        assert_eq!(params["userAgentMetadata"]["platform"], "Android");
        assert_eq!(params["userAgentMetadata"]["mobile"], true);
        assert_eq!(params["acceptLanguage"], "de-DE,de");
    }

    #[test]
    fn another_browser_s_user_agent_sends_no_client_hints() {
        let with = |agent: &str| {
            params(&Emulation {
                user_agent: Some(agent.parse().unwrap()),
                ..Emulation::default()
            })
        };
        let firefox =
            with("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0");
        assert_eq!(firefox["userAgentMetadata"], Value::Null);
        let chrome = with("Mozilla/5.0 (Windows NT 10.0) Chrome/140.1.2.3 Safari/537.36");
        let hints = &chrome["userAgentMetadata"];
        assert_eq!(hints["brands"][0]["version"], "140");
        assert_eq!(hints["platform"], "Windows");
    }
}
