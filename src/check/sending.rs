//! What was sent to whom: the receivers of an item that are no part of the visited site.

use super::Context;
use super::items::Sighting;
use crate::classify::Known;
use crate::model::chain::{Cause, in_words};
use crate::model::choice::{Choice, ChoiceState};
use crate::model::finding::Evidence;
use crate::model::item::SentTo;
use crate::model::scenario::PhaseId;
use crate::model::sent::Carrier;
use crate::model::site::{host_of, same_site};

/// Every sending to a third party, in order of time.
pub(super) fn to_third_parties<'a>(
    seen: &Sighting<'a>,
) -> impl Iterator<Item = &'a SentTo> + use<'a> {
    let page = host_of(seen.visit.visit.final_url.as_str());
    let mut sent: Vec<&SentTo> = seen.item.item.sent_to.iter().collect();
    sent.sort_by_key(|to| to.at_ms);
    sent.into_iter()
        .filter(move |to| !same_site(&to.host, &page))
}

/// Those before any choice, and before the visitor asked for the service that the item belongs to.
pub(super) fn before_choice<'a>(
    seen: &Sighting<'a>,
    known: Option<Known<'a>>,
) -> impl Iterator<Item = &'a SentTo> + use<'a> {
    let seen = *seen;
    to_third_parties(&seen).filter(move |to| seen.is_unasked(known, to.phase))
}

/// Those on pages that were loaded after a rejection or a withdrawal that is proven.
pub(super) fn after_refusal<'a>(seen: &Sighting<'a>) -> impl Iterator<Item = &'a SentTo> + use<'a> {
    let choice = &seen.visit.visit.choice;
    let proven = choice.state == ChoiceState::Proven;
    let phase = match choice.asked {
        Choice::Reject if proven => Some(PhaseId::AfterReload),
        Choice::Withdraw if proven => Some(PhaseId::AfterWithdrawalReload),
        _ => None,
    };
    to_third_parties(seen).filter(move |to| Some(to.phase) == phase)
}

pub(super) fn is_cookie_header(to: &SentTo) -> bool {
    to.carrier == Carrier::CookieHeader
}

impl Context<'_> {
    /// A sending, with what led to it.
    pub(super) fn sent_to(&self, to: &SentTo) -> Evidence {
        let redacted = |cause: &Cause| Cause {
            url: self.redactor.url(&cause.url),
            ..cause.clone()
        };
        let chain: Vec<Cause> = to.chain.iter().map(redacted).collect();
        Evidence {
            kind: "sent".to_owned(),
            at_ms: Some(to.at_ms),
            text: format!(
                "sent to {} in {} ({}, {}), {} times",
                to.host,
                to.phase.as_str(),
                to.carrier.as_str(),
                to.form.as_str(),
                to.count
            ),
            source: (!chain.is_empty()).then(|| in_words(&chain)),
        }
    }
}
