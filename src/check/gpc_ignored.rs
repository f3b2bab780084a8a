//! `gpc-ignored`: a browser that sends Global Privacy Control gets as much advertising as any other.

use super::evidence::fact;
use super::finding_builder::{FindingBuilder, Says};
use super::items::{all, list};
use super::{Check, Context, Doc, Outcome, Reach, reach};
use crate::classify::ClassifiedVisit;
use crate::model::finding::{Class, Confidence, Finding, Severity};
use crate::model::role::Role;
use crate::model::scenario::ScenarioId;

pub(super) struct GpcIgnored;

impl Check for GpcIgnored {
    fn id(&self) -> &'static str {
        "gpc-ignored"
    }

    fn class(&self) -> Class {
        Class::Judgement
    }

    fn doc(&self) -> Doc {
        Doc {
            severities: &[Severity::Error],
            scenarios: &[ScenarioId::None, ScenarioId::Gpc],
            what: "With Global Privacy Control (scenario gpc) no fewer items of role marketing are \
                   stored than without it (scenario none). Only profiles of places whose law gives \
                   the signal force use this check.",
            why: "The signal is a valid request to opt out of sale and sharing for the browser that \
                  sends it.",
            evidence: "The items of role marketing in both visits.",
            source: "CCPA regulations, section 7025 (2026); W3C, Global Privacy Control (2026)",
            fix: "Load no advertising for browsers that send Sec-GPC: 1.",
        }
    }

    fn reach(&self, context: &Context<'_>, visit: &ClassifiedVisit<'_>) -> Reach {
        let made = |id| context.visits.iter().any(|v| v.visit.scenario == id);
        if !made(ScenarioId::None) || !made(ScenarioId::Gpc) {
            return reach::not_applicable("needs the scenarios none and gpc");
        }
        match visit.visit.scenario {
            ScenarioId::None | ScenarioId::Gpc => reach::any(visit),
            _ => reach::not_applicable("needs the scenarios none and gpc"),
        }
    }

    fn run(&self, context: &Context<'_>) -> Outcome {
        let finding = self.finding(context);
        finding.into_iter().collect::<Vec<_>>().into()
    }
}

impl GpcIgnored {
    fn finding(&self, context: &Context<'_>) -> Option<Finding> {
        let (plain, signalled) = (ScenarioId::None, ScenarioId::Gpc);
        let complete = |id| {
            let mut visits = context.visits.iter();
            visits.any(|v| v.visit.scenario == id && v.visit.is_complete())
        };
        if !complete(plain) || !complete(signalled) {
            return None;
        }
        let without = marketing(context, plain);
        let with = marketing(context, signalled);
        if with.is_empty() || with.len() < without.len() {
            return None;
        }
        let names: Vec<&str> = with.iter().map(String::as_str).collect();
        let says = Says {
            message: format!(
                "Global Privacy Control changes nothing: {} items of role marketing with it, {} \
                 without it",
                with.len(),
                without.len()
            ),
            help: self.doc().fix.to_owned(),
        };
        Some(
            FindingBuilder::new(self, Severity::Error, Confidence::Confirmed, says)
                .seen_in(signalled, None)
                .proven_by(fact(
                    "present",
                    format!("stored with the signal: {}", list(&names)),
                ))
                .build(),
        )
    }
}

/// Names of the items of role marketing that a visit kept.
fn marketing(context: &Context<'_>, scenario: ScenarioId) -> Vec<String> {
    let items = all(context).into_iter();
    let marketing = items.filter(|i| i.known().is_some_and(|k| k.entry.role == Role::Marketing));
    marketing
        .filter_map(|item| {
            item.only(|s| s.scenario() == scenario && s.item.first_kept(|_| true).is_some())
        })
        .map(|kept| kept.key.name.clone())
        .collect()
}
