//! One request of a HAR file and its answer.

use serde::Serialize;

use super::PAGE;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Entry<'v> {
    pageref: &'static str,
    started_date_time: String,
    /// Milliseconds.
    time: u64,
    pub(super) request: Asked<'v>,
    pub(super) response: Answered<'v>,
    cache: Cache,
    timings: Timings,
    // The format leaves names with an underscore to everyone.
    #[serde(rename = "_resourceType")]
    pub(super) resource_type: &'v str,
    #[serde(rename = "_initiator", skip_serializing_if = "Option::is_none")]
    pub(super) initiator: Option<&'v str>,
    #[serde(skip)]
    at_ms: u64,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Asked<'v> {
    pub(super) method: &'v str,
    pub(super) url: &'v str,
    http_version: &'static str,
    pub(super) cookies: Vec<Cookie<'v>>,
    headers: Vec<Named<'v>>,
    query_string: Vec<Named<'v>>,
    headers_size: i64,
    body_size: i64,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Answered<'v> {
    status: u16,
    status_text: &'static str,
    http_version: &'static str,
    pub(super) cookies: Vec<Cookie<'v>>,
    pub(super) headers: Vec<Named<'v>>,
    content: Content<'v>,
    #[serde(rename = "redirectURL")]
    pub(super) redirect_url: &'v str,
    headers_size: i64,
    body_size: i64,
    #[serde(rename = "_error", skip_serializing_if = "Option::is_none")]
    error: Option<&'v str>,
}

#[derive(Serialize)]
pub(super) struct Cookie<'v> {
    pub(super) name: &'v str,
    pub(super) value: &'v str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) comment: Option<&'static str>,
}

#[derive(Serialize)]
pub(super) struct Named<'v> {
    pub(super) name: &'v str,
    pub(super) value: &'v str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Content<'v> {
    size: i64,
    mime_type: &'v str,
}

/// Nothing is known of caches; the field must be there.
#[derive(Serialize)]
struct Cache {}

#[derive(Serialize)]
struct Timings {
    send: u64,
    wait: u64,
    receive: u64,
}

impl<'v> Entry<'v> {
    /// A request that nobody has answered yet. `visit` is when the visit began.
    pub(super) fn new(visit: f64, at_ms: u64, url: &'v str) -> Self {
        Self {
            pageref: PAGE,
            started_date_time: moment(visit, at_ms),
            time: 0,
            request: Asked {
                method: "GET",
                url,
                http_version: "",
                cookies: Vec::new(),
                headers: Vec::new(),
                query_string: query(url),
                headers_size: -1,
                body_size: -1,
            },
            response: Answered {
                status: 0,
                status_text: "",
                http_version: "",
                cookies: Vec::new(),
                headers: Vec::new(),
                content: Content {
                    size: 0,
                    mime_type: "",
                },
                redirect_url: "",
                headers_size: -1,
                body_size: -1,
                error: None,
            },
            cache: Cache {},
            timings: Timings {
                send: 0,
                wait: 0,
                receive: 0,
            },
            resource_type: "other",
            initiator: None,
            at_ms,
        }
    }

    /// The head of the answer came.
    pub(super) fn answer(&mut self, at_ms: u64, status: u16, mime: &'v str) {
        self.over(at_ms);
        self.response.status = status;
        self.response.content.mime_type = mime;
    }

    /// There will be no answer.
    pub(super) fn fail(&mut self, at_ms: u64, reason: &'v str) {
        self.over(at_ms);
        self.response.error = Some(reason);
    }

    fn over(&mut self, at_ms: u64) {
        self.time = at_ms.saturating_sub(self.at_ms);
        self.timings.wait = self.time;
    }
}

/// A moment of the visit, as RFC 3339 in UTC with milliseconds.
pub(super) fn moment(visit: f64, at_ms: u64) -> String {
    #[expect(
        clippy::cast_possible_truncation,
        reason = "a float cast saturates, and no time is that far"
    )]
    let millis = (visit * 1000.0).round() as i64;
    let at = i64::try_from(at_ms).unwrap_or(i64::MAX);
    let moment = jiff::Timestamp::from_millisecond(millis.saturating_add(at));
    format!("{:.3}", moment.unwrap_or(jiff::Timestamp::UNIX_EPOCH))
}

/// The parameters of an address, as they are written in it.
fn query(url: &str) -> Vec<Named<'_>> {
    let rest = &url[..fragment(url)];
    let Some((_, query)) = rest.split_once('?') else {
        return Vec::new();
    };
    let pairs = query.split('&').filter(|pair| !pair.is_empty());
    pairs
        .map(|pair| pair.split_once('=').unwrap_or((pair, "")))
        .map(|(name, value)| Named { name, value })
        .collect()
}

/// Where the fragment begins. What stands for a value (`‹8 chars, #…›`) has the same sign in it.
fn fragment(url: &str) -> usize {
    let mut inside = false;
    for (at, character) in url.char_indices() {
        match character {
            '‹' => inside = true,
            '›' => inside = false,
            '#' if !inside => return at,
            _ => {}
        }
    }
    url.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_are_read_also_where_values_are_not_there() {
        let pairs = |url| {
            let named: Vec<_> = query(url).iter().map(|n| (n.name, n.value)).collect();
            named
        };
        assert_eq!(
            pairs("https://a.test/?a=1&b&=c#d=e"),
            [("a", "1"), ("b", ""), ("", "c")]
        );
        assert_eq!(
            pairs("https://a.test/?a=‹9 chars, #01›&b=2#‹3 chars›"),
            [("a", "‹9 chars, #01›"), ("b", "2")]
        );
        assert_eq!(pairs("https://a.test/#?a=1"), []);
    }

    #[test]
    fn moments_are_told_to_the_millisecond() {
        assert_eq!(moment(1_795_000_000.5, 20), "2026-11-18T11:06:40.520Z");
        assert_eq!(moment(f64::INFINITY, u64::MAX), "1970-01-01T00:00:00.000Z");
    }
}
