//! Sample reports: a leaky chat page, a page that passes, a host that cannot be reached, and a
//! report with one text in every place that a web site could write to.

mod findings;
mod hostile;
mod items;
mod visits;

pub(crate) use hostile::hostile;

use preconsent::model::choice::{Choice, ChoiceOutcome};
use preconsent::model::coverage::CoverageState::{Inconclusive, NotApplicable, Ran};
use preconsent::model::coverage::{Coverage, CoverageState, VisitCoverage};
use preconsent::model::fault::{Fault, FaultKind};
use preconsent::model::finding::{Class, Confidence, Finding, Severity};
use preconsent::model::item::Presence::Present;
use preconsent::model::report::{ProviderSeen, Report, Summary, TargetReport, Tool, Verdict};
use preconsent::model::runs::Runs;
use preconsent::model::scenario::PhaseId::{AfterChoice, AfterReload};
use preconsent::model::scenario::ScenarioId::{Accept, None as Passive, Reject};

use findings::{evidence, leaky_findings};
use items::{leaky_items, seen, uuid_cookie};
use visits::{accept_visit, passive_visit, reject_visit};

/// A script that the sample's chat widget is made of.
const WIDGET: &str = "https://embed.tawk.to/_s/v4/app/67f4b2d4927/js/twk-main.js";

/// A report on these targets with the numbers filled in.
pub(crate) fn report(targets: Vec<TargetReport>) -> Report {
    let verdicts = |verdict| targets.iter().filter(|t| t.verdict == verdict).count();
    let findings = |severity| {
        let all = targets.iter().flat_map(|t| &t.findings);
        all.filter(|f| f.class == Class::Judgement && f.severity == severity)
            .count()
    };
    Report {
        tool: Tool {
            name: "preconsent".to_owned(),
            version: "0.1.0".to_owned(),
        },
        started: "2026-11-24T09:30:00Z".to_owned(),
        profile: "eu".to_owned(),
        verdict: targets
            .iter()
            .fold(Verdict::Pass, |all, target| all.and(target.verdict)),
        summary: Summary {
            targets: targets.len(),
            pass: verdicts(Verdict::Pass),
            fail: verdicts(Verdict::Fail),
            inconclusive: verdicts(Verdict::Inconclusive),
            errors: findings(Severity::Error),
            warnings: findings(Severity::Warn),
            infos: findings(Severity::Info),
            items: targets.iter().map(|t| t.items.len()).sum(),
        },
        targets,
    }
}

/// All three sample targets.
pub(crate) fn three() -> Report {
    report(vec![leaky(), compliant(), unreachable()])
}

/// A shop whose chat widget is loaded at once, whatever the visitor chooses.
pub(crate) fn leaky() -> TargetReport {
    TargetReport {
        url: "https://shop.test/leaky/".to_owned(),
        final_url: "https://www.shop.test/leaky/".to_owned(),
        verdict: Verdict::Fail,
        reasons: vec!["3 errors: 2 pre-consent-storage, 1 reject-ignored".to_owned()],
        faults: Vec::new(),
        providers: vec![ProviderSeen {
            id: "tawk".to_owned(),
            name: "tawk.to".to_owned(),
            evidence: vec![
                "request to embed.tawk.to".to_owned(),
                "global Tawk_API".to_owned(),
            ],
        }],
        visits: vec![passive_visit(), reject_visit(), accept_visit()],
        items: leaky_items(),
        findings: leaky_findings(),
        coverage: coverage(),
        limits: vec!["Only the page itself was visited, no further pages (--pages).".to_owned()],
    }
}

/// What two checks made of the visits.
fn coverage() -> Vec<Coverage> {
    let check = |id: &str, states: [(CoverageState, Option<&str>); 3]| Coverage {
        check: id.to_owned(),
        class: Class::Judgement,
        visits: [Passive, Reject, Accept]
            .into_iter()
            .zip(states)
            .map(|(scenario, (state, reason))| VisitCoverage {
                scenario,
                state,
                reason: reason.map(str::to_owned),
            })
            .collect(),
    };
    let other = (NotApplicable, Some("needs the choice accept"));
    let unproven = (Inconclusive, Some("nothing proves the choice to accept"));
    vec![
        check("pre-consent-storage", [(Ran, None); 3]),
        check("consent-record-lifetime", [other, other, unproven]),
    ]
}

/// A page that stores one thing, after the visitor accepted.
pub(crate) fn compliant() -> TargetReport {
    let mut item = uuid_cookie();
    item.seen = seen(&[
        (Accept, AfterChoice, Present),
        (Accept, AfterReload, Present),
    ]);
    let mut accept = accept_visit();
    accept.choice = ChoiceOutcome {
        asked: Choice::Accept,
        ..reject_visit().choice
    };
    accept.choice.evidence = vec!["pressed \"Accept all\"".to_owned()];
    TargetReport {
        url: "https://shop.test/compliant/".to_owned(),
        final_url: "https://shop.test/compliant/".to_owned(),
        verdict: Verdict::Pass,
        reasons: Vec::new(),
        faults: Vec::new(),
        providers: Vec::new(),
        visits: vec![passive_visit(), reject_visit(), accept],
        items: vec![item],
        findings: Vec::new(),
        coverage: Vec::new(),
        limits: Vec::new(),
    }
}

/// A host that does not exist.
pub(crate) fn unreachable() -> TargetReport {
    let fault = Fault {
        kind: FaultKind::DnsFailure,
        message: "no address is known for the host nowhere.test".to_owned(),
        at_ms: 12,
    };
    let mut visit = passive_visit();
    visit.faults = vec![fault.clone()];
    visit.phases = Vec::new();
    TargetReport {
        url: "https://nowhere.test/".to_owned(),
        final_url: "https://nowhere.test/".to_owned(),
        verdict: Verdict::Inconclusive,
        reasons: vec!["dns-failure: no address is known for the host nowhere.test".to_owned()],
        faults: vec![fault],
        providers: Vec::new(),
        visits: vec![visit],
        items: Vec::new(),
        findings: vec![Finding {
            check: "blocked-or-challenged".to_owned(),
            class: Class::Health,
            severity: Severity::Warn,
            confidence: Confidence::Confirmed,
            scenario: Some(Passive),
            phase: None,
            item: None,
            runs: Some(Runs { seen: 2, of: 2 }),
            message: "the page could not be visited".to_owned(),
            help: "Check the address, or map the host with --resolve.".to_owned(),
            evidence: vec![evidence(
                "fault",
                Some(12),
                "no address is known for the host nowhere.test",
                None,
            )],
        }],
        coverage: Vec::new(),
        limits: Vec::new(),
    }
}
