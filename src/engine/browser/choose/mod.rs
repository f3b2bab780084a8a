//! Making a choice on the page's banner, and proving that it took effect.

mod heuristic;

use super::tab::Tab;
use crate::engine::Options;
use crate::model::choice::{Choice, ChoiceOutcome, ChoiceState};
use crate::model::fault::Fault;
use crate::model::snapshot::Snapshot;

/// A choice that was tried.
pub(super) struct Attempt {
    /// What is known of it so far.
    pub(super) outcome: ChoiceOutcome,
}

impl Attempt {
    pub(super) async fn judge(&mut self, _tab: &Tab, _s: &[Snapshot]) -> Result<(), Fault> {
        Ok(())
    }
}

pub(super) async fn choose(
    _tab: &Tab,
    _options: &Options,
    choice: Choice,
) -> Result<Attempt, Fault> {
    let mut outcome = ChoiceOutcome::none();
    outcome.asked = choice;
    outcome.state = ChoiceState::NotOffered;
    Ok(Attempt { outcome })
}
