//! The report as GitHub-flavoured Markdown, for issues, pull requests and job summaries.
//!
//! Nothing of a web site's own gets in except through [`escape`].

mod coverage;
mod escape;
mod findings;
mod inventory;

use std::fmt::Write as _;

use super::words::{self, count};
use crate::model::report::{Report, TargetReport, Verdict, VisitSummary};
use crate::model::visit::EngineInfo;
use escape::{code, code_cell, link, prose};

/// Renders a report.
pub(super) fn render(report: &Report) -> String {
    let mut out = format!("# Consent report: {}\n", report.verdict.as_str());
    if report.targets.len() != 1 {
        summary(&mut out, report);
    }
    for target in &report.targets {
        write_target(&mut out, target);
    }
    let Report { tool, .. } = report;
    line(&mut out, "\n---\n");
    line(
        &mut out,
        &format!(
            "{} {}, profile {}, started {}",
            prose(&tool.name),
            code(&tool.version),
            code(&report.profile),
            code(&report.started)
        ),
    );
    out
}

fn summary(out: &mut String, report: &Report) {
    let header = ["verdict", "target", "reason"];
    let rows = report.targets.iter().map(|target| {
        let reason = target.reasons.first().map_or("", String::as_str);
        vec![
            bold(target.verdict.as_str()),
            link(&target.url),
            prose(reason),
        ]
    });
    table(out, &header, rows);
    let sum = &report.summary;
    let numbers = format!(
        "{}: {} failed, {} inconclusive, {} passed; {}; {}.",
        count(sum.targets, "target"),
        sum.fail,
        sum.inconclusive,
        sum.pass,
        words::findings(sum.errors, sum.warnings, sum.infos),
        count(sum.items, "item"),
    );
    line(out, &format!("\n{numbers}"));
}

fn write_target(out: &mut String, target: &TargetReport) {
    let verdict = match target.verdict {
        Verdict::Pass => "Pass",
        Verdict::Inconclusive => "Inconclusive",
        Verdict::Fail => "Fail",
    };
    line(out, &format!("\n## {verdict}: {}", link(&target.url)));
    if target.final_url != target.url {
        line(out, &format!("\nLed to {}.", code_cell(&target.final_url)));
    }
    if target.verdict == Verdict::Pass && target.reasons.is_empty() {
        line(out, &format!("\n{}", words::pass(target)));
    }
    list(out, "", target.reasons.iter().map(|r| prose(r)));
    let faults = target.faults.iter();
    list(
        out,
        "Faults",
        faults.map(|f| format!("{}: {}", code(f.kind.as_str()), prose(&f.message))),
    );
    findings::write(out, target);
    let providers = target.providers.iter();
    list(
        out,
        "Providers",
        providers.map(|p| format!("{}: {}", prose(&p.name), prose(&p.evidence.join("; ")))),
    );
    visits(out, &target.visits);
    signals(out, &target.visits);
    inventory::write(out, target);
    coverage::write(out, target);
    list(out, "Limits", target.limits.iter().map(|l| prose(l)));
}

fn visits(out: &mut String, visits: &[VisitSummary]) {
    if visits.is_empty() {
        return;
    }
    line(out, "\n### Visits");
    // Said once where all visits were made alike, as they nearly always are.
    let alike = visits.windows(2).all(|p| p[0].engine == p[1].engine);
    let mut header = vec!["visit", "choice", "evidence", "faults"];
    header.extend((!alike).then_some("engine"));
    let rows = visits.iter().map(|visit| {
        let name = words::visit_name(visit, visits);
        let faults: Vec<&str> = visit.faults.iter().map(|f| f.kind.as_str()).collect();
        let evidence: Vec<&str> = words::did_evidence(visit).map(String::as_str).collect();
        let mut row = vec![
            name,
            prose(&words::did(visit)),
            prose(&evidence.join("; ")),
            faults.join(", "),
        ];
        row.extend((!alike).then(|| engine(&visit.engine)));
        row
    });
    table(out, &header, rows);
    if let Some(visit) = visits.first().filter(|_| alike) {
        line(out, &format!("\nEngine: {}", engine(&visit.engine)));
    }
}

/// Who looked, and how.
fn engine(engine: &EngineInfo) -> String {
    let mut parts = vec![code_cell(&engine.product)];
    parts.extend(engine.settings.iter().map(|s| prose(s)));
    parts.join("; ")
}

/// What the page said about consent; of each visit what changed from one phase to the next.
fn signals(out: &mut String, visits: &[VisitSummary]) {
    let mut rows = Vec::new();
    for visit in visits {
        let of = |phase| visit.signals.iter().filter(move |s| s.phase == phase);
        let mut before = None;
        for phase in &visit.phases {
            let told = |other| of(other).map(|s| &s.signal);
            let known = |signal| before.is_some_and(|b| told(b).any(|s| s == signal));
            rows.extend(told(phase.id).filter(|s| !known(*s)).map(|signal| {
                vec![
                    words::visit_name(visit, visits),
                    phase.id.as_str().to_owned(),
                    code_cell(&signal.name),
                    code_cell(&signal.value),
                ]
            }));
            before = Some(phase.id);
        }
    }
    if rows.is_empty() {
        return;
    }
    line(out, "\n### Consent signals");
    table(
        out,
        &["visit", "phase", "signal", "value"],
        rows.into_iter(),
    );
}

fn bold(word: &str) -> String {
    format!("**{word}**")
}

/// A list under a heading, if there is anything to list.
fn list(out: &mut String, heading: &str, items: impl Iterator<Item = String>) {
    let mut items = items.peekable();
    if items.peek().is_none() {
        return;
    }
    if !heading.is_empty() {
        line(out, &format!("\n### {heading}"));
    }
    line(out, "");
    for item in items {
        line(out, &format!("- {item}"));
    }
}

/// A table. Cells are Markdown without a raw pipe or newline.
fn table(out: &mut String, header: &[&str], rows: impl Iterator<Item = Vec<String>>) {
    line(out, &format!("\n| {} |", header.join(" | ")));
    line(out, &format!("|{}", "---|".repeat(header.len())));
    for row in rows {
        line(out, &format!("| {} |", row.join(" | ")));
    }
}

fn line(out: &mut String, line: &str) {
    // Writing to a String cannot fail.
    let _ = writeln!(out, "{line}");
}
