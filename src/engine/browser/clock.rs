//! The page's clock in our hands.
//!
//! Chromium's virtual time runs a page's timers without waiting for them. Once granted, it cannot be
//! taken back: from the first [`grant`] on, the page's clock stands still unless it is given time,
//! slice by slice, to the page and to every frame in a process of its own, side by side. So whatever
//! needs a page that lives runs [`alongside`] a clock that goes on as the wall's does, and whoever
//! only waits for the page to do something lets it [`live`] without waiting. A page is loaded for the
//! first time by the wall clock: time granted before the first document is there is lost.
//!
//! Timers in workers are not reached; they go by the wall clock.

use std::collections::BTreeSet;
use std::future::Future;
use std::pin::pin;
use std::time::{Duration, Instant};

use futures_util::future::{Either, join_all, select};
use serde_json::json;

use super::cdp::CdpError;
use super::settle::breathe;
use super::tab::Tab;

/// The page's time between two ticks of a clock that goes with the wall's.
const TICK: Duration = Duration::from_millis(10);

/// The most of it that is made up for at once.
const DUE_MAX: Duration = Duration::from_millis(100);

/// Longest wait for a tick: a page that is busy for longer is behind its clock, as it would be by
/// itself.
const TICK_MAX: Duration = Duration::from_millis(500);

/// Longest wait for a moment: what the page waits for then comes while something else is done.
const MOMENT_MAX: Duration = Duration::from_secs(1);

/// Longest wait for a frame's answer, and for the end of a slice.
pub(super) const SLICE_MAX: Duration = Duration::from_secs(5);

/// Time of the wall that a page gets with each moment of its own: what it asked the browser for
/// (storage, other frames, workers) is answered no faster than that.
const ROUND: Duration = Duration::from_millis(5);

/// How the page's time passes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Pace {
    /// It waits for answers from the network.
    Patient,
    /// It goes on whatever is pending, as time does.
    Steady,
}

/// Grants a slice of time to every frame session and waits until all have used it up; whether they
/// have. A session that does not answer is left alone from then on: waiting for it at every slice
/// would take minutes.
pub(super) async fn grant(tab: &Tab, slice: Duration) -> bool {
    grant_within(tab, Pace::Patient, slice, SLICE_MAX).await
}

async fn grant_within(tab: &Tab, pace: Pace, slice: Duration, longest: Duration) -> bool {
    let began = Instant::now();
    let granted = ask(tab, pace, slice, longest).await;
    let here = granted.contains(&tab.session);
    if here {
        // From now on nothing of the page's own happens before the next grant.
        tab.shared.state().log.hold();
    }
    let spent = tab.shared.wait(longest, |state| {
        state.is_over()
            || granted
                .iter()
                .all(|s| state.spent.contains(s) || !state.sessions.contains_key(s))
    });
    let spent = spent.await;
    if here {
        tab.shared.state().log.pass(slice);
    }
    tracing::debug!(?pace, ?slice, frames = granted.len(), spent, took = ?began.elapsed(), "time granted");
    here && spent
}

/// Asks the sessions; returns those that took the time. A frame that has just appeared loads by the
/// wall clock and joins when the page is waited for.
async fn ask(tab: &Tab, pace: Pace, slice: Duration, longest: Duration) -> BTreeSet<String> {
    let sessions: BTreeSet<String> = {
        let mut state = tab.shared.state();
        state.spent.clear();
        let mut sessions = state.frame_sessions();
        sessions.retain(|s| {
            !state.silent.contains(s) && (pace == Pace::Patient || state.held.contains(s))
        });
        sessions
    };
    let params = json!({
        "policy": match pace {
            Pace::Patient => "pauseIfNetworkFetchesPending",
            Pace::Steady => "advance",
        },
        "budget": u64::try_from(slice.as_millis()).unwrap_or(u64::MAX),
        "maxVirtualTimeTaskStarvationCount": 100_000,
    });
    let calls = sessions.into_iter().map(|session| {
        let call = "Emulation.setVirtualTimePolicy";
        let answer = tab
            .connection
            .call_within(longest, Some(&session), call, &params);
        async move { (session, answer.await) }
    });
    let mut granted = BTreeSet::new();
    for (session, answer) in join_all(calls).await {
        match answer {
            Ok(_) => _ = granted.insert(session),
            Err(CdpError::Timeout(_)) if longest >= SLICE_MAX => {
                tab.shared.state().silent.insert(session);
            }
            // The frame is busy, or gone.
            Err(_) => {}
        }
    }
    tab.shared.state().held.extend(granted.iter().cloned());
    granted
}

/// Does `work` while the page's clock goes on with the wall's.
pub(super) async fn alongside<T>(tab: &Tab, work: impl Future<Output = T>) -> T {
    let mut work = pin!(work);
    if !tab.shared.state().log.is_held() {
        return work.await;
    }
    let mut due = TICK;
    loop {
        let began = Instant::now();
        let tick = pin!(grant_within(tab, Pace::Steady, due, TICK_MAX));
        match select(work.as_mut(), tick).await {
            // An unfinished tick would end in the middle of the next one.
            Either::Left((done, tick)) => {
                tick.await;
                return done;
            }
            Either::Right(_) => {}
        }
        let rest = pin!(breathe(TICK.saturating_sub(began.elapsed())));
        if let Either::Left((done, _)) = select(work.as_mut(), rest).await {
            return done;
        }
        // A tick that took long is made up for, or the page's clock would fall behind the wall's.
        due = began.elapsed().clamp(TICK, DUE_MAX);
    }
}

/// Lets the page live for a moment of its own time, without waiting that long where its clock is in
/// our hands.
pub(super) async fn live(tab: &Tab, moment: Duration) {
    if tab.shared.state().log.is_held() {
        grant_within(tab, Pace::Patient, moment, MOMENT_MAX).await;
        breathe(ROUND).await;
    } else {
        breathe(moment).await;
    }
}
