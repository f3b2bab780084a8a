//! Reading consent scripts: the YAML structs, and what they cannot check by themselves.

use std::path::Path;
use std::time::Duration;

use serde::Deserialize;

use super::{Action, Key, Locator, Record, Script, Step, Typed};
use crate::consent::recipe::{RecordPlace, Seed as RecipeSeed};
use crate::consent::record::Decoder;
use crate::consent::seed::{ChoiceSeed, Seed};
use crate::model::choice::Choice;
use crate::model::item::Store;
use crate::yaml::{Problem, Source, Spanned, YamlError, files};

/// How long a step waits for what it needs, unless it says otherwise, and at most.
const WITHIN: Duration = Duration::from_secs(5);
const WITHIN_MAX: u32 = 60;

/// More is no recipe any more.
const MAX_STEPS: usize = 50;
const MAX_TYPED: usize = 1000;
const MAX_NAME: usize = 80;

/// The actions, for messages.
const ACTIONS: &str = "one of click, wait-for, type, press and eval";

/// Where texts come from that stand in no file, and what is allowed.
pub struct Variables<'v> {
    /// The value of an environment variable.
    pub value: &'v dyn Fn(&str) -> Option<String>,
    /// Whether steps may evaluate code in the page.
    pub allow_eval: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawScript {
    name: Spanned<String>,
    #[serde(default)]
    banner: Option<RawLocator>,
    #[serde(default)]
    before: Option<Spanned<Vec<Spanned<RawStep>>>>,
    #[serde(default)]
    accept: Option<Spanned<Vec<Spanned<RawStep>>>>,
    #[serde(default)]
    reject: Option<Spanned<Vec<Spanned<RawStep>>>>,
    #[serde(default)]
    withdraw: Option<Spanned<Vec<Spanned<RawStep>>>>,
    #[serde(default)]
    record: Option<RawRecord>,
    #[serde(default)]
    seed: RawSeeds,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawLocator {
    selector: Spanned<String>,
    #[serde(default)]
    frame: Option<Spanned<String>>,
    #[serde(default)]
    shadow: Option<Spanned<String>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct RawStep {
    #[serde(default)]
    click: Option<Spanned<String>>,
    #[serde(default)]
    wait_for: Option<Spanned<String>>,
    #[serde(default, rename = "type")]
    field: Option<Spanned<String>>,
    #[serde(default)]
    press: Option<Spanned<Key>>,
    #[serde(default)]
    eval: Option<Spanned<String>>,
    #[serde(default)]
    text: Option<Spanned<String>>,
    #[serde(default)]
    text_from: Option<Spanned<String>>,
    #[serde(default)]
    focus: Option<Spanned<String>>,
    #[serde(default)]
    frame: Option<Spanned<String>>,
    #[serde(default)]
    shadow: Option<Spanned<String>>,
    #[serde(default)]
    within: Option<Spanned<u32>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawRecord {
    store: Spanned<Store>,
    name: Spanned<String>,
    #[serde(default)]
    decoder: Option<Decoder>,
    #[serde(default)]
    accept: Option<Spanned<String>>,
    #[serde(default)]
    reject: Option<Spanned<String>>,
    #[serde(default)]
    withdraw: Option<Spanned<String>>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct RawSeeds {
    #[serde(default)]
    accept: Vec<Spanned<String>>,
    #[serde(default)]
    reject: Vec<Spanned<String>>,
}

/// Reads a script from a file.
///
/// # Errors
/// [`YamlError`] with the place and the reason.
pub fn read_file(path: &Path, variables: &Variables<'_>) -> Result<Script, YamlError> {
    let read_in = files::read(path)?;
    read(&read_in.file, &read_in.text, variables)
}

/// Reads a script. `file` is the name shown in errors.
///
/// # Errors
/// [`YamlError`] with the place and the reason.
pub fn read(file: &str, text: &str, variables: &Variables<'_>) -> Result<Script, YamlError> {
    let source = Source::new(file, text);
    let raw: RawScript = source.read()?;
    let reader = Reader {
        source: &source,
        variables,
    };
    let place = source.place(&raw.name);
    let seeds = reader.seeds(&raw.seed)?;
    let mut sections = Vec::new();
    for (choice, steps) in [
        (Choice::Accept, &raw.accept),
        (Choice::Reject, &raw.reject),
        (Choice::Withdraw, &raw.withdraw),
    ] {
        let Some(steps) = steps else { continue };
        if seeds.iter().any(|s| s.choice == choice) {
            let word = choice.as_str();
            let problem = Problem::new(format!("there are both steps and a seed to {word}"))
                .expected("one of them")
                .help("a seed is stored instead of pressing anything");
            return Err(source.error(steps, &problem));
        }
        sections.push((choice, reader.steps(steps)?));
    }
    let before = raw.before.iter().map(|steps| reader.steps(steps));
    let before: Vec<Step> = before.collect::<Result<Vec<_>, _>>()?.concat();
    let script = Script {
        before,
        banner: raw.banner.map(|b| reader.banner(b)).transpose()?,
        record: raw.record.map(|r| reader.record(r)).transpose()?,
        seeds,
        sections,
        sha256: source.sha256(),
        place,
        name: reader.name(&raw.name)?,
    };
    if script.before.is_empty() && script.sections.is_empty() && script.seeds.is_empty() {
        let problem = Problem::new("the script does nothing")
            .help("give it steps under before, accept, reject or withdraw, or records under seed");
        return Err(source.error(&raw.name, &problem));
    }
    Ok(script)
}

/// Reads the values of one script.
struct Reader<'r> {
    source: &'r Source<'r>,
    variables: &'r Variables<'r>,
}

impl Reader<'_> {
    fn name(&self, name: &Spanned<String>) -> Result<String, YamlError> {
        let text = name.value.trim();
        if text.is_empty() || text.len() > MAX_NAME || text.chars().any(char::is_control) {
            let problem = Problem::new("this cannot be shown as a name")
                .expected(format!("1 to {MAX_NAME} bytes on one line"));
            return Err(self.source.error(name, &problem));
        }
        Ok(text.to_owned())
    }

    fn steps(&self, raw: &Spanned<Vec<Spanned<RawStep>>>) -> Result<Vec<Step>, YamlError> {
        let count = raw.value.len();
        if count == 0 || count > MAX_STEPS {
            let problem = Problem::new(format!("there are {count} steps"))
                .expected(format!("1 to {MAX_STEPS} steps"))
                .help("a choice that needs no steps of its own is made as without a script; leave its key out");
            return Err(self.source.error(raw, &problem));
        }
        raw.value.iter().map(|step| self.step(step)).collect()
    }

    fn step(&self, step: &Spanned<RawStep>) -> Result<Step, YamlError> {
        let raw = &step.value;
        self.refuse_strays(step)?;
        let action = match (&raw.click, &raw.wait_for, &raw.field, &raw.press, &raw.eval) {
            (Some(at), None, None, None, None) => Action::Click(self.locator(at, raw)?),
            (None, Some(at), None, None, None) => Action::WaitFor(self.locator(at, raw)?),
            (None, None, Some(at), None, None) => {
                Action::Type(self.locator(at, raw)?, self.typed(step)?)
            }
            (None, None, None, Some(key), None) => {
                let on = raw.focus.as_ref().map(|at| self.locator(at, raw));
                Action::Press(key.value, on.transpose()?)
            }
            (None, None, None, None, Some(code)) => Action::Eval(self.code(code)?),
            _ => {
                let problem = Problem::new("a step does one thing").expected(ACTIONS);
                return Err(self.source.error(step, &problem));
            }
        };
        Ok(Step {
            action,
            within: self.within(raw.within.as_ref())?,
            place: self.source.place(step),
        })
    }

    /// Refuses keys that mean nothing beside the step's action.
    fn refuse_strays(&self, step: &Spanned<RawStep>) -> Result<(), YamlError> {
        let raw = &step.value;
        let refuse = |at: &Spanned<String>, key: &str, only: &str| {
            let problem = Problem::new(format!("\"{key}\" means nothing here"))
                .expected(format!("\"{key}\" only beside {only}"));
            Err(self.source.error(at, &problem))
        };
        let texts = [(&raw.text, "text"), (&raw.text_from, "text-from")];
        for (text, key) in texts {
            if let Some(text) = text.as_ref().filter(|_| raw.field.is_none()) {
                return refuse(text, key, "type");
            }
        }
        if let Some(at) = raw.focus.as_ref().filter(|_| raw.press.is_none()) {
            return refuse(at, "focus", "press");
        }
        let somewhere = raw.eval.is_none() && (raw.press.is_none() || raw.focus.is_some());
        for (at, key) in [(&raw.frame, "frame"), (&raw.shadow, "shadow")] {
            if let Some(at) = at.as_ref().filter(|_| !somewhere) {
                return refuse(at, key, "a selector");
            }
        }
        Ok(())
    }

    fn locator(&self, at: &Spanned<String>, raw: &RawStep) -> Result<Locator, YamlError> {
        self.place_of(at, raw.frame.as_ref(), raw.shadow.as_ref())
    }

    fn banner(&self, raw: RawLocator) -> Result<Locator, YamlError> {
        self.place_of(&raw.selector, raw.frame.as_ref(), raw.shadow.as_ref())
    }

    fn place_of(
        &self,
        selector: &Spanned<String>,
        frame: Option<&Spanned<String>>,
        shadow: Option<&Spanned<String>>,
    ) -> Result<Locator, YamlError> {
        Ok(Locator {
            selector: self.selector(selector)?,
            frame: frame.map(|at| self.selector(at)).transpose()?,
            shadow: shadow.map(|at| self.selector(at)).transpose()?,
        })
    }

    fn selector(&self, selector: &Spanned<String>) -> Result<String, YamlError> {
        if scraper::Selector::parse(&selector.value).is_err() {
            let problem = Problem::new(format!("\"{}\" is no CSS selector", selector.value))
                .expected("a CSS selector")
                .help("quote selectors; in YAML, # starts a comment and [ a list");
            return Err(self.source.error(selector, &problem));
        }
        Ok(selector.value.clone())
    }

    fn typed(&self, step: &Spanned<RawStep>) -> Result<Typed, YamlError> {
        let raw = &step.value;
        let (text, at) = match (&raw.text, &raw.text_from) {
            (Some(text), None) => (text.value.clone(), text),
            (None, Some(name)) => {
                let value = (self.variables.value)(&name.value).ok_or_else(|| {
                    let problem =
                        Problem::new(format!("the variable {} is not set", name.value)).help(
                            "set it in the environment of the command; that keeps passwords out of files",
                        );
                    self.source.error(name, &problem)
                })?;
                (value, name)
            }
            _ => {
                let problem = Problem::new("what to type is missing, or there twice")
                    .expected("text: or text-from: with the name of an environment variable");
                return Err(self.source.error(step, &problem));
            }
        };
        let count = text.chars().count();
        if count > MAX_TYPED || text.chars().any(char::is_control) {
            let problem = Problem::new("this text cannot be typed")
                .expected(format!("at most {MAX_TYPED} characters on one line"));
            return Err(self.source.error(at, &problem));
        }
        Ok(Typed(text))
    }

    fn code(&self, code: &Spanned<String>) -> Result<String, YamlError> {
        if !self.variables.allow_eval {
            let problem = Problem::new("this step evaluates code in the page, which is off")
                .help("add --allow-eval if you trust this file");
            return Err(self.source.error(code, &problem));
        }
        if code.value.trim().is_empty() {
            let problem = Problem::new("is empty").expected("a JavaScript expression");
            return Err(self.source.error(code, &problem));
        }
        Ok(code.value.clone())
    }

    fn within(&self, within: Option<&Spanned<u32>>) -> Result<Duration, YamlError> {
        let Some(within) = within else {
            return Ok(WITHIN);
        };
        if !(1..=WITHIN_MAX).contains(&within.value) {
            let problem = Problem::new(format!("{} is no such time", within.value))
                .expected(format!("seconds from 1 to {WITHIN_MAX}"));
            return Err(self.source.error(within, &problem));
        }
        Ok(Duration::from_secs(within.value.into()))
    }

    fn record(&self, raw: RawRecord) -> Result<Record, YamlError> {
        let readable = [Store::Cookie, Store::LocalStorage, Store::SessionStorage];
        if !readable.contains(&raw.store.value) {
            let word = raw.store.value.as_str();
            let problem = Problem::new(format!("no record is read from {word}"))
                .expected("cookie, local-storage or session-storage");
            return Err(self.source.error(&raw.store, &problem));
        }
        if raw.name.value.trim_end_matches('*').is_empty() {
            let problem = Problem::new("any name would be the record").expected("its name");
            return Err(self.source.error(&raw.name, &problem));
        }
        let mut values: Vec<(Choice, String)> = Vec::new();
        for (choice, value) in [
            (Choice::Accept, raw.accept),
            (Choice::Reject, raw.reject),
            (Choice::Withdraw, raw.withdraw),
        ] {
            let Some(value) = value else { continue };
            let alike = values.iter().any(|(_, v)| *v == value.value) && choice == Choice::Reject;
            if value.value.chars().all(|c| c == '*') || alike {
                let problem = Problem::new("this value tells no choice from another")
                    .expected("what the record holds after this choice alone");
                return Err(self.source.error(&value, &problem));
            }
            values.push((choice, value.value));
        }
        let place = RecordPlace {
            store: raw.store.value,
            name: raw.name.value,
            decoder: raw.decoder.unwrap_or(Decoder::Unread),
            seed: RecipeSeed::default(),
        };
        Ok(Record { place, values })
    }

    fn seeds(&self, raw: &RawSeeds) -> Result<Vec<ChoiceSeed>, YamlError> {
        let of = |choice, list: &[Spanned<String>]| {
            let one = |text: &Spanned<String>| {
                let seed: Result<Seed, String> = text.value.parse();
                match seed {
                    Ok(seed) => Ok(ChoiceSeed { choice, seed }),
                    Err(why) => Err(self.source.error(text, &Problem::new(why))),
                }
            };
            list.iter().map(one).collect::<Result<Vec<_>, _>>()
        };
        let mut seeds = of(Choice::Accept, &raw.accept)?;
        seeds.extend(of(Choice::Reject, &raw.reject)?);
        Ok(seeds)
    }
}
