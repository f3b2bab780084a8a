//! Sealed visits: visits without the values that were seen in them, which still can be judged.
//!
//! Every value gives way to a stand-in: its shape as reports show it ([`super::redact`]) and, where
//! another value of the visit has the same shape, a number that tells the two apart. Whatever else is
//! asked of a value when a visit is judged was answered before the value went: what the catalogue
//! asks ([`Sealed::answer`]), and what decides about storing a cookie ([`ValueTraits`]).

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::item::Store;

/// Behind the shape of a stand-in, before the number that tells it from others.
const NUMBER_MARK: char = '~';

/// Stands for the sign before a digest in addresses.
const DIGEST_MARK: char = '＃';

/// What is known of the values that a sealed visit does not hold.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sealed {
    /// What was asked of every value.
    pub asked: Vec<ValueQuestion>,
    /// Stand-in → the questions whose answer is yes, by their place in `asked`; without those that
    /// are answered with no throughout.
    pub answers: BTreeMap<String, Vec<usize>>,
    /// The address of the page that was shown, as reports show it. (The visit's own is one that
    /// programs can read.)
    pub shown_url: String,
}

/// Whether a value of a store is of a pattern. The catalogue knows what the pattern means.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct ValueQuestion {
    /// Where the value is kept.
    pub store: Store,
    /// The pattern.
    pub pattern: String,
}

/// Answers questions about values while they are known.
pub trait AskValue {
    /// The questions.
    fn asked(&self) -> Vec<ValueQuestion>;
    /// Those that a value of this store answers with yes, by their place in [`Self::asked`].
    fn yes(&self, store: Store, value: &str) -> Vec<usize>;
}

/// What about a cookie's value decides whether it may be stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct ValueTraits {
    /// Its length in octets.
    pub octets: usize,
    /// Whether there are control characters in it.
    pub control: bool,
    /// Whether it begins like a name with a prefix (`__Host-`).
    pub prefixed: bool,
}

impl Sealed {
    /// Whether the value behind a stand-in is of the pattern; `None` if that was not asked.
    #[must_use]
    pub fn answer(&self, store: Store, pattern: &str, stand_in: &str) -> Option<bool> {
        let question = self
            .asked
            .iter()
            .position(|q| q.store == store && q.pattern == pattern)?;
        let yes = self.answers.get(stand_in);
        Some(yes.is_some_and(|yes| yes.contains(&question)))
    }
}

/// The stand-in for the value that is the `number`th of this shape in a visit, counted from 1.
pub(super) fn stand_in(shape: &str, number: usize) -> String {
    match number {
        0 | 1 => shape.to_owned(),
        _ => format!("{shape}{NUMBER_MARK}{number}"),
    }
}

/// An address with shapes in it as one that programs can read: the sign before a digest would begin
/// the fragment. `number` tells it from others that look the same.
pub(super) fn address(shown: &str, number: usize) -> String {
    let mut address = replace_inside(shown, '#', DIGEST_MARK);
    if number > 1 {
        // Addresses that differ and look the same differ in what shapes hide.
        let end = address
            .rfind('›')
            .map_or(address.len(), |at| at + '›'.len_utf8());
        address.insert_str(end, &format!("{NUMBER_MARK}{number}"));
    }
    address
}

/// What an address of a sealed visit shows.
pub(super) fn shown_address(address: &str) -> String {
    let mut parts = address.split('›');
    let mut shown = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        shown.push('›');
        let rest = part.strip_prefix(NUMBER_MARK);
        let rest = rest.map(|r| r.trim_start_matches(|c: char| c.is_ascii_digit()));
        shown.push_str(rest.unwrap_or(part));
    }
    replace_inside(&shown, DIGEST_MARK, '#')
}

/// Replaces a sign inside of shapes.
fn replace_inside(text: &str, from: char, to: char) -> String {
    let mut inside = false;
    text.chars()
        .map(|character| {
            inside = match character {
                '‹' => true,
                '›' => false,
                _ => inside,
            };
            if inside && character == from {
                to
            } else {
                character
            }
        })
        .collect()
}

/// The shape that a stand-in shows.
pub(super) fn shape(stand_in: &str) -> &str {
    match stand_in.rsplit_once(NUMBER_MARK) {
        Some((shape, number))
            if shape.ends_with('›') && number.bytes().all(|b| b.is_ascii_digit()) =>
        {
            shape
        }
        _ => stand_in,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stand_in_shows_its_shape_alone() {
        let shown = "‹1 char, 0.0 bits/char›";
        assert_eq!(stand_in(shown, 1), shown);
        assert_eq!(stand_in(shown, 12), "‹1 char, 0.0 bits/char›~12");
        for number in [1, 12] {
            assert_eq!(shape(&stand_in(shown, number)), shown);
        }
        for other in ["", "a~1", "‹›~x", "~"] {
            assert_eq!(shape(other), other);
        }
    }

    #[test]
    fn addresses_show_what_they_showed_before() {
        let shown = "https://a.test/?a=‹9 chars, #01›&b=~1&c=‹8 chars, #02›&d=#‹3 chars›";
        for number in [1, 7] {
            let (head, fragment) = shown.rsplit_once('#').unwrap_or_default();
            let sealed = format!("{}#{fragment}", address(head, number));
            assert_eq!(shown_address(&sealed), shown);
            let url = url::Url::parse(&sealed).ok();
            let names = url.map(|u| u.query_pairs().map(|(n, _)| n.into_owned()).collect());
            let expected = ["a", "b", "c", "d"].map(str::to_owned).to_vec();
            assert_eq!(names, Some(expected), "{sealed}");
        }
        assert_ne!(address(shown, 1), address(shown, 2));
    }

    #[test]
    fn what_was_not_asked_is_not_answered() {
        let question = |store, pattern: &str| ValueQuestion {
            store,
            pattern: pattern.to_owned(),
        };
        let sealed = Sealed {
            asked: vec![
                question(Store::LocalStorage, "*::cf"),
                question(Store::Cookie, "*::cf"),
            ],
            answers: BTreeMap::from([("a".to_owned(), vec![1])]),
            shown_url: String::new(),
        };
        let answer = |store, pattern, of| sealed.answer(store, pattern, of);
        assert_eq!(answer(Store::Cookie, "*::cf", "a"), Some(true));
        assert_eq!(answer(Store::Cookie, "*::cf", "b"), Some(false));
        assert_eq!(answer(Store::LocalStorage, "*::cf", "a"), Some(false));
        assert_eq!(answer(Store::Cookie, "ad*", "a"), None);
        assert_eq!(answer(Store::SessionStorage, "*::cf", "a"), None);
    }
}
