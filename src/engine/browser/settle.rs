//! Waiting for evidence: a page has settled when `load` has fired and network and storage have been
//! quiet for as long as the providers in it need. The only place of this engine that lets time pass.

use std::time::{Duration, Instant};

use super::collect::State;
use super::watch::Shared;
use crate::engine::Options;
use crate::model::site::host_matches;

/// How long a page must be quiet when no provider needs longer: what trackers start in `load`
/// handlers and in zero timers has begun by then.
const QUIET: Duration = Duration::from_millis(500);

/// Waits until the page has settled, at most `options.settle_max`; whether it has.
pub(super) async fn settle(shared: &Shared, options: &Options) -> bool {
    let deadline = Instant::now() + options.settle_max;
    shared.state().begin_settling();
    loop {
        let left = deadline.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return false;
        }
        let (is_over, is_busy, quiet_for, needed) = {
            let state = shared.state();
            let quiet_for = state.last_activity.elapsed();
            (
                state.is_over(),
                state.requests.is_busy() || !state.is_loaded(),
                quiet_for,
                quiet_needed(&state, options),
            )
        };
        if is_over || (!is_busy && quiet_for >= needed) {
            return true;
        }
        if is_busy {
            shared.wait(left, is_calm).await;
        } else {
            tokio::time::sleep((needed - quiet_for).min(left)).await;
        }
    }
}

/// Lets the page go on for a moment while something is polled that sends no event.
pub(super) async fn breathe(moment: Duration) {
    tokio::time::sleep(moment).await;
}

fn is_calm(state: &State) -> bool {
    state.is_over() || (state.is_loaded() && !state.requests.is_busy())
}

/// The longest quiet that a provider in this page needs.
fn quiet_needed(state: &State, options: &Options) -> Duration {
    options
        .settle_hints
        .iter()
        .filter(|hint| {
            state
                .requests
                .hosts()
                .iter()
                .any(|host| host_matches(&hint.host, host))
        })
        .map(|hint| hint.quiet)
        .fold(QUIET, Duration::max)
}
