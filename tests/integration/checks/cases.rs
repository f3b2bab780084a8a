//! Every check has a case in which it must speak, one in which it must not, and its trap: what looks
//! like a fault and is none. The tables stand in the order of the checks, and none may be missing.

mod choices;
mod items;

use std::sync::LazyLock;

use preconsent::check;
use preconsent::model::report::TargetReport;

use super::{Bench, TRACKER, spoke, told};
use crate::support::visits::Story;

/// The cases of a check.
struct Cases {
    id: &'static str,
    /// It must speak.
    fires: fn() -> TargetReport,
    /// It must not.
    quiet: fn() -> TargetReport,
    /// What its trap is.
    trap: &'static str,
    /// It must not either.
    tricks: fn() -> TargetReport,
}

/// The usual rules, read once for all cases.
static BENCH: LazyLock<Bench> = LazyLock::new(Bench::default);

/// Judges these stories by the usual rules.
fn judge<const N: usize>(stories: [Story; N]) -> TargetReport {
    BENCH.report(&stories.map(Story::build))
}

/// Before the visitor has chosen anything.
fn early(line: &str) -> Story {
    Story::none().script(300, TRACKER, line)
}

/// After the visitor has accepted.
fn accepted(line: &str) -> Story {
    Story::accept().script(1_400, TRACKER, line)
}

/// After the visitor has rejected.
fn refused(line: &str) -> Story {
    Story::reject().script(1_400, TRACKER, line)
}

fn all() -> impl Iterator<Item = &'static Cases> {
    choices::CASES.iter().chain(items::CASES)
}

#[test]
fn every_check_has_its_three_cases() {
    let cases: Vec<&str> = all().map(|c| c.id).collect();
    let ids: Vec<&str> = check::ALL.iter().map(|c| c.id()).collect();
    assert_eq!(cases, ids);
}

#[test]
fn every_check_speaks_where_it_must_and_is_silent_where_it_must_not() {
    let mut wrong = Vec::new();
    for case in all() {
        let (id, trap) = (case.id, case.trap);
        for (what, report, speaks) in [
            ("fires", (case.fires)(), true),
            ("quiet", (case.quiet)(), false),
            (trap, (case.tricks)(), false),
        ] {
            if spoke(&report).contains(&id) != speaks {
                wrong.push(format!("{id}, {what}:\n{}", told(&report)));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}
