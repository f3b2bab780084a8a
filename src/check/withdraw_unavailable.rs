//! `withdraw-unavailable`: nothing leads back to the choice once consent was given.

use super::evidence::{choice, fact};
use super::finding_builder::{FindingBuilder, Says};
use super::{Check, Context, Doc, Outcome, Reach, reach};
use crate::classify::ClassifiedVisit;
use crate::model::choice::{Choice, ChoiceState};
use crate::model::finding::{Class, Confidence, Finding, Severity};
use crate::model::scenario::{PhaseId, ScenarioId};
use crate::model::visit::Visit;

pub(super) struct WithdrawUnavailable;

impl Check for WithdrawUnavailable {
    fn id(&self) -> &'static str {
        "withdraw-unavailable"
    }

    fn class(&self) -> Class {
        Class::Judgement
    }

    fn doc(&self) -> Doc {
        Doc {
            severities: &[Severity::Warn],
            scenarios: &[ScenarioId::Withdraw],
            what: "A visitor could accept (the scenario accept is proven), but a visitor who wanted to \
                   take the consent back found no control for it: not the platform's own, none that \
                   floats on the page, no link in the footer in any known language. Likely and no \
                   more, since it may be on another page or named in a way that is not known.",
            why: "Consent must be as easy to take back as to give, by a means that is easily accessible \
                  at any time; no special one is prescribed.",
            evidence: "What was looked for in the visit that withdraws, and the acceptance that worked.",
            source: "GDPR article 7(3) (2016); EDPB, report of the Cookie Banner Taskforce (2023), \
                     part K",
            fix: "Put a link or a button on every page that opens the choice again.",
        }
    }

    fn reach(&self, context: &Context<'_>, visit: &ClassifiedVisit<'_>) -> Reach {
        if visit.visit.choice.asked != Choice::Withdraw {
            return reach::not_applicable("needs the choice withdraw");
        }
        if accepted(context).is_none() {
            return reach::not_applicable("no acceptance is proven that could be taken back");
        }
        reach::any(visit)
    }

    fn run(&self, context: &Context<'_>) -> Outcome {
        let Some(accepted) = accepted(context) else {
            return Outcome::default();
        };
        let visits = context.visits.iter().map(|v| v.visit);
        let without = visits.filter(|v| {
            let choice = &v.choice;
            choice.asked == Choice::Withdraw
                && choice.state == ChoiceState::NotOffered
                && v.is_complete()
        });
        let findings: Vec<Finding> = without.map(|v| self.finding(v, accepted)).collect();
        findings.into()
    }
}

/// The visit whose acceptance is proven.
pub(super) fn accepted<'a>(context: &Context<'a>) -> Option<&'a Visit> {
    let mut visits = context.visits.iter().map(|v| v.visit);
    visits.find(|v| v.scenario == ScenarioId::Accept && v.choice.state == ChoiceState::Proven)
}

impl WithdrawUnavailable {
    fn finding(&self, visit: &Visit, accepted: &Visit) -> Finding {
        let says = Says {
            message: "nothing was found by which the visitor could take the consent back"
                .to_owned(),
            help: self.doc().fix.to_owned(),
        };
        let looked = fact(
            "choice",
            "looked for a control that opens the choice again and found none".to_owned(),
        );
        FindingBuilder::new(self, Severity::Warn, Confidence::Likely, says)
            .seen_in(visit.scenario, Some(PhaseId::AfterWithdrawal))
            .proven_by(looked)
            .and(choice(visit))
            .and(choice(accepted))
            .build()
    }
}
