//! An engine whose visits belong to one run of several. What keeps visits stands around it, so that it
//! knows of each which run it is from.

use futures_util::future::BoxFuture;

use super::{Engine, EngineError};
use crate::model::scenario::ScenarioId;
use crate::model::target::Target;
use crate::model::visit::Visit;

/// The same engine, for one run.
pub struct OfRun<'e> {
    engine: &'e dyn Engine,
    run: u32,
}

impl<'e> OfRun<'e> {
    /// Puts `run`, counted from 1, on every visit that `engine` makes.
    #[must_use]
    pub fn new(engine: &'e dyn Engine, run: u32) -> Self {
        Self { engine, run }
    }
}

impl Engine for OfRun<'_> {
    fn visit<'a>(
        &'a self,
        target: &'a Target,
        scenario: ScenarioId,
    ) -> BoxFuture<'a, Result<Visit, EngineError>> {
        Box::pin(async move {
            let visit = self.engine.visit(target, scenario).await?;
            Ok(Visit {
                run: self.run,
                ..visit
            })
        })
    }

    fn compared(&self, target: &Target, visit: &Visit) {
        self.engine.compared(target, visit);
    }
}
