//! The `preconsent` command: reads the command line, runs the command, and turns what comes of it
//! into an exit code. All else is in the library or in the modules below.

mod args;
mod browser;
mod choice;
mod cli;
mod commands;
mod config;
mod exit;
mod interrupt;
mod output;
mod policy;
mod provenance;
mod record;
mod run;
mod settled;
mod setup;
mod targets;
mod terminal;
mod values;

use std::process::ExitCode;
use std::time::Duration;

use anyhow::{Context, Result};
use clap::Parser;

use crate::cli::Cli;
use crate::exit::Exit;

/// How long tasks may take to notice that the run is over.
const FAREWELL: Duration = Duration::from_secs(3);

fn main() -> ExitCode {
    terminal::set_panic_hook();
    let exit = run(Cli::parse()).unwrap_or_else(|error| {
        terminal::print_error(&error);
        Exit::Usage
    });
    exit.into()
}

fn run(cli: Cli) -> Result<Exit> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .context("the run could not be set up")?;
    let exit = runtime.block_on(commands::run(cli));
    runtime.shutdown_timeout(FAREWELL);
    exit
}
