//! Sealing of what went over the network and of who caused it: addresses are kept as reports show
//! them, all else is none of the visitor's.

use super::Seal;
use crate::model::observation::{
    Frame, Request, RequestFailed, Response, StackFrame, WebSocket, Writer,
};

impl<'v> Seal<'v> {
    pub(super) fn request(&mut self, request: &'v Request) -> Request {
        let Request {
            id,
            url,
            method,
            resource,
            initiator,
            document_url,
            redirected_from,
        } = request;
        Request {
            id: id.clone(),
            url: self.url(url),
            method: method.clone(),
            resource: resource.clone(),
            initiator: self.writer(initiator),
            document_url: self.url(document_url),
            redirected_from: redirected_from.as_deref().map(|url| self.url(url)),
        }
    }

    pub(super) fn response(&mut self, response: &'v Response) -> Response {
        let Response {
            id,
            url,
            status,
            mime,
            body_bytes,
        } = response;
        Response {
            id: id.clone(),
            url: self.url(url),
            status: *status,
            mime: mime.clone(),
            body_bytes: *body_bytes,
        }
    }

    pub(super) fn failed(&mut self, failed: &'v RequestFailed) -> RequestFailed {
        let RequestFailed { id, url, reason } = failed;
        RequestFailed {
            id: id.clone(),
            url: self.url(url),
            reason: reason.clone(),
        }
    }

    pub(super) fn socket(&mut self, socket: &'v WebSocket) -> WebSocket {
        let WebSocket { url, initiator } = socket;
        WebSocket {
            url: self.url(url),
            initiator: self.writer(initiator),
        }
    }

    pub(super) fn frame(&mut self, frame: &'v Frame) -> Frame {
        let Frame { url, origin, top } = frame;
        Frame {
            url: self.url(url),
            origin: origin.clone(),
            top: *top,
        }
    }

    pub(super) fn writer(&mut self, writer: &'v Writer) -> Writer {
        let Writer { kind, url, stack } = writer;
        let frame = |frame: &'v StackFrame| StackFrame {
            url: self.url(&frame.url),
            ..frame.clone()
        };
        let stack = stack.iter().map(frame).collect();
        Writer {
            kind: *kind,
            url: url.as_deref().map(|url| self.url(url)),
            stack,
        }
    }
}
