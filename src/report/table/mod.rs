//! The report for terminals: the verdict and why, what was found, then what was seen. It fits the
//! width it is given from 40 columns on.

mod coverage;
mod findings;
mod inventory;
mod layout;
mod overview;

use super::{Style, words};
use crate::model::report::{Report, Verdict};
use layout::{BOLD, DIM, GREEN, Page, RED, YELLOW};

/// Renders a report.
pub(super) fn render(report: &Report, style: Style) -> String {
    let mut page = Page::new(style);
    for (index, target) in report.targets.iter().enumerate() {
        if index > 0 {
            page.blank();
            page.rule();
            page.blank();
        }
        overview::verdict(&mut page, target);
        overview::faults(&mut page, target);
        findings::write(&mut page, target);
        overview::providers(&mut page, target);
        overview::visits(&mut page, target);
        inventory::write(&mut page, target);
        coverage::write(&mut page, target);
        overview::limits(&mut page, target);
    }
    footer(&mut page, report);
    page.finish()
}

fn footer(page: &mut Page, report: &Report) {
    page.blank();
    if report.targets.len() != 1 {
        page.rule();
        summary(page, report);
    }
    let Report { tool, .. } = report;
    let made = format!(
        "{} {}, profile {}, started {}",
        tool.name, tool.version, report.profile, report.started
    );
    page.text(0, &made, DIM);
}

fn summary(page: &mut Page, report: &Report) {
    let sum = &report.summary;
    let line = format!(
        "{}: {} failed, {} inconclusive, {} passed · {} · {}",
        words::count(sum.targets, "target"),
        sum.fail,
        sum.inconclusive,
        sum.pass,
        words::findings(sum.errors, sum.warnings, sum.infos),
        words::count(sum.items, "item"),
    );
    let verdict = shout(report.verdict);
    page.labelled(
        0,
        verdict.len() + 2,
        (verdict, verdict_paint(report.verdict)),
        (&line, BOLD),
    );
}

/// The verdict as it leads the table.
fn shout(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Pass => "PASS",
        Verdict::Inconclusive => "INCONCLUSIVE",
        Verdict::Fail => "FAIL",
    }
}

fn verdict_paint(verdict: Verdict) -> anstyle::Style {
    match verdict {
        Verdict::Pass => GREEN,
        Verdict::Inconclusive => YELLOW,
        Verdict::Fail => RED,
    }
}
