//! Button texts: what a control of a banner does, read from its words.
//!
//! A text is first turned into classes of words (`words/lexicon.rs`, data in
//! `rules/consent/words/`), then judged by the rules of [`classify`]. Refusing is tried before
//! consenting, and consenting words count for nothing once something negates, limits or sells them:
//! pressing "accept" for "reject" would make every later finding wrong, while a text that is not
//! understood only makes the visit inconclusive.

mod lexicon;
mod normal;

use std::sync::LazyLock;

use lexicon::{Class, Lexicon};

/// What a control does, as far as its text says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Meaning {
    /// Accepts.
    Accept,
    /// Rejects.
    Reject,
    /// Opens a further layer.
    Settings,
    /// Saves what is ticked.
    Save,
    /// Acknowledges without a choice ("OK", "Got it").
    Acknowledge,
    /// None of these.
    Other,
}

/// More words than this are a sentence, not a label.
const MAX_WORDS: usize = 24;

static LEXICON: LazyLock<Lexicon> =
    LazyLock::new(|| Lexicon::builtin().expect("the embedded words are read by a test"));

/// Reads a control's accessible name. Reject wording is tried before accept wording.
#[must_use]
pub fn classify(text: &str) -> Meaning {
    let classes = Classes(LEXICON.read(text));
    if classes.0.is_empty() || classes.0.len() > MAX_WORDS || classes.has(Class::Payment) {
        return Meaning::Other;
    }
    // The order of the rules is the meaning of this function.
    refusing_verb(&classes)
        .or_else(|| link_or_heading(&classes))
        .or_else(|| refusal(&classes))
        .or_else(|| saving(&classes))
        .or_else(|| consent(&classes))
        .or_else(|| settings(&classes))
        .or_else(|| bare_no(&classes))
        .or_else(|| closing(&classes))
        .unwrap_or(Meaning::Other)
}

/// "Reject", "Decline all" – but "Manage or reject cookies" leads to another layer.
fn refusing_verb(c: &Classes) -> Option<Meaning> {
    let at = c.first(Class::Reject)?;
    if c.first(Class::Settings).is_some_and(|s| s < at) {
        return Some(Meaning::Settings);
    }
    // A long text about something else that mentions refusing.
    if c.has(Class::Other) && c.0.len() > 6 {
        return Some(Meaning::Other);
    }
    Some(Meaning::Reject)
}

/// "Privacy policy", "Our 12 partners", "Settings and partners"; "accept all" outweighs such words.
fn link_or_heading(c: &Classes) -> Option<Meaning> {
    let at = c.first(Class::Other)?;
    if c.has(Class::Accept) && c.has(Class::All) {
        return None;
    }
    let settings_first = c.first(Class::Settings).is_some_and(|s| s < at);
    let chooses = c.has(Class::Accept) || c.has(Class::Save);
    Some(if settings_first && !chooses {
        Meaning::Settings
    } else {
        Meaning::Other
    })
}

/// "Do not accept", "Continue without accepting", "Accept only necessary", "Essential only".
fn refusal(c: &Classes) -> Option<Meaning> {
    if c.negated_consent() || c.left_out() || c.nothing_but_necessary() {
        return Some(Meaning::Reject);
    }
    // "Accept all except marketing" is neither a rejection nor an acceptance.
    c.has(Class::Except).then_some(Meaning::Other)
}

/// "Save settings", "Allow selection".
fn saving(c: &Classes) -> Option<Meaning> {
    if c.any(&[Class::Negation, Class::Without]) {
        return None;
    }
    let all = c.any(&[Class::Optional, Class::All]);
    let selected = c.has(Class::Accept) && c.has(Class::Selection) && !all;
    (c.has(Class::Save) || selected).then_some(Meaning::Save)
}

/// "Accept", "Allow all cookies", "Accept recommended settings".
fn consent(c: &Classes) -> Option<Meaning> {
    if !c.has(Class::Accept) || c.any(&[Class::Negation, Class::Without]) {
        return None;
    }
    if c.has(Class::Only) {
        return Some(Meaning::Other);
    }
    let all = c.any(&[Class::Optional, Class::All]);
    if c.has(Class::Settings) && !all {
        return None;
    }
    // What is mostly unknown words is a sentence or an unknown language; both may negate.
    Some(if c.unknown() * 5 <= c.0.len() * 2 {
        Meaning::Accept
    } else {
        Meaning::Other
    })
}

/// "Manage cookies", "More options", "Let me choose".
fn settings(c: &Classes) -> Option<Meaning> {
    if c.has(Class::Settings) {
        let understood = c.unknown() * 2 <= c.0.len();
        return Some(if understood {
            Meaning::Settings
        } else {
            Meaning::Other
        });
    }
    None
}

/// "No", "Not now".
fn bare_no(c: &Classes) -> Option<Meaning> {
    (c.has(Class::Negation) && c.unknown() == 0).then_some(Meaning::Reject)
}

/// "Your choices", "Continue with recommended cookies", "OK", "Yes".
fn closing(c: &Classes) -> Option<Meaning> {
    if c.has(Class::Selection) {
        let understood = c.unknown() == 0;
        return Some(if understood {
            Meaning::Settings
        } else {
            Meaning::Other
        });
    }
    if c.has(Class::Without) {
        return None;
    }
    if c.has(Class::Acknowledge) {
        let all = c.any(&[Class::Optional, Class::All]);
        if all && c.unknown() == 0 && !c.has(Class::Only) {
            return Some(Meaning::Accept);
        }
        return (c.unknown() <= 1).then_some(Meaning::Acknowledge);
    }
    (c.has(Class::Affirmation) && c.unknown() == 0).then_some(Meaning::Accept)
}

/// The classes of a text's words, `None` where a word is not known.
struct Classes(Vec<Option<Class>>);

impl Classes {
    fn has(&self, class: Class) -> bool {
        self.0.contains(&Some(class))
    }

    fn any(&self, classes: &[Class]) -> bool {
        classes.iter().any(|c| self.has(*c))
    }

    fn first(&self, class: Class) -> Option<usize> {
        self.0.iter().position(|c| *c == Some(class))
    }

    fn unknown(&self) -> usize {
        self.0.iter().filter(|c| c.is_none()).count()
    }

    fn at(&self, class: Class) -> impl Iterator<Item = usize> {
        let all = self.0.iter().enumerate();
        all.filter(move |(_, c)| **c == Some(class)).map(|(i, _)| i)
    }

    /// A negation shortly before a consenting word, or anywhere if no settings are mentioned ("Ich
    /// stimme nicht zu"; but "No, manage what I allow" is no refusal).
    fn negated_consent(&self) -> bool {
        let close = |n: usize| self.at(Class::Accept).any(|a| a >= n && a - n <= 4);
        let anywhere = self.has(Class::Accept) && !self.has(Class::Settings);
        self.has(Class::Negation) && (anywhere || self.at(Class::Negation).any(close))
    }

    /// "Without accepting", "without tracking", "without cookies".
    fn left_out(&self) -> bool {
        let what = [
            Class::Accept,
            Class::Selection,
            Class::Optional,
            Class::Settings,
        ];
        let understood = self.has(Class::Filler) && self.unknown() == 0;
        self.has(Class::Without) && (self.any(&what) || understood)
    }

    /// Necessary ones, and nothing else; "all" may only say "all necessary ones".
    fn nothing_but_necessary(&self) -> bool {
        let all_necessary = self
            .0
            .windows(2)
            .any(|w| w == [Some(Class::All), Some(Class::Necessary)]);
        let limited = self.any(&[Class::Only, Class::Accept, Class::Except]);
        self.has(Class::Necessary)
            && !self.has(Class::Optional)
            && (all_necessary || !self.has(Class::All))
            && (limited || self.unknown() == 0)
    }
}

#[cfg(test)]
mod tests;
