//! `role-mismatch`: a declaration calls an item more harmless than others do.

use super::evidence::{catalogue, catalogue_says};
use super::finding_builder::{FindingBuilder, Says};
use super::items::{Kept, all, describe, is_own, means_essential};
use super::{Check, Context, Doc, Outcome, Reach, reach};
use crate::catalogue::matcher::Query;
use crate::catalogue::{Catalogue, Entry, Provider, builtin};
use crate::classify::{ClassifiedVisit, item_host};
use crate::model::finding::{Class, Confidence, Evidence, Finding, Severity};
use crate::model::role::Role;
use crate::model::scenario::ScenarioId;

pub(super) struct RoleMismatch;

impl Check for RoleMismatch {
    fn id(&self) -> &'static str {
        "role-mismatch"
    }

    fn class(&self) -> Class {
        Class::Judgement
    }

    fn doc(&self) -> Doc {
        Doc {
            severities: &[Severity::Error, Severity::Warn],
            scenarios: &ScenarioId::ALL,
            what: "A catalogue of the user's (--rules) gives an item that was seen a role which asks \
                   less of the visitor than the one in the embedded catalogue, or than the vendor's \
                   own word for it in the same entry. An error where the vendor itself says so, else \
                   a warning. Entries of the embedded catalogue are not judged here.",
            why: "What a site calls essential it stores without asking. The role decides whether \
                  consent is needed, so a wrong one hides what needs it.",
            evidence: "The user's entry and the other one.",
            source: "EDPB, report of the Cookie Banner Taskforce (2023), part I; Bollinger et al., \
                     Automating Cookie Consent and GDPR Violation Detection (USENIX Security 2022)",
            fix: "Correct the role, or say in the entry why it is right and keep the evidence for it.",
        }
    }

    fn reach(&self, context: &Context<'_>, visit: &ClassifiedVisit<'_>) -> Reach {
        if context
            .catalogue
            .providers
            .iter()
            .any(|p| is_own(&p.place.file))
        {
            return reach::any(visit);
        }
        reach::not_applicable("no catalogue of yours is in use")
    }

    fn run(&self, context: &Context<'_>) -> Outcome {
        let own = all(context)
            .into_iter()
            .filter(|i| i.classified().is_some_and(|k| is_own(&k.entry.place.file)));
        let own: Vec<Kept<'_>> = own
            .filter_map(|i| i.only(|s| s.item.first_kept(|_| true).is_some()))
            .collect();
        if own.is_empty() {
            return Outcome::default();
        }
        let reference = builtin::catalogue();
        let findings: Vec<Finding> = own
            .iter()
            .filter_map(|kept| self.finding(context, &reference, kept))
            .collect();
        findings.into()
    }
}

impl RoleMismatch {
    fn finding(
        &self,
        context: &Context<'_>,
        reference: &Catalogue,
        kept: &Kept<'_>,
    ) -> Option<Finding> {
        let known = kept.known?;
        let ours = known.entry.role;
        let claim = known.entry.claimed_role.as_deref();
        let by_vendor = claim
            .and_then(claimed)
            .filter(|role| ours.demand() < role.demand());
        let (severity, said, other): (_, _, Evidence) = match by_vendor {
            Some(role) => {
                let text = format!("the vendor says \"{}\"", claim.unwrap_or_default());
                let says = catalogue_says(text, known.provider, known.entry);
                (Severity::Error, role, says)
            }
            None => {
                let (provider, entry) = listed(reference, kept)?;
                if entry.role == Role::Unclassified || ours.demand() >= entry.role.demand() {
                    return None;
                }
                let text = format!("{}: {}", entry.name.text, entry.role.as_str());
                let says = catalogue_says(text, provider, entry);
                (Severity::Warn, entry.role, says)
            }
        };
        let story = kept.first.item.first_kept(|_| true)?;
        let says = Says {
            message: format!(
                "{} is declared {}, but known as {}",
                describe(kept.key, None),
                ours.as_str(),
                said.as_str()
            ),
            help: self.doc().fix.to_owned(),
        };
        let (proof, _) = context.kept(&kept.first, story);
        Some(
            FindingBuilder::new(self, severity, Confidence::Confirmed, says)
                .seen_in(kept.first.scenario(), Some(story.phase))
                .about(kept.key)
                .proven_by(proof)
                .and([catalogue(known), other])
                .build(),
        )
    }
}

/// What the embedded catalogue has under this name.
fn listed<'r>(reference: &'r Catalogue, kept: &Kept<'_>) -> Option<(&'r Provider, &'r Entry)> {
    let present: Vec<&str> = kept
        .first
        .visit
        .providers
        .iter()
        .map(|p| p.provider.id.as_str())
        .collect();
    let host = item_host(kept.key);
    reference.find(&Query {
        store: kept.key.store,
        name: &kept.key.name,
        values: &[kept.first.item.item.value.as_str()],
        host: &host,
        party: kept.first.item.item.party,
        present: &present,
    })
}

/// The role that a vendor's word stands for, where it stands for one.
fn claimed(word: &str) -> Option<Role> {
    let text = word.to_lowercase();
    let says = |words: &[&str]| words.iter().any(|w| text.contains(w));
    if means_essential(word) {
        return Some(Role::Essential);
    }
    if says(&["market", "advert", "target", "profil"]) {
        Some(Role::Marketing)
    } else if says(&["analy", "statist", "performance", "measur"]) {
        Some(Role::Performance)
    } else if says(&["preference", "personal", "functionality"]) {
        Some(Role::Functionality)
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_vendors_stand_for_roles() {
        for (word, role) in [
            ("Marketing", Some(Role::Marketing)),
            ("Performance and functionality", Some(Role::Performance)),
            ("Preferences", Some(Role::Functionality)),
            ("Strictly necessary", Some(Role::Essential)),
            // It means strictly necessary as often as not.
            ("Functional", None),
            ("", None),
        ] {
            assert_eq!(claimed(word), role, "{word}");
        }
    }
}
