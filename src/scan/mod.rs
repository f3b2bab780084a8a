//! One target from end to end: visits side by side, then classification, checks and the verdict.
//!
//! [`visit_all`] is the only part that waits for something. [`judge`] and [`assemble`] are pure, so a
//! recording judged again comes to the same report.

mod contrast;
mod items;
mod judge;
mod predicted;
pub mod questions;
mod runs;
mod settle;
mod signals;
mod verdict;

use futures_util::future::try_join_all;

use crate::catalogue::Catalogue;
use crate::consent::recipe::Recipe;
use crate::engine::{Engine, EngineError};
use crate::model::choice::ChoiceState;
use crate::model::finding::{Class, Severity};
use crate::model::redact::Redactor;
use crate::model::report::{Report, Summary, TargetReport, Tool, Verdict};
use crate::model::scenario::ScenarioId;
use crate::model::target::Target;
use crate::model::visit::{Clock, Visit};
use crate::profile::Profile;

pub use judge::{add_policy, judge};
pub use settle::{Remarks, Settled, settle};

/// From which severity on a confirmed finding makes the verdict `fail`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FailOn {
    /// Errors.
    Error,
    /// Warnings and errors.
    Warn,
    /// Nothing does.
    Never,
}

/// What a target is judged by.
#[derive(Debug, Clone, Copy)]
pub struct Rules<'a> {
    /// Names of items.
    pub catalogue: &'a Catalogue,
    /// The jurisdiction.
    pub profile: &'a Profile,
    /// Consent platforms, and where they keep the choice.
    pub recipes: &'a [Recipe],
    /// When to fail.
    pub fail_on: FailOn,
    /// How values are shown.
    pub redactor: &'a Redactor,
}

/// Visits a target with every scenario, side by side, and returns the recordings in scenario order,
/// each scenario once. Where the acceptance is visited too, `withdraw` follows it, and is left out if
/// nothing was accepted.
///
/// # Errors
/// [`EngineError`] if a visit could not be attempted at all. What keeps one from being attempted
/// (no browser, unusable options) keeps all of them.
pub async fn visit_all(
    engine: &dyn Engine,
    target: &Target,
    scenarios: &[ScenarioId],
) -> Result<Vec<Visit>, EngineError> {
    let asked = ScenarioId::ALL
        .into_iter()
        .filter(|scenario| scenarios.contains(scenario));
    let follows = scenarios.contains(&ScenarioId::Accept);
    let (later, at_once): (Vec<_>, Vec<_>) =
        asked.partition(|scenario| follows && *scenario == ScenarioId::Withdraw);
    let later = &later;
    let visits = at_once.into_iter().map(|scenario| async move {
        let visit = engine.visit(target, scenario).await?;
        let more = if scenario == ScenarioId::Accept && accepted_something(&visit) {
            try_join_all(later.iter().map(|next| engine.visit(target, *next))).await?
        } else {
            Vec::new()
        };
        Ok::<_, EngineError>((visit, more))
    });
    let (mut visits, more): (Vec<_>, Vec<_>) = try_join_all(visits).await?.into_iter().unzip();
    visits.extend(more.into_iter().flatten());
    visits.sort_by_key(|visit| visit.scenario);
    for changed in contrast::tell_apart(&mut visits) {
        engine.compared(target, &visits[changed]);
    }
    Ok(visits)
}

/// Which of the scenarios asked for these visits of one target lack. As in [`visit_all`], there is
/// nothing to withdraw where nothing was accepted.
#[must_use]
pub fn missing(asked: &[ScenarioId], visits: &[Visit]) -> Vec<ScenarioId> {
    let made = |scenario| visits.iter().find(|visit| visit.scenario == scenario);
    let follows = asked.contains(&ScenarioId::Accept);
    let left_out = |scenario| {
        let accepted = made(ScenarioId::Accept).is_none_or(accepted_something);
        follows && scenario == ScenarioId::Withdraw && !accepted
    };
    ScenarioId::ALL
        .into_iter()
        .filter(|scenario| asked.contains(scenario))
        .filter(|scenario| made(*scenario).is_none() && !left_out(*scenario))
        .collect()
}

/// Adds a reason for which a target cannot pass.
pub fn add_doubt(report: &mut TargetReport, doubt: String) {
    report.verdict = report.verdict.and(Verdict::Inconclusive);
    report.reasons.push(doubt);
}

/// Whether there is something to withdraw: what was not shown to be accepted cannot be taken back.
fn accepted_something(visit: &Visit) -> bool {
    visit.choice.state == ChoiceState::Proven && visit.clock != Clock::None
}

/// Puts the targets' reports together. `started` is RFC 3339 in UTC.
#[must_use]
pub fn assemble(targets: Vec<TargetReport>, profile: &Profile, started: String) -> Report {
    let verdicts = targets.iter().map(|target| target.verdict);
    Report {
        tool: Tool::this(),
        started,
        profile: profile.id.clone(),
        // A run that judged nothing has shown nothing.
        verdict: verdicts
            .reduce(Verdict::and)
            .unwrap_or(Verdict::Inconclusive),
        summary: summary(&targets),
        targets,
    }
}

fn summary(targets: &[TargetReport]) -> Summary {
    let with = |verdict| targets.iter().filter(|t| t.verdict == verdict).count();
    let about_sites = |severity: Severity| {
        let findings = targets.iter().flat_map(|t| &t.findings);
        findings
            .filter(|f| f.class == Class::Judgement && f.severity == severity)
            .count()
    };
    Summary {
        targets: targets.len(),
        pass: with(Verdict::Pass),
        fail: with(Verdict::Fail),
        inconclusive: with(Verdict::Inconclusive),
        errors: about_sites(Severity::Error),
        warnings: about_sites(Severity::Warn),
        infos: about_sites(Severity::Info),
        items: targets.iter().map(|t| t.items.len()).sum(),
    }
}
