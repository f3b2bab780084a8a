//! Visits that were made several times: each finding says in how many runs it was made, and only what
//! most of them saw is confirmed.

use preconsent::model::coverage::CoverageState;
use preconsent::model::fault::FaultKind;
use preconsent::model::finding::Confidence;
use preconsent::model::report::{TargetReport, Verdict};
use preconsent::model::runs::Runs;
use preconsent::model::scenario::ScenarioId;

use super::{Bench, TRACKER, covered, evidence, item, judge, said, told};
use crate::support::visits::Story;

/// A visitor who does nothing, and the tracker in the runs that are listed.
fn flaky<const N: usize>(with: &[u32]) -> [Story; N] {
    let mut runs = 1..;
    std::array::from_fn(|_| {
        let run = runs.next().expect("there are numbers enough");
        let story = Story::none().in_run(run);
        match with.contains(&run) {
            true => story.script(300, TRACKER, "trk_id=1; Max-Age=600"),
            false => story,
        }
    })
}

fn runs_of(report: &TargetReport) -> Vec<(&str, Confidence, Option<Runs>)> {
    let findings = report.findings.iter();
    findings
        .map(|f| (f.check.as_str(), f.confidence, f.runs))
        .collect()
}

#[test]
fn what_most_runs_saw_is_confirmed_and_says_in_how_many() {
    let report = judge(flaky::<3>(&[1, 3]));
    assert_eq!(report.verdict, Verdict::Fail);
    let runs = Some(Runs { seen: 2, of: 3 });
    assert_eq!(
        runs_of(&report),
        [
            ("pre-consent-storage", Confidence::Confirmed, runs),
            ("nondeterministic", Confidence::Confirmed, None),
        ]
    );
    assert_eq!(item(&report, "trk_id").details.runs, runs);
}

#[test]
fn what_fewer_saw_is_likely_and_neither_a_failure_nor_a_pass() {
    for report in [judge(flaky::<3>(&[2])), judge(flaky::<2>(&[2]))] {
        assert_eq!(report.verdict, Verdict::Inconclusive);
        assert_eq!(report.findings[0].confidence, Confidence::Likely);
    }
    insta::assert_snapshot!(told(&judge(flaky::<3>(&[2]))), @r#"
    inconclusive
    - seen in some runs, but not in most of them: pre-consent-storage (1)
    error likely pre-consent-storage [none before-choice] cookie trk_id (Tracker, marketing) was stored before any choice
    info confirmed nondeterministic [none before-choice] cookie trk_id (Tracker, marketing) was stored in 1 of 3 runs of the visit "none"
    "#);
    let evidence = evidence(&judge(flaky::<3>(&[2])), "pre-consent-storage");
    let last = evidence.lines().last();
    assert_eq!(
        last,
        Some("runs - seen in 1 of 3 runs, so that it is likely and no more <->")
    );
}

#[test]
fn what_no_run_or_every_run_saw_is_as_it_was_without_runs() {
    assert_eq!(told(&judge(flaky::<3>(&[]))), "pass");
    let every = judge(flaky::<2>(&[1, 2]));
    assert_eq!(told(&every), told(&judge(flaky::<1>(&[1]))));
    assert_eq!(every.findings[0].runs, Some(Runs { seen: 2, of: 2 }));
    assert_eq!(every.visits.len(), 2);
    assert_eq!(every.items.len(), 1, "an item is listed once: {every:#?}");
}

#[test]
fn what_comes_and_goes_is_told_with_its_runs() {
    let report = judge(flaky::<3>(&[1, 3]));
    assert_eq!(
        said(&report, "nondeterministic"),
        [
            "info confirmed [none before-choice] cookie trk_id (Tracker, marketing) was stored in 2 of 3 \
             runs of the visit \"none\""
        ]
    );
    assert!(
        evidence(&report, "nondeterministic")
            .ends_with("present - stored in run 1, 3, not in run 2 <->")
    );
}

/// A number that is drawn anew at every visit makes no other item of it.
#[test]
fn names_that_differ_from_visit_to_visit_are_one_item_by_their_entry() {
    let story = |run: u32| {
        let name = format!("trk_token_64f0c0ffee64f0c0ffee64f{run}");
        Story::none().in_run(run).set(300, TRACKER, &name, "t")
    };
    let report = judge([story(1), story(2), story(3)]);
    let runs = Some(Runs { seen: 3, of: 3 });
    assert_eq!(
        runs_of(&report),
        [
            ("pre-consent-storage", Confidence::Confirmed, runs),
            ("documented-otherwise", Confidence::Confirmed, runs),
        ]
    );
}

#[test]
fn an_item_that_another_visitor_met_first_is_the_same() {
    let met = |story: Story, run| story.in_run(run).script(300, TRACKER, "trk_id=1");
    let report = judge([
        met(Story::none(), 1),
        met(Story::reject(), 1).script(1_200, TRACKER, "trk_id=; Max-Age=0"),
        Story::none().in_run(2),
        met(Story::reject(), 2).script(1_200, TRACKER, "trk_id=; Max-Age=0"),
    ]);
    let found = said(&report, "pre-consent-storage");
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(found[0].starts_with("error confirmed"), "{found:?}");
}

#[test]
fn a_run_that_broke_off_leaves_a_doubt() {
    let broken = Story::none()
        .in_run(2)
        .fault(FaultKind::Timeout, "it took too long");
    let report = judge([Story::none().in_run(1), broken]);
    assert_eq!(report.verdict, Verdict::Inconclusive);
    assert_eq!(said(&report, "nondeterministic"), [""; 0]);
    let all = &report.coverage[0].visits;
    assert_eq!(all.len(), 1, "one for each scenario: {all:?}");
    assert_eq!(all[0].state, CoverageState::Inconclusive);
}

#[test]
fn a_severity_that_no_majority_saw_is_not_told() {
    let lives = |run, days: u64| {
        let line = format!("trk_long=1; Max-Age={}", days * 86_400);
        Story::accept().in_run(run).script(1_400, TRACKER, &line)
    };
    let report = judge([lives(1, 2_000), lives(2, 740), lives(3, 740)]);
    let found = said(&report, "expiry-exceeds-declared");
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(found[0].starts_with("warn confirmed"), "{found:?}");
}

#[test]
fn without_repetition_there_is_nothing_to_compare() {
    let report = Bench::default().judge(vec![Story::none().build()]);
    assert_eq!(
        covered(&report, "nondeterministic", ScenarioId::None),
        "not-applicable: needs visits that are repeated (--runs)"
    );
    assert_eq!(report.visits[0].run, 1);
}
