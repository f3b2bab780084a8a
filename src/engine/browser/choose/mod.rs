//! Making a choice on the page's banner, and proving that it took effect.
//!
//! The banner and its control are found by a recipe whose banner shows, or else by reading the texts
//! of what looks like a banner ([`heuristic`]), in every frame and shadow tree ([`look`], [`world`]).
//! The control is pressed with real input ([`press`]), since many banners ignore synthetic events.
//! What the first layer does not offer is looked for behind its settings ([`layers`]) and at last
//! asked of the platform's own functions ([`interface`]). Whether the choice took effect is judged
//! from what is stored before and after, from what the page says to others about it, and from the
//! banner itself ([`prove`]), again after the reload.
//! [`widget`] asks for a service, which is no choice but is found and pressed in the same way.

mod dom;
mod frames;
mod heuristic;
mod interface;
mod layers;
mod look;
mod press;
mod prove;
pub(super) mod widget;
mod world;

use std::time::{Duration, Instant};

use serde_json::json;

use self::layers::Layer;
use self::look::{At, Banner, Eyes, Found, Target};
use self::press::{Key, Pressed};
use super::settle::breathe;
use super::tab::Tab;
use crate::consent::recipe::Recipe;
use crate::engine::Options;
use crate::model::choice::{Choice, ChoiceOutcome, ChoiceState, Method};
use crate::model::fault::Fault;
use crate::model::snapshot::Snapshot;

/// How long a settled page may take to show its banner.
const BANNER_MAX: Duration = Duration::from_millis(2500);

/// How long a banner that is there may take to show all of its controls.
const CONTROL_MAX: Duration = Duration::from_millis(1000);

/// How long a banner may take to show after the visitor has scrolled.
const SCROLLED_MAX: Duration = Duration::from_millis(800);

/// How long a pressed control may take to make its banner go away: after the first presses, which
/// may have come before its handlers were bound, and after the last one.
const EFFECT: Duration = Duration::from_millis(700);
const EFFECT_MAX: Duration = Duration::from_millis(1500);

/// How often is looked.
const LOOK: Duration = Duration::from_millis(100);

/// A choice that was tried.
pub(super) struct Attempt<'a> {
    /// What is known of it so far.
    pub(super) outcome: ChoiceOutcome,
    options: &'a Options,
    recipe: Option<&'a Recipe>,
    /// Whether the choice was not on the first layer.
    deep: bool,
    /// Evidence from the press itself; what the snapshots prove is added to it.
    pressed: Vec<String>,
}

/// Finds the banner, presses its control for `asked`, and waits for the banner to go.
pub(super) async fn choose<'a>(
    tab: &Tab,
    options: &'a Options,
    asked: Choice,
) -> Result<Attempt<'a>, Fault> {
    let mut attempt = Attempt {
        outcome: ChoiceOutcome {
            asked,
            state: ChoiceState::NotOffered,
            ..ChoiceOutcome::none()
        },
        options,
        recipe: None,
        deep: false,
        pressed: Vec::new(),
    };
    let mut eyes = Eyes::new(tab, &options.recipes);
    match look(tab, &mut eyes, asked).await? {
        Found::NoBanner => attempt.say("no banner was found"),
        Found::Control(target, recipe) => {
            attempt.recognise(recipe);
            attempt.press(tab, target).await?;
        }
        Found::NotOffered(banner) => attempt.look_deeper(tab, &mut eyes, banner).await?,
    }
    if eyes.silent() > 0 {
        attempt.say(format!(
            "{} frames did not answer; a banner in them was not seen",
            eyes.silent()
        ));
    }
    Ok(attempt)
}

/// Looks until there is a control, or as long as a banner may take to show; where none does, it may
/// wait for the visitor to scroll.
async fn look<'a>(tab: &Tab, eyes: &mut Eyes<'_, 'a>, asked: Choice) -> Result<Found<'a>, Fault> {
    let found = look_for(eyes, asked, BANNER_MAX).await?;
    if !matches!(found, Found::NoBanner) {
        return Ok(found);
    }
    for _ in 0..2 {
        let wheel = json!({"type": "mouseWheel", "x": 400, "y": 300, "deltaX": 0, "deltaY": 500});
        tab.call("Input.dispatchMouseEvent", wheel).await?;
    }
    look_for(eyes, asked, SCROLLED_MAX).await
}

async fn look_for<'a>(
    eyes: &mut Eyes<'_, 'a>,
    asked: Choice,
    longest: Duration,
) -> Result<Found<'a>, Fault> {
    let began = Instant::now();
    let mut banner_since = None;
    loop {
        let found = eyes.find(asked).await?;
        let over = match &found {
            Found::Control(..) => true,
            Found::NotOffered(_) => {
                banner_since.get_or_insert_with(Instant::now).elapsed() >= CONTROL_MAX
            }
            Found::NoBanner => began.elapsed() >= longest,
        };
        if over || began.elapsed() >= longest + CONTROL_MAX {
            return Ok(found);
        }
        breathe(LOOK).await;
    }
}

impl<'a> Attempt<'a> {
    fn say(&mut self, sentence: impl Into<String>) {
        self.pressed.push(sentence.into());
        self.outcome.evidence.clone_from(&self.pressed);
    }

    fn recognise(&mut self, recipe: Option<&'a Recipe>) {
        self.outcome.platform = recipe.map(|r| r.id.clone());
        self.recipe = recipe;
    }

    /// What the first layer does not offer may be behind its settings, or only a function call away.
    async fn look_deeper(
        &mut self,
        tab: &Tab,
        eyes: &mut Eyes<'_, 'a>,
        banner: Banner<'a>,
    ) -> Result<(), Fault> {
        let asked = self.outcome.asked;
        self.recognise(banner.recipe);
        self.deep = true;
        match layers::open(tab, eyes, &banner, asked).await? {
            Layer::Press(target, told) => {
                told.into_iter().for_each(|sentence| self.say(sentence));
                return self.press(tab, target).await;
            }
            Layer::No(told) => told.into_iter().for_each(|sentence| self.say(sentence)),
        }
        if let Some(called) = interface::call(tab, banner.recipe, asked).await? {
            self.outcome.state = ChoiceState::Unproven;
            self.outcome.method = Some(Method::Api);
            self.outcome.at_ms.get_or_insert(tab.now_ms());
            self.say(format!("no control to {}; called {called}", asked.as_str()));
            return self.watch(tab, &banner.at, EFFECT_MAX).await.map(drop);
        }
        self.say(format!(
            "a banner was found, but no control to {} in it",
            asked.as_str()
        ));
        Ok(())
    }

    /// Presses the control until its banner is gone: with the mouse, once more, with the keyboard.
    async fn press(&mut self, tab: &Tab, target: Target) -> Result<(), Fault> {
        self.outcome.state = ChoiceState::Unproven;
        self.outcome.method = Some(target.method);
        for (try_, longest) in [EFFECT, EFFECT, EFFECT_MAX].into_iter().enumerate() {
            let before = tab.now_ms();
            let with_keys = try_ == 2;
            let pressed = if with_keys {
                press::key_on(tab, &target.at, Key::Enter).await?
            } else {
                press::click_on(tab, &target.at).await?
            };
            match pressed {
                Pressed::Yes => self.outcome.at_ms.get_or_insert(before),
                Pressed::Covered => {
                    self.say(format!("\"{}\" is covered by something else", target.text));
                    continue;
                }
                Pressed::Missing => continue,
            };
            if try_ == 0 {
                self.say(format!(
                    "pressed \"{}\"{}",
                    target.text,
                    place(tab, &target.at)
                ));
            } else if with_keys {
                self.say("pressed it with the keyboard, as the mouse had no effect");
            }
            if self.watch(tab, &target.banner, longest).await? {
                return Ok(());
            }
        }
        self.say("the banner is still there");
        Ok(())
    }

    /// Waits for the banner to go, and says so.
    async fn watch(&mut self, tab: &Tab, banner: &At, longest: Duration) -> Result<bool, Fault> {
        let gone = press::gone_in_time(tab, banner, longest).await?;
        if gone {
            self.say("the banner went away");
        }
        Ok(gone)
    }

    /// Judges the choice by what is stored now. Only what holds after the reload is proven.
    pub(super) async fn judge(&mut self, tab: &Tab, snapshots: &[Snapshot]) -> Result<(), Fault> {
        if self.outcome.at_ms.is_none() {
            return Ok(());
        }
        let banner_shows = self.banner_shows(tab).await?;
        let proof = prove::prove(self.outcome.asked, self.recipe, snapshots, banner_shows);
        self.outcome.state = proof.state;
        self.outcome.evidence.clone_from(&self.pressed);
        self.outcome.evidence.extend(proof.evidence);
        Ok(())
    }

    /// Whether a banner asks for a choice now.
    async fn banner_shows(&self, tab: &Tab) -> Result<bool, Fault> {
        let mut eyes = Eyes::new(tab, &self.options.recipes);
        let is_ours = |recipe: Option<&Recipe>| match self.recipe {
            Some(ours) => recipe.is_some_and(|r| r.id == ours.id),
            None => true,
        };
        Ok(match eyes.find(self.outcome.asked).await? {
            Found::Control(_, recipe) => is_ours(recipe),
            Found::NotOffered(banner) => self.deep && is_ours(banner.recipe),
            Found::NoBanner => false,
        })
    }
}

/// Where a control is, unless it is in the page itself.
fn place(tab: &Tab, at: &At) -> String {
    let state = tab.shared.state();
    match state.frames.get(&at.frame) {
        Some(frame) if at.frame != tab.frame => format!(" in the frame {}", frame.url),
        _ => String::new(),
    }
}
