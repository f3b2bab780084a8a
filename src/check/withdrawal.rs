//! A visit that accepts and then takes the consent back: what it needs to show, and what becomes of
//! an item in it.

use super::items::Sighting;
use super::{Reach, reach};
use crate::classify::ClassifiedVisit;
use crate::model::choice::{Choice, ChoiceState};
use crate::model::item::Presence;
use crate::model::scenario::PhaseId;
use crate::model::visit::Visit;

/// Whether a visit can be judged: the withdrawal is proven, and the page was loaded once more.
pub(super) fn judged(visit: &ClassifiedVisit<'_>) -> Reach {
    reach::chosen(visit, &[Choice::Withdraw])
        .and(|| reach::phase(visit.visit, PhaseId::AfterWithdrawalReload))
}

/// Whether a visit's withdrawal is proven.
pub(super) fn is_proven(visit: &Visit) -> bool {
    visit.choice.asked == Choice::Withdraw && visit.choice.state == ChoiceState::Proven
}

/// Whether the item came with the consent: it was there when the consent was taken back, and not
/// before it was given.
pub(super) fn came_with_consent(seen: &Sighting<'_>) -> bool {
    let granted = |phase| matches!(phase, PhaseId::AfterChoice | PhaseId::AfterReload);
    is_proven(seen.visit.visit)
        && seen.item.first_kept(PhaseId::precedes_choice).is_none()
        && seen.item.first_kept(granted).is_some()
}

/// Whether the item is there at the end of a phase.
pub(super) fn is_there(seen: &Sighting<'_>, phase: PhaseId) -> bool {
    let story = seen.item.item.phase(phase);
    story.is_some_and(|s| s.presence == Presence::Present)
}

/// Whether the item is there at the end of the visit, after the reload.
pub(super) fn stays(seen: &Sighting<'_>) -> bool {
    is_there(seen, PhaseId::AfterWithdrawalReload)
}
