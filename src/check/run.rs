//! Runs every check as the profile says: what it turns off is not run, and where it names a severity
//! of its own that one counts. Beside each outcome stands which visits the check could judge.

use super::reach::Reach;
use super::{ALL, Check, Context, Outcome};
use crate::model::coverage::Coverage;
use crate::model::finding::Finding;
use crate::profile::Level;

/// A check's outcome, and what it could judge.
#[derive(Debug, Clone, PartialEq)]
pub struct Judged {
    /// What it came to.
    pub outcome: Outcome,
    /// The visits that it could judge.
    pub coverage: Coverage,
}

/// Runs all checks; the result is in the order of [`ALL`].
#[must_use]
pub fn run(context: &Context<'_>) -> Vec<Judged> {
    ALL.iter().map(|check| judged(*check, context)).collect()
}

/// Whether the profile wants such findings; the severity becomes the one it names, if any.
pub(super) fn counts(finding: &mut Finding, level: Option<Level>) -> bool {
    if let Some(severity) = level.and_then(Level::severity) {
        finding.severity = severity;
    }
    level != Some(Level::Off)
}

fn judged(check: &dyn Check, context: &Context<'_>) -> Judged {
    let level = context.profile.level(check.id());
    let mut outcome = match level {
        Some(Level::Off) => Outcome::default(),
        _ => check.run(context),
    };
    outcome.findings.retain_mut(|f| counts(f, level));
    let reach = |visit| match level {
        Some(Level::Off) => Reach::NotApplicable(format!(
            "the profile {} does not use this check",
            context.profile.id
        )),
        _ => check.reach(context, visit),
    };
    let visits = context.visits.iter();
    Judged {
        outcome,
        coverage: Coverage {
            check: check.id().to_owned(),
            class: check.class(),
            visits: visits
                .map(|visit| reach(visit).told(visit.visit.scenario))
                .collect(),
        },
    }
}
