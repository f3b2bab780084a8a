//! Finding the element that a step of a consent script names: in the page or the frames whose
//! elements match, in all shadow trees or that of one host.

use serde::Deserialize;
use serde_json::json;

use super::frames;
use super::look::At;
use super::world::{Unread, World};
use crate::consent::script::Locator;
use crate::engine::browser::tab::Tab;
use crate::model::fault::Fault;

/// What one document has of it, as `look.js` says.
#[derive(Debug, Default, Deserialize)]
struct Located {
    /// How many hosts of the shadow tree there are.
    hosts: usize,
    /// How many elements match.
    matches: usize,
    /// The first that shows.
    #[serde(rename = "ref")]
    reference: Option<u32>,
    /// What a visitor reads on it.
    text: String,
}

/// Where an element is.
pub(super) enum Place {
    /// It shows; with what a visitor reads on it.
    Here(At, String),
    /// It does not; why.
    Nowhere(String),
}

/// Looks once.
pub(super) async fn locate(tab: &Tab, locator: &Locator) -> Result<Place, Fault> {
    let mut sum = Located::default();
    let mut silent = 0;
    let frames = match &locator.frame {
        None => vec![tab.frame.clone()],
        Some(selector) => {
            let (found, unread) = frames_of(tab, selector).await?;
            silent += unread;
            found
        }
    };
    for frame in &frames {
        let world = World { tab, frame };
        match look(&world, locator).await {
            Ok(located) => {
                if let Some(reference) = located.reference {
                    let frame = frame.clone();
                    return Ok(Place::Here(At { frame, reference }, located.text));
                }
                sum.hosts += located.hosts;
                sum.matches += located.matches;
            }
            // A document that is on its way out; the next look sees the one that comes.
            Err(Unread::Gone) => {}
            Err(unread) if *frame == tab.frame => return Err(unread.fault(tab)),
            Err(unread) => {
                tracing::debug!(%frame, ?unread, "looking for a step's element");
                silent += 1;
            }
        }
    }
    Ok(Place::Nowhere(why(locator, frames.len(), silent, &sum)))
}

async fn look(world: &World<'_>, locator: &Locator) -> Result<Located, Unread> {
    let question = json!([locator.selector, locator.shadow]);
    world.ready().await?;
    let located: Located = world.ask("locate", question.clone()).await?;
    if located.reference.is_some() {
        return Ok(located);
    }
    let opened = match &locator.shadow {
        Some(host) => world.open_hosts(host).await?,
        None => world.open_shadows().await?,
    };
    if opened == 0 {
        return Ok(located);
    }
    world.ask("locate", question).await
}

/// The frames whose elements match, and how many could not be asked.
async fn frames_of(tab: &Tab, selector: &str) -> Result<(Vec<String>, usize), Fault> {
    let (inside, beyond) = frames::inside(tab).await;
    let (mut found, mut silent) = (Vec::new(), beyond);
    for frame in inside {
        match frames::matches(tab, &frame, selector).await {
            Ok(true) => found.push(frame),
            Ok(false) | Err(Unread::Gone) => {}
            Err(unread) => {
                tracing::debug!(%frame, ?unread, "asking for a frame's element");
                silent += 1;
            }
        }
    }
    tab.check_alive()?;
    Ok((found, silent))
}

fn why(locator: &Locator, frames: usize, silent: usize, sum: &Located) -> String {
    let selector = &locator.selector;
    let mut why = match (&locator.frame, &locator.shadow) {
        (Some(frame), _) if frames == 0 => format!("no frame is \"{frame}\""),
        (_, Some(host)) if sum.hosts == 0 => {
            format!("there is no \"{host}\", whose shadow tree \"{selector}\" should be in")
        }
        _ => match sum.matches {
            0 => format!("nothing matches \"{selector}\""),
            1 => format!("\"{selector}\" is there and does not show"),
            more => format!("{more} elements are \"{selector}\", and none of them shows"),
        },
    };
    if silent > 0 {
        why.push_str(&format!("; {silent} frames could not be looked into"));
    }
    why
}
