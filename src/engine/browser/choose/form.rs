//! Answering the form that a widget shows once it is opened: a chat that asks for consent by itself.
//!
//! The form's texts and labels are its site's own. Of two buttons, the one that refuses by its words
//! is the refusal and the other the consent; where words do not tell, the first one consents. What
//! the widget stores then tells whether that was right: tawk's record ends in `::cf` once its form
//! was accepted, and only then.

use std::time::{Duration, Instant};

use serde::Deserialize;
use serde_json::json;

use super::press;
use super::wait;
use super::world::World;
use crate::consent::record::{Agreement, Decoder, agrees};
use crate::consent::words::{self, Meaning};
use crate::engine::Options;
use crate::engine::browser::tab::Tab;
use crate::model::choice::{Choice, ChoiceOutcome, ChoiceState, Method};
use crate::model::fault::Fault;
use crate::model::scenario::PhaseId;
use crate::model::snapshot::Snapshot;

/// How long an opened widget may take to show its form.
const FORM_MAX: Duration = Duration::from_millis(1000);

/// How long a pressed form may take to go away.
const EFFECT_MAX: Duration = Duration::from_millis(1500);

/// A button of a form, with its place in the page.
#[derive(Debug, Clone, PartialEq, Deserialize)]
struct Button {
    x: f64,
    y: f64,
    text: String,
}

/// Answers the form of the widget that was opened.
pub(in crate::engine::browser) async fn answer(
    tab: &Tab,
    options: &Options,
    asked: Choice,
) -> Result<ChoiceOutcome, Fault> {
    let mut outcome = ChoiceOutcome {
        asked,
        state: ChoiceState::NotOffered,
        ..ChoiceOutcome::none()
    };
    let Some((provider, buttons)) = shown(tab, options).await? else {
        outcome
            .evidence
            .push("no widget shows a form with two buttons".to_owned());
        return Ok(outcome);
    };
    let (accept, refuse) = told_apart(&buttons);
    let button = if asked == Choice::WidgetAccept {
        accept
    } else {
        refuse
    };
    outcome.platform = Some(provider);
    outcome.state = ChoiceState::Unproven;
    outcome.method = Some(Method::Heuristic);
    outcome.at_ms = Some(tab.now_ms());
    press::click(tab, button.x, button.y).await?;
    outcome.presses = Some(1);
    outcome
        .evidence
        .push(format!("pressed \"{}\" in the widget's form", button.text));
    if goes(tab, options, &buttons).await? {
        outcome.evidence.push("the form went away".to_owned());
    } else {
        outcome.evidence.push("the form is still there".to_owned());
    }
    Ok(outcome)
}

/// The form that shows, with the provider's id.
async fn shown(tab: &Tab, options: &Options) -> Result<Option<(String, Vec<Button>)>, Fault> {
    let deadline = Instant::now() + FORM_MAX;
    loop {
        for hint in &options.widgets {
            let buttons = buttons(tab, &hint.press).await?;
            if buttons.len() == 2 {
                return Ok(Some((hint.provider.clone(), buttons)));
            }
        }
        if Instant::now() > deadline {
            return Ok(None);
        }
        wait::pause().await;
    }
}

async fn buttons(tab: &Tab, frames: &[String]) -> Result<Vec<Button>, Fault> {
    let world = World::of_page(tab);
    let buttons = world.ask("form", json!([frames])).await;
    buttons.map_err(|unread| unread.fault(tab))
}

async fn goes(tab: &Tab, options: &Options, form: &[Button]) -> Result<bool, Fault> {
    let deadline = Instant::now() + EFFECT_MAX;
    while Instant::now() < deadline {
        let mut shows = false;
        for hint in &options.widgets {
            let texts = |buttons: &[Button]| -> Vec<String> {
                buttons.iter().map(|b| b.text.clone()).collect()
            };
            shows |= texts(&buttons(tab, &hint.press).await?) == texts(form);
        }
        if !shows {
            return Ok(true);
        }
        wait::pause().await;
    }
    Ok(false)
}

/// Which of two buttons consents, and which refuses.
fn told_apart(buttons: &[Button]) -> (&Button, &Button) {
    let (first, second) = (&buttons[0], &buttons[1]);
    let meaning = |button: &Button| words::classify(&button.text);
    let swapped = meaning(first) == Meaning::Reject || meaning(second) == Meaning::Accept;
    let clear = meaning(second) == Meaning::Reject || meaning(first) == Meaning::Accept;
    if swapped && !clear {
        (second, first)
    } else {
        (first, second)
    }
}

/// Judges the answer by the widget's record.
pub(in crate::engine::browser) fn judge(outcome: &mut ChoiceOutcome, snapshots: &[Snapshot]) {
    if outcome.at_ms.is_none() {
        return;
    }
    let phase = |id: PhaseId| snapshots.iter().find(|s| s.phase == id);
    let Some(reloaded) = phase(PhaseId::AfterReload) else {
        return;
    };
    let gone = outcome.evidence.iter().any(|e| e == "the form went away");
    let record = record(reloaded);
    let refused = outcome.asked == Choice::WidgetRefuse;
    let agreement = match record {
        None if refused => Agreement::Yes("no consent is recorded".to_owned()),
        None => Agreement::No("no consent is recorded".to_owned()),
        Some((_, value)) if refused => {
            match agrees(Decoder::Tawk, None, Some(value), Choice::Accept) {
                Agreement::Yes(_) => Agreement::No("a consent is recorded".to_owned()),
                _ => Agreement::Yes("no consent is recorded".to_owned()),
            }
        }
        Some((_, value)) => agrees(Decoder::Tawk, None, Some(value), Choice::Accept),
    };
    let name = record.map_or("the widget's record", |(name, _)| name);
    outcome
        .evidence
        .push(format!("{name}: {}", agreement.reason()));
    outcome.state = if gone && matches!(agreement, Agreement::Yes(_)) {
        ChoiceState::Proven
    } else {
        ChoiceState::Unproven
    };
}

/// The record of tawk's form: `twk_` or `Tawk_` and the property's id of 24 hexadecimal digits.
fn record(snapshot: &Snapshot) -> Option<(&str, &str)> {
    let is_record = |name: &str| {
        let id = name
            .strip_prefix("twk_")
            .or_else(|| name.strip_prefix("Tawk_"));
        id.is_some_and(|id| id.len() == 24 && id.bytes().all(|b| b.is_ascii_hexdigit()))
    };
    let stored = snapshot.storage.iter().map(|k| (&k.name, &k.value));
    let cookies = snapshot.cookies.iter().map(|c| (&c.name, &c.value));
    let mut all = stored.chain(cookies);
    let found = all.find(|(name, _)| is_record(name));
    found.map(|(name, value)| (name.as_str(), value.as_str()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn accepts(first: &str, second: &str) -> String {
        let button = |text: &str| Button {
            x: 0.0,
            y: 0.0,
            text: text.to_owned(),
        };
        let buttons = [button(first), button(second)];
        told_apart(&buttons).0.text.clone()
    }

    #[test]
    fn words_tell_buttons_apart_and_places_where_words_do_not() {
        assert_eq!(accepts("Start the chat", "No, thank you"), "Start the chat");
        assert_eq!(accepts("I refuse", "I accept"), "I accept");
        assert_eq!(accepts("Decline", "Chat"), "Chat");
        assert_eq!(accepts("Qapla", "Ghobe"), "Qapla");
    }
}
