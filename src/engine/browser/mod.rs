//! The browser engine: a real Chromium over the DevTools protocol.

pub mod find;

use futures_util::future::BoxFuture;

use super::{Engine, EngineError, Options};
use crate::model::scenario::ScenarioId;
use crate::model::target::Target;
use crate::model::visit::Visit;

/// Which browser to use and how.
#[derive(Debug, Clone)]
pub struct BrowserOptions {
    /// Start this program, or connect to a running browser.
    pub source: BrowserSource,
    /// Whether the browser keeps third-party cookies.
    pub third_party_cookies: bool,
    /// Start without the sandbox although not running as root.
    pub no_sandbox: bool,
}

/// Where the browser comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BrowserSource {
    /// A program to start.
    Program(std::path::PathBuf),
    /// A running browser's DevTools address (`ws://…` or `http://host:port`).
    Url(String),
}

/// The engine. One browser serves all its visits, each in a context of its own.
#[derive(Debug)]
pub struct BrowserEngine {}

impl BrowserEngine {
    /// Starts the browser or connects to it.
    ///
    /// # Errors
    /// [`EngineError`] if that fails.
    pub async fn start(_browser: BrowserOptions, _options: Options) -> Result<Self, EngineError> {
        unimplemented!()
    }

    /// Product and version, such as `Chrome/156.0.8078.79`.
    #[must_use]
    pub fn product(&self) -> &str {
        unimplemented!()
    }

    /// Ends the browser and removes its profile. Dropping does the same without waiting.
    pub async fn close(self) {
        unimplemented!()
    }
}

impl Engine for BrowserEngine {
    fn visit<'a>(
        &'a self,
        _target: &'a Target,
        _scenario: ScenarioId,
    ) -> BoxFuture<'a, Result<Visit, EngineError>> {
        unimplemented!()
    }
}
