//! `essential-before-request`: what is called essential for a service is stored before anyone asked
//! for the service.

use super::evidence::{also_in, catalogue, fact};
use super::finding_builder::{FindingBuilder, Says};
use super::items::{Kept, all, describe, means_essential};
use super::{Check, Context, Doc, Outcome, Reach, reach};
use crate::catalogue::Entry;
use crate::classify::ClassifiedVisit;
use crate::model::finding::{Class, Confidence, Evidence, Finding, Severity};
use crate::model::role::Role;
use crate::model::scenario::{PhaseId, ScenarioId};

pub(super) struct EssentialBeforeRequest;

impl Check for EssentialBeforeRequest {
    fn id(&self) -> &'static str {
        "essential-before-request"
    }

    fn class(&self) -> Class {
        Class::Judgement
    }

    fn doc(&self) -> Doc {
        Doc {
            severities: &[Severity::Warn],
            scenarios: &ScenarioId::ALL,
            what: "A cookie or storage key that its vendor or the catalogue calls essential for a \
                   service (a chat) is stored although the visitor has not asked for the service. \
                   Once the visitor has opened the service (scenario open-widget), what belongs to it \
                   is no longer counted. Services that the profile exempts do not count.",
            why: "What a service needs is exempt only for visitors who asked for it by an act of \
                  their own. Before that the service is not requested, and nothing is necessary \
                  for it.",
            evidence: "The write or the snapshot before the request, the claim in the catalogue, and \
                       whether it is stored in the scenario open-widget too.",
            source: "Article 29 Working Party, Opinion 04/2012 (2012), criterion B; DPC (Ireland), \
                     guidance note on cookies (2020)",
            fix: "Load the service when the visitor asks for it, for example on a click on a bubble \
                  that is only a picture.",
        }
    }

    fn reach(&self, _: &Context<'_>, visit: &ClassifiedVisit<'_>) -> Reach {
        reach::before_choice(visit)
    }

    fn run(&self, context: &Context<'_>) -> Outcome {
        let mut findings: Vec<Finding> = Vec::new();
        for item in all(context) {
            let Some(known) = item.known() else { continue };
            if !is_claim(context, known.entry) {
                continue;
            }
            if let Some(kept) = item.only(|s| s.kept_unasked(Some(known)).is_some()) {
                findings.extend(self.finding(context, &kept));
            }
        }
        findings.into()
    }
}

/// Whether an entry is called essential for a service that must be asked for first.
fn is_claim(context: &Context<'_>, entry: &Entry) -> bool {
    let Some(service) = &entry.service else {
        return false;
    };
    let exempt = context.profile.exempt_services.contains(service);
    let claimed = entry.claimed_role.as_deref().is_some_and(means_essential);
    !exempt && entry.sub_type.is_none() && (claimed || entry.role == Role::Essential)
}

impl EssentialBeforeRequest {
    fn finding(&self, context: &Context<'_>, kept: &Kept<'_>) -> Option<Finding> {
        let known = kept.known?;
        let service = known.entry.service.as_deref()?;
        let story = kept.first.kept_unasked(kept.known)?;
        let says = Says {
            message: format!(
                "{} is called essential for the {service}, but was stored before the visitor asked \
                 for it",
                describe(kept.key, kept.known)
            ),
            help: self.doc().fix.to_owned(),
        };
        let (proof, more) = context.kept(&kept.first, story);
        Some(
            FindingBuilder::new(self, Severity::Warn, Confidence::Confirmed, says)
                .seen_in(kept.first.scenario(), Some(story.phase))
                .about(kept.key)
                .proven_by(proof)
                .and(more)
                .and(also_in("kept unasked", &kept.others))
                .and(with_the_service(context, kept))
                .and([catalogue(known)])
                .build(),
        )
    }
}

/// What became of the item where the visitor did ask.
fn with_the_service(context: &Context<'_>, kept: &Kept<'_>) -> Option<Evidence> {
    let mut visits = context.visits.iter();
    let asked = visits.find(|v| v.visit.scenario == ScenarioId::OpenWidget)?;
    let item = asked.items.iter().find(|i| i.item.key == *kept.key);
    let later = item.and_then(|i| i.item.phase(PhaseId::WidgetOpen));
    let text = match later {
        Some(story) => format!("after the widget was opened: {}", story.presence.as_str()),
        None => "not stored after the widget was opened either".to_owned(),
    };
    Some(fact("present", text))
}
