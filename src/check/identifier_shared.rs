//! `identifier-shared`: the value of the site's own item goes to a third party without consent.

use super::evidence::{catalogue, choice};
use super::finding_builder::{FindingBuilder, Says};
use super::items::{Sightings, all, describe, needs_consent};
use super::sending::{after_refusal, before_choice, is_cookie_header};
use super::{Check, Context, Doc, Outcome, Reach, reach};
use crate::classify::ClassifiedVisit;
use crate::model::finding::{Class, Confidence, Finding, Severity};
use crate::model::item::Party;
use crate::model::scenario::ScenarioId;

pub(super) struct IdentifierShared;

impl Check for IdentifierShared {
    fn id(&self) -> &'static str {
        "identifier-shared"
    }

    fn class(&self) -> Class {
        Class::Judgement
    }

    fn doc(&self) -> Doc {
        Doc {
            severities: &[Severity::Error],
            scenarios: &ScenarioId::ALL,
            what: "The value of a first-party cookie or storage key that needs consent, or the part of \
                   it that tells visitors apart, was sent to a third party in an address, a message or \
                   a socket: as it is, encoded, or as a digest. Before the choice, or on a page that \
                   was loaded after a rejection or withdrawal that is proven. Values of fewer than \
                   eight characters, and those that many visitors share, are not looked for. What \
                   belongs to a service that the visitor asked for does not count from then on.",
            why: "An id in the site's own cookie is as good as a third party's cookie once it is handed \
                  to the third party; browsers that refuse third-party cookies do not stop it.",
            evidence: "The first sending, with the form of the value and what led to it, and the entry.",
            source: "Directive 2002/58/EC (ePrivacy), article 5(3) (as amended 2009); Munir et al., \
                     CookieGraph (2023); Chen et al., Cookie Swap Party (2021)",
            fix: "Hand no stored value to third parties before the visitor accepted its purpose.",
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

impl IdentifierShared {
    fn finding(&self, context: &Context<'_>, item: &Sightings<'_>) -> Option<Finding> {
        let known = needs_consent(context, item)?;
        let own = item
            .seen
            .iter()
            .filter(|s| s.item.item.party == Party::First);
        let (seen, to, when) = own
            .filter_map(|seen| {
                let early = before_choice(seen, Some(known)).find(|to| !is_cookie_header(to));
                let early = early.map(|to| (seen, to, "before any choice"));
                early.or_else(|| {
                    let late = after_refusal(seen).find(|to| !is_cookie_header(to))?;
                    Some((seen, late, "although the visitor had refused"))
                })
            })
            .next()?;
        let says = Says {
            message: format!(
                "the value of {} was sent to {} {when}",
                describe(item.key, Some(known)),
                to.host
            ),
            help: self.doc().fix.to_owned(),
        };
        Some(
            FindingBuilder::new(self, Severity::Error, Confidence::Confirmed, says)
                .seen_in(seen.scenario(), Some(to.phase))
                .about(item.key)
                .proven_by(context.sent_to(to))
                .and(choice(seen.visit.visit))
                .and([catalogue(known), context.not_exempt(known.entry)])
                .build(),
        )
    }
}
