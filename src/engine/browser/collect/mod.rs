//! What a visit records while it goes on: one [`State`] per visit, fed with the browser's events.
//!
//! The parts know nothing of each other: [`contents`] keeps what is sent, [`log`] keeps the
//! observations in time ([`series`] what is written again and again), [`requests`] the network and
//! its cookies, [`storage`] the storage areas ([`echoes`] what is told of them twice), [`kept`]
//! databases, caches and files, [`registrations`] the service workers, [`frames`] the documents,
//! [`script`] the records of the collector script, which [`shorten`] makes small.

pub(crate) mod area;
pub(crate) mod contents;
pub(crate) mod cookies;
pub(crate) mod echoes;
pub(crate) mod frames;
pub(crate) mod kept;
pub(crate) mod log;
pub(crate) mod registrations;
pub(crate) mod requests;
pub(crate) mod script;
mod series;
mod shorten;
pub(crate) mod storage;
mod weight;

use std::collections::hash_map::RandomState;
use std::collections::{BTreeSet, HashMap, HashSet};
use std::hash::BuildHasher;
use std::time::Instant;

use self::cookies::Expiries;
use self::echoes::Echoes;
use self::frames::{Frames, site_of};
use self::kept::Kept;
use self::log::Log;
use self::registrations::Registrations;
use self::requests::Requests;
use self::storage::Storage;
use super::cdp::CdpError;
use crate::model::snapshot::StoredKey;

/// Everything known about a visit so far.
#[derive(Debug)]
pub(crate) struct State {
    /// Observations.
    pub(crate) log: Log,
    /// Requests, responses and sockets.
    pub(crate) requests: Requests,
    /// Cookies' expiries by clocks that were put forward.
    pub(crate) expiries: Expiries,
    /// Storage areas.
    pub(crate) storage: Storage,
    /// Events of storage areas that several sessions tell of.
    pub(crate) echoes: Echoes,
    /// Databases, caches and files.
    pub(crate) kept: Kept,
    /// Service workers.
    pub(crate) registrations: Registrations,
    /// Documents.
    pub(crate) frames: Frames,
    /// Sessions and what they are attached to: page, frame or worker.
    pub(crate) sessions: HashMap<String, Session>,
    /// The visited page itself.
    pub(crate) top: Top,
    /// The same page in a second tab, in scenarios that open one.
    pub(crate) beside: Option<Top>,
    /// Whether one more tab of ours is being opened.
    pub(crate) opening: bool,
    /// Tabs whose listeners stood before it was known that they are ours, by target.
    early: HashMap<String, Top>,
    /// When something last happened that a page does on its own.
    pub(crate) last_activity: Instant,
    /// Sessions that have used up the time last granted to them.
    pub(crate) spent: HashSet<String>,
    /// Sessions whose clocks are in our hands.
    pub(crate) held: BTreeSet<String>,
    /// Sessions that did not answer when time was granted; their clocks are left alone.
    pub(crate) silent: BTreeSet<String>,
    /// What could not be seen.
    pub(crate) missed: Missed,
    /// How often each thing was done since the page was last waited for, by a hash of its name, which
    /// may be as long as the page likes.
    repeats: HashMap<u64, u32>,
    hasher: RandomState,
}

/// What of a page could not be seen, in numbers.
#[derive(Debug, Default)]
pub(crate) struct Missed {
    /// Events of a form that is not known.
    pub(crate) unreadable: usize,
    /// Frames that crashed.
    pub(crate) crashed: usize,
    /// Windows that were closed at once.
    pub(crate) windows: usize,
    /// Stores that could not be read.
    pub(crate) unread: BTreeSet<String>,
    /// Whether there were workers, whose timers no clock but the wall's reaches.
    pub(crate) workers: bool,
}

/// So many windows of a page are watched.
const MAX_WINDOWS: usize = 5;

/// From so many times on, doing the same thing is a clockwork and not work that will end.
const CLOCKWORK: u32 = 8;

/// A session of this visit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Session {
    /// `page`, `iframe`, `worker`, …
    pub(crate) kind: String,
    /// The target it is attached to.
    pub(crate) target: String,
    /// The session of what started it, where it is a part of that.
    pub(crate) parent: Option<String>,
}

impl Session {
    /// Whether it is that of a dedicated, shared or service worker.
    pub(crate) fn is_worker(&self) -> bool {
        self.kind.ends_with("worker")
    }
}

/// The visited page.
#[derive(Debug, Default)]
pub(crate) struct Top {
    /// Its target, which is also the id of its frame.
    pub(crate) target: String,
    /// Its session, once attached.
    pub(crate) session: Option<String>,
    /// Whether every listener stands.
    pub(crate) ready: bool,
    /// Why the listeners could not be set up.
    pub(crate) setup_error: Option<CdpError>,
    /// Whether `load` fired since the last navigation.
    pub(crate) loaded: bool,
    /// Why the page is gone, in words.
    pub(crate) crash: Option<String>,
    /// The address of a download that began instead of a page.
    pub(crate) download: Option<String>,
    /// How many dialogs the page opened; they are closed at once.
    pub(crate) dialogs: u32,
}

impl State {
    /// A visit that begins now with the page that shows in `target`.
    pub(crate) fn new(target: String) -> Self {
        Self {
            log: Log::new(),
            requests: Requests::default(),
            expiries: Expiries::default(),
            storage: Storage::default(),
            echoes: Echoes::default(),
            kept: Kept::default(),
            registrations: Registrations::default(),
            frames: Frames::default(),
            sessions: HashMap::new(),
            top: Top {
                target,
                ..Top::default()
            },
            beside: None,
            opening: false,
            early: HashMap::new(),
            last_activity: Instant::now(),
            spent: HashSet::new(),
            held: BTreeSet::new(),
            silent: BTreeSet::new(),
            missed: Missed::default(),
            repeats: HashMap::new(),
            hasher: RandomState::new(),
        }
    }

    /// The sessions of the page and of frames in processes of their own.
    pub(crate) fn frame_sessions(&self) -> BTreeSet<String> {
        self.sessions
            .iter()
            .filter(|(_, session)| matches!(session.kind.as_str(), "page" | "iframe"))
            .map(|(id, _)| id.clone())
            .collect()
    }

    /// Whether one more window can be watched.
    pub(crate) fn has_room_for_window(&self) -> bool {
        let windows = self.sessions.values().filter(|s| s.kind == "page");
        self.opening || windows.count() <= MAX_WINDOWS
    }

    /// The tab of ours that shows this target.
    pub(crate) fn tab(&mut self, target: &str) -> Option<&mut Top> {
        let tabs = std::iter::once(&mut self.top).chain(&mut self.beside);
        tabs.into_iter().find(|tab| tab.target == target)
    }

    /// The tab of ours that this session is attached to.
    pub(crate) fn tab_of(&mut self, session: &str) -> Option<&mut Top> {
        let tabs = std::iter::once(&mut self.top).chain(&mut self.beside);
        tabs.into_iter()
            .find(|tab| tab.session.as_deref() == Some(session))
    }

    /// The tab of ours that shows this target; the visited page if none does.
    pub(crate) fn known_tab(&self, target: &str) -> &Top {
        let beside = self.beside.as_ref().filter(|tab| tab.target == target);
        beside.unwrap_or(&self.top)
    }

    /// A page's listeners stand, or could not be set up.
    pub(crate) fn set_ready(&mut self, target: String, session: String, error: Option<CdpError>) {
        let ready = |tab: &mut Top| {
            tab.session = Some(session);
            tab.ready = true;
            tab.setup_error = error;
        };
        match self.tab(&target) {
            Some(tab) => ready(tab),
            None => ready(self.early.entry(target).or_default()),
        }
    }

    /// The tab that was opened last, which shows `target`, with what is known of it by now.
    pub(crate) fn opened(&mut self, target: &str) -> Top {
        self.opening = false;
        let known = self.early.remove(target).unwrap_or_default();
        self.early.clear();
        Top {
            target: target.to_owned(),
            ..known
        }
    }

    /// Whether all tabs of ours have fired `load`.
    pub(crate) fn is_loaded(&self) -> bool {
        self.top.loaded && self.beside.as_ref().is_none_or(|tab| tab.loaded)
    }

    /// Why a tab of ours is gone, in words.
    pub(crate) fn crash(&self) -> Option<&String> {
        let beside = self.beside.as_ref().and_then(|tab| tab.crash.as_ref());
        self.top.crash.as_ref().or(beside)
    }

    /// Whether there is nothing to wait for any more: the page is gone, or did so much that no more of
    /// it is recorded.
    pub(crate) fn is_over(&self) -> bool {
        self.crash().is_some() || self.log.is_full()
    }

    /// What happened and was not seen, as sentences: nobody can say what it would have shown.
    pub(crate) fn unseen(&self) -> Vec<String> {
        counted(&[
            (
                self.missed.unreadable,
                "of the browser's events could not be read",
            ),
            (self.missed.crashed, "of its frames crashed"),
            (self.silent.len(), "of its frames did not answer"),
        ])
    }

    /// What was not looked at or not looked at closely, as sentences.
    pub(crate) fn limits(&self) -> Vec<String> {
        let missed = &self.missed;
        let told = [
            (
                self.requests.unplaced(),
                "responses with cookies could not be given an address",
            ),
            (
                self.requests.contents.left_out,
                "bodies or messages that the page sent could not be searched for stored values as a whole",
            ),
            (
                missed.windows,
                "windows that the page opened were closed at once, because there were too many",
            ),
        ];
        let mut limits = counted(&told);
        if let Some(first) = missed.unread.first() {
            let others = match missed.unread.len() - 1 {
                0 => String::new(),
                n => format!(" and {n} more"),
            };
            limits.push(format!(
                "{first}{others} could not be read; what scripts were seen doing with them is told"
            ));
        }
        if self.top.dialogs > 0 {
            limits.push("the page opened dialogs, which were confirmed at once".to_owned());
        }
        if self.missed.workers && self.log.is_held() {
            limits.push("the page has workers, whose timers cannot be put forward; what they do later was not seen (--real-time)".to_owned());
        }
        limits
    }

    /// The site of the top document, as partitions are named (`https://shop.example`).
    pub(crate) fn top_site(&self) -> Option<String> {
        site_of(&self.frames.get(&self.top.target)?.url)
    }

    /// The partition of storage of `origin` that a script of `session` used.
    pub(crate) fn partition(&self, session: &str, origin: &str) -> Option<String> {
        let mut session = Some(session);
        // A worker's storage is that of the documents it belongs to.
        while let Some(worker) = session.and_then(|s| self.sessions.get(s))
            && !matches!(worker.kind.as_str(), "page" | "iframe")
        {
            session = worker.parent.as_deref();
        }
        self.frames.partition(session, origin, &self.top.target)
    }

    /// The page session of the window that a session's frame is in, if other frames in it have sessions
    /// of their own.
    pub(crate) fn shared_window(&self, session: &str) -> Option<String> {
        let window = self.window(session);
        let others = self.sessions.iter().filter(|(id, other)| {
            other.kind == "iframe" && *id != session && self.window(id) == window
        });
        let shares = window != session || others.count() > 0;
        shares.then(|| window.to_owned())
    }

    fn window<'s>(&'s self, session: &'s str) -> &'s str {
        let mut window = session;
        while let Some(frame) = self.sessions.get(window)
            && frame.kind == "iframe"
            && let Some(parent) = &frame.parent
        {
            window = parent;
        }
        window
    }

    /// Everything that is stored but cookies.
    pub(crate) fn stored(&self) -> Vec<StoredKey> {
        let mut stored = self.storage.stored();
        stored.extend(self.kept.stored());
        stored.extend(self.registrations.stored());
        stored
    }

    /// The page is about to be waited for.
    pub(crate) fn begin_settling(&mut self) {
        self.repeats.clear();
    }

    /// Notes that the page did something that has a name: wrote a key, asked for an address. What it
    /// does again and again (a clock, a mutex between tabs, polling) stops counting as activity, or
    /// the page would never be quiet. Whether it counts.
    pub(crate) fn touch_by(&mut self, name: &str) -> bool {
        if self.repeats.len() > 10_000 {
            self.repeats.clear();
        }
        let count = self.repeats.entry(self.hasher.hash_one(name)).or_default();
        *count += 1;
        let counts = *count < CLOCKWORK;
        if counts {
            self.touch();
        }
        counts
    }

    /// Notes that the page did something.
    pub(crate) fn touch(&mut self) {
        self.last_activity = Instant::now();
    }
}

/// Those of which there are any, with how many.
fn counted(told: &[(usize, &str)]) -> Vec<String> {
    let any = told.iter().filter(|(count, _)| *count > 0);
    any.map(|(count, what)| format!("{count} {what}")).collect()
}
