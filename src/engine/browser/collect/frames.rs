//! The documents that a visit's frames show.

use std::collections::HashMap;

use super::log::Log;
use crate::engine::browser::cdp::protocol::{FrameDetached, FrameInfo};
use crate::model::observation::{Event, Frame};

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
            origin: info.security_origin,
            top: is_tab && info.parent_id.is_none(),
        }));
        self.live.insert(
            info.id,
            LiveFrame {
                session: session.to_owned(),
                url: info.url,
                unreachable: info.unreachable_url,
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
