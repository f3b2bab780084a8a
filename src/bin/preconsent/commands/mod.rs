//! The commands, one file each. A command returns how the process ends; an `Err` is printed and
//! means exit code 2.

mod demo;
mod diff;
mod doctor;
mod evidence;
mod explain;
mod import;
mod init;
mod judge;
mod lint;
mod rules;
mod scan;
mod words;

use anyhow::Result;

pub(crate) use self::import::read_list;

use crate::cli::{Cli, Command};
use crate::config::Config;
use crate::exit::Exit;
use crate::interrupt::interrupted;
use crate::terminal::{self, Terminal};

/// What every command gets.
struct Context {
    config: Config,
    terminal: Terminal,
    color: bool,
}

/// Runs the command that was typed.
pub(crate) async fn run(cli: Cli) -> Result<Exit> {
    let terminal = Terminal::new(&cli.global);
    // `init` is how a broken configuration is replaced, so it does not read one.
    if let Command::Init = cli.command {
        return init::run();
    }
    let config = Config::load(cli.global.config.as_deref())?;
    let color = config.color(cli.global.color);
    terminal::set_color(color);
    let context = Context {
        config,
        terminal,
        color: terminal::stdout_color(color),
    };
    let exit = match cli.command {
        Command::Scan(args) => scan::run(*args, &context).await,
        Command::Judge(args) => judge::run(args, &context).await,
        Command::Diff(args) => diff::run(&args),
        Command::Rules(args) => rules::run(args.action, &context),
        Command::Demo(args) => demo::run(args, &context).await,
        Command::Doctor(args) => or_interrupted(doctor::run(args, &context)).await,
        Command::Init => init::run(),
    };
    context.terminal.done();
    exit
}

/// Runs a command until it is done or a signal comes; what it holds is dropped then.
async fn or_interrupted(command: impl Future<Output = Result<Exit>>) -> Result<Exit> {
    tokio::select! {
        exit = command => exit,
        signal = interrupted() => Ok(signal?),
    }
}
