//! The second layer: where a banner's switches are put off, or on, one by one and then saved.
//!
//! What a switch says is read from the element itself before and after it is pressed. A switch that
//! cannot be read or moved ends the attempt: what would be saved is then not what was asked for.

use std::time::{Duration, Instant};

use serde::Deserialize;
use serde_json::json;

use super::look::{At, Banner, Eyes, Found, Target};
use super::press::{self, Key, Pressed, of_frame};
use super::world::World;
use crate::consent::recipe::Recipe;
use crate::engine::browser::settle::breathe;
use crate::engine::browser::tab::Tab;
use crate::model::choice::Choice;
use crate::model::fault::Fault;

/// How long a second layer may take to show, and how often is looked.
const LAYER_MAX: Duration = Duration::from_millis(2000);
const LOOK: Duration = Duration::from_millis(100);

/// How long a switch may take to move.
const SWITCH_MAX: Duration = Duration::from_millis(400);

/// How often the control that opens the layer is pressed.
const PRESSES: u32 = 2;

/// What the second layer came to.
pub(super) enum Layer {
    /// Press this; it makes the choice. The sentences say what was done before.
    Press(Target, Vec<String>, Saved),
    /// Nothing there makes the choice; why.
    No(Vec<String>),
    /// Something there should make the choice and cannot be set so; why.
    Stuck(Vec<String>),
}

/// What pressing the control of a layer saves, and what it took to come so far.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Saved {
    /// How many switches that could not be reached are saved as they stand.
    pub(super) left_on: usize,
    /// How many controls were pressed before: the one that opens the layer, and switches.
    pub(super) presses: u32,
}

impl Layer {
    /// The same, told after what was done before and after the press that opened the layer.
    fn after(self, mut before: Vec<String>) -> Self {
        match self {
            Self::Press(target, told, mut saved) => {
                before.extend(told);
                saved.presses = saved.presses.saturating_add(1);
                Self::Press(target, before, saved)
            }
            Self::No(told) => {
                before.extend(told);
                Self::No(before)
            }
            Self::Stuck(told) => {
                before.extend(told);
                Self::Stuck(before)
            }
        }
    }
}

/// The switches of a layer, as `look.js` lists them.
#[derive(Debug, Default, Deserialize)]
struct Switches {
    listed: Vec<Switch>,
    /// How many more are on that do not show, or are too many.
    left: usize,
    /// How many more are off.
    off: usize,
}

impl Switches {
    /// How many are not listed and stand against what is asked for.
    fn left(&self, asked: Choice) -> usize {
        if asked == Choice::Accept {
            self.off
        } else {
            self.left
        }
    }
}

/// A switch, as `look.js` describes it.
#[derive(Debug, Deserialize)]
struct Switch {
    #[serde(rename = "ref")]
    reference: u32,
    on: Option<bool>,
    disabled: bool,
    text: String,
    press: u32,
}

/// Opens the second layer of `banner` and makes it ready for the choice. Banners that save a
/// selection may show their switches without being asked.
pub(super) async fn open(
    tab: &Tab,
    eyes: &mut Eyes<'_, '_>,
    banner: &Banner<'_>,
    asked: Choice,
) -> Result<Layer, Fault> {
    let mut told = Vec::new();
    let Some(settings) = &banner.settings else {
        let Some(save) = &banner.save else {
            return Ok(Layer::No(told));
        };
        let switches = switches(tab, banner.recipe, save).await?;
        let left = switches.left(asked);
        return match (switches.listed.is_empty(), left) {
            (true, 0) => Ok(Layer::No(told)),
            (true, _) => Ok(Layer::Stuck(vec![hidden(left, asked)])),
            _ => put(tab, banner.recipe, switches.listed, save.clone(), asked).await,
        };
    };
    let mut presses = 0;
    let began = Instant::now();
    loop {
        // Handlers may have been bound after the first press.
        if presses == 0 || (presses < PRESSES && began.elapsed() > LAYER_MAX / 2) {
            let pressed = press::click_on(tab, &settings.at).await?;
            if presses == 0 {
                if pressed != Pressed::Yes {
                    told.push(format!("\"{}\" cannot be pressed", settings.text));
                    return Ok(Layer::Stuck(told));
                }
                told.push(format!("opened the settings by \"{}\"", settings.text));
            }
            presses += 1;
        }
        breathe(LOOK).await;
        if let Found::Control(target, _) = eyes.find(asked).await? {
            let opened = Saved {
                left_on: 0,
                presses: 1,
            };
            return Ok(Layer::Press(target, told, opened));
        }
        if let Some(layer) = of_open_settings(tab, eyes, banner.recipe, asked).await? {
            return Ok(layer.after(told));
        }
        if began.elapsed() > LAYER_MAX {
            if let left @ 1.. = left_over(tab, eyes, banner.recipe, asked).await? {
                told.push(hidden(left, asked));
                return Ok(Layer::Stuck(told));
            }
            told.push(format!("the settings offer nothing to {}", asked.as_str()));
            return Ok(Layer::No(told));
        }
    }
}

/// What a banner that shows again offers to one who rejects: its switches may be there already.
pub(super) async fn open_known(
    tab: &Tab,
    eyes: &mut Eyes<'_, '_>,
    banner: &Banner<'_>,
    recipe: Option<&Recipe>,
) -> Result<Layer, Fault> {
    if let Some(layer) = of_open_settings(tab, eyes, recipe, Choice::Reject).await? {
        return Ok(layer);
    }
    open(tab, eyes, banner, Choice::Reject).await
}

/// Makes settings ready that show already; `None` if none do.
pub(super) async fn of_open_settings(
    tab: &Tab,
    eyes: &mut Eyes<'_, '_>,
    recipe: Option<&Recipe>,
    asked: Choice,
) -> Result<Option<Layer>, Fault> {
    let Some(save) = eyes.saving(recipe).await? else {
        return Ok(None);
    };
    let switches = switches(tab, recipe, &save).await?;
    if switches.listed.is_empty() {
        return Ok(None);
    }
    let layer = put(tab, recipe, switches.listed, save, asked).await?;
    Ok(Some(layer))
}

/// How many switches of the settings that show stand against what is asked for and cannot be reached.
async fn left_over(
    tab: &Tab,
    eyes: &mut Eyes<'_, '_>,
    recipe: Option<&Recipe>,
    asked: Choice,
) -> Result<usize, Fault> {
    match eyes.saving(recipe).await? {
        Some(save) => Ok(switches(tab, recipe, &save).await?.left(asked)),
        None => Ok(0),
    }
}

/// What a switch that stands against the choice is, and what it is to be put.
fn word(asked: Choice) -> (&'static str, &'static str) {
    if asked == Choice::Accept {
        ("off", "on")
    } else {
        ("on", "off")
    }
}

fn hidden(left: usize, asked: Choice) -> String {
    let (is, put) = word(asked);
    format!("{left} switches are {is} that do not show or are too many to be put {put}")
}

/// The switches beside the control that saves them.
async fn switches(tab: &Tab, recipe: Option<&Recipe>, save: &Target) -> Result<Switches, Fault> {
    let selectors = recipe.map(|r| r.toggles.as_slice()).unwrap_or_default();
    let named = list(tab, selectors, save).await?;
    if named.listed.is_empty() && !selectors.is_empty() {
        let mut all = list(tab, &[], save).await?;
        all.left = all.left.max(named.left);
        all.off = all.off.max(named.off);
        return Ok(all);
    }
    Ok(named)
}

async fn list(tab: &Tab, selectors: &[String], save: &Target) -> Result<Switches, Fault> {
    let world = World {
        tab,
        frame: &save.at.frame,
    };
    let question = json!([selectors, save.banner.reference]);
    let answer = world.ask("toggles", question).await;
    of_frame(tab, &save.at, answer, Switches::default())
}

/// Puts off every switch that is on and can be moved, or on every one that is off, as asked.
async fn put(
    tab: &Tab,
    recipe: Option<&Recipe>,
    listed: Vec<Switch>,
    save: Target,
    asked: Choice,
) -> Result<Layer, Fault> {
    let wanted = asked == Choice::Accept;
    let (is, put) = word(asked);
    let mut told = Vec::new();
    let all = listed.len();
    let (mut moved, mut fixed) = (0_u32, 0);
    for switch in listed {
        match switch.on {
            Some(on) if on == wanted => {}
            Some(_) if switch.disabled => fixed += 1,
            Some(_) => {
                if !moves(tab, &save.at.frame, &switch, wanted).await? {
                    told.push(format!("the switch \"{}\" stays {is}", switch.text));
                    return Ok(Layer::Stuck(told));
                }
                moved += 1;
            }
            None => {
                told.push(format!(
                    "the switch \"{}\" does not say whether it is on",
                    switch.text
                ));
                return Ok(Layer::Stuck(told));
            }
        }
    }
    told.push(format!(
        "of {all} switches, {moved} were put {put}, {fixed} cannot be moved"
    ));
    // One switch may have moved others, so that they are counted now.
    let left = switches(tab, recipe, &save).await?.left(asked);
    if left > 0 {
        told.push(hidden(left, asked));
    }
    let saved = Saved {
        left_on: left,
        presses: moved,
    };
    Ok(Layer::Press(save, told, saved))
}

/// Presses a switch with the mouse, then with the keyboard; whether it stands as wanted then.
async fn moves(tab: &Tab, frame: &str, switch: &Switch, wanted: bool) -> Result<bool, Fault> {
    let at = |reference| At {
        frame: frame.to_owned(),
        reference,
    };
    press::click_on(tab, &at(switch.press)).await?;
    if stands(tab, &at(switch.reference), wanted).await? {
        return Ok(true);
    }
    press::key_on(tab, &at(switch.reference), Key::Space).await?;
    stands(tab, &at(switch.reference), wanted).await
}

async fn stands(tab: &Tab, at: &At, wanted: bool) -> Result<bool, Fault> {
    let deadline = Instant::now() + SWITCH_MAX;
    loop {
        let world = World {
            tab,
            frame: &at.frame,
        };
        let answer = world.ask("state", json!([at.reference])).await;
        let switch: Option<Switch> = of_frame(tab, at, answer, None)?;
        if switch.is_some_and(|s| s.on == Some(wanted)) {
            return Ok(true);
        }
        if Instant::now() > deadline {
            return Ok(false);
        }
        breathe(SWITCH_MAX / 8).await;
    }
}
