//! From arguments to what a scan works with: rules that are loaded, and an engine that runs.

use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::time::Duration;
use std::{env, fmt};

use anyhow::{Result, bail};
use futures_util::future::BoxFuture;
use preconsent::batch::Supply;
use preconsent::catalogue::policy::Policy;
use preconsent::catalogue::{self, Catalogue};
use preconsent::check;
use preconsent::consent::recipe::{self, Recipe};
use preconsent::engine::browser::{BrowserEngine, BrowserOptions, BrowserSource};
use preconsent::engine::emulation::Emulation;
use preconsent::engine::http::HttpEngine;
use preconsent::engine::options::{SettleHint, SnippetPattern, WidgetHint};
use preconsent::engine::{Engine, EngineError, Options};
use preconsent::model::redact::Redactor;
use preconsent::model::report::TargetReport;
use preconsent::model::target::Target;
use preconsent::model::visit::Visit;
use preconsent::profile::{self, Profile};
use preconsent::scan::{self, FailOn, Rules};

use crate::args::{EngineArg, FailOnArg, JudgeArgs, NetworkArgs, RulesArgs, VisitArgs};
use crate::config::is_profile_file;

/// The profile a scan is judged by when none is asked for.
const DEFAULT_PROFILE: &str = "eu";

/// Everything a target is judged by.
#[derive(Debug)]
pub(crate) struct Knowledge {
    pub(crate) catalogue: Catalogue,
    pub(crate) recipes: Vec<Recipe>,
    pub(crate) profile: Profile,
    /// The site's own policy, where one was named.
    pub(crate) policy: Option<Policy>,
    pub(crate) fail_on: FailOn,
    show_values: bool,
    key: RedactKey,
}

/// What the digests of values are keyed with, besides the host. Its `Debug` form does not show it.
struct RedactKey(Vec<u8>);

impl RedactKey {
    /// The variable that a key of the user's is read from.
    const VARIABLE: &str = "PRECONSENT_REDACT_KEY";

    /// The key of the environment, or the public one where none is set.
    fn of(set: Option<&OsStr>) -> Result<Self> {
        match set {
            None => Ok(Self(b"preconsent".to_vec())),
            Some(key) if key.is_empty() => bail!(
                "{} is set and empty, so that there is no key; give it one, or unset it for the \
                 public key",
                Self::VARIABLE
            ),
            Some(key) => Ok(Self(key.as_encoded_bytes().to_vec())),
        }
    }
}

impl fmt::Debug for RedactKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RedactKey")
    }
}

impl Knowledge {
    /// Loads the embedded rules and those of the user.
    pub(crate) fn load(rules: &RulesArgs, judge: &JudgeArgs, show_values: bool) -> Result<Self> {
        Ok(Self {
            catalogue: load_catalogue(rules)?,
            recipes: load_recipes(rules)?,
            policy: None,
            profile: load_profile(judge.profile.as_deref().unwrap_or(DEFAULT_PROFILE))?,
            fail_on: match judge.fail_on.unwrap_or(FailOnArg::Error) {
                FailOnArg::Error => FailOn::Error,
                FailOnArg::Warn => FailOn::Warn,
                FailOnArg::Never => FailOn::Never,
            },
            show_values,
            key: RedactKey::of(env::var_os(RedactKey::VARIABLE).as_deref())?,
        })
    }

    /// The redactor of one target. Its digests are keyed with the user's key and the target's host:
    /// equal values can be compared between the visits and the scans of a site, but not between sites.
    pub(crate) fn redactor(&self, target: &Target) -> Redactor {
        let host = target.url.host_str().unwrap_or_default();
        let key = [&self.key.0, &b":"[..], host.as_bytes()].concat();
        Redactor::new(&key, self.show_values)
    }

    /// Judges the visits of a target, by the policy as well where there is one.
    pub(crate) fn judge(&self, target: &Target, visits: &[Visit]) -> TargetReport {
        let redactor = self.redactor(target);
        let rules = self.rules(&redactor);
        let mut report = scan::judge(target, visits, &rules);
        if let Some(policy) = &self.policy {
            scan::add_policy(&mut report, target, visits, policy, &rules);
        }
        report
    }

    /// What the library judges by.
    pub(crate) fn rules<'a>(&'a self, redactor: &'a Redactor) -> Rules<'a> {
        Rules {
            catalogue: &self.catalogue,
            profile: &self.profile,
            recipes: &self.recipes,
            fail_on: self.fail_on,
            redactor,
        }
    }
}

/// The embedded catalogue with the user's additions.
pub(crate) fn load_catalogue(rules: &RulesArgs) -> Result<Catalogue> {
    let mut catalogue = catalogue::builtin::catalogue();
    for directory in &rules.rules {
        catalogue = catalogue::load::add_directory(catalogue, directory)?;
    }
    Ok(catalogue)
}

fn load_recipes(rules: &RulesArgs) -> Result<Vec<Recipe>> {
    let mut recipes = recipe::builtin();
    for directory in &rules.rules {
        recipes = recipe::add_directory(recipes, directory)?;
    }
    Ok(recipes)
}

fn load_profile(asked: &str) -> Result<Profile> {
    Ok(if is_profile_file(asked) {
        let checks: Vec<&str> = check::ALL.iter().map(|c| c.id()).collect();
        profile::from_file(asked.as_ref(), &checks)?
    } else {
        profile::builtin(asked)?
    })
}

/// How to start the engine, as often as that is needed.
#[derive(Debug, Clone)]
pub(crate) struct EngineSetup {
    /// `None` for the http engine.
    browser: Option<BrowserOptions>,
    options: Options,
}

impl EngineSetup {
    /// Decides on the engine. The second value is a warning about what it cannot see.
    pub(crate) fn new(
        asked: EngineArg,
        browser: Result<BrowserOptions, EngineError>,
        options: Options,
    ) -> Result<(Self, Option<&'static str>)> {
        let (browser, warning) = match (asked, browser) {
            (EngineArg::Http, _) => (None, None),
            (_, Ok(found)) => (Some(found), None),
            (EngineArg::Auto, Err(EngineError::NoBrowser)) => (None, Some(HTTP_ONLY)),
            (_, Err(error)) => return Err(error.into()),
        };
        check(browser.as_ref(), &options)?;
        Ok((Self { browser, options }, warning))
    }
}

impl Supply for EngineSetup {
    type Warm = Running;

    fn start(&self) -> BoxFuture<'_, Result<Running, EngineError>> {
        Box::pin(async {
            Ok(match &self.browser {
                Some(browser) => {
                    let started = BrowserEngine::start(browser.clone(), self.options.clone());
                    Running::Browser(Box::new(started.await?))
                }
                None => Running::Http(HttpEngine::new(self.options.clone())?),
            })
        })
    }

    fn engine<'w>(&self, warm: &'w Running) -> &'w dyn Engine {
        match warm {
            Running::Browser(engine) => engine.as_ref(),
            Running::Http(engine) => engine,
        }
    }

    fn close(&self, warm: Running) -> BoxFuture<'_, ()> {
        Box::pin(async {
            if let Running::Browser(engine) = warm {
                engine.close().await;
            }
        })
    }
}

/// Whether the engine can do what is asked for. What it cannot do must not be passed over.
fn check(browser: Option<&BrowserOptions>, options: &Options) -> Result<()> {
    let emulation = &options.emulation;
    let needs_browser = emulation.browser_only();
    if browser.is_none() && !needs_browser.is_empty() {
        let (need, them) = match needs_browser.len() {
            1 => ("needs", "it"),
            _ => ("need", "them"),
        };
        bail!(
            "{} {need} a browser, and the http engine has none; leave {them} out, or use --engine browser",
            needs_browser.join(" and ")
        );
    }
    if emulation.proxy.is_some() && !options.resolve.is_empty() {
        bail!("--proxy and --resolve exclude each other: a proxy resolves names itself");
    }
    let running = browser.is_some_and(|b| matches!(b.source, BrowserSource::Url(_)));
    if emulation.proxy.is_some() && running {
        bail!(
            "--proxy needs a browser that preconsent starts; give the running one its proxy yourself, \
             and leave --proxy out"
        );
    }
    Ok(())
}

const HTTP_ONLY: &str = "no Chrome or Chromium was found, so pages are only fetched: cookies and storage keys that \
scripts write are not seen, and what needs them is inconclusive; `preconsent doctor` says what to install";

/// An engine at work. Dropping it ends its browser.
pub(crate) enum Running {
    Browser(Box<BrowserEngine>),
    Http(HttpEngine),
}

/// What engines need to know, from the arguments and from the rules.
pub(crate) fn engine_options(
    visit: &VisitArgs,
    network: &NetworkArgs,
    emulation: Emulation,
    knowledge: &Knowledge,
) -> Options {
    let defaults = Options::default();
    let catalogue = &knowledge.catalogue;
    Options {
        resolve: network.resolve.clone(),
        insecure: network.insecure.unwrap_or(defaults.insecure),
        emulation,
        settle_max: visit.settle_max.map_or(defaults.settle_max, |s| s.0),
        page_life: visit.page_life.map_or(defaults.page_life, |s| s.0),
        real_time: visit.real_time.unwrap_or(defaults.real_time),
        load_max: visit.timeout.map_or(defaults.load_max, |s| s.0),
        pages: visit.pages.unwrap_or(defaults.pages),
        screenshots: defaults.screenshots,
        settle_hints: settle_hints(catalogue),
        widgets: widgets(catalogue),
        globals: globals(catalogue),
        snippets: snippets(catalogue),
        recipes: knowledge.recipes.clone(),
        allow: visit.allow.clone(),
    }
}

fn settle_hints(catalogue: &Catalogue) -> Vec<SettleHint> {
    let hints = catalogue.providers.iter().filter_map(|provider| {
        let quiet = Duration::from_millis(provider.settle.quiet_ms?);
        let hosts = provider.hosts.iter().cloned();
        Some(hosts.map(move |host| SettleHint { host, quiet }))
    });
    hints.flatten().collect()
}

fn widgets(catalogue: &Catalogue) -> Vec<WidgetHint> {
    let hints = catalogue.providers.iter().filter_map(|provider| {
        let open = provider.open.as_ref()?;
        Some(WidgetHint {
            provider: provider.id.clone(),
            service: open.service.clone(),
            press: open.press.clone(),
            call: open.call.clone(),
            opened: open.opened.clone(),
        })
    });
    hints.collect()
}

fn globals(catalogue: &Catalogue) -> Vec<String> {
    let all = catalogue
        .providers
        .iter()
        .flat_map(|p| &p.present_if.globals);
    all.cloned().collect::<BTreeSet<_>>().into_iter().collect()
}

fn snippets(catalogue: &Catalogue) -> Vec<SnippetPattern> {
    let all = catalogue
        .snippets()
        .map(|(provider, regex)| SnippetPattern {
            provider: provider.to_owned(),
            regex: regex.clone(),
        });
    all.collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::args::BrowserArgs;
    use crate::browser::browser_options;

    fn some() -> Result<BrowserOptions, EngineError> {
        browser_options(&BrowserArgs {
            browser: Some("chromium".into()),
            ..BrowserArgs::default()
        })
    }

    fn decide(
        asked: EngineArg,
        browser: Result<BrowserOptions, EngineError>,
    ) -> Option<(bool, bool)> {
        let decided = EngineSetup::new(asked, browser, Options::default());
        let (setup, warning) = decided.ok()?;
        Some((setup.browser.is_some(), warning.is_some()))
    }

    #[test]
    fn auto_takes_http_only_where_there_is_no_browser_and_says_so() {
        let (browser, http, http_and_says_so) = ((true, false), (false, false), (false, true));
        for (asked, found, without) in [
            (EngineArg::Auto, browser, Some(http_and_says_so)),
            (EngineArg::Browser, browser, None),
            (EngineArg::Http, http, Some(http)),
        ] {
            assert_eq!(decide(asked, some()), Some(found), "{asked:?}");
            let none = Err(EngineError::NoBrowser);
            assert_eq!(decide(asked, none), without, "{asked:?}");
        }
    }

    #[test]
    fn a_browser_that_was_asked_for_is_never_replaced_by_http() {
        let broken = || {
            Err(EngineError::Launch {
                path: "chromium".into(),
                reason: "it ended".into(),
            })
        };
        for asked in [EngineArg::Auto, EngineArg::Browser] {
            assert_eq!(decide(asked, broken()), None, "{asked:?}");
        }
    }

    #[test]
    fn engines_learn_from_the_catalogue_what_to_look_for() {
        let none = (RulesArgs::default(), JudgeArgs::default());
        let knowledge = Knowledge::load(&none.0, &none.1, false).expect("the embedded rules");
        let (visit, network) = (VisitArgs::default(), NetworkArgs::default());
        let options = engine_options(&visit, &network, Emulation::default(), &knowledge);
        assert!(options.settle_hints.iter().any(|h| h.host == "*.tawk.to"));
        assert!(options.globals.iter().any(|g| g == "Tawk_API"));
        assert!(options.snippets.iter().any(|s| s.provider == "tawk"));
        assert!(options.recipes.iter().any(|r| r.id == "klaro"));
    }
}
