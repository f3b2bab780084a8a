//! `accept-no-effect`: the page asks for consent, and nothing comes of it.

use super::evidence::{choice, fact};
use super::finding_builder::{FindingBuilder, Says};
use super::items::{Sighting, all};
use super::withdraw_unavailable::accepted;
use super::{Check, Context, Doc, Outcome, Reach, choice_record, reach};
use crate::classify::ClassifiedVisit;
use crate::model::choice::Choice;
use crate::model::finding::{Class, Confidence, Finding, Severity};
use crate::model::scenario::{PhaseId, ScenarioId};
use crate::model::signal::Signal;
use crate::model::visit::Visit;

/// The ground on which an item is the record of a choice.
const RECORD: &str = "consent-record";

pub(super) struct AcceptNoEffect;

impl Check for AcceptNoEffect {
    fn id(&self) -> &'static str {
        "accept-no-effect"
    }

    fn class(&self) -> Class {
        Class::Judgement
    }

    fn doc(&self) -> Doc {
        Doc {
            severities: &[Severity::Info],
            scenarios: &[ScenarioId::Accept],
            what: "The page asks for consent and the acceptance is proven, but the visitor who accepts \
                   gets nothing stored that the visitor who chooses nothing does not get, apart from \
                   the record of the choice, and the page tells others nothing else. Information only.",
            why: "Either nobody needs to be asked, or what the consent is for does not wait for it.",
            evidence: "Both visits: what the acceptance is proven by, and that their items are the same.",
            source: "Cookiescanner (2015), on banners without tracking",
            fix: "Leave the banner out if nothing on the page needs consent, or let what needs it wait.",
        }
    }

    fn reach(&self, context: &Context<'_>, visit: &ClassifiedVisit<'_>) -> Reach {
        reach::chosen(visit, &[Choice::Accept]).and(|| match passive(context) {
            Some(_) => Reach::Ran,
            None => reach::not_applicable("needs the scenario none as well"),
        })
    }

    fn run(&self, context: &Context<'_>) -> Outcome {
        let both = accepted(context).zip(passive(context));
        let finding = both.and_then(|(accepted, passive)| {
            (accepted.is_complete() && !has_effect(context, accepted, passive))
                .then(|| self.finding(accepted))
        });
        finding.into_iter().collect::<Vec<Finding>>().into()
    }
}

impl AcceptNoEffect {
    fn finding(&self, accepted: &Visit) -> Finding {
        let says = Says {
            message: "accepting changes nothing that was seen: the same is stored without it"
                .to_owned(),
            help: self.doc().fix.to_owned(),
        };
        let same = "nothing was stored that is not stored without a choice, but the record of it";
        FindingBuilder::new(self, Severity::Info, Confidence::Confirmed, says)
            .seen_in(accepted.scenario, Some(PhaseId::AfterReload))
            .proven_by(fact("present", same.to_owned()))
            .and(choice(accepted))
            .build()
    }
}

/// The visit of who chooses nothing, if it came to its end.
fn passive<'a>(context: &Context<'a>) -> Option<&'a Visit> {
    let mut visits = context.visits.iter().map(|v| v.visit);
    visits.find(|v| v.scenario == ScenarioId::None && v.is_complete())
}

/// Whether the acceptance brings anything with it.
fn has_effect(context: &Context<'_>, accepted: &Visit, passive: &Visit) -> bool {
    let kept = |s: &Sighting<'_>, scenario| {
        s.scenario() == scenario && s.item.first_kept(|_| true).is_some()
    };
    let new = all(context).into_iter().any(|item| {
        let by = |scenario| item.seen.iter().find(|s| kept(s, scenario));
        by(ScenarioId::None).is_none() && by(ScenarioId::Accept).is_some_and(|s| !is_record(s))
    });
    new || says(accepted, PhaseId::AfterReload) != says(passive, PhaseId::AfterScroll)
}

fn is_record(seen: &Sighting<'_>) -> bool {
    let by_entry = seen.item.known.and_then(|k| k.entry.sub_type.as_deref());
    by_entry == Some(RECORD) || choice_record::looks_like_one(seen)
}

/// What the page's own interfaces say; the text of a record is another every time.
fn says(visit: &Visit, phase: PhaseId) -> Vec<&Signal> {
    let snapshot = visit.snapshot(phase).into_iter();
    let signals = snapshot.flat_map(|s| &s.signals);
    signals.filter(|signal| !signal.is_record()).collect()
}
