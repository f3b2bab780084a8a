//! Who the browser says it is: a normal Chrome of its own version. Some banners hide from browsers
//! that call themselves headless, and a scan must see what visitors see.

use serde_json::{Value, json};

/// User agent and client hints.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Identity {
    user_agent: String,
    major: String,
    full: String,
}

impl Identity {
    /// From what the browser says of itself: `Chrome/156.0.8078.79` and its user agent.
    pub(super) fn new(product: &str, user_agent: &str) -> Self {
        let full = product
            .rsplit_once('/')
            .map_or("", |(_, version)| version)
            .to_owned();
        let major = full.split('.').next().unwrap_or_default().to_owned();
        Self {
            user_agent: user_agent.replace("HeadlessChrome", "Chrome"),
            major,
            full,
        }
    }

    /// Parameters of `Emulation.setUserAgentOverride`. Without the metadata the browser would send
    /// no client hints at all, which no normal Chrome does.
    pub(super) fn override_params(&self) -> Value {
        let brands = |version: &str| {
            json!([
                {"brand": "Chromium", "version": version},
                {"brand": "Not)A;Brand", "version": "24"},
                {"brand": "Google Chrome", "version": version},
            ])
        };
        let platform = if self.user_agent.contains("Windows") {
            "Windows"
        } else if self.user_agent.contains("Mac OS") {
            "macOS"
        } else {
            "Linux"
        };
        json!({
            "userAgent": self.user_agent,
            "userAgentMetadata": {
                "brands": brands(&self.major),
                "fullVersionList": brands(&self.full),
                "platform": platform,
                "platformVersion": "",
                "architecture": "x86",
                "model": "",
                "mobile": false,
                "bitness": "64",
            },
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_says_headless() {
        let identity = Identity::new(
            "Chrome/156.0.8078.79",
            "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) HeadlessChrome/156.0.0.0 Safari/537.36",
        );
        let params = identity.override_params();
        assert!(!params.to_string().contains("Headless"));
        assert_eq!(params["userAgentMetadata"]["brands"][0]["version"], "156");
        assert_eq!(params["userAgentMetadata"]["platform"], "Linux");
    }
}
