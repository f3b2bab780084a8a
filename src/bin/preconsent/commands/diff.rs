//! `preconsent diff`: what came, went or changed between two reports.

use anyhow::Result;
use preconsent::compare::diff::Diff;

use crate::args::LintFormatArg;
use crate::cli::DiffCommand;
use crate::exit::Exit;
use crate::output::print;
use crate::settled::read_report;
use crate::terminal::clean;

/// Runs the command.
pub(super) fn run(args: &DiffCommand) -> Result<Exit> {
    let diff = Diff::between(&read_report(&args.before)?, &read_report(&args.after)?);
    let text = match args.format {
        LintFormatArg::Text => {
            let lines = diff.text();
            let lines: Vec<String> = lines.lines().map(clean).collect();
            lines.join("\n")
        }
        LintFormatArg::Json => serde_json::to_string_pretty(&diff)?,
    };
    print(format!("{text}\n").as_bytes())?;
    Ok(Exit::Pass)
}
