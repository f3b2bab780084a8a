//! A visit's traffic as a HAR 1.2 file, which browsers' developer tools and many others open.
//!
//! Only what was observed is in it: no bodies, no headers but `Set-Cookie`, and of the timings when a
//! request was made and when the head of its answer came. What is not known has the value that the
//! format has for that. Of a sealed visit the file holds no more than the recording.

mod entry;

use std::collections::HashMap;
use std::path::Path;

use serde::Serialize;

use self::entry::{Cookie, Entry, Named};
use super::file::{self, WriteError, Written};
use crate::model::observation::{CookieWrite, CookiesSent, Event, Observation, Request, Via};
use crate::model::report::Tool;
use crate::model::visit::Visit;

/// The id of the only page.
const PAGE: &str = "visit";

#[derive(Serialize)]
struct Har<'v> {
    log: Log<'v>,
}

#[derive(Serialize)]
struct Log<'v> {
    version: &'static str,
    creator: Tool,
    browser: Tool,
    pages: [Page<'v>; 1],
    entries: Vec<Entry<'v>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Page<'v> {
    started_date_time: String,
    id: &'static str,
    title: &'v str,
    page_timings: HashMap<(), ()>,
}

/// Writes the traffic of a visit to the file `<name>.har` in `folder`.
///
/// # Errors
/// [`WriteError`] if the file cannot be written.
pub fn write(folder: &Path, name: &str, visit: &Visit) -> Result<Written, WriteError> {
    file::write(folder, &format!("{name}.har"), |out| {
        serde_json::to_writer(&mut *out, &har(visit))?;
        out.write_all(b"\n")
    })
}

fn har(visit: &Visit) -> Har<'_> {
    let (name, version) = visit
        .engine
        .product
        .split_once('/')
        .unwrap_or((&visit.engine.product, ""));
    let mut traffic = Traffic {
        visit,
        entries: Vec::new(),
        of_id: HashMap::new(),
        of_url: HashMap::new(),
    };
    for observation in &visit.observations {
        traffic.take(observation);
    }
    Har {
        log: Log {
            version: "1.2",
            creator: Tool::this(),
            browser: Tool {
                name: name.to_owned(),
                version: version.to_owned(),
            },
            pages: [Page {
                started_date_time: entry::moment(visit.started, 0),
                id: PAGE,
                title: visit
                    .sealed
                    .as_ref()
                    .map_or(visit.final_url.as_str(), |sealed| &sealed.shown_url),
                page_timings: HashMap::new(),
            }],
            entries: traffic.entries,
        },
    }
}

/// The entries so far, and the last ones of each request and address.
struct Traffic<'v> {
    visit: &'v Visit,
    entries: Vec<Entry<'v>>,
    of_id: HashMap<&'v str, usize>,
    of_url: HashMap<&'v str, usize>,
}

impl<'v> Traffic<'v> {
    fn take(&mut self, observation: &'v Observation) {
        match &observation.event {
            Event::Request(request) => self.request(observation.at_ms, request),
            Event::Response(response) => {
                if let Some(entry) = self.asked(&response.id, &response.url) {
                    entry.answer(observation.at_ms, response.status, &response.mime);
                }
            }
            Event::RequestFailed(failed) => {
                if let Some(entry) = self.asked(&failed.id, &failed.url) {
                    entry.fail(observation.at_ms, &failed.reason);
                }
            }
            Event::WebSocket(socket) => {
                let mut entry = Entry::new(self.visit.started, observation.at_ms, &socket.url);
                entry.resource_type = "websocket";
                entry.initiator = socket.initiator.url.as_deref();
                self.entries.push(entry);
            }
            Event::CookiesSent(sent) => self.sent(sent),
            Event::CookieWrite(write) if write.via == Via::Header => self.set(write),
            _ => {}
        }
    }

    fn request(&mut self, at_ms: u64, request: &'v Request) {
        if request.redirected_from.is_some()
            && let Some(before) = self.of_id.get(request.id.as_str())
        {
            self.entries[*before].response.redirect_url = &request.url;
        }
        let mut entry = Entry::new(self.visit.started, at_ms, &request.url);
        entry.request.method = &request.method;
        entry.resource_type = &request.resource;
        entry.initiator = request.initiator.url.as_deref();
        self.of_id.insert(&request.id, self.entries.len());
        self.of_url.insert(&request.url, self.entries.len());
        self.entries.push(entry);
    }

    /// The entry of a request that has this id and, since hops of redirects share theirs, address.
    fn asked(&mut self, id: &str, url: &str) -> Option<&mut Entry<'v>> {
        let entry = self.entries.get_mut(*self.of_id.get(id)?)?;
        (entry.request.url == url).then_some(entry)
    }

    fn sent(&mut self, sent: &'v CookiesSent) {
        let Some(place) = self.of_url.get(sent.url.as_str()) else {
            return;
        };
        let cookies = sent.cookies.iter().map(|cookie| Cookie {
            name: &cookie.name,
            value: "",
            comment: Some("the value is not recorded"),
        });
        self.entries[*place].request.cookies.extend(cookies);
    }

    fn set(&mut self, write: &'v CookieWrite) {
        let response = write.writer.url.as_deref().unwrap_or(&write.url);
        let Some(place) = self.of_url.get(response) else {
            return;
        };
        let response = &mut self.entries[*place].response;
        response.cookies.push(Cookie {
            name: &write.cookie.name,
            value: &write.cookie.value,
            comment: None,
        });
        response.headers.push(Named {
            name: "Set-Cookie",
            value: &write.raw,
        });
    }
}
