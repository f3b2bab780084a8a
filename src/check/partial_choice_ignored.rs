//! `partial-choice-ignored`: what the visitor refused, while allowing the rest, is stored all the same.

use super::evidence::{catalogue, choice};
use super::finding_builder::{FindingBuilder, Says};
use super::items::{Kept, Sighting, all, describe, needs_consent};
use super::{Check, Context, Doc, Outcome, Reach, reach};
use crate::classify::{ClassifiedVisit, Known};
use crate::model::choice::{Choice, ChoiceState};
use crate::model::finding::{Class, Confidence, Finding, Severity};
use crate::model::item::Presence;
use crate::model::role::Role;
use crate::model::scenario::ScenarioId;
use crate::model::visit::Visit;

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
            severities: &[Severity::Error, Severity::Warn],
            scenarios: &[ScenarioId::WidgetRefuse, ScenarioId::Custom],
            what: "The visitor refused a widget's own consent form, or allowed some categories on the \
                   banner and refused the others (scenario custom). Then something of what was \
                   refused and needs consent is set, gets another value or a new lifetime, and stays. \
                   Only where the refusal is proven; items of other providers are not what a widget's \
                   form asks for. What an item is for is the catalogue's word. Where the site may have \
                   counted the item among what was allowed (something that asks more of the visitor \
                   was, or something else of the same provider), it is a warning, which is likely and \
                   no more.",
            why: "Who refuses one purpose has refused it, whatever else was accepted or asked for. \
                  That the widget was opened asks for its service, and the form then asks for the \
                  rest.",
            evidence: "What proves the refusal, and the first write after it.",
            source: "GDPR recital 43 (2016), on separate consent; Bouhoula et al., Automated \
                     Large-Scale Analysis of Cookie Notice Compliance (USENIX Security 2024)",
            fix: "Start each script, and each widget, only with the category that it belongs to, and \
                  store nothing of what was refused.",
        }
    }

    fn reach(&self, _: &Context<'_>, visit: &ClassifiedVisit<'_>) -> Reach {
        reach::chosen(visit, &[Choice::WidgetRefuse, Choice::Custom])
    }

    fn run(&self, context: &Context<'_>) -> Outcome {
        let mut findings: Vec<Finding> = Vec::new();
        let excused = excused(context);
        for item in all(context) {
            let Some(known) = needs_consent(context, &item) else {
                continue;
            };
            if let Some(kept) = item.only(|s| is_ignored(s, known)) {
                let doubtful = is_doubtful(&kept, known, &excused);
                findings.extend(self.finding(context, &kept, doubtful));
            }
        }
        findings.into()
    }
}

/// Whether what was refused wrote the item afterwards, and left it there.
fn is_ignored(seen: &Sighting<'_>, known: Known<'_>) -> bool {
    let visit = seen.visit.visit;
    let last = seen.item.item.phases.last();
    visit.choice.state == ChoiceState::Proven
        && is_refused(visit, known)
        && seen.item.after_choice.write.is_some()
        && last.is_some_and(|story| story.presence == Presence::Present)
}

/// Whether an item of this entry is what the visitor refused.
fn is_refused(visit: &Visit, known: Known<'_>) -> bool {
    match visit.choice.asked {
        Choice::WidgetRefuse => {
            let request = visit.service.as_ref().and_then(|s| s.provider.as_deref());
            request == Some(known.provider.id.as_str())
        }
        Choice::Custom => {
            let role = known.entry.role;
            Role::OPTIONAL.contains(&role) && !visit.choice.allowed.contains(&role)
        }
        _ => false,
    }
}

/// The providers of which something was stored that was allowed.
fn excused<'a>(context: &Context<'a>) -> Vec<&'a str> {
    let stored = all(context).into_iter().filter(|item| {
        let known = item.known();
        let allowed = |s: &Sighting<'_>| {
            let choice = &s.visit.visit.choice;
            choice.asked == Choice::Custom
                && s.item.after_choice.write.is_some()
                && known.is_some_and(|k| choice.allowed.contains(&k.entry.role))
        };
        item.seen.iter().any(allowed)
    });
    stored
        .filter_map(|item| Some(item.known()?.provider.id.as_str()))
        .collect()
}

/// Whether the site may have taken the item for something that was allowed.
fn is_doubtful(kept: &Kept<'_>, known: Known<'_>, excused: &[&str]) -> bool {
    let choice = &kept.first.visit.visit.choice;
    let more = |role: &Role| role.demand() > known.entry.role.demand();
    choice.asked == Choice::Custom
        && (choice.allowed.iter().any(more) || excused.contains(&known.provider.id.as_str()))
}

impl PartialChoiceIgnored {
    fn finding(&self, context: &Context<'_>, kept: &Kept<'_>, doubtful: bool) -> Option<Finding> {
        let visit = kept.first.visit.visit;
        let write = kept.first.item.after_choice.write.as_ref()?;
        let what = describe(kept.key, kept.known);
        let says = Says {
            message: match visit.choice.asked {
                Choice::Custom => {
                    format!("{what} was written after the visitor had refused its category")
                }
                _ => format!("{what} was written after the visitor had refused the widget's form"),
            },
            help: self.doc().fix.to_owned(),
        };
        let (severity, confidence) = match doubtful {
            true => (Severity::Warn, Confidence::Likely),
            false => (Severity::Error, Confidence::Confirmed),
        };
        Some(
            FindingBuilder::new(self, severity, confidence, says)
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
