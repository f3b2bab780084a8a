//! The texts of all checks as one Markdown page: `docs/checks.md`, which a test compares with it.

use super::{ALL, Check};
use crate::model::finding::Class;
use crate::model::scenario::ScenarioId;

const HEAD: &str = "\
# Checks

Each check judges what the visits of one target showed. Findings name potential violations and say \
how sure they are; only findings that are *confirmed* can make a scan fail. A check that needs a \
choice which could not be proven says nothing, and the verdict is inconclusive.

Three things are never findings of the checks about storage: what the profile exempts (the record of \
the choice itself, load balancing and the like), keys that are set and removed again without being \
sent, and lifetimes within the calendar's leeway.

The severities are those of the checks themselves: a profile may set others, turn a check off, or say \
how bad an excess of its own limits is. A check judges the visits of the scenarios that it names; what \
came of every check in every visit is in the coverage of the report.
";

/// The page.
#[must_use]
pub fn markdown() -> String {
    let mut page = HEAD.to_owned();
    for (class, title) in [
        (Class::Judgement, "About the site"),
        (Class::Health, "About the run"),
    ] {
        page.push_str(&format!("\n## {title}\n"));
        for check in ALL.iter().filter(|c| c.class() == class) {
            page.push_str(&section(*check));
        }
    }
    page
}

/// One check, as `rules explain` prints it: the same text as on the page.
#[must_use]
pub fn explain(check: &dyn Check) -> String {
    let text = section(check);
    let plain = text.trim_start().trim_start_matches("### ");
    plain
        .replace("*Severity.*", "Severity:")
        .replace("*Scenarios.*", "Scenarios:")
        .replace("*Why.*", "Why:")
        .replace("*Evidence.*", "Evidence:")
        .replace("*Source.*", "Source:")
        .replace("*What to do.*", "What to do:")
}

/// One check.
fn section(check: &dyn Check) -> String {
    let doc = check.doc();
    let severities: Vec<&str> = doc.severities.iter().map(|s| s.as_str()).collect();
    format!(
        "\n### {}\n\n{}\n\n*Severity.* {}.\n\n*Scenarios.* {}.\n\n*Why.* {}\n\n*Evidence.* {}\n\n*Source.* {}.\n\n*What to do.* {}\n",
        check.id(),
        doc.what,
        severities.join(" or "),
        scenarios(doc.scenarios),
        doc.why,
        doc.evidence,
        doc.source,
        doc.fix
    )
}

fn scenarios(all: &[ScenarioId]) -> String {
    if all.len() == ScenarioId::ALL.len() {
        return String::from("any");
    }
    let words: Vec<&str> = all.iter().map(|s| s.as_str()).collect();
    words.join(", ")
}
