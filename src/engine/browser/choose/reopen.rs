//! Taking a choice back: showing the banner or its settings again, and rejecting there.
//!
//! A visitor who changed their mind looks for what leads back: the platform's own button or function,
//! a control that floats on the page, a link in the footer. What such a control says is read in the
//! languages of the words files. None of them is pressed that leads to another document.

use std::time::Duration;

use serde::Deserialize;
use serde_json::json;

use super::attempt::Attempt;
use super::goal::Goal;
use super::interface;
use super::layers;
use super::look::{At, Eyes, Found};
use super::press::{self, Pressed, of_frame};
use super::scripted;
use super::wait;
use super::world::World;
use crate::consent::words::{self, Meaning};
use crate::engine::Options;
use crate::engine::browser::tab::Tab;
use crate::model::choice::{Choice, ChoiceOutcome, ChoiceState, Method};
use crate::model::fault::Fault;

/// How long a banner may take to show again.
const AGAIN_MAX: Duration = Duration::from_millis(1500);

/// How long a button may take to come out of the edge of the page, and how long that is waited for
/// where the platform has a function that does the same.
const EDGE_MAX: Duration = Duration::from_millis(1200);
const EDGE_SHORT: Duration = Duration::from_millis(300);

/// How many controls are tried.
const TRIES: usize = 3;

/// A control that may show the banner again, as `look.js` describes it.
#[derive(Debug, Clone, Deserialize)]
struct Reopener {
    #[serde(rename = "ref")]
    reference: u32,
    text: String,
    #[serde(default)]
    label: String,
    #[serde(default)]
    leaves: bool,
    #[serde(default)]
    topic: bool,
    #[serde(default)]
    floats: bool,
}

#[derive(Debug, Deserialize)]
struct Reopeners {
    known: Option<Reopener>,
    controls: Vec<Reopener>,
    /// The viewport's.
    #[serde(default)]
    height: f64,
}

/// Takes back what was accepted by `accepted`.
pub(in crate::engine::browser) async fn withdraw<'a>(
    tab: &Tab,
    options: &'a Options,
    accepted: &Attempt<'a>,
) -> Result<Attempt<'a>, Fault> {
    let mut attempt = Attempt::new(options, Choice::Withdraw);
    attempt.recognise(accepted.recipe);
    attempt.in_frame = accepted.in_frame;
    attempt.seeds.clone_from(&accepted.seeds);
    if let Some(why) = nothing_to_withdraw(&accepted.outcome) {
        attempt.outcome.state = match accepted.outcome.state {
            ChoiceState::NotOffered => ChoiceState::NotOffered,
            _ => ChoiceState::Unproven,
        };
        attempt.say(why);
        return Ok(attempt);
    }
    if let Some(mut by_script) = scripted::choose(tab, options, Choice::Withdraw).await? {
        by_script.seeds = attempt.seeds;
        return Ok(by_script);
    }
    let mut eyes = Eyes::new(tab, &options.recipes);
    let (candidates, edge) = candidates(tab, &attempt).await?;
    let mut is_stuck = false;
    for reopener in candidates {
        let at = At {
            frame: tab.frame.clone(),
            reference: reopener.reference,
        };
        let at_ms = tab.now_ms();
        let name = reopener.name();
        if !is_pressed(tab, &at, edge).await? {
            attempt.say(format!("\"{name}\" cannot be pressed"));
            is_stuck = true;
            continue;
        }
        attempt.say(format!("opened the choice again by \"{name}\""));
        attempt.presses.forget();
        attempt.presses.add(1);
        if refuse(tab, &mut eyes, &mut attempt).await? {
            return Ok(attempt);
        }
        if words::classify(&reopener.text) == Meaning::Withdraw {
            // It may have taken the consent back without a question; what is stored tells.
            attempt.outcome.state = ChoiceState::Unproven;
            attempt.outcome.method = Some(Method::Heuristic);
            attempt.outcome.at_ms = Some(at_ms);
            attempt.outcome.presses = Some(1);
            return Ok(attempt);
        }
    }
    if !by_function(tab, &mut eyes, &mut attempt).await? {
        if is_stuck {
            // What could not be pressed may lead back.
            attempt.outcome.state = ChoiceState::Unproven;
        } else {
            attempt.say("nothing was found that opens the choice again and lets it be taken back");
        }
        attempt.admit(&eyes);
    }
    Ok(attempt)
}

fn nothing_to_withdraw(accepted: &ChoiceOutcome) -> Option<String> {
    match accepted.state {
        ChoiceState::Proven => None,
        ChoiceState::NotOffered => Some("nothing could be accepted before".to_owned()),
        _ => Some(format!(
            "the acceptance before it is not proven: {}",
            accepted.evidence.join("; ")
        )),
    }
}

/// Shows the banner by the platform's function, or rejects by it if that shows nothing; whether
/// either was possible.
async fn by_function(
    tab: &Tab,
    eyes: &mut Eyes<'_, '_>,
    attempt: &mut Attempt<'_>,
) -> Result<bool, Fault> {
    if let Some(called) = interface::reopen(tab, attempt.recipe).await? {
        attempt.say(format!("opened the choice again by calling {called}"));
        attempt.presses.called();
        if refuse(tab, eyes, attempt).await? {
            return Ok(true);
        }
    }
    attempt.call(tab, None).await
}

/// Rejects on the banner that shows again; whether one did.
async fn refuse(
    tab: &Tab,
    eyes: &mut Eyes<'_, '_>,
    attempt: &mut Attempt<'_>,
) -> Result<bool, Fault> {
    let goal = Goal::of(Choice::Reject, &[]);
    let mut waited = Duration::ZERO;
    loop {
        match wait::for_control(tab, eyes, Choice::Reject, Duration::ZERO).await? {
            Found::Control(target, _) => {
                attempt.press(tab, target).await?;
                return Ok(true);
            }
            Found::NotOffered(banner) if waited >= AGAIN_MAX / 3 => {
                if let Some(target) = ready(
                    attempt,
                    layers::open_known(tab, eyes, &banner, attempt.recipe).await?,
                ) {
                    attempt.press(tab, target).await?;
                    return Ok(true);
                }
                return Ok(attempt.outcome.state == ChoiceState::Unproven);
            }
            Found::NotOffered(_) => {}
            Found::NoBanner => {
                let layer = layers::of_open_settings(tab, eyes, attempt.recipe, &goal).await?;
                if let Some(target) = layer.and_then(|layer| ready(attempt, layer)) {
                    attempt.press(tab, target).await?;
                    return Ok(true);
                }
                if attempt.outcome.state == ChoiceState::Unproven {
                    return Ok(true);
                }
            }
        }
        if waited >= AGAIN_MAX {
            return Ok(false);
        }
        wait::pause().await;
        waited += wait::LOOK;
    }
}

/// Tells what a layer came to; what to press in it, if that makes the choice.
fn ready(attempt: &mut Attempt<'_>, layer: layers::Layer) -> Option<super::look::Target> {
    let told = match layer {
        layers::Layer::Press(ready) => return Some(attempt.take(ready)),
        layers::Layer::No(told) => told,
        layers::Layer::Stuck(told) => {
            attempt.outcome.state = ChoiceState::Unproven;
            told
        }
    };
    told.into_iter().for_each(|sentence| attempt.say(sentence));
    None
}

/// Presses a control. Some come out of the edge of the page only where the mouse is near.
async fn is_pressed(tab: &Tab, at: &At, edge: f64) -> Result<bool, Fault> {
    let mut waited = Duration::ZERO;
    loop {
        if press::click_on(tab, at).await? == Pressed::Yes {
            return Ok(true);
        }
        if waited >= EDGE_MAX {
            return Ok(false);
        }
        near(tab, edge).await?;
        wait::pause().await;
        waited += wait::LOOK;
    }
}

/// Moves the mouse to the lower edge of the page.
async fn near(tab: &Tab, edge: f64) -> Result<(), Fault> {
    let moved = json!({"type": "mouseMoved", "x": 200, "y": edge - 5.0});
    tab.call("Input.dispatchMouseEvent", moved).await.map(drop)
}

/// What may lead back, the platform's own first, and where the page ends.
async fn candidates(tab: &Tab, attempt: &Attempt<'_>) -> Result<(Vec<Reopener>, f64), Fault> {
    let function = attempt.recipe.and_then(|r| r.api.reopen.as_ref());
    let longest = function.map_or(EDGE_MAX, |_| EDGE_SHORT);
    let mut waited = Duration::ZERO;
    loop {
        let seen = reopeners(tab, attempt).await?;
        let edge = seen.height;
        let known = seen.known.into_iter();
        let found: Vec<_> = known.chain(ranked(seen.controls)).take(TRIES).collect();
        if !found.is_empty() || waited >= longest {
            return Ok((found, edge));
        }
        near(tab, edge).await?;
        wait::pause().await;
        waited += wait::LOOK;
    }
}

async fn reopeners(tab: &Tab, attempt: &Attempt<'_>) -> Result<Reopeners, Fault> {
    let world = World::of_page(tab);
    let selectors = attempt.recipe.map(|r| r.reopen.as_slice());
    let question = json!([selectors.unwrap_or_default()]);
    let answer = world.ask("reopeners", question).await;
    let at = At {
        frame: tab.frame.clone(),
        reference: 0,
    };
    let none = Reopeners {
        known: None,
        controls: Vec::new(),
        height: 0.0,
    };
    of_frame(tab, &at, answer, none)
}

/// The controls that may lead back, the likeliest first.
fn ranked(controls: Vec<Reopener>) -> Vec<Reopener> {
    let mut found: Vec<(u8, Reopener)> = controls
        .into_iter()
        .filter_map(|control| Some((rank(&control)?, control)))
        .collect();
    found.sort_by_key(|(rank, _)| *rank);
    found.into_iter().map(|(_, control)| control).collect()
}

fn rank(control: &Reopener) -> Option<u8> {
    if control.leaves {
        return None;
    }
    let by_text = words::classify(&control.text);
    let meaning = match by_text {
        Meaning::Other => words::classify(&control.label),
        said => said,
    };
    match meaning {
        Meaning::Withdraw => Some(0),
        Meaning::Settings if control.topic => Some(1),
        Meaning::Other if control.topic && control.floats => Some(2),
        Meaning::Other if control.topic => Some(3),
        _ => None,
    }
}

impl Reopener {
    fn name(&self) -> &str {
        match (self.text.is_empty(), self.label.is_empty()) {
            (false, _) => &self.text,
            (true, false) => &self.label,
            _ => "a button without a name",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn control(text: &str, topic: bool, floats: bool, leaves: bool) -> Reopener {
        Reopener {
            reference: 0,
            text: text.to_owned(),
            label: String::new(),
            leaves,
            topic,
            floats,
        }
    }

    #[test]
    fn what_leads_back_is_told_from_what_does_not() {
        for (text, topic, floats, leaves, expected) in [
            ("Withdraw consent", true, false, false, Some(0)),
            ("Cookie settings", true, false, false, Some(1)),
            ("Cookie-Einstellungen", true, false, false, Some(1)),
            ("Settings", false, false, false, None),
            ("Cookies", true, true, false, Some(2)),
            ("Cookies", true, false, false, Some(3)),
            ("Cookie settings", true, false, true, None),
            ("Accept all cookies", true, false, false, None),
            ("Basket", false, true, false, None),
        ] {
            let control = control(text, topic, floats, leaves);
            assert_eq!(rank(&control), expected, "{text} {leaves}");
        }
    }
}
