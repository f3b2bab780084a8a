//! What made the evidence: the rules in force and the settings of the command, for the manifest.

use std::collections::BTreeMap;
use std::time::Duration;

use preconsent::engine::Options;
use preconsent::model::scenario::ScenarioId;
use preconsent::model::target::Target;
use preconsent::store::manifest::{Manifest, RulesUsed};

use crate::setup::Knowledge;

/// A manifest of a scan that begins now.
pub(crate) fn manifest(
    started: String,
    knowledge: &Knowledge,
    options: &Options,
    targets: &[Target],
    scenarios: &[ScenarioId],
    runs: u32,
) -> Manifest {
    let mut manifest = Manifest::new(started, rules(knowledge), settings(options, scenarios));
    manifest.targets = targets.iter().map(|t| t.url.to_string()).collect();
    manifest.scenarios = scenarios.to_vec();
    manifest.runs = runs;
    manifest
}

fn rules(knowledge: &Knowledge) -> RulesUsed {
    let providers = knowledge.catalogue.providers.iter();
    let recipes = knowledge.recipes.iter();
    let profile = &knowledge.profile;
    RulesUsed {
        catalogue: providers
            .map(|p| (p.id.clone(), p.sha256.clone()))
            .collect(),
        consent: recipes.map(|r| (r.id.clone(), r.sha256.clone())).collect(),
        profile: BTreeMap::from([(profile.id.clone(), profile.sha256.clone())]),
    }
}

/// What changes what is seen. What else an engine is told follows from the rules.
fn settings(options: &Options, scenarios: &[ScenarioId]) -> BTreeMap<String, String> {
    let seconds = |duration: Duration| format!("{} s", duration.as_secs_f64());
    let words: Vec<&str> = scenarios.iter().map(|s| s.as_str()).collect();
    let script = options.script.as_ref().map(|s| s.name.clone());
    let seeds: Vec<String> = options.seeds.iter().map(ToString::to_string).collect();
    let allow: Vec<&str> = options.allow.iter().map(|role| role.as_str()).collect();
    let resolve: Vec<String> = options.resolve.iter().map(ToString::to_string).collect();
    [
        ("scenario", words.join(",")),
        ("allow", allow.join(",")),
        ("pages", options.pages.to_string()),
        ("settle-max", seconds(options.settle_max)),
        ("page-life", seconds(options.page_life)),
        ("timeout", seconds(options.load_max)),
        ("resolve", resolve.join(",")),
        ("consent-script", script.unwrap_or_default()),
        ("seed-consent", seeds.join(", ")),
        ("insecure", options.insecure.to_string()),
        ("visitor", options.emulation.settings().join("; ")),
    ]
    .into_iter()
    .map(|(name, value)| (name.to_owned(), value))
    .collect()
}
