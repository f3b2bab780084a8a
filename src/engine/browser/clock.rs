//! The page's clock, put forward: what a page does 4, 15 or 25 seconds after it was loaded is seen
//! without waiting for it.
//!
//! Chromium's virtual time runs a page's timers without waiting. It is granted slice by slice to the
//! page and to every frame in a process of its own, side by side, and only while the network and the
//! sockets are quiet: answers from outside do not come any faster. Between slices the page's clock
//! stands still, which is why this is the last thing done to a page before its final snapshot.
//! Timers in workers are not reached.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use futures_util::future::join_all;
use serde_json::json;

use super::tab::Tab;
use crate::model::fault::Fault;

/// The page's time that is granted at once; what happens in a slice is timed to its beginning.
const SLICE: Duration = Duration::from_secs(1);

/// How long sockets must be quiet before a slice: what a page does after a message is lost if the
/// clock has run past it.
const SOCKETS_QUIET: Duration = Duration::from_millis(300);

/// Longest wait for sockets before a slice. Some chat for ever, and one that is still connecting may
/// need the page's clock to go on.
const SOCKETS_MAX: Duration = Duration::from_millis(600);

/// Longest wait for the network before a slice, and for the end of a slice.
const SLICE_MAX: Duration = Duration::from_secs(5);

/// How many more slices late messages are given.
const LATE_MAX: u32 = 3;

/// How far the clock was put forward.
pub(super) struct Forwarded {
    /// The page's time that passed.
    pub(super) life: Duration,
    /// Why it was not all that was asked for.
    pub(super) stopped: Option<&'static str>,
}

/// Puts the page's clock forward by `life`.
pub(super) async fn forward(tab: &Tab, life: Duration) -> Result<Forwarded, Fault> {
    let mut done = Duration::ZERO;
    let mut granted = Instant::now();
    while done < life {
        if !quiet(tab).await {
            return Ok(stopped(done, "requests that do not end"));
        }
        granted = Instant::now();
        let slice = SLICE.min(life - done);
        if !grant(tab, slice).await {
            return Ok(stopped(done, "a page that does not come to rest"));
        }
        tab.check_alive()?;
        done += slice;
    }
    answer_late_messages(tab, granted).await?;
    Ok(Forwarded {
        life: done,
        stopped: None,
    })
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
        if !grant(tab, SLICE).await {
            break;
        }
        tab.check_alive()?;
    }
    Ok(())
}

fn stopped(life: Duration, why: &'static str) -> Forwarded {
    Forwarded {
        life,
        stopped: Some(why),
    }
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
        let (connecting, moved) = {
            let state = tab.shared.state();
            let requests = &state.requests;
            (requests.is_connecting(), requests.sockets_moved())
        };
        let missing = moved.map_or(Duration::ZERO, |m| {
            SOCKETS_QUIET.saturating_sub(m.elapsed())
        });
        if left.is_zero() || (!connecting && missing.is_zero()) {
            return true;
        }
        if connecting {
            tab.shared.wait(left, |s| !s.requests.is_connecting()).await;
        } else {
            super::settle::breathe(missing.min(left)).await;
        }
    }
}

/// Grants a slice to every frame session and waits until all have used it up.
async fn grant(tab: &Tab, slice: Duration) -> bool {
    let sessions: BTreeSet<String> = {
        let mut state = tab.shared.state();
        state.spent.clear();
        state.frame_sessions()
    };
    let budget = u64::try_from(slice.as_millis()).unwrap_or(u64::MAX);
    let params = json!({
        "policy": "pauseIfNetworkFetchesPending",
        "budget": budget,
        "maxVirtualTimeTaskStarvationCount": 100_000,
    });
    let calls = sessions.iter().map(|session| {
        let call = "Emulation.setVirtualTimePolicy";
        let answer = tab.connection.call(Some(session), call, &params);
        async move { answer.await.is_ok().then(|| session.clone()) }
    });
    let granted: BTreeSet<String> = join_all(calls).await.into_iter().flatten().collect();
    if !granted.contains(&tab.session) {
        return false;
    }
    let all_spent = tab
        .shared
        .wait(SLICE_MAX, |state| {
            state.top.crash.is_some()
                || granted
                    .iter()
                    .all(|s| state.spent.contains(s) || !state.sessions.contains_key(s))
        })
        .await;
    tab.shared.state().log.skip(slice);
    all_spent
}
