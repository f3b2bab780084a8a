//! Looking for a banner: one question to every frame of the page, all at the same time.
//!
//! A frame that hangs costs a short wait once and is told; it is not asked again.

use std::collections::{BTreeMap, BTreeSet};

use futures_util::future::join_all;
use serde::Deserialize;
use serde_json::{Value, json};

use super::dom::Shown;
use super::frames;
use super::heuristic::{self, Control, Pick};
use super::world::{Unread, World};
use crate::consent::recipe::Recipe;
use crate::consent::words::{self, Meaning};
use crate::engine::browser::tab::Tab;
use crate::model::choice::{Choice, Method};
use crate::model::fault::Fault;

/// Closed shadow trees within closed ones.
const NESTED: usize = 4;

/// A container with this score may be a banner (as in `dom.js`).
const MIN_SCORE: i32 = 4;

/// An element of one of the page's frames.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct At {
    pub(super) frame: String,
    pub(super) reference: u32,
}

/// Something to press.
#[derive(Debug, Clone)]
pub(super) struct Target {
    pub(super) at: At,
    /// Its text.
    pub(super) text: String,
    pub(super) banner: At,
    /// How it was found.
    pub(super) method: Method,
}

/// What was found.
#[derive(Debug)]
pub(super) enum Found<'a> {
    Control(Target, Option<&'a Recipe>),
    /// A banner without a control for this choice.
    NotOffered(Banner<'a>),
    NoBanner,
}

/// A banner that lacks the control that was looked for.
#[derive(Debug)]
pub(super) struct Banner<'a> {
    pub(super) at: At,
    pub(super) recipe: Option<&'a Recipe>,
    /// Opens the second layer.
    pub(super) settings: Option<Target>,
    /// Saves the second layer.
    pub(super) save: Option<Target>,
    /// Whether everything can be accepted on it.
    pub(super) accepts: bool,
    /// The text of a control for the choice that something else covers.
    pub(super) covered: Option<String>,
}

/// Looks at the page.
pub(super) struct Eyes<'t, 'a> {
    tab: &'t Tab,
    recipes: &'a [Recipe],
    /// Frames that did not answer.
    silent: BTreeSet<String>,
    /// How many frames gave no answer to the last look, …
    unanswered: usize,
    /// … and how many were not asked.
    beyond: usize,
}

/// What one frame shows.
#[derive(Debug, Default, Deserialize)]
struct Report {
    recipes: Vec<Known>,
    controls: Vec<Control>,
    suspects: usize,
}

/// A banner that a recipe knows.
#[derive(Debug, Deserialize)]
struct Known {
    index: usize,
    banner: u32,
    controls: BTreeMap<String, Shown>,
    #[serde(skip)]
    frame: String,
}

/// What all frames show.
struct Sight {
    known: Vec<Known>,
    controls: Vec<Control>,
}

impl<'t, 'a> Eyes<'t, 'a> {
    pub(super) fn new(tab: &'t Tab, recipes: &'a [Recipe]) -> Self {
        Self {
            tab,
            recipes,
            silent: BTreeSet::new(),
            unanswered: 0,
            beyond: 0,
        }
    }

    /// Why a banner may have escaped the last look.
    pub(super) fn unseen(&self) -> Option<String> {
        let told = [
            (self.unanswered, "of its frames did not answer"),
            (self.beyond, "of its frames were too many to be looked into"),
        ];
        let counted = told.iter().filter(|(count, _)| *count > 0);
        let told: Vec<String> = counted.map(|(n, what)| format!("{n} {what}")).collect();
        (!told.is_empty())
            .then(|| format!("{}; a banner in them was not seen", told.join(", and ")))
    }

    /// Looks once for a control for the choice.
    pub(super) async fn find(&mut self, asked: Choice) -> Result<Found<'a>, Fault> {
        let sight = self.sight(asked).await?;
        let mut shown = None;
        for known in &sight.known {
            let Some(recipe) = self.recipes.get(known.index) else {
                continue;
            };
            if let Some(target) = known
                .target(asked.as_str())
                .filter(|t| may_mean(&t.text, asked))
            {
                return Ok(Found::Control(target, Some(recipe)));
            }
            if !known.controls.is_empty() || self.has_interface(recipe).await? {
                shown.get_or_insert((known, recipe));
            }
        }
        let recipe = shown.map(|(_, recipe)| recipe);
        let pick = heuristic::pick(&sight.controls, asked);
        // What a recipe does not name may be read.
        let read = |meaning| match &pick {
            Pick::NotOffered(beside) => heuristic::on_banner_of(&sight.controls, beside, meaning),
            _ => None,
        };
        let (settings, save) = (read(Meaning::Settings), read(Meaning::Save));
        Ok(match (&pick, shown) {
            (Pick::Control(control), _) => Found::Control(Target::of(control), recipe),
            (Pick::NotOffered(beside), None) => {
                Found::NotOffered(Banner::of(&sight.controls, beside, asked))
            }
            (_, Some((known, recipe))) => Found::NotOffered(Banner {
                at: known.at(known.banner),
                recipe: Some(recipe),
                settings: known.target("settings").or(settings.map(Target::of)),
                save: known.target("save").or(save.map(Target::of)),
                accepts: known.controls.contains_key("accept"),
                covered: None,
            }),
            (Pick::NoBanner, None) => Found::NoBanner,
        })
    }

    /// The control that saves the second layer: the recipe's, or else one that says so.
    pub(super) async fn saving(
        &mut self,
        recipe: Option<&Recipe>,
    ) -> Result<Option<Target>, Fault> {
        let sight = self.sight(Choice::None).await?;
        let is_it = |known: &&Known| {
            let found = self.recipes.get(known.index);
            recipe.is_some_and(|r| found.is_some_and(|f| f.id == r.id))
        };
        let known = sight.known.iter().filter(is_it);
        let by_recipe = known.filter_map(|k| k.target("save")).next();
        Ok(by_recipe.or_else(|| heuristic::saving(&sight.controls).map(Target::of)))
    }

    async fn sight(&mut self, asked: Choice) -> Result<Sight, Fault> {
        let page = World::of_page(self.tab);
        let report = self.report(&page, asked).await;
        let report = report.map_err(|unread| unread.fault(self.tab))?;
        let mut sight = Sight {
            known: Vec::new(),
            controls: Vec::new(),
        };
        sight.add(&self.tab.frame, report, 0);
        let (mut frames, beyond) = frames::inside(self.tab);
        let all = frames.len();
        frames.retain(|frame| !self.silent.contains(frame));
        let mut unanswered = all - frames.len();
        let looks = frames.iter().map(|frame| self.look_into(frame, asked));
        let reports = join_all(looks).await;
        for (frame, report) in frames.into_iter().zip(reports) {
            match report {
                Ok(Some((report, score))) => sight.add(&frame, report, score),
                Ok(None) => {}
                Err(Unread::Gone) => tracing::debug!(%frame, "a frame is gone"),
                Err(unread) => {
                    tracing::debug!(%frame, ?unread, "looking into a frame");
                    unanswered += 1;
                    if matches!(unread, Unread::Silent) {
                        self.silent.insert(frame);
                    }
                }
            }
        }
        (self.unanswered, self.beyond) = (unanswered, beyond);
        Ok(sight)
    }

    /// What a frame shows, with the score of its place; `None` if there is nothing or nobody sees it.
    async fn look_into(&self, frame: &str, asked: Choice) -> Result<Option<(Report, i32)>, Unread> {
        let world = World {
            tab: self.tab,
            frame,
        };
        let report = self.report(&world, asked).await?;
        if report.recipes.is_empty() && report.controls.is_empty() {
            return Ok(None);
        }
        let score = frames::standing(self.tab, frame).await?;
        Ok(score.map(|score| (report, score)))
    }

    /// Asks one frame, and again after closed shadow trees were found where nothing else was.
    async fn report(&self, world: &World<'_>, asked: Choice) -> Result<Report, Unread> {
        let mut report = self.ask(world, asked).await?;
        for _ in 0..NESTED {
            let nothing = report.recipes.is_empty() && report.controls.is_empty();
            if !nothing || report.suspects == 0 || world.open_shadows().await? == 0 {
                break;
            }
            report = self.ask(world, asked).await?;
        }
        Ok(report)
    }

    async fn ask(&self, world: &World<'_>, asked: Choice) -> Result<Report, Unread> {
        let question = json!([asked.as_str()]);
        if let Some(report) = world.ask("look", question.clone()).await? {
            return Ok(report);
        }
        let _: bool = world.ask("learn", json!([self.lesson()])).await?;
        let report: Option<Report> = world.ask("look", question).await?;
        report.ok_or(Unread::Gone)
    }

    fn lesson(&self) -> Vec<Value> {
        let of = |recipe: &Recipe| {
            json!({
                "banner": recipe.banner,
                "accept": recipe.accept,
                "reject": recipe.reject,
                "settings": recipe.settings,
                "save": recipe.save,
                "dismiss": recipe.close,
            })
        };
        self.recipes.iter().map(of).collect()
    }

    /// Whether the page has the platform's own functions: a banner whose controls do not show may
    /// be anything that shares a class name.
    async fn has_interface(&self, recipe: &Recipe) -> Result<bool, Fault> {
        let api = [&recipe.api.accept, &recipe.api.reject, &recipe.api.reopen];
        let names: BTreeSet<&str> = api.into_iter().flatten().map(|e| first_name(e)).collect();
        for name in names.into_iter().filter(|name| !name.is_empty()) {
            let params = json!({
                "expression": format!("typeof {name} !== \"undefined\""),
                "returnByValue": true,
                "throwOnSideEffect": true,
            });
            let answer = self.tab.call("Runtime.evaluate", params).await?;
            if answer["result"]["value"] == true {
                return Ok(true);
            }
        }
        Ok(false)
    }
}

/// The name that an expression begins with.
fn first_name(expression: &str) -> &str {
    let is_part = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '$';
    let end = expression.find(|c| !is_part(c));
    &expression[..end.unwrap_or(expression.len())]
}

/// A control that says the contrary of what a recipe takes it for is left alone; one that closes a
/// banner must say nothing else.
fn may_mean(text: &str, asked: Choice) -> bool {
    let contrary = match asked {
        Choice::Dismiss => return words::is_harmless(text),
        Choice::Reject => Meaning::Accept,
        _ => Meaning::Reject,
    };
    words::classify(text) != contrary
}

impl Known {
    fn at(&self, reference: u32) -> At {
        At {
            frame: self.frame.clone(),
            reference,
        }
    }

    fn target(&self, kind: &str) -> Option<Target> {
        self.controls.get(kind).map(|shown| Target {
            at: self.at(shown.reference),
            text: shown.text.clone(),
            banner: self.at(self.banner),
            method: Method::Recipe,
        })
    }
}

impl Target {
    fn of(control: &Control) -> Self {
        let at = |reference| At {
            frame: control.frame.clone(),
            reference,
        };
        Self {
            at: at(control.reference),
            text: control.text.clone(),
            banner: at(control.banner),
            method: Method::Heuristic,
        }
    }
}

impl Banner<'_> {
    fn of(controls: &[Control], beside: &Control, asked: Choice) -> Self {
        let offering = |meaning| heuristic::on_banner_of(controls, beside, meaning);
        Self {
            at: Target::of(beside).banner,
            recipe: None,
            settings: offering(Meaning::Settings).map(Target::of),
            save: offering(Meaning::Save).map(Target::of),
            accepts: offering(Meaning::Accept).is_some(),
            covered: heuristic::covered(controls, beside, asked),
        }
    }
}

impl Sight {
    fn add(&mut self, frame: &str, report: Report, score: i32) {
        let known = report.recipes.into_iter().map(|mut known| {
            frame.clone_into(&mut known.frame);
            known
        });
        self.known.extend(known);
        let controls = report.controls.into_iter().map(|mut control| {
            frame.clone_into(&mut control.frame);
            control.score = control.score.saturating_add(score);
            control
        });
        self.controls
            .extend(controls.filter(|c| c.score >= MIN_SCORE));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_name_of_an_expression_is_what_must_be_there() {
        assert_eq!(first_name("OneTrust.RejectAll()"), "OneTrust");
        assert_eq!(first_name("__cmp(\"setConsent\", 0)"), "__cmp");
        assert_eq!(first_name("(() => 1)()"), "");
    }

    #[test]
    fn no_recipe_makes_a_control_mean_its_contrary() {
        assert!(!may_mean("Accept all", Choice::Reject));
        assert!(!may_mean("Reject all", Choice::Accept));
        for text in ["Reject all", "×", "Continue"] {
            assert!(may_mean(text, Choice::Reject), "{text}");
        }
        for (text, closes) in [
            ("×", true),
            ("Accept", false),
            ("Continue without accepting", false),
        ] {
            assert_eq!(may_mean(text, Choice::Dismiss), closes, "{text}");
        }
    }
}
