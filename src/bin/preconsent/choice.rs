//! How a choice is made where the user says so: by a script of theirs, or by records that are stored
//! before the page is loaded.

use std::env;

use anyhow::{Result, bail};
use preconsent::consent::script::{self, Script, Variables};
use preconsent::consent::seed::ChoiceSeed;
use preconsent::engine::Options;

use crate::args::{ChoiceArgs, ScriptArgs};
use crate::setup::Knowledge;

/// Reads the script of a scan, with what is typed from the environment.
pub(crate) fn for_scan(args: &ChoiceArgs) -> Result<Option<Script>> {
    let allow_eval = args.allow_eval.unwrap_or(false);
    if allow_eval && args.script.consent_script.is_none() {
        bail!("--allow-eval says what a script may do; name it with --consent-script FILE");
    }
    read(&args.script, allow_eval, &|name| env::var(name).ok())
}

/// Reads the script that recorded visits were made with: where the choice is kept. Nothing is typed
/// or evaluated.
pub(crate) fn for_judge(args: &ScriptArgs) -> Result<Option<Script>> {
    read(args, true, &|_| Some(String::new()))
}

fn read(
    args: &ScriptArgs,
    allow_eval: bool,
    value: &dyn Fn(&str) -> Option<String>,
) -> Result<Option<Script>> {
    let Some(path) = &args.consent_script else {
        return Ok(None);
    };
    let variables = Variables { value, allow_eval };
    Ok(Some(script::read_file(path, &variables)?))
}

/// Lets the rules know of the script: where it says that the choice is kept.
pub(crate) fn learn(knowledge: &mut Knowledge, script: Option<&Script>) -> Result<()> {
    let Some(script) = script else { return Ok(()) };
    if knowledge.recipes.iter().any(|r| r.id == script.name) {
        bail!(
            "{}: the name \"{}\" is that of a consent platform; give the script another one",
            script.place,
            script.name
        );
    }
    knowledge.recipes.push(script.recipe());
    Ok(())
}

/// Lets the engine know of the script and the records. What was typed wins over the script's.
pub(crate) fn apply(options: &mut Options, args: &ChoiceArgs, script: Option<Script>) {
    let typed = &args.seed_consent;
    let is_typed = |seed: &ChoiceSeed| typed.iter().any(|t| t.choice == seed.choice);
    let of_script = script.iter().flat_map(|s| &s.seeds);
    let of_script = of_script.filter(|seed| !is_typed(seed));
    options.seeds = of_script.chain(typed).cloned().collect();
    options.script = script;
}
