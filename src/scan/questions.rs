//! Everything that judging asks about values, so that it can be answered before the values go.

use crate::catalogue::{Catalogue, ValueQuestions};
use crate::consent::recipe::Recipe;
use crate::consent::record::RecordQuestions;
use crate::model::item::Store;
use crate::model::sealed::{AskValue, ValueQuestion};

/// What the catalogue's entries and the recipes' records ask.
pub struct Questions<'c> {
    entries: ValueQuestions<'c>,
    records: RecordQuestions,
}

impl<'c> Questions<'c> {
    /// The questions of a run.
    #[must_use]
    pub fn of(catalogue: &'c Catalogue, recipes: &[Recipe]) -> Self {
        Self {
            entries: catalogue.value_questions(),
            records: RecordQuestions::of(recipes),
        }
    }
}

impl AskValue for Questions<'_> {
    fn asked(&self) -> Vec<ValueQuestion> {
        let mut asked = self.entries.asked();
        asked.extend(self.records.asked());
        asked
    }

    fn yes(&self, store: Store, value: &str) -> Vec<usize> {
        let before = self.entries.asked().len();
        let mut yes = self.entries.yes(store, value);
        let records = self.records.yes(store, value);
        yes.extend(records.into_iter().map(|place| before + place));
        yes
    }
}
