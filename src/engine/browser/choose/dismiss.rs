//! Closing the banner without a choice: by its own control, else by Esc, else by a click beside it.
//!
//! What closes is told from what chooses by the words first ([`words::closes`]): "×" named "Accept"
//! is not pressed, nor is what a recipe takes for a choice. That the banner is gone is all that such
//! a visitor can show; nothing need be stored, and a banner that asks again on the next page is right.

use std::time::Duration;

use serde::Deserialize;
use serde_json::json;

use super::CONTROL_MAX;
use super::attempt::Attempt;
use super::frames::{self, Place};
use super::look::{At, Eyes, Found, Target};
use super::press::{self, Shows, of_frame};
use super::wait;
use super::world::World;
use crate::consent::words;
use crate::engine::browser::tab::Tab;
use crate::model::choice::{Choice, ChoiceState, Method};
use crate::model::fault::Fault;
use crate::model::scenario::PhaseId;
use crate::model::snapshot::Snapshot;

/// How long a banner may take to go after a key or a click beside it.
const EFFECT: Duration = Duration::from_millis(700);

/// Frames within frames.
const MAX_DEPTH: usize = 8;

/// A control inside a banner, as `layer.js` describes it.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Closer {
    #[serde(rename = "ref")]
    reference: u32,
    text: String,
    label: String,
    leaves: bool,
    reachable: bool,
    icon: bool,
    chooses: bool,
}

#[derive(Debug, Deserialize)]
struct Spot {
    x: f64,
    y: f64,
}

/// Closes the banner that shows, in whatever way it can be closed.
pub(super) async fn dismiss<'a>(
    tab: &Tab,
    eyes: &mut Eyes<'_, 'a>,
    attempt: &mut Attempt<'a>,
) -> Result<(), Fault> {
    let (banner, closer) = match wait::for_control(tab, eyes, Choice::Dismiss, CONTROL_MAX).await? {
        Found::NoBanner => {
            attempt.say("no banner was found");
            return Ok(());
        }
        Found::Control(target, recipe) => {
            attempt.recognise(recipe);
            (target.banner.clone(), Some(target))
        }
        Found::NotOffered(banner) => {
            attempt.recognise(banner.recipe);
            let closer = closer(tab, &banner.at).await?;
            (banner.at, closer)
        }
    };
    attempt.in_frame |= banner.frame != tab.frame;
    match closer {
        Some(target) => {
            if attempt.press(tab, target).await? != Shows::Yes {
                return Ok(());
            }
        }
        None => attempt.say("nothing on the banner closes it"),
    }
    by_hand(tab, attempt, &banner).await
}

/// Presses Esc, then clicks beside the banner, until it is gone.
async fn by_hand(tab: &Tab, attempt: &mut Attempt<'_>, banner: &At) -> Result<(), Fault> {
    let at_ms = tab.now_ms();
    press::escape(tab, banner).await?;
    attempt.say("pressed Esc");
    if attempt.watch(tab, banner, EFFECT).await? != Shows::Yes {
        attempt.closed_at(at_ms);
        return Ok(());
    }
    let at_ms = tab.now_ms();
    match beside(tab, banner).await? {
        Some(place) => {
            press::click(tab, place.x, place.y).await?;
            attempt.say("clicked outside the banner");
            if attempt.watch(tab, banner, EFFECT).await? != Shows::Yes {
                attempt.closed_at(at_ms);
                return Ok(());
            }
        }
        None => attempt.say("no place outside the banner can be clicked without doing more"),
    }
    attempt.say("the banner is still there");
    Ok(())
}

/// The likeliest control that closes a banner and names no choice.
async fn closer(tab: &Tab, banner: &At) -> Result<Option<Target>, Fault> {
    let world = World {
        tab,
        frame: &banner.frame,
    };
    let answer = world.ask("closers", json!([banner.reference])).await;
    let controls: Vec<Closer> = of_frame(tab, banner, answer, Vec::new())?;
    let ranked = controls
        .iter()
        .filter_map(|control| Some((rank(control)?, control)));
    let best = ranked.min_by_key(|(rank, _)| *rank);
    Ok(best.map(|(_, control)| Target {
        at: At {
            frame: banner.frame.clone(),
            reference: control.reference,
        },
        text: control.name().to_owned(),
        banner: banner.clone(),
        method: Method::Heuristic,
    }))
}

/// Smaller is likelier; `None` if the control does more than close, or something else.
fn rank(control: &Closer) -> Option<(bool, u8)> {
    let names = [&control.text, &control.label];
    let harmless = names.iter().all(|name| words::is_harmless(name));
    if control.leaves || control.chooses || !harmless {
        return None;
    }
    let nameless = control.text.is_empty() && control.label.is_empty();
    let kind = match () {
        () if words::closes(&control.text) => 0,
        () if words::closes(&control.label) => 1,
        () if nameless && control.icon => 2,
        () => return None,
    };
    Some((!control.reachable, kind))
}

impl Closer {
    fn name(&self) -> &str {
        match (self.text.is_empty(), self.label.is_empty()) {
            (false, _) => &self.text,
            (true, false) => &self.label,
            _ => "a control without a name that is marked as closing",
        }
    }
}

/// A place in the page that is outside the banner: in its own frame, or else around that.
async fn beside(tab: &Tab, banner: &At) -> Result<Option<Place>, Fault> {
    let mut at = banner.clone();
    for _ in 0..MAX_DEPTH {
        let answer = spot(tab, &at).await;
        if let Some(place) = of_frame(tab, &at, answer, None)?.filter(|place| place.hit) {
            return Ok(Some(place));
        }
        let around = frames::stand(tab, &at.frame).await;
        let Some((frame, stand)) = of_frame(tab, &at, around, None)? else {
            return Ok(None);
        };
        at = At {
            frame,
            reference: stand.reference,
        };
    }
    Ok(None)
}

async fn spot(tab: &Tab, at: &At) -> Result<Option<Place>, super::world::Unread> {
    let world = World {
        tab,
        frame: &at.frame,
    };
    let spot: Option<Spot> = world.ask("outside", json!([at.reference])).await?;
    let Some(Spot { x, y }) = spot else {
        return Ok(None);
    };
    let place = Place {
        x,
        y,
        hit: true,
        scrolled: false,
    };
    frames::to_page(tab, &at.frame, place).await.map(Some)
}

/// What closing the banner came to: it must be gone once the page is quiet. Whether it asks again on
/// the next page is told, and changes nothing.
pub(super) fn judge(
    attempt: &mut Attempt<'_>,
    snapshots: &[Snapshot],
    shows: bool,
    unseen: Option<String>,
) -> Vec<String> {
    let reloaded = snapshots.iter().any(|s| s.phase == PhaseId::AfterReload);
    if reloaded {
        let again = match (shows, &unseen) {
            (true, _) => "after the reload a banner asks again",
            (false, None) => "after the reload no banner asks",
            (false, Some(_)) => "whether a banner asks after the reload is not known",
        };
        return vec![again.to_owned()];
    }
    let gone = attempt.gone && !shows && unseen.is_none();
    attempt.outcome.state = match gone {
        true => ChoiceState::Proven,
        false => ChoiceState::Unproven,
    };
    if let Some(unseen) = unseen {
        return vec![format!(
            "whether the banner stayed away is not known: {unseen}"
        )];
    }
    let back = attempt.gone && shows;
    Vec::from_iter(back.then(|| "a banner shows again at once".to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn control(text: &str, label: &str) -> Closer {
        Closer {
            text: text.to_owned(),
            label: label.to_owned(),
            reachable: true,
            ..Closer::default()
        }
    }

    #[test]
    fn words_come_before_signs() {
        for (text, label, expected) in [
            ("×", "", Some((false, 0))),
            ("×", "Close", Some((false, 0))),
            ("", "Close this notice", Some((false, 1))),
            ("×", "Accept all", None),
            ("×", "Continue without accepting", None),
            ("Close and accept", "", None),
            ("OK", "", None),
            ("", "", None),
        ] {
            assert_eq!(rank(&control(text, label)), expected, "{text} {label}");
        }
    }

    #[test]
    fn marks_count_only_where_there_is_no_name() {
        let marked = |text| Closer {
            icon: true,
            ..control(text, "")
        };
        assert_eq!(rank(&marked("")), Some((false, 2)));
        assert_eq!(rank(&marked("Our partners")), None);
        let chooses = Closer {
            chooses: true,
            ..control("×", "")
        };
        assert_eq!(rank(&chooses), None);
        let leaves = Closer {
            leaves: true,
            ..control("Close", "")
        };
        assert_eq!(rank(&leaves), None);
    }
}
