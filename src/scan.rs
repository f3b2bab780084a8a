//! One target from end to end: visits side by side, then classification, checks and the verdict.

use crate::catalogue::Catalogue;
use crate::engine::{Engine, EngineError};
use crate::model::redact::Redactor;
use crate::model::report::{Report, TargetReport};
use crate::model::scenario::ScenarioId;
use crate::model::target::Target;
use crate::model::visit::Visit;
use crate::profile::Profile;

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
    /// When to fail.
    pub fail_on: FailOn,
    /// How values are shown.
    pub redactor: &'a Redactor,
}

/// Visits a target with every scenario, side by side, and returns the recordings in scenario order.
///
/// # Errors
/// [`EngineError`] if no visit could be attempted at all.
pub async fn visit_all(
    _engine: &dyn Engine,
    _target: &Target,
    _scenarios: &[ScenarioId],
) -> Result<Vec<Visit>, EngineError> {
    unimplemented!()
}

/// Judges recorded visits of one target.
#[must_use]
pub fn judge(_target: &Target, _visits: &[Visit], _rules: &Rules<'_>) -> TargetReport {
    unimplemented!()
}

/// Puts the targets' reports together. `started` is RFC 3339 in UTC.
#[must_use]
pub fn assemble(_targets: Vec<TargetReport>, _profile: &Profile, _started: String) -> Report {
    unimplemented!()
}
