//! The site's own policy, three ways: what it declares, what the catalogue knows, what was seen.
//!
//! The findings carry the ids of the checks that judge catalogues in the same way: `undeclared-name`,
//! `expiry-exceeds-declared`, `role-mismatch` and `declared-not-seen`, and what a profile makes of
//! those holds for them as well.

use super::items::{Sightings, all, describe, lifetime, list};
use super::run::counts;
use super::{Context, Outcome};
use crate::catalogue::duration::Expires;
use crate::catalogue::list::Lifetime;
use crate::catalogue::policy::{DeclaredItem, Policy};
use crate::model::finding::{Class, Confidence, Evidence, Finding, FindingItem, Severity};
use crate::model::item::Store;
use crate::model::role::Role;

/// The sub-type of records of the visitor's choice, which platforms may preset for long.
const CONSENT_RECORD: &str = "consent-record";

/// So many sources make a role certain.
const CERTAIN: usize = 2;

/// Judges what was seen by the policy.
#[must_use]
pub fn judge(context: &Context<'_>, policy: &Policy) -> Outcome {
    let mut findings = Vec::new();
    let mut seen: Vec<*const DeclaredItem> = Vec::new();
    for item in &all(context) {
        let declared = policy.find(item.key.store, &item.key.name);
        seen.extend(declared.map(std::ptr::from_ref));
        let Some(base) = base(context, item) else {
            continue;
        };
        match declared {
            None => findings.push(undeclared(policy, item, base)),
            Some(declared) => {
                findings.extend(too_long(context, policy, item, declared, base.clone()));
                findings.extend(too_harmless(policy, item, declared, base));
            }
        }
    }
    findings.extend(not_seen(policy, &seen));
    findings.retain_mut(|f| {
        let level = context.profile.level(&f.check);
        counts(f, level)
    });
    findings.into()
}

/// A finding about an item that was kept, with the write or the snapshot that shows it.
fn base(context: &Context<'_>, item: &Sightings<'_>) -> Option<Finding> {
    let (sighting, story) = item
        .seen
        .iter()
        .find_map(|s| Some((s, s.item.first_kept(|_| true)?)))?;
    let (proof, _) = context.kept(sighting, story);
    Some(Finding {
        check: String::new(),
        class: Class::Judgement,
        severity: Severity::Warn,
        confidence: Confidence::Confirmed,
        scenario: Some(sighting.scenario()),
        phase: Some(story.phase),
        item: Some(FindingItem {
            store: item.key.store,
            name: item.key.name.clone(),
            place: item.key.place.clone(),
        }),
        runs: None,
        message: String::new(),
        help: String::new(),
        evidence: vec![proof],
    })
}

fn says(policy: &Policy, declared: Option<&DeclaredItem>, text: String) -> Evidence {
    let source = match declared {
        Some(item) => item.row.place.to_string(),
        None => policy.name.clone(),
    };
    Evidence {
        kind: String::from("policy"),
        at_ms: None,
        text,
        source: Some(source),
    }
}

fn undeclared(policy: &Policy, item: &Sightings<'_>, base: Finding) -> Finding {
    let mut evidence = base.evidence;
    let names = policy.items.len();
    evidence.push(says(
        policy,
        None,
        format!("none of its {names} names matches"),
    ));
    Finding {
        check: String::from("undeclared-name"),
        severity: match policy.complete {
            true => Severity::Error,
            false => Severity::Warn,
        },
        message: format!(
            "the policy does not name the {}",
            describe(item.key, item.known())
        ),
        help: String::from(
            "Name the item in the policy, with purpose and lifetime, or stop storing it.",
        ),
        evidence,
        ..base
    }
}

fn too_long(
    context: &Context<'_>,
    policy: &Policy,
    item: &Sightings<'_>,
    declared: &DeclaredItem,
    base: Finding,
) -> Option<Finding> {
    let record = |e: &crate::catalogue::Entry| e.sub_type.as_deref() == Some(CONSENT_RECORD);
    if item.key.store != Store::Cookie || item.known().is_some_and(|k| record(k.entry)) {
        return None;
    }
    let Lifetime::Known(expires) = &declared.row.lifetime else {
        return None;
    };
    let upper_s = match expires {
        Expires::Within { upper_s, .. } => *upper_s,
        Expires::Session | Expires::Transient => 0,
        Expires::UntilCleared | Expires::NotStated => return None,
    };
    let asked = item
        .seen
        .iter()
        .filter_map(|s| s.item.item.requested_s)
        .max()?;
    let limits = context.profile.expiry;
    if asked.saturating_sub(upper_s) < limits.min_excess_s.max(1) {
        return None;
    }
    #[expect(clippy::cast_precision_loss, reason = "a ratio of lifetimes")]
    let far = asked as f64 > upper_s as f64 * limits.error_ratio;
    let mut evidence = base.evidence;
    let stated = format!("{} declares {}", declared.row.name, expires.in_words());
    evidence.push(says(policy, Some(declared), stated));
    Some(Finding {
        check: String::from("expiry-exceeds-declared"),
        severity: match far {
            true => Severity::Error,
            false => Severity::Warn,
        },
        message: format!(
            "{} is to be kept for {}, but the policy says {}",
            describe(item.key, item.known()),
            lifetime(asked),
            expires.in_words()
        ),
        help: String::from("Shorten the lifetime that is set, or declare the real one."),
        evidence,
        ..base
    })
}

fn too_harmless(
    policy: &Policy,
    item: &Sightings<'_>,
    declared: &DeclaredItem,
    base: Finding,
) -> Option<Finding> {
    let known = item.classified()?;
    let stated = declared.row.role?;
    if known.entry.role == Role::Unclassified || stated.demand() >= known.entry.role.demand() {
        return None;
    }
    let mut evidence = base.evidence;
    let category = declared.row.category.as_deref().unwrap_or_default();
    let text = format!("{} is declared as \"{category}\"", declared.row.name);
    evidence.push(says(policy, Some(declared), text));
    evidence.push(Evidence {
        kind: String::from("catalogue"),
        at_ms: None,
        text: format!("{}: {}", known.entry.name.text, known.entry.role.as_str()),
        source: Some(known.entry.place.to_string()),
    });
    Some(Finding {
        check: String::from("role-mismatch"),
        severity: match known.entry.sources.len() >= CERTAIN {
            true => Severity::Error,
            false => Severity::Warn,
        },
        message: format!(
            "the policy declares the {} as {}",
            describe(item.key, Some(known)),
            stated.as_str()
        ),
        help: String::from("Correct the category, or keep evidence of why it is right."),
        evidence,
        ..base
    })
}

/// Everything that is declared and was not seen, in one finding.
fn not_seen(policy: &Policy, seen: &[*const DeclaredItem]) -> Option<Finding> {
    let missing = policy.items.iter();
    let missing: Vec<&DeclaredItem> = missing
        .filter(|item| !seen.contains(&std::ptr::from_ref(*item)))
        .collect();
    let names: Vec<&str> = missing.iter().map(|i| i.row.name.as_str()).collect();
    let evidence = missing.iter().take(20).map(|item| {
        let text = format!("{} was not seen", item.row.name);
        says(policy, Some(item), text)
    });
    (!missing.is_empty()).then(|| Finding {
        check: String::from("declared-not-seen"),
        class: Class::Judgement,
        severity: Severity::Info,
        confidence: Confidence::Confirmed,
        scenario: None,
        phase: None,
        item: None,
        runs: None,
        message: format!("the policy names what no visit showed: {}", list(&names)),
        help: String::from(
            "Take the item out of the policy, or find the visit that shows it (more scenarios, more \
             pages).",
        ),
        evidence: evidence.collect(),
    })
}
