//! `preconsent.yaml`: the same names as the flags of `scan`, and the command line wins.
//!
//! Unknown keys are errors with their place. Paths are meant from the file's own folder, so that a
//! configuration named with `--config` works from anywhere.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use preconsent::check;
use preconsent::compare::waiver::{Waiver, Written};
use preconsent::engine::emulation::{
    EgressLabel, ExtraHeader, Locale, PresetCookie, ProxyAddress, Timezone, UserAgent, Viewport,
};
use preconsent::engine::options::Resolve;
use preconsent::model::role::Role;
use preconsent::model::target::{Place, Target};
use preconsent::report::Format;
use preconsent::yaml::{self, Spanned};
use serde::Deserialize;

use crate::args::{
    BrowserArgs, ColorArg, EmulationArgs, EngineArg, FailOnArg, JudgeArgs, KindArg, NetworkArgs,
    RecordArgs, ReportArgs, RulesArgs, ThirdPartyArg, VisitArgs,
};
use crate::values::{Category, Concurrency, Runs, Scenarios, Seconds, from_text, from_texts};

/// The file that is read when it is there and `--config` is not given.
pub(crate) const FILE_NAME: &str = "preconsent.yaml";

/// The keys of the file.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
struct Keys {
    targets: Vec<Spanned<String>>,
    #[serde(deserialize_with = "from_texts")]
    scenario: Vec<Scenarios>,
    #[serde(deserialize_with = "from_texts")]
    allow: Vec<Category>,
    runs: Option<Runs>,
    pages: Option<u32>,
    engine: Option<EngineArg>,
    settle_max: Option<Seconds>,
    page_life: Option<Seconds>,
    real_time: Option<bool>,
    timeout: Option<Seconds>,
    concurrency: Option<Concurrency>,
    record: Option<PathBuf>,
    record_values: Option<bool>,
    screenshots: Option<bool>,
    har: Option<bool>,
    browser: Option<PathBuf>,
    browser_url: Option<String>,
    browser_kind: Option<KindArg>,
    no_sandbox: Option<bool>,
    third_party_cookies: Option<ThirdPartyArg>,
    #[serde(deserialize_with = "from_text")]
    locale: Option<Locale>,
    #[serde(deserialize_with = "from_text")]
    timezone: Option<Timezone>,
    #[serde(deserialize_with = "from_text")]
    viewport: Option<Viewport>,
    mobile: Option<bool>,
    #[serde(deserialize_with = "from_text")]
    user_agent: Option<UserAgent>,
    #[serde(deserialize_with = "from_texts")]
    header: Vec<ExtraHeader>,
    #[serde(deserialize_with = "from_texts")]
    cookie: Vec<PresetCookie>,
    #[serde(deserialize_with = "from_text")]
    proxy: Option<ProxyAddress>,
    #[serde(deserialize_with = "from_text")]
    egress_label: Option<EgressLabel>,
    #[serde(deserialize_with = "from_texts")]
    resolve: Vec<Resolve>,
    insecure: Option<bool>,
    rules: Vec<PathBuf>,
    profile: Option<String>,
    fail_on: Option<FailOnArg>,
    policy: Option<String>,
    baseline: Option<PathBuf>,
    waivers: Vec<Written>,
    #[serde(deserialize_with = "from_text")]
    format: Option<Format>,
    output: Vec<PathBuf>,
    show_values: Option<bool>,
    color: Option<ColorArg>,
}

/// A configuration file, or none.
#[derive(Debug, Default)]
pub(crate) struct Config {
    keys: Keys,
    waivers: Vec<Waiver>,
    file: String,
    folder: PathBuf,
}

impl Config {
    /// Reads the file named with `--config`, or the one in the current directory if there is one.
    pub(crate) fn load(asked: Option<&Path>) -> Result<Self> {
        let path = match asked {
            Some(path) => path,
            None if Path::new(FILE_NAME).exists() => Path::new(FILE_NAME),
            None => return Ok(Self::default()),
        };
        let file = path.display().to_string();
        let text = std::fs::read_to_string(path)
            .with_context(|| format!("the configuration {file} cannot be read"))?;
        let mut config = Self::parse(&file, &text)?;
        config.folder = path.parent().map(Path::to_path_buf).unwrap_or_default();
        Ok(config)
    }

    /// Reads the text of a configuration. A file of nothing but comments is a valid one.
    pub(crate) fn parse(file: &str, text: &str) -> Result<Self> {
        let keys = yaml::read::<Option<Keys>>(file, text)?.unwrap_or_default();
        if keys.browser.is_some() && keys.browser_url.is_some() {
            bail!("{file} names both browser and browser-url; keep one of them");
        }
        let source = yaml::Source::new(file, text);
        let checks: Vec<&str> = check::ALL.iter().map(|c| c.id()).collect();
        let waivers = keys.waivers.iter();
        Ok(Self {
            waivers: waivers
                .map(|w| Waiver::read(&source, w, &checks))
                .collect::<Result<_, _>>()?,
            keys,
            file: file.to_owned(),
            folder: PathBuf::new(),
        })
    }

    /// The targets: those typed, otherwise those of the file.
    pub(crate) fn targets(&self, typed: &[String]) -> Result<Vec<Target>> {
        if !typed.is_empty() {
            return typed
                .iter()
                .map(|text| Ok(Target::parse(text, Place::CommandLine)?))
                .collect();
        }
        if self.keys.targets.is_empty() {
            bail!("no target: give the URL to scan, or list targets in {FILE_NAME}");
        }
        self.keys.targets.iter().map(|t| self.target(t)).collect()
    }

    fn target(&self, text: &Spanned<String>) -> Result<Target> {
        let line = u32::try_from(text.referenced.line()).unwrap_or(0);
        let place = Place::File {
            path: self.file.clone(),
            line,
        };
        Target::parse(&text.value, place)
            .with_context(|| format!("{}:{line}: a target cannot be used", self.file))
    }

    /// Fills what was not typed.
    pub(crate) fn visit(&self, args: &mut VisitArgs) {
        let keys = &self.keys;
        list(&mut args.scenario, &keys.scenario);
        let allow: Vec<Role> = keys.allow.iter().map(|category| category.0).collect();
        list(&mut args.allow, &allow);
        one(&mut args.runs, keys.runs.as_ref());
        one(&mut args.pages, keys.pages.as_ref());
        one(&mut args.engine, keys.engine.as_ref());
        one(&mut args.settle_max, keys.settle_max.as_ref());
        one(&mut args.page_life, keys.page_life.as_ref());
        one(&mut args.real_time, keys.real_time.as_ref());
        one(&mut args.timeout, keys.timeout.as_ref());
        one(&mut args.concurrency, keys.concurrency.as_ref());
    }

    /// Fills what was not typed.
    pub(crate) fn record(&self, args: &mut RecordArgs) {
        let keys = &self.keys;
        one(&mut args.record, self.path(keys.record.as_ref()).as_ref());
        one(&mut args.record_values, keys.record_values.as_ref());
        one(&mut args.screenshots, keys.screenshots.as_ref());
        one(&mut args.har, keys.har.as_ref());
    }

    /// Fills what was not typed. A typed browser replaces both ways of naming one.
    pub(crate) fn browser(&self, args: &mut BrowserArgs) {
        let keys = &self.keys;
        if args.browser.is_none() && args.browser_url.is_none() {
            args.browser = self.path(keys.browser.as_ref());
            args.browser_url.clone_from(&keys.browser_url);
        }
        one(&mut args.browser_kind, keys.browser_kind.as_ref());
        one(&mut args.no_sandbox, keys.no_sandbox.as_ref());
        one(
            &mut args.third_party_cookies,
            keys.third_party_cookies.as_ref(),
        );
    }

    /// Fills what was not typed.
    pub(crate) fn emulation(&self, args: &mut EmulationArgs) {
        let keys = &self.keys;
        one(&mut args.locale, keys.locale.as_ref());
        one(&mut args.timezone, keys.timezone.as_ref());
        one(&mut args.viewport, keys.viewport.as_ref());
        one(&mut args.mobile, keys.mobile.as_ref());
        one(&mut args.user_agent, keys.user_agent.as_ref());
        list(&mut args.header, &keys.header);
        list(&mut args.cookie, &keys.cookie);
        one(&mut args.proxy, keys.proxy.as_ref());
        one(&mut args.egress_label, keys.egress_label.as_ref());
    }

    /// Fills what was not typed.
    pub(crate) fn network(&self, args: &mut NetworkArgs) {
        list(&mut args.resolve, &self.keys.resolve);
        one(&mut args.insecure, self.keys.insecure.as_ref());
    }

    /// Fills what was not typed.
    pub(crate) fn rules(&self, args: &mut RulesArgs) {
        list(&mut args.rules, &self.paths(&self.keys.rules));
    }

    /// Fills what was not typed.
    pub(crate) fn judge(&self, args: &mut JudgeArgs) {
        if args.profile.is_none() {
            args.profile = self.keys.profile.as_deref().map(|p| self.profile(p));
        }
        if args.policy.is_none() {
            args.policy = self.keys.policy.as_deref().map(|p| self.policy(p));
        }
        one(&mut args.fail_on, self.keys.fail_on.as_ref());
        one(
            &mut args.baseline,
            self.path(self.keys.baseline.as_ref()).as_ref(),
        );
    }

    /// Fills what was not typed.
    pub(crate) fn report(&self, args: &mut ReportArgs) {
        one(&mut args.format, self.keys.format.as_ref());
        list(&mut args.output, &self.paths(&self.keys.output));
        one(&mut args.show_values, self.keys.show_values.as_ref());
    }

    /// What somebody decided to live with.
    pub(crate) fn waivers(&self) -> &[Waiver] {
        &self.waivers
    }

    /// When to use colour.
    pub(crate) fn color(&self, typed: Option<ColorArg>) -> ColorArg {
        typed.or(self.keys.color).unwrap_or(ColorArg::Auto)
    }

    fn path(&self, path: Option<&PathBuf>) -> Option<PathBuf> {
        path.map(|p| self.folder.join(p))
    }

    fn paths(&self, paths: &[PathBuf]) -> Vec<PathBuf> {
        paths.iter().map(|p| self.folder.join(p)).collect()
    }

    fn policy(&self, written: &str) -> String {
        if is_address(written) {
            return written.to_owned();
        }
        self.folder.join(written).display().to_string()
    }

    fn profile(&self, written: &str) -> String {
        if is_profile_file(written) {
            self.folder.join(written).display().to_string()
        } else {
            written.to_owned()
        }
    }
}

/// Whether `--policy` names a page and not a file.
pub(crate) fn is_address(written: &str) -> bool {
    written.starts_with("https://") || written.starts_with("http://")
}

/// Whether `--profile` names a file and not a built-in profile.
pub(crate) fn is_profile_file(written: &str) -> bool {
    let path = Path::new(written);
    path.components().count() > 1 || path.extension().is_some_and(|e| e == "yaml" || e == "yml")
}

fn one<T: Clone>(typed: &mut Option<T>, file: Option<&T>) {
    if typed.is_none() {
        *typed = file.cloned();
    }
}

fn list<T: Clone>(typed: &mut Vec<T>, file: &[T]) {
    if typed.is_empty() {
        *typed = file.to_vec();
    }
}
