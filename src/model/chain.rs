//! Who caused what: the chain from a write or a request up to the tag in the page that began it.
//!
//! A writer's stack says which scripts were running, the request of the outermost one says what
//! loaded it, and so on up to the page. Built from recorded observations alone, so a recording
//! comes to the same chains. Addresses may lie on any session of the browser; they are joined by what
//! they are. What was not seen ends a chain; it is never guessed.

use std::collections::{HashMap, HashSet};

use serde::{Deserialize, Serialize};

use super::observation::{Event, Observation, Request, Writer, WriterKind};

/// So many links of a chain are kept; more than that only made-up pages have.
const MAX_LINKS: usize = 24;

/// What part a link of a chain played.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum CauseKind {
    /// The response that wrote.
    Response,
    /// An address that led on to the link before.
    Redirect,
    /// Code in a file of its own.
    Script,
    /// Code inside a document.
    InlineScript,
    /// The text of a document or of a style sheet, which names the link before.
    Tag,
}

impl CauseKind {
    /// The word used in reports.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Response => "response",
            Self::Redirect => "redirect",
            Self::Script => "script",
            Self::InlineScript => "inline-script",
            Self::Tag => "tag",
        }
    }
}

/// One link of a chain.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cause {
    /// What part it played.
    pub kind: CauseKind,
    /// The address of the response or script, or of the document that holds the code or tag.
    pub url: String,
    /// Line in it, counted from 1, where one is known.
    pub line: Option<u32>,
    /// True where `url` is the visited page itself and no frame in it.
    pub page: bool,
}

/// All that a visit tells about causes.
pub struct Causes<'v> {
    /// Requests with their time, by address without fragment, in order of time.
    requests: HashMap<&'v str, Vec<(u64, &'v Request)>>,
    /// Who first opened a socket, by address.
    sockets: HashMap<&'v str, &'v Writer>,
    /// Where a hop of a redirect led on to: by its request's id and its address.
    led_to: HashMap<(&'v str, &'v str), &'v str>,
    /// Addresses of documents.
    documents: HashSet<&'v str>,
    /// Addresses of top documents.
    pages: HashSet<&'v str>,
}

impl<'v> Causes<'v> {
    /// Reads the observations of a visit.
    #[must_use]
    pub fn of(observations: &'v [Observation]) -> Self {
        let mut causes = Self {
            requests: HashMap::new(),
            sockets: HashMap::new(),
            led_to: HashMap::new(),
            documents: HashSet::new(),
            pages: HashSet::new(),
        };
        for observation in observations {
            match &observation.event {
                Event::Request(request) => {
                    let url = without_fragment(&request.url);
                    let known = causes.requests.entry(url).or_default();
                    known.push((observation.at_ms, request));
                    if let Some(before) = &request.redirected_from {
                        let hop = (request.id.as_str(), without_fragment(before));
                        causes.led_to.insert(hop, &request.url);
                    }
                    if request.resource == "document" {
                        causes.documents.insert(url);
                    }
                }
                Event::WebSocket(socket) => {
                    let url = without_fragment(&socket.url);
                    let opened = causes.sockets.entry(url);
                    opened.or_insert(&socket.initiator);
                }
                Event::Frame(frame) => {
                    let url = without_fragment(&frame.url);
                    causes.documents.insert(url);
                    if frame.top {
                        causes.pages.insert(url);
                    }
                }
                _ => {}
            }
        }
        causes
    }

    /// The chain of a write at this time: the writer first, the page's tag last. Empty if the writer
    /// was not seen.
    #[must_use]
    pub fn of_writer(&self, writer: &Writer, at_ms: u64) -> Vec<Cause> {
        let mut walk = Walk::new(self, at_ms);
        if writer.kind == WriterKind::Response && writer.stack.is_empty() {
            if let Some(url) = &writer.url {
                walk.push(CauseKind::Response, url, None);
                walk.up_from(url);
            }
        } else {
            walk.initiator(writer);
        }
        walk.chain
    }

    /// The chain of a request for `url` that was seen at this time: what led to it first, the page's
    /// tag last. Empty for what the visitor asked for.
    #[must_use]
    pub fn of_request(&self, url: &str, at_ms: u64) -> Vec<Cause> {
        let mut walk = Walk::new(self, at_ms);
        walk.up_from(url);
        walk.chain
    }

    /// The last request for this address up to a moment, or the first one after it: a write and the
    /// request that led to it are told in no fixed order.
    fn request(&self, url: &str, at_ms: u64) -> Option<&'v Request> {
        let known = self.requests.get(without_fragment(url))?;
        let later = known.partition_point(|(at, _)| *at <= at_ms);
        let (_, request) = known.get(later.saturating_sub(1))?;
        Some(request)
    }

    /// The addresses that the code of a script came by, the last one first: stacks name the one that
    /// was asked for, also where that led on to another one.
    fn sources<'u>(&self, url: &'u str, at_ms: u64) -> Vec<&'u str>
    where
        'v: 'u,
    {
        let mut sources = vec![url];
        let Some(request) = self.request(url, at_ms) else {
            return sources;
        };
        let mut hop = url;
        while sources.len() < MAX_LINKS
            && let Some(next) = self.led_to.get(&(&request.id, without_fragment(hop)))
        {
            hop = next;
            sources.insert(0, hop);
        }
        sources
    }
}

/// One way up.
struct Walk<'c, 'v> {
    causes: &'c Causes<'v>,
    at_ms: u64,
    chain: Vec<Cause>,
    /// Addresses whose requests were followed, so that no cycle is walked twice.
    followed: HashSet<String>,
}

impl<'c, 'v> Walk<'c, 'v> {
    fn new(causes: &'c Causes<'v>, at_ms: u64) -> Self {
        Self {
            causes,
            at_ms,
            chain: Vec::new(),
            followed: HashSet::new(),
        }
    }

    /// Adds a link; whether there was room. Frames of one file in a row are one link.
    fn push(&mut self, kind: CauseKind, url: &str, line: Option<u32>) -> bool {
        let before = self.chain.last();
        if before.is_some_and(|last| last.kind == kind && last.url == url) {
            return true;
        }
        if self.chain.len() >= MAX_LINKS {
            return false;
        }
        self.chain.push(Cause {
            kind,
            url: url.to_owned(),
            line,
            page: self.causes.pages.contains(without_fragment(url)),
        });
        true
    }

    /// Who caused a request or wrote: the scripts of the stack, or the text that the parser read.
    fn initiator(&mut self, initiator: &Writer) {
        let parsed = initiator.kind == WriterKind::Response;
        let frames = initiator.stack.iter().filter(|f| !f.url.is_empty());
        let mut before = None;
        for frame in frames {
            if before.replace(&frame.url) == Some(&frame.url) {
                continue;
            }
            let kind = match self.causes.documents.contains(without_fragment(&frame.url)) {
                _ if parsed => CauseKind::Tag,
                true => CauseKind::InlineScript,
                false if frame.url.starts_with("about:") => CauseKind::InlineScript,
                false => CauseKind::Script,
            };
            let sources = match kind {
                CauseKind::Script => self.causes.sources(&frame.url, self.at_ms),
                _ => vec![frame.url.as_str()],
            };
            for (url, hop) in sources.into_iter().zip(0..) {
                let pushed = match hop {
                    0 => self.push(kind, url, Some(frame.line)),
                    _ => self.push(CauseKind::Redirect, url, None),
                };
                if !pushed {
                    return;
                }
            }
        }
        if let (true, true, Some(url)) = (parsed, initiator.stack.is_empty(), &initiator.url) {
            self.push(CauseKind::Tag, url, None);
        }
        if let Some(last) = self.chain.last()
            && !last.page
        {
            let outermost = last.url.clone();
            self.up_from(&outermost);
        }
    }

    /// Goes on with what asked for this address: the hops of the redirect that led there, then the
    /// initiator of the first one.
    fn up_from(&mut self, url: &str) {
        let Some(mut request) = self.causes.request(url, self.at_ms) else {
            if let Some(opener) = self.causes.sockets.get(without_fragment(url))
                && self.followed.insert(url.to_owned())
            {
                self.initiator(opener);
            }
            return;
        };
        loop {
            if !self
                .followed
                .insert(without_fragment(&request.url).to_owned())
            {
                return;
            }
            let Some(before) = &request.redirected_from else {
                break;
            };
            let hop = self.hop_before(request, before);
            if !self.push(CauseKind::Redirect, before, None) {
                return;
            }
            match hop {
                Some(hop) => request = hop,
                None => break,
            }
        }
        self.initiator(&request.initiator);
    }

    /// The hop of the same redirect chain with this address.
    fn hop_before(&self, request: &Request, url: &str) -> Option<&'v Request> {
        let known = self.causes.requests.get(without_fragment(url))?;
        let same = known.iter().find(|(_, hop)| hop.id == request.id);
        same.map(|(_, hop)| *hop)
    }
}

fn without_fragment(url: &str) -> &str {
    url.split('#').next().unwrap_or(url)
}

/// A chain as one short line, the nearest cause first: `a.test/…/b.js:3 ← tag in the page, line 12`.
#[must_use]
pub fn in_words(chain: &[Cause]) -> String {
    let links: Vec<String> = chain.iter().map(words).collect();
    links.join(" ← ")
}

fn words(cause: &Cause) -> String {
    let place = if cause.page {
        "the page".to_owned()
    } else {
        short(&cause.url)
    };
    match (cause.kind, cause.line) {
        (CauseKind::Response, _) => format!("response of {place}"),
        (CauseKind::Redirect, _) => format!("redirect by {place}"),
        (CauseKind::Script, Some(line)) => format!("{place}:{line}"),
        (CauseKind::Script, None) => place,
        (CauseKind::InlineScript, Some(line)) => format!("inline script of {place}, line {line}"),
        (CauseKind::InlineScript, None) => format!("inline script of {place}"),
        (CauseKind::Tag, Some(line)) => format!("tag in {place}, line {line}"),
        (CauseKind::Tag, None) => format!("tag in {place}"),
    }
}

/// Host and file of an address: `cdn.test/…/widget.js`.
fn short(url: &str) -> String {
    let plain = url.split(['?', '#']).next().unwrap_or(url);
    let Some((_, rest)) = plain.split_once("://") else {
        return plain.chars().take(60).collect();
    };
    let (host, path) = rest.split_once('/').unwrap_or((rest, ""));
    let host = host.rsplit('@').next().unwrap_or(host);
    match path.trim_end_matches('/').rsplit_once('/') {
        Some((_, file)) => format!("{host}/…/{file}"),
        None => format!("{host}/{path}"),
    }
}

#[cfg(test)]
mod tests;
