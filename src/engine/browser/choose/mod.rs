//! Making a choice on the page's banner, and proving that it took effect.
//!
//! The banner and its control are found by a recipe whose banner shows, or else by reading the texts
//! of what looks like a banner ([`heuristic`]), in every frame and shadow tree ([`look`], [`world`]).
//! The control is pressed with real input ([`press`]), since many banners ignore synthetic events.
//! What the first layer does not offer is looked for behind its settings ([`layers`], [`switches`]) and at last
//! asked of the platform's own functions ([`interface`]). Whether the choice took effect is judged
//! from what is stored before and after, from what the page says to others about it, and from the
//! banner itself ([`prove`]), again after the reload. [`reopen`] takes a choice back, and [`dismiss`]
//! closes the banner without one. [`widget`] asks
//! for a service, which is no choice but is found and pressed in the same way, and [`form`] answers
//! the form that a widget shows.

mod attempt;
mod dismiss;
mod dom;
pub(super) mod form;
mod frames;
mod goal;
mod heuristic;
mod interface;
mod layers;
mod look;
mod press;
mod prove;
mod reopen;
mod switches;
mod told;
pub(super) mod wait;
pub(super) mod widget;
mod world;

use std::time::Duration;

use self::attempt::Attempt;
use self::look::{Eyes, Found};
use super::tab::Tab;
use crate::engine::Options;
use crate::model::choice::Choice;
use crate::model::fault::Fault;

pub(super) use self::reopen::withdraw;

/// How long a banner that is there may take to show all of its controls.
const CONTROL_MAX: Duration = Duration::from_millis(400);

/// Presses the control for `asked` on the banner that shows, and waits for the banner to go.
pub(super) async fn choose<'a>(
    tab: &Tab,
    options: &'a Options,
    asked: Choice,
) -> Result<Attempt<'a>, Fault> {
    let mut attempt = Attempt::new(options, asked);
    let mut eyes = Eyes::new(tab, &options.recipes);
    if asked == Choice::Dismiss {
        dismiss::dismiss(tab, &mut eyes, &mut attempt).await?;
        attempt.admit(&eyes);
        return Ok(attempt);
    }
    match wait::for_control(tab, &mut eyes, asked, CONTROL_MAX).await? {
        Found::NoBanner => attempt.say("no banner was found"),
        Found::Control(target, recipe) => {
            attempt.recognise(recipe);
            attempt.press(tab, target).await?;
        }
        Found::NotOffered(banner) => attempt.look_deeper(tab, &mut eyes, banner).await?,
    }
    attempt.admit(&eyes);
    Ok(attempt)
}
