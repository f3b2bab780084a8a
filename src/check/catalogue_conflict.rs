//! `catalogue-conflict`: an item that two entries describe equally well and differently.

use super::evidence::catalogue_says;
use super::finding_builder::{FindingBuilder, Says};
use super::items::{Kept, Sighting, all, describe, is_own};
use super::{Check, Context, Doc, Outcome, Reach, reach};
use crate::catalogue::lint;
use crate::catalogue::matcher::{Match, Query};
use crate::classify::{ClassifiedVisit, item_host};
use crate::model::finding::{Class, Confidence, Evidence, Finding, Severity};
use crate::model::scenario::ScenarioId;

pub(super) struct CatalogueConflict;

impl Check for CatalogueConflict {
    fn id(&self) -> &'static str {
        lint::CONFLICT
    }

    fn class(&self) -> Class {
        Class::Judgement
    }

    fn doc(&self) -> Doc {
        Doc {
            severities: &[Severity::Error],
            scenarios: &ScenarioId::ALL,
            what: "An item that was seen matches two entries equally well, at least one of them in a \
                   catalogue of the user's (--rules), and they differ in role or lifetime. Entries of \
                   the same name are refused when the rules are read; this check finds patterns that \
                   meet only in names which a site really uses.",
            why: "Which of the two counts is an accident of their order, and so is every verdict about \
                  the item.",
            evidence: "The item as it was kept, and both entries with file and line.",
            source: "Bollinger et al., Automating Cookie Consent and GDPR Violation Detection (USENIX \
                     Security 2022), on contradicting declarations",
            fix: "Make one name more exact, or tell them apart by hosts, party, needs_provider or value.",
        }
    }

    fn reach(&self, context: &Context<'_>, visit: &ClassifiedVisit<'_>) -> Reach {
        if uses_own(context) {
            return reach::any(visit);
        }
        reach::not_applicable("no catalogue of yours is in use")
    }

    fn run(&self, context: &Context<'_>) -> Outcome {
        if !uses_own(context) {
            return Outcome::default();
        }
        let torn = all(context)
            .into_iter()
            .filter_map(|item| item.only(|s| is_kept(s) && rivals(context, s).is_some()));
        let findings: Vec<Finding> = torn
            .filter_map(|kept| self.finding(context, &kept))
            .collect();
        findings.into()
    }
}

fn uses_own(context: &Context<'_>) -> bool {
    let mut files = context.catalogue.providers.iter().map(|p| &p.place.file);
    files.any(|file| is_own(file))
}

fn is_kept(seen: &Sighting<'_>) -> bool {
    seen.item.first_kept(|_| true).is_some()
}

/// The two entries that describe the item equally well, if one of them is the user's.
fn rivals<'a>(context: &Context<'a>, seen: &Sighting<'_>) -> Option<(Match<'a>, Match<'a>)> {
    let item = &seen.item.item;
    let providers = seen.visit.providers.iter();
    let present: Vec<&str> = providers.map(|p| p.provider.id.as_str()).collect();
    let host = item_host(&item.key);
    let query = Query {
        store: item.key.store,
        name: &item.key.name,
        values: &[item.value.as_str()],
        host: &host,
        party: item.party,
        present: &present,
    };
    let sealed = seen.visit.visit.sealed.as_ref();
    let (one, other) = context.catalogue.rivals(&query, sealed)?;
    let own = |m: &Match<'_>| is_own(&m.entry.place.file);
    (own(&one) || own(&other)).then_some((one, other))
}

impl CatalogueConflict {
    fn finding(&self, context: &Context<'_>, kept: &Kept<'_>) -> Option<Finding> {
        let (one, other) = rivals(context, &kept.first)?;
        let story = kept.first.item.first_kept(|_| true)?;
        let says = Says {
            message: format!(
                "{} is {} and {}: two entries describe it equally well",
                describe(kept.key, None),
                meaning(&one),
                meaning(&other)
            ),
            help: self.doc().fix.to_owned(),
        };
        let (proof, _) = context.kept(&kept.first, story);
        Some(
            FindingBuilder::new(self, Severity::Error, Confidence::Confirmed, says)
                .seen_in(kept.first.scenario(), Some(story.phase))
                .about(kept.key)
                .proven_by(proof)
                .and([line(&one), line(&other)])
                .build(),
        )
    }
}

/// What an entry says of an item.
fn meaning(found: &Match<'_>) -> String {
    let entry = found.entry;
    format!("{} ({})", entry.role.as_str(), entry.expires.in_words())
}

fn line(found: &Match<'_>) -> Evidence {
    let name = found.alias.unwrap_or(&found.entry.name.text);
    catalogue_says(
        format!("{name}: {}", meaning(found)),
        found.provider,
        found.entry,
    )
}
