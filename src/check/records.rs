//! The consent platform's own record of the choice in a visit: where the recipe says it is kept, what
//! it held before and after, and how that stands to what the visitor asked for.
//!
//! A platform is known by its banner, which the choice step found. Who chooses nothing looks for no
//! banner: of their visits the records of all platforms are read, where they can be.

use super::Context;
use super::evidence::fact;
use crate::consent::recipe::RecordPlace;
use crate::consent::record::{RecordState, state};
use crate::model::choice::Choice;
use crate::model::finding::Evidence;
use crate::model::item::ItemKey;
use crate::model::scenario::PhaseId;
use crate::model::visit::Visit;

/// A record at the end of a phase.
pub(super) struct Record<'a> {
    pub(super) place: &'a RecordPlace,
    pub(super) value: &'a str,
    pub(super) state: RecordState,
}

/// The records of a visit's platform that are stored at the end of a phase and can be read.
pub(super) fn at<'a>(context: &Context<'a>, visit: &'a Visit, phase: PhaseId) -> Vec<Record<'a>> {
    let Some(snapshot) = visit.snapshot(phase) else {
        return Vec::new();
    };
    let platform = visit.choice.platform.as_deref();
    let looked_for = visit.scenario.choice() != Choice::None;
    let recipes = context.recipes.iter();
    let recipes = recipes.filter(|recipe| match platform {
        Some(id) => recipe.id == id,
        None => !looked_for,
    });
    recipes
        .flat_map(|recipe| &recipe.records)
        .filter_map(|place| {
            let value = snapshot.value(place.store, |name| place.is_named(name))?;
            let state = state(place.decoder, place.store, value, visit.sealed.as_ref())?;
            Some(Record {
                place,
                value,
                state,
            })
        })
        .collect()
}

/// Whether an item is the record of the visit's platform.
pub(super) fn is_record(context: &Context<'_>, visit: &Visit, key: &ItemKey) -> bool {
    let platform = visit.choice.platform.as_deref();
    let recipe = platform.and_then(|id| context.recipes.iter().find(|r| r.id == id));
    recipe.is_some_and(|r| r.record(key.store, &key.name).is_some())
}

impl Context<'_> {
    /// A record as evidence: what it says, and its value as far as values are shown.
    pub(super) fn record(&self, record: &Record<'_>, phase: PhaseId) -> Evidence {
        let name = &record.place.name;
        let value = self.redactor.value(record.value);
        let says = record.state.as_str();
        fact(
            "record",
            format!("{name} {says} at the end of {}: {value}", phase.as_str()),
        )
    }
}
