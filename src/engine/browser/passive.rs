//! The passive reader: moves the mouse, scrolls to the end of the page, presses a key that does
//! nothing, follows links of the same site, and presses nothing that could count as a choice.

use std::pin::pin;
use std::time::Duration;

use futures_util::future::{Either, select};
use serde_json::{Value, json};

use super::clock::alongside;
use super::settle::{breathe, quiet_by, settle};
use super::tab::Tab;
use crate::engine::Options;
use crate::model::fault::{Fault, FaultKind};
use crate::model::site;

/// How many turns of the wheel at most; endless pages have no end to scroll to.
const TURNS: u32 = 12;

/// Longest wait for the frames that a turn of the wheel comes with: a busy machine draws few.
const FRAMES_MAX: Duration = Duration::from_millis(500);

/// Moves the mouse over the page, scrolls down, and presses and releases the shift key.
pub(super) async fn read(tab: &Tab) -> Result<(), Fault> {
    for (x, y) in [(200, 150), (420, 260), (380, 400)] {
        mouse(tab, json!({"type": "mouseMoved", "x": x, "y": y})).await?;
    }
    for _ in 0..TURNS {
        mouse(
            tab,
            json!({"type": "mouseWheel", "x": 400, "y": 300, "deltaX": 0, "deltaY": 600}),
        )
        .await?;
        if at_end(tab).await? {
            break;
        }
    }
    for kind in ["rawKeyDown", "keyUp"] {
        let key = json!({"type": kind, "key": "Shift", "code": "ShiftLeft", "location": 1,
            "windowsVirtualKeyCode": 16, "modifiers": if kind == "keyUp" { 0 } else { 8 }});
        tab.call("Input.dispatchKeyEvent", key).await?;
    }
    Ok(())
}

async fn mouse(tab: &Tab, params: Value) -> Result<(), Fault> {
    tab.call("Input.dispatchMouseEvent", params).await.map(drop)
}

/// Waits for the frame that what the wheel did comes with.
pub(super) async fn drawn(tab: &Tab) -> Result<(), Fault> {
    let two_frames = "() => new Promise((done) => \
                      requestAnimationFrame(() => requestAnimationFrame(() => done(true))))";
    // Frames come by the wall clock, wherever the page's own stands. A page that shows none has none.
    let frames = pin!(tab.evaluate(two_frames, &Value::Null));
    if let Either::Left((Err(fault), _)) = select(frames, pin!(breathe(FRAMES_MAX))).await {
        return Err(fault);
    }
    Ok(())
}

/// Whether the page is scrolled to its end, once what the wheel did has come with a frame.
async fn at_end(tab: &Tab) -> Result<bool, Fault> {
    drawn(tab).await?;
    let function = "() => { const d = document.scrollingElement ?? document.documentElement; \
                    return !d || d.scrollTop + innerHeight >= d.scrollHeight - 2; }";
    let answer = tab.evaluate(function, &Value::Null).await?;
    Ok(answer.as_bool().unwrap_or(true))
}

/// Visits up to `pages` links of the same site in document order, each until it has settled.
/// Returns those that were visited.
pub(super) async fn follow_links(
    tab: &Tab,
    options: &Options,
    pages: u32,
    page_host: &str,
) -> Result<Vec<String>, Fault> {
    let mut visited = Vec::new();
    for link in alongside(tab, links(tab, page_host)).await? {
        if visited.len() >= usize::try_from(pages).unwrap_or(usize::MAX) {
            break;
        }
        match alongside(tab, tab.navigate(&link, options)).await {
            Ok(()) => {}
            // A file to save is no page; the one before is still shown.
            Err(fault) if fault.kind == FaultKind::Download => {
                tab.forget_document();
                continue;
            }
            Err(fault) => return Err(fault),
        }
        settle(tab, options, quiet_by(options)).await;
        tab.check_alive()?;
        visited.push(link);
    }
    Ok(visited)
}

/// Links to other pages of the same site, each once. Links that would end a session are left alone.
async fn links(tab: &Tab, page_host: &str) -> Result<Vec<String>, Fault> {
    let function = r"() => {
        const here = location.href.split('#')[0];
        const seen = new Set([here]);
        const found = [];
        for (const a of document.querySelectorAll('a[href]:not([download])')) {
            const href = a.href.split('#')[0];
            if (!/^https?:/.test(href) || seen.has(href)) continue;
            if (/log-?out|sign-?out|abmelden|deconnexion/i.test(href)) continue;
            seen.add(href);
            found.push(href);
            if (found.length >= 500) break;
        }
        return found;
    }";
    let answer = tab.evaluate(function, &Value::Null).await?;
    let links: Vec<String> = serde_json::from_value(answer).unwrap_or_default();
    Ok(links
        .into_iter()
        .filter(|link| site::same_site(&site::host_of(link), page_host))
        .collect())
}
