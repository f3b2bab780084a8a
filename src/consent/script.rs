//! A user's own recipe for one site, as a list of steps: what to press to make each choice, what to
//! do before (log in), and where the site keeps the choice.
//!
//! It is for banners that neither a recipe nor the texts of buttons find, and for pages behind a
//! login. Where the script has no steps for a choice, that choice is made as it would be without it.
//! What proves a choice stays the same; the script may name the site's record and its values.

mod load;

use std::fmt;
use std::time::Duration;

use crate::consent::recipe::{Api, Recipe, RecordPlace};
use crate::consent::record::Agreement;
use crate::consent::seed::ChoiceSeed;
use crate::model::choice::Choice;
use crate::yaml::Place;

pub use load::{Variables, read, read_file};

/// A consent script.
#[derive(Debug, Clone)]
pub struct Script {
    /// Its name in reports.
    pub name: String,
    /// What is done on the page before anything else, in every visit.
    pub before: Vec<Step>,
    /// What shows as long as the visitor is asked.
    pub banner: Option<Locator>,
    /// Where the site keeps the choice.
    pub record: Option<Record>,
    /// Records that are stored before the page is loaded, instead of steps.
    pub seeds: Vec<ChoiceSeed>,
    /// Choices with their steps.
    sections: Vec<(Choice, Vec<Step>)>,
    /// The SHA-256 of the file.
    pub sha256: String,
    /// Where the script stands.
    pub place: Place,
}

/// One step.
#[derive(Debug, Clone, PartialEq)]
pub struct Step {
    /// What to do.
    pub action: Action,
    /// How long what it needs may take to show.
    pub within: Duration,
    /// Where it stands.
    pub place: Place,
}

/// What a step does.
#[derive(Debug, Clone, PartialEq)]
pub enum Action {
    /// Clicks with the mouse.
    Click(Locator),
    /// Waits for an element to show.
    WaitFor(Locator),
    /// Clicks into a field and types.
    Type(Locator, Typed),
    /// Presses a key; on an element, where one is named.
    Press(Key, Option<Locator>),
    /// Evaluates an expression in the page.
    Eval(String),
}

/// An element: a selector, and where to look for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Locator {
    /// CSS selector of the element. Shadow trees are looked into.
    pub selector: String,
    /// CSS selector of the frame's element, at any depth; the page itself where none is given.
    pub frame: Option<String>,
    /// CSS selector of the element whose shadow tree, open or closed, it is in.
    pub shadow: Option<String>,
}

/// A text to type. It may be a password, so that its `Debug` form does not show it.
#[derive(Clone, PartialEq, Eq)]
pub struct Typed(pub String);

impl fmt::Debug for Typed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Typed")
    }
}

/// A key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Deserialize)]
pub enum Key {
    /// Enter.
    Enter,
    /// The space bar.
    Space,
    /// Escape.
    Escape,
    /// Tab.
    Tab,
    /// Arrow down.
    ArrowDown,
    /// Arrow up.
    ArrowUp,
    /// Arrow left.
    ArrowLeft,
    /// Arrow right.
    ArrowRight,
}

/// Where the site keeps the choice, and what it holds then.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    /// Its place, with the decoder where one reads it.
    pub place: RecordPlace,
    /// What it holds after each choice.
    pub values: Vec<(Choice, String)>,
}

impl Script {
    /// The steps of a choice, if the script has any.
    #[must_use]
    pub fn steps(&self, asked: Choice) -> Option<&[Step]> {
        let mut sections = self.sections.iter();
        let found = sections.find(|(choice, _)| *choice == asked);
        found.map(|(_, steps)| steps.as_slice())
    }

    /// What shows as long as the visitor is asked: what the script says, or else the first thing
    /// that it clicks to reject or to accept.
    #[must_use]
    pub fn sign(&self) -> Option<&Locator> {
        let choices = [Choice::Reject, Choice::Accept];
        let steps = choices.into_iter().filter_map(|choice| self.steps(choice));
        let mut clicked = steps.flatten().filter_map(|step| match &step.action {
            Action::Click(at) => Some(at),
            _ => None,
        });
        self.banner.as_ref().or_else(|| clicked.next())
    }

    /// Whether any step evaluates code of the user's in the page; the first that does.
    #[must_use]
    pub fn first_eval(&self) -> Option<&Step> {
        let sections = self.sections.iter().flat_map(|(_, steps)| steps);
        let mut all = self.before.iter().chain(sections);
        all.find(|step| matches!(step.action, Action::Eval(_)))
    }

    /// The script as a recipe that finds no banner by itself: reports and checks know by it where the
    /// choice is kept.
    #[must_use]
    pub fn recipe(&self) -> Recipe {
        let record = self.record.iter().map(|record| record.place.clone());
        Recipe {
            id: self.name.clone(),
            name: self.name.clone(),
            homepage: String::new(),
            verified: None,
            sources: Vec::new(),
            scripts: Vec::new(),
            banner: Vec::new(),
            accept: Vec::new(),
            reject: Vec::new(),
            settings: Vec::new(),
            toggles: Vec::new(),
            save: Vec::new(),
            reopen: Vec::new(),
            api: Api::default(),
            pairs: None,
            close: Vec::new(),
            records: record.collect(),
            sha256: self.sha256.clone(),
            place: self.place.clone(),
        }
    }
}

impl Record {
    /// What the values say to one who asked for a choice; `None` if the script names none for it.
    /// `was` is the value before anything was chosen, `is` the one of now.
    #[must_use]
    pub fn agrees(&self, asked: Choice, was: Option<&str>, is: Option<&str>) -> Option<Agreement> {
        let of = |choice| self.values.iter().find(|(c, _)| *c == choice);
        let (_, expected) = of(asked).or_else(|| of(asked.on_banner()))?;
        Some(match is {
            None => Agreement::No("the script's record is not there".to_owned()),
            Some(value) if !fits(expected, value) => Agreement::No(format!(
                "it does not hold what the script expects after {}",
                asked.as_str()
            )),
            Some(_) if asked != Choice::Withdraw && was == is => {
                Agreement::Unclear("it held the same before the choice".to_owned())
            }
            Some(_) => Agreement::Yes(format!(
                "it holds what the script expects after {}",
                asked.as_str()
            )),
        })
    }
}

/// Whether a value, percent-encoded or not, is of a pattern in which `*` stands for anything.
fn fits(pattern: &str, value: &str) -> bool {
    let decoded = percent_encoding::percent_decode_str(value).decode_utf8_lossy();
    is_like(pattern, value) || is_like(pattern, &decoded)
}

fn is_like(pattern: &str, value: &str) -> bool {
    let mut parts = pattern.split('*');
    let first = parts.next().unwrap_or_default();
    let Some(mut rest) = value.strip_prefix(first) else {
        return false;
    };
    let Some(last) = parts.next_back() else {
        return rest.is_empty();
    };
    for part in parts {
        match rest.find(part) {
            Some(at) => rest = &rest[at + part.len()..],
            None => return false,
        }
    }
    rest.ends_with(last)
}

#[cfg(test)]
mod tests;
