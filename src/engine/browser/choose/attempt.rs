//! One choice that is being made: what was pressed, what came of it, and what proves it.

use std::time::Duration;

use super::dismiss;
use super::goal::Goal;
use super::interface;
use super::layers::{self, Layer, Ready};
use super::look::{At, Banner, Eyes, Found, Target};
use super::press::{self, Key, Pressed, Shows};
use super::prove::{self, Story};
use super::scripted;
use super::seeded;
use super::switches;
use crate::consent::recipe::Recipe;
use crate::consent::record::Part;
use crate::consent::script::Script;
use crate::consent::seed::Seed;
use crate::engine::Options;
use crate::engine::browser::tab::Tab;
use crate::model::choice::{Choice, ChoiceOutcome, ChoiceState, Method};
use crate::model::fault::Fault;
use crate::model::site::plain_address;
use crate::model::snapshot::Snapshot;

/// How long a pressed control may take to make its banner go away: after the first presses, which
/// may have come before its handlers were bound, and after the last one. Earlier is looked whether it
/// moved switches instead.
const EARLY: Duration = Duration::from_millis(100);
const EFFECT: Duration = Duration::from_millis(700);
pub(super) const EFFECT_MAX: Duration = Duration::from_millis(1500);

/// The controls that a visitor has to press for a choice.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Presses {
    count: u32,
    /// Whether a function was called instead, so that nobody can say how many it would be.
    called: bool,
}

impl Presses {
    pub(super) fn add(&mut self, more: u32) {
        self.count = self.count.saturating_add(more);
    }

    /// What was pressed so far led nowhere.
    pub(super) fn forget(&mut self) {
        self.count = 0;
    }

    /// A function was called in place of a press.
    pub(super) fn called(&mut self) {
        self.called = true;
    }

    fn known(self) -> Option<u32> {
        (self.count > 0 && !self.called).then_some(self.count)
    }
}

/// A choice that was tried.
pub(in crate::engine::browser) struct Attempt<'a> {
    /// What is known of it so far.
    pub(in crate::engine::browser) outcome: ChoiceOutcome,
    options: &'a Options,
    /// The platform whose banner it is.
    pub(super) recipe: Option<&'a Recipe>,
    /// The user's script that makes it.
    pub(super) script: Option<&'a Script>,
    /// Whether a step of the script failed.
    pub(super) is_broken: bool,
    /// Records that were stored beforehand, instead of pressing anything.
    pub(super) seeds: Vec<&'a Seed>,
    /// Whether the choice was not on the first layer.
    deep: bool,
    /// Whether the banner is in a frame: a frame that does not answer may show it again.
    pub(super) in_frame: bool,
    /// Whether the banner was seen to go away.
    pub(super) gone: bool,
    /// How many switches could not be reached and were saved as they stood.
    pub(super) left_on: usize,
    /// The switches as they were set.
    parts: Vec<Part>,
    /// What a visitor has to press.
    pub(super) presses: Presses,
    /// Evidence from the press itself; what the snapshots prove is added to it.
    pressed: Vec<String>,
}

impl<'a> Attempt<'a> {
    /// An attempt at which nothing was done yet.
    pub(super) fn new(options: &'a Options, asked: Choice) -> Self {
        Self {
            outcome: ChoiceOutcome {
                asked,
                state: ChoiceState::NotOffered,
                allowed: match asked {
                    Choice::Custom => options.allow.clone(),
                    _ => Vec::new(),
                },
                ..ChoiceOutcome::none()
            },
            options,
            recipe: None,
            script: None,
            is_broken: false,
            seeds: Vec::new(),
            deep: false,
            in_frame: false,
            gone: false,
            left_on: 0,
            parts: Vec::new(),
            presses: Presses::default(),
            pressed: Vec::new(),
        }
    }

    pub(super) fn say(&mut self, sentence: impl Into<String>) {
        self.pressed.push(sentence.into());
        self.outcome.evidence.clone_from(&self.pressed);
    }

    /// Tells what was not seen. What was not found may be there.
    pub(super) fn admit(&mut self, eyes: &Eyes<'_, '_>) {
        let Some(unseen) = eyes.unseen() else {
            return;
        };
        if self.outcome.state == ChoiceState::NotOffered {
            self.outcome.state = ChoiceState::Unproven;
        }
        self.say(unseen);
    }

    pub(super) fn recognise(&mut self, recipe: Option<&'a Recipe>) {
        self.outcome.platform = recipe.map(|r| r.id.clone());
        self.recipe = recipe;
    }

    /// What the first layer does not offer may be behind its settings, or only a function call away.
    pub(super) async fn look_deeper(
        &mut self,
        tab: &Tab,
        eyes: &mut Eyes<'_, 'a>,
        banner: Banner<'a>,
    ) -> Result<(), Fault> {
        let asked = self.outcome.asked.on_banner();
        self.recognise(banner.recipe.or(self.recipe));
        self.deep = true;
        let goal = Goal::of(asked, &self.options.allow);
        match layers::open(tab, eyes, &banner, &goal).await? {
            Layer::Press(ready) => {
                let target = self.take(ready);
                return self.press(tab, target).await.map(drop);
            }
            Layer::No(told) => told.into_iter().for_each(|sentence| self.say(sentence)),
            Layer::Stuck(told) => {
                // Something was tried, and what came of it cannot be told.
                self.outcome.state = ChoiceState::Unproven;
                told.into_iter().for_each(|sentence| self.say(sentence));
            }
        }
        if self.call(tab, Some(&banner.at)).await? {
            return Ok(());
        }
        if let Some(text) = banner.covered {
            self.outcome.state = ChoiceState::Unproven;
            self.say(format!("\"{text}\" is covered by something else"));
            return Ok(());
        }
        self.say(format!(
            "a banner was found, but no control to {} in it",
            goal.in_words()
        ));
        Ok(())
    }

    /// Tells what was done on a layer that is ready; what makes the choice there.
    pub(super) fn take(&mut self, ready: Ready) -> Target {
        ready
            .told
            .into_iter()
            .for_each(|sentence| self.say(sentence));
        self.left_on = ready.left_on;
        self.presses.add(ready.presses);
        self.parts = ready.parts;
        ready.target
    }

    /// Makes the choice by the platform's own function; whether there is one.
    pub(super) async fn call(&mut self, tab: &Tab, banner: Option<&At>) -> Result<bool, Fault> {
        let asked = self.outcome.asked.on_banner();
        let at_ms = tab.now_ms();
        let allow = &self.options.allow;
        let Some(called) = interface::call(tab, self.recipe, asked, allow).await? else {
            return Ok(false);
        };
        self.outcome.state = ChoiceState::Unproven;
        self.outcome.method = Some(Method::Api);
        self.outcome.at_ms.get_or_insert(at_ms);
        self.presses.called();
        self.outcome.presses = None;
        let words = Goal::of(asked, allow).in_words();
        self.say(format!("no control to {words}; called {called}"));
        if let Some(banner) = banner {
            self.in_frame |= banner.frame != tab.frame;
            self.watch(tab, banner, EFFECT_MAX).await?;
        }
        Ok(true)
    }

    /// Presses the control until its banner is gone: with the mouse, once more, with the keyboard.
    /// Says whether the banner still shows.
    pub(super) async fn press(&mut self, tab: &Tab, mut target: Target) -> Result<Shows, Fault> {
        self.outcome.state = ChoiceState::Unproven;
        self.outcome.method = Some(target.method);
        self.in_frame |= target.banner.frame != tab.frame;
        let stood = switches::standing(tab, &target).await?;
        self.presses.add(1);
        for (try_, longest) in [EFFECT, EFFECT, EFFECT_MAX].into_iter().enumerate() {
            let before = tab.now_ms();
            let with_keys = try_ == 2;
            let pressed = if with_keys {
                press::key_on(tab, &target.at, Key::Enter).await?
            } else {
                press::click_on(tab, &target.at).await?
            };
            match pressed {
                Pressed::Yes => {
                    self.outcome.presses = self.presses.known();
                    self.outcome.at_ms.get_or_insert(before)
                }
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
            let shows = self.watch(tab, &target.banner, EARLY).await?;
            if shows != Shows::Yes {
                return Ok(shows);
            }
            let has_moved = try_ == 0 && switches::standing(tab, &target).await? != stood;
            if !has_moved {
                let shows = self.watch(tab, &target.banner, longest - EARLY).await?;
                if shows != Shows::Yes {
                    return Ok(shows);
                }
            }
            if try_ == 0
                && let Some(save) = self.saving_after(tab, &target).await?
            {
                target = save;
            }
        }
        self.say("the banner is still there");
        Ok(Shows::Yes)
    }

    /// A key, or a click beside the banner, closed it.
    pub(super) fn closed_at(&mut self, at_ms: u64) {
        self.outcome.state = ChoiceState::Unproven;
        self.outcome.method.get_or_insert(Method::Heuristic);
        self.outcome.at_ms.get_or_insert(at_ms);
    }

    /// What saves the switches beside a control that was pressed: some controls only move them.
    async fn saving_after(&mut self, tab: &Tab, pressed: &Target) -> Result<Option<Target>, Fault> {
        let asked = self.outcome.asked.on_banner();
        if !matches!(asked, Choice::Accept | Choice::Reject) {
            return Ok(None);
        }
        let mut eyes = Eyes::new(tab, &self.options.recipes);
        let goal = Goal::of(asked, &[]);
        let layer = layers::of_open_settings(tab, &mut eyes, self.recipe, &goal).await?;
        let Some(Layer::Press(ready)) = layer else {
            return Ok(None);
        };
        if ready.target.at == pressed.at || ready.target.at.frame != pressed.at.frame {
            return Ok(None);
        }
        let save = self.take(ready);
        // It is pressed besides.
        self.presses.add(1);
        self.say(format!(
            "the banner stayed; pressed \"{}\" to save",
            save.text
        ));
        Ok(Some(save))
    }

    /// Waits for the banner to go, and says so.
    pub(super) async fn watch(
        &mut self,
        tab: &Tab,
        banner: &At,
        longest: Duration,
    ) -> Result<Shows, Fault> {
        let shows = press::gone_in_time(tab, banner, longest).await?;
        self.gone |= shows == Shows::No;
        match shows {
            Shows::Yes => {}
            Shows::No => self.say("the banner went away"),
            Shows::Unknown => {
                self.say("whether the banner went away is not known: its frame does not answer");
            }
        }
        Ok(shows)
    }

    /// Judges the choice by what is stored now. Only what holds after the reload is proven.
    pub(in crate::engine::browser) async fn judge(
        &mut self,
        tab: &Tab,
        snapshots: &[Snapshot],
    ) -> Result<(), Fault> {
        if self.outcome.at_ms.is_none() || self.is_broken {
            return Ok(());
        }
        let (banner_shows, unseen) = self.banner_shows(tab).await?;
        if self.outcome.asked == Choice::Dismiss {
            let evidence = dismiss::judge(self, snapshots, banner_shows, unseen);
            self.outcome.evidence.clone_from(&self.pressed);
            self.outcome.evidence.extend(evidence);
            return Ok(());
        }
        let story = Story {
            asked: self.outcome.asked,
            recipe: self.recipe,
            recipes: &self.options.recipes,
            snapshots,
            banner_shows,
            unseen,
            left_on: self.left_on,
            parts: &self.parts,
            allow: &self.options.allow,
            record: self.options.script.as_ref().and_then(|s| s.record.as_ref()),
            seeds: &self.seeds,
        };
        let proof = if self.outcome.method == Some(Method::Seeded) {
            seeded::prove(&story)
        } else {
            prove::prove(&story)
        };
        self.outcome.state = proof.state;
        self.outcome.evidence.clone_from(&self.pressed);
        self.outcome.evidence.extend(proof.evidence);
        Ok(())
    }

    /// Whether a banner asks for a choice now, and why one that does may not have been seen.
    async fn banner_shows(&self, tab: &Tab) -> Result<(bool, Option<String>), Fault> {
        let mut eyes = Eyes::new(tab, &self.options.recipes);
        let is_ours = |recipe: Option<&Recipe>| match self.recipe {
            Some(ours) => recipe.is_some_and(|r| r.id == ours.id),
            None => true,
        };
        let shows = match eyes.find(self.outcome.asked.on_banner()).await? {
            Found::Control(_, recipe) => is_ours(recipe),
            // One that was refused and still asks for consent asks again.
            Found::NotOffered(banner) => {
                let asks = self.deep || banner.accepts || self.outcome.asked == Choice::Dismiss;
                asks && is_ours(banner.recipe)
            }
            Found::NoBanner => false,
        };
        let of_user = self.options.script.as_ref();
        let sign = match self.script {
            Some(script) => script.sign(),
            None => of_user.and_then(|script| script.banner.as_ref()),
        };
        let shows = shows || scripted::shows(tab, sign).await?;
        Ok((shows, eyes.unseen().filter(|_| self.in_frame)))
    }
}

/// Where a control is, unless it is in the page itself.
fn place(tab: &Tab, at: &At) -> String {
    let state = tab.shared.state();
    match state.frames.get(&at.frame) {
        Some(frame) if at.frame != tab.frame => {
            format!(" in the frame {}", plain_address(&frame.url))
        }
        _ => String::new(),
    }
}
