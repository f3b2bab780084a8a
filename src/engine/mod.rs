//! Engines: the only code that meets the network. An engine makes one visit and says what it saw.
//!
//! [`browser`] drives a real Chromium, [`http`] fetches without running scripts, [`replay`] plays
//! back a recording. [`run`] numbers the visits where each is made several times.

pub mod browser;
mod challenge;
mod crypto;
pub mod emulation;
pub mod http;
pub mod options;
mod page_facts;
pub mod replay;
mod resolve;
pub mod run;
mod sent_values;

use futures_util::future::BoxFuture;

use crate::model::scenario::ScenarioId;
use crate::model::target::Target;
use crate::model::visit::Visit;

pub use options::Options;

/// Makes visits.
pub trait Engine: Send + Sync {
    /// Makes one visit in a fresh profile. Visits may run side by side.
    ///
    /// A page that cannot be loaded is not an error but a fault on the visit.
    ///
    /// # Errors
    /// [`EngineError`] if no visit could be attempted at all.
    fn visit<'a>(
        &'a self,
        target: &'a Target,
        scenario: ScenarioId,
    ) -> BoxFuture<'a, Result<Visit, EngineError>>;

    /// Hears that one of its visits came to something else once it was compared with the others. Only
    /// what keeps visits has a use for it.
    fn compared(&self, _target: &Target, _visit: &Visit) {}
}

/// Why an engine cannot work at all: this machine or the options are at fault, not the site.
#[derive(Debug, thiserror::Error)]
pub enum EngineError {
    /// No browser was found.
    #[error(
        "no Chrome or Chromium was found; install one (Debian: apt-get install chromium), name it with --browser PATH, or use --engine http"
    )]
    NoBrowser,
    /// No headless shell was found.
    #[error(
        "no headless shell was found; install one (Debian: apt-get install chromium-headless-shell), name it with --browser PATH, or use --browser-kind full"
    )]
    NoShell,
    /// The browser that was asked for is not there or does not start.
    #[error("the browser {path} did not start: {reason}")]
    Launch {
        /// The program or address.
        path: String,
        /// Why, with what it printed.
        reason: String,
    },
    /// The running browser that was asked for does not answer.
    #[error(
        "no browser can be reached at {address}: {reason}; start one with --remote-debugging-port=9222 and name it with --browser-url http://127.0.0.1:9222"
    )]
    Reach {
        /// What was given.
        address: String,
        /// Why.
        reason: String,
    },
    /// The http client could not be made.
    #[error("the http client could not be set up: {0}")]
    Http(String),
    /// A recording does not hold the asked-for visit.
    #[error("the recording holds no visit \"{0}\"")]
    NotRecorded(&'static str),
}
