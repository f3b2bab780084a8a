//! Values: entries that describe an item only while its value looks a certain way, and what counts
//! where an item has had several values, or was seen in several visits.
//!
//! The same name may hold a visitor's id now and the record of a choice later. What counts then is
//! the entry that protects the visitor least: an item is exempt only if it is so with every value that
//! it is known to have had. An item of which no value is known meets no entry that asks for one.

use std::borrow::Cow;

use percent_encoding::percent_decode_str;

use super::{Catalogue, Entry, Example, NamePattern};
use crate::model::item::Store;
use crate::model::role::Role;
use crate::model::sealed::{AskValue, Sealed, ValueQuestion};

impl Entry {
    /// Whether a value may be this entry's; `None` if it is not known. A stand-in is judged by what
    /// was asked of its value.
    pub(super) fn takes(&self, value: Option<&str>, sealed: Option<&Sealed>) -> bool {
        match (&self.value, value) {
            (None, _) => true,
            (Some(_), None) => false,
            (Some(pattern), Some(value)) => match sealed {
                None => pattern.matches(&decoded(self.store, value)),
                Some(sealed) => sealed
                    .answer(self.store, &pattern.text, value)
                    .unwrap_or(false),
            },
        }
    }

    /// What this entry asks about values, if it does.
    pub(super) fn question(&self) -> Option<ValueQuestion> {
        self.value.as_ref().map(|pattern| ValueQuestion {
            store: self.store,
            pattern: pattern.text.clone(),
        })
    }

    /// The name with the value that it goes with, for messages.
    pub(super) fn label(&self) -> String {
        label(
            &self.name.text,
            self.value.as_ref().map(|v| v.text.as_str()),
        )
    }

    /// Greater for the entry that counts: the less privacy-preserving role, then the one that takes
    /// any value.
    fn weight(&self) -> (u8, bool) {
        (self.role.demand(), self.value.is_none())
    }
}

/// Everything that a catalogue asks about values.
pub struct ValueQuestions<'c> {
    /// Each question once, in their order, with an entry that asks it.
    all: Vec<(ValueQuestion, &'c NamePattern)>,
}

impl Catalogue {
    /// What entries ask about values.
    #[must_use]
    pub fn value_questions(&self) -> ValueQuestions<'_> {
        let asking = self.entries().filter_map(|(_, entry)| {
            let pattern = entry.value.as_ref()?;
            Some((entry.question()?, pattern))
        });
        let mut all: Vec<_> = asking.collect();
        all.sort_by(|(a, _), (b, _)| a.cmp(b));
        all.dedup_by(|(a, _), (b, _)| a == b);
        ValueQuestions { all }
    }
}

impl AskValue for ValueQuestions<'_> {
    fn asked(&self) -> Vec<ValueQuestion> {
        self.all
            .iter()
            .map(|(question, _)| question.clone())
            .collect()
    }

    fn yes(&self, store: Store, value: &str) -> Vec<usize> {
        let value = decoded(store, value);
        let all = self.all.iter().enumerate();
        all.filter(|(_, (question, pattern))| question.store == store && pattern.matches(&value))
            .map(|(place, _)| place)
            .collect()
    }
}

impl Example {
    /// The name with the value, for messages.
    pub(super) fn label(&self) -> String {
        label(&self.name, self.value.as_deref())
    }
}

fn label(name: &str, value: Option<&str>) -> String {
    match value {
        Some(value) => format!("\"{name}\" with the value \"{value}\""),
        None => format!("\"{name}\""),
    }
}

/// Scripts percent-encode what they put into a cookie, since it may hold neither `;` nor `,`.
fn decoded(store: Store, value: &str) -> Cow<'_, str> {
    match store {
        Store::Cookie => percent_decode_str(value).decode_utf8_lossy(),
        _ => Cow::Borrowed(value),
    }
}

/// Of what was found for one item with each of its values, or in each visit, the one that counts; the
/// first of equals. Where nothing was found once, an entry that is essential on account of another
/// value does not count either.
pub(crate) fn strictest<'e, T>(
    found: impl IntoIterator<Item = Option<T>>,
    entry: impl Fn(&T) -> &'e Entry,
) -> Option<T> {
    let mut any_unknown = false;
    let mut best: Option<T> = None;
    for found in found {
        let Some(found) = found else {
            any_unknown = true;
            continue;
        };
        let weight = entry(&found).weight();
        if best.as_ref().is_none_or(|b| weight > entry(b).weight()) {
            best = Some(found);
        }
    }
    let on_account_of_a_value = |b: &T| {
        let entry = entry(b);
        entry.value.is_some() && entry.role == Role::Essential
    };
    best.filter(|b| !(any_unknown && on_account_of_a_value(b)))
}

#[cfg(test)]
mod tests {
    #![expect(clippy::expect_used, reason = "a test that cannot go on must fail")]

    use crate::catalogue::matcher::Query;
    use crate::catalogue::{Catalogue, load};
    use crate::model::item::{Party, Store};

    const FILE: &str = r#"
provider: Chat
sources: { own: { cite: "a test", read: 2026-01-02 } }
entries:
  - { name: "state_{id:hex4}", store: cookie, party: first, expires: session,
      role: performance, purpose: id, source: [own],
      examples: { match: [state_00ff, { name: state_00ff, value: "1" }] } }
  - { name: "state_{id:hex4}", value: "*::cf", store: cookie, expires: session,
      role: essential, sub_type: consent-record, purpose: record, source: [own],
      examples: { match: [{ name: state_00ff, value: "1::cf" }], no_match: [state_00ff] } }
  - { name: "state_{id:hex4}", value: "v{n:digits}::cf", store: cookie, expires: session,
      role: essential, sub_type: consent-record, purpose: exact record, source: [own],
      examples: { match: [{ name: state_00ff, value: "v1::cf" }] } }
  - { name: flag, store: cookie, expires: session, role: essential, purpose: flag, source: [own],
      examples: { match: [flag] } }
  - { name: flag, value: "ad*", store: cookie, expires: session, role: marketing, purpose: ad,
      source: [own], examples: { match: [{ name: flag, value: ad1 }] } }
  - { name: only, value: "yes", store: cookie, expires: session, role: essential, purpose: yes,
      source: [own], examples: { match: [{ name: only, value: "yes" }], no_match: [only] } }
  - { name: stored, value: "*::cf", store: local-storage, expires: until-cleared, role: essential,
      purpose: stored, source: [own], examples: { match: [{ name: stored, value: "::cf" }] } }
"#;

    /// The purpose of the entry for an item with these values.
    fn purpose(name: &str, values: &[&str]) -> Option<String> {
        let provider = load::provider("chat", "chat.yaml", FILE).expect("a good file");
        let catalogue = Catalogue {
            providers: vec![provider],
        };
        let query = Query {
            store: match name {
                "stored" => Store::LocalStorage,
                _ => Store::Cookie,
            },
            name,
            values,
            host: "shop.test",
            party: Party::First,
            present: &[],
        };
        catalogue
            .find(&query)
            .map(|(_, entry)| entry.purpose.clone())
    }

    fn is(purpose: &str) -> Option<String> {
        Some(purpose.to_owned())
    }

    #[test]
    fn a_value_decides_between_entries_of_one_name() {
        let state = |value: &str| purpose("state_12ab", &[value]);
        assert_eq!(state("1"), is("id"));
        assert_eq!(state("1::cf"), is("record"), "before one with a party");
        assert_eq!(state("v1::cf"), is("exact record"));
        for near in ["1::cf2", "1::CF", "1:cf", "::cf\n", "%zz"] {
            assert_eq!(state(near), is("id"), "{near:?}");
        }
    }

    #[test]
    fn a_value_that_nobody_saw_matches_no_pattern() {
        assert_eq!(purpose("state_12ab", &[]), is("id"));
        assert_eq!(purpose("only", &[]), None);
    }

    #[test]
    fn every_value_counts_and_the_least_exempt_wins() {
        let state = |values: &[&str]| purpose("state_12ab", values);
        assert_eq!(state(&["1::cf", "1"]), is("id"));
        assert_eq!(state(&["1", "1::cf"]), is("id"));
        assert_eq!(state(&["1::cf", "2::cf"]), is("record"));
        assert_eq!(purpose("flag", &["x", "ad1", "y"]), is("ad"));
        assert_eq!(purpose("flag", &["x"]), is("flag"));
        assert_eq!(purpose("only", &["yes"]), is("yes"));
        assert_eq!(purpose("only", &["yes", "0123456789abcdef"]), None);
    }

    #[test]
    fn only_cookies_are_decoded() {
        assert_eq!(purpose("state_12ab", &["1%3A%3Acf"]), is("record"));
        assert_eq!(purpose("stored", &["1::cf"]), is("stored"));
        assert_eq!(purpose("stored", &["1%3A%3Acf"]), None);
    }
}
