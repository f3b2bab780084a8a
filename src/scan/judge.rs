//! From the recorded visits of one target to its report.

use std::collections::BTreeMap;

use super::questions::Questions;
use super::{Rules, items, runs, settle, signals, verdict};
use crate::catalogue::policy::Policy;
use crate::check::{self, Context, Judged, Outcome};
use crate::classify::{ClassifiedVisit, Known, classify};
use crate::model::coverage::Coverage;
use crate::model::fault::{Fault, FaultKind};
use crate::model::finding::Finding;
use crate::model::redact::Redactor;
use crate::model::report::{ProviderSeen, TargetReport, VisitSummary};
use crate::model::seal::seal;
use crate::model::target::Target;
use crate::model::visit::Visit;

/// Judges recorded visits of one target, each run by itself and then all together. The same visits and
/// rules always come to the same report.
#[must_use]
pub fn judge(target: &Target, visits: &[Visit], rules: &Rules<'_>) -> TargetReport {
    if visits.iter().any(|visit| visit.sealed.is_some()) {
        return judge_sealed(target, visits, rules);
    }
    judge_all(target, visits, rules)
}

/// Judges visits of which at least one is sealed. The others are sealed as well, so that equal values
/// look equal throughout.
fn judge_sealed(target: &Target, visits: &[Visit], rules: &Rules<'_>) -> TargetReport {
    let questions = Questions::of(rules.catalogue, rules.recipes);
    let visits: Vec<Visit> = visits
        .iter()
        .map(|visit| seal(visit, rules.redactor, &questions))
        .collect();
    let rules = Rules {
        redactor: &Redactor::of_sealed(),
        ..*rules
    };
    judge_all(target, &visits, &rules)
}

fn judge_all(target: &Target, visits: &[Visit], rules: &Rules<'_>) -> TargetReport {
    let ordered = runs::by_run(visits);
    let classified = classified(&ordered, rules);
    let of_run = |of_run| check::run(&context(target, of_run, &classified, rules));
    let judged = classified.iter().map(|visits| of_run(visits)).collect();
    let (outcomes, coverage) = apart(runs::together(judged, &classified));
    let classified: Vec<&ClassifiedVisit<'_>> = classified.iter().flatten().collect();
    let mut ordered: Vec<&Visit> = ordered.into_iter().flatten().collect();
    ordered.sort_by_key(|visit| visit.scenario);
    let unasked = unasked(&classified);
    let (verdict, reasons) = verdict::verdict(&ordered, &outcomes, unasked, rules.fail_on);
    TargetReport {
        url: target.url.to_string(),
        final_url: final_url(target, &ordered, rules),
        verdict,
        reasons,
        faults: faults(&ordered),
        providers: providers(&classified),
        visits: ordered.iter().map(|visit| summary(visit, rules)).collect(),
        items: items::items(&classified, rules),
        findings: findings(outcomes),
        coverage,
        limits: limits(&ordered),
    }
}

/// The visits of all runs with what the catalogue says of them.
fn classified<'a>(runs: &[Vec<&'a Visit>], rules: &Rules<'a>) -> Vec<Vec<ClassifiedVisit<'a>>> {
    let catalogue = rules.catalogue;
    let of_run = |visits: &Vec<&'a Visit>| {
        let visits = visits.iter().map(|visit| classify(visit, catalogue));
        visits.collect()
    };
    runs.iter().map(of_run).collect()
}

/// What a run is judged by.
fn context<'a>(
    target: &'a Target,
    visits: &'a [ClassifiedVisit<'a>],
    runs: &'a [Vec<ClassifiedVisit<'a>>],
    rules: &Rules<'a>,
) -> Context<'a> {
    Context {
        target,
        visits,
        runs,
        catalogue: rules.catalogue,
        profile: rules.profile,
        recipes: rules.recipes,
        redactor: rules.redactor,
    }
}

fn apart(judged: Vec<Judged>) -> (Vec<Outcome>, Vec<Coverage>) {
    judged
        .into_iter()
        .map(|judged| (judged.outcome, judged.coverage))
        .unzip()
}

/// Judges the same visits by the site's own policy as well, and adds what that finds to the report.
pub fn add_policy(
    report: &mut TargetReport,
    target: &Target,
    visits: &[Visit],
    policy: &Policy,
    rules: &Rules<'_>,
) {
    if visits.iter().any(|visit| visit.sealed.is_some()) {
        let questions = Questions::of(rules.catalogue, rules.recipes);
        let sealed = visits.iter().map(|v| seal(v, rules.redactor, &questions));
        let redactor = Redactor::of_sealed();
        let rules = Rules {
            redactor: &redactor,
            ..*rules
        };
        let sealed: Vec<Visit> = sealed.collect();
        return add_policy_of(report, target, &sealed, policy, &rules);
    }
    add_policy_of(report, target, visits, policy, rules);
}

fn add_policy_of(
    report: &mut TargetReport,
    target: &Target,
    visits: &[Visit],
    policy: &Policy,
    rules: &Rules<'_>,
) {
    let classified = classified(&runs::by_run(visits), rules);
    let of_run = |visits| {
        let context = context(target, visits, &classified, rules);
        check::policy::judge(&context, policy).findings
    };
    let found = classified.iter().map(|visits| of_run(visits)).collect();
    let found = runs::findings(found, &classified);
    report.findings.extend(found);
    // Stable: what the checks found stays before what the policy adds.
    report
        .findings
        .sort_by_key(|f| std::cmp::Reverse(f.severity));
    settle::judge_all_again(report, rules.fail_on);
}

/// The page that was shown. Where a site leads its visitors may hold a token of theirs; what the
/// user typed is shown as it is.
fn final_url(target: &Target, visits: &[&Visit], rules: &Rules<'_>) -> String {
    let shown = visits.iter().find(|v| v.is_complete()).or(visits.first());
    match shown {
        Some(visit) if visit.final_url != target.url => match &visit.sealed {
            Some(sealed) => sealed.shown_url.clone(),
            None => rules.redactor.url(visit.final_url.as_str()),
        },
        _ => target.url.to_string(),
    }
}

/// What cannot be said of sealed visits, because these rules ask what was not asked then.
fn unasked(visits: &[&ClassifiedVisit<'_>]) -> Vec<String> {
    let mut doubts = Vec::new();
    for visit in visits {
        for item in &visit.items {
            let Some(Known { entry, .. }) = item.unasked else {
                continue;
            };
            let name = &item.item.key.name;
            let pattern = entry.value.as_ref().map_or("", |v| v.text.as_str());
            doubts.push(format!(
                "the recording of the visit \"{}\" holds no values, and {} now asks whether that of \
                 {name} is \"{pattern}\": scan again",
                visit.visit.scenario.as_str(),
                entry.place
            ));
        }
    }
    doubts
}

/// The faults of all visits, each once, at its earliest time.
fn faults(visits: &[&Visit]) -> Vec<Fault> {
    let mut faults: BTreeMap<(FaultKind, &str), &Fault> = BTreeMap::new();
    for fault in visits.iter().flat_map(|visit| &visit.faults) {
        let known = faults
            .entry((fault.kind, fault.message.as_str()))
            .or_insert(fault);
        if fault.at_ms < known.at_ms {
            *known = fault;
        }
    }
    faults.into_values().cloned().collect()
}

/// The providers of all visits with all that shows them.
fn providers(visits: &[&ClassifiedVisit<'_>]) -> Vec<ProviderSeen> {
    let mut seen: BTreeMap<&str, ProviderSeen> = BTreeMap::new();
    for found in visits.iter().flat_map(|visit| &visit.providers) {
        let entry = seen
            .entry(&found.provider.id)
            .or_insert_with(|| ProviderSeen {
                id: found.provider.id.clone(),
                name: found.provider.name.clone(),
                evidence: Vec::new(),
            });
        for reason in &found.evidence {
            if !entry.evidence.contains(reason) {
                entry.evidence.push(reason.clone());
            }
        }
    }
    seen.into_values().collect()
}

fn summary(visit: &Visit, rules: &Rules<'_>) -> VisitSummary {
    VisitSummary {
        scenario: visit.scenario,
        run: visit.run,
        engine: visit.engine.clone(),
        clock: visit.clock,
        choice: visit.choice.clone(),
        service: visit.service.clone(),
        phases: visit.phases.clone(),
        faults: visit.faults.clone(),
        signals: signals::signals(visit, rules.redactor),
    }
}

/// All findings: the worst first, then in the order of the checks and of the items.
fn findings(outcomes: Vec<Outcome>) -> Vec<Finding> {
    let mut findings: Vec<(usize, Finding)> = outcomes
        .into_iter()
        .enumerate()
        .flat_map(|(check, outcome)| outcome.findings.into_iter().map(move |f| (check, f)))
        .collect();
    findings.sort_by(|(check_a, a), (check_b, b)| {
        b.severity
            .cmp(&a.severity)
            .then(check_a.cmp(check_b))
            .then_with(|| a.item.cmp(&b.item))
            .then_with(|| a.scenario.cmp(&b.scenario))
            .then_with(|| a.message.cmp(&b.message))
    });
    findings.into_iter().map(|(_, finding)| finding).collect()
}

/// What was not seen, each once.
fn limits(visits: &[&Visit]) -> Vec<String> {
    let mut limits: Vec<String> = Vec::new();
    for limit in visits.iter().flat_map(|visit| &visit.limits) {
        if !limits.contains(limit) {
            limits.push(limit.clone());
        }
    }
    limits
}
