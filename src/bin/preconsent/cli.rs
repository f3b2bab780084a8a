//! The command line: commands, what is global, and the examples of `--help`.
//!
//! The argument groups are in [`crate::args`]; the README shows these texts, and a test compares.

use std::path::PathBuf;

use clap::{ArgAction, Args, Parser, Subcommand};
use preconsent::catalogue::list::Format as ListFormat;

use crate::args::{
    BrowserArgs, ChoiceArgs, ColorArg, EmulationArgs, JudgeArgs, LintFormatArg, NetworkArgs,
    RecordArgs, ReportArgs, RulesArgs, ScriptArgs, VisitArgs,
};
use crate::values::list_format_parser;

const EXAMPLES: &str = "\
Examples:
  preconsent demo                                   see it work on a bundled shop
  preconsent scan https://example.org/              visit, judge, print a table
  preconsent scan example.org -o report.json -o report.md
  preconsent init                                   write a commented preconsent.yaml

Exit codes: 0 pass, 1 findings, 2 usage or configuration, 3 inconclusive.";

const SCAN_EXAMPLES: &str = "\
Examples:
  preconsent scan https://example.org/
  preconsent scan example.org shop.example.org --fail-on warn --format json
  preconsent scan https://staging.example.org/ --resolve staging.example.org:10.0.0.7 --insecure
  preconsent scan example.org --scenario none --pages 5 --record visits/
  preconsent scan example.org --locale de-DE --timezone Europe/Berlin --mobile
  preconsent scan --targets-file shops.txt --concurrency 4 -o report.json
  preconsent scan shop.example.org --consent-script shop.yaml
  preconsent scan example.org --scenario reject --seed-consent reject:cookieconsent_status=deny

Exit codes: 0 pass, 1 findings at or above --fail-on, 2 usage or configuration,
3 inconclusive (nothing failed, but something could not be observed or proven).";

const JUDGE_EXAMPLES: &str = "\
Examples:
  preconsent scan example.org --record visits/
  preconsent judge visits/ --profile eu --rules my-rules/
  preconsent judge visits/001-example.org-none.jsonl.gz";

const DEMO_EXAMPLES: &str = "\
Examples:
  preconsent demo             scan the leaky and the compliant shop, show both reports
  preconsent demo --serve     keep the shops running, and print how to scan each";

/// Tells whether a website stores things on a visitor's device before, against or beyond the
/// visitor's consent.
#[derive(Debug, Parser)]
#[command(name = "preconsent", version, max_term_width = 100, after_help = EXAMPLES)]
pub(crate) struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub(crate) command: Command,
    /// What every command understands.
    #[command(flatten)]
    pub(crate) global: GlobalArgs,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Visit sites as several visitors would, and judge what is stored
    Scan(Box<ScanArgs>),
    /// Judge recorded visits again, offline, with today's rules
    Judge(JudgeCommand),
    /// Show what came, went or changed between two JSON reports
    Diff(DiffCommand),
    /// Show what is known about cookies and storage keys, and what texts of buttons mean
    Rules(RulesCommand),
    /// Scan a bundled shop, once leaky and once compliant, on this machine alone
    Demo(DemoArgs),
    /// Say whether this machine can scan: browser, version, sandbox
    Doctor(DoctorArgs),
    /// Write a commented preconsent.yaml into the current directory
    Init,
}

/// `scan`
#[derive(Debug, Args)]
#[command(after_help = SCAN_EXAMPLES)]
pub(crate) struct ScanArgs {
    /// What to scan; a missing scheme means https
    #[arg(value_name = "URL")]
    pub(crate) targets: Vec<String>,
    /// Scan the URLs in FILE, one per line, # before a comment; - reads standard input
    #[arg(long, short = 'f', value_name = "FILE", conflicts_with = "targets")]
    pub(crate) targets_file: Option<PathBuf>,
    /// What the visitors do.
    #[command(flatten)]
    pub(crate) visit: VisitArgs,
    /// How they choose.
    #[command(flatten)]
    pub(crate) choice: ChoiceArgs,
    /// What is kept of the visits.
    #[command(flatten)]
    pub(crate) record: RecordArgs,
    /// What is judged by.
    #[command(flatten)]
    pub(crate) judge: JudgeArgs,
    /// Rules of the user's.
    #[command(flatten)]
    pub(crate) rules: RulesArgs,
    /// What is written.
    #[command(flatten)]
    pub(crate) report: ReportArgs,
    /// What the visitor looks like.
    #[command(flatten)]
    pub(crate) emulation: EmulationArgs,
    /// Which browser.
    #[command(flatten)]
    pub(crate) browser: BrowserArgs,
    /// Staging sites.
    #[command(flatten)]
    pub(crate) network: NetworkArgs,
}

/// `judge`
#[derive(Debug, Args)]
#[command(after_help = JUDGE_EXAMPLES)]
pub(crate) struct JudgeCommand {
    /// Recordings that `scan --record` wrote, or folders of them; those of one address are judged
    /// together
    #[arg(value_name = "RECORDING|DIR", required = true)]
    pub(crate) recordings: Vec<PathBuf>,
    /// Judge nothing: only compare the folders with their manifests, file by file
    #[arg(long)]
    pub(crate) verify: bool,
    /// The script that the visits were made with.
    #[command(flatten)]
    pub(crate) script: ScriptArgs,
    /// What is judged by.
    #[command(flatten)]
    pub(crate) judge: JudgeArgs,
    /// Rules of the user's.
    #[command(flatten)]
    pub(crate) rules: RulesArgs,
    /// What is written.
    #[command(flatten)]
    pub(crate) report: ReportArgs,
}

const DIFF_EXAMPLES: &str = "\
Exit codes: 0 also where the reports differ, 2 if one of them cannot be read.

Examples:
  preconsent diff last-week.json today.json
  preconsent diff last-week.json today.json --format json";

/// `diff`
#[derive(Debug, Args)]
#[command(after_help = DIFF_EXAMPLES)]
pub(crate) struct DiffCommand {
    /// The report of before
    #[arg(value_name = "BEFORE.json")]
    pub(crate) before: PathBuf,
    /// The report of after
    #[arg(value_name = "AFTER.json")]
    pub(crate) after: PathBuf,
    /// How to print the differences
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub(crate) format: LintFormatArg,
}

/// `rules`
#[derive(Debug, Args)]
pub(crate) struct RulesCommand {
    /// What to show.
    #[command(subcommand)]
    pub(crate) action: RulesAction,
}

/// What the classes mean.
const WORDS_HELP: &str = "\
Each line becomes CLASS<TAB>TEXT, where CLASS is one of
  accept       accepts everything that is asked for
  reject       rejects, or accepts only what is necessary
  settings     leads to a further layer
  save         saves what is ticked
  acknowledge  closes the notice and names no choice (\"OK\", \"Got it\")
  withdraw     takes back a consent given before
  other        none of these, or not understood

Example:
  echo 'Nur notwendige akzeptieren' | preconsent rules words --lang de";

const LINT_HELP: &str = "\
Exit codes: 0 no errors, 2 errors, or something that cannot be read.

Examples:
  preconsent rules lint                                 the built-in catalogue
  preconsent rules lint my-rules/ --format json
  preconsent rules lint --as ocd open-cookie-database.csv";

const IMPORT_HELP: &str = "\
What is left out, and why, is told on standard error: what the catalogue knows already, what rows of
the list say differently, what is like any name. The result loads with --rules.

Examples:
  preconsent rules import ocd open-cookie-database.csv --out my-rules/
  preconsent rules import tcf-device-storage deviceStorage.json > my-rules/vendor.yaml";

const EXPLAIN_HELP: &str = "\
Example:
  preconsent rules explain pre-consent-storage";

/// `rules …`
#[derive(Debug, Subcommand)]
pub(crate) enum RulesAction {
    /// List the providers, one line each
    List {
        /// Rules of the user's.
        #[command(flatten)]
        rules: RulesArgs,
    },
    /// Show all that is known about one provider's items
    Show {
        /// The provider's id, as `rules list` shows it
        #[arg(value_name = "PROVIDER")]
        provider: String,
        /// Rules of the user's.
        #[command(flatten)]
        rules: RulesArgs,
    },
    /// Look for mistakes in a rules directory, in the built-in catalogue, or in a list of cookies
    #[command(after_help = LINT_HELP)]
    Lint {
        /// A rules directory [default: the built-in catalogue]; with --as, a list
        #[arg(value_name = "DIR|FILE")]
        path: Option<PathBuf>,
        /// Read FILE as a list of this format
        #[arg(long = "as", value_name = "FORMAT", requires = "path", value_parser = list_format_parser())]
        list: Option<ListFormat>,
        /// How to print what is found
        #[arg(long, value_name = "FORMAT", default_value = "text")]
        format: LintFormatArg,
        /// Also show notes, which are no mistakes
        #[arg(long)]
        notes: bool,
    },
    /// Make catalogue files of a list of cookies that others keep
    #[command(after_help = IMPORT_HELP)]
    Import {
        /// The format of the list
        #[arg(value_name = "FORMAT", value_parser = list_format_parser())]
        list: ListFormat,
        /// The list
        #[arg(value_name = "FILE")]
        file: PathBuf,
        /// Write one file per provider into DIR instead of one to standard output
        #[arg(long, value_name = "DIR")]
        out: Option<PathBuf>,
        /// Also write what is left out to FILE, as a table separated by tabs
        #[arg(long, value_name = "FILE")]
        dropped: Option<PathBuf>,
        /// Rules of the user's.
        #[command(flatten)]
        rules: RulesArgs,
    },
    /// Print what a check looks for, why, what evidence it needs, and what to do
    #[command(after_help = EXPLAIN_HELP)]
    Explain {
        /// The check's id, as reports show it
        #[arg(value_name = "CHECK")]
        check: String,
    },
    /// Read texts of buttons from standard input, one per line, and print what each means
    #[command(after_help = WORDS_HELP)]
    Words {
        /// Read them by the words of one language alone, such as de or pt-BR
        #[arg(long, value_name = "LANG")]
        lang: Option<String>,
    },
}

/// `demo`
#[derive(Debug, Args)]
#[command(after_help = DEMO_EXAMPLES)]
pub(crate) struct DemoArgs {
    /// Scan nothing: keep the shops running until Ctrl-C, and print how to scan each
    #[arg(long)]
    pub(crate) serve: bool,
    /// Which browser.
    #[command(flatten)]
    pub(crate) browser: BrowserArgs,
}

/// `doctor`
#[derive(Debug, Args)]
pub(crate) struct DoctorArgs {
    /// Which browser.
    #[command(flatten)]
    pub(crate) browser: BrowserArgs,
}

/// What every command understands.
#[derive(Debug, Clone, Default, Args)]
#[command(next_help_heading = "Everywhere")]
pub(crate) struct GlobalArgs {
    /// Read this configuration [default: preconsent.yaml in the current directory, if there is one]
    #[arg(long, global = true, value_name = "FILE")]
    pub(crate) config: Option<PathBuf>,
    /// When to use colour [default: auto]
    #[arg(long, global = true, value_name = "WHEN")]
    pub(crate) color: Option<ColorArg>,
    /// No progress and no warnings on standard error, errors only
    #[arg(long, short, global = true, conflicts_with = "verbose")]
    pub(crate) quiet: bool,
    /// Say more on standard error; -vv says a lot
    #[arg(long, short, global = true, action = ArgAction::Count)]
    pub(crate) verbose: u8,
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_command_line_is_consistent() {
        Cli::command().debug_assert();
    }
}
