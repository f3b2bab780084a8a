//! Waiting for evidence: a page has settled when `load` has fired, nothing is being loaded, and
//! network and storage stay quiet for as long as the providers in it need. The only place of this
//! engine that lets time pass.
//!
//! The quiet is spent on the page's clock ([`super::clock`]): once all answers are there and nothing
//! has moved for a moment, the page is given the rest of the quiet at once, and whatever it does with
//! it begins the wait anew. By the wall clock the whole quiet is waited for: with `--real-time`, and
//! as long as the visitor still has something to press or to scroll, because a busy machine delivers
//! such input late, or never, to a page whose clock stands still between slices.

use std::time::{Duration, Instant};

use super::clock;
use super::collect::State;
use super::tab::Tab;
use crate::engine::Options;
use crate::model::site::host_matches;

/// How long a page must be quiet when no provider needs longer: what trackers start in `load`
/// handlers and in zero timers has begun by then.
const QUIET: Duration = Duration::from_millis(500);

/// How much of the quiet passes by the wall clock: answers of the browser itself (storage, workers,
/// other frames) are there by then.
const CALM: Duration = Duration::from_millis(150);

/// The clock that a page's quiet is spent on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Quiet {
    /// The wall's: the whole of it is waited for.
    Wall,
    /// The page's own, which is in our hands from then on.
    Page,
}

/// How far a page is.
struct Rest {
    is_over: bool,
    is_busy: bool,
    /// How long nothing has happened.
    quiet_for: Duration,
    /// How long nothing must happen.
    needed: Duration,
    /// How much of that must pass by the wall clock.
    calm: Duration,
    last_activity: Instant,
}

/// Waits until the page has settled, at most `options.settle_max`; whether it has.
///
/// `by` says whose clock the quiet is spent on.
pub(super) async fn settle(tab: &Tab, options: &Options, by: Quiet) -> bool {
    let deadline = Instant::now() + options.settle_max;
    tab.shared.state().begin_settling();
    loop {
        let left = deadline.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return false;
        }
        let rest = Rest::of(&tab.shared.state(), options, by);
        if rest.is_over || (!rest.is_busy && rest.quiet_for >= rest.needed) {
            return true;
        }
        if rest.is_busy {
            clock::alongside(tab, tab.shared.wait(left, is_calm)).await;
        } else if rest.quiet_for < rest.calm {
            clock::alongside(tab, breathe((rest.calm - rest.quiet_for).min(left))).await;
        } else {
            let rested = clock::grant(tab, rest.needed - rest.quiet_for).await;
            if rested && tab.shared.state().last_activity == rest.last_activity {
                return true;
            }
        }
    }
}

impl Rest {
    fn of(state: &State, options: &Options, by: Quiet) -> Self {
        let needed = quiet_needed(state, options);
        let sockets = state.requests.sockets_need();
        let quiet_for = state.last_activity.elapsed();
        let calm = if by == Quiet::Wall {
            needed
        } else {
            CALM.max(quiet_for + sockets).min(needed)
        };
        Self {
            is_over: state.is_over(),
            is_busy: state.requests.is_busy() || !state.is_loaded(),
            quiet_for,
            needed,
            calm,
            last_activity: state.last_activity,
        }
    }
}

/// The clock to use when the visitor has nothing more to press.
pub(super) fn quiet_by(options: &Options) -> Quiet {
    if options.real_time {
        Quiet::Wall
    } else {
        Quiet::Page
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
