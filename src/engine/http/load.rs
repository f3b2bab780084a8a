//! Loading a page: its document, what the document loads, the frames and what they load.
//!
//! Bounded in number, bytes and time. What the bounds leave out is told as a limit of the visit; for
//! the page's own document it is a fault.

use std::sync::Arc;
use std::sync::atomic::AtomicUsize;

use futures_util::{StreamExt, stream};
use tokio::time::Instant;
use url::Url;

use super::Parts;
use super::cookies::site_of;
use super::element::Resource;
use super::fetch::{Asking, Fetched, Landed, fetch};
use super::page::{self, Page};
use super::snippet::{Found, Spot};
use super::visiting::Visiting;
use crate::engine::challenge::Answer;
use crate::engine::page_facts::{self, PageFacts};
use crate::model::cookie_rules::is_trustworthy;
use crate::model::fault::FaultKind;
use crate::model::observation::{Event, Frame};

/// Most files of one page, frames and their files included.
const MAX_FILES: usize = 250;
/// Most files at the same time.
const AT_ONCE: usize = 8;
/// Most bytes of all bodies of one load together.
const MAX_BYTES: usize = 48 << 20;
/// What is told where a file is larger than what is read of it.
const CUT: &str = "files that are too large or too tangled were read only in part";
/// Most `meta` refreshes that are followed.
const MAX_REFRESHES: usize = 5;

/// The page's document when it has been read.
#[derive(Debug)]
pub(super) struct Shown {
    /// Where it was in the end.
    pub(super) url: Url,
    /// The consent platform that was recognised, and by what.
    pub(super) platform: Option<(String, String)>,
}

/// The document of a page or frame whose files are to be fetched.
struct Holder {
    url: Url,
    cross_site: bool,
    loads: Vec<(Url, Resource)>,
}

impl Visiting {
    /// Loads a page with all that belongs to it; `None` if no document came.
    pub(super) async fn page(&mut self, parts: &Arc<Parts>, url: &Url) -> Option<Shown> {
        let budget = AtomicUsize::new(MAX_BYTES);
        let (landed, page) = self.document(parts, url, &budget).await?;
        let top_site = site_of(&landed.url);
        let platform = page.platform.clone();
        self.found.extend(page.found);
        let elsewhere = self.faults.iter().any(|f| {
            use FaultKind::{Challenge, Download, RedirectedAway};
            matches!(f.kind, Challenge | Download | RedirectedAway)
        });
        if !elsewhere {
            let holder = Holder {
                url: landed.url.clone(),
                cross_site: false,
                loads: page.loads,
            };
            self.files(parts, holder, &top_site, &budget).await;
        }
        Some(Shown {
            url: landed.url,
            platform,
        })
    }

    /// The document, after redirects and refreshes.
    async fn document(
        &mut self,
        parts: &Arc<Parts>,
        asked: &Url,
        budget: &AtomicUsize,
    ) -> Option<(Landed, Page)> {
        let deadline = Instant::now() + parts.options.load_max;
        let mut url = asked.clone();
        let mut refreshes = 0;
        loop {
            let order = self.order(url.clone(), Resource::Document, None, deadline);
            let fetched = fetch(&parts.network, order, self.jar.clone(), self.start, budget).await;
            let landed = match self.take(fetched) {
                Ok(landed) => landed,
                Err((at, failure)) => {
                    self.fault(
                        failure.kind,
                        format!("{at} could not be loaded: {}", failure.reason),
                    );
                    return None;
                }
            };
            let page = self.read(parts, &landed, true).await;
            match &page.refresh {
                Some(next) if *next != landed.url && refreshes < MAX_REFRESHES => {
                    url = next.clone();
                    refreshes += 1;
                }
                _ => {
                    self.judge(asked, &landed, &page);
                    return Some((landed, page));
                }
            }
        }
    }

    /// Reads a document; anything else is an empty page.
    async fn read(&mut self, parts: &Arc<Parts>, landed: &Landed, top: bool) -> Page {
        self.log(Event::Frame(Frame {
            url: landed.url.to_string(),
            origin: landed.url.origin().ascii_serialization(),
            top,
        }));
        if !page_facts::is_page(&landed.mime) {
            return Page::default();
        }
        let (parts, url, body) = (Arc::clone(parts), landed.url.clone(), landed.body.clone());
        let cut = landed.cut;
        let reading = move || page::read(&body, &url, &parts.finder, &parts.options.recipes);
        let page = tokio::task::spawn_blocking(reading).await;
        let mut page = page.unwrap_or_else(|error| {
            tracing::debug!("reading {} ended early: {error}", landed.url);
            Page {
                cut: true,
                ..Page::default()
            }
        });
        page.cut |= cut;
        page
    }

    fn judge(&mut self, asked: &Url, landed: &Landed, page: &Page) {
        let facts = PageFacts {
            asked,
            landed: &landed.url,
            mime: &landed.mime,
            answer: Answer {
                status: landed.status,
                headers: &landed.headers,
                title: &page.title,
                html: &landed.body,
                text: &page.text,
            },
            // What was not read may hold anything.
            things: page.things + usize::from(page.cut),
        };
        for (kind, message) in page_facts::faults(&facts) {
            self.fault(kind, message);
        }
        if page.cut {
            let message = format!(
                "{} is too large or too tangled to be read to its end",
                landed.url
            );
            self.fault(FaultKind::LoadFailed, message);
        }
    }

    /// Fetches what the page loads, then what its frames load.
    async fn files(
        &mut self,
        parts: &Arc<Parts>,
        page: Holder,
        top_site: &str,
        budget: &AtomicUsize,
    ) {
        let deadline = Instant::now() + parts.options.settle_max;
        let mut left = MAX_FILES;
        let mut frames = Vec::new();
        for (kind, landed) in self
            .wave(parts, &page, top_site, deadline, &mut left, budget)
            .await
        {
            if kind != Resource::Frame {
                continue;
            }
            let read = self.read(parts, &landed, false).await;
            self.found.extend(read.found);
            if read.cut {
                self.limits.insert(CUT.into());
            }
            let (inner, loads): (Vec<_>, Vec<_>) = read
                .loads
                .into_iter()
                .partition(|(_, kind)| *kind == Resource::Frame);
            if !inner.is_empty() {
                self.limits
                    .insert("frames within frames were not loaded".into());
            }
            let cross_site = site_of(&landed.url) != top_site;
            frames.push(Holder {
                url: landed.url,
                cross_site,
                loads,
            });
        }
        for frame in frames {
            self.wave(parts, &frame, top_site, deadline, &mut left, budget)
                .await;
        }
    }

    /// Fetches the files of one document side by side, and searches the scripts among them.
    async fn wave(
        &mut self,
        parts: &Arc<Parts>,
        holder: &Holder,
        top_site: &str,
        deadline: Instant,
        left: &mut usize,
        budget: &AtomicUsize,
    ) -> Vec<(Resource, Landed)> {
        let asking = Asking {
            url: holder.url.clone(),
            top_site: top_site.to_owned(),
            cross_site: holder.cross_site,
        };
        if holder.loads.len() > *left {
            let all = holder.loads.len();
            self.limits.insert(format!(
                "only {left} of the {all} files of {} were fetched",
                holder.url
            ));
        }
        let mut orders = Vec::new();
        let mut insecure = 0;
        for (url, kind) in holder.loads.iter().take(*left) {
            match upgraded(&holder.url, url, *kind) {
                Some(url) => orders.push(self.order(url, *kind, Some(asking.clone()), deadline)),
                None => insecure += 1,
            }
        }
        if insecure > 0 {
            self.limits.insert(format!(
                "{insecure} files were left out that browsers do not load, because {} is secure \
                 and they are not",
                holder.url
            ));
        }
        *left = left.saturating_sub(orders.len());
        let kinds: Vec<Resource> = orders.iter().map(|o| o.kind).collect();
        let (jar, start) = (&self.jar.clone(), self.start);
        let fetches = orders
            .into_iter()
            .map(|o| fetch(&parts.network, o, jar.clone(), start, budget));
        let all: Vec<Fetched> = stream::iter(fetches).buffered(AT_ONCE).collect().await;
        let mut landed = Vec::new();
        for (kind, fetched) in kinds.into_iter().zip(all) {
            // What did not come is among the observations; a page lives without it.
            landed.extend(self.take(fetched).ok().map(|l| (kind, l)));
        }
        if landed.iter().any(|(_, l)| l.cut) {
            self.limits.insert(CUT.into());
        }
        self.search(parts, &landed).await;
        landed
    }

    async fn search(&mut self, parts: &Arc<Parts>, landed: &[(Resource, Landed)]) {
        let scripts: Vec<(Url, String)> = landed
            .iter()
            .filter(|(kind, l)| *kind == Resource::Script && l.status < 400)
            .map(|(_, l)| (l.url.clone(), l.body.clone()))
            .collect();
        let parts = Arc::clone(parts);
        let searching = move || {
            let mut found = Found::default();
            for (url, text) in &scripts {
                let place = format!("the text of {url}");
                let spot = Spot {
                    url,
                    place: &place,
                    held_back: None,
                };
                parts.finder.in_code(text, spot, &mut found);
            }
            found
        };
        match tokio::task::spawn_blocking(searching).await {
            Ok(found) => self.found.extend(found),
            Err(error) => tracing::debug!("the search of scripts ended early: {error}"),
        }
    }
}

/// What becomes of an address that is not secure on a page that is: pictures are fetched securely,
/// the rest is not loaded.
fn upgraded(document: &Url, url: &Url, kind: Resource) -> Option<Url> {
    let secure = document.scheme() == "https";
    if !secure || is_trustworthy(url.as_str()) {
        return Some(url.clone());
    }
    let mut upgraded = url.clone();
    let done = kind == Resource::Image && upgraded.set_scheme("https").is_ok();
    done.then_some(upgraded)
}
