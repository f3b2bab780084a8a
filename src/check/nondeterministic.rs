//! `nondeterministic`: what is stored comes and goes between runs that did the same.

use std::collections::{BTreeMap, BTreeSet};

use super::evidence::fact;
use super::finding_builder::{FindingBuilder, Says};
use super::items::{Sighting, describe};
use super::{Check, Context, Doc, Outcome, Reach, reach};
use crate::classify::{ClassifiedVisit, Recurring};
use crate::model::finding::{Class, Confidence, Finding, Severity};
use crate::model::runs::Runs;
use crate::model::scenario::ScenarioId;

pub(super) struct Nondeterministic;

/// An item in the visits of one scenario.
struct Met<'a> {
    first: Sighting<'a>,
    runs: BTreeSet<u32>,
}

impl Check for Nondeterministic {
    fn id(&self) -> &'static str {
        "nondeterministic"
    }

    fn class(&self) -> Class {
        Class::Health
    }

    fn doc(&self) -> Doc {
        Doc {
            severities: &[Severity::Info],
            scenarios: &ScenarioId::ALL,
            what: "The visits were repeated (--runs), and a cookie or storage key was on the device in \
                   some of them and in others it was not, although the visitor did the same. An item \
                   whose name differs from visit to visit is the same where its catalogue entry is. \
                   Visits that broke off are not compared.",
            why: "Tags that are loaded by chance, by auction or by turns make one visit tell less than \
                  there is. What comes and goes may be missed by a single visit.",
            evidence: "The item, and the runs that it was stored in.",
            source: "Demir et al., Reproducibility and Replicability of Web Measurement Studies (WWW \
                     2022)",
            fix: "Visit more often (--runs) before you rely on an item's absence.",
        }
    }

    fn reach(&self, context: &Context<'_>, visit: &ClassifiedVisit<'_>) -> Reach {
        if context.runs.len() < 2 {
            return reach::not_applicable("needs visits that are repeated (--runs)");
        }
        reach::any(visit)
    }

    fn compares_runs(&self) -> bool {
        true
    }

    fn run(&self, context: &Context<'_>) -> Outcome {
        let mut told: BTreeMap<Recurring<'_>, Finding> = BTreeMap::new();
        for scenario in ScenarioId::ALL {
            let visits: Vec<&ClassifiedVisit<'_>> = of_scenario(context, scenario).collect();
            let runs: BTreeSet<u32> = visits.iter().map(|v| v.visit.run).collect();
            if runs.len() < 2 {
                continue;
            }
            for (identity, met) in met(&visits) {
                if met.runs.len() < runs.len() && !told.contains_key(&identity) {
                    told.insert(identity, self.finding(context, &met, &runs));
                }
            }
        }
        told.into_values().collect::<Vec<Finding>>().into()
    }
}

impl Nondeterministic {
    fn finding(&self, context: &Context<'_>, met: &Met<'_>, all: &BTreeSet<u32>) -> Finding {
        let Sighting { visit, item } = met.first;
        let number = |runs: &BTreeSet<u32>| u32::try_from(runs.len()).unwrap_or(u32::MAX);
        let runs = Runs {
            seen: number(&met.runs),
            of: number(all),
        };
        let says = Says {
            message: format!(
                "{} was stored in {} of the visit \"{}\"",
                describe(&item.item.key, item.known),
                runs.in_words(),
                visit.visit.scenario.as_str()
            ),
            help: self.doc().fix.to_owned(),
        };
        let without = all.difference(&met.runs);
        let listed = format!(
            "stored in run {}, not in run {}",
            numbers(met.runs.iter()),
            numbers(without)
        );
        let story = item.first_kept(|_| true);
        let (proof, more) = match story {
            Some(story) => context.kept(&met.first, story),
            None => (fact("present", listed.clone()), Vec::new()),
        };
        FindingBuilder::new(self, Severity::Info, Confidence::Confirmed, says)
            .seen_in(visit.visit.scenario, story.map(|s| s.phase))
            .about(&item.item.key)
            .proven_by(proof)
            .and(more)
            .and([fact("present", listed)])
            .build()
    }
}

/// The visits of a scenario that came to their end, in the order of the runs.
fn of_scenario<'c, 'a>(
    context: &'c Context<'a>,
    scenario: ScenarioId,
) -> impl Iterator<Item = &'a ClassifiedVisit<'a>> + use<'c, 'a> {
    let visits = context.runs.iter().flatten();
    visits.filter(move |v| v.visit.scenario == scenario && v.visit.is_complete())
}

/// What these visits kept, and in which runs.
fn met<'a>(visits: &[&'a ClassifiedVisit<'a>]) -> BTreeMap<Recurring<'a>, Met<'a>> {
    let mut all: BTreeMap<Recurring<'a>, Met<'a>> = BTreeMap::new();
    for visit in visits {
        let kept = visit
            .items
            .iter()
            .filter(|i| i.first_kept(|_| true).is_some());
        for item in kept {
            let first = Sighting { visit, item };
            let met = all.entry(item.recurring()).or_insert_with(|| Met {
                first,
                runs: BTreeSet::new(),
            });
            met.runs.insert(visit.visit.run);
        }
    }
    all
}

fn numbers<'r>(runs: impl Iterator<Item = &'r u32>) -> String {
    let numbers: Vec<String> = runs.map(u32::to_string).collect();
    numbers.join(", ")
}
