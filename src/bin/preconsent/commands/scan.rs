//! `preconsent scan`: visits, judges, reports.

use anyhow::Result;

use super::Context;
use crate::args::EngineArg;
use crate::cli::ScanArgs;
use crate::exit::Exit;
use crate::interrupt::interrupted;
use crate::output::Output;
use crate::record;
use crate::run::{Run, now};
use crate::setup::{EngineSetup, Knowledge, browser_options, engine_options};
use crate::values::scenarios;

/// Runs the command.
pub(super) async fn run(mut args: ScanArgs, context: &Context) -> Result<Exit> {
    let targets = context.config.targets(&args.targets)?;
    fill(&mut args, context);
    let output = Output::plan(&args.report, context.color)?;
    let show_values = args.report.show_values.unwrap_or(false);
    let knowledge = Knowledge::load(&args.rules, &args.judge, show_values)?;
    let options = engine_options(&args.visit, &args.network, &knowledge);
    let asked = args.visit.engine.unwrap_or(EngineArg::Auto);
    let (setup, warning) = EngineSetup::new(asked, browser_options(&args.browser), options)?;
    if let Some(warning) = warning {
        context.terminal.warn(warning);
    }
    if let Some(folder) = &args.visit.record {
        record::prepare(folder)?;
        context.terminal.warn(format_args!(
            "the recordings in {} hold every value in clear; treat them as personal data",
            folder.display()
        ));
    }
    let run = Run {
        targets,
        scenarios: scenarios(&args.visit.scenario),
        knowledge: &knowledge,
        setup,
        record: args.visit.record.clone(),
        terminal: &context.terminal,
    };
    scan(&run, &output, context).await
}

async fn scan(run: &Run<'_>, output: &Output, context: &Context) -> Result<Exit> {
    let started = now();
    let mut finished = Vec::new();
    let signal = tokio::select! {
        all = run.all(&mut finished) => { all?; None }
        signal = interrupted() => Some(signal?),
    };
    context.terminal.done();
    if signal.is_some() {
        context.terminal.warn(format_args!(
            "interrupted after {} of {} targets; the others are reported as not visited",
            finished.len(),
            run.targets.len()
        ));
    }
    let report = run.report(finished, started, "the scan was interrupted");
    output.write(&report)?;
    Ok(signal.unwrap_or_else(|| report.verdict.into()))
}

fn fill(args: &mut ScanArgs, context: &Context) {
    let config = &context.config;
    config.visit(&mut args.visit);
    config.judge(&mut args.judge);
    config.rules(&mut args.rules);
    config.report(&mut args.report);
    config.browser(&mut args.browser);
    config.network(&mut args.network);
}
