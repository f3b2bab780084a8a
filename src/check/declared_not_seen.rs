//! `declared-not-seen`: a complete declaration names items that no visit showed.

use super::evidence::{catalogue_says, fact};
use super::finding_builder::{FindingBuilder, Says};
use super::items::{all, is_own, list};
use super::{Check, Context, Doc, Outcome, Reach, reach};
use crate::catalogue::{Entry, Provider};
use crate::classify::ClassifiedVisit;
use crate::model::finding::{Class, Confidence, Finding, Severity};
use crate::model::scenario::ScenarioId;

pub(super) struct DeclaredNotSeen;

impl Check for DeclaredNotSeen {
    fn id(&self) -> &'static str {
        "declared-not-seen"
    }

    fn class(&self) -> Class {
        Class::Judgement
    }

    fn doc(&self) -> Doc {
        Doc {
            severities: &[Severity::Info],
            scenarios: &ScenarioId::ALL,
            what: "A catalogue of the user's that claims to be complete (`complete: true`) has entries \
                   that no visit of this run showed, although its provider was found. Entries for \
                   names that are no longer used do not count. Information only: a visit shows what \
                   one visitor meets, and scenarios that were not made may show more.",
            why: "A declaration that lists what is not stored is as little use to visitors as one that \
                  leaves out what is; lists must be kept up to date.",
            evidence: "The entries, and the scenarios that were made.",
            source: "EDPB, report of the Cookie Banner Taskforce (2023), on keeping lists current",
            fix: "Take the entry out of the declaration, or find the visit that shows it (more \
                  scenarios, more pages).",
        }
    }

    fn reach(&self, context: &Context<'_>, visit: &ClassifiedVisit<'_>) -> Reach {
        if visit.providers.iter().any(|p| is_asked(p.provider)) {
            return reach::any(visit);
        }
        let any = context.catalogue.providers.iter().any(is_asked);
        reach::not_applicable(if any {
            "no provider of a complete catalogue of yours was found"
        } else {
            "no catalogue of yours claims to be complete"
        })
    }

    fn run(&self, context: &Context<'_>) -> Outcome {
        let providers = context.catalogue.providers.iter();
        let found = providers.filter(|p| is_asked(p) && is_present(context, p));
        let findings: Vec<Finding> = found.filter_map(|p| self.finding(context, p)).collect();
        findings.into()
    }
}

fn is_asked(provider: &Provider) -> bool {
    provider.complete && is_own(&provider.place.file)
}

fn is_present(context: &Context<'_>, provider: &Provider) -> bool {
    let mut found = context.visits.iter().flat_map(|v| &v.providers);
    found.any(|p| p.provider.id == provider.id)
}

impl DeclaredNotSeen {
    fn finding(&self, context: &Context<'_>, provider: &Provider) -> Option<Finding> {
        let seen = all(context);
        let is_seen = |entry: &&Entry| {
            let mut known = seen.iter().filter_map(|item| item.known());
            !known.any(|known| std::ptr::eq(known.entry, *entry))
        };
        let current = provider.entries.iter().filter(|e| e.deprecated.is_none());
        let missing: Vec<&Entry> = current.filter(is_seen).collect();
        let names: Vec<&str> = missing.iter().map(|e| e.name.text.as_str()).collect();
        let first = missing.first()?;
        let says = Says {
            message: format!(
                "{} declares what no visit showed: {}",
                provider.name,
                list(&names)
            ),
            help: self.doc().fix.to_owned(),
        };
        let scenarios = context.visits.iter().map(|v| v.visit.scenario.as_str());
        let made: Vec<&str> = scenarios.collect();
        let entries = missing.iter().skip(1).take(20).map(|entry| {
            catalogue_says(format!("{} was not seen", entry.name.text), provider, entry)
        });
        Some(
            FindingBuilder::new(self, Severity::Info, Confidence::Confirmed, says)
                .proven_by(catalogue_says(
                    format!("{} was not seen", first.name.text),
                    provider,
                    first,
                ))
                .and(entries)
                .and([fact("present", format!("visits made: {}", made.join(", ")))])
                .build(),
        )
    }
}
