//! The browser engine: a real Chromium over the DevTools protocol.
//!
//! `launch` starts the browser and leaves nothing behind; `cdp` speaks with it; `router` hands
//! each event to its visit; `open` opens a page in a context of its own and `visit` walks through a
//! scenario there, while `watch` keeps what is seen in `collect`. `settle` waits, `choose` makes and proves choices,
//! `snapshot` reads what is stored, `signals` what the page says about consent; `identity` and
//! `emulate` say what the visitor looks like.

mod attach;
mod cdp;
mod choose;
mod clock;
mod collect;
mod contents;
mod emulate;
mod fault;
pub mod find;
mod globals;
mod identity;
mod launch;
mod life;
mod open;
mod page_check;
mod passive;
mod remote;
mod router;
mod screenshot;
mod seed;
mod settle;
mod signals;
mod snapshot;
mod tab;
mod visit;
mod watch;

use std::path::PathBuf;

use futures_util::future::BoxFuture;
use serde_json::{Value, json};
use tokio::sync::OnceCell;

use self::cdp::transport::Wire;
use self::cdp::{CdpError, Connection};
use self::identity::Identity;
use self::launch::Process;
use self::router::Router;
use super::emulation::Emulation;
use super::{Engine, EngineError, Options};
use crate::model::scenario::ScenarioId;
use crate::model::target::Target;
use crate::model::visit::{EngineInfo, Visit};

/// Which browser to use and how.
#[derive(Debug, Clone)]
pub struct BrowserOptions {
    /// Start this program, or connect to a running browser.
    pub source: BrowserSource,
    /// Start this program instead if that one is a headless shell of a version that is not known to
    /// observe the same as a full browser.
    pub instead: Option<PathBuf>,
    /// Whether the browser keeps third-party cookies.
    pub third_party_cookies: bool,
    /// Start without the sandbox although not running as root.
    pub no_sandbox: bool,
}

/// Where the browser comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BrowserSource {
    /// A program to start.
    Program(PathBuf),
    /// A running browser's DevTools address (`ws://…` or `http://host:port`).
    Url(String),
}

/// The engine. One browser serves all its visits, each in a context of its own; visits with Global
/// Privacy Control have another one, because a browser sends it always or never.
pub struct BrowserEngine {
    browser: Browser,
    /// Started with the first visit that needs it.
    gpc: OnceCell<Browser>,
    how: BrowserOptions,
    options: Options,
}

/// A browser that answers.
struct Browser {
    connection: Connection,
    router: Router,
    identity: Identity,
    binding: String,
    info: EngineInfo,
    /// Held for its end: dropping it ends the browser.
    process: Option<Process>,
}

impl BrowserEngine {
    /// Starts the browser or connects to it.
    ///
    /// # Errors
    /// [`EngineError`] if that fails.
    pub async fn start(mut browser: BrowserOptions, options: Options) -> Result<Self, EngineError> {
        let instead = browser.instead.take();
        let mut first = Browser::start(&browser, &options, false).await?;
        if let Some(full) = instead
            && !find::shell_is_equal(&first.info.product)
        {
            end(first.process).await;
            browser.source = BrowserSource::Program(full);
            first = Browser::start(&browser, &options, false).await?;
        }
        Ok(Self {
            browser: first,
            gpc: OnceCell::new(),
            how: browser,
            options,
        })
    }

    /// Product and version, such as `Chrome/156.0.8078.79`.
    #[must_use]
    pub fn product(&self) -> &str {
        &self.browser.info.product
    }

    /// What about this browser changes what is seen, as sentences.
    #[must_use]
    pub fn settings(&self) -> &[String] {
        &self.browser.info.settings
    }

    /// Ends the browser and removes its profile. Dropping does the same.
    pub async fn close(self) {
        end([
            self.browser.process,
            self.gpc.into_inner().and_then(|b| b.process),
        ])
        .await;
    }
}

/// Ends processes. Killing waits for the kernel, which must not hold up other tasks.
async fn end(processes: impl Send + 'static) {
    if let Err(error) = tokio::task::spawn_blocking(move || drop(processes)).await {
        tracing::debug!(%error, "closing the browser");
    }
}

/// Why a browser that was already running makes no visit with Global Privacy Control.
const NO_GPC: &str = "a browser that is already running cannot be told to send Global Privacy Control; \
                      let preconsent start it (--browser instead of --browser-url)";

impl BrowserEngine {
    /// The browser that sends Global Privacy Control, if one can be had.
    async fn with_gpc(&self) -> Result<Option<&Browser>, EngineError> {
        if matches!(self.how.source, BrowserSource::Url(_)) {
            return Ok(None);
        }
        let start = || Browser::start(&self.how, &self.options, true);
        self.gpc.get_or_try_init(start).await.map(Some)
    }
}

impl Engine for BrowserEngine {
    fn visit<'a>(
        &'a self,
        target: &'a Target,
        scenario: ScenarioId,
    ) -> BoxFuture<'a, Result<Visit, EngineError>> {
        Box::pin(async move {
            let browser = match scenario {
                ScenarioId::Gpc => match self.with_gpc().await? {
                    Some(browser) => browser,
                    None => {
                        return Ok(visit::not_made(
                            &self.browser,
                            &self.options,
                            target,
                            scenario,
                            NO_GPC,
                        ));
                    }
                },
                _ => &self.browser,
            };
            Ok(visit::run(browser, &self.options, target, scenario).await)
        })
    }
}

impl Browser {
    /// Starts a browser or connects to one. With `gpc` it sends Global Privacy Control.
    async fn start(
        browser: &BrowserOptions,
        options: &Options,
        gpc: bool,
    ) -> Result<Self, EngineError> {
        let (process, wire, name) = match &browser.source {
            BrowserSource::Program(program) => {
                let program = launch::behind_wrapper(program.clone());
                let (process, wire) = launch::start(&program, browser, options, gpc).await?;
                (Some(process), wire, program.display().to_string())
            }
            BrowserSource::Url(url) => (None, remote::connect(url).await?, url.clone()),
        };
        let mut settings = settings(browser, options);
        if gpc {
            settings.push("Global Privacy Control sent (Sec-GPC: 1)".to_owned());
        }
        Self::greet(process, wire, &name, settings, &options.emulation).await
    }

    /// Asks a new connection who it is and begins to route its events.
    async fn greet(
        process: Option<Process>,
        wire: Wire,
        name: &str,
        settings: Vec<String>,
        emulation: &Emulation,
    ) -> Result<Self, EngineError> {
        let (connection, events) = Connection::new(wire);
        let router = Router::default();
        tokio::spawn(router.clone().run(connection.clone(), events));
        let failed = |error: CdpError| EngineError::Launch {
            path: name.to_owned(),
            reason: launch_reason(&error, process.as_ref()),
        };
        let version = connection
            .call(None, "Browser.getVersion", json!({}))
            .await
            .map_err(failed)?;
        connection
            .call(None, "Target.setAutoAttach", attach::auto_attach(false))
            .await
            .map_err(failed)?;
        let text = |name: &str| version[name].as_str().unwrap_or_default().to_owned();
        let product = text("product").replace("HeadlessChrome", "Chrome");
        Ok(Self {
            identity: Identity::new(&product, &text("userAgent"), emulation),
            binding: random_name(),
            info: EngineInfo {
                name: "browser".to_owned(),
                product,
                settings,
            },
            connection,
            router,
            process,
        })
    }
}

/// What about this browser changes what is seen.
fn settings(browser: &BrowserOptions, options: &Options) -> Vec<String> {
    let mut settings = Vec::new();
    match &browser.source {
        BrowserSource::Program(program) => {
            settings.push(if browser.third_party_cookies {
                "third-party cookies allowed".to_owned()
            } else {
                "third-party cookies blocked".to_owned()
            });
            if find::Kind::of(program) == find::Kind::Shell {
                settings.push("the headless shell instead of the full browser".to_owned());
            }
            if let Some(why) = launch::sandbox_off(browser) {
                settings.push(format!("sandbox off, {why}"));
            }
        }
        BrowserSource::Url(_) => settings.push(
            "a browser that was already running: its own settings decide on third-party cookies, hosts and certificates".to_owned(),
        ),
    }
    settings.extend(options.settings());
    settings
}

/// Why a browser that was started does not answer, with what it printed.
fn launch_reason(error: &CdpError, process: Option<&Process>) -> String {
    let words = process.map(Process::last_words).unwrap_or_default();
    let mut reason = error.to_string();
    if !words.is_empty() {
        reason = format!("{reason}; it printed:\n{words}");
    }
    if words.contains("sandbox") {
        reason.push_str(
            "\nallow unprivileged user namespaces, or pass --no-sandbox if the pages are trusted",
        );
    }
    reason
}

/// A name that no page can guess.
fn random_name() -> String {
    use std::hash::{BuildHasher, RandomState};
    let part = || RandomState::new().hash_one(std::process::id());
    format!("_{:016x}{:016x}", part(), part())
}

/// Reads a DevTools address that a running browser tells over http.
pub(in crate::engine::browser) fn devtools_address(version: &Value) -> Option<String> {
    version["webSocketDebuggerUrl"].as_str().map(str::to_owned)
}
