//! `withdrawal-not-signalled`: the page tells others that the visitor consents, who took it back.

use super::told::{Held, grants};
use super::{Check, Context, Doc, Outcome, Reach, reach};
use crate::classify::ClassifiedVisit;
use crate::model::choice::Choice;
use crate::model::finding::{Class, Finding, Severity};
use crate::model::scenario::{PhaseId, ScenarioId};

const WITHDRAWN: Held = Held {
    asked: Choice::Withdraw,
    phase: PhaseId::AfterWithdrawalReload,
    words: ("withdrawal", "the visitor consents"),
    severity: Severity::Error,
};

pub(super) struct WithdrawalNotSignalled;

impl Check for WithdrawalNotSignalled {
    fn id(&self) -> &'static str {
        "withdrawal-not-signalled"
    }

    fn class(&self) -> Class {
        Class::Judgement
    }

    fn doc(&self) -> Doc {
        Doc {
            severities: &[Severity::Error],
            scenarios: &[ScenarioId::Withdraw],
            what: "After a withdrawal that is proven and a reload, the page still tells others that the \
                   visitor consents: Google's Consent Mode (the last update, or the parameter gcs of a \
                   request) grants storage, or the TCF interface lists purposes with consent.",
            why: "Whoever was told of the consent must be told that it has ended; without that they go on \
                  as before.",
            evidence: "The signal with its value, and what proves the withdrawal.",
            source: "GDPR article 7(3) (2016); Kancherla et al., Johnny Can't Revoke Consent Either (2024)",
            fix: "Update every signal when the visitor takes the consent back.",
        }
    }

    fn reach(&self, _: &Context<'_>, visit: &ClassifiedVisit<'_>) -> Reach {
        reach::chosen(visit, &[Choice::Withdraw]).and(|| reach::phase(visit.visit, WITHDRAWN.phase))
    }

    fn run(&self, context: &Context<'_>) -> Outcome {
        let visits = context.visits.iter().map(|v| v.visit);
        let findings: Vec<Finding> = visits
            .filter_map(|visit| WITHDRAWN.against(visit, self, grants))
            .collect();
        findings.into()
    }
}
