//! Findings in Markdown: a table to read, the advice once for each check, and the evidence folded
//! away.

use super::escape::{code, code_cell, name_cell, prose};
use super::{bold, line, list, table};
use crate::model::finding::{Class, Confidence, Evidence, Finding};
use crate::model::report::TargetReport;
use crate::report::seen::when;
use crate::report::words::offset;

pub(super) fn write(out: &mut String, target: &TargetReport) {
    section(out, target, Class::Judgement, "Findings about the site");
    section(
        out,
        target,
        Class::Health,
        "About the run itself, neither for nor against the site",
    );
}

fn section(out: &mut String, target: &TargetReport, class: Class, heading: &str) {
    let findings: Vec<&Finding> = target
        .findings
        .iter()
        .filter(|f| f.class == class)
        .collect();
    if findings.is_empty() {
        return;
    }
    line(out, &format!("\n### {heading}"));
    let header = ["no", "severity", "check", "item", "seen", "what was found"];
    table(
        out,
        &header,
        findings.iter().zip(1..).map(|(f, n)| row(f, n)),
    );
    list(out, "", advice(&findings).into_iter());
    evidence(out, &findings);
}

fn row(finding: &Finding, number: usize) -> Vec<String> {
    let likely = match finding.confidence {
        Confidence::Likely => " (likely)",
        Confidence::Confirmed => "",
    };
    let item = finding.item.as_ref();
    vec![
        number.to_string(),
        format!("{}{likely}", bold(finding.severity.as_str())),
        code_cell(&finding.check),
        item.map(|i| format!("{} {}", i.store.as_str(), name_cell(&i.name)))
            .unwrap_or_default(),
        when(finding).unwrap_or_default(),
        prose(&finding.message),
    ]
}

/// What to do, once for each check and advice.
fn advice(findings: &[&Finding]) -> Vec<String> {
    let mut all: Vec<String> = Vec::new();
    for finding in findings.iter().filter(|f| !f.help.is_empty()) {
        let advice = format!("{}: {}", code(&finding.check), prose(&finding.help));
        if !all.contains(&advice) {
            all.push(advice);
        }
    }
    all
}

fn evidence(out: &mut String, findings: &[&Finding]) {
    line(out, "\n<details>\n<summary>Evidence</summary>\n");
    for (finding, number) in findings.iter().zip(1..) {
        line(out, &format!("- No {number}, {}", code(&finding.check)));
        for evidence in &finding.evidence {
            line(out, &format!("  - {}", piece(evidence)));
        }
    }
    line(out, "\n</details>");
}

fn piece(evidence: &Evidence) -> String {
    let at = evidence.at_ms.map(|at| format!(", {}", offset(at)));
    let source = evidence.source.as_deref();
    let source = source.map(|source| format!(" ({})", code(source)));
    format!(
        "{}{}: {}{}",
        prose(&evidence.kind),
        at.unwrap_or_default(),
        code(&evidence.text),
        source.unwrap_or_default()
    )
}
