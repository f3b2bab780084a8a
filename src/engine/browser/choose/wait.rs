//! Waiting for a banner, as long as a page may take to show one.
//!
//! Most banners are there when the page has settled. Others wait for the visitor to scroll, or for a
//! timer of theirs: where the page's clock may be put forward, that costs no waiting. A page without
//! a banner pays for this, so every look is one question, and the waits are short.

use std::time::Duration;

use serde_json::json;

use super::look::{Eyes, Found};
use crate::engine::Options;
use crate::engine::browser::clock::{self, live};
use crate::engine::browser::life;
use crate::engine::browser::settle::breathe;
use crate::engine::browser::tab::Tab;
use crate::model::choice::Choice;
use crate::model::fault::Fault;

/// How often is looked.
pub(super) const LOOK: Duration = Duration::from_millis(100);

/// How long a settled page is waited for before it is scrolled, and after that.
const AT_ONCE: Duration = Duration::from_millis(200);
const SCROLLED: Duration = Duration::from_millis(300);

/// How long a banner may wait by a timer, where the page's clock can be put forward, in which steps,
/// and where it cannot.
const TIMED: Duration = Duration::from_secs(8);
const STEP: Duration = Duration::from_secs(4);
const TIMED_REAL: Duration = Duration::from_millis(2500);

/// Waits until a banner shows that may offer the choice, or until none is to be expected.
pub(in crate::engine::browser) async fn for_banner(
    tab: &Tab,
    options: &Options,
    asked: Choice,
) -> Result<(), Fault> {
    let mut eyes = Eyes::new(tab, &options.recipes);
    let asked = asked.on_banner();
    if shows(tab, &mut eyes, asked, AT_ONCE).await? {
        return Ok(());
    }
    for _ in 0..2 {
        let wheel = json!({"type": "mouseWheel", "x": 400, "y": 300, "deltaX": 0, "deltaY": 500});
        // A page whose clock stands still may never answer.
        let turned = tab.call("Input.dispatchMouseEvent", wheel);
        clock::alongside(tab, turned).await?;
    }
    if shows(tab, &mut eyes, asked, SCROLLED).await? {
        return Ok(());
    }
    if options.page_life.is_zero() || options.real_time {
        return shows(tab, &mut eyes, asked, TIMED_REAL).await.map(drop);
    }
    let mut lived = Duration::ZERO;
    while lived < TIMED.min(options.page_life) {
        life::forward(tab, STEP).await?;
        lived += STEP;
        if shows(tab, &mut eyes, asked, Duration::ZERO).await? {
            break;
        }
    }
    Ok(())
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
