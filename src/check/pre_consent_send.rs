//! `pre-consent-send`: what is stored is sent to a third party before the visitor chose.

use super::evidence::catalogue;
use super::finding_builder::{FindingBuilder, Says};
use super::items::{Sightings, all, describe, needs_consent};
use super::sending::{before_choice, is_cookie_header};
use super::{Check, Context, Doc, Outcome, Reach, reach};
use crate::classify::ClassifiedVisit;
use crate::model::finding::{Class, Confidence, Finding, Severity};
use crate::model::item::{Party, SentTo};
use crate::model::scenario::ScenarioId;

pub(super) struct PreConsentSend;

impl Check for PreConsentSend {
    fn id(&self) -> &'static str {
        "pre-consent-send"
    }

    fn class(&self) -> Class {
        Class::Judgement
    }

    fn doc(&self) -> Doc {
        Doc {
            severities: &[Severity::Error, Severity::Warn],
            scenarios: &ScenarioId::ALL,
            what: "Before the visitor chose, a cookie that needs consent went to a third party with a \
                   request, or what a third party has stored went to it in an address or a message. \
                   An error if the item is the third party's own, else a warning. Values of the \
                   site's own items in addresses and messages are told by identifier-shared. What \
                   belongs to a service that the visitor asked for does not count from then on.",
            why: "Not only storing needs consent but gaining access to what is stored: a request that \
                  carries a cookie is such an access, each time.",
            evidence: "The first request that carried it, with what led to it, and the entry.",
            source: "Directive 2002/58/EC (ePrivacy), article 5(3) (as amended 2009); EDPB Guidelines \
                     2/2023 (2024)",
            fix: "Ask nothing of the third party before the visitor accepted its purpose.",
        }
    }

    fn reach(&self, _: &Context<'_>, visit: &ClassifiedVisit<'_>) -> Reach {
        reach::before_choice(visit)
    }

    fn run(&self, context: &Context<'_>) -> Outcome {
        let findings: Vec<Finding> = all(context)
            .iter()
            .filter_map(|item| self.finding(context, item))
            .collect();
        findings.into()
    }
}

impl PreConsentSend {
    fn finding(&self, context: &Context<'_>, item: &Sightings<'_>) -> Option<Finding> {
        let known = needs_consent(context, item)?;
        let is_meant = |to: &SentTo, party: Party| is_cookie_header(to) || party == Party::Third;
        let (seen, to) = item.seen.iter().find_map(|seen| {
            let sent =
                before_choice(seen, Some(known)).find(|to| is_meant(to, seen.item.item.party));
            Some((seen, sent?))
        })?;
        let severity = match seen.item.item.party {
            Party::Third => Severity::Error,
            Party::First => Severity::Warn,
        };
        let says = Says {
            message: format!(
                "{} was sent to {} before any choice",
                describe(item.key, Some(known)),
                to.host
            ),
            help: self.doc().fix.to_owned(),
        };
        Some(
            FindingBuilder::new(self, severity, Confidence::Confirmed, says)
                .seen_in(seen.scenario(), Some(to.phase))
                .about(item.key)
                .proven_by(context.sent_to(to))
                .and([catalogue(known), context.not_exempt(known.entry)])
                .build(),
        )
    }
}
