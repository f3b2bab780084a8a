//! `preconsent scan`: visits, judges, reports.

use anyhow::{Result, bail};
use preconsent::batch;
use preconsent::model::role::Role;
use preconsent::model::scenario::ScenarioId;
use preconsent::store::manifest::Manifest;

use super::Context;
use crate::args::{EngineArg, RecordArgs};
use crate::browser::browser_options;
use crate::choice;
use crate::cli::ScanArgs;
use crate::exit::Exit;
use crate::interrupt::interrupted;
use crate::output::Output;
use crate::policy;
use crate::provenance;
use crate::record::Recorder;
use crate::run::{Progress, Run, now};
use crate::settled::KnownAlready;
use crate::setup::{EngineSetup, Knowledge, engine_options};
use crate::targets;
use crate::values::scenarios;

/// Runs the command.
pub(super) async fn run(mut args: ScanArgs, context: &Context) -> Result<Exit> {
    refuse_a_browser_for_http(&args)?;
    let typed = !args.visit.allow.is_empty();
    let targets = match &args.targets_file {
        Some(file) => targets::read(file)?,
        None => context.config.targets(&args.targets)?,
    };
    fill(&mut args, context);
    let scenarios = scenarios(&args.visit.scenario, &args.visit.allow);
    check_categories(&scenarios, &args.visit.allow, typed)?;
    let output = Output::plan(&args.report, context.color)?;
    let show_values = args.report.show_values.unwrap_or(false);
    let mut knowledge = Knowledge::load(&args.rules, &args.judge, show_values)?;
    let script = choice::for_scan(&args.choice)?;
    choice::learn(&mut knowledge, script.as_ref())?;
    let known = KnownAlready::load(&args.judge, context.config.waivers(), knowledge.fail_on)?;
    let emulation = args.emulation.emulation();
    let mut options = engine_options(&args.visit, &args.network, emulation, &knowledge);
    choice::apply(&mut options, &args.choice, script);
    options.screenshots = args.record.screenshots.unwrap_or(false);
    knowledge.policy =
        policy::load(args.judge.policy.as_deref(), &options, &context.terminal).await?;
    let runs = args.visit.runs.map_or(1, u32::from);
    let manifest = provenance::manifest(now(), &knowledge, &options, &targets, &scenarios, runs);
    let asked = args.visit.engine.unwrap_or(EngineArg::Auto);
    let (setup, warning) = EngineSetup::new(asked, browser_options(&args.browser), options)?;
    if let Some(warning) = warning {
        context.terminal.warn(warning);
    }
    let recorder = recorder(&args.record, manifest, context)?;
    let run = Run {
        targets,
        scenarios,
        runs,
        knowledge: &knowledge,
        setup,
        concurrency: concurrency(&args),
        recorder,
        terminal: &context.terminal,
    };
    scan(&run, &output, &known, context).await
}

/// A configuration may name a browser for other runs; on one command line that makes no sense.
fn refuse_a_browser_for_http(args: &ScanArgs) -> Result<()> {
    let browser = &args.browser;
    let names_browser = browser.browser.is_some()
        || browser.browser_url.is_some()
        || browser.browser_kind.is_some();
    if args.visit.engine == Some(EngineArg::Http) && names_browser {
        bail!(
            "--engine http uses no browser; leave out --browser, --browser-url and --browser-kind, or --engine"
        );
    }
    Ok(())
}

/// What is allowed, and the visitor who allows it, belong together. A configuration may name categories
/// for other runs.
fn check_categories(scenarios: &[ScenarioId], allow: &[Role], typed: bool) -> Result<()> {
    let chooses = scenarios.contains(&ScenarioId::Custom);
    if chooses && allow.is_empty() {
        let words: Vec<&str> = Role::OPTIONAL.iter().map(|role| role.as_str()).collect();
        bail!(
            "the scenario custom does not know what to allow; add --allow with one or more of {}",
            words.join(", ")
        );
    }
    if typed && !chooses {
        bail!(
            "--allow says what the visitor of the scenario custom allows; add custom to --scenario, or \
             leave --allow out"
        );
    }
    Ok(())
}

/// Where the visits are kept, if that was asked for.
fn recorder(args: &RecordArgs, manifest: Manifest, context: &Context) -> Result<Option<Recorder>> {
    let Some(folder) = &args.record else {
        let asked = [
            (args.record_values, "--record-values"),
            (args.screenshots, "--screenshots"),
            (args.har, "--har"),
        ];
        if let Some((_, flag)) = asked.iter().find(|(value, _)| *value == Some(true)) {
            bail!("{flag} says what --record DIR keeps; name the folder as well");
        }
        return Ok(None);
    };
    if args.record_values == Some(true) {
        context.terminal.warn(format_args!(
            "the recordings in {} hold every value in clear; treat them as personal data",
            folder.display()
        ));
    }
    Recorder::new(folder, args, manifest).map(Some)
}

async fn scan(
    run: &Run<'_>,
    output: &Output,
    known: &KnownAlready<'_>,
    context: &Context,
) -> Result<Exit> {
    let started = now();
    let progress = Progress::default();
    let signal = tokio::select! {
        all = run.all(&progress) => { all?; None }
        signal = interrupted() => Some(signal?),
    };
    context.terminal.done();
    if signal.is_some() {
        context.terminal.warn(format_args!(
            "interrupted after {} of {} targets; the others are reported as not visited",
            progress.finished(),
            run.targets.len()
        ));
    }
    let recorded = finish(run.recorder.as_ref(), signal.is_none(), context);
    let mut report = run.report(progress, started, "the scan was interrupted");
    known.settle(&mut report, &context.terminal);
    output.write(&report)?;
    // What could not be kept takes nothing from what was seen: the report comes first.
    recorded?;
    Ok(signal.unwrap_or_else(|| report.verdict.into()))
}

/// Ends the recording, and tells the digest of its manifest.
fn finish(recorder: Option<&Recorder>, complete: bool, context: &Context) -> Result<()> {
    let Some(recorder) = recorder else {
        return Ok(());
    };
    let sha256 = recorder.finish(complete)?;
    context.terminal.note(format_args!(
        "the evidence is in {}; the SHA-256 of its manifest.json is {sha256}",
        recorder.folder().display()
    ));
    Ok(())
}

/// How many targets are visited side by side.
fn concurrency(args: &ScanArgs) -> usize {
    let asked = args.visit.concurrency.map(usize::from);
    asked.unwrap_or_else(batch::default_concurrency)
}

fn fill(args: &mut ScanArgs, context: &Context) {
    let config = &context.config;
    config.visit(&mut args.visit);
    config.choice(&mut args.choice);
    config.record(&mut args.record);
    config.judge(&mut args.judge);
    config.rules(&mut args.rules);
    config.report(&mut args.report);
    config.browser(&mut args.browser);
    config.emulation(&mut args.emulation);
    config.network(&mut args.network);
}
