//! A report with one text in every place that a web site could write to.

use preconsent::model::chain::{Cause, CauseKind};
use preconsent::model::choice::{Choice, ChoiceOutcome, ChoiceState, Method};
use preconsent::model::coverage::{Coverage, CoverageState, VisitCoverage};
use preconsent::model::fault::{Fault, FaultKind};
use preconsent::model::finding::{Class, Confidence, Evidence, Finding, FindingItem, Severity};
use preconsent::model::item::Presence::Refused;
use preconsent::model::item::{ItemKey, Party, Store};
use preconsent::model::observation::{StackFrame, Writer, WriterKind};
use preconsent::model::report::{
    ItemDetails, ItemLifetime, ItemStatus, ProviderSeen, Report, ReportItem, TargetReport, Tool,
    Verdict, VisitSummary,
};
use preconsent::model::role::Role;
use preconsent::model::scenario::PhaseId::BeforeChoice;
use preconsent::model::scenario::ScenarioId::{None as Passive, Reject};
use preconsent::model::sent::{Carrier, SentForm, SentTo};
use preconsent::model::signal::{PhaseSignal, Signal};
use preconsent::model::visit::{Clock, EngineInfo};

use super::items::seen;
use super::report;
use super::visits::phases;

/// A report with `text` in every place whose content is not this program's own.
pub(crate) fn hostile(text: &str) -> Report {
    let t = || text.to_owned();
    let target = TargetReport {
        url: t(),
        final_url: format!("{text}/"),
        verdict: Verdict::Fail,
        reasons: vec![t()],
        faults: vec![fault(text)],
        providers: vec![ProviderSeen {
            id: t(),
            name: t(),
            evidence: vec![t()],
        }],
        visits: vec![visit(text)],
        items: vec![
            item(text, Store::Cookie, ItemStatus::Observed),
            item(text, Store::LocalStorage, ItemStatus::Predicted),
        ],
        findings: vec![
            finding(text, Class::Judgement),
            finding(text, Class::Health),
        ],
        coverage: vec![Coverage {
            check: t(),
            class: Class::Judgement,
            visits: vec![VisitCoverage {
                scenario: Passive,
                state: CoverageState::Inconclusive,
                reason: Some(t()),
            }],
        }],
        limits: vec![t()],
    };
    Report {
        tool: Tool {
            name: t(),
            version: t(),
        },
        started: t(),
        profile: t(),
        ..report(vec![target.clone(), target])
    }
}

fn fault(text: &str) -> Fault {
    Fault {
        kind: FaultKind::LoadFailed,
        message: text.to_owned(),
        at_ms: 1,
    }
}

fn visit(text: &str) -> VisitSummary {
    let t = || text.to_owned();
    VisitSummary {
        scenario: Reject,
        run: 1,
        engine: EngineInfo {
            name: t(),
            product: t(),
            settings: vec![t()],
        },
        clock: Clock::Real,
        choice: ChoiceOutcome {
            asked: Choice::Reject,
            state: ChoiceState::Proven,
            platform: Some(t()),
            method: Some(Method::Heuristic),
            at_ms: Some(1),
            presses: Some(1),
            evidence: vec![t()],
            allowed: Vec::new(),
        },
        service: None,
        phases: phases(&[(BeforeChoice, 1)]),
        faults: vec![fault(text)],
        signals: vec![PhaseSignal {
            phase: BeforeChoice,
            signal: Signal {
                name: t(),
                value: t(),
            },
        }],
    }
}

fn item(text: &str, store: Store, status: ItemStatus) -> ReportItem {
    let t = || text.to_owned();
    ReportItem {
        key: ItemKey {
            store,
            name: t(),
            place: t(),
            path: t(),
            partition: Some(t()),
        },
        party: Party::Third,
        provider: Some(t()),
        entry: Some(t()),
        entry_place: Some(t()),
        documented_as: vec![t()],
        role: Role::Unclassified,
        exempt: false,
        claimed_role: Some(t()),
        status,
        lifetime: ItemLifetime {
            declared: Some(t()),
            requested_s: Some(1),
            stored_s: None,
        },
        seen: seen(&[(Passive, BeforeChoice, Refused)]),
        first_writer: Writer {
            kind: WriterKind::Script,
            url: Some(t()),
            stack: vec![StackFrame {
                function: t(),
                url: t(),
                line: 1,
                column: 1,
            }],
        },
        details: details(text),
    }
}

fn details(text: &str) -> ItemDetails {
    let cause = |kind| Cause {
        kind,
        url: text.to_owned(),
        line: Some(1),
        page: false,
    };
    ItemDetails {
        chain: vec![cause(CauseKind::Script), cause(CauseKind::Tag)],
        host_only: Some(true),
        refused: vec![text.to_owned()],
        sent_to: vec![(
            Reject,
            SentTo {
                host: text.to_owned(),
                phase: BeforeChoice,
                carrier: Carrier::Url,
                form: SentForm::Sha256,
                at_ms: 1,
                count: 2,
                chain: vec![cause(CauseKind::Redirect)],
            },
        )],
        runs: None,
    }
}

fn finding(text: &str, class: Class) -> Finding {
    let t = || text.to_owned();
    let evidence = Evidence {
        kind: t(),
        at_ms: Some(1),
        text: t(),
        source: Some(t()),
    };
    Finding {
        check: t(),
        class,
        severity: Severity::Error,
        confidence: Confidence::Likely,
        scenario: Some(Passive),
        phase: Some(BeforeChoice),
        item: Some(FindingItem {
            store: Store::LocalStorage,
            name: t(),
            place: t(),
        }),
        runs: None,
        message: t(),
        help: t(),
        evidence: vec![evidence; 5],
    }
}
