//! What records say, asked of values while they are known: a recording without values still tells
//! whether a record accepts or refuses.

use super::{Decoder, RecordState, decode};
use crate::consent::recipe::Recipe;
use crate::model::item::Store;
use crate::model::sealed::{AskValue, Sealed, ValueQuestion};

/// Every state, in the order of the questions.
const STATES: [RecordState; 5] = [
    RecordState::Pending,
    RecordState::Rejected,
    RecordState::Partial,
    RecordState::Accepted,
    RecordState::Dismissed,
];

/// What the recipes' records ask about values.
pub struct RecordQuestions {
    /// Each store and format once.
    formats: Vec<(Store, Decoder)>,
}

impl RecordQuestions {
    /// The questions of these recipes.
    #[must_use]
    pub fn of(recipes: &[Recipe]) -> Self {
        let records = recipes.iter().flat_map(|r| &r.records);
        let mut formats: Vec<(Store, Decoder)> = Vec::new();
        for record in records {
            let format = (record.store, record.decoder);
            if !formats.contains(&format) {
                formats.push(format);
            }
        }
        formats.sort_by_key(|(store, decoder)| (*store, format!("{decoder:?}")));
        Self { formats }
    }
}

/// The name of the question whether a value of a format says this.
fn pattern(decoder: Decoder, state: RecordState) -> String {
    format!("consent record {decoder:?}: {state:?}")
}

impl AskValue for RecordQuestions {
    fn asked(&self) -> Vec<ValueQuestion> {
        let of_format = |(store, decoder): &(Store, Decoder)| {
            STATES.map(|state| ValueQuestion {
                store: *store,
                pattern: pattern(*decoder, state),
            })
        };
        self.formats.iter().flat_map(of_format).collect()
    }

    fn yes(&self, store: Store, value: &str) -> Vec<usize> {
        let mut yes = Vec::new();
        for (place, (kept, decoder)) in self.formats.iter().enumerate() {
            if *kept != store {
                continue;
            }
            let Some(read) = decode(*decoder, value) else {
                continue;
            };
            let state = STATES.iter().position(|state| *state == read.state);
            yes.extend(state.map(|state| place * STATES.len() + state));
        }
        yes
    }
}

/// What a record says; of a stand-in for its value what was asked of the value. `None` if it is not of
/// the format, or was not asked.
#[must_use]
pub fn state(
    decoder: Decoder,
    store: Store,
    value: &str,
    sealed: Option<&Sealed>,
) -> Option<RecordState> {
    let Some(sealed) = sealed else {
        return decode(decoder, value).map(|read| read.state);
    };
    STATES.into_iter().find(|state| {
        let answer = sealed.answer(store, &pattern(decoder, *state), value);
        answer.unwrap_or(false)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::consent::recipe;

    #[test]
    fn what_was_asked_of_a_value_is_known_without_it() {
        let questions = RecordQuestions::of(&recipe::builtin());
        let value = r#"{"chat":true}"#;
        let yes = questions.yes(Store::Cookie, value);
        let sealed = Sealed {
            asked: questions.asked(),
            answers: [("x".to_owned(), yes)].into(),
            shown_url: String::new(),
        };
        let klaro = Decoder::Klaro;
        let open = state(klaro, Store::Cookie, value, None);
        assert_eq!(open, Some(RecordState::Accepted));
        assert_eq!(state(klaro, Store::Cookie, "x", Some(&sealed)), open);
        assert_eq!(state(klaro, Store::Cookie, "y", Some(&sealed)), None);
        let unasked = Sealed::default();
        assert_eq!(state(klaro, Store::Cookie, "x", Some(&unasked)), None);
    }
}
