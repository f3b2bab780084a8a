//! `preconsent demo`: the bundled shop, scanned leaky and compliant, on this machine alone.
//!
//! It ends with 0 whatever the shops do, since one of them is meant to fail; it says instead what a
//! scan of each would have ended with.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use preconsent::batch;
use preconsent::engine::emulation::Emulation;
use preconsent::model::report::{Report, TargetReport};
use preconsent::model::scenario::ScenarioId;
use preconsent::model::target::{Place, Target};
use preconsent::report::{Format, Style, render};
use preconsent::scan;
use preconsent::testsite::{TestSite, cases};

use super::{Context, or_interrupted};
use crate::args::{BrowserArgs, EngineArg, JudgeArgs, NetworkArgs, RulesArgs, VisitArgs};
use crate::browser::browser_options;
use crate::cli::DemoArgs;
use crate::config::FILE_NAME;
use crate::exit::Exit;
use crate::interrupt::interrupted;
use crate::output::{print, write_file};
use crate::run::{Progress, Run, now};
use crate::setup::{EngineSetup, Knowledge, engine_options};
use crate::terminal::stdout_width;

/// A page of the bundled shop.
struct Page {
    host: &'static str,
    story: &'static str,
}

/// The two pages that are scanned.
const PAGES: [Page; 2] = [
    Page {
        host: "leaky.shop.test",
        story: "A shop that loads the tawk.to chat at once, before the visitor has chosen anything.",
    },
    Page {
        host: "compliant.shop.test",
        story: "The same shop; the chat is loaded only after the visitor has accepted.",
    },
];

/// What the demo has to show.
struct Scanned {
    each: Vec<Report>,
    both: Report,
}

/// Runs the command.
pub(super) async fn run(mut args: DemoArgs, context: &Context) -> Result<Exit> {
    context.config.browser(&mut args.browser);
    let site = TestSite::start()
        .await
        .context("the demo's shops could not be started on this machine")?;
    if args.serve {
        return serve(&site).await;
    }
    or_interrupted(show(&site, &args.browser, context)).await
}

/// Scans both shops and shows what comes of it.
async fn show(site: &TestSite, browser: &BrowserArgs, context: &Context) -> Result<Exit> {
    print(
        b"preconsent demo: one small shop, twice, served and scanned on this machine alone.\n\
          Each is visited by someone who does nothing, someone who rejects, and someone who accepts.\n",
    )?;
    let scanned = scan_both(site, browser, context).await?;
    context.terminal.done();
    for (number, (page, report)) in PAGES.iter().zip(&scanned.each).enumerate() {
        print(&shown(number + 1, page, report, context.color))?;
    }
    let folder = keep(&scanned.both)?;
    print(closing(&folder).as_bytes())?;
    Ok(Exit::Pass)
}

async fn scan_both(site: &TestSite, browser: &BrowserArgs, context: &Context) -> Result<Scanned> {
    let knowledge = Knowledge::load(&RulesArgs::default(), &JudgeArgs::default(), false)?;
    let network = network(site)?;
    let options = engine_options(
        &VisitArgs::default(),
        &network,
        Emulation::default(),
        &knowledge,
    );
    // The http engine would see next to nothing here, so that the demo insists on a browser.
    let (setup, _) = EngineSetup::new(EngineArg::Browser, browser_options(browser), options)?;
    let targets = PAGES
        .iter()
        .map(|page| Target::parse(page.host, Place::CommandLine))
        .collect::<Result<_, _>>()?;
    let run = Run {
        targets,
        scenarios: ScenarioId::DEFAULT.to_vec(),
        runs: 1,
        knowledge: &knowledge,
        setup,
        concurrency: batch::default_concurrency(),
        recorder: None,
        terminal: &context.terminal,
    };
    let started = now();
    let progress = Progress::default();
    run.all(&progress).await?;
    let both = run.report(progress, started.clone(), "the demo was interrupted");
    let alone =
        |t: &TargetReport| scan::assemble(vec![t.clone()], &knowledge.profile, started.clone());
    Ok(Scanned {
        each: both.targets.iter().map(alone).collect(),
        both,
    })
}

/// How to reach the shops, as a user would type it.
fn network(site: &TestSite) -> Result<NetworkArgs> {
    let resolve = site.resolve_args();
    Ok(NetworkArgs {
        resolve: resolve
            .iter()
            .map(|text| text.parse().map_err(anyhow::Error::msg))
            .collect::<Result<_>>()?,
        insecure: Some(true),
    })
}

/// One shop: what it does, its report, and what a scan of it would have ended with.
fn shown(number: usize, page: &Page, report: &Report, color: bool) -> Vec<u8> {
    let style = Style {
        width: stdout_width(),
        color,
    };
    let mut text =
        format!("\n{number}. https://{}/\n   {}\n\n", page.host, page.story).into_bytes();
    text.extend(render(report, Format::Table, style));
    let code = Exit::from(report.verdict).code();
    let verdict = report.verdict.as_str();
    text.extend(format!("\n   A scan of this page exits with {code} ({verdict}).\n").into_bytes());
    text
}

/// Writes both reports into a new folder that stays.
fn keep(report: &Report) -> Result<PathBuf> {
    let folder = tempfile::Builder::new()
        .prefix("preconsent-demo-")
        .tempdir()
        .context("no folder for the demo's reports could be made")?
        .keep();
    write_file(&folder.join("preconsent-demo.md"), report, Format::Markdown)?;
    write_file(&folder.join("preconsent-demo.json"), report, Format::Json)?;
    Ok(folder)
}

fn closing(folder: &Path) -> String {
    format!(
        "\nBoth reports are also in\n  {}\n  {}\n\
         \nNext: preconsent scan https://your-site.example/\n",
        folder.join("preconsent-demo.md").display(),
        folder.join("preconsent-demo.json").display()
    )
}

/// Keeps the pages running until a signal comes, and prints how to scan each.
async fn serve(site: &TestSite) -> Result<Exit> {
    let folder = tempfile::Builder::new()
        .prefix("preconsent-demo-")
        .tempdir();
    let folder = folder.context("no folder for the demo's configuration could be made")?;
    let config = folder.path().join(FILE_NAME);
    std::fs::write(&config, configuration(site))
        .with_context(|| format!("{} cannot be written", config.display()))?;
    print(commands(&config).as_bytes())?;
    interrupted().await?;
    Ok(Exit::Pass)
}

/// How to reach the pages, as a file: typed out, each command would take three lines.
fn configuration(site: &TestSite) -> String {
    let resolve = site.resolve_args();
    let resolve: Vec<String> = resolve.iter().map(|r| format!("\"{r}\"")).collect();
    format!("resolve: [{}]\ninsecure: true\n", resolve.join(", "))
}

fn commands(config: &Path) -> String {
    let mut text = String::from(
        "The pages are served until Ctrl-C. Scan them from another terminal; the comment says what\n\
         each is meant to come to.\n\n",
    );
    for case in cases() {
        let scheme = case.schemes.first().map_or("https", String::as_str);
        let verdict = case.expect.verdict.as_deref().unwrap_or("not judged");
        let _ = writeln!(
            text,
            "preconsent scan --config {} {scheme}://{}.shop.test/  # {verdict}: {}",
            config.display(),
            case.name,
            case.title
        );
    }
    text
}
