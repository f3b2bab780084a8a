//! The second layer: where a banner's switches are set one by one and saved. [`switches`] sets them;
//! here the layer is opened, and what saves it is found.

use std::time::{Duration, Instant};

use super::goal::Goal;
use super::look::{Banner, Eyes, Found, Target};
use super::press::{self, Pressed};
use super::switches::{self, hidden};
use crate::consent::recipe::Recipe;
use crate::consent::record::Part;
use crate::engine::browser::settle::breathe;
use crate::engine::browser::tab::Tab;
use crate::model::choice::Choice;
use crate::model::fault::Fault;

/// How long a second layer may take to show, and how often is looked.
const LAYER_MAX: Duration = Duration::from_millis(2000);
const LOOK: Duration = Duration::from_millis(100);

/// How often the control that opens the layer is pressed.
const PRESSES: u32 = 2;

/// What the second layer came to.
pub(super) enum Layer {
    /// Press what makes the choice.
    Press(Ready),
    /// Nothing there makes the choice; why.
    No(Vec<String>),
    /// Something there should make the choice and cannot be set so; why.
    Stuck(Vec<String>),
}

/// A layer that only needs to be saved.
pub(super) struct Ready {
    /// Makes the choice.
    pub(super) target: Target,
    /// What was done before.
    pub(super) told: Vec<String>,
    /// How many switches that could not be reached are saved as they stand.
    pub(super) left_on: usize,
    /// How many controls were pressed before: the one that opens the layer, and switches.
    pub(super) presses: u32,
    /// The switches as they were set.
    pub(super) parts: Vec<Part>,
}

impl Ready {
    /// What makes the choice as it is, once the layer was opened.
    fn at_once(target: Target, told: Vec<String>) -> Self {
        Self {
            target,
            told,
            left_on: 0,
            presses: 1,
            parts: Vec::new(),
        }
    }
}

impl Layer {
    /// The same, told after what was done before and after the press that opened the layer.
    fn after(self, mut before: Vec<String>) -> Self {
        match self {
            Self::Press(ready) => {
                before.extend(ready.told);
                Self::Press(Ready {
                    told: before,
                    presses: ready.presses.saturating_add(1),
                    ..ready
                })
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

/// Opens the second layer of `banner` and makes it ready for the choice. Banners that save a
/// selection may show their switches without being asked.
pub(super) async fn open(
    tab: &Tab,
    eyes: &mut Eyes<'_, '_>,
    banner: &Banner<'_>,
    goal: &Goal<'_>,
) -> Result<Layer, Fault> {
    let mut told = Vec::new();
    let Some(settings) = &banner.settings else {
        return match &banner.save {
            Some(save) if goal.sets() => of_first(tab, banner.recipe, save, goal).await,
            _ => Ok(Layer::No(told)),
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
        if let Found::Control(target, _) = eyes.find(goal.asked).await? {
            return Ok(Layer::Press(Ready::at_once(target, told)));
        }
        if goal.sets()
            && let Some(layer) = of_open_settings(tab, eyes, banner.recipe, goal).await?
        {
            return Ok(layer.after(told));
        }
        if began.elapsed() > LAYER_MAX {
            if goal.sets()
                && let left @ 1.. = left_on(tab, eyes, banner.recipe, goal).await?
            {
                told.push(hidden(left, goal));
                return Ok(Layer::Stuck(told));
            }
            let asked = goal.in_words();
            told.push(format!("the settings offer nothing to {asked}"));
            return Ok(Layer::No(told));
        }
    }
}

/// Sets the switches that a first layer shows beside what saves them.
async fn of_first(
    tab: &Tab,
    recipe: Option<&Recipe>,
    save: &Target,
    goal: &Goal<'_>,
) -> Result<Layer, Fault> {
    let switches = switches::beside(tab, recipe, save).await?;
    if !switches.listed.is_empty() {
        return switches::set(tab, recipe, switches, save.clone(), goal).await;
    }
    Ok(match switches.left(goal) {
        0 => Layer::No(Vec::new()),
        left => Layer::Stuck(vec![hidden(left, goal)]),
    })
}

/// What a banner that shows again offers to one who rejects: its switches may be there already.
pub(super) async fn open_known(
    tab: &Tab,
    eyes: &mut Eyes<'_, '_>,
    banner: &Banner<'_>,
    recipe: Option<&Recipe>,
) -> Result<Layer, Fault> {
    let goal = Goal::of(Choice::Reject, &[]);
    if let Some(layer) = of_open_settings(tab, eyes, recipe, &goal).await? {
        return Ok(layer);
    }
    open(tab, eyes, banner, &goal).await
}

/// Makes settings ready that show already; `None` if none do.
pub(super) async fn of_open_settings(
    tab: &Tab,
    eyes: &mut Eyes<'_, '_>,
    recipe: Option<&Recipe>,
    goal: &Goal<'_>,
) -> Result<Option<Layer>, Fault> {
    let Some(save) = eyes.saving(recipe).await? else {
        return Ok(None);
    };
    let switches = switches::beside(tab, recipe, &save).await?;
    if switches.listed.is_empty() {
        return Ok(None);
    }
    let set = switches::set(tab, recipe, switches, save, goal).await;
    set.map(Some)
}

/// How many switches of the settings that show cannot be reached, and do not stand as asked.
async fn left_on(
    tab: &Tab,
    eyes: &mut Eyes<'_, '_>,
    recipe: Option<&Recipe>,
    goal: &Goal<'_>,
) -> Result<usize, Fault> {
    match eyes.saving(recipe).await? {
        Some(save) => Ok(switches::beside(tab, recipe, &save).await?.left(goal)),
        None => Ok(0),
    }
}
