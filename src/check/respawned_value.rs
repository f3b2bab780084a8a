//! `respawned-value`: an id that was deleted comes back.

use super::evidence::{catalogue, choice, fact};
use super::finding_builder::{FindingBuilder, Says};
use super::items::{Sighting, all, describe, needs_consent, noun};
use super::value::tells_apart;
use super::{Check, Context, Doc, Outcome, Reach, reach};
use crate::classify::{ClassifiedVisit, Known};
use crate::model::choice::{Choice, ChoiceState};
use crate::model::finding::{Class, Confidence, Finding, Severity};
use crate::model::item::{ItemKey, Store};
use crate::model::scenario::{PhaseId, ScenarioId};
use crate::model::snapshot::Snapshot;
use crate::model::visit::Visit;

pub(super) struct RespawnedValue;

impl Check for RespawnedValue {
    fn id(&self) -> &'static str {
        "respawned-value"
    }

    fn class(&self) -> Class {
        Class::Judgement
    }

    fn doc(&self) -> Doc {
        Doc {
            severities: &[Severity::Error],
            scenarios: &[ScenarioId::Reject, ScenarioId::Withdraw],
            what: "An item that needs consent was deleted after a rejection or a withdrawal that is \
                   proven, and its value is back after the reload: under its own name, or under another \
                   one that did not hold it before. Only values count that are \
                   long and mixed enough to tell visitors apart; since a long text that is no id may be \
                   as well, the finding is likely and no more.",
            why: "A deleted id that comes back was kept somewhere else all the time. The visitor's \
                  refusal is undone without their knowledge.",
            evidence: "The value at each of the three moments, as length, entropy and digest, so that \
                       equality shows without the value.",
            source: "GDPR article 7(3) (2016); Fouad et al., My Cookie is a phoenix (PoPETs 2022)",
            fix: "Delete every copy of the id, in databases and caches as well, and restore none.",
        }
    }

    fn reach(&self, _: &Context<'_>, visit: &ClassifiedVisit<'_>) -> Reach {
        reach::chosen(visit, &[Choice::Reject, Choice::Withdraw])
            .and(|| reach::before_choice(visit))
    }

    fn run(&self, context: &Context<'_>) -> Outcome {
        let mut findings: Vec<Finding> = Vec::new();
        for item in all(context) {
            let Some(known) = needs_consent(context, &item) else {
                continue;
            };
            let mut seen = item.seen.iter();
            findings.extend(seen.find_map(|s| self.judge(context, s, known)));
        }
        findings.into()
    }
}

/// Before, when it was gone, and when it came back.
fn moments(visit: &Visit) -> Option<[&Snapshot; 3]> {
    let phases = match visit.choice.asked {
        Choice::Reject => [
            PhaseId::BeforeChoice,
            PhaseId::AfterChoice,
            PhaseId::AfterReload,
        ],
        Choice::Withdraw => [
            PhaseId::AfterReload,
            PhaseId::AfterWithdrawal,
            PhaseId::AfterWithdrawalReload,
        ],
        _ => return None,
    };
    let [before, gone, back] = phases.map(|phase| visit.snapshot(phase));
    Some([before?, gone?, back?])
}

impl RespawnedValue {
    fn judge(
        &self,
        context: &Context<'_>,
        seen: &Sighting<'_>,
        known: Known<'_>,
    ) -> Option<Finding> {
        let visit = seen.visit.visit;
        if visit.choice.state != ChoiceState::Proven {
            return None;
        }
        let key = &seen.item.item.key;
        let [before, gone, back] = moments(visit)?;
        let value = value_of(before, key).filter(|v| tells_apart(context.redactor, v))?;
        if held(gone).any(|(_, _, v)| v == value) || value_of(gone, key).is_some() {
            return None;
        }
        let (store, name, _) = held(back).find(|(_, _, v)| *v == value)?;
        let shown = context.redactor.value(value);
        let says = Says {
            message: format!(
                "the value of {} was deleted and came back in the {} {name}",
                describe(key, Some(known)),
                noun(store)
            ),
            help: self.doc().fix.to_owned(),
        };
        let told = |snapshot: &Snapshot, how: &str| {
            let phase = snapshot.phase.as_str();
            fact("present", format!("at the end of {phase}: {how}"))
        };
        Some(
            FindingBuilder::new(self, Severity::Error, Confidence::Likely, says)
                .seen_in(visit.scenario, Some(back.phase))
                .about(key)
                .proven_by(told(back, &format!("{name}={shown}")))
                .and([
                    told(before, &format!("{}={shown}", key.name)),
                    told(gone, "the value is stored nowhere"),
                ])
                .and(choice(visit))
                .and([catalogue(known)])
                .build(),
        )
    }
}

/// Everything that a snapshot shows with its value; of summaries none is known.
fn held(snapshot: &Snapshot) -> impl Iterator<Item = (Store, &str, &str)> {
    let cookies = snapshot.cookies.iter();
    let cookies = cookies.map(|c| (Store::Cookie, c.name.as_str(), c.value.as_str()));
    let storage = snapshot.storage.iter().filter(|k| !k.store.is_summarised());
    cookies.chain(storage.map(|k| (k.store, k.name.as_str(), k.value.as_str())))
}

fn value_of<'s>(snapshot: &'s Snapshot, key: &ItemKey) -> Option<&'s str> {
    if key.store == Store::Cookie {
        let mut cookies = snapshot.cookies.iter();
        let cookie = cookies.find(|c| c.name == key.name && c.domain == key.place)?;
        return Some(&cookie.value);
    }
    let mut storage = snapshot.storage.iter().filter(|k| !k.store.is_summarised());
    let is_it = |k: &&crate::model::snapshot::StoredKey| {
        k.store == key.store && k.name == key.name && k.origin == key.place
    };
    storage.find(is_it).map(|k| k.value.as_str())
}
