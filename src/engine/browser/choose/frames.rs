//! The frames of the page: which there are, where they stand in it, and whether a click at a place
//! reaches what is inside.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::{Value, json};

use super::world::{Unread, World};
use crate::engine::browser::tab::Tab;

/// So many frames are looked into. Banners are among the first; advertisements make up the rest.
const MAX_FRAMES: usize = 40;

/// Frames within frames.
const MAX_DEPTH: usize = 8;

/// Where a frame stands in the one around it.
#[derive(Debug, Deserialize)]
pub(super) struct Stand {
    /// Reference of its element.
    #[serde(rename = "ref")]
    pub(super) reference: u32,
    x: f64,
    y: f64,
    /// Whether it shows.
    pub(super) visible: bool,
    /// How much it looks like a banner's frame.
    pub(super) score: i32,
}

/// A place in the page's viewport.
#[derive(Debug, Clone, Copy)]
pub(super) struct Place {
    pub(super) x: f64,
    pub(super) y: f64,
    /// Whether what is there is what was meant.
    pub(super) hit: bool,
    /// Whether a document was scrolled for it just now.
    pub(super) scrolled: bool,
}

/// The frames within the page, outer ones first, and how many more there are, which are too many or
/// too deep to be looked into.
pub(super) fn inside(tab: &Tab) -> (Vec<String>, usize) {
    let all: BTreeMap<_, _> = tab.shared.state().frames.all().into_iter().collect();
    let depth = |id: &String| {
        let mut at = id;
        for depth in 0..MAX_DEPTH {
            if *at == tab.frame {
                return Some(depth);
            }
            at = all.get(at)?.parent.as_ref()?;
        }
        Some(MAX_DEPTH)
    };
    let mut found: Vec<(usize, &String)> = all
        .keys()
        .filter_map(|id| Some((depth(id).filter(|d| *d > 0)?, id)))
        .collect();
    found.sort();
    let near = found.iter().filter(|(depth, _)| *depth < MAX_DEPTH);
    let ids: Vec<String> = near.take(MAX_FRAMES).map(|(_, id)| (*id).clone()).collect();
    let beyond = found.len() - ids.len();
    (ids, beyond)
}

/// Where a frame stands in its parent, with the parent's id; `None` for the page itself.
pub(super) async fn stand(tab: &Tab, frame: &str) -> Result<Option<(String, Stand)>, Unread> {
    if frame == tab.frame {
        return Ok(None);
    }
    let parent = {
        let state = tab.shared.state();
        state.frames.get(frame).and_then(|f| f.parent.clone())
    };
    let parent = parent.ok_or(Unread::Gone)?;
    let world = World {
        tab,
        frame: &parent,
    };
    let context = world.ready().await?;
    let owner = world
        .call("DOM.getFrameOwner", json!({"frameId": frame}))
        .await?;
    let element = world.resolve(context, &owner["backendNodeId"]).await?;
    let measure = "(element) => preconsentFrame(element)";
    let answer: Value = world.apply(context, measure, &[&element], true).await?;
    let text = answer["value"].as_str().unwrap_or_default();
    let stand = serde_json::from_str(text).map_err(|_| Unread::Odd(text.to_owned()))?;
    Ok(Some((parent, stand)))
}

/// The place in the page of a point in a frame.
pub(super) async fn to_page(tab: &Tab, frame: &str, mut place: Place) -> Result<Place, Unread> {
    let mut at = frame.to_owned();
    for _ in 0..MAX_DEPTH {
        let Some((parent, stand)) = stand(tab, &at).await? else {
            return Ok(place);
        };
        place.x += stand.x;
        place.y += stand.y;
        let world = World {
            tab,
            frame: &parent,
        };
        let question = json!([stand.reference, place.x, place.y]);
        let answer: Hit = world.ask("hits", question).await?;
        place.hit &= answer.hit;
        at = parent;
    }
    Err(Unread::Gone)
}

/// Whether a frame shows, and the score of its places.
pub(super) async fn standing(tab: &Tab, frame: &str) -> Result<Option<i32>, Unread> {
    let mut score = 0;
    let mut at = frame.to_owned();
    for _ in 0..MAX_DEPTH {
        let Some((parent, stand)) = stand(tab, &at).await? else {
            return Ok(Some(score));
        };
        if !stand.visible {
            return Ok(None);
        }
        score = stand.score.max(score);
        at = parent;
    }
    Err(Unread::Gone)
}

#[derive(Deserialize)]
struct Hit {
    hit: bool,
}
