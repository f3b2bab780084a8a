//! The http engine: fetches without running scripts.
//!
//! It sees the cookies of every response, redirect hops and subresources included, and finds known
//! providers' code in the HTML and in scripts, from which follows what they would store. Everything
//! else needs a browser, and each visit says so.
//!
//! `client` sends one request, `fetch` follows it to its end, `load` fetches a page with what
//! belongs to it, `visit` makes a scenario of loads and `visiting` keeps what was seen.
//! `cookies` is the jar, `raw` its link to the library; `html`, `page` and `element` read
//! documents, `snippet` finds code.

mod client;
mod cookies;
mod element;
mod fetch;
mod html;
mod load;
mod page;
mod raw;
mod snippet;
mod visit;
mod visiting;

use std::sync::Arc;

use futures_util::future::BoxFuture;

use self::client::Network;
use self::snippet::Finder;
use super::{Engine, EngineError, Options};
use crate::model::scenario::ScenarioId;
use crate::model::target::Target;
use crate::model::visit::Visit;

/// The engine.
#[derive(Debug, Clone)]
pub struct HttpEngine {
    parts: Arc<Parts>,
}

/// What all visits share; none of it remembers a visit.
#[derive(Debug)]
struct Parts {
    network: Network,
    finder: Finder,
    options: Options,
}

impl HttpEngine {
    /// Sets up the client.
    ///
    /// # Errors
    /// [`EngineError::Http`] if that fails.
    pub fn new(options: Options) -> Result<Self, EngineError> {
        let parts = Parts {
            network: Network::new(&options)?,
            finder: Finder::new(&options)?,
            options,
        };
        Ok(Self {
            parts: Arc::new(parts),
        })
    }
}

impl Parts {
    /// What about this engine changes what is seen, as sentences.
    fn settings(&self) -> Vec<String> {
        let mut settings = self.options.settings();
        let emulation = &self.options.emulation;
        if emulation.user_agent.is_none() {
            settings.push(format!(
                "requests carry a browser's user agent, \"{}\"",
                client::user_agent(emulation)
            ));
        }
        settings
    }
}

impl Engine for HttpEngine {
    fn visit<'a>(
        &'a self,
        target: &'a Target,
        scenario: ScenarioId,
    ) -> BoxFuture<'a, Result<Visit, EngineError>> {
        Box::pin(async move { Ok(visit::visit(&self.parts, &target.url, scenario).await) })
    }
}
