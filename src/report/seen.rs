//! When an item appeared and vanished, in words: the sightings of all visits folded into the few
//! that matter to a reader. "Before any choice" is said once, not once per visit.

use crate::model::finding::Finding;
use crate::model::item::Presence;
use crate::model::report::{ItemStatus, ReportItem, Sighting};
use crate::model::runs::Runs;
use crate::model::scenario::{PhaseId, ScenarioId};

/// A phase as a visitor would say it.
fn moment(scenario: ScenarioId, phase: PhaseId) -> String {
    match phase {
        PhaseId::BeforeChoice => "before any choice".to_owned(),
        PhaseId::AfterScroll => "after scrolling, without a choice".to_owned(),
        PhaseId::AfterPages => "on further pages, without a choice".to_owned(),
        PhaseId::AfterRevisit => "on a second visit, without a choice".to_owned(),
        PhaseId::SecondTab => "with two tabs open, without a choice".to_owned(),
        PhaseId::WidgetOpen => "after opening the widget, without a choice".to_owned(),
        PhaseId::AfterChoice | PhaseId::AfterReload if scenario == ScenarioId::Withdraw => {
            "after accept, before withdraw".to_owned()
        }
        PhaseId::AfterChoice | PhaseId::AfterWithdrawal => format!("after {}", scenario.as_str()),
        PhaseId::AfterReload | PhaseId::AfterWithdrawalReload => {
            format!("after {} and reload", scenario.as_str())
        }
    }
}

/// The visit and the moment that a finding belongs to, and in how many runs it was seen, if not in all.
pub(super) fn when(finding: &Finding) -> Option<String> {
    let moment = moment_of(finding.scenario, finding.phase);
    let told: Vec<String> = moment.into_iter().chain(in_some(finding.runs)).collect();
    (!told.is_empty()).then(|| told.join(", "))
}

/// `in 2 of 3 runs`, where there was a run that did not see it.
fn in_some(runs: Option<Runs>) -> Option<String> {
    let runs = runs.filter(|runs| runs.differ())?;
    Some(format!("in {}", runs.in_words()))
}

fn moment_of(scenario: Option<ScenarioId>, phase: Option<PhaseId>) -> Option<String> {
    match (scenario, phase) {
        (Some(scenario), Some(phase)) if phase.precedes_choice() => Some(format!(
            "{} (visit \"{}\")",
            moment(scenario, phase),
            scenario.as_str()
        )),
        (Some(scenario), Some(phase)) => Some(moment(scenario, phase)),
        (Some(scenario), None) => Some(format!("visit \"{}\"", scenario.as_str())),
        (None, phase) => phase.map(|phase| phase.as_str().to_owned()),
    }
}

/// When an item appeared and vanished, over all visits. Scenarios are named where only some of the
/// visits (`visited`) saw it before the choice.
pub(super) fn seen(item: &ReportItem, visited: &[ScenarioId]) -> Vec<String> {
    if item.status == ItemStatus::Predicted {
        return vec!["predicted from code in the page".to_owned()];
    }
    let mut events: Vec<(Event, Vec<ScenarioId>)> = Vec::new();
    for scenario in ScenarioId::ALL {
        for event in story(item, scenario) {
            match events.iter_mut().find(|(known, _)| *known == event) {
                Some((_, scenarios)) => scenarios.push(scenario),
                None => events.push((event, vec![scenario])),
            }
        }
    }
    events
        .into_iter()
        .map(|(event, scenarios)| event.in_words(&scenarios, visited))
        .chain(in_some(item.details.runs))
        .collect()
}

/// One thing worth telling of an item's way through a visit.
#[derive(Debug, PartialEq, Eq)]
struct Event {
    what: &'static str,
    moment: String,
    phase: PhaseId,
}

impl Event {
    fn new(what: &'static str, at: &Sighting) -> Self {
        Self {
            what,
            moment: moment(at.scenario, at.phase),
            phase: at.phase,
        }
    }

    fn in_words(self, scenarios: &[ScenarioId], visited: &[ScenarioId]) -> String {
        let text = format!("{}{}", self.what, self.moment);
        // These moments belong to one scenario, and say which.
        let names_scenario = !matches!(
            self.phase,
            PhaseId::BeforeChoice | PhaseId::AfterScroll | PhaseId::AfterPages
        );
        // A visit with two tabs has no other moments.
        let in_all = |v: &ScenarioId| *v == ScenarioId::SecondTab || scenarios.contains(v);
        if names_scenario || visited.iter().all(in_all) {
            return text;
        }
        let names: Vec<&str> = scenarios.iter().map(|s| s.as_str()).collect();
        let noun = if names.len() == 1 { "visit" } else { "visits" };
        format!("{text} ({noun} \"{}\")", names.join("\" and \""))
    }
}

/// The first sighting in a scenario, every change after it, and that a rejected item is still there.
fn story(item: &ReportItem, scenario: ScenarioId) -> Vec<Event> {
    let sightings: Vec<&Sighting> = item
        .seen
        .iter()
        .filter(|s| s.scenario == scenario)
        .collect();
    let mut events = Vec::new();
    let mut before = None;
    for sighting in &sightings {
        if before != Some(sighting.presence) {
            events.push(Event::new(change(sighting.presence, before), sighting));
        }
        before = Some(sighting.presence);
    }
    if let (Some(first), Some(last)) = (sightings.first(), sightings.last())
        && scenario == ScenarioId::Reject
        && first.phase.precedes_choice()
        && !last.phase.precedes_choice()
        && sightings.iter().all(|s| s.presence == Presence::Present)
    {
        events.push(Event::new("still there ", last));
    }
    events
}

fn change(now: Presence, before: Option<Presence>) -> &'static str {
    match (now, before) {
        (Presence::Present, Some(Presence::Deleted)) => "again ",
        (Presence::Present, _) => "",
        (Presence::Transient, _) => "for a moment ",
        (Presence::Deleted, _) => "removed ",
        (Presence::Refused, _) => "refused by the browser ",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::item::{ItemKey, Party, Store};
    use crate::model::observation::Writer;
    use crate::model::report::{ItemDetails, ItemLifetime};
    use crate::model::role::Role;
    use PhaseId::{AfterChoice, AfterReload, AfterScroll, BeforeChoice};
    use Presence::{Deleted, Present, Refused, Transient};
    use ScenarioId::{Accept, None as Passive, Reject};

    fn words(sightings: &[(ScenarioId, PhaseId, Presence)]) -> Vec<String> {
        let item = ReportItem {
            key: ItemKey {
                store: Store::Cookie,
                name: "a".to_owned(),
                place: "x.test".to_owned(),
                path: "/".to_owned(),
                partition: None,
            },
            party: Party::First,
            provider: None,
            entry: None,
            entry_place: None,
            documented_as: Vec::new(),
            role: Role::Unclassified,
            exempt: false,
            claimed_role: None,
            status: ItemStatus::Observed,
            lifetime: ItemLifetime {
                declared: None,
                requested_s: None,
                stored_s: None,
            },
            seen: sightings
                .iter()
                .map(|&(scenario, phase, presence)| Sighting {
                    scenario,
                    phase,
                    presence,
                })
                .collect(),
            first_writer: Writer::unknown(),
            details: ItemDetails::default(),
        };
        seen(&item, &[Passive, Reject, Accept])
    }

    #[test]
    fn what_every_visit_saw_is_said_once() {
        let story = [
            (Passive, BeforeChoice, Present),
            (Passive, AfterScroll, Present),
            (Reject, BeforeChoice, Present),
            (Reject, AfterChoice, Deleted),
            (Accept, BeforeChoice, Present),
            (Accept, AfterChoice, Present),
        ];
        assert_eq!(words(&story), ["before any choice", "removed after reject"]);
    }

    #[test]
    fn a_visit_is_named_where_others_did_not_see_it() {
        assert_eq!(
            words(&[
                (Passive, AfterScroll, Present),
                (Accept, AfterChoice, Present)
            ]),
            [
                "after scrolling, without a choice (visit \"none\")",
                "after accept"
            ]
        );
    }

    #[test]
    fn what_stays_after_reject_is_said() {
        let story = [
            (Reject, BeforeChoice, Present),
            (Reject, AfterChoice, Present),
            (Reject, AfterReload, Present),
        ];
        assert_eq!(
            words(&story),
            [
                "before any choice (visit \"reject\")",
                "still there after reject and reload"
            ]
        );
    }

    #[test]
    fn what_was_not_kept_is_said() {
        assert_eq!(
            words(&[
                (Accept, BeforeChoice, Refused),
                (Accept, AfterChoice, Transient),
                (Accept, AfterReload, Present)
            ]),
            [
                "refused by the browser before any choice (visit \"accept\")",
                "for a moment after accept",
                "after accept and reload"
            ]
        );
    }
}
