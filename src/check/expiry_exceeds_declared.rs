//! `expiry-exceeds-declared`: a cookie asks to be kept for longer than the catalogue declares.

use super::evidence::catalogue_says;
use super::expiry::{Asked, longest};
use super::finding_builder::{FindingBuilder, Says};
use super::items::{Sightings, all, describe, lifetime};
use super::{Check, Context, Doc, Outcome, Reach, reach};
use crate::catalogue::duration::Expires;
use crate::classify::ClassifiedVisit;
use crate::model::finding::{Class, Confidence, Finding, Severity};
use crate::model::scenario::ScenarioId;

pub(super) struct ExpiryExceedsDeclared;

impl Check for ExpiryExceedsDeclared {
    fn id(&self) -> &'static str {
        "expiry-exceeds-declared"
    }

    fn class(&self) -> Class {
        Class::Judgement
    }

    fn doc(&self) -> Doc {
        Doc {
            severities: &[Severity::Error, Severity::Warn],
            scenarios: &ScenarioId::ALL,
            what: "A cookie asks (Expires or Max-Age) for a longer life than the catalogue declares \
                   for it. Declared months count as 31 days and years as 366, and an excess below \
                   the profile's threshold (a day) is rounding. Far more than declared is an error, \
                   the rest a warning; the profile says how far. The lifetime asked for counts, not \
                   the one in the jar, since browsers cut it down to 400 days.",
            why: "Visitors are told how long an item is kept, and consent to that. Keeping it longer \
                  goes beyond their consent.",
            evidence: "The raw line with the longest lifetime, and the declared one.",
            source: "CJEU C-673/17 Planet49 (2019), on duration; for the threshold: Bollinger et al., \
                     Automating Cookie Consent and GDPR Violation Detection (USENIX Security 2022)",
            fix: "Shorten the lifetime that is set, or declare the real one.",
        }
    }

    fn reach(&self, _: &Context<'_>, visit: &ClassifiedVisit<'_>) -> Reach {
        reach::any(visit)
    }

    fn run(&self, context: &Context<'_>) -> Outcome {
        let findings: Vec<Finding> = all(context)
            .iter()
            .filter_map(|item| self.finding(context, item))
            .collect();
        findings.into()
    }
}

impl ExpiryExceedsDeclared {
    fn finding(&self, context: &Context<'_>, item: &Sightings<'_>) -> Option<Finding> {
        let known = item.known()?;
        let Expires::Within { text, upper_s } = &known.entry.expires else {
            return None;
        };
        let asked = longest(context, item, known.entry)?;
        let severity = severity(context, &asked, *upper_s)?;
        let says = Says {
            message: format!(
                "{} is to be kept for {}, but its declared lifetime is {} (at most {})",
                describe(item.key, Some(known)),
                lifetime(asked.seconds),
                known.entry.expires.in_words(),
                lifetime(*upper_s)
            ),
            help: self.doc().fix.to_owned(),
        };
        let declared = format!("{} declares {text}", known.entry.name.text);
        Some(
            FindingBuilder::new(self, severity, Confidence::Confirmed, says)
                .seen_in(asked.scenario, Some(asked.phase))
                .about(item.key)
                .proven_by(asked.proof)
                .and(asked.cause)
                .and([catalogue_says(declared, known.provider, known.entry)])
                .build(),
        )
    }
}

/// How bad the excess is; `None` if there is none worth telling.
fn severity(context: &Context<'_>, asked: &Asked, upper_s: i64) -> Option<Severity> {
    let limits = context.profile.expiry;
    if asked.seconds.saturating_sub(upper_s) < limits.min_excess_s.max(1) {
        return None;
    }
    if asked.seconds as f64 > upper_s as f64 * limits.error_ratio {
        Some(Severity::Error)
    } else {
        Some(Severity::Warn)
    }
}
