//! Making a choice on the page's banner, and proving that it took effect.
//!
//! The banner and its control are found by a recipe whose banner shows, or else by reading the texts
//! of what looks like a banner ([`heuristic`]). The control is pressed with real mouse events, since
//! many banners ignore synthetic ones. Whether the choice took effect is judged from what is stored
//! before and after and from the banner itself ([`prove`]), again after the reload. [`widget`] asks
//! for a service, which is no choice but is found and pressed in the same way.

mod dom;
mod heuristic;
mod prove;
pub(super) mod widget;

use std::time::{Duration, Instant};

use serde_json::json;

use self::dom::Dom;
use self::heuristic::Pick;
use super::settle::breathe;
use super::tab::Tab;
use crate::consent::recipe::Recipe;
use crate::engine::Options;
use crate::model::choice::{Choice, ChoiceOutcome, ChoiceState, Method};
use crate::model::fault::Fault;
use crate::model::snapshot::Snapshot;

/// How long a settled page may take to show its banner.
const BANNER_MAX: Duration = Duration::from_millis(1000);

/// How long a pressed control may take to make its banner go away.
const EFFECT_MAX: Duration = Duration::from_millis(1500);

/// How often a control is pressed whose press had no effect: handlers may be bound late.
const PRESSES: u32 = 3;

/// How often is looked.
const LOOK: Duration = Duration::from_millis(50);

/// A choice that was tried.
pub(super) struct Attempt {
    /// What is known of it so far.
    pub(super) outcome: ChoiceOutcome,
    recipe: Option<Recipe>,
    /// Evidence from the press itself; what the snapshots prove is added to it.
    pressed: Vec<String>,
}

/// What there is to press.
struct Control {
    /// Its reference in the page's script.
    reference: u32,
    /// Its text.
    text: String,
    /// The banner's reference.
    banner: u32,
    recipe: Option<Recipe>,
}

/// What was found.
enum Found {
    Control(Control),
    /// A banner without a control for this choice.
    NotOffered(Option<Recipe>),
    NoBanner,
}

/// Finds the banner, presses its control for `asked`, and waits for the banner to go.
pub(super) async fn choose(tab: &Tab, options: &Options, asked: Choice) -> Result<Attempt, Fault> {
    let mut attempt = Attempt {
        outcome: ChoiceOutcome {
            asked,
            state: ChoiceState::NotOffered,
            ..ChoiceOutcome::none()
        },
        recipe: None,
        pressed: Vec::new(),
    };
    match look(tab, options, asked).await? {
        Found::NoBanner => attempt.say("no banner was found".to_owned()),
        Found::NotOffered(recipe) => {
            attempt.outcome.platform = recipe.map(|r| r.id);
            attempt.say(format!(
                "a banner was found, but no control to {} in it",
                asked.as_str()
            ));
        }
        Found::Control(control) => attempt.press(tab, control).await?,
    }
    Ok(attempt)
}

/// Looks until there is a control, or as long as a banner may take to show.
async fn look(tab: &Tab, options: &Options, asked: Choice) -> Result<Found, Fault> {
    let deadline = Instant::now() + BANNER_MAX;
    loop {
        let found = look_once(tab, options, asked).await?;
        if matches!(found, Found::Control(_)) || Instant::now() > deadline {
            return Ok(found);
        }
        breathe(LOOK).await;
    }
}

async fn look_once(tab: &Tab, options: &Options, asked: Choice) -> Result<Found, Fault> {
    let dom = Dom(tab);
    let mut shown = None;
    for recipe in &options.recipes {
        let Some(banner) = dom.visible(&recipe.banner).await? else {
            continue;
        };
        let selectors = match asked {
            Choice::Accept => &recipe.accept,
            Choice::Reject | Choice::None => &recipe.reject,
        };
        if let Some(control) = dom.visible(selectors).await? {
            return Ok(Found::Control(Control {
                reference: control.reference,
                text: control.text,
                banner: banner.reference,
                recipe: Some(recipe.clone()),
            }));
        }
        shown.get_or_insert_with(|| recipe.clone());
    }
    let controls = dom.controls().await?;
    Ok(match heuristic::pick(&controls, asked) {
        Pick::Control(control) => Found::Control(Control {
            reference: control.reference,
            text: control.text.clone(),
            banner: control.banner,
            recipe: shown,
        }),
        Pick::NotOffered(_) => Found::NotOffered(shown),
        Pick::NoBanner => shown.map_or(Found::NoBanner, |r| Found::NotOffered(Some(r))),
    })
}

impl Attempt {
    fn say(&mut self, sentence: String) {
        self.pressed.push(sentence);
        self.outcome.evidence.clone_from(&self.pressed);
    }

    /// Presses the control until its banner is gone.
    async fn press(&mut self, tab: &Tab, control: Control) -> Result<(), Fault> {
        self.outcome.state = ChoiceState::Unproven;
        self.outcome.platform = control.recipe.as_ref().map(|r| r.id.clone());
        self.outcome.method = Some(if control.recipe.is_some() {
            Method::Recipe
        } else {
            Method::Heuristic
        });
        self.recipe = control.recipe;
        let dom = Dom(tab);
        for press in 1..=PRESSES {
            let Some(point) = dom.point(control.reference).await? else {
                break;
            };
            if !point.hit {
                self.say(format!("\"{}\" is covered by something else", control.text));
                break;
            }
            self.outcome.at_ms.get_or_insert(tab.now_ms());
            click(tab, point.x, point.y).await?;
            if press == 1 {
                self.say(format!("pressed \"{}\"", control.text));
            }
            if gone_in_time(tab, control.banner).await? {
                self.say("the banner went away".to_owned());
                return Ok(());
            }
        }
        self.say("the banner is still there".to_owned());
        Ok(())
    }

    /// Judges the choice by what is stored now. Only what holds after the reload is proven.
    pub(super) async fn judge(&mut self, tab: &Tab, snapshots: &[Snapshot]) -> Result<(), Fault> {
        if self.outcome.at_ms.is_none() {
            return Ok(());
        }
        let banner_shows = self.banner_shows(tab).await?;
        let proof = prove::prove(
            self.outcome.asked,
            self.recipe.as_ref(),
            snapshots,
            banner_shows,
        );
        self.outcome.state = proof.state;
        self.outcome.evidence.clone_from(&self.pressed);
        self.outcome.evidence.extend(proof.evidence);
        Ok(())
    }

    /// Whether a banner asks for a choice now.
    async fn banner_shows(&self, tab: &Tab) -> Result<bool, Fault> {
        let dom = Dom(tab);
        if let Some(recipe) = &self.recipe {
            return Ok(dom.visible(&recipe.banner).await?.is_some());
        }
        let controls = dom.controls().await?;
        Ok(matches!(
            heuristic::pick(&controls, self.outcome.asked),
            Pick::Control(_)
        ))
    }
}

async fn gone_in_time(tab: &Tab, banner: u32) -> Result<bool, Fault> {
    let deadline = Instant::now() + EFFECT_MAX;
    while Instant::now() < deadline {
        breathe(LOOK).await;
        if Dom(tab).is_gone(banner).await? {
            return Ok(true);
        }
    }
    Ok(false)
}

async fn click(tab: &Tab, x: f64, y: f64) -> Result<(), Fault> {
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
