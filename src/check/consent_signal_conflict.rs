//! `consent-signal-conflict`: the page tells others something else than the visitor chose.

use super::told::{Held, denials, grants};
use super::{Check, Context, Doc, Outcome, Reach, reach};
use crate::classify::ClassifiedVisit;
use crate::model::choice::Choice;
use crate::model::finding::{Class, Finding, Severity};
use crate::model::scenario::{PhaseId, ScenarioId};

/// The phase that began with the choice stored.
const PHASE: PhaseId = PhaseId::AfterReload;

const REJECTED: Held = Held {
    asked: Choice::Reject,
    phase: PHASE,
    words: ("rejection", "the visitor consents"),
    severity: Severity::Error,
};

/// Nothing is stored against the visitor's will, but the choice does not arrive.
const ACCEPTED: Held = Held {
    asked: Choice::Accept,
    phase: PHASE,
    words: ("acceptance", "the visitor refuses"),
    severity: Severity::Warn,
};

pub(super) struct ConsentSignalConflict;

impl Check for ConsentSignalConflict {
    fn id(&self) -> &'static str {
        "consent-signal-conflict"
    }

    fn class(&self) -> Class {
        Class::Judgement
    }

    fn doc(&self) -> Doc {
        Doc {
            severities: &[Severity::Error, Severity::Warn],
            scenarios: &[ScenarioId::Reject, ScenarioId::Accept],
            what: "After a rejection that is proven and a reload, the page still tells others that the \
                   visitor consents: Google's Consent Mode (the last update, or the parameter gcs of a \
                   request) grants storage, or the TCF interface lists purposes with consent. What the \
                   page says before the reload does not count, nor the parameter gcd, whose letters are \
                   not published. After an acceptance that is proven, the other way round, as a \
                   warning: the last update denies everything, or no purpose has consent.",
            why: "Vendors act on the signal and not on the record. If the two disagree, the refusal \
                  does not reach those whom it concerns.",
            evidence: "The signal with its value, and what proves the choice.",
            source: "GDPR article 7(1) (2016); Matte et al., Do Cookie Banners Respect my Choice? (IEEE \
                     S&P 2020); Google, Consent Mode (2024)",
            fix: "Let the consent platform set every signal, and set them before the first tag runs.",
        }
    }

    fn reach(&self, _: &Context<'_>, visit: &ClassifiedVisit<'_>) -> Reach {
        reach::chosen(visit, &[Choice::Reject, Choice::Accept])
            .and(|| reach::phase(visit.visit, PHASE))
    }

    fn run(&self, context: &Context<'_>) -> Outcome {
        let visits = context.visits.iter().map(|v| v.visit);
        let findings: Vec<Finding> = visits
            .filter_map(|visit| {
                let rejected = REJECTED.against(visit, self, grants);
                rejected.or_else(|| ACCEPTED.against(visit, self, denials))
            })
            .collect();
        findings.into()
    }
}
