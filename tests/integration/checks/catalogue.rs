//! The user's own catalogue: what is wrong with its entries, where something of it was seen.

use preconsent::catalogue::{Catalogue, builtin, load};
use preconsent::model::scenario::ScenarioId;

use super::{Bench, OWN, TRACKER, covered, evidence, judge, said, spoke};
use crate::support::visits::Story;

const FAULTY: &str = "https://cdn.faulty.test/f.js";

/// The checks of entries by themselves.
const ENTRIES: [&str; 3] = [
    "catalogue-unclassified",
    "catalogue-expiry-missing",
    "catalogue-expiry-implausible",
];

/// A bench with the faulty catalogue, known by this file name.
pub(super) fn faulty(file: &str) -> Bench {
    let text = include_str!("faulty.yaml");
    let provider = load::provider("faulty", file, text).expect("it can be loaded");
    Bench {
        catalogue: Catalogue {
            providers: vec![provider],
        },
        ..Bench::default()
    }
}

#[test]
fn faults_of_entries_are_told_once_for_each_file() {
    let visits = || {
        vec![
            Story::accept().script(1_400, FAULTY, "other=1").build(),
            Story::reject().build(),
        ]
    };
    let report = faulty("mine/faulty.yaml").judge(visits());
    for (check, message) in [
        ("catalogue-unclassified", "gives no role to flt_open"),
        (
            "catalogue-expiry-missing",
            "states no lifetime for flt_endless",
        ),
        (
            "catalogue-expiry-implausible",
            "states a lifetime that cannot be right for flt_milli",
        ),
    ] {
        assert_eq!(
            said(&report, check),
            [format!("warn confirmed [- -] Faulty {message}")]
        );
        assert_eq!(covered(&report, check, ScenarioId::Accept), "ran");
        assert_eq!(
            covered(&report, check, ScenarioId::Reject),
            "not-applicable: nothing of a catalogue of yours was seen"
        );
    }
    let proof = evidence(&report, "catalogue-expiry-implausible");
    assert!(proof.contains("was a number of seconds meant?"), "{proof}");
    assert!(proof.ends_with("<mine/faulty.yaml:28>"), "{proof}");
    let embedded = faulty("builtin:catalogue/faulty.yaml").judge(visits());
    assert!(
        !spoke(&embedded)
            .iter()
            .any(|id| id.starts_with("catalogue-")),
        "{:?}",
        spoke(&embedded)
    );
}

#[test]
fn entries_without_fault_and_catalogues_that_were_not_seen_are_not_told() {
    let sound = judge([Story::accept().script(1_400, TRACKER, "trk_id=1")]);
    let unseen =
        faulty("faulty.yaml").judge(vec![Story::accept().script(1_400, OWN, "other=1").build()]);
    let bench = Bench {
        catalogue: builtin::catalogue(),
        ..Bench::default()
    };
    let none = bench.judge(vec![Story::accept().script(1_400, OWN, "_ga=1").build()]);
    for check in ENTRIES {
        for report in [&sound, &unseen, &none] {
            assert_eq!(said(report, check), [""; 0]);
        }
        assert_eq!(covered(&sound, check, ScenarioId::Accept), "ran");
        assert_eq!(
            covered(&unseen, check, ScenarioId::Accept),
            "not-applicable: nothing of a catalogue of yours was seen"
        );
        assert_eq!(
            covered(&none, check, ScenarioId::Accept),
            "not-applicable: no catalogue of yours is in use"
        );
    }
}

#[test]
fn a_name_that_two_patterns_fit_equally_well_is_told() {
    let says = |file: &str, name: &str| {
        let line = format!("{name}=1; Max-Age=600");
        let story = Story::accept().script(1_400, FAULTY, &line);
        let report = faulty(file).judge(vec![story.build()]);
        said(&report, "catalogue-conflict")
    };
    assert_eq!(
        says("faulty.yaml", "flt_id_x_id"),
        [
            "error confirmed [accept after-choice] cookie flt_id_x_id is marketing (6 months) and \
             performance (6 months): two entries describe it equally well"
        ]
    );
    assert_eq!(says("faulty.yaml", "flt_x_id"), [""; 0]);
    assert_eq!(says("faulty.yaml", "flt_id_x"), [""; 0]);
    assert_eq!(says("builtin:faulty.yaml", "flt_id_x_id"), [""; 0]);
    let none = Bench {
        catalogue: builtin::catalogue(),
        ..Bench::default()
    };
    let none = none.judge(vec![Story::accept().script(1_400, OWN, "_ga=1").build()]);
    assert_eq!(
        covered(&none, "catalogue-conflict", ScenarioId::Accept),
        "not-applicable: no catalogue of yours is in use"
    );
}
