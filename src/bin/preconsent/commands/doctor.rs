//! `preconsent doctor`: whether this machine can scan. Finds the browser, starts it, visits a page of
//! its own with it, and says what to do where one of these fails.
//!
//! It ends with 0 when a scan would work as things are, and otherwise with 2, as the scan would.

use std::fmt::Write as _;
use std::time::{Duration, Instant};

use anyhow::Result;
use preconsent::engine::browser::{BrowserEngine, BrowserOptions, BrowserSource, find};
use preconsent::engine::{EngineError, Options};
use preconsent::model::scenario::ScenarioId;
use preconsent::model::target::{Place, Target};
use preconsent::scan;
use preconsent::testsite::TestSite;

use super::Context;
use crate::args::BrowserArgs;
use crate::browser::browser_options;
use crate::cli::DoctorArgs;
use crate::exit::Exit;
use crate::output::print;
use crate::terminal::clean;

/// The page that is visited: one of the bundled shops.
const PAGE: &str = "https://compliant.shop.test/";

/// What to install where there is no browser.
const INSTALL: &str = "\
  install Chrome or Chromium:
    Debian, Ubuntu   sudo apt-get install chromium
    Fedora           sudo dnf install chromium
    Arch             sudo pacman -S chromium
    macOS            brew install --cask chromium
    Windows          winget install Google.Chrome
  or name one: --browser PATH, PRECONSENT_BROWSER, CHROME_PATH; or --browser-url for a running one";

/// A visit of the bundled page that takes longer than this is no sign of health.
const SLOW_S: f64 = 10.0;

const READY: &str = "ready to scan";
const SLOW: &str = "ready to scan, but slow: expect visits that end early";
const NOT_READY: &str = "not ready: a scan with a browser would end with 2; --engine http needs none, but sees nothing that scripts store";

/// Lines of `label  text`, and whether all is well.
struct Diagnosis {
    text: String,
    usable: bool,
    slow: bool,
}

impl Diagnosis {
    fn line(&mut self, label: &str, text: &str) {
        let _ = writeln!(self.text, "{label:<14} {}", clean(text));
    }

    fn problem(&mut self, label: &str, text: &str) {
        self.usable = false;
        self.line(label, text);
    }
}

/// Runs the command.
pub(super) async fn run(mut args: DoctorArgs, context: &Context) -> Result<Exit> {
    context.config.browser(&mut args.browser);
    let mut diagnosis = Diagnosis {
        text: String::new(),
        usable: true,
        slow: false,
    };
    diagnosis.line("preconsent", env!("CARGO_PKG_VERSION"));
    match browser_options(&args.browser) {
        Ok(options) => {
            describe(&mut diagnosis, &args.browser, &options);
            context.terminal.doing("starting the browser");
            examine(&mut diagnosis, options).await?;
        }
        Err(_) => {
            diagnosis.problem("browser", "none found");
            let _ = writeln!(diagnosis.text, "{INSTALL}");
        }
    }
    let usable = diagnosis.usable;
    diagnosis.text.push('\n');
    let verdict = match (usable, diagnosis.slow) {
        (true, false) => READY,
        (true, true) => SLOW,
        (false, _) => NOT_READY,
    };
    diagnosis.line("verdict", verdict);
    context.terminal.done();
    print(diagnosis.text.as_bytes())?;
    Ok(if usable { Exit::Pass } else { Exit::Usage })
}

/// The browser that a scan would use, and which kinds there are.
fn describe(diagnosis: &mut Diagnosis, args: &BrowserArgs, options: &BrowserOptions) {
    if let Some(url) = &args.browser_url {
        diagnosis.line("browser", &format!("{url} (--browser-url)"));
        return;
    }
    let kinds = [
        (find::Kind::Full, find::find_full()),
        (find::Kind::Shell, find::find_shell()),
    ];
    if let BrowserSource::Program(program) = &options.source {
        let named = find::named(args.browser.clone()).filter(|found| found.path == *program);
        let how = named.map_or_else(|| "found by its name".to_owned(), |found| found.how);
        let kind = find::Kind::of(program).as_str();
        diagnosis.line("browser", &format!("{} ({kind}, {how})", program.display()));
    }
    for (kind, found) in kinds {
        let label = format!("  {}", kind.as_str());
        match found {
            Some(found) => diagnosis.line(&label, &found.path.display().to_string()),
            None => diagnosis.line(&label, "none found"),
        }
    }
}

/// Starts the browser as a scan would, and says what of it works.
async fn examine(diagnosis: &mut Diagnosis, browser: BrowserOptions) -> Result<()> {
    let site = TestSite::start().await?;
    let options = page_options(&site)?;
    match BrowserEngine::start(browser.clone(), options.clone()).await {
        Ok(engine) => {
            diagnosis.line("version", engine.product());
            settings(diagnosis, &engine, &options);
            visit(diagnosis, &engine).await?;
            engine.close().await;
        }
        Err(error) => {
            diagnosis.problem("starts", &error.to_string());
            without_sandbox(diagnosis, browser, options).await;
        }
    }
    Ok(())
}

fn page_options(site: &TestSite) -> Result<Options> {
    Ok(Options {
        resolve: site
            .resolve_args()
            .iter()
            .map(|text| text.parse().map_err(anyhow::Error::msg))
            .collect::<Result<_>>()?,
        insecure: true,
        settle_max: Duration::from_secs(3),
        ..Options::default()
    })
}

/// What a report says about this browser, but for what only this visit has.
fn settings(diagnosis: &mut Diagnosis, engine: &BrowserEngine, options: &Options) {
    let of_visit = options.settings();
    let of_browser = engine.settings().iter().filter(|s| !of_visit.contains(s));
    for (number, setting) in of_browser.enumerate() {
        let label = if number == 0 { "settings" } else { "" };
        diagnosis.line(label, setting);
    }
}

async fn visit(diagnosis: &mut Diagnosis, engine: &BrowserEngine) -> Result<()> {
    let target = Target::parse(PAGE, Place::CommandLine)?;
    let began = Instant::now();
    let visits = scan::visit_all(engine, &target, &[ScenarioId::None]).await;
    let took = began.elapsed().as_secs_f64();
    match visits.as_deref() {
        Ok([visit]) if visit.is_complete() => {
            diagnosis.line("visits a page", &format!("yes, in {took:.1} s"));
            if took > SLOW_S {
                diagnosis.slow = true;
                diagnosis.line(
                    "",
                    "that is slow, a few seconds are usual: this machine is busy or short of memory, \
                     and visits may run into --timeout and --settle-max",
                );
            }
        }
        Ok(visits) => {
            let faults = visits.iter().flat_map(|v| &v.faults);
            let all: Vec<&str> = faults.map(|f| f.message.as_str()).collect();
            diagnosis.problem("visits a page", &format!("no: {}", all.join("; ")));
        }
        Err(error) => diagnosis.problem("visits a page", &format!("no: {error}")),
    }
    Ok(())
}

/// A browser that starts without its sandbox only is the most usual trouble, and has a way out.
async fn without_sandbox(diagnosis: &mut Diagnosis, mut browser: BrowserOptions, options: Options) {
    if browser.no_sandbox || matches!(browser.source, BrowserSource::Url(_)) {
        return;
    }
    browser.no_sandbox = true;
    let started: Result<BrowserEngine, EngineError> = BrowserEngine::start(browser, options).await;
    if let Ok(engine) = started {
        diagnosis.line(
            "sandbox",
            "does not work here; the browser starts with --no-sandbox. Scan only sites you trust that \
             way, or allow unprivileged user namespaces",
        );
        engine.close().await;
    }
}
