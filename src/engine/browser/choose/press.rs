//! Pressing a control as a visitor does: with the mouse where a click reaches it, and with the
//! keyboard where the mouse had no effect.

use std::time::{Duration, Instant};

use serde::Deserialize;
use serde_json::json;

use super::dom::Point;
use super::frames::{self, Place};
use super::look::At;
use super::world::{Unread, World};
use crate::engine::browser::settle::breathe;
use crate::engine::browser::tab::Tab;
use crate::model::fault::Fault;

/// How often is looked whether a press had its effect.
const LOOK: Duration = Duration::from_millis(50);

/// How long scrolling may take to reach the screen, which is what input is matched with, and a frame
/// to be scrolled to by the page around it.
const SCROLLED: Duration = Duration::from_millis(150);

/// What became of a press.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Pressed {
    /// It reached the control.
    Yes,
    /// Something else is above the control.
    Covered,
    /// The control does not show, or its frame is gone.
    Missing,
}

/// Clicks an element.
pub(super) async fn click_on(tab: &Tab, at: &At) -> Result<Pressed, Fault> {
    let mut place = aim(tab, at).await?;
    if place.is_some_and(|p| !p.hit || p.scrolled) {
        breathe(SCROLLED).await;
        place = aim(tab, at).await?;
    }
    Ok(match place {
        None => Pressed::Missing,
        Some(place) if !place.hit => Pressed::Covered,
        Some(place) => {
            click(tab, place.x, place.y).await?;
            Pressed::Yes
        }
    })
}

/// Where in the page an element is to be clicked.
async fn aim(tab: &Tab, at: &At) -> Result<Option<Place>, Fault> {
    let world = World {
        tab,
        frame: &at.frame,
    };
    let asked = async {
        let point: Point = world.ask("point", json!([at.reference])).await?;
        if !point.found {
            return Ok(None);
        }
        let place = Place {
            x: point.x,
            y: point.y,
            hit: point.hit,
            scrolled: point.scrolled,
        };
        frames::to_page(tab, &at.frame, place).await.map(Some)
    };
    of_frame(tab, at, asked.await, None)
}

/// Gives the element the keyboard and presses a key on it.
pub(super) async fn key_on(tab: &Tab, at: &At, key: Key) -> Result<Pressed, Fault> {
    let world = World {
        tab,
        frame: &at.frame,
    };
    let asked = world.ask("focus", json!([at.reference])).await;
    let focus: Focus = of_frame(tab, at, asked, Focus { focused: false })?;
    let Some(session) = world.session().filter(|_| focus.focused) else {
        return Ok(Pressed::Missing);
    };
    strike(tab, &session, key).await?;
    Ok(Pressed::Yes)
}

/// Presses Esc in the document of an element, wherever the keyboard is there.
pub(super) async fn escape(tab: &Tab, at: &At) -> Result<(), Fault> {
    let world = World {
        tab,
        frame: &at.frame,
    };
    let session = world.session().unwrap_or_else(|| tab.session.clone());
    strike(tab, &session, Key::Escape).await
}

/// Presses a key.
async fn strike(tab: &Tab, session: &str, key: Key) -> Result<(), Fault> {
    let (name, code, number, text) = match key {
        Key::Enter => ("Enter", "Enter", 13, Some("\r")),
        Key::Space => (" ", "Space", 32, Some(" ")),
        Key::Escape => ("Escape", "Escape", 27, None),
    };
    for kind in ["keyDown", "keyUp"] {
        let mut params = json!({
            "type": kind, "key": name, "code": code, "windowsVirtualKeyCode": number,
        });
        if let Some(text) = text.filter(|_| kind == "keyDown") {
            params["text"] = json!(text);
        }
        let connection = &tab.connection;
        let sent = connection.call(Some(session), "Input.dispatchKeyEvent", params);
        if let Err(error) = sent.await {
            // The press may have taken its frame away.
            tracing::debug!(%error, "pressing a key");
        }
    }
    tab.check_alive()
}

/// A key that activates a control, or closes what is open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Key {
    Enter,
    Space,
    Escape,
}

/// Moves the mouse to a place in the page and clicks.
pub(super) async fn click(tab: &Tab, x: f64, y: f64) -> Result<(), Fault> {
    for (kind, buttons) in [("mouseMoved", 0), ("mousePressed", 1), ("mouseReleased", 0)] {
        let mut params = json!({"type": kind, "x": x, "y": y, "buttons": buttons});
        if kind != "mouseMoved" {
            params["button"] = json!("left");
            params["clickCount"] = json!(1);
        }
        tab.call("Input.dispatchMouseEvent", params).await?;
    }
    Ok(())
}

/// Whether a banner shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shows {
    Yes,
    /// It does not, perhaps because its document or its frame is gone.
    No,
    /// Its frame gives no answer.
    Unknown,
}

/// Waits for a banner to go, and says whether it still shows.
pub(super) async fn gone_in_time(
    tab: &Tab,
    banner: &At,
    longest: Duration,
) -> Result<Shows, Fault> {
    let deadline = Instant::now() + longest;
    while Instant::now() < deadline {
        breathe(LOOK).await;
        let shows = shows(tab, banner).await?;
        if shows != Shows::Yes {
            return Ok(shows);
        }
    }
    Ok(Shows::Yes)
}

async fn shows(tab: &Tab, banner: &At) -> Result<Shows, Fault> {
    let world = World {
        tab,
        frame: &banner.frame,
    };
    let asked = async {
        let gone: Gone = world.ask("bannerGone", json!([banner.reference])).await?;
        let standing = frames::standing(tab, &banner.frame).await?;
        Ok(if gone.gone || standing.is_none() {
            Shows::No
        } else {
            Shows::Yes
        })
    };
    let answer = asked.await;
    let otherwise = match answer {
        Err(Unread::Gone) => Shows::No,
        _ => Shows::Unknown,
    };
    of_frame(tab, banner, answer, otherwise)
}

/// What holds if an element's frame gives no answer; for the page itself that is a fault.
pub(super) fn of_frame<T>(
    tab: &Tab,
    at: &At,
    answer: Result<T, Unread>,
    otherwise: T,
) -> Result<T, Fault> {
    match answer {
        Ok(answer) => Ok(answer),
        Err(Unread::Gone | Unread::Silent | Unread::Odd(_)) if at.frame != tab.frame => {
            tab.check_alive()?;
            Ok(otherwise)
        }
        Err(unread) => Err(unread.fault(tab)),
    }
}

#[derive(Deserialize)]
struct Gone {
    gone: bool,
}

#[derive(Deserialize)]
struct Focus {
    focused: bool,
}
