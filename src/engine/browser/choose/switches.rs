//! The switches of a second layer: reading them, and setting each as the visitor asks.
//!
//! What a switch says is read from the element itself before and after it is pressed. A switch that
//! cannot be read or moved ends the attempt: what would be saved is then not what was asked for.
//! How each should stand is for [`super::goal`] to say.

use std::time::{Duration, Instant};

use serde::Deserialize;
use serde_json::json;

use super::goal::{Fit, Goal, Switch, Switches, fitting, is_wrong};
use super::layers::{Layer, Ready};
use super::look::{At, Target};
use super::press::{self, Key, of_frame};
use super::world::World;
use crate::consent::recipe::Recipe;
use crate::engine::browser::settle::breathe;
use crate::engine::browser::tab::Tab;
use crate::model::choice::Choice;
use crate::model::fault::Fault;
use crate::model::role::Role;

#[derive(Deserialize)]
struct Revealed {
    found: bool,
}

/// How long a switch may take to move.
const SWITCH_MAX: Duration = Duration::from_millis(400);

pub(super) fn hidden(left: usize, goal: &Goal<'_>) -> String {
    if goal.asked == Choice::Custom {
        return format!(
            "{left} switches stand otherwise than asked, and do not show or are too many"
        );
    }
    let (is, put) = goal.words();
    format!("{left} switches are {is} that do not show or are too many to be put {put}")
}

/// The switches beside the control that saves them.
pub(super) async fn beside(
    tab: &Tab,
    recipe: Option<&Recipe>,
    save: &Target,
) -> Result<Switches, Fault> {
    let world = World {
        tab,
        frame: &save.at.frame,
    };
    if let Some(pairs) = recipe.and_then(|r| r.pairs.as_ref()) {
        let answer = world.ask(
            "pairs",
            json!([pairs.row, pairs.allow, pairs.deny, save.at.reference]),
        );
        let found: Switches = of_frame(tab, &save.at, answer.await, Switches::default())?;
        if !found.listed.is_empty() {
            return Ok(found);
        }
    }
    let selectors = recipe.map(|r| r.toggles.as_slice()).unwrap_or_default();
    let named = list(tab, selectors, save).await?;
    if named.listed.is_empty() && !selectors.is_empty() {
        let mut all = list(tab, &[], save).await?;
        if all.listed.is_empty() && all.hidden.len() < named.hidden.len() {
            all.hidden = named.hidden;
        }
        all.left = all.left.max(named.left);
        all.off = all.off.max(named.off);
        return Ok(all);
    }
    Ok(named)
}

/// The switches on the banner of a control, and whether each is on.
pub(super) async fn standing(
    tab: &Tab,
    control: &Target,
) -> Result<Vec<(u32, Option<bool>)>, Fault> {
    let listed = list(tab, &[], control).await?.listed;
    Ok(listed.iter().map(|s| (s.reference, s.on)).collect())
}

async fn list(tab: &Tab, selectors: &[String], save: &Target) -> Result<Switches, Fault> {
    let world = World {
        tab,
        frame: &save.at.frame,
    };
    let question = json!([selectors, save.banner.reference, save.at.reference]);
    let answer = world.ask("toggles", question).await;
    of_frame(tab, &save.at, answer, Switches::default())
}

/// Sets every switch as asked that stands otherwise and can be moved.
pub(super) async fn set(
    tab: &Tab,
    recipe: Option<&Recipe>,
    switches: Switches,
    save: Target,
    goal: &Goal<'_>,
) -> Result<Layer, Fault> {
    let on = |switch: &&Switch| goal.wants(switch) == Some(true);
    if goal.asked == Choice::Custom && !switches.listed.iter().any(|s| on(&s)) {
        return Ok(Layer::No(vec![nothing_asked_for(&switches.listed)]));
    }
    let mut told = Vec::new();
    let (mut moves, mut fixed) = (0, 0);
    for switch in &switches.listed {
        match fitting(switch, goal) {
            Fit::Stands => {}
            Fit::Fixed => fixed += 1,
            Fit::Unread => {
                told.push(format!(
                    "the switch \"{}\" does not say whether it is on",
                    switch.text
                ));
                return Ok(Layer::Stuck(told));
            }
            Fit::Move(to) => {
                if !moved(tab, &save.at.frame, switch, to).await? {
                    let stays = if to { "off" } else { "on" };
                    told.push(format!("the switch \"{}\" stays {stays}", switch.text));
                    return Ok(Layer::Stuck(told));
                }
                moves += 1;
            }
        }
    }
    let now = beside(tab, recipe, &save).await?;
    told.push(summary(&switches.listed, goal, moves, fixed));
    // One switch may have moved others.
    if goal.asked == Choice::Custom
        && let Some(moved) = now.listed.iter().find(|s| is_wrong(s, goal))
    {
        told.push(format!(
            "the switch \"{}\" was moved by another",
            moved.text
        ));
        return Ok(Layer::Stuck(told));
    }
    let left_on = now.left(goal);
    if left_on > 0 {
        told.push(hidden(left_on, goal));
    }
    let all = now.listed.iter().chain(&now.hidden);
    let parts = all.filter_map(|switch| switch.part(goal)).collect();
    Ok(Layer::Press(Ready {
        target: save,
        told,
        left_on,
        presses: u32::try_from(moves).unwrap_or(u32::MAX),
        parts,
    }))
}

fn summary(listed: &[Switch], goal: &Goal<'_>, moves: usize, fixed: usize) -> String {
    let all = listed.len();
    if goal.asked != Choice::Custom {
        let (_, put) = goal.words();
        return format!("of {all} switches, {moves} were put {put}, {fixed} cannot be moved");
    }
    let on = listed.iter().filter(|s| goal.wants(s) == Some(true));
    let on: Vec<String> = on.map(|s| format!("\"{}\"", s.text)).collect();
    format!(
        "of {all} switches, put on: {}; the others off or as required",
        on.join(", ")
    )
}

fn nothing_asked_for(listed: &[Switch]) -> String {
    let role = |s: &Switch| s.role().map_or("of no known category", Role::as_str);
    let shown = listed.iter().take(8);
    let named: Vec<String> = shown
        .map(|s| format!("\"{}\" ({})", s.text, role(s)))
        .collect();
    format!(
        "no switch is for what was to be allowed; there are: {}",
        named.join(", ")
    )
}

/// Presses a switch with the mouse, then with the keyboard; whether it stands as asked then.
async fn moved(tab: &Tab, frame: &str, switch: &Switch, to: bool) -> Result<bool, Fault> {
    let at = |reference| At {
        frame: frame.to_owned(),
        reference,
    };
    let control = match switch.deny {
        Some(deny) if !to => deny,
        _ => switch.press,
    };
    if switch.deny.is_some() {
        reveal(tab, &at(control)).await?;
    }
    press::click_on(tab, &at(control)).await?;
    if stands(tab, &at(switch.reference), switch, to).await? {
        return Ok(true);
    }
    let (key, control) = match switch.deny {
        Some(_) => (Key::Enter, control),
        None => (Key::Space, switch.reference),
    };
    press::key_on(tab, &at(control), key).await?;
    stands(tab, &at(switch.reference), switch, to).await
}

/// Scrolls to a control that may be out of sight in a layer that scrolls inside.
async fn reveal(tab: &Tab, at: &At) -> Result<(), Fault> {
    let world = World {
        tab,
        frame: &at.frame,
    };
    let answer = world.ask("reveal", json!([at.reference])).await;
    let revealed: Revealed = of_frame(tab, at, answer, Revealed { found: false })?;
    tracing::debug!(found = revealed.found, "scrolling to a control");
    Ok(())
}

async fn stands(tab: &Tab, at: &At, switch: &Switch, to: bool) -> Result<bool, Fault> {
    let deadline = Instant::now() + SWITCH_MAX;
    loop {
        let world = World {
            tab,
            frame: &at.frame,
        };
        let question = json!([at.reference, switch.press, switch.deny]);
        let answer = world.ask("state", question).await;
        let switch: Option<Switch> = of_frame(tab, at, answer, None)?;
        if switch.is_some_and(|s| s.on == Some(to)) {
            return Ok(true);
        }
        if Instant::now() > deadline {
            return Ok(false);
        }
        breathe(SWITCH_MAX / 8).await;
    }
}
