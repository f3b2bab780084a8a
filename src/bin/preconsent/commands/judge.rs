//! `preconsent judge`: recorded visits judged again, without a network.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use anyhow::{Result, bail};
use preconsent::engine::Options;
use preconsent::model::report::TargetReport;
use preconsent::model::runs;
use preconsent::model::scenario::ScenarioId;
use preconsent::model::target::{Place, Target};
use preconsent::model::visit::Visit;
use preconsent::scan;
use preconsent::store::recording;

use super::Context;
use super::evidence::{self, Asked};
use crate::choice;
use crate::cli::JudgeCommand;
use crate::exit::Exit;
use crate::output::Output;
use crate::policy;
use crate::run::{seconds_to_text, unseen};
use crate::settled::KnownAlready;
use crate::setup::Knowledge;

/// The visits of one address.
struct Group {
    target: Target,
    visits: Vec<(PathBuf, Visit)>,
}

impl Group {
    fn url(&self) -> &str {
        self.target.url.as_str()
    }

    fn all(&self) -> Vec<Visit> {
        self.visits.iter().map(|(_, v)| v.clone()).collect()
    }
}

/// Runs the command.
pub(super) async fn run(mut args: JudgeCommand, context: &Context) -> Result<Exit> {
    if args.verify {
        return evidence::verify(&args.recordings);
    }
    context.config.script(&mut args.script);
    context.config.judge(&mut args.judge);
    context.config.rules(&mut args.rules);
    context.config.report(&mut args.report);
    let output = Output::plan(&args.report, context.color)?;
    let show_values = args.report.show_values.unwrap_or(false);
    let mut knowledge = Knowledge::load(&args.rules, &args.judge, show_values)?;
    choice::learn(&mut knowledge, choice::for_judge(&args.script)?.as_ref())?;
    let known = KnownAlready::load(&args.judge, context.config.waivers(), knowledge.fail_on)?;
    let policy = args.judge.policy.as_deref();
    knowledge.policy = policy::load(policy, &Options::default(), &context.terminal).await?;
    let found = evidence::recordings(&args.recordings, context)?;
    let groups = group(&found.files)?;
    let mut visits = groups.iter().flat_map(|g| &g.visits);
    if show_values && visits.any(|(_, v)| v.sealed.is_some()) {
        context.terminal.warn(
            "there are no values to show: the recordings hold only their length and digest; scan \
             again with --record-values",
        );
    }
    let mut targets = groups.iter().map(|g| judge(g, &knowledge)).collect();
    for asked in &found.asked {
        tell_missing(asked, &groups, &mut targets);
    }
    let mut report = scan::assemble(targets, &knowledge.profile, started(&groups));
    known.settle(&mut report, &context.terminal);
    output.write(&report)?;
    Ok(report.verdict.into())
}

fn judge(group: &Group, knowledge: &Knowledge) -> TargetReport {
    knowledge.judge(&group.target, &group.all())
}

/// What a scan was to visit and did not keeps its target from a pass. The first reports are those of
/// the groups.
fn tell_missing(asked: &Asked, groups: &[Group], reports: &mut Vec<TargetReport>) {
    let why = match asked.complete {
        true => "the scan did not make it",
        false => "the scan was interrupted",
    };
    let mut gaps: Vec<(usize, String)> = Vec::new();
    let mut unvisited: Vec<&String> = Vec::new();
    let places: BTreeMap<&str, usize> = (0..).zip(groups).map(|(at, g)| (g.url(), at)).collect();
    for url in &asked.targets {
        let Some(at) = places.get(url.as_str()).copied() else {
            unvisited.push(url);
            continue;
        };
        let visits = groups[at].all();
        for run in 1..=asked.runs {
            let of_run = visits.iter().filter(|visit| visit.run == run);
            let of_run: Vec<Visit> = of_run.cloned().collect();
            let missing = scan::missing(&asked.scenarios, &of_run);
            gaps.extend(missing.iter().map(|scenario| {
                let visit = named(*scenario, run);
                (at, format!("there is no recording of {visit}: {why}"))
            }));
        }
    }
    if !asked.complete && gaps.is_empty() && unvisited.is_empty() {
        let of_scan = asked
            .targets
            .iter()
            .filter_map(|url| places.get(url.as_str()));
        gaps.extend(of_scan.map(|at| (*at, String::from(why))));
    }
    for (at, gap) in gaps {
        scan::add_doubt(&mut reports[at], gap);
    }
    let known: BTreeSet<String> = reports.iter().map(|r| r.url.clone()).collect();
    let unvisited = unvisited.into_iter().filter(|url| !known.contains(*url));
    reports.extend(unvisited.map(|url| unseen(url, format!("there is no recording of it: {why}"))));
}

/// Puts the visits of one address together, in scenario order; addresses in the order given.
fn group(recordings: &[PathBuf]) -> Result<Vec<Group>> {
    let mut groups: Vec<Group> = Vec::new();
    for path in recordings {
        let visit = recording::read(path)?;
        match groups.iter_mut().find(|g| g.target.url == visit.url) {
            Some(group) => add(group, path, visit)?,
            None => groups.push(Group {
                target: target_of(path, &visit),
                visits: vec![(path.clone(), visit)],
            }),
        }
    }
    for group in &mut groups {
        let order = |visit: &Visit| (visit.scenario, visit.run);
        group.visits.sort_by_key(|(_, visit)| order(visit));
    }
    Ok(groups)
}

fn add(group: &mut Group, path: &Path, visit: Visit) -> Result<()> {
    let same = group
        .visits
        .iter()
        .find(|(_, v)| (v.scenario, v.run) == (visit.scenario, visit.run));
    if let Some((other, _)) = same {
        bail!(
            "{} and {} both hold {} of {}; give one of them",
            other.display(),
            path.display(),
            named(visit.scenario, visit.run),
            visit.url
        );
    }
    group.visits.push((path.to_path_buf(), visit));
    Ok(())
}

/// A visit in words.
fn named(scenario: ScenarioId, run: u32) -> String {
    let scenario = scenario.as_str();
    if runs::is_first(&run) {
        return format!("the visit \"{scenario}\"");
    }
    format!("the visit \"{scenario}\" of run {run}")
}

fn target_of(path: &Path, visit: &Visit) -> Target {
    Target {
        url: visit.url.clone(),
        place: Place::File {
            path: path.display().to_string(),
            line: 1,
        },
    }
}

/// When the first of the visits was made: a report says when the sites were looked at.
fn started(groups: &[Group]) -> String {
    let visits = groups.iter().flat_map(|g| &g.visits);
    let first = visits.map(|(_, v)| v.started).fold(f64::INFINITY, f64::min);
    // Floats beyond the range of integers become its ends, which are then no time at all.
    #[expect(clippy::cast_possible_truncation, reason = "saturates, see above")]
    seconds_to_text(first as i64)
}
