//! One fetch from its first request to the body of its last answer: redirects hop by hop, with
//! every `Set-Cookie` line of every hop kept as it came.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

use reqwest::Response;
use reqwest::header::{
    ACCEPT, COOKIE, HeaderMap, HeaderName, HeaderValue, LOCATION, REFERER, SET_COOKIE,
};
use tokio::time::{Instant, timeout_at};
use url::Url;

use super::client::{Failure, Network};
use super::cookies::{Context, Jar, site_of};
use super::element::Resource;
use crate::model::cookie::SetCookie;
use crate::model::cookie_date;
use crate::model::fault::FaultKind;
use crate::model::observation::{
    self as seen, CookieWrite, Event, Request, RequestFailed, Via, Writer,
};

/// As many redirects as Chromium follows.
const MAX_HOPS: usize = 20;

/// What to fetch, and from where it is asked for.
#[derive(Debug, Clone)]
pub(super) struct Order {
    /// Id for the observations; the hops share it.
    pub(super) id: String,
    /// The address.
    pub(super) url: Url,
    /// What it is for.
    pub(super) kind: Resource,
    /// The document that asks; `None` for the page itself.
    pub(super) document: Option<Asking>,
    /// Most bytes of the body that are read; 0 leaves the body alone.
    pub(super) most: usize,
    /// When it must be done.
    pub(super) deadline: Instant,
    /// The address that the visit is to, whose site gets the visitor's own headers.
    pub(super) target: Url,
}

/// The document that a subresource belongs to.
#[derive(Debug, Clone)]
pub(super) struct Asking {
    /// Its address.
    pub(super) url: Url,
    /// The page's site.
    pub(super) top_site: String,
    /// Whether the document is in a frame of another site than the page's.
    pub(super) cross_site: bool,
}

/// A line to put into the visit's jar.
#[derive(Debug, Clone)]
pub(super) struct JarWrite {
    cookie: SetCookie,
    url: Url,
    clock: f64,
    top_site: String,
    cross_site: bool,
}

impl JarWrite {
    /// Does to a jar what was done to the fetch's own.
    pub(super) fn apply(&self, jar: &mut Jar) {
        let context = Context {
            top_site: &self.top_site,
            cross_site: self.cross_site,
        };
        jar.write(&self.cookie, &self.url, self.clock, context);
    }
}

/// All that a fetch showed.
#[derive(Debug)]
pub(super) struct Fetched {
    /// What happened, with the milliseconds since the visit began.
    pub(super) events: Vec<(u64, Event)>,
    /// The cookies of all hops.
    pub(super) writes: Vec<JarWrite>,
    /// The last answer, or why there is none.
    pub(super) end: Result<Landed, (Url, Failure)>,
}

/// The last answer of a fetch.
#[derive(Debug)]
pub(super) struct Landed {
    /// Where it came from.
    pub(super) url: Url,
    /// Its status.
    pub(super) status: u16,
    /// Names in lower case.
    pub(super) headers: Vec<(String, String)>,
    /// Media type without parameters.
    pub(super) mime: String,
    /// The body as far as it was read, as text.
    pub(super) body: String,
    /// Whether there was more of it.
    pub(super) cut: bool,
}

/// Seconds since 1970 by this machine's clock.
pub(super) fn now() -> f64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    since.map_or(0.0, |d| d.as_secs_f64())
}

/// Milliseconds since `start`.
pub(super) fn millis(start: Instant) -> u64 {
    u64::try_from(start.elapsed().as_millis()).unwrap_or(u64::MAX)
}

/// Fetches with a jar of its own, so that fetches side by side cannot see each other's cookies and
/// a visit is the same each time. `budget` is what all bodies together may still weigh.
pub(super) async fn fetch(
    network: &Network,
    order: Order,
    jar: Jar,
    start: Instant,
    budget: &AtomicUsize,
) -> Fetched {
    let mut fetch = Fetch {
        network,
        order: &order,
        jar,
        start,
        events: Vec::new(),
        writes: Vec::new(),
    };
    let end = fetch.run(budget).await;
    if let Err((url, failure)) = &end {
        let failed = RequestFailed {
            id: order.id.clone(),
            url: url.to_string(),
            reason: failure.reason.clone(),
        };
        fetch.log(Event::RequestFailed(failed));
    }
    Fetched {
        events: fetch.events,
        writes: fetch.writes,
        end,
    }
}

struct Fetch<'a> {
    network: &'a Network,
    order: &'a Order,
    jar: Jar,
    start: Instant,
    events: Vec<(u64, Event)>,
    writes: Vec<JarWrite>,
}

impl Fetch<'_> {
    fn log(&mut self, event: Event) {
        self.events.push((millis(self.start), event));
    }

    async fn run(&mut self, budget: &AtomicUsize) -> Result<Landed, (Url, Failure)> {
        let mut url = self.order.url.clone();
        let mut from = None;
        for _ in 0..=MAX_HOPS {
            let hop = self.hop(&url, from.take()).await;
            let response = hop.map_err(|failure| (url.clone(), failure))?;
            match next(&url, &response).map_err(|failure| (url.clone(), failure))? {
                Some(next) => from = Some(std::mem::replace(&mut url, next)),
                None => {
                    let landed = self.land(url.clone(), response, budget).await;
                    return landed.map_err(|failure| (url, failure));
                }
            }
        }
        let reason = format!("it was redirected more than {MAX_HOPS} times");
        Err((url, Failure::new(FaultKind::LoadFailed, reason)))
    }

    /// One request and the head of its answer.
    async fn hop(&mut self, url: &Url, from: Option<Url>) -> Result<Response, Failure> {
        let (top_site, cross_site) = self.standing(url);
        let context = Context {
            top_site: &top_site,
            cross_site,
        };
        let asking = self.order.document.as_ref();
        let document = asking.map_or(url, |d| &d.url);
        self.log(Event::Request(Request {
            id: self.order.id.clone(),
            url: url.to_string(),
            method: "GET".into(),
            resource: self.order.kind.as_str().into(),
            initiator: match asking {
                Some(document) => Writer::response(document.url.as_str()),
                None => Writer::unknown(),
            },
            document_url: document.to_string(),
            redirected_from: from.map(String::from),
        }));
        let mut headers = self.headers(url);
        headers.extend(self.network.extra_headers(&self.order.target, url));
        if let Some((line, sent)) = self.jar.for_request(url, context) {
            // Bytes above ASCII go out as they came in.
            if let Ok(value) = HeaderValue::from_bytes(line.as_bytes()) {
                headers.insert(COOKIE, value);
                if !sent.cookies.is_empty() {
                    self.log(Event::CookiesSent(sent));
                }
            }
        }
        let answer = timeout_at(self.order.deadline, self.network.get(url, headers)).await;
        let response = answer.map_err(|_| self.too_late("no answer"))??;
        self.log(Event::Response(seen::Response {
            id: self.order.id.clone(),
            url: url.to_string(),
            status: response.status().as_u16(),
            mime: mime(response.headers()),
            body_bytes: None,
        }));
        self.keep_cookies(url, response.headers(), context);
        Ok(response)
    }

    /// The page's site, and whether a request to `url` is to another one. The page itself is its
    /// own site wherever it is redirected to.
    fn standing(&self, url: &Url) -> (String, bool) {
        let site = site_of(url);
        match &self.order.document {
            None => (site, false),
            Some(d) => (d.top_site.clone(), d.cross_site || site != d.top_site),
        }
    }

    fn headers(&self, url: &Url) -> HeaderMap {
        let mut headers = HeaderMap::new();
        headers.insert(ACCEPT, HeaderValue::from_static(self.order.kind.accept()));
        if matches!(self.order.kind, Resource::Document | Resource::Frame) {
            let upgrade = HeaderName::from_static("upgrade-insecure-requests");
            headers.insert(upgrade, HeaderValue::from_static("1"));
        }
        let referer = self.order.document.as_ref();
        let referer = referer.and_then(|d| referer_to(&d.url, url));
        if let Some(value) = referer.and_then(|r| HeaderValue::from_str(&r).ok()) {
            headers.insert(REFERER, value);
        }
        headers
    }

    fn keep_cookies(&mut self, url: &Url, headers: &HeaderMap, context: Context<'_>) {
        let date = headers.get("date").and_then(|d| d.to_str().ok());
        let clock = date.and_then(cookie_date::parse).unwrap_or_else(now);
        for line in headers.get_all(SET_COOKIE) {
            let raw = String::from_utf8_lossy(line.as_bytes()).into_owned();
            let cookie = SetCookie::parse(&raw);
            let outcome = self.jar.write(&cookie, url, clock, context);
            self.writes.push(JarWrite {
                cookie: cookie.clone(),
                url: url.clone(),
                clock,
                top_site: context.top_site.to_owned(),
                cross_site: context.cross_site,
            });
            self.log(Event::CookieWrite(CookieWrite {
                via: Via::Header,
                raw,
                cookie,
                url: url.to_string(),
                clock,
                writer: Writer::response(url.as_str()),
                refused: outcome.refused,
                partition: outcome.partition,
            }));
        }
    }

    async fn land(
        &self,
        url: Url,
        mut response: Response,
        budget: &AtomicUsize,
    ) -> Result<Landed, Failure> {
        let mut landed = Landed {
            url,
            status: response.status().as_u16(),
            headers: plain(response.headers()),
            mime: mime(response.headers()),
            body: String::new(),
            cut: false,
        };
        let mut bytes = Vec::new();
        if self.order.most == 0 {
            return Ok(landed);
        }
        loop {
            let chunk = timeout_at(self.order.deadline, response.chunk()).await;
            let chunk = chunk.map_err(|_| self.too_late("no end of the answer"))?;
            let Some(chunk) = chunk.map_err(|e| Failure::of(&e))? else {
                break;
            };
            let room = (self.order.most - bytes.len()).min(take(budget, chunk.len()));
            bytes.extend_from_slice(&chunk[..room.min(chunk.len())]);
            if room < chunk.len() {
                landed.cut = true;
                break;
            }
        }
        landed.body = String::from_utf8_lossy(&bytes).into_owned();
        Ok(landed)
    }

    fn too_late(&self, what: &str) -> Failure {
        let waited = self.order.deadline.saturating_duration_since(self.start);
        let reason = format!(
            "{what} within {:.1} s of the visit's begin",
            waited.as_secs_f64()
        );
        Failure::new(FaultKind::Timeout, reason)
    }
}

/// Takes up to `wanted` bytes from the budget.
fn take(budget: &AtomicUsize, wanted: usize) -> usize {
    let less = |left: usize| Some(left.saturating_sub(wanted));
    match budget.fetch_update(Ordering::Relaxed, Ordering::Relaxed, less) {
        Ok(left) | Err(left) => left.min(wanted),
    }
}

/// Where an answer leads on to.
fn next(url: &Url, response: &Response) -> Result<Option<Url>, Failure> {
    let Some(location) = response.headers().get(LOCATION) else {
        return Ok(None);
    };
    if !matches!(response.status().as_u16(), 301 | 302 | 303 | 307 | 308) {
        return Ok(None);
    }
    let location = String::from_utf8_lossy(location.as_bytes());
    match url.join(location.trim()) {
        Ok(next) if matches!(next.scheme(), "http" | "https") => Ok(Some(next)),
        _ => {
            let reason = format!("it was redirected to \"{location}\", which is no web address");
            Err(Failure::new(FaultKind::LoadFailed, reason))
        }
    }
}

/// What browsers say about the page that asks: all of it to its own origin, the origin to others,
/// nothing from https to http.
fn referer_to(document: &Url, url: &Url) -> Option<String> {
    if document.scheme() == "https" && url.scheme() == "http" {
        return None;
    }
    if document.origin() != url.origin() {
        return Some(format!("{}/", document.origin().ascii_serialization()));
    }
    let mut bare = document.clone();
    bare.set_fragment(None);
    let _ = bare.set_username("");
    let _ = bare.set_password(None);
    Some(bare.into())
}

fn mime(headers: &HeaderMap) -> String {
    let value = headers.get("content-type").and_then(|v| v.to_str().ok());
    let essence = value
        .unwrap_or_default()
        .split(';')
        .next()
        .unwrap_or_default();
    essence.trim().to_ascii_lowercase()
}

fn plain(headers: &HeaderMap) -> Vec<(String, String)> {
    let text = |value: &HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
    headers
        .iter()
        .map(|(n, v)| (n.as_str().to_owned(), text(v)))
        .collect()
}
