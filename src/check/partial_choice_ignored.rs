//! `partial-choice-ignored`: a widget stores what the visitor refused in its own form.

use super::evidence::{catalogue, choice};
use super::finding_builder::{FindingBuilder, Says};
use super::items::{Kept, Sighting, all, describe, needs_consent};
use super::{Check, Context, Doc, Outcome, Reach, reach};
use crate::classify::{ClassifiedVisit, Known};
use crate::model::choice::{Choice, ChoiceState};
use crate::model::finding::{Class, Confidence, Finding, Severity};
use crate::model::item::Presence;
use crate::model::scenario::ScenarioId;

pub(super) struct PartialChoiceIgnored;

impl Check for PartialChoiceIgnored {
    fn id(&self) -> &'static str {
        "partial-choice-ignored"
    }

    fn class(&self) -> Class {
        Class::Judgement
    }

    fn doc(&self) -> Doc {
        Doc {
            severities: &[Severity::Error],
            scenarios: &[ScenarioId::WidgetRefuse],
            what: "The visitor refused a widget's own consent form, and something of the widget's that \
                   needs consent is set, gets another value or a new lifetime afterwards, and stays. \
                   Only where the refusal is proven; items of other providers are not what the form \
                   asks for.",
            why: "Who refuses one purpose has refused it, whatever else was accepted or asked for. \
                  That the widget was opened asks for its service, and the form then asks for the \
                  rest.",
            evidence: "What proves the refusal, and the first write after it.",
            source: "GDPR recital 43 (2016), on separate consent; Bouhoula et al., Automated \
                     Large-Scale Analysis of Cookie Notice Compliance (USENIX Security 2024)",
            fix: "Let the widget store nothing once its form was refused, or do not load it.",
        }
    }

    fn reach(&self, _: &Context<'_>, visit: &ClassifiedVisit<'_>) -> Reach {
        reach::chosen(visit, &[Choice::WidgetRefuse])
    }

    fn run(&self, context: &Context<'_>) -> Outcome {
        let mut findings: Vec<Finding> = Vec::new();
        for item in all(context) {
            let Some(known) = needs_consent(context, &item) else {
                continue;
            };
            if let Some(kept) = item.only(|s| is_ignored(s, known)) {
                findings.extend(self.finding(context, &kept));
            }
        }
        findings.into()
    }
}

/// Whether the widget that was refused wrote the item afterwards, and left it there.
fn is_ignored(seen: &Sighting<'_>, known: Known<'_>) -> bool {
    let visit = seen.visit.visit;
    let refused =
        visit.choice.asked == Choice::WidgetRefuse && visit.choice.state == ChoiceState::Proven;
    let request = visit.service.as_ref().and_then(|s| s.provider.as_deref());
    let last = seen.item.item.phases.last();
    refused
        && request == Some(known.provider.id.as_str())
        && seen.item.after_choice.write.is_some()
        && last.is_some_and(|story| story.presence == Presence::Present)
}

impl PartialChoiceIgnored {
    fn finding(&self, context: &Context<'_>, kept: &Kept<'_>) -> Option<Finding> {
        let visit = kept.first.visit.visit;
        let write = kept.first.item.after_choice.write.as_ref()?;
        let says = Says {
            message: format!(
                "{} was written after the visitor had refused the widget's form",
                describe(kept.key, kept.known)
            ),
            help: self.doc().fix.to_owned(),
        };
        Some(
            FindingBuilder::new(self, Severity::Error, Confidence::Confirmed, says)
                .seen_in(visit.scenario, Some(write.phase))
                .about(kept.key)
                .proven_by(context.write(kept.key, write))
                .and(context.cause(write))
                .and(choice(visit))
                .and(kept.known.map(catalogue))
                .build(),
        )
    }
}
