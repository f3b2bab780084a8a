//! Which control to press where no recipe knows the banner: the texts of `controls()` in `dom.js`
//! read by [`words::classify`].
//!
//! Whatever is picked is only tried; whether it was the right one is proven afterwards. Still, a
//! wrong press costs the visit its meaning, so what is not clearly a banner is left alone: a
//! newsletter's "No thanks" is no rejection of cookies.

use serde::Deserialize;

use crate::consent::words::{self, Meaning};
use crate::model::choice::Choice;

/// A control as `dom.js` describes it.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct Control {
    /// The frame that it is in.
    #[serde(skip)]
    pub(super) frame: String,
    /// Its reference in that frame.
    #[serde(rename = "ref")]
    pub(super) reference: u32,
    /// What a visitor reads on it.
    pub(super) text: String,
    /// Its accessible name where that is another one.
    pub(super) label: String,
    /// Whether it is a link to another document.
    pub(super) leaves: bool,
    /// Whether it only unfolds something, or holds a switch.
    pub(super) opens: bool,
    /// Whether it is inside the viewport as a whole.
    pub(super) in_view: bool,
    /// Whether a click at its place would reach it.
    pub(super) hit: bool,
    /// The reference of the container it was found in.
    pub(super) banner: u32,
    /// How much that container looks like a consent banner.
    pub(super) score: i32,
}

/// What to do.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Pick {
    /// Press this.
    Control(Control),
    /// There is a banner, which this control is on, but nothing on it for the choice.
    NotOffered(Control),
    /// Nothing looks like a banner.
    NoBanner,
}

/// A container with this score is a banner even if it offers one thing only.
const SURE: i32 = 5;

/// Picks the control for a choice; the first in the page wins among equals.
pub(super) fn pick(controls: &[Control], asked: Choice) -> Pick {
    let read: Vec<Read<'_>> = controls.iter().map(Read::of).collect();
    let on_banner: Vec<&Read<'_>> = read
        .iter()
        .filter(|r| is_banner(&read, r.control))
        .collect();
    let Some(best) = on_banner.iter().max_by_key(|r| r.control.score) else {
        return Pick::NoBanner;
    };
    let fitting = on_banner
        .iter()
        .filter(|r| r.fits(asked, &read) && r.control.is_reachable());
    match fitting.min_by_key(|r| r.rank()) {
        Some(found) => Pick::Control(found.control.clone()),
        None => Pick::NotOffered(best.control.clone()),
    }
}

/// The control of a meaning on the same banner as `beside`; one that leads to another document is
/// none.
pub(super) fn on_banner_of<'c>(
    controls: &'c [Control],
    beside: &Control,
    meaning: Meaning,
) -> Option<&'c Control> {
    let read = controls.iter().map(Read::of);
    let fitting = read.filter(|r| {
        r.meaning == meaning
            && r.control.is_beside(beside)
            && r.control.is_reachable()
            && !r.control.leaves
    });
    fitting.min_by_key(Read::rank).map(|r| r.control)
}

/// The text of a control on the same banner as `beside` that makes the choice, or leads to what may,
/// and that something else covers.
pub(super) fn covered(controls: &[Control], beside: &Control, asked: Choice) -> Option<String> {
    let read: Vec<Read<'_>> = controls.iter().map(Read::of).collect();
    let mut on_banner = read.iter().filter(|r| r.control.is_beside(beside));
    let found = on_banner.find(|r| {
        let helps = r.meaning == Meaning::Settings || r.fits(asked, &read);
        helps && !r.control.leaves && !r.control.is_reachable()
    });
    found.map(|r| r.control.text.clone())
}

/// The best control that saves a selection, wherever it is.
pub(super) fn saving(controls: &[Control]) -> Option<&Control> {
    let read = controls.iter().map(Read::of);
    let fitting = read.filter(|r| r.meaning == Meaning::Save && r.control.is_reachable());
    fitting.min_by_key(Read::rank).map(|r| r.control)
}

/// Whether a control's container is a banner: it offers both ways, or looks like one and offers at
/// least one.
fn is_banner(read: &[Read<'_>], control: &Control) -> bool {
    let offers = |wanted: &[Meaning]| {
        let mut beside = read.iter().filter(|r| r.control.is_beside(control));
        beside.any(|r| wanted.contains(&r.meaning))
    };
    let consents = offers(&[Meaning::Accept, Meaning::Acknowledge, Meaning::Save]);
    let refuses = offers(&[Meaning::Reject]);
    // What only takes consent back may stand on any page, so that it is no banner by itself.
    (consents && (refuses || offers(&[Meaning::Settings, Meaning::Withdraw])))
        || (control.score >= SURE && (consents || refuses))
}

struct Read<'c> {
    control: &'c Control,
    meaning: Meaning,
}

impl<'c> Read<'c> {
    /// The text is what the visitor goes by; the accessible name only helps where the text says
    /// nothing ("×").
    fn of(control: &'c Control) -> Self {
        let by_text = words::classify(&control.text);
        let meaning = if by_text == Meaning::Other && !control.label.is_empty() {
            words::classify(&control.label)
        } else {
            by_text
        };
        // "Necessary" above a part of the settings is no rejection.
        let only_names = control.opens && meaning != Meaning::Settings;
        let meaning = if only_names { Meaning::Other } else { meaning };
        Self { control, meaning }
    }

    fn fits(&self, asked: Choice, read: &[Self]) -> bool {
        let beside = |wanted: &[Meaning]| {
            read.iter()
                .any(|r| r.control.is_beside(self.control) && wanted.contains(&r.meaning))
        };
        match (asked, self.meaning) {
            (Choice::Reject, Meaning::Reject) | (Choice::Accept, Meaning::Accept) => true,
            // "Withdraw consent" refuses where nothing says "reject".
            (Choice::Reject, Meaning::Withdraw) => !beside(&[Meaning::Reject]),
            // "OK" consents only where the banner asks something, and offers no clearer word.
            (Choice::Accept, Meaning::Acknowledge) => {
                beside(&[Meaning::Reject, Meaning::Withdraw, Meaning::Settings])
                    && !beside(&[Meaning::Accept])
            }
            _ => false,
        }
    }

    /// Smaller is better.
    fn rank(&self) -> (bool, i32, usize) {
        (
            self.control.leaves,
            self.control.score.saturating_neg(),
            self.control.text.split_whitespace().count(),
        )
    }
}

impl Control {
    /// Whether both are on the same banner.
    fn is_beside(&self, other: &Self) -> bool {
        self.banner == other.banner && self.frame == other.frame
    }

    /// Covered controls belong to a decoy, or to a banner below another one. Whether one outside the
    /// viewport can be reached shows once it is scrolled to.
    fn is_reachable(&self) -> bool {
        self.hit || !self.in_view
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn control(reference: u32, text: &str) -> Control {
        Control {
            reference,
            text: text.to_owned(),
            in_view: true,
            hit: true,
            score: 8,
            ..Control::default()
        }
    }

    fn banner(texts: &[&str]) -> Vec<Control> {
        (1..).zip(texts).map(|(i, t)| control(i, t)).collect()
    }

    /// What is picked for accepting and for rejecting: a reference, `-` for not offered, `0` for no
    /// banner.
    fn picks(controls: &[Control]) -> String {
        let one = |asked| match pick(controls, asked) {
            Pick::Control(c) => c.reference.to_string(),
            Pick::NotOffered(_) => "-".to_owned(),
            Pick::NoBanner => "0".to_owned(),
        };
        format!("{} {}", one(Choice::Accept), one(Choice::Reject))
    }

    #[test]
    fn banners_of_all_kinds() {
        for (texts, expected) in [
            (&["Accept all", "Reject all", "Settings"][..], "1 2"),
            (
                &[
                    "Einstellungen",
                    "Nur notwendige akzeptieren",
                    "Alle akzeptieren",
                ],
                "3 2",
            ),
            (&["Let me choose", "I decline", "That's ok"], "3 2"),
            (&["OK", "Accept all", "Reject"], "2 3"),
            (&["Accept", "Cookie policy"], "1 -"),
            (&["Learn more", "Decline", "Allow cookies"], "3 2"),
            (&["Accept and continue", "Accept", "Reject and pay"], "2 -"),
            (&["Got it", "Learn more"], "- -"),
            (&["Got it", "Accept", "Save settings"], "2 -"),
            (&["OK", "Withdraw consent"], "1 2"),
            (&["Withdraw consent", "Accept", "Reject"], "2 3"),
            (&["Withdraw consent"], "0 0"),
            (&["Prihvati sve", "Samo nužni kolačići"], "1 2"),
            (&["すべて許可", "必須のみ", "設定"], "1 2"),
            (&["Settings"], "0 0"),
            (&[], "0 0"),
        ] {
            assert_eq!(picks(&banner(texts)), expected, "{texts:?}");
        }
    }

    #[test]
    fn a_newsletter_is_no_banner() {
        let mut popup = banner(&["Subscribe", "No thanks"]);
        popup.iter_mut().for_each(|c| c.score = 4);
        assert_eq!(picks(&popup), "0 0");
    }

    #[test]
    fn both_choices_make_a_banner_of_a_plain_container() {
        let mut plain = banner(&["Accept", "Reject"]);
        plain.iter_mut().for_each(|c| c.score = 4);
        assert_eq!(picks(&plain), "1 2");
    }

    #[test]
    fn covered_controls_are_left_alone_and_those_below_the_fold_are_not() {
        let mut controls = banner(&["Reject", "Reject", "Accept"]);
        controls[0].hit = false;
        (controls[1].hit, controls[1].in_view) = (false, false);
        assert_eq!(picks(&controls), "3 2");
        controls[1].in_view = true;
        assert_eq!(picks(&controls), "3 -");
    }

    #[test]
    fn the_likelier_container_and_the_control_that_stays_win() {
        let mut controls = banner(&["Reject", "Reject", "Reject", "Accept"]);
        controls[0].leaves = true;
        (controls[1].banner, controls[1].score) = (7, 6);
        assert_eq!(picks(&controls), "4 3");
    }

    #[test]
    fn the_accessible_name_speaks_for_a_wordless_control_only() {
        let mut controls = banner(&["×", "Accept"]);
        controls[0].label = "Reject cookies".to_owned();
        controls[1].label = "Reject cookies".to_owned();
        assert_eq!(picks(&controls), "2 1");
    }

    #[test]
    fn what_unfolds_a_part_is_no_choice() {
        let mut controls = banner(&["Necessary", "Settings", "Accept"]);
        controls[0].opens = true;
        controls[1].opens = true;
        assert_eq!(picks(&controls), "3 -");
        let found = on_banner_of(&controls, &controls[2], Meaning::Settings);
        assert_eq!(found, Some(&controls[1]));
    }

    #[test]
    fn nothing_is_pressed_for_no_choice() {
        let controls = banner(&["Accept", "Reject"]);
        let pick = pick(&controls, Choice::None);
        assert_eq!(pick, Pick::NotOffered(controls[1].clone()));
    }

    #[test]
    fn settings_and_saving_are_told_from_choices() {
        let controls = banner(&["Accept all", "Settings", "Save my choices"]);
        let found = on_banner_of(&controls, &controls[0], Meaning::Settings);
        assert_eq!(found, Some(&controls[1]));
        assert_eq!(saving(&controls), Some(&controls[2]));
        let elsewhere = Control {
            frame: "another".to_owned(),
            ..controls[0].clone()
        };
        assert_eq!(on_banner_of(&controls, &elsewhere, Meaning::Settings), None);
    }

    #[test]
    fn what_the_page_script_answers_is_read() -> Result<(), serde_json::Error> {
        let json = r#"[{"ref":3,"text":"Reject","label":"","tag":"button","leaves":false,"x":1.5,
            "y":2,"w":10,"h":10,"inView":true,"hit":true,"banner":2,"score":8}]"#;
        let controls: Vec<Control> = serde_json::from_str(json)?;
        let expected = Control {
            banner: 2,
            ..control(3, "Reject")
        };
        assert_eq!(controls, [expected]);
        Ok(())
    }
}
