//! `consent-record-mismatch`: the platform's record says something else than what the visitor chose.

use super::evidence::choice;
use super::finding_builder::{FindingBuilder, Says};
use super::records::{self, Record};
use super::{Check, Context, Doc, Outcome, Reach, reach};
use crate::classify::ClassifiedVisit;
use crate::consent::record::RecordState;
use crate::model::choice::{Choice, Method};
use crate::model::finding::{Class, Confidence, Finding, Severity};
use crate::model::scenario::{PhaseId, ScenarioId};
use crate::model::visit::Visit;

pub(super) struct ConsentRecordMismatch;

impl Check for ConsentRecordMismatch {
    fn id(&self) -> &'static str {
        "consent-record-mismatch"
    }

    fn class(&self) -> Class {
        Class::Judgement
    }

    fn doc(&self) -> Doc {
        Doc {
            severities: &[Severity::Error, Severity::Info],
            scenarios: &[ScenarioId::Reject, ScenarioId::Accept],
            what: "The visitor pressed the control to reject, and the consent platform then stored a \
                   record that accepts. One that accepted before already, still waits for a choice, or \
                   allows a part that the site may require, does not count. A record that \
                   refuses although the visitor accepted is told as information. Only for platforms \
                   that a recipe describes; where a button was chosen by its text the finding is \
                   likely, since the text may have been misread.",
            why: "The record is what the site shows as proof of consent, and what vendors act on. One \
                  that allows more than the visitor did proves a consent that was never given.",
            evidence: "The control that was pressed, and the record before and after, decoded.",
            source: "GDPR article 7(1) (2016); Matte et al., Do Cookie Banners Respect my Choice? \
                     (IEEE S&P 2020)",
            fix: "Bind the platform's controls to the right action, and test what each one stores.",
        }
    }

    fn reach(&self, context: &Context<'_>, visit: &ClassifiedVisit<'_>) -> Reach {
        let choice = &visit.visit.choice;
        if !matches!(choice.asked, Choice::Reject | Choice::Accept) {
            return reach::not_applicable("needs the choice reject or accept");
        }
        if matches!(choice.method, None | Some(Method::Seeded)) {
            return reach::not_applicable("nothing was pressed");
        }
        let known = context.recipes.iter().map(|r| Some(r.id.as_str()));
        if !known.into_iter().any(|id| id == choice.platform.as_deref()) {
            return reach::not_applicable(
                "the page shows no consent platform whose record is known",
            );
        }
        reach::any(visit)
    }

    fn run(&self, context: &Context<'_>) -> Outcome {
        let visits = context.visits.iter().map(|v| v.visit);
        let findings: Vec<Finding> = visits.filter_map(|v| self.judge(context, v)).collect();
        findings.into()
    }
}

impl ConsentRecordMismatch {
    fn judge(&self, context: &Context<'_>, visit: &Visit) -> Option<Finding> {
        let pressed = matches!(
            visit.choice.method,
            Some(Method::Recipe | Method::Api | Method::Heuristic)
        );
        if !pressed {
            return None;
        }
        let last = [PhaseId::AfterReload, PhaseId::AfterChoice]
            .into_iter()
            .find(|phase| visit.snapshot(*phase).is_some())?;
        let before = records::at(context, visit, PhaseId::BeforeChoice);
        let after = records::at(context, visit, last);
        let wrong = after.iter().find(|r| is_wrong(visit, &before, r))?;
        Some(self.finding(context, visit, &before, (wrong, last)))
    }

    fn finding(
        &self,
        context: &Context<'_>,
        visit: &Visit,
        before: &[Record<'_>],
        (wrong, phase): (&Record<'_>, PhaseId),
    ) -> Finding {
        let asked = visit.choice.asked;
        let severity = match asked {
            Choice::Reject => Severity::Error,
            _ => Severity::Info,
        };
        let confidence = match visit.choice.method {
            Some(Method::Heuristic) => Confidence::Likely,
            _ => Confidence::Confirmed,
        };
        let how = match asked {
            Choice::Reject => "allows what the visitor rejected",
            _ => "refuses what the visitor accepted",
        };
        let says = Says {
            message: format!("the consent record {} {how}", wrong.place.name),
            help: self.doc().fix.to_owned(),
        };
        let earlier = before
            .iter()
            .map(|r| context.record(r, PhaseId::BeforeChoice));
        FindingBuilder::new(self, severity, confidence, says)
            .seen_in(visit.scenario, Some(phase))
            .proven_by(context.record(wrong, phase))
            .and(earlier)
            .and(choice(visit))
            .build()
    }
}

/// Whether a record came with the choice and says the opposite.
fn is_wrong(visit: &Visit, before: &[Record<'_>], after: &Record<'_>) -> bool {
    let earlier = before.iter().find(|r| r.place == after.place);
    let opposite = match visit.choice.asked {
        Choice::Reject => RecordState::Accepted,
        Choice::Accept => RecordState::Rejected,
        _ => return false,
    };
    after.state == opposite && earlier.is_none_or(|r| r.state != opposite)
}
