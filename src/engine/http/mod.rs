//! The http engine: fetches without running scripts.

use futures_util::future::BoxFuture;

use super::{Engine, EngineError, Options};
use crate::model::scenario::ScenarioId;
use crate::model::target::Target;
use crate::model::visit::Visit;

/// The engine.
#[derive(Debug)]
pub struct HttpEngine {}

impl HttpEngine {
    /// Sets up the client.
    ///
    /// # Errors
    /// [`EngineError::Http`] if that fails.
    pub fn new(_options: Options) -> Result<Self, EngineError> {
        unimplemented!()
    }
}

impl Engine for HttpEngine {
    fn visit<'a>(
        &'a self,
        _target: &'a Target,
        _scenario: ScenarioId,
    ) -> BoxFuture<'a, Result<Visit, EngineError>> {
        unimplemented!()
    }
}
