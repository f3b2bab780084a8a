//! The steps of a consent script, one by one, with real input: each waits for what it needs to show.
//!
//! A step that cannot be done ends the list, and its place and the reason are told. What is typed may
//! be a password and is told nowhere.

use std::time::{Duration, Instant};

use serde::Deserialize;
use serde_json::json;

use super::locate::{Place, locate};
use super::look::At;
use super::press::{self, Key, Pressed, of_frame};
use super::wait;
use super::world::World;
use crate::consent::script::{Action, Key as NamedKey, Locator, Step};
use crate::engine::browser::cdp::CdpError;
use crate::engine::browser::fault::of_call;
use crate::engine::browser::tab::Tab;
use crate::model::fault::Fault;

/// Longest time for all steps of a list.
const LIST_MAX: Duration = Duration::from_secs(120);

/// What became of a list of steps.
pub(super) struct Walked {
    /// What was done, one sentence each.
    pub(super) told: Vec<String>,
    /// When something was pressed first, in milliseconds since the visit began.
    pub(super) pressed_ms: Option<u64>,
    /// Whether something was pressed in a frame.
    pub(super) in_frame: bool,
    /// The step that failed, and why.
    pub(super) failed: Option<String>,
}

/// What one step came to: a sentence, or why it failed.
type Done = Result<String, String>;

/// Walks through the steps. `list` is the name of their list in the script.
pub(super) async fn walk(tab: &Tab, list: &str, steps: &[Step]) -> Result<Walked, Fault> {
    let mut walked = Walked {
        told: Vec::new(),
        pressed_ms: None,
        in_frame: false,
        failed: None,
    };
    let end = Instant::now() + LIST_MAX;
    for (number, step) in (1..).zip(steps) {
        let name = format!("step {number} of {list} ({})", step.place);
        let at_ms = tab.now_ms();
        let deadline = end.min(Instant::now() + step.within);
        match one(tab, step, deadline).await? {
            Ok(what) => {
                walked.told.push(format!("{name}: {what}"));
                if !matches!(step.action, Action::WaitFor(_)) {
                    walked.pressed_ms.get_or_insert(at_ms);
                }
                walked.in_frame |= locator(step).is_some_and(|l| l.frame.is_some());
            }
            Err(why) => {
                walked.failed = Some(format!("{name} failed: {why}"));
                break;
            }
        }
    }
    Ok(walked)
}

/// The element that a step is about.
pub(super) fn locator(step: &Step) -> Option<&Locator> {
    match &step.action {
        Action::Click(at) | Action::WaitFor(at) | Action::Type(at, _) => Some(at),
        Action::Press(_, on) => on.as_ref(),
        Action::Eval(_) => None,
    }
}

async fn one(tab: &Tab, step: &Step, deadline: Instant) -> Result<Done, Fault> {
    match &step.action {
        Action::WaitFor(at) => {
            let found = await_element(tab, at, deadline).await?;
            Ok(found.map(|_| format!("\"{}\" shows", at.selector)))
        }
        Action::Click(at) => match clicked(tab, at, deadline).await? {
            Ok((_, text)) => Ok(Ok(format!("pressed \"{text}\""))),
            Err(why) => Ok(Err(why)),
        },
        Action::Type(at, text) => match clicked(tab, at, deadline).await? {
            Ok((at_field, _)) => typed(tab, &at_field, at, &text.0).await,
            Err(why) => Ok(Err(why)),
        },
        Action::Press(key, None) => {
            press::key(tab, &tab.session, key_of(*key)).await?;
            Ok(Ok(format!("pressed the key {key:?}")))
        }
        Action::Press(key, Some(on)) => {
            let at = match await_element(tab, on, deadline).await? {
                Ok((at, _)) => at,
                Err(why) => return Ok(Err(why)),
            };
            Ok(match press::key_on(tab, &at, key_of(*key)).await? {
                Pressed::Yes => Ok(format!("pressed the key {key:?} on \"{}\"", on.selector)),
                _ => Err(format!("\"{}\" does not take the keyboard", on.selector)),
            })
        }
        Action::Eval(code) => evaluated(tab, code, deadline).await,
    }
}

/// Waits for an element to show.
async fn await_element(
    tab: &Tab,
    at: &Locator,
    deadline: Instant,
) -> Result<Result<(At, String), String>, Fault> {
    let began = Instant::now();
    loop {
        match locate(tab, at).await? {
            Place::Here(at, text) => return Ok(Ok((at, text))),
            Place::Nowhere(why) if Instant::now() >= deadline => {
                let waited = began.elapsed().as_secs();
                return Ok(Err(format!("after {waited} s, {why}")));
            }
            Place::Nowhere(_) => {}
        }
        tab.check_alive()?;
        wait::pause().await;
    }
}

/// Clicks an element once a click reaches it.
async fn clicked(
    tab: &Tab,
    locator: &Locator,
    deadline: Instant,
) -> Result<Result<(At, String), String>, Fault> {
    loop {
        let (at, text) = match await_element(tab, locator, deadline).await? {
            Ok(found) => found,
            Err(why) => return Ok(Err(why)),
        };
        let why = match press::click_on(tab, &at).await? {
            Pressed::Yes => {
                let selector = &locator.selector;
                let text = if text.is_empty() { selector } else { &text };
                return Ok(Ok((at, text.clone())));
            }
            Pressed::Covered => "is covered by something else",
            Pressed::Missing => "went away",
        };
        if Instant::now() >= deadline {
            return Ok(Err(format!("\"{}\" {why}", locator.selector)));
        }
        wait::pause().await;
    }
}

#[derive(Deserialize)]
struct Focus {
    focused: bool,
}

/// Types into a field that was clicked, key by key.
async fn typed(tab: &Tab, at: &At, locator: &Locator, text: &str) -> Result<Done, Fault> {
    let world = World {
        tab,
        frame: &at.frame,
    };
    let asked = world.ask("focus", json!([at.reference])).await;
    let focus: Focus = of_frame(tab, at, asked, Focus { focused: false })?;
    let Some(session) = world.session().filter(|_| focus.focused) else {
        return Ok(Err(format!(
            "\"{}\" does not take the keyboard",
            locator.selector
        )));
    };
    for character in text.chars() {
        press::character(tab, &session, character).await?;
    }
    tab.check_alive()?;
    Ok(Ok(format!("typed into \"{}\"", locator.selector)))
}

/// Evaluates an expression in the page's own world.
async fn evaluated(tab: &Tab, code: &str, deadline: Instant) -> Result<Done, Fault> {
    let params = json!({"expression": code, "userGesture": true, "awaitPromise": true});
    let left = deadline.saturating_duration_since(Instant::now());
    let session = Some(tab.session.as_str());
    let answer = tab
        .connection
        .call_within(left, session, "Runtime.evaluate", params)
        .await;
    match answer {
        Ok(answer) => Ok(match answer.get("exceptionDetails") {
            None => Ok("evaluated its code".to_owned()),
            Some(details) => {
                let text = details["exception"]["description"].as_str();
                let text = text.or_else(|| details["text"].as_str());
                let first = text.and_then(|t| t.lines().next()).unwrap_or_default();
                let first: String = first.chars().take(200).collect();
                Err(format!("its code threw: {first}"))
            }
        }),
        Err(CdpError::Timeout(_)) => Ok(Err("its code did not end in time".to_owned())),
        // The document went away meanwhile, as it does where the code leads elsewhere.
        Err(CdpError::Refused { .. }) => {
            Ok(Ok("evaluated its code, which left the page".to_owned()))
        }
        Err(error) => Err(of_call(&error, tab.now_ms())),
    }
}

fn key_of(key: NamedKey) -> Key {
    match key {
        NamedKey::Enter => Key::Enter,
        NamedKey::Space => Key::Space,
        NamedKey::Escape => Key::Escape,
        NamedKey::Tab => Key::Tab,
        NamedKey::ArrowDown => Key::ArrowDown,
        NamedKey::ArrowUp => Key::ArrowUp,
        NamedKey::ArrowLeft => Key::ArrowLeft,
        NamedKey::ArrowRight => Key::ArrowRight,
    }
}
