//! The replay engine: recorded visits instead of a network. `store::recording` reads them from
//! disk; the tests of the checks run on it.

use futures_util::future::BoxFuture;

use super::{Engine, EngineError};
use crate::model::scenario::ScenarioId;
use crate::model::target::Target;
use crate::model::visit::Visit;

/// Plays back recorded visits, whatever the target.
#[derive(Debug, Clone, Default)]
pub struct ReplayEngine {
    visits: Vec<Visit>,
}

impl ReplayEngine {
    /// An engine that knows these visits, at most one per scenario.
    #[must_use]
    pub fn new(visits: Vec<Visit>) -> Self {
        Self { visits }
    }
}

impl Engine for ReplayEngine {
    fn visit<'a>(
        &'a self,
        _target: &'a Target,
        scenario: ScenarioId,
    ) -> BoxFuture<'a, Result<Visit, EngineError>> {
        Box::pin(async move {
            self.visits
                .iter()
                .find(|v| v.scenario == scenario)
                .cloned()
                .ok_or(EngineError::NotRecorded(scenario.as_str()))
        })
    }
}
