//! Bot checks and block pages, recognised from plain data.
//!
//! Only signs that the vendors' ordinary pages do not carry count: many sites behind these services
//! load the same scripts on every page. Each row is one kind of page; all that a row asks for must
//! be there.

/// What is known of an answer, however it was fetched.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Answer<'a> {
    /// HTTP status.
    pub(crate) status: u16,
    /// Header names in lower case, and their values.
    pub(crate) headers: &'a [(String, String)],
    /// The document's title.
    pub(crate) title: &'a str,
    /// The document's source, or its beginning.
    pub(crate) html: &'a str,
    /// The text that a visitor sees, or its beginning.
    pub(crate) text: &'a str,
}

/// One kind of page.
struct Sign {
    /// Who checks, for the message.
    who: &'static str,
    /// A header and a part of its value; any value if empty.
    header: Option<(&'static str, &'static str)>,
    /// A part of the title, lower case.
    title: &'static str,
    /// A part of the source, lower case.
    html: &'static str,
    /// Where the signs also stand on ordinary pages: only if the status is an error, or if a
    /// visitor sees little text.
    only_if_bare: bool,
}

const NONE: Sign = Sign {
    who: "",
    header: None,
    title: "",
    html: "",
    only_if_bare: false,
};

/// So much text is a page of its own; a bot check says less.
const BARE_TEXT: usize = 600;

const SIGNS: &[Sign] = &[
    Sign {
        who: "a Cloudflare challenge",
        header: Some(("cf-mitigated", "challenge")),
        ..NONE
    },
    Sign {
        who: "a Vercel challenge",
        header: Some(("x-vercel-mitigated", "challenge")),
        ..NONE
    },
    Sign {
        who: "an AWS WAF challenge",
        header: Some(("x-amzn-waf-action", "")),
        ..NONE
    },
    Sign {
        who: "a Cloudflare challenge",
        html: "_cf_chl_opt",
        ..NONE
    },
    Sign {
        who: "a Cloudflare challenge",
        title: "just a moment...",
        html: "challenges.cloudflare.com",
        ..NONE
    },
    Sign {
        who: "a Cloudflare block page",
        title: "attention required! | cloudflare",
        ..NONE
    },
    Sign {
        who: "a HUMAN (PerimeterX) check",
        html: "px-captcha",
        only_if_bare: true,
        ..NONE
    },
    Sign {
        who: "a HUMAN (PerimeterX) check",
        title: "access to this page has been denied",
        ..NONE
    },
    Sign {
        who: "a DataDome check",
        html: "captcha-delivery.com",
        only_if_bare: true,
        ..NONE
    },
    Sign {
        who: "an Akamai block page",
        title: "access denied",
        html: "errors.edgesuite.net",
        ..NONE
    },
    Sign {
        who: "an Akamai block page",
        title: "access denied",
        html: "reference&#32;&#35;",
        ..NONE
    },
    Sign {
        who: "an Akamai check",
        html: "sec-if-cpt-container",
        only_if_bare: true,
        ..NONE
    },
    Sign {
        who: "an Imperva block page",
        html: "incapsula incident id",
        ..NONE
    },
    Sign {
        who: "an Imperva check",
        html: "_incapsula_resource",
        only_if_bare: true,
        ..NONE
    },
    Sign {
        who: "a Sucuri block page",
        title: "sucuri website firewall",
        ..NONE
    },
    Sign {
        who: "a DDoS-Guard check",
        title: "ddos-guard",
        ..NONE
    },
    Sign {
        who: "a Kasada check",
        header: Some(("x-kpsdk-ct", "")),
        only_if_bare: true,
        ..NONE
    },
    Sign {
        who: "an Anubis check",
        title: "making sure you're not a bot",
        ..NONE
    },
    Sign {
        who: "a bot check",
        title: "just a moment",
        only_if_bare: true,
        ..NONE
    },
    Sign {
        who: "a bot check",
        title: "are you a robot",
        ..NONE
    },
    Sign {
        who: "a bot check",
        title: "verifying you are human",
        ..NONE
    },
    Sign {
        who: "a bot check",
        html: "checking your browser before accessing",
        only_if_bare: true,
        ..NONE
    },
    Sign {
        who: "a bot check",
        html: "verify you are human",
        only_if_bare: true,
        ..NONE
    },
    Sign {
        who: "a bot check",
        html: "verify that you are not a robot",
        only_if_bare: true,
        ..NONE
    },
    Sign {
        who: "a bot check",
        html: "unusual traffic from your computer network",
        only_if_bare: true,
        ..NONE
    },
];

/// Who checked or blocked, in words ("a Cloudflare challenge"); `None` for an ordinary answer,
/// errors included.
pub(crate) fn is_challenge(answer: &Answer<'_>) -> Option<&'static str> {
    let title = answer.title.to_lowercase();
    let html = answer.html.to_lowercase();
    let bare = answer.status >= 400 || answer.text.trim().chars().count() < BARE_TEXT;
    let shows = |sign: &&Sign| {
        (bare || !sign.only_if_bare)
            && title.contains(sign.title)
            && html.contains(sign.html)
            && sign.header.is_none_or(|(name, part)| {
                let mut headers = answer.headers.iter();
                headers.any(|(n, v)| n == name && v.to_lowercase().contains(part))
            })
    };
    SIGNS.iter().find(shows).map(|sign| sign.who)
}

#[cfg(test)]
mod tests {
    use super::*;

    const PROSE: &str = "We sell lamps, chairs and tables to people who care for their rooms. ";

    fn found(status: u16, header: (&str, &str), title: &str, html: &str) -> Option<&'static str> {
        is_challenge(&Answer {
            status,
            headers: &[(header.0.to_owned(), header.1.to_owned())],
            title,
            html,
            text: html,
        })
    }

    #[test]
    fn every_sign_asks_for_something() {
        for sign in SIGNS {
            let asks = sign.header.is_some() || !sign.title.is_empty() || !sign.html.is_empty();
            assert!(asks && !sign.who.is_empty());
            assert_eq!(sign.title, sign.title.to_lowercase());
            assert_eq!(sign.html, sign.html.to_lowercase());
        }
    }

    #[test]
    fn checks_are_found_whatever_their_status() {
        let none = ("", "");
        for (status, header, title, html) in [
            (403, ("cf-mitigated", "challenge"), "Shop", "<p>Shop</p>"),
            (
                200,
                none,
                "Just a moment...",
                "<script>window._cf_chl_opt={}</script>",
            ),
            (
                200,
                none,
                "Access to this page has been denied",
                "<div id=px-captcha></div>",
            ),
            (
                403,
                none,
                "shop.test",
                "<script src=https://geo.captcha-delivery.com/c.js>",
            ),
            (
                403,
                none,
                "Access Denied",
                "Reference https://errors.edgesuite.net/18.1",
            ),
            (
                200,
                none,
                "",
                "Request unsuccessful. Incapsula incident ID: 1-2",
            ),
            (202, ("x-amzn-waf-action", "challenge"), "", ""),
            (429, ("x-kpsdk-ct", "abc"), "", ""),
            (200, none, "Shop", "Please verify you are human to go on"),
        ] {
            assert!(
                found(status, header, title, html).is_some(),
                "{title} {html}"
            );
        }
    }

    #[test]
    fn ordinary_pages_of_the_same_vendors_are_none() {
        let long = PROSE.repeat(20);
        let page = |extra: &str| format!("<p>{long}</p>{extra}");
        let none = ("", "");
        for (header, html) in [
            (
                none,
                page("<script src=/cdn-cgi/challenge-platform/scripts/jsd/main.js></script>"),
            ),
            (none, page("<script src=/_Incapsula_Resource?x></script>")),
            (none, page("a form that asks to verify you are human")),
            (("x-datadome", "protected"), page("")),
            (("x-kpsdk-ct", "abc"), page("")),
        ] {
            assert_eq!(
                found(200, header, "Just a moment of calm", &html),
                None,
                "{html}"
            );
        }
        assert_eq!(found(404, none, "Not found", "<p>Nothing here</p>"), None);
        assert_eq!(found(403, none, "Forbidden", "<p>Access denied</p>"), None);
    }
}
