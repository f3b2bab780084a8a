//! `scenario-unverified`: a choice was tried, but nothing proves that it took effect.

use super::evidence::choice;
use super::finding_builder::{FindingBuilder, Says};
use super::{Check, Context, Doc, Outcome, Reach, reach};
use crate::classify::ClassifiedVisit;
use crate::model::choice::{Choice, ChoiceOutcome, ChoiceState};
use crate::model::finding::{Class, Confidence, Evidence, Severity};
use crate::model::scenario::{PhaseId, ScenarioId};
use crate::model::visit::{Clock, Visit};

pub(super) struct ScenarioUnverified;

impl Check for ScenarioUnverified {
    fn id(&self) -> &'static str {
        "scenario-unverified"
    }

    fn class(&self) -> Class {
        Class::Health
    }

    fn doc(&self) -> Doc {
        Doc {
            severities: &[Severity::Warn],
            scenarios: &[
                ScenarioId::Reject,
                ScenarioId::Accept,
                ScenarioId::OpenWidget,
                ScenarioId::Withdraw,
                ScenarioId::WidgetAccept,
                ScenarioId::WidgetRefuse,
                ScenarioId::Dismiss,
                ScenarioId::Custom,
            ],
            what: "A control was pressed to reject or to accept, or a banner was there to do it \
                   with, but neither a changed consent record nor a vanished banner together with a \
                   change of storage proves that the choice took effect. What depends on the choice \
                   is then not judged, and the verdict is inconclusive. The same holds for a banner \
                   that does not go away when it is closed, and for a widget that was asked to open \
                   and does not say that it did.",
            why: "A click is not a choice. What is stored after a click that did nothing says \
                  nothing about how the site treats a refusal.",
            evidence: "The control, the record and the banner before and after.",
            source: "This project's own rule: what is not proven is neither a pass nor a finding",
            fix: "Check by hand that the banner's button works; if it does, describe the platform in \
                  a recipe (--rules) so that its record can be read.",
        }
    }

    fn reach(&self, _: &Context<'_>, visit: &ClassifiedVisit<'_>) -> Reach {
        match visit.visit.scenario.choice() {
            Choice::None if visit.visit.service.is_none() => {
                reach::not_applicable("this visitor makes no choice")
            }
            _ => Reach::Ran,
        }
    }

    fn run(&self, context: &Context<'_>) -> Outcome {
        let mut outcome = Outcome::default();
        for visit in context.visits.iter().map(|v| v.visit) {
            if !applies(visit) {
                continue;
            }
            let what = format!(
                "{}, but nothing proves that the choice took effect",
                tried(&visit.choice)
            );
            let says = Says {
                message: what.clone(),
                help: self.doc().fix.to_owned(),
            };
            let step = Evidence {
                kind: "choice".to_owned(),
                at_ms: visit.choice.at_ms,
                text: format!(
                    "asked for {}, state {}",
                    visit.choice.asked.as_str(),
                    visit.choice.state.as_str()
                ),
                source: None,
            };
            let finding = FindingBuilder::new(self, Severity::Warn, Confidence::Confirmed, says)
                .seen_in(visit.scenario, Some(PhaseId::begun_by(visit.choice.asked)))
                .proven_by(step)
                .and(choice(visit))
                .build();
            outcome.findings.push(finding);
            outcome.inconclusive.push(format!(
                "scenario {}: {what}, so what came after it was not judged",
                visit.scenario.as_str()
            ));
        }
        for visit in context.visits.iter().map(|v| v.visit) {
            self.widget(visit, &mut outcome);
        }
        outcome
    }
}

impl ScenarioUnverified {
    /// A widget that was asked to open and does not say that it did.
    fn widget(&self, visit: &Visit, outcome: &mut Outcome) {
        let Some(request) = visit.service.as_ref() else {
            return;
        };
        if request.state != ChoiceState::Unproven {
            return;
        }
        let what = format!(
            "the {} of {} was asked for, but nothing proves that it opened",
            request.service.as_deref().unwrap_or("service"),
            request.provider.as_deref().unwrap_or("a widget")
        );
        let says = Says {
            message: what.clone(),
            help: "Check by hand that the widget opens, and what the catalogue says of it \
                   (key \"open\")."
                .to_owned(),
        };
        let piece = |text: &String| Evidence {
            kind: "choice".to_owned(),
            at_ms: request.at_ms,
            text: text.clone(),
            source: None,
        };
        let asked = Evidence {
            kind: "choice".to_owned(),
            at_ms: request.at_ms,
            text: "asked for the service, state unproven".to_owned(),
            source: None,
        };
        let finding = FindingBuilder::new(self, Severity::Warn, Confidence::Confirmed, says)
            .seen_in(visit.scenario, Some(PhaseId::WidgetOpen))
            .proven_by(asked)
            .and(request.evidence.iter().map(piece).collect::<Vec<_>>())
            .build();
        outcome.findings.push(finding);
        outcome.inconclusive.push(format!(
            "scenario {}: {what}, so what the service stores was not judged",
            visit.scenario.as_str()
        ));
    }
}

/// A visit that broke off before anything was pressed is `blocked-or-challenged`'s to tell. Without
/// a browser there is nothing to press, and that is said once for the whole target.
fn applies(visit: &Visit) -> bool {
    let choice = &visit.choice;
    let could_press = visit.is_complete() && visit.clock != Clock::None;
    choice.asked != Choice::None
        && choice.state == ChoiceState::Unproven
        && (choice.method.is_some() || could_press)
}

fn tried(choice: &ChoiceOutcome) -> String {
    let asked = choice.asked.as_str();
    if matches!(choice.asked, Choice::WidgetAccept | Choice::WidgetRefuse) {
        return format!("the widget's own form was answered ({asked})");
    }
    if choice.asked == Choice::Dismiss {
        return "closing the banner was tried".to_owned();
    }
    if choice.asked == Choice::Custom {
        return "allowing single categories was tried".to_owned();
    }
    match choice.method {
        Some(method) => format!("{asked}ing was tried {}", method.in_words()),
        None => format!("a banner was there, but no control to {asked} could be pressed"),
    }
}
