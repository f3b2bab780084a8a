//! Waiting for a banner, as long as a page may take to show one.
//!
//! Most banners are there when the page has settled. Others wait for the visitor to scroll, or for a
//! timer of theirs: where the page's clock may be put forward, that costs no waiting, and comes first,
//! since a visitor who need not scroll does not. A page without a banner pays for all of this, so
//! every look is one question, and nothing is waited for that has come.

use std::time::{Duration, Instant};

use serde_json::json;

use super::look::{Eyes, Found};
use super::scripted;
use crate::engine::Options;
use crate::engine::browser::clock::{self, live};
use crate::engine::browser::life;
use crate::engine::browser::passive;
use crate::engine::browser::settle::breathe;
use crate::engine::browser::tab::Tab;
use crate::model::choice::Choice;
use crate::model::fault::Fault;

/// How often is looked.
pub(super) const LOOK: Duration = Duration::from_millis(100);

/// How long a banner may take by itself and after scrolling, where the page's clock cannot be put
/// forward, and by a timer.
const AT_ONCE: Duration = Duration::from_millis(200);
const SCROLLED: Duration = Duration::from_millis(300);
const TIMED_REAL: Duration = Duration::from_millis(2500);

/// When is looked where it can be put forward, in the page's own time since the last look.
const TIMED: [Duration; 3] = [
    Duration::from_millis(500),
    Duration::from_millis(3500),
    Duration::from_millis(4000),
];

/// A page that took longer for that is not put forward once more.
const SLOW: Duration = Duration::from_secs(2);

/// Waits until a banner shows that may offer the choice, or until none is to be expected; whether one
/// shows, or may.
pub(in crate::engine::browser) async fn for_banner(
    tab: &Tab,
    options: &Options,
    asked: Choice,
) -> Result<bool, Fault> {
    if let Some(script) = &options.script
        && script.steps(asked).is_some()
    {
        return scripted::for_first(tab, script, asked).await.map(|()| true);
    }
    let mut eyes = Eyes::new(tab, &options.recipes);
    let asked = asked.on_banner();
    if options.page_life.is_zero() || options.real_time {
        return by_the_wall(tab, &mut eyes, asked).await;
    }
    if shows(tab, &mut eyes, asked, Duration::ZERO).await? {
        return Ok(true);
    }
    let began = Instant::now();
    if in_time(tab, options, &mut eyes, asked).await? {
        return Ok(true);
    }
    let is_slow = began.elapsed() > SLOW;
    clock::alongside(tab, scroll(tab)).await?;
    if shows(tab, &mut eyes, asked, SCROLLED).await? {
        return Ok(true);
    }
    Ok(!is_slow && in_time(tab, options, &mut eyes, asked).await?)
}

async fn by_the_wall(tab: &Tab, eyes: &mut Eyes<'_, '_>, asked: Choice) -> Result<bool, Fault> {
    if shows(tab, eyes, asked, AT_ONCE).await? {
        return Ok(true);
    }
    scroll(tab).await?;
    shows(tab, eyes, asked, SCROLLED + TIMED_REAL).await
}

/// Puts the page's clock forward until a banner shows; whether one does.
async fn in_time(
    tab: &Tab,
    options: &Options,
    eyes: &mut Eyes<'_, '_>,
    asked: Choice,
) -> Result<bool, Fault> {
    let mut left = options.page_life;
    for step in TIMED {
        let step = step.min(left);
        if step.is_zero() {
            break;
        }
        life::forward(tab, step).await?;
        left -= step;
        if shows(tab, eyes, asked, Duration::ZERO).await? {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Turns the wheel, and waits until the page was drawn with what that did.
async fn scroll(tab: &Tab) -> Result<(), Fault> {
    for _ in 0..2 {
        let wheel = json!({"type": "mouseWheel", "x": 400, "y": 300, "deltaX": 0, "deltaY": 500});
        // A page whose clock was in our hands may never answer; it is then looked at as it is.
        let turned = tab.try_call("Input.dispatchMouseEvent", wheel);
        if clock::alongside(tab, turned).await.is_err() {
            return tab.check_alive();
        }
    }
    passive::drawn(tab).await
}

/// Looks until a banner shows, by the page's own clock; whether one does.
async fn shows(
    tab: &Tab,
    eyes: &mut Eyes<'_, '_>,
    asked: Choice,
    longest: Duration,
) -> Result<bool, Fault> {
    let mut lived = Duration::ZERO;
    loop {
        let found = eyes.find(asked).await?;
        let shows = !matches!(found, Found::NoBanner);
        if shows || lived >= longest {
            return Ok(shows);
        }
        tab.check_alive()?;
        live(tab, LOOK).await;
        lived += LOOK;
    }
}

/// Looks until a control for the choice shows, by the wall clock, for as long as it may take.
pub(super) async fn for_control<'a>(
    tab: &Tab,
    eyes: &mut Eyes<'_, 'a>,
    asked: Choice,
    longest: Duration,
) -> Result<Found<'a>, Fault> {
    let mut waited = Duration::ZERO;
    loop {
        let found = eyes.find(asked).await?;
        if matches!(found, Found::Control(..)) || waited >= longest {
            return Ok(found);
        }
        tab.check_alive()?;
        pause().await;
        waited += LOOK;
    }
}

/// Waits between two looks.
pub(super) async fn pause() {
    breathe(LOOK).await;
}
