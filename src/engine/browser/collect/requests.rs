//! Requests, responses and sockets, and the cookies that travel with them.
//!
//! The browser tells a request's raw heads (the only place with every `Set-Cookie` line) in events of
//! their own, without the address and in no fixed order to the others. The hops of a redirect chain
//! share an id; the n-th raw head belongs to the n-th hop that has one. Ids are joined over sessions,
//! because a cross-site frame's document is told by its parent's session.

use std::collections::{HashMap, HashSet};
use std::time::{Duration, Instant};

use super::contents::Contents;
use super::cookies;
use super::log::Log;
use crate::engine::browser::cdp::protocol::{
    AssociatedCookie, LoadingEnded, RequestExtraInfo, RequestWillBeSent, ResponseExtraInfo,
    ResponseHead, ResponseReceived, WebSocketCreated, to_u32,
};
use crate::engine::browser::cdp::traffic::{DataReceived, WebSocketFrame};
use crate::model::observation::{
    CookiesSent, Event, Request, RequestFailed, Response, SentCookie, WebSocket, Writer,
};
use crate::model::sent::Carrier;
use crate::model::site;

/// How long sockets must be quiet before the page's clock may go on.
const SOCKETS_QUIET: Duration = Duration::from_millis(300);

/// The same while the page waits for an answer. Not every message gets one.
const ANSWER_MAX: Duration = Duration::from_millis(1000);

/// The messages of so many sockets are kept.
const MAX_SOCKETS: usize = 10_000;

/// The network side of a visit.
#[derive(Debug, Default)]
pub(crate) struct Requests {
    chains: HashMap<String, Chain>,
    /// Requests that keep a page busy: id and session.
    in_flight: HashMap<String, String>,
    /// Sockets that are still connecting.
    connecting: HashSet<String>,
    /// Sockets on which the page spoke last: an answer may be on its way.
    unanswered: HashSet<String>,
    /// When a socket last opened, closed or moved.
    socket_moved: Option<Instant>,
    /// Hosts that were asked for something.
    hosts: HashSet<String>,
    /// Addresses of sockets.
    sockets: HashMap<String, String>,
    /// What was sent besides addresses.
    pub(crate) contents: Contents,
    /// The answer that the top frame's document came with.
    pub(crate) document: Option<ResponseHead>,
}

/// The hops of one request.
#[derive(Debug, Default)]
struct Chain {
    hops: Vec<String>,
    /// Hop that the next raw request head belongs to.
    next_sent: usize,
    /// Hop that the next raw response head belongs to.
    next_received: usize,
    /// Place of the last hop's answer in the record, and how much of its body came.
    answer: Option<usize>,
    body_bytes: u64,
    waiting_sent: Vec<RequestExtraInfo>,
    waiting_received: Vec<ResponseExtraInfo>,
}

impl Requests {
    /// `Network.requestWillBeSent`, also for the next hop of a redirect. `counts` says whether the
    /// page is busy with it.
    pub(crate) fn sent(
        &mut self,
        log: &mut Log,
        session: &str,
        event: RequestWillBeSent,
        counts: bool,
    ) {
        let chain = self.chains.entry(event.request_id.clone()).or_default();
        let before = chain.hops.last().cloned();
        if let Some(response) = &event.redirect_response {
            if !event.redirect_has_extra_info {
                chain.skip_head();
            }
            // The body of a redirect is not read.
            log.push(response_event(&event.request_id, response));
        }
        let url = without_inline_data(&event.request.url);
        chain.hops.push(url.clone());
        if counts && keeps_busy(&event) {
            self.in_flight
                .insert(event.request_id.clone(), session.to_owned());
        }
        self.hosts.insert(site::host_of(&url));
        match event.request.body() {
            Some(body) => self.contents.keep(log, &url, Carrier::Body, body),
            None => self.contents.left_out += 1,
        }
        log.push(Event::Request(Request {
            id: event.request_id.clone(),
            url,
            method: event.request.method,
            resource: event.r#type.to_ascii_lowercase(),
            initiator: event.initiator.writer(),
            document_url: event.document_url,
            redirected_from: event
                .redirect_response
                .is_some()
                .then_some(before)
                .flatten(),
        }));
        chain.flush(log);
    }

    /// `Network.requestWillBeSentExtraInfo`.
    pub(crate) fn sent_head(&mut self, log: &mut Log, event: RequestExtraInfo) {
        let chain = self.chains.entry(event.request_id.clone()).or_default();
        chain.waiting_sent.push(event);
        chain.flush(log);
    }

    /// `Network.responseReceivedExtraInfo`.
    pub(crate) fn received_head(&mut self, log: &mut Log, event: ResponseExtraInfo) {
        let chain = self.chains.entry(event.request_id.clone()).or_default();
        chain.waiting_received.push(event);
        chain.flush(log);
    }

    /// `Network.responseReceived`; `top` is the id of the visited page's frame.
    pub(crate) fn received(&mut self, log: &mut Log, event: ResponseReceived, top: &str) {
        let place = log.push(response_event(&event.request_id, &event.response));
        let chain = self.chains.entry(event.request_id).or_default();
        chain.answer = place;
        if event.r#type == "Document" && event.frame_id == top {
            self.document = Some(event.response);
        }
    }

    /// `Network.dataReceived`.
    pub(crate) fn data(&mut self, event: &DataReceived) {
        if let Some(chain) = self.chains.get_mut(&event.request_id) {
            let bytes = u64::from(to_u32(event.data_length));
            chain.body_bytes = chain.body_bytes.saturating_add(bytes);
        }
    }

    /// `Network.loadingFinished` and `Network.loadingFailed`; whether the page was busy with it.
    pub(crate) fn ended(&mut self, log: &mut Log, event: LoadingEnded) -> bool {
        let was_busy = self.in_flight.remove(&event.request_id).is_some();
        let chain = self.chains.get_mut(&event.request_id);
        if let Some(chain) = chain
            && let Some(place) = chain.answer.take()
            && event.error_text.is_empty()
        {
            log.complete_response(place, chain.body_bytes);
        }
        let url = self
            .chains
            .get(&event.request_id)
            .and_then(|chain| chain.hops.last().cloned())
            .filter(|_| !event.error_text.is_empty());
        let reason = match event.blocked_reason {
            Some(blocked) => format!("{} ({blocked})", event.error_text),
            None => event.error_text,
        };
        if let Some(url) = url {
            log.push(Event::RequestFailed(RequestFailed {
                id: event.request_id,
                url,
                reason,
            }));
        }
        was_busy
    }

    /// `Network.webSocketCreated`.
    pub(crate) fn socket_created(&mut self, log: &mut Log, event: WebSocketCreated) {
        if self.sockets.len() < MAX_SOCKETS {
            let id = event.request_id.clone();
            self.sockets.insert(id, event.url.clone());
        }
        self.connecting.insert(event.request_id);
        self.socket_moved();
        self.hosts.insert(site::host_of(&event.url));
        log.push(Event::WebSocket(WebSocket {
            url: event.url,
            initiator: event.initiator.map_or_else(Writer::unknown, |i| i.writer()),
        }));
    }

    /// `Network.webSocketFrameSent`.
    pub(crate) fn socket_sent(&mut self, log: &Log, event: WebSocketFrame) {
        if let Some(url) = self.sockets.get(&event.request_id) {
            let content = event.response.content();
            self.contents.keep(log, url, Carrier::Socket, content);
        }
    }

    /// The socket is open, or will never be.
    pub(crate) fn socket_settled(&mut self, id: &str) {
        self.connecting.remove(id);
        self.unanswered.remove(id);
        self.socket_moved();
    }

    /// A message went over a socket: one of the page's if `sent`.
    pub(crate) fn socket_spoke(&mut self, id: &str, sent: bool) {
        if sent {
            self.unanswered.insert(id.to_owned());
        } else {
            self.unanswered.remove(id);
        }
        self.socket_moved();
    }

    fn socket_moved(&mut self) {
        self.socket_moved = Some(Instant::now());
    }

    /// For how long the sockets must still be left to themselves: what a page does after a message is
    /// lost if its clock has run past it.
    pub(crate) fn sockets_need(&self) -> Duration {
        let quiet = if self.unanswered.is_empty() {
            SOCKETS_QUIET
        } else {
            ANSWER_MAX
        };
        let moved = self
            .socket_moved
            .map(|moment| quiet.saturating_sub(moment.elapsed()));
        moved.unwrap_or_default()
    }

    /// When a socket last opened, closed or moved; `None` if there never was one.
    pub(crate) fn sockets_moved(&self) -> Option<Instant> {
        self.socket_moved
    }

    /// A session ended; what it was loading will not end any more.
    pub(crate) fn session_ended(&mut self, session: &str) {
        self.in_flight.retain(|_, owner| owner != session);
    }

    /// Whether something is still being loaded or connected.
    pub(crate) fn is_busy(&self) -> bool {
        self.is_loading() || self.is_connecting()
    }

    /// Whether a request is still without its end.
    pub(crate) fn is_loading(&self) -> bool {
        !self.in_flight.is_empty()
    }

    /// Whether a socket is neither open nor closed yet.
    pub(crate) fn is_connecting(&self) -> bool {
        !self.connecting.is_empty()
    }

    /// Hosts that were asked for something so far.
    pub(crate) fn hosts(&self) -> &HashSet<String> {
        &self.hosts
    }

    /// How many raw response heads with cookies could not be given an address.
    pub(crate) fn unplaced(&self) -> usize {
        self.chains
            .values()
            .flat_map(|chain| &chain.waiting_received)
            .filter(|info| cookies::header(&info.headers, "set-cookie").is_some())
            .count()
    }
}

impl Chain {
    /// The latest hop has no raw heads (an upgrade to https, a cached redirect).
    fn skip_head(&mut self) {
        self.next_sent = self.next_sent.max(self.hops.len());
        self.next_received = self.next_received.max(self.hops.len());
    }

    /// Gives waiting raw heads to the hops that are known by now.
    fn flush(&mut self, log: &mut Log) {
        while !self.waiting_sent.is_empty() && self.next_sent < self.hops.len() {
            let info = self.waiting_sent.remove(0);
            let cookies: Vec<SentCookie> = info
                .associated_cookies
                .into_iter()
                .filter(|c| c.blocked_reasons.is_empty())
                .map(sent_cookie)
                .collect();
            if !cookies.is_empty() {
                let url = self.hops[self.next_sent].clone();
                log.push(Event::CookiesSent(CookiesSent { url, cookies }));
            }
            self.next_sent += 1;
        }
        while !self.waiting_received.is_empty() && self.next_received < self.hops.len() {
            let info = self.waiting_received.remove(0);
            cookies::from_response(log, &self.hops[self.next_received], &info);
            self.next_received += 1;
        }
    }
}

fn sent_cookie(associated: AssociatedCookie) -> SentCookie {
    let cookie = cookies::stored(associated.cookie);
    SentCookie {
        name: cookie.name,
        domain: cookie.domain,
        path: cookie.path,
        partition: cookie.partition,
    }
}

fn response_event(id: &str, head: &ResponseHead) -> Event {
    Event::Response(Response {
        id: id.to_owned(),
        url: without_inline_data(&head.url),
        status: u16::try_from(head.status).unwrap_or(0),
        mime: head.mime_type.clone(),
        body_bytes: None,
    })
}

/// Streams and beacons may stay open for ever; they do not keep a page from being settled.
fn keeps_busy(event: &RequestWillBeSent) -> bool {
    !matches!(
        event.r#type.as_str(),
        "EventSource" | "Ping" | "Media" | "WebSocket"
    ) && event.request.url.starts_with("http")
}

/// `data:` addresses hold whole files; their head says enough.
fn without_inline_data(url: &str) -> String {
    match url.split_once(',') {
        Some((head, _)) if url.starts_with("data:") => format!("{head},…"),
        _ => url.to_owned(),
    }
}
