//! Version 1 of the JSON report: names and order of its fields, and the words in them.
//!
//! Frozen: fields may be added, none may be renamed, removed or given another meaning. Every field
//! is always there, `null` where nothing is known; only `domain` (cookies) and `origin` (storage)
//! take each other's place. `docs/report-v1.md` describes each, `docs/report-v1.schema.json` is the
//! same for programs, and the tests keep all three in step.

mod coverage;
mod finding;
mod item;
mod sent;
mod visit;

use serde::Serialize;

use crate::model;
use coverage::Coverage;
use finding::Finding;
use item::Item;
use visit::Visit;

const SCHEMA: &str = "preconsent.report.v1";

#[derive(Serialize)]
pub(super) struct Report<'a> {
    schema: &'static str,
    tool: Tool<'a>,
    started: &'a str,
    profile: &'a str,
    verdict: &'static str,
    summary: Summary,
    targets: Vec<Target<'a>>,
}

impl<'a> From<&'a model::report::Report> for Report<'a> {
    fn from(report: &'a model::report::Report) -> Self {
        Self {
            schema: SCHEMA,
            tool: Tool {
                name: &report.tool.name,
                version: &report.tool.version,
            },
            started: &report.started,
            profile: &report.profile,
            verdict: report.verdict.as_str(),
            summary: Summary::from(&report.summary),
            targets: report.targets.iter().map(Target::from).collect(),
        }
    }
}

#[derive(Serialize)]
struct Tool<'a> {
    name: &'a str,
    version: &'a str,
}

#[derive(Serialize)]
struct Summary {
    targets: usize,
    pass: usize,
    fail: usize,
    inconclusive: usize,
    errors: usize,
    warnings: usize,
    infos: usize,
    items: usize,
}

impl From<&model::report::Summary> for Summary {
    fn from(sum: &model::report::Summary) -> Self {
        Self {
            targets: sum.targets,
            pass: sum.pass,
            fail: sum.fail,
            inconclusive: sum.inconclusive,
            errors: sum.errors,
            warnings: sum.warnings,
            infos: sum.infos,
            items: sum.items,
        }
    }
}

#[derive(Serialize)]
struct Target<'a> {
    url: &'a str,
    final_url: &'a str,
    verdict: &'static str,
    reasons: &'a [String],
    faults: Vec<Fault<'a>>,
    providers: Vec<Provider<'a>>,
    visits: Vec<Visit<'a>>,
    items: Vec<Item<'a>>,
    findings: Vec<Finding<'a>>,
    coverage: Vec<Coverage<'a>>,
    limits: &'a [String],
}

impl<'a> From<&'a model::report::TargetReport> for Target<'a> {
    fn from(target: &'a model::report::TargetReport) -> Self {
        Self {
            url: &target.url,
            final_url: &target.final_url,
            verdict: target.verdict.as_str(),
            reasons: &target.reasons,
            faults: target.faults.iter().map(Fault::from).collect(),
            providers: target.providers.iter().map(Provider::from).collect(),
            visits: target.visits.iter().map(Visit::from).collect(),
            items: target.items.iter().map(Item::from).collect(),
            findings: target.findings.iter().map(Finding::from).collect(),
            coverage: target.coverage.iter().map(Coverage::from).collect(),
            limits: &target.limits,
        }
    }
}

#[derive(Serialize)]
struct Fault<'a> {
    kind: &'static str,
    message: &'a str,
    at_ms: u64,
}

impl<'a> From<&'a model::fault::Fault> for Fault<'a> {
    fn from(fault: &'a model::fault::Fault) -> Self {
        Self {
            kind: fault.kind.as_str(),
            message: &fault.message,
            at_ms: fault.at_ms,
        }
    }
}

#[derive(Serialize)]
struct Provider<'a> {
    id: &'a str,
    name: &'a str,
    evidence: &'a [String],
}

impl<'a> From<&'a model::report::ProviderSeen> for Provider<'a> {
    fn from(provider: &'a model::report::ProviderSeen) -> Self {
        Self {
            id: &provider.id,
            name: &provider.name,
            evidence: &provider.evidence,
        }
    }
}
