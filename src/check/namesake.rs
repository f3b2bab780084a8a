//! Entries that have an item's name but not its store, or not its host: what is declared otherwise
//! than it is stored.
//!
//! Names alone prove little, since many vendors use the same ones. An entry counts only if its
//! provider was found in a visit that shows the item, or if it stands in a file of the user's.

use super::evidence::catalogue_says;
use super::finding_builder::{FindingBuilder, Says};
use super::items::{Kept, Sightings, all, is_own};
use super::{Check, Context};
use crate::catalogue::matcher::host_matches;
use crate::catalogue::pattern::NamePattern;
use crate::catalogue::{Entry, Provider};
use crate::classify::{Known, item_host};
use crate::model::finding::{Confidence, Finding, Severity};
use crate::model::role::Role;

/// A name with fewer literal characters is like too many.
const MIN_LITERALS: usize = 4;

/// How an item differs from the entry of its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Differs {
    /// Another host or party.
    Host,
    /// Another store.
    Kind,
}

/// The findings of a check about items that differ from the entry of their name in this way. `says` is
/// the sentence, `declares` what the entry says.
pub(super) fn findings(
    check: &dyn Check,
    context: &Context<'_>,
    differs: Differs,
    says: impl Fn(&Kept<'_>, Known<'_>) -> String,
    declares: impl Fn(&Entry) -> String,
) -> Vec<Finding> {
    let mut findings: Vec<Finding> = Vec::new();
    for item in all(context) {
        let declared = namesake(context, &item).filter(|(_, found)| *found == differs);
        let Some((declared, _)) = declared else {
            continue;
        };
        let Some(kept) = item.only(|s| s.item.first_kept(|_| true).is_some()) else {
            continue;
        };
        let Some(story) = kept.first.item.first_kept(|_| true) else {
            continue;
        };
        let sentences = Says {
            message: says(&kept, declared),
            help: check.doc().fix.to_owned(),
        };
        let entry = declared.entry;
        let declaration = format!("{} {}", entry.name.text, declares(entry));
        let (proof, more) = context.kept(&kept.first, story);
        findings.push(
            FindingBuilder::new(check, Severity::Warn, Confidence::Confirmed, sentences)
                .seen_in(kept.first.scenario(), Some(story.phase))
                .about(kept.key)
                .proven_by(proof)
                .and(more)
                .and([catalogue_says(declaration, declared.provider, entry)])
                .build(),
        );
    }
    findings
}

/// The entry that an item was probably meant to be, and how it differs.
pub(super) fn namesake<'a>(
    context: &Context<'a>,
    item: &Sightings<'a>,
) -> Option<(Known<'a>, Differs)> {
    if item.classified().is_some() {
        return None;
    }
    let entries = context.catalogue.entries();
    let found = entries.filter_map(|(provider, entry)| {
        let name = name_of(entry, &item.key.name)?;
        let believable = is_own(&entry.place.file) || is_present(item, provider);
        if !believable || name.literals < MIN_LITERALS || entry.role == Role::Unclassified {
            return None;
        }
        let known = Known {
            provider,
            entry,
            alias: None,
        };
        Some((
            differs(item, entry)?,
            std::cmp::Reverse(name.literals),
            known,
        ))
    });
    let nearest = found.min_by_key(|(differs, literals, _)| (*differs, *literals));
    nearest.map(|(differs, _, known)| (known, differs))
}

/// The name of the entry that matches.
fn name_of<'e>(entry: &'e Entry, name: &str) -> Option<&'e NamePattern> {
    let mut names = std::iter::once(&entry.name).chain(&entry.aliases);
    names.find(|pattern| pattern.matches(name))
}

fn is_present(item: &Sightings<'_>, provider: &Provider) -> bool {
    let mut found = item.seen.iter().flat_map(|s| &s.visit.providers);
    found.any(|p| p.provider.id == provider.id)
}

fn differs(item: &Sightings<'_>, entry: &Entry) -> Option<Differs> {
    let host = item_host(item.key);
    let at_home = entry.hosts.is_empty() || entry.hosts.iter().any(|h| host_matches(h, &host));
    let party = item.seen.first().map(|s| s.item.item.party);
    let whose = entry.party.is_none() || entry.party == party;
    match (entry.store == item.key.store, at_home && whose) {
        // With a value of another kind it is another item.
        (true, false) if entry.value.is_none() => Some(Differs::Host),
        (false, true) => Some(Differs::Kind),
        _ => None,
    }
}
