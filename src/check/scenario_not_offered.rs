//! `scenario-not-offered`: the page offers no control for a choice.

use super::evidence::choice;
use super::finding_builder::{FindingBuilder, Says};
use super::{Check, Context, Doc, Outcome, Reach, reach};
use crate::classify::ClassifiedVisit;
use crate::model::choice::{Choice, ChoiceState};
use crate::model::finding::{Class, Confidence, Evidence, Finding, Severity};
use crate::model::scenario::{PhaseId, ScenarioId};
use crate::model::visit::Visit;

pub(super) struct ScenarioNotOffered;

impl Check for ScenarioNotOffered {
    fn id(&self) -> &'static str {
        "scenario-not-offered"
    }

    fn class(&self) -> Class {
        Class::Health
    }

    fn doc(&self) -> Doc {
        Doc {
            severities: &[Severity::Info],
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
            what: "No control to reject, or to accept, no banner that can be closed without a choice, or \
                   no widget to open, was found on the page. The checks that need the choice do not \
                   apply; those that need none still do. Nothing is said of pages that could not be \
                   loaded as they should.",
            why: "A site that stores nothing needs no banner, so this is no fault by itself; but \
                  whoever reads the report must know that the scenario was not played.",
            evidence: "What was looked for on the page.",
            source: "This project's own rule: what was not tried is not passed",
            fix: "If the site does ask for consent, describe its banner in a recipe (--rules); if \
                  it only offers to accept, offer to reject just as easily.",
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
        let visits = context.visits.iter().map(|v| v.visit);
        let findings: Vec<Finding> = visits
            .filter(|v| v.choice.state == ChoiceState::NotOffered && v.is_complete())
            .map(|v| self.finding(v))
            .collect();
        let mut findings = findings;
        let without = |v: &&Visit| {
            let request = v.service.as_ref();
            v.is_complete() && request.is_some_and(|r| r.state == ChoiceState::NotOffered)
        };
        let visits = context.visits.iter().map(|v| v.visit);
        findings.extend(visits.filter(without).map(|v| self.no_widget(v)));
        findings.into()
    }
}

impl ScenarioNotOffered {
    fn no_widget(&self, visit: &Visit) -> Finding {
        let says = Says {
            message: "the page offers no known widget to ask for a service, so this scenario does \
                      not apply"
                .to_owned(),
            help: "If the page has a chat, describe how it is opened in a catalogue (--rules, key \
                   \"open\")."
                .to_owned(),
        };
        let looked = Evidence {
            kind: "choice".to_owned(),
            at_ms: None,
            text: "looked for the widgets of the catalogue and found none that shows".to_owned(),
            source: None,
        };
        FindingBuilder::new(self, Severity::Info, Confidence::Confirmed, says)
            .seen_in(visit.scenario, Some(PhaseId::WidgetOpen))
            .proven_by(looked)
            .build()
    }

    fn finding(&self, visit: &Visit) -> Finding {
        let asked = visit.choice.asked.as_str();
        let says = Says {
            message: match visit.choice.asked {
                Choice::WidgetAccept | Choice::WidgetRefuse => {
                    "no widget shows a form of its own, so this scenario does not apply".to_owned()
                }
                Choice::Dismiss => {
                    "the page shows no banner that can be closed without a choice, so \
                                    this scenario does not apply"
                        .to_owned()
                }
                Choice::Custom => {
                    "the page offers no categories to choose from as asked, so this scenario \
                                   does not apply"
                        .to_owned()
                }
                _ => format!(
                    "the page offers no control to {asked}, so this scenario does not apply"
                ),
            },
            help: self.doc().fix.to_owned(),
        };
        let step = Evidence {
            kind: "choice".to_owned(),
            at_ms: visit.choice.at_ms,
            text: format!("looked for a control to {asked} and found none"),
            source: None,
        };
        FindingBuilder::new(self, Severity::Info, Confidence::Confirmed, says)
            .seen_in(visit.scenario, Some(PhaseId::begun_by(visit.choice.asked)))
            .proven_by(step)
            .and(choice(visit))
            .build()
    }
}
