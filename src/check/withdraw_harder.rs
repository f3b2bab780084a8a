//! `withdraw-harder`: taking consent back takes more presses than giving it.

use super::evidence::{choice, fact};
use super::finding_builder::{FindingBuilder, Says};
use super::withdraw_unavailable::accepted;
use super::{Check, Context, Doc, Outcome, Reach, reach};
use crate::classify::ClassifiedVisit;
use crate::model::choice::{Choice, ChoiceOutcome, ChoiceState, Method};
use crate::model::finding::{Class, Confidence, Finding, Severity};
use crate::model::scenario::{PhaseId, ScenarioId};
use crate::model::visit::Visit;

/// The press that opens the choice again. The banner came by itself when the consent was given, and
/// something has to call it up later.
const OPENING: u32 = 1;

pub(super) struct WithdrawHarder;

impl Check for WithdrawHarder {
    fn id(&self) -> &'static str {
        "withdraw-harder"
    }

    fn class(&self) -> Class {
        Class::Judgement
    }

    fn doc(&self) -> Doc {
        Doc {
            severities: &[Severity::Warn],
            scenarios: &[ScenarioId::Withdraw],
            what: "Taking the consent back took more presses than giving it: opening settings, putting \
                   off switches one by one, saving. One press more is not told, since something has to \
                   open the choice again that came by itself before. Both choices must be proven. \
                   Likely and no more where a control was chosen by its text: there may be a shorter \
                   way that was not found.",
            why: "It must be as easy to take consent back as to give it.",
            evidence: "The controls that were pressed for both, and how many they were.",
            source: "GDPR article 7(3) (2016); Kancherla et al., Johnny Can't Revoke Consent Either \
                     (2024)",
            fix: "Let one press refuse everything where the choice opens again.",
        }
    }

    fn reach(&self, context: &Context<'_>, visit: &ClassifiedVisit<'_>) -> Reach {
        reach::chosen(visit, &[Choice::Withdraw]).and(|| {
            let given = accepted(context).map(|visit| visit.choice.presses);
            match (given, visit.visit.choice.presses) {
                (None, _) => reach::not_applicable("needs an acceptance that is proven as well"),
                (Some(Some(_)), Some(_)) => Reach::Ran,
                _ => reach::not_applicable("a function was called where nothing could be pressed"),
            }
        })
    }

    fn run(&self, context: &Context<'_>) -> Outcome {
        let Some(accepted) = accepted(context) else {
            return Outcome::default();
        };
        let visits = context.visits.iter().map(|v| v.visit);
        let findings: Vec<Finding> = visits
            .filter_map(|visit| self.finding(visit, accepted))
            .collect();
        findings.into()
    }
}

impl WithdrawHarder {
    fn finding(&self, visit: &Visit, accepted: &Visit) -> Option<Finding> {
        let taken = &visit.choice;
        if taken.asked != Choice::Withdraw || taken.state != ChoiceState::Proven {
            return None;
        }
        let (give, take) = (accepted.choice.presses?, taken.presses?);
        if take <= give.saturating_add(OPENING) {
            return None;
        }
        let says = Says {
            message: format!("taking the consent back takes {take} presses, and giving it {give}"),
            help: self.doc().fix.to_owned(),
        };
        let counted = format!("{take} presses to withdraw, {give} to accept");
        let confidence = if [taken, &accepted.choice].into_iter().all(is_by_recipe) {
            Confidence::Confirmed
        } else {
            Confidence::Likely
        };
        Some(
            FindingBuilder::new(self, Severity::Warn, confidence, says)
                .seen_in(visit.scenario, Some(PhaseId::AfterWithdrawal))
                .proven_by(fact("choice", counted))
                .and(choice(visit))
                .and(choice(accepted))
                .build(),
        )
    }
}

fn is_by_recipe(choice: &ChoiceOutcome) -> bool {
    choice.method == Some(Method::Recipe)
}
