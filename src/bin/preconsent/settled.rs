//! What is known already: the baseline of `--baseline` and the waivers of the configuration.

use std::fs::File;
use std::io::Read as _;
use std::path::Path;

use anyhow::{Context as _, Result, bail};
use preconsent::compare::stored::{MAX_BYTES, Stored};
use preconsent::compare::waiver::Waiver;
use preconsent::model::report::Report;
use preconsent::scan::{self, FailOn, Settled};

use crate::args::JudgeArgs;
use crate::run::today;
use crate::terminal::{Terminal, clean_line};

/// The baseline and the waivers of a run.
pub(crate) struct KnownAlready<'a> {
    baseline: Option<(String, Stored)>,
    waivers: &'a [Waiver],
    fail_on: FailOn,
}

impl<'a> KnownAlready<'a> {
    /// Reads the baseline, before anything is visited.
    pub(crate) fn load(args: &JudgeArgs, waivers: &'a [Waiver], fail_on: FailOn) -> Result<Self> {
        let baseline = args.baseline.as_deref().map(|path| {
            let stored = read_report(path).context("the baseline cannot be used")?;
            Ok::<_, anyhow::Error>((path.display().to_string(), stored))
        });
        Ok(Self {
            baseline: baseline.transpose()?,
            waivers,
            fail_on,
        })
    }

    /// Takes them into account, and tells what is fixed and which waivers are idle.
    pub(crate) fn settle(&self, report: &mut Report, terminal: &Terminal) {
        if self.baseline.is_none() && self.waivers.is_empty() {
            return;
        }
        let baseline = self.baseline.as_ref();
        let known = Settled {
            baseline: baseline.map(|(name, stored)| (name.as_str(), stored)),
            waivers: self.waivers,
            today: today(),
        };
        let remarks = scan::settle(report, &known, self.fail_on);
        for fixed in &remarks.fixed {
            terminal.note(format_args!(
                "fixed since the baseline: {}",
                clean_line(fixed)
            ));
        }
        for idle in &remarks.idle {
            terminal.warn(idle);
        }
    }
}

/// Reads a JSON report, up to a bound.
pub(crate) fn read_report(path: &Path) -> Result<Stored> {
    let shown = path.display().to_string();
    let mut text = String::new();
    File::open(path)
        .and_then(|f| f.take(MAX_BYTES as u64 + 1).read_to_string(&mut text))
        .with_context(|| format!("{shown} cannot be read"))?;
    if text.len() > MAX_BYTES {
        bail!("{shown} is too long for a report");
    }
    Ok(Stored::read(&shown, &text)?)
}
