//! Checks: each judges the classified visits of one target. One file per check, named after its id.
//!
//! A check is pure: visits, catalogue and profile in, findings and reasons for doubt out. What it
//! could not see or prove it says in [`Outcome::inconclusive`], and of which visits it cannot say
//! anything in [`Check::reach`]; it never passes it over. [`run()`] runs them all. The texts
//! of all checks together are `docs/checks.md` ([`docs::markdown`]).

mod accept_no_effect;
mod attr_rejected;
mod attr_weak;
mod blocked_or_challenged;
mod catalogue_conflict;
mod catalogue_entries;
mod choice_record;
mod consent_record_lifetime;
mod consent_record_mismatch;
mod consent_signal_conflict;
mod declared_not_seen;
mod deprecated_name_seen;
mod dismiss_as_consent;
pub mod docs;
mod documented_otherwise;
mod essential_before_request;
mod essential_claim_implausible;
mod evidence;
mod expiry;
mod expiry_exceeds_browser_cap;
mod expiry_exceeds_declared;
mod expiry_exceeds_policy;
mod expiry_rolling;
mod finding_builder;
mod gpc_ignored;
mod identifier_shared;
mod inaction_as_consent;
mod items;
mod leftover_after_withdrawal;
mod namesake;
mod nondeterministic;
mod partial_choice_ignored;
mod partial_erasure;
pub mod policy;
mod pre_consent_send;
mod pre_consent_storage;
mod re_prompt_too_soon;
mod reach;
mod records;
mod reject_harder;
mod reject_ignored;
mod reject_leftover;
mod respawned_value;
mod rewrite_after_withdrawal;
mod role_mismatch;
mod run;
mod scenario_not_offered;
mod scenario_unverified;
mod sending;
mod session_became_persistent;
mod storage_outlives_declared;
mod told;
mod undeclared_host;
mod undeclared_kind;
mod undeclared_name;
mod value;
mod withdraw_harder;
mod withdraw_unavailable;
mod withdrawal;
mod withdrawal_not_signalled;

pub use self::reach::Reach;
pub use self::run::{Judged, run};

use crate::catalogue::Catalogue;
use crate::classify::ClassifiedVisit;
use crate::consent::recipe::Recipe;
use crate::model::finding::{Class, Finding, Severity};
use crate::model::redact::Redactor;
use crate::model::scenario::ScenarioId;
use crate::model::target::Target;
use crate::profile::Profile;

/// What a check looks at.
pub struct Context<'a> {
    /// The target.
    pub target: &'a Target,
    /// Its visits in scenario order; where they were repeated, those of one run.
    pub visits: &'a [ClassifiedVisit<'a>],
    /// The visits of all runs, each run's in scenario order.
    pub runs: &'a [Vec<ClassifiedVisit<'a>>],
    /// The catalogue they were classified with.
    pub catalogue: &'a Catalogue,
    /// The jurisdiction.
    pub profile: &'a Profile,
    /// Consent platforms, and where they keep the choice.
    pub recipes: &'a [Recipe],
    /// Makes values presentable.
    pub redactor: &'a Redactor,
}

/// What a check comes to.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Outcome {
    /// What it found.
    pub findings: Vec<Finding>,
    /// Why it could not judge a part, one sentence each; makes the verdict inconclusive.
    pub inconclusive: Vec<String>,
}

impl From<Vec<Finding>> for Outcome {
    fn from(findings: Vec<Finding>) -> Self {
        Self {
            findings,
            inconclusive: Vec::new(),
        }
    }
}

/// The text of a check for people; `docs/checks.md` and `rules explain` are made from it.
#[derive(Debug, Clone, Copy)]
pub struct Doc {
    /// How bad its findings can be, the worst first; a profile may say otherwise.
    pub severities: &'static [Severity],
    /// The scenarios whose visits it can judge.
    pub scenarios: &'static [ScenarioId],
    /// What it looks for.
    pub what: &'static str,
    /// Why it matters.
    pub why: &'static str,
    /// What it needs to see before it speaks.
    pub evidence: &'static str,
    /// Where the rule comes from, with year.
    pub source: &'static str,
    /// What the site's owner can do.
    pub fix: &'static str,
}

/// A check.
pub trait Check: Sync {
    /// Its id: file name, test name, word in the report.
    fn id(&self) -> &'static str;
    /// About the site, or about the run.
    fn class(&self) -> Class;
    /// Its text.
    fn doc(&self) -> Doc;
    /// Whether it can judge this visit, and if not, why.
    fn reach(&self, context: &Context<'_>, visit: &ClassifiedVisit<'_>) -> Reach;
    /// Whether it judges the runs together and not each by itself.
    fn compares_runs(&self) -> bool {
        false
    }
    /// Judges all visits together.
    fn run(&self, context: &Context<'_>) -> Outcome;
}

/// Every check, in report order.
pub const ALL: &[&dyn Check] = &[
    &pre_consent_storage::PreConsentStorage,
    &pre_consent_send::PreConsentSend,
    &essential_before_request::EssentialBeforeRequest,
    &inaction_as_consent::InactionAsConsent,
    &dismiss_as_consent::DismissAsConsent,
    &reject_ignored::RejectIgnored,
    &reject_leftover::RejectLeftover,
    &partial_choice_ignored::PartialChoiceIgnored,
    &consent_record_mismatch::ConsentRecordMismatch,
    &consent_signal_conflict::ConsentSignalConflict,
    &accept_no_effect::AcceptNoEffect,
    &leftover_after_withdrawal::LeftoverAfterWithdrawal,
    &rewrite_after_withdrawal::RewriteAfterWithdrawal,
    &respawned_value::RespawnedValue,
    &partial_erasure::PartialErasure,
    &withdraw_unavailable::WithdrawUnavailable,
    &withdraw_harder::WithdrawHarder,
    &withdrawal_not_signalled::WithdrawalNotSignalled,
    &undeclared_name::UndeclaredName,
    &undeclared_kind::UndeclaredKind,
    &undeclared_host::UndeclaredHost,
    &declared_not_seen::DeclaredNotSeen,
    &deprecated_name_seen::DeprecatedNameSeen,
    &documented_otherwise::DocumentedOtherwise,
    &expiry_exceeds_declared::ExpiryExceedsDeclared,
    &session_became_persistent::SessionBecamePersistent,
    &expiry_exceeds_policy::ExpiryExceedsPolicy,
    &expiry_exceeds_browser_cap::ExpiryExceedsBrowserCap,
    &expiry_rolling::ExpiryRolling,
    &storage_outlives_declared::StorageOutlivesDeclared,
    &consent_record_lifetime::ConsentRecordLifetime,
    &re_prompt_too_soon::RePromptTooSoon,
    &role_mismatch::RoleMismatch,
    &essential_claim_implausible::EssentialClaimImplausible,
    &identifier_shared::IdentifierShared,
    &attr_rejected::AttrRejected,
    &attr_weak::AttrWeak,
    &gpc_ignored::GpcIgnored,
    &reject_harder::RejectHarder,
    &catalogue_conflict::CatalogueConflict,
    &catalogue_entries::UNCLASSIFIED,
    &catalogue_entries::EXPIRY_MISSING,
    &catalogue_entries::EXPIRY_IMPLAUSIBLE,
    &scenario_unverified::ScenarioUnverified,
    &scenario_not_offered::ScenarioNotOffered,
    &nondeterministic::Nondeterministic,
    &blocked_or_challenged::BlockedOrChallenged,
];
