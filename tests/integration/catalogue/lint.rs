//! What the lint finds in rules and in lists.

use std::collections::BTreeMap;
use std::path::Path;

use preconsent::catalogue::builtin;
use preconsent::catalogue::lint::{self, Problem};
use preconsent::catalogue::list::{self, Format};
use preconsent::model::finding::Severity;

/// How often each problem occurs, notes not counted.
fn counts(problems: &[Problem]) -> BTreeMap<&str, usize> {
    let mut counts = BTreeMap::new();
    for problem in problems.iter().filter(|p| p.severity > Severity::Info) {
        *counts.entry(problem.check).or_insert(0) += 1;
    }
    counts
}

/// Check and line of each problem, notes not counted.
fn places(problems: &[Problem]) -> Vec<(&str, u32)> {
    let open = problems.iter().filter(|p| p.severity > Severity::Info);
    open.map(|p| (p.check, p.place.line)).collect()
}

#[test]
fn the_built_in_catalogue_is_clean() {
    let problems = lint::catalogue(&builtin::catalogue());
    let open: Vec<&Problem> = problems
        .iter()
        .filter(|p| p.severity > Severity::Info)
        .collect();
    assert!(open.is_empty(), "{open:#?}");
    let notes = problems.iter().filter(|p| p.check == lint::EXPIRY_MISSING);
    assert!(notes.count() > 0, "what no source states is noted");
}

#[test]
fn every_kind_of_mistake_is_found_in_its_place() {
    let directory = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| std::fs::write(directory.path().join(name), text).unwrap();
    write("a.yaml", include_str!("lint_a.yaml"));
    write("b.yaml", include_str!("lint_b.yaml"));
    write("c.yaml", "provider: none\n");
    let problems = lint::directory(builtin::catalogue(), directory.path()).unwrap();
    assert_eq!(
        places(&problems),
        [
            ("catalogue-expiry-implausible", 6),
            ("catalogue-unclassified", 8),
            ("catalogue-too-broad", 10),
            ("catalogue-needless-accept", 12),
            ("catalogue-unsourced", 15),
            ("catalogue-expiry-implausible", 18),
            ("catalogue-conflict", 19),
            ("catalogue-duplicate", 23),
            ("catalogue-unreachable", 6),
            ("catalogue-invalid", 1),
        ],
        "{problems:#?}"
    );
    let first = &problems[0];
    assert_eq!(first.place.column, 13, "the name's column");
    assert!(first.help.contains("in milliseconds"), "{}", first.help);
}

#[test]
fn an_unreadable_directory_is_an_error() {
    let missing = Path::new("fixtures/no-such-rules");
    assert!(lint::directory(builtin::catalogue(), missing).is_err());
}

#[test]
fn lists_are_judged_by_their_names() {
    let text = include_str!("../../../fixtures/lists/ocd.csv");
    let list = list::read(Format::Ocd, "ocd.csv", text).unwrap();
    let problems = lint::list(&list);
    assert_eq!(
        places(&problems),
        [
            ("catalogue-conflict", 6),
            ("catalogue-expiry-implausible", 7),
            ("catalogue-expiry-missing", 8),
            ("catalogue-too-broad", 8),
            ("catalogue-expiry-implausible", 9),
            ("catalogue-unclassified", 9),
            ("catalogue-duplicate", 11),
        ],
        "{problems:#?}"
    );
}

/// The Open Cookie Database is not part of the project: `OCD=open-cookie-database.csv` names a copy,
/// as for `make catalogue-score`. What is asserted is known of its state of 21 January 2026.
#[test]
fn what_is_known_of_the_open_cookie_database_is_found() {
    let Ok(file) = std::env::var("OCD") else {
        return;
    };
    let text = std::fs::read_to_string(&file).unwrap();
    let list = list::read(Format::Ocd, &file, &text).unwrap();
    assert_eq!(list.rows.len(), 2264);
    let problems = lint::list(&list);
    let found = counts(&problems);
    assert_eq!(found[lint::DUPLICATE], 14);
    assert_eq!(found[lint::CONFLICT], 4);
    assert_eq!(found[lint::TOO_BROAD], 5, "SR, CT, P_, tp, _s");
    let no_lifetime = problems.iter().filter(|p| {
        p.check == lint::EXPIRY_MISSING
            || p.message.ends_with("is no lifetime")
            || p.message.ends_with("lives without an end")
    });
    assert!(no_lifetime.count() >= 58);
}
