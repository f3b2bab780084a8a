//! The page's life, put forward: what a page does 4, 15 or 25 seconds after it was loaded is seen
//! without waiting for it.
//!
//! Time is granted slice by slice, and only while the network and the sockets are quiet: answers from
//! outside do not come any faster. What cannot be put forward, because requests never end or a slice
//! takes longer than time itself, is waited for. By the wall clock (`--real-time`) all of it is.

use std::time::{Duration, Instant};

use super::clock::{self, SLICE_MAX};
use super::settle::breathe;
use super::tab::Tab;
use crate::model::fault::Fault;

/// The page's time that is granted at once; what happens in a slice is timed to its beginning.
const SLICE: Duration = Duration::from_secs(1);

/// Longest wait for sockets before a slice. Some chat for ever, and one that is still connecting may
/// need the page's clock to go on.
const SOCKETS_MAX: Duration = Duration::from_millis(1200);

/// How many more slices late messages are given.
const LATE_MAX: u32 = 3;

/// Longest time for all of it, unless more than that is asked for: what takes as long as it would by
/// itself is not worth putting forward.
const ALL_MAX: Duration = Duration::from_secs(60);

/// How far the clock was put forward.
pub(super) struct Forwarded {
    /// The page's time that passed.
    pub(super) life: Duration,
    /// How much of it was waited for instead, and why.
    pub(super) waited: Option<(Duration, &'static str)>,
    /// Why it was not all that was asked for.
    pub(super) stopped: Option<&'static str>,
}

/// Puts the page's clock forward by `life`.
pub(super) async fn forward(tab: &Tab, life: Duration) -> Result<Forwarded, Fault> {
    let began = Instant::now();
    let mut done = Duration::ZERO;
    let mut granted = began;
    let mut trouble = None;
    while done < life && trouble.is_none() {
        if began.elapsed() > life.max(ALL_MAX) {
            return Ok(Forwarded {
                life: done,
                waited: None,
                stopped: Some("a page that is slower than its clock"),
            });
        }
        let slice = SLICE.min(life - done);
        trouble = if quiet(tab).await {
            granted = Instant::now();
            let rested = clock::grant(tab, slice).await;
            (!rested).then_some("a page that does not come to rest")
        } else {
            Some("requests that do not end")
        };
        tab.check_alive()?;
        if trouble.is_none() {
            done += slice;
        }
    }
    let waited = trouble.map(|why| (life - done, why));
    match waited {
        Some((rest, _)) => clock::alongside(tab, wait(tab, rest)).await?,
        None => answer_late_messages(tab, granted).await?,
    }
    Ok(Forwarded {
        life,
        waited,
        stopped: None,
    })
}

/// Waits as long as the page is to live, or until it is over.
pub(super) async fn wait(tab: &Tab, life: Duration) -> Result<(), Fault> {
    tab.shared.wait(life, super::collect::State::is_over).await;
    tab.check_alive()
}

/// A message that came while the clock stood still is answered only when it goes on.
async fn answer_late_messages(tab: &Tab, mut granted: Instant) -> Result<(), Fault> {
    for _ in 0..LATE_MAX {
        quiet(tab).await;
        let moved = tab.shared.state().requests.sockets_moved();
        if moved.is_none_or(|moment| moment < granted) {
            break;
        }
        granted = Instant::now();
        if !clock::grant(tab, SLICE).await {
            break;
        }
        tab.check_alive()?;
    }
    Ok(())
}

/// Waits until nothing is being loaded and no socket has moved for a while.
async fn quiet(tab: &Tab) -> bool {
    let loaded = tab.shared.wait(SLICE_MAX, |s| !s.requests.is_loading());
    if !loaded.await {
        return false;
    }
    let deadline = Instant::now() + SOCKETS_MAX;
    loop {
        let left = deadline.saturating_duration_since(Instant::now());
        let (connecting, missing) = {
            let state = tab.shared.state();
            let requests = &state.requests;
            (requests.is_connecting(), requests.sockets_need())
        };
        if left.is_zero() || (!connecting && missing.is_zero()) {
            return true;
        }
        if connecting {
            tab.shared.wait(left, |s| !s.requests.is_connecting()).await;
        } else {
            breathe(missing.min(left)).await;
        }
    }
}
