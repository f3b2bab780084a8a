//! The arguments that commands share, in groups with headings of their own.
//!
//! Every one is optional here, so that [`crate::config`] can tell what was typed from what was not
//! and fill the gaps from `preconsent.yaml` first and the defaults after.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use preconsent::consent::seed::ChoiceSeed;
use preconsent::engine::emulation::{
    EgressLabel, Emulation, ExtraHeader, Locale, PresetCookie, ProxyAddress, Timezone, UserAgent,
    Viewport,
};
use preconsent::engine::options::Resolve;
use preconsent::model::role::Role;
use preconsent::report::Format;
use serde::Deserialize;

use crate::values::{
    Concurrency, Runs, Scenarios, Seconds, category_parser, format_parser, scenario_parser,
};

/// What the visitors do.
#[derive(Debug, Clone, Default, Args)]
#[command(next_help_heading = "Visits")]
pub(crate) struct VisitArgs {
    /// What visitors do; repeat or separate with commas; all makes every visit there is [default:
    /// none,reject,accept, and withdraw where accept worked]
    #[arg(long, value_name = "SCENARIO", value_delimiter = ',', value_parser = scenario_parser())]
    pub(crate) scenario: Vec<Scenarios>,
    /// What the visitor of the scenario custom allows on the banner; all else is refused; repeat or
    /// separate with commas
    #[arg(long, value_name = "CATEGORY", value_delimiter = ',', value_parser = category_parser())]
    pub(crate) allow: Vec<Role>,
    /// Make every visit so many times: what not most of them show is likely and no more [default: 1]
    #[arg(long, value_name = "N")]
    pub(crate) runs: Option<Runs>,
    /// How many same-site links the visitor who does nothing follows [default: 0]
    #[arg(long, value_name = "N")]
    pub(crate) pages: Option<u32>,
    /// Who looks: a real browser, or http, which runs no scripts; auto is http only where there is no
    /// browser [default: auto]
    #[arg(long, value_name = "ENGINE")]
    pub(crate) engine: Option<EngineArg>,
    /// Longest wait for a page to become quiet, in seconds or as 10s [default: 10]
    #[arg(long, value_name = "SECONDS")]
    pub(crate) settle_max: Option<Seconds>,
    /// How much of its own time a quiet page is then put forward by, so that what it does later is
    /// seen without waiting [default: 30]
    #[arg(long, value_name = "SECONDS")]
    pub(crate) page_life: Option<Seconds>,
    /// Wait all that time instead of putting the page's clock forward; only so are late timers of
    /// workers seen
    #[arg(long, value_name = "BOOL", num_args = 0..=1, require_equals = true,
          default_missing_value = "true", hide_possible_values = true)]
    pub(crate) real_time: Option<bool>,
    /// Longest wait for a page to answer and load [default: 30]
    #[arg(long, value_name = "SECONDS")]
    pub(crate) timeout: Option<Seconds>,
    /// How many targets are visited side by side, each by a browser of its own [default: one per core]
    #[arg(long, value_name = "N")]
    pub(crate) concurrency: Option<Concurrency>,
}

/// The user's own way to choose.
#[derive(Debug, Clone, Default, Args)]
#[command(next_help_heading = "Choice")]
pub(crate) struct ScriptArgs {
    /// Choose as this YAML script says: steps to accept, reject or withdraw, steps before (a login),
    /// and where the site keeps the choice
    #[arg(long, value_name = "FILE")]
    pub(crate) consent_script: Option<PathBuf>,
}

/// How visitors choose.
#[derive(Debug, Clone, Default, Args)]
#[command(next_help_heading = "Choice")]
pub(crate) struct ChoiceArgs {
    /// By a script.
    #[command(flatten)]
    pub(crate) script: ScriptArgs,
    /// Let the script evaluate code in the page (its steps "eval")
    #[arg(long, value_name = "BOOL", num_args = 0..=1, require_equals = true,
          default_missing_value = "true", hide_possible_values = true)]
    pub(crate) allow_eval: Option<bool>,
    /// Store this consent record before the page is loaded instead of choosing on it: CHOICE is
    /// reject or accept, NAME a cookie or, after local:, a key of the local storage; repeatable
    #[arg(long, value_name = "CHOICE:[local:]NAME=VALUE")]
    pub(crate) seed_consent: Vec<ChoiceSeed>,
}

/// What is kept of the visits.
#[derive(Debug, Clone, Default, Args)]
#[command(next_help_heading = "Evidence")]
pub(crate) struct RecordArgs {
    /// Keep each visit as a recording in DIR, for `preconsent judge`
    #[arg(long, value_name = "DIR")]
    pub(crate) record: Option<PathBuf>,
    /// Keep values in recordings as they are instead of their length and digest
    #[arg(long, value_name = "BOOL", num_args = 0..=1, require_equals = true,
          default_missing_value = "true", hide_possible_values = true)]
    pub(crate) record_values: Option<bool>,
    /// Also keep a picture of the page at the end of each phase
    #[arg(long, value_name = "BOOL", num_args = 0..=1, require_equals = true,
          default_missing_value = "true", hide_possible_values = true)]
    pub(crate) screenshots: Option<bool>,
    /// Also keep the traffic of each visit as a HAR file, for developer tools
    #[arg(long, value_name = "BOOL", num_args = 0..=1, require_equals = true,
          default_missing_value = "true", hide_possible_values = true)]
    pub(crate) har: Option<bool>,
}

/// Which browser, and how it is started.
#[derive(Debug, Clone, Default, Args)]
#[command(next_help_heading = "Browser")]
pub(crate) struct BrowserArgs {
    /// The Chrome or Chromium to start [default: PRECONSENT_BROWSER, CHROME_PATH, the usual places]
    #[arg(long, value_name = "PATH", conflicts_with = "browser_url")]
    pub(crate) browser: Option<PathBuf>,
    /// The full browser, or the headless shell, which needs a third of the work; auto takes the shell
    /// where it is known to see the same [default: auto]
    #[arg(long, value_name = "KIND")]
    pub(crate) browser_kind: Option<KindArg>,
    /// Use a running browser at this DevTools address, ws://… or http://host:port
    #[arg(long, value_name = "URL")]
    pub(crate) browser_url: Option<String>,
    /// Start the browser without its sandbox (as root it never has one)
    #[arg(long, value_name = "BOOL", num_args = 0..=1, require_equals = true,
          default_missing_value = "true", hide_possible_values = true)]
    pub(crate) no_sandbox: Option<bool>,
    /// Whether the browser keeps third-party cookies [default: allow]
    #[arg(long, value_name = "MODE")]
    pub(crate) third_party_cookies: Option<ThirdPartyArg>,
}

/// What the visitor is made to look like.
#[derive(Debug, Clone, Default, Args)]
#[command(next_help_heading = "Visitor")]
pub(crate) struct EmulationArgs {
    /// Language and region, such as de-DE, of the browser and of Accept-Language
    #[arg(long, value_name = "LOCALE")]
    pub(crate) locale: Option<Locale>,
    /// Time zone, such as Europe/Berlin
    #[arg(long, value_name = "ZONE")]
    pub(crate) timezone: Option<Timezone>,
    /// Size of the page's area in pixels, such as 1280x800
    #[arg(long, value_name = "WxH")]
    pub(crate) viewport: Option<Viewport>,
    /// Visit as a phone: its user agent, touch, and its viewport unless one is given
    #[arg(long, value_name = "BOOL", num_args = 0..=1, require_equals = true,
          default_missing_value = "true", hide_possible_values = true)]
    pub(crate) mobile: Option<bool>,
    /// Another user agent [default: the browser's own, without "Headless"]
    #[arg(long, value_name = "TEXT")]
    pub(crate) user_agent: Option<UserAgent>,
    /// Send this header to the target's site, never to other sites, also not after a redirect;
    /// repeatable
    #[arg(long, value_name = "NAME: VALUE")]
    pub(crate) header: Vec<ExtraHeader>,
    /// Arrive with this cookie for the target's host; it is not counted as stored by the site unless
    /// the site writes or changes it; repeatable
    #[arg(long, value_name = "NAME=VALUE")]
    pub(crate) cookie: Vec<PresetCookie>,
    /// Go through this proxy: http://host:port, https://host:port or socks5://host:port
    #[arg(long, value_name = "URL")]
    pub(crate) proxy: Option<ProxyAddress>,
    /// Where the scan looks from, in words, for the report
    #[arg(long, value_name = "TEXT")]
    pub(crate) egress_label: Option<EgressLabel>,
}

impl EmulationArgs {
    /// What engines need to know of it.
    pub(crate) fn emulation(&self) -> Emulation {
        Emulation {
            locale: self.locale.clone(),
            timezone: self.timezone.clone(),
            viewport: self.viewport,
            mobile: self.mobile.unwrap_or(false),
            user_agent: self.user_agent.clone(),
            headers: self.header.clone(),
            cookies: self.cookie.clone(),
            proxy: self.proxy.clone(),
            egress_label: self.egress_label.clone(),
        }
    }
}

/// Staging sites and test set-ups.
#[derive(Debug, Clone, Default, Args)]
#[command(next_help_heading = "Network")]
pub(crate) struct NetworkArgs {
    /// Connect to the IP address ADDR instead of HOST, as curl does; * is any host that is not named
    /// itself; repeatable
    #[arg(long, value_name = "HOST[:PORT]:ADDR[:PORT]")]
    pub(crate) resolve: Vec<Resolve>,
    /// Accept any certificate
    #[arg(long, value_name = "BOOL", num_args = 0..=1, require_equals = true,
          default_missing_value = "true", hide_possible_values = true)]
    pub(crate) insecure: Option<bool>,
}

/// Folders with rules of the user's.
#[derive(Debug, Clone, Default, Args)]
#[command(next_help_heading = "Rules")]
pub(crate) struct RulesArgs {
    /// Add the YAML rules in DIR; a provider with a known id replaces it; repeatable
    #[arg(long, value_name = "DIR")]
    pub(crate) rules: Vec<PathBuf>,
}

/// What is judged by.
#[derive(Debug, Clone, Default, Args)]
#[command(next_help_heading = "Rules")]
pub(crate) struct JudgeArgs {
    /// The jurisdiction: a built-in profile or a YAML file [default: eu]
    #[arg(long, value_name = "ID|FILE")]
    pub(crate) profile: Option<String>,
    /// From which severity on a confirmed finding fails the run [default: error]
    #[arg(long, value_name = "SEVERITY")]
    pub(crate) fail_on: Option<FailOnArg>,
    /// The site's own list of cookies, to compare with: YAML, or a page with a table in HTML or Markdown
    #[arg(long, value_name = "FILE|URL")]
    pub(crate) policy: Option<String>,
    /// Fail only on what is new since this JSON report, and tell what is fixed
    #[arg(long, value_name = "REPORT.json")]
    pub(crate) baseline: Option<PathBuf>,
}

/// What is written, and where.
#[derive(Debug, Clone, Default, Args)]
#[command(next_help_heading = "Report")]
pub(crate) struct ReportArgs {
    /// The format of the report on standard output [default: table]
    #[arg(long, value_name = "FORMAT", value_parser = format_parser())]
    pub(crate) format: Option<Format>,
    /// Also write the report to FILE, as its ending says: .txt, .json, .md; repeatable
    #[arg(long, short, value_name = "FILE")]
    pub(crate) output: Vec<PathBuf>,
    /// Show values as they are instead of their length and digest (keyed with PRECONSENT_REDACT_KEY)
    #[arg(long, value_name = "BOOL", num_args = 0..=1, require_equals = true,
          default_missing_value = "true", hide_possible_values = true)]
    pub(crate) show_values: Option<bool>,
}

// The values of these are explained by the help of their flags: a doc comment on each would turn
// `--help` into three screens.

/// `--engine`
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum EngineArg {
    Auto,
    Browser,
    Http,
}

/// `--browser-kind`
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum KindArg {
    Auto,
    Full,
    Shell,
}

/// `--third-party-cookies`
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum ThirdPartyArg {
    Allow,
    Block,
}

/// `--fail-on`
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum FailOnArg {
    Error,
    Warn,
    Never,
}

/// `rules lint --format` and `diff --format`
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum LintFormatArg {
    Text,
    Json,
}

/// `--color`
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum ColorArg {
    Auto,
    Always,
    Never,
}
