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

use super::cdp::CdpError;
use super::collect::State;
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

/// Longest wait for a tick.
const TICK_MAX: Duration = Duration::from_millis(500);

/// How many more slices late messages are given.
const LATE_MAX: u32 = 3;

/// Longest time for all of it, unless more than that is asked for: what takes as long as it would by
/// itself is not worth putting forward.
const ALL_MAX: Duration = Duration::from_secs(60);

/// How far the clock was put forward.
pub(super) struct Forwarded {
    /// The page's time that passed.
    pub(super) life: Duration,
    /// Why it was not all that was asked for.
    pub(super) stopped: Option<&'static str>,
    /// How many frames did not answer; their clocks were left alone.
    pub(super) silent: usize,
}

/// Puts the page's clock forward by `life`.
pub(super) async fn forward(tab: &Tab, life: Duration) -> Result<Forwarded, Fault> {
    let began = Instant::now();
    let mut silent = BTreeSet::new();
    let mut done = Duration::ZERO;
    let mut granted = began;
    let mut stopped = None;
    while done < life && stopped.is_none() {
        let slice = SLICE.min(life - done);
        stopped = if began.elapsed() > life.max(ALL_MAX) {
            Some("a page that is slower than its clock")
        } else if quiet(tab).await {
            granted = Instant::now();
            let rested = grant(tab, slice, &mut silent).await;
            (!rested).then_some("a page that does not come to rest")
        } else {
            Some("requests that do not end")
        };
        tab.check_alive()?;
        if stopped.is_none() {
            done += slice;
        }
    }
    if stopped.is_none() {
        answer_late_messages(tab, granted, &mut silent).await?;
    }
    Ok(Forwarded {
        life: done,
        stopped,
        silent: silent.len(),
    })
}

/// A message that came while the clock stood still is answered only when it goes on.
async fn answer_late_messages(
    tab: &Tab,
    mut granted: Instant,
    silent: &mut BTreeSet<String>,
) -> Result<(), Fault> {
    for _ in 0..LATE_MAX {
        quiet(tab).await;
        let moved = tab.shared.state().requests.sockets_moved();
        if moved.is_none_or(|moment| moment < granted) {
            break;
        }
        granted = Instant::now();
        if !grant(tab, SLICE, silent).await {
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

/// Grants a slice to every frame session but the `silent` ones and waits until all have used it up. A
/// session that does not answer joins those: waiting for it at every slice would take minutes.
async fn grant(tab: &Tab, slice: Duration, silent: &mut BTreeSet<String>) -> bool {
    let mut sessions: BTreeSet<String> = {
        let mut state = tab.shared.state();
        state.spent.clear();
        state.frame_sessions()
    };
    sessions.retain(|session| !silent.contains(session));
    let budget = u64::try_from(slice.as_millis()).unwrap_or(u64::MAX);
    let params = json!({
        "policy": "pauseIfNetworkFetchesPending",
        "budget": budget,
        "maxVirtualTimeTaskStarvationCount": 100_000,
    });
    let calls = sessions.iter().map(|session| {
        let call = "Emulation.setVirtualTimePolicy";
        let connection = &tab.connection;
        let answer = connection.call_within(SLICE_MAX, Some(session), call, &params);
        async move { (session.clone(), answer.await) }
    });
    let mut granted = BTreeSet::new();
    for (session, answer) in join_all(calls).await {
        match answer {
            Ok(_) => _ = granted.insert(session),
            Err(CdpError::Timeout(_)) => _ = silent.insert(session),
            // The frame is gone.
            Err(_) => {}
        }
    }
    if !granted.contains(&tab.session) {
        return false;
    }
    let all_spent = tab
        .shared
        .wait(SLICE_MAX, |state| {
            state.is_over()
                || granted
                    .iter()
                    .all(|s| state.spent.contains(s) || !state.sessions.contains_key(s))
        })
        .await;
    tab.shared.state().log.skip(slice);
    all_spent
}

/// Lets clocks that stand still go on by the least there is, so that the browser gets to answer for
/// pages whose threads wait for them. Too little for the record to tell.
pub(super) async fn tick(tab: &Tab) {
    let still: BTreeSet<String> = {
        let state = &mut *tab.shared.state();
        let sessions = &state.sessions;
        let still = state.spent.iter().filter(|s| sessions.contains_key(*s));
        let still = still.cloned().collect();
        state.spent.clear();
        still
    };
    let calls = still.iter().map(|session| {
        let params = json!({
            "policy": "pauseIfNetworkFetchesPending",
            "budget": 1,
            "maxVirtualTimeTaskStarvationCount": 100_000,
        });
        let call = "Emulation.setVirtualTimePolicy";
        let connection = &tab.connection;
        connection.call_within(TICK_MAX, Some(session), call, params)
    });
    join_all(calls).await;
    let shared = &tab.shared;
    let rested = |state: &State| still.iter().all(|s| state.spent.contains(s));
    if !shared.wait(TICK_MAX, rested).await {
        // Whoever did not say that it rests is not asked to tick again.
        tracing::debug!("a clock did not come to rest");
    }
}
