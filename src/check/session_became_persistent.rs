//! `session-became-persistent`: a cookie declared for the session asks to outlive it.

use super::evidence::catalogue_says;
use super::expiry::longest;
use super::finding_builder::{FindingBuilder, Says};
use super::items::{Sightings, all, describe, lifetime};
use super::{Check, Context, Doc, Outcome, Reach, reach};
use crate::catalogue::duration::Expires;
use crate::classify::ClassifiedVisit;
use crate::model::finding::{Class, Confidence, Finding, Severity};
use crate::model::scenario::ScenarioId;

pub(super) struct SessionBecamePersistent;

impl Check for SessionBecamePersistent {
    fn id(&self) -> &'static str {
        "session-became-persistent"
    }

    fn class(&self) -> Class {
        Class::Judgement
    }

    fn doc(&self) -> Doc {
        Doc {
            severities: &[Severity::Error],
            scenarios: &ScenarioId::ALL,
            what: "A cookie that the catalogue declares for the session is set with Expires or \
                   Max-Age. Deletions do not count.",
            why: "A cookie for the session is gone when the browser ends. One with a date stays, \
                  and can recognise the visitor on another day.",
            evidence: "The raw line, and the catalogue's entry.",
            source: "CJEU C-673/17 Planet49 (2019), on duration; Article 29 Working Party, Opinion \
                     04/2012 (2012), on exempt session cookies",
            fix: "Set the cookie without Expires and Max-Age, or declare the real lifetime.",
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

impl SessionBecamePersistent {
    fn finding(&self, context: &Context<'_>, item: &Sightings<'_>) -> Option<Finding> {
        let known = item.known()?;
        if known.entry.expires != Expires::Session {
            return None;
        }
        let asked = longest(context, item, known.entry)?;
        let says = Says {
            message: format!(
                "{} is declared for the session, but is to be kept for {}",
                describe(item.key, Some(known)),
                lifetime(asked.seconds)
            ),
            help: self.doc().fix.to_owned(),
        };
        let declared = format!("{} declares session", known.entry.name.text);
        Some(
            FindingBuilder::new(self, Severity::Error, Confidence::Confirmed, says)
                .seen_in(asked.scenario, Some(asked.phase))
                .about(item.key)
                .proven_by(asked.proof)
                .and(asked.cause)
                .and([catalogue_says(declared, known.provider, known.entry)])
                .build(),
        )
    }
}
