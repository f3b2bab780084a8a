//! The documents that a visit's frames show.

use std::collections::HashMap;

use url::Url;

use super::log::Log;
use crate::engine::browser::cdp::protocol::{FrameDetached, FrameInfo};
use crate::model::observation::{Event, Frame};
use crate::model::site;

/// The frames that are there now.
#[derive(Debug, Default)]
pub(crate) struct Frames {
    live: HashMap<String, LiveFrame>,
}

/// A frame that is there now.
#[derive(Debug, Clone)]
pub(crate) struct LiveFrame {
    /// The session that its document belongs to.
    pub(crate) session: String,
    /// Its document's address.
    pub(crate) url: String,
    /// The address that could not be shown, for error pages.
    pub(crate) unreachable: Option<String>,
    /// Its document's origin.
    origin: String,
    /// The frame that it is in.
    pub(crate) parent: Option<String>,
    /// The world of our own scripts in this document, once there is one.
    pub(crate) world: Option<i64>,
}

impl Frames {
    /// A frame shows a new document; `is_tab` says whether it is the top frame of a tab of ours.
    pub(crate) fn navigated(
        &mut self,
        log: &mut Log,
        session: &str,
        info: FrameInfo,
        is_tab: bool,
    ) {
        log.push(Event::Frame(Frame {
            url: info.url.clone(),
            origin: info.security_origin.clone(),
            top: is_tab && info.parent_id.is_none(),
        }));
        self.live.insert(
            info.id,
            LiveFrame {
                session: session.to_owned(),
                url: info.url,
                unreachable: info.unreachable_url,
                origin: info.security_origin,
                parent: info.parent_id,
                world: None,
            },
        );
    }

    /// A frame was removed, or moved to another process (which announces it itself).
    pub(crate) fn detached(&mut self, event: &FrameDetached, session: &str) {
        if event.reason != "swap"
            || self
                .live
                .get(&event.frame_id)
                .is_some_and(|f| f.session == session)
        {
            self.live.remove(&event.frame_id);
        }
    }

    /// A session ended, and its frames with it.
    pub(crate) fn session_ended(&mut self, session: &str) {
        self.live.retain(|_, frame| frame.session != session);
    }

    /// The frame of this id.
    pub(crate) fn get(&self, id: &str) -> Option<&LiveFrame> {
        self.live.get(id)
    }

    /// Keeps, or forgets, the world of our scripts in a frame's document.
    pub(crate) fn set_world(&mut self, id: &str, world: Option<i64>) {
        if let Some(frame) = self.live.get_mut(id) {
            frame.world = world;
        }
    }

    /// The partition that storage of `origin` belongs to when a document or worker of `session` uses
    /// it, as [`super::area::Area`] names it. Records of scripts do not say.
    pub(crate) fn partition(
        &self,
        session: Option<&str>,
        origin: &str,
        top: &str,
    ) -> Option<String> {
        let here = |frame: &&LiveFrame| session.is_none_or(|s| s == frame.session);
        let mut own: Vec<_> = self.live.values().filter(here).collect();
        own.sort_by(|a, b| (a.origin != origin, &a.url).cmp(&(b.origin != origin, &b.url)));
        // Frames without an origin of their own have that of their parent.
        let Some(frame) = own
            .first()
            .filter(|f| session.is_some() || f.origin == origin)
        else {
            let top = self.live.get(top).and_then(|f| site_of(&f.url));
            return top.filter(|site| Some(site) != site_of(origin).as_ref());
        };
        let mut ancestor = *frame;
        let mut sites = vec![site_of(&frame.origin)];
        // A page nests frames as deep as it likes, but never in a circle.
        while let Some(parent) = ancestor.parent.as_ref().and_then(|id| self.live.get(id)) {
            sites.push(site_of(&parent.origin));
            ancestor = parent;
        }
        let root = site_of(&ancestor.url);
        let crossed = sites
            .iter()
            .flatten()
            .any(|site| Some(site) != root.as_ref());
        match root {
            Some(root) if site_of(origin).as_ref() != Some(&root) => Some(root),
            _ => crossed.then(|| origin.to_owned()),
        }
    }

    /// All frames with their ids, in order of ids.
    pub(crate) fn all(&self) -> Vec<(String, LiveFrame)> {
        let mut all: Vec<_> = self
            .live
            .iter()
            .map(|(id, frame)| (id.clone(), frame.clone()))
            .collect();
        all.sort_by(|a, b| a.0.cmp(&b.0));
        all
    }
}

/// The site of an address, as partitions are named (`https://shop.example`).
pub(crate) fn site_of(url: &str) -> Option<String> {
    let url = Url::parse(url).ok()?;
    let domain = site::registrable_domain(url.host_str()?);
    Some(format!("{}://{domain}", url.scheme()))
}
