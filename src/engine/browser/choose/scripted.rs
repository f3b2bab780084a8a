//! Choices that are made by the user's consent script, and what it does on the page before them.
//!
//! A choice one of whose steps failed is unproven, whatever is stored then. Whether the page still
//! asks is told by what the script itself waits for or clicks first, besides what any banner shows.

use std::time::{Duration, Instant};

use super::attempt::{Attempt, EFFECT_MAX};
use super::locate::{Place, locate};
use super::steps;
use super::wait;
use crate::consent::script::{Locator, Script};
use crate::engine::Options;
use crate::engine::browser::clock::live;
use crate::engine::browser::tab::Tab;
use crate::model::choice::{Choice, ChoiceState, Method};
use crate::model::fault::{Fault, FaultKind};

/// Does what comes before everything else: logs in.
///
/// # Errors
/// A fault that names the step which failed: what is seen then is not the page that was meant.
pub(in crate::engine::browser) async fn before(tab: &Tab, script: &Script) -> Result<(), Fault> {
    let walked = steps::walk(tab, "before", &script.before).await?;
    match walked.failed {
        None => Ok(()),
        Some(why) => Err(tab.fault(
            FaultKind::LoadFailed,
            format!(
                "the consent script \"{}\" was not followed: {why}",
                script.name
            ),
        )),
    }
}

/// Waits until the first thing that the script needs for a choice shows, by the page's own clock: what
/// is stored until then was stored before the choice. If it does not come, the choice tells.
pub(super) async fn for_first(tab: &Tab, script: &Script, asked: Choice) -> Result<(), Fault> {
    let first = script.steps(asked).and_then(<[_]>::first);
    let Some((step, locator)) = first.and_then(|s| Some((s, steps::locator(s)?))) else {
        return Ok(());
    };
    let (began, mut lived) = (Instant::now(), Duration::ZERO);
    while lived < step.within && began.elapsed() < step.within {
        if matches!(locate(tab, locator).await?, Place::Here(..)) {
            break;
        }
        tab.check_alive()?;
        live(tab, wait::LOOK).await;
        lived += wait::LOOK;
    }
    Ok(())
}

/// Makes the choice by the script's steps, if it has any for it.
pub(super) async fn choose<'a>(
    tab: &Tab,
    options: &'a Options,
    asked: Choice,
) -> Result<Option<Attempt<'a>>, Fault> {
    let script = options.script.as_ref();
    let Some((script, list)) = script.and_then(|s| Some((s, s.steps(asked)?))) else {
        return Ok(None);
    };
    let mut attempt = Attempt::new(options, asked);
    attempt.outcome.state = ChoiceState::Unproven;
    attempt.outcome.platform = Some(script.name.clone());
    attempt.outcome.method = Some(Method::Recipe);
    attempt.script = Some(script);
    let at_ms = tab.now_ms();
    let walked = steps::walk(tab, asked.as_str(), list).await?;
    attempt.in_frame = walked.in_frame;
    attempt.outcome.at_ms = walked.pressed_ms;
    walked.told.into_iter().for_each(|told| attempt.say(told));
    match walked.failed {
        Some(why) => {
            attempt.is_broken = true;
            attempt.say(why);
        }
        None => {
            // Steps that only wait choose nothing, but what is stored then is still to be judged.
            attempt.outcome.at_ms.get_or_insert(at_ms);
            if let Some(sign) = script.sign() {
                await_end(tab, &mut attempt, sign).await?;
            }
        }
    }
    Ok(Some(attempt))
}

/// Whether what a script takes for the banner shows.
pub(super) async fn shows(tab: &Tab, sign: Option<&Locator>) -> Result<bool, Fault> {
    match sign {
        Some(sign) => Ok(matches!(locate(tab, sign).await?, Place::Here(..))),
        None => Ok(false),
    }
}

/// Waits for the script's banner to go, and says so.
async fn await_end(tab: &Tab, attempt: &mut Attempt<'_>, sign: &Locator) -> Result<(), Fault> {
    let deadline = Instant::now() + EFFECT_MAX;
    while matches!(locate(tab, sign).await?, Place::Here(..)) {
        if Instant::now() >= deadline {
            attempt.say("the banner is still there");
            return Ok(());
        }
        wait::pause().await;
    }
    attempt.say("the banner went away");
    Ok(())
}
