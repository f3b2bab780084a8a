//! What a visitor wants of a second layer, and how each of its switches stands to that.
//!
//! What a switch is for is read from its name, its marks and its heading ([`category::role_of`]); one
//! of which that cannot be told is no category that was asked for, and is put off. Pure.

use serde::Deserialize;

use crate::consent::category;
use crate::consent::record::Part;
use crate::model::choice::Choice;
use crate::model::role::Role;

/// What the visitor wants of a second layer.
pub(super) struct Goal<'g> {
    /// The choice.
    pub(super) asked: Choice,
    allow: &'g [Role],
}

/// The switches of a layer, as `layer.js` lists them.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Switches {
    pub(super) listed: Vec<Switch>,
    /// Those that do not show, and can be moved.
    #[serde(default)]
    pub(super) hidden: Vec<Switch>,
    /// How many more there are that are too many, and are on or may be, …
    pub(super) left: usize,
    /// … or off.
    pub(super) off: usize,
}

/// A switch, as `layer.js` describes it.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Switch {
    #[serde(rename = "ref")]
    pub(super) reference: u32,
    /// `None` where the state cannot be read, or nothing was decided yet.
    pub(super) on: Option<bool>,
    disabled: bool,
    pub(super) text: String,
    /// Texts of the headings above it, the nearest first.
    near: Vec<String>,
    /// Its marks in the page: id, name, value.
    marks: Vec<String>,
    pub(super) press: u32,
    /// What puts it off, where that is another control.
    pub(super) deny: Option<u32>,
}

impl<'g> Goal<'g> {
    /// What one wants who makes this choice, and allows these categories.
    pub(super) fn of(asked: Choice, allow: &'g [Role]) -> Self {
        Self { asked, allow }
    }

    /// Whether the choice is made by setting switches.
    pub(super) fn sets(&self) -> bool {
        matches!(self.asked, Choice::Accept | Choice::Reject | Choice::Custom)
    }

    /// What a switch that stands against it is, and what it is to be put.
    pub(super) fn words(&self) -> (&'static str, &'static str) {
        match self.asked {
            Choice::Accept => ("off", "on"),
            _ => ("on", "off"),
        }
    }

    pub(super) fn in_words(&self) -> String {
        match self.asked {
            Choice::Custom => "allow single categories".to_owned(),
            asked => asked.as_str().to_owned(),
        }
    }

    /// How a switch should stand; `None` if it may stand as it does.
    pub(super) fn wants(&self, switch: &Switch) -> Option<bool> {
        if self.asked != Choice::Custom {
            return Some(self.asked == Choice::Accept);
        }
        match switch.role() {
            Some(Role::Essential) => None,
            role => Some(role.is_some_and(|role| self.allow.contains(&role))),
        }
    }
}

impl Switch {
    pub(super) fn role(&self) -> Option<Role> {
        let own = [&self.text].into_iter().chain(&self.marks);
        let mut names = own.chain(&self.near);
        names.find_map(|name| category::role_of(name))
    }

    /// What was asked of it, and is saved so. One that cannot be moved and is no category that could
    /// be refused is saved as it stands.
    pub(super) fn part(&self, goal: &Goal<'_>) -> Option<Part> {
        let required = matches!(self.role(), None | Some(Role::Essential)) && self.disabled;
        let wanted = goal.wants(self).filter(|_| !required);
        let marks = self.marks.iter().chain([&self.text]);
        Some(Part {
            names: marks.cloned().collect(),
            allow: wanted.or(self.on)?,
            fixed: wanted.is_none(),
        })
    }
}

impl Switches {
    /// How many cannot be reached and do not stand as asked.
    pub(super) fn left(&self, goal: &Goal<'_>) -> usize {
        let wrong = |switch: &&Switch| {
            let wanted = goal.wants(switch);
            wanted.is_some_and(|wanted| switch.on.is_some_and(|on| on != wanted))
        };
        let beyond = match goal.asked {
            Choice::Accept => self.off,
            Choice::Custom => self.left.max(self.off),
            _ => self.left,
        };
        self.hidden.iter().filter(wrong).count() + beyond
    }
}

/// What is to be done with a switch.
#[derive(Debug, PartialEq)]
pub(super) enum Fit {
    Stands,
    Fixed,
    Unread,
    Move(bool),
}

pub(super) fn fitting(switch: &Switch, goal: &Goal<'_>) -> Fit {
    match (goal.wants(switch), switch.on) {
        (None, _) => Fit::Stands,
        (Some(to), Some(on)) if to == on => Fit::Stands,
        (Some(_), Some(_)) if switch.disabled => Fit::Fixed,
        (Some(to), Some(_)) => Fit::Move(to),
        // Of two controls, each says what it does.
        (Some(to), None) if switch.deny.is_some() => Fit::Move(to),
        (Some(_), None) => Fit::Unread,
    }
}

pub(super) fn is_wrong(switch: &Switch, goal: &Goal<'_>) -> bool {
    let fit = fitting(switch, goal);
    matches!(fit, Fit::Move(_) | Fit::Unread)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn switch(text: &str, near: &[&str], on: Option<bool>) -> Switch {
        Switch {
            text: text.to_owned(),
            near: near.iter().map(|n| (*n).to_owned()).collect(),
            on,
            ..Switch::default()
        }
    }

    #[test]
    fn categories_that_were_asked_for_are_put_on_and_all_others_off() {
        let goal = Goal::of(Choice::Custom, &[Role::Performance]);
        for (text, near, wanted) in [
            ("Statistics", &[][..], Some(true)),
            ("Marketing", &[], Some(false)),
            ("Counter", &["Audience measurement"], Some(true)),
            ("Counter", &["Advertising network"], Some(false)),
            ("Something", &[], Some(false)),
            ("Strictly necessary", &[], None),
        ] {
            let found = goal.wants(&switch(text, near, None));
            assert_eq!(found, wanted, "{text} {near:?}");
        }
        let reject = Goal::of(Choice::Reject, &[]);
        assert_eq!(reject.wants(&switch("Necessary", &[], None)), Some(false));
    }

    #[test]
    fn what_cannot_be_read_is_not_taken_for_right() {
        let goal = Goal::of(Choice::Custom, &[Role::Performance]);
        let fit = |on| fitting(&switch("Statistics", &[], on), &goal);
        assert_eq!(fit(Some(true)), Fit::Stands);
        assert_eq!(fit(Some(false)), Fit::Move(true));
        assert_eq!(fit(None), Fit::Unread);
        let pair = Switch {
            deny: Some(7),
            ..switch("Statistics", &[], None)
        };
        assert_eq!(fitting(&pair, &goal), Fit::Move(true));
        let fixed = Switch {
            disabled: true,
            ..switch("Marketing", &[], Some(true))
        };
        assert_eq!(fitting(&fixed, &goal), Fit::Fixed);
    }

    #[test]
    fn what_does_not_show_counts_where_it_stands_otherwise() {
        let goal = Goal::of(Choice::Custom, &[Role::Performance]);
        let switches = Switches {
            hidden: vec![
                switch("Statistics", &[], Some(true)),
                switch("Marketing", &[], Some(true)),
                switch("Marketing", &[], Some(false)),
            ],
            left: 2,
            off: 1,
            ..Switches::default()
        };
        assert_eq!(switches.left(&goal), 3);
        assert_eq!(switches.left(&Goal::of(Choice::Reject, &[])), 4);
        assert_eq!(switches.left(&Goal::of(Choice::Accept, &[])), 2);
    }
}
