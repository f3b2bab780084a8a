//! What plain facts about a loaded page say against it: an error status, a bot check, another site,
//! a file instead of a page, nothing to see. Shared by the engines, so that both name the same
//! faults for the same answers.

use url::Url;

use super::challenge::{self, Answer};
use crate::model::fault::FaultKind;
use crate::model::site::{host_of, plain_address, registrable_domain, same_site};

/// What an engine knows of the page when it has loaded.
#[derive(Debug, Clone, Copy)]
pub(crate) struct PageFacts<'a> {
    /// The address asked for.
    pub(crate) asked: &'a Url,
    /// The address of the document in the end.
    pub(crate) landed: &'a Url,
    /// The document's media type without parameters; empty if none was given.
    pub(crate) mime: &'a str,
    /// Its answer.
    pub(crate) answer: Answer<'a>,
    /// How many pictures, frames and controls it has. An engine that runs no scripts counts these
    /// too, since they may build the page.
    pub(crate) things: usize,
}

/// Every fault of a page that loaded, the gravest first, each with a sentence for people.
pub(crate) fn faults(page: &PageFacts<'_>) -> Vec<(FaultKind, String)> {
    let status = page.answer.status;
    let mut faults = Vec::new();
    if let Some(who) = challenge::is_challenge(&page.answer) {
        let message = format!("{} answered with {who} (status {status})", page.landed);
        faults.push((FaultKind::Challenge, message));
    } else {
        faults.extend(fault_of_status(status, page.landed));
    }
    faults.extend(left_the_site(page.asked, page.landed));
    if let Some(fault) = fault_of_type(page.mime, page.answer.headers, page.landed) {
        faults.push(fault);
    } else if faults.is_empty() && page.things == 0 && page.answer.text.trim().is_empty() {
        let message = format!(
            "{} has no text, pictures, frames or controls (status {status})",
            plain_address(page.landed.as_str())
        );
        faults.push((FaultKind::EmptyPage, message));
    }
    faults
}

/// The fault of a status of 400 or above.
pub(crate) fn fault_of_status(status: u16, url: &Url) -> Option<(FaultKind, String)> {
    (status >= 400).then(|| {
        let message = format!(
            "{} answered with status {status}",
            plain_address(url.as_str())
        );
        (FaultKind::HttpStatus, message)
    })
}

/// The fault of ending on another registrable domain than the one asked for.
pub(crate) fn left_the_site(asked: &Url, landed: &Url) -> Option<(FaultKind, String)> {
    let (from, to) = (host_of(asked.as_str()), host_of(landed.as_str()));
    (!same_site(&from, &to)).then(|| {
        let message = format!(
            "{} led to {}, which belongs to another site ({} instead of {}); scan that address if it \
             is the one you mean",
            plain_address(asked.as_str()),
            plain_address(landed.as_str()),
            registrable_domain(&to),
            registrable_domain(&from)
        );
        (FaultKind::RedirectedAway, message)
    })
}

/// The fault of an answer that a browser saves or shows as something else than a web page.
pub(crate) fn fault_of_type(
    mime: &str,
    headers: &[(String, String)],
    url: &Url,
) -> Option<(FaultKind, String)> {
    let attachment = headers.iter().any(|(name, value)| {
        let kind = value.split(';').next().unwrap_or_default().trim();
        name == "content-disposition" && kind.eq_ignore_ascii_case("attachment")
    });
    let url = plain_address(url.as_str());
    let message = if attachment {
        format!("{url} is a file to save, not a page")
    } else if is_page(mime) {
        return None;
    } else {
        format!("{url} is of the type {mime}, not a web page")
    };
    Some((FaultKind::Download, message))
}

/// Whether a media type (without parameters) is that of a web page. Without a type, browsers look
/// at the content, which for a navigation is a page nearly always.
pub(crate) fn is_page(mime: &str) -> bool {
    let mime = mime.to_ascii_lowercase();
    matches!(mime.as_str(), "" | "text/html" | "application/xhtml+xml")
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may fail by panicking")]
    use super::*;

    fn kinds(
        landed: &str,
        status: u16,
        mime: &str,
        headers: &[(&str, &str)],
        text: &str,
    ) -> Vec<FaultKind> {
        let headers: Vec<_> = headers
            .iter()
            .map(|(n, v)| ((*n).to_owned(), (*v).to_owned()))
            .collect();
        let found = faults(&PageFacts {
            asked: &Url::parse("https://www.shop.test/").unwrap(),
            landed: &Url::parse(landed).unwrap(),
            mime,
            answer: Answer {
                status,
                headers: &headers,
                title: "",
                html: text,
                text,
            },
            things: 0,
        });
        found.into_iter().map(|(kind, _)| kind).collect()
    }

    #[test]
    fn an_ordinary_page_has_no_fault() {
        for mime in ["text/html", "TEXT/HTML", "application/xhtml+xml", ""] {
            assert!(kinds("https://shop.test/", 200, mime, &[], "Lamps").is_empty());
        }
    }

    #[test]
    fn each_fault_has_its_kind() {
        use FaultKind::{Challenge, Download, EmptyPage, HttpStatus, RedirectedAway};
        let shop = "https://shop.test/";
        let html = "text/html";
        assert_eq!(kinds(shop, 404, html, &[], ""), [HttpStatus]);
        assert_eq!(
            kinds(shop, 403, html, &[("cf-mitigated", "challenge")], ""),
            [Challenge]
        );
        assert_eq!(
            kinds("https://other.test/", 200, html, &[], "Hi"),
            [RedirectedAway]
        );
        assert_eq!(kinds(shop, 200, html, &[], " \n"), [EmptyPage]);
        assert_eq!(kinds(shop, 200, "application/pdf", &[], ""), [Download]);
        let attachment = [("content-disposition", "Attachment; filename=x.html")];
        assert_eq!(kinds(shop, 200, html, &attachment, "Hi"), [Download]);
        assert_eq!(
            kinds("https://other.test/", 500, html, &[], ""),
            [HttpStatus, RedirectedAway]
        );
    }
}
