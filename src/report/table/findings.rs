//! The findings of a target, worst first. Findings of one check with the same advice stand
//! together, so that the advice is read once.

use super::layout::{BOLD, CYAN, DIM, PLAIN, Page, RED, YELLOW};
use super::overview::at;
use crate::model::finding::{Class, Confidence, Evidence, Finding, Severity};
use crate::model::report::TargetReport;
use crate::report::seen::when;
use crate::report::text::{name, shorten, squeeze};
use crate::report::words::count;

/// How many pieces of evidence are shown of one finding.
const EVIDENCE: usize = 2;
/// Columns for what kind of evidence it is.
const LABEL: usize = 9;
/// Columns for one piece of evidence.
const LINE: usize = 200;
/// Columns for a sentence.
const SENTENCE: usize = 400;

pub(super) fn write(page: &mut Page, target: &TargetReport) {
    section(page, target, Class::Judgement, "FINDINGS", "about the site");
    section(
        page,
        target,
        Class::Health,
        "THE RUN ITSELF",
        "neither for nor against the site",
    );
    let shows_all = |f: &Finding| key_evidence(f).len() == f.evidence.len();
    if !target.findings.iter().all(shows_all) {
        page.blank();
        page.text(2, "All evidence is in the JSON report: -o report.json", DIM);
    }
}

fn section(page: &mut Page, target: &TargetReport, class: Class, title: &str, remark: &str) {
    let findings: Vec<&Finding> = target
        .findings
        .iter()
        .filter(|f| f.class == class)
        .collect();
    if findings.is_empty() {
        return;
    }
    page.heading(title, remark);
    for (index, group) in findings.chunk_by(|a, b| belong_together(a, b)).enumerate() {
        if index > 0 {
            page.blank();
        }
        write_group(page, group);
    }
}

fn belong_together(a: &Finding, b: &Finding) -> bool {
    (&a.check, a.severity, a.confidence, &a.help) == (&b.check, b.severity, b.confidence, &b.help)
}

fn write_group(page: &mut Page, group: &[&Finding]) {
    let Some(first) = group.first() else { return };
    let (word, paint) = match first.severity {
        Severity::Error => ("ERROR", RED),
        Severity::Warn => ("WARN", YELLOW),
        Severity::Info => ("INFO", CYAN),
    };
    let mut head = shorten(&first.check, 60);
    if group.len() > 1 {
        head.push_str(&format!(", {}", count(group.len(), "time")));
    }
    if first.confidence == Confidence::Likely {
        head.push_str(" (likely)");
    }
    page.labelled(2, 7, (word, paint), (&head, BOLD));
    if !first.help.is_empty() {
        page.labelled(
            9,
            5,
            ("fix:", DIM),
            (&shorten(&first.help, SENTENCE), PLAIN),
        );
    }
    for finding in group {
        write_finding(page, finding);
    }
}

fn write_finding(page: &mut Page, finding: &Finding) {
    let message = shorten(&finding.message, SENTENCE);
    let text = match &finding.item {
        Some(item) if !finding.message.contains(&item.name) => format!(
            "{} {}: {message}",
            item.store.as_str(),
            name(&item.name, 80)
        ),
        _ => message,
    };
    page.labelled(4, 2, ("•", DIM), (&text, PLAIN));
    if let Some(when) = when(finding) {
        page.labelled(6, LABEL, ("seen", DIM), (&when, DIM));
    }
    for evidence in key_evidence(finding) {
        write_evidence(page, evidence);
    }
}

/// What convinces at a glance: what happened, rather than what was there afterwards and the rules
/// that it was judged by. Where there is only the latter, that.
fn key_evidence(finding: &Finding) -> Vec<&Evidence> {
    let background = |e: &&Evidence| matches!(e.kind.as_str(), "present" | "catalogue" | "profile");
    let (background, key): (Vec<_>, Vec<_>) = finding.evidence.iter().partition(background);
    let all = if key.is_empty() { background } else { key };
    // What led to a write stands under it and takes no other's place.
    let causes = all.iter().filter(|e| e.kind == "cause").count();
    let most = EVIDENCE + causes.min(1);
    let mut shown: Vec<_> = all.iter().copied().take(most).collect();
    // What the visitor did is what makes a write after it a finding.
    let choice = all.iter().skip(most).find(|e| e.kind == "choice");
    shown.extend(choice);
    shown
}

fn write_evidence(page: &mut Page, evidence: &Evidence) {
    let kind = shorten(&evidence.kind, 20);
    let text = shorten(&evidence.text, LINE);
    let text = match at(evidence.at_ms) {
        offset if offset.is_empty() => text,
        offset => format!("{offset}  {text}"),
    };
    page.labelled(6, LABEL, (&kind, DIM), (&text, DIM));
    if let Some(source) = &evidence.source {
        let source = squeeze(source, page.room(6 + LABEL));
        page.text(6 + LABEL, &source, DIM);
    }
}
