//! The rules: what the classes of a text's words come to together.
//!
//! Refusing is tried before consenting, and consenting words count for nothing once something
//! negates, limits or sells them.

use super::Meaning;
use super::file::Class;

/// More words than this are a sentence, not a label.
const MAX_WORDS: usize = 24;

/// A text with no more words than this is one sentence, and its last word says what it is about.
const MAX_ENDING: usize = 12;

/// What a text means whose words belong to these classes, in order; `None` for a word not known.
/// Answers `None` where no rule has anything to say.
pub(super) fn judge(classes: &[Option<Class>]) -> Option<Meaning> {
    let classes = Classes(classes);
    if classes.0.len() > MAX_WORDS || classes.has(Class::Payment) {
        return Some(Meaning::Other);
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
}

/// "Reject", "Decline all", "Withdraw consent" – but "Manage or reject cookies" leads to another
/// layer.
fn refusing_verb(c: &Classes<'_>) -> Option<Meaning> {
    let (at, meaning) = match c.first(Class::Reject) {
        Some(at) => (at, Meaning::Reject),
        None => (c.first(Class::Withdraw)?, Meaning::Withdraw),
    };
    // "Einstellungen ablehnen" refuses them: many languages put the verb last.
    if c.first(Class::Settings).is_some_and(|s| s + 1 < at) {
        return Some(Meaning::Settings);
    }
    // "How to disable cookies", or a long text about something else that mentions refusing. Long
    // texts that end with it do refuse: "No, I am under 18 and decline".
    let last = at + 1 == c.0.len() && c.0.len() <= MAX_ENDING;
    if c.first(Class::Other)
        .is_some_and(|o| o == 0 || (c.0.len() > 6 && !last))
    {
        return Some(Meaning::Other);
    }
    Some(meaning)
}

/// "Privacy policy", "Our 12 partners", "Settings and partners"; "accept all" outweighs such words.
fn link_or_heading(c: &Classes<'_>) -> Option<Meaning> {
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
fn refusal(c: &Classes<'_>) -> Option<Meaning> {
    if c.negated_consent() || c.left_out() || c.nothing_but_necessary() {
        return Some(Meaning::Reject);
    }
    // "Accept all except marketing" is neither a rejection nor an acceptance.
    c.has(Class::Except).then_some(Meaning::Other)
}

/// "Save settings", "Allow selection", "Selection only".
fn saving(c: &Classes<'_>) -> Option<Meaning> {
    if c.any(&[Class::Negation, Class::Without]) {
        return None;
    }
    let all = c.any(&[Class::Optional, Class::All]);
    let picked = c.any(&[Class::Accept, Class::Only]) && c.has(Class::Selection);
    let selected = picked && !all;
    (c.has(Class::Save) || selected).then_some(Meaning::Save)
}

/// "Accept", "Allow all cookies", "Accept recommended settings".
fn consent(c: &Classes<'_>) -> Option<Meaning> {
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
fn settings(c: &Classes<'_>) -> Option<Meaning> {
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

/// "No", "Not now"; but "No, close" only closes.
fn bare_no(c: &Classes<'_>) -> Option<Meaning> {
    let bare = c.has(Class::Negation) && !c.has(Class::Acknowledge);
    (bare && c.unknown() == 0).then_some(Meaning::Reject)
}

/// "Your choices", "Continue with recommended cookies", "OK", "Yes", "Yes, continue".
fn closing(c: &Classes<'_>) -> Option<Meaning> {
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
        let all = c.any(&[Class::Optional, Class::All, Class::Affirmation]);
        if all && c.unknown() == 0 && !c.has(Class::Only) {
            return Some(Meaning::Accept);
        }
        return (c.unknown() <= 1).then_some(Meaning::Acknowledge);
    }
    let bare = c.has(Class::Affirmation) && !c.has(Class::Only);
    (bare && c.unknown() == 0).then_some(Meaning::Accept)
}

/// The classes of a text's words, `None` where a word is not known.
struct Classes<'c>(&'c [Option<Class>]);

impl Classes<'_> {
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
