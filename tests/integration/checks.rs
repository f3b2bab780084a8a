//! The checks, through the scan: recorded visits in, a report out. Each check has a case in which it
//! must speak and one in which it must not, and the traps that are known for it.

mod attributes;
mod cases;
mod catalogue;
mod categories;
mod choice;
mod coverage;
mod declared;
mod dismissal;
mod essential;
mod expiry;
mod fold;
mod health;
mod hostile;
mod limits;
mod names;
mod profiles;
mod recorded;
mod records;
mod runs;
mod scenarios;
mod sends;
mod signals;
mod storage;
mod values;
mod widget_form;
mod withdrawal;

use std::collections::BTreeSet;
use std::fmt::Write as _;

use preconsent::catalogue::{Catalogue, load};
use preconsent::check;
use preconsent::consent::recipe::{self, Recipe};
use preconsent::engine::replay::ReplayEngine;
use preconsent::model::coverage::CoverageState;
use preconsent::model::redact::Redactor;
use preconsent::model::report::{ReportItem, TargetReport};
use preconsent::model::scenario::ScenarioId;
use preconsent::model::seal::seal;
use preconsent::model::target::{Place, Target};
use preconsent::model::visit::Visit;
use preconsent::profile::{self, Profile};
use preconsent::scan::questions::Questions;
use preconsent::scan::{self, FailOn, Rules};
use preconsent::store::recording;

use crate::support::visits::{PAGE, Story};

/// A script of a provider that the test catalogue knows.
const TRACKER: &str = "https://cdn.tracker.test/t.js";
/// A script that no catalogue knows.
const OWN: &str = "https://shop.test/app.js";

/// Providers for the tests: one like any, and one whose catalogue is complete.
fn catalogue() -> Catalogue {
    let files = [
        ("tracker", include_str!("checks/tracker.yaml")),
        ("whole", include_str!("checks/whole.yaml")),
    ];
    let provider = |(id, text): (&str, &str)| {
        load::provider(id, &format!("{id}.yaml"), text).expect("a good file")
    };
    Catalogue {
        providers: files.into_iter().map(provider).collect(),
    }
}

fn eu() -> Profile {
    profile::builtin("eu").expect("it is embedded")
}

/// What to judge by.
struct Bench {
    catalogue: Catalogue,
    profile: Profile,
    recipes: Vec<Recipe>,
    fail_on: FailOn,
}

impl Default for Bench {
    fn default() -> Self {
        Self {
            catalogue: catalogue(),
            profile: eu(),
            recipes: recipe::builtin(),
            fail_on: FailOn::Error,
        }
    }
}

impl Bench {
    fn judge(&self, visits: Vec<Visit>) -> TargetReport {
        let redactor = Redactor::new(b"test", false);
        let rules = self.rules(&redactor);
        let target = Target::parse(PAGE, Place::CommandLine).expect("a target");
        let report = self.report(&visits);
        let questions = Questions::of(&self.catalogue, &self.recipes);
        let sealed = visits.iter().map(|v| seal(v, &redactor, &questions));
        for recorded in [sealed.collect(), visits.clone()] {
            let visits = replayed(&target, recorded);
            let again = scan::judge(&target, &visits, &rules);
            assert_eq!(again, report, "recorded and judged again");
        }
        report
    }

    fn rules<'b>(&'b self, redactor: &'b Redactor) -> Rules<'b> {
        Rules {
            catalogue: &self.catalogue,
            profile: &self.profile,
            recipes: &self.recipes,
            fail_on: self.fail_on,
            redactor,
        }
    }

    /// What comes of the visits, without looking whether their recordings come to the same.
    fn report(&self, visits: &[Visit]) -> TargetReport {
        let redactor = Redactor::new(b"test", false);
        let target = Target::parse(PAGE, Place::CommandLine).expect("a target");
        let report = scan::judge(&target, visits, &self.rules(&redactor));
        self.keeps_to_the_texts(&report);
        report
    }

    /// Severities and scenarios are those that the texts of the checks name.
    fn keeps_to_the_texts(&self, report: &TargetReport) {
        let doc = |id: &str| {
            let check = check::ALL.iter().find(|c| c.id() == id);
            check.expect("a check of this id").doc()
        };
        for finding in &report.findings {
            let id = &finding.check;
            let known = doc(id).severities.contains(&finding.severity);
            assert!(known || self.profile.level(id).is_some(), "{finding:?}");
        }
        for coverage in &report.coverage {
            let named = doc(&coverage.check).scenarios;
            for visit in &coverage.visits {
                let ran = visit.state == CoverageState::Ran;
                let id = &coverage.check;
                assert!(!ran || named.contains(&visit.scenario), "{id}: {visit:?}");
            }
        }
    }
}

/// The visits as they come back from recordings on disk.
fn replayed(target: &Target, visits: Vec<Visit>) -> Vec<Visit> {
    let folder = tempfile::tempdir().expect("a folder");
    let runs: BTreeSet<u32> = visits.iter().map(|v| v.run).collect();
    let recorded = visits.iter().enumerate().map(|(number, visit)| {
        let name = recording::stem(number, visit);
        let written = recording::write(folder.path(), &name, visit).expect("a recording");
        let read = recording::read(&folder.path().join(written.name)).expect("a recording");
        assert_eq!(&read, visit);
        read
    });
    let recorded: Vec<Visit> = recorded.collect();
    let of_run = |run| {
        let visits = recorded.iter().filter(|v| v.run == run);
        let visits: Vec<Visit> = visits.cloned().collect();
        let scenarios: Vec<_> = visits.iter().map(|v| v.scenario).collect();
        let engine = ReplayEngine::new(visits);
        let runtime = tokio::runtime::Builder::new_current_thread()
            .build()
            .expect("a runtime");
        runtime
            .block_on(scan::visit_all(&engine, target, &scenarios))
            .expect("recorded visits")
    };
    runs.into_iter().flat_map(of_run).collect()
}

/// Judges these stories by the usual rules.
fn judge<const N: usize>(stories: [Story; N]) -> TargetReport {
    Bench::default().judge(stories.map(Story::build).into())
}

/// Verdict, reasons and findings as text.
fn told(report: &TargetReport) -> String {
    let mut text = report.verdict.as_str().to_owned();
    for reason in &report.reasons {
        let _ = write!(text, "\n- {reason}");
    }
    for f in &report.findings {
        let scenario = f.scenario.map_or("-", |s| s.as_str());
        let phase = f.phase.map_or("-", |p| p.as_str());
        let _ = write!(
            text,
            "\n{} {} {} [{scenario} {phase}] {}",
            f.severity.as_str(),
            f.confidence.as_str(),
            f.check,
            f.message
        );
    }
    text
}

/// The evidence of the first finding of a check.
fn evidence(report: &TargetReport, check: &str) -> String {
    let finding = report.findings.iter().find(|f| f.check == check);
    let evidence = &finding.expect("a finding").evidence;
    let lines = evidence.iter().map(|e| {
        let at = e.at_ms.map_or_else(|| "-".to_owned(), |ms| ms.to_string());
        let source = e.source.as_deref().unwrap_or("-");
        format!("{} {at} {} <{source}>", e.kind, e.text)
    });
    lines.collect::<Vec<_>>().join("\n")
}

/// What one check said: severity, confidence, place and message.
fn said(report: &TargetReport, check: &str) -> Vec<String> {
    let findings = report.findings.iter().filter(|f| f.check == check);
    findings
        .map(|f| {
            let scenario = f.scenario.map_or("-", |s| s.as_str());
            let phase = f.phase.map_or("-", |p| p.as_str());
            let (severity, confidence) = (f.severity.as_str(), f.confidence.as_str());
            format!("{severity} {confidence} [{scenario} {phase}] {}", f.message)
        })
        .collect()
}

/// What became of a check in a visit, and why.
fn covered(report: &TargetReport, check: &str, scenario: ScenarioId) -> String {
    let found = report.coverage.iter().find(|c| c.check == check);
    let visits = &found.expect("a check of this id").visits;
    let visit = visits.iter().find(|v| v.scenario == scenario);
    let visit = visit.expect("a visit of this scenario");
    match &visit.reason {
        Some(reason) => format!("{}: {reason}", visit.state.as_str()),
        None => visit.state.as_str().to_owned(),
    }
}

/// A bench with another profile.
fn under(profile: &str) -> Bench {
    Bench {
        profile: profile::builtin(profile).expect("it is embedded"),
        ..Bench::default()
    }
}

/// The checks that spoke.
fn spoke(report: &TargetReport) -> Vec<&str> {
    report.findings.iter().map(|f| f.check.as_str()).collect()
}

fn item<'r>(report: &'r TargetReport, name: &str) -> &'r ReportItem {
    let found = report.items.iter().find(|i| i.key.name == name);
    found.expect("an item of this name")
}

#[test]
fn ids_and_their_order_are_fixed() {
    let ids: Vec<&str> = check::ALL.iter().map(|c| c.id()).collect();
    assert_eq!(
        ids,
        [
            "pre-consent-storage",
            "pre-consent-send",
            "essential-before-request",
            "inaction-as-consent",
            "dismiss-as-consent",
            "reject-ignored",
            "reject-leftover",
            "partial-choice-ignored",
            "consent-record-mismatch",
            "consent-signal-conflict",
            "accept-no-effect",
            "leftover-after-withdrawal",
            "rewrite-after-withdrawal",
            "respawned-value",
            "partial-erasure",
            "withdraw-unavailable",
            "withdraw-harder",
            "withdrawal-not-signalled",
            "undeclared-name",
            "undeclared-kind",
            "undeclared-host",
            "declared-not-seen",
            "deprecated-name-seen",
            "documented-otherwise",
            "expiry-exceeds-declared",
            "session-became-persistent",
            "expiry-exceeds-policy",
            "expiry-exceeds-browser-cap",
            "expiry-rolling",
            "storage-outlives-declared",
            "consent-record-lifetime",
            "re-prompt-too-soon",
            "role-mismatch",
            "essential-claim-implausible",
            "identifier-shared",
            "attr-rejected",
            "attr-weak",
            "gpc-ignored",
            "reject-harder",
            "catalogue-conflict",
            "catalogue-unclassified",
            "catalogue-expiry-missing",
            "catalogue-expiry-implausible",
            "scenario-unverified",
            "scenario-not-offered",
            "nondeterministic",
            "blocked-or-challenged",
        ]
    );
}

/// Set `PRECONSENT_UPDATE_DOCS` to write the page anew.
#[test]
fn the_page_of_checks_is_made_from_their_texts() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/checks.md");
    if std::env::var_os("PRECONSENT_UPDATE_DOCS").is_some() {
        std::fs::write(path, check::docs::markdown()).expect("docs/ can be written");
    }
    let page = std::fs::read_to_string(path).expect("docs/checks.md");
    assert_eq!(
        page,
        check::docs::markdown(),
        "docs/checks.md is stale; run this test with PRECONSENT_UPDATE_DOCS=1"
    );
}

#[test]
fn every_finding_has_help_and_evidence() {
    let report = judge([
        Story::none()
            .script(100, TRACKER, "trk_id=1; Max-Age=99999999")
            .script(100, TRACKER, "trk_session=1; Max-Age=60")
            .script(100, OWN, "unknown=1")
            .script(100, OWN, "trk_old=1"),
        Story::reject().script(1_200, TRACKER, "trk_id=2"),
    ]);
    assert!(report.findings.len() >= 6, "{}", told(&report));
    for finding in &report.findings {
        assert!(!finding.help.is_empty(), "{finding:?}");
        assert!(!finding.evidence.is_empty(), "{finding:?}");
    }
}
