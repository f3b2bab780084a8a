//! `preconsent rules`: what the catalogue knows, as tables. What texts of buttons mean is in
//! `commands/words.rs`.

use std::fmt::Write as _;

use anyhow::{Result, anyhow};
use comfy_table::{ContentArrangement, Table, presets};
use preconsent::catalogue::duration::Expires;
use preconsent::catalogue::{Catalogue, Entry, Provider};
use preconsent::report::lifetime_in_words;

use super::{Context, words};
use crate::cli::RulesAction;
use crate::exit::Exit;
use crate::output::print;
use crate::setup::load_catalogue;
use crate::terminal::{clean, stdout_width};

/// A name may be this many edits away from what was typed to be offered.
const NEAR: usize = 3;

/// Runs the command.
pub(super) fn run(action: RulesAction, context: &Context) -> Result<Exit> {
    let text = match action {
        RulesAction::List { mut rules } => {
            context.config.rules(&mut rules);
            list(&load_catalogue(&rules)?)
        }
        RulesAction::Show {
            provider,
            mut rules,
        } => {
            context.config.rules(&mut rules);
            let catalogue = load_catalogue(&rules)?;
            show(find(&catalogue, &provider)?)
        }
        RulesAction::Words { lang } => return words::run(lang.as_deref()),
    };
    print(text.as_bytes())?;
    Ok(Exit::Pass)
}

fn find<'c>(catalogue: &'c Catalogue, id: &str) -> Result<&'c Provider> {
    catalogue
        .providers
        .iter()
        .find(|p| p.id == id)
        .ok_or_else(|| {
            let near = catalogue
                .providers
                .iter()
                .map(|p| (strsim::damerau_levenshtein(&p.id, id), &p.id))
                .filter(|(distance, _)| *distance <= NEAR)
                .min();
            let hint = near.map_or_else(
                || String::from("`preconsent rules list` shows those there are"),
                |(_, id)| format!("did you mean \"{id}\"?"),
            );
            anyhow!("there is no provider \"{id}\" in the catalogue; {hint}")
        })
}

fn list(catalogue: &Catalogue) -> String {
    let mut table = table(&["id", "name", "entries", "hosts", "file"]);
    table.load_style(presets::NOTHING);
    for provider in &catalogue.providers {
        let file = &provider.place.file;
        table.add_row(cells([
            provider.id.clone(),
            provider.name.clone(),
            provider.entries.len().to_string(),
            provider.hosts.join("\n"),
            if file.starts_with("builtin:") {
                String::from("(built in)")
            } else {
                file.clone()
            },
        ]));
    }
    format!("{}\n", table.trim_fmt())
}

fn show(provider: &Provider) -> String {
    let mut text = format!("{} ({})\n", clean(&provider.name), clean(&provider.id));
    let signs = &provider.present_if;
    for (label, value) in [
        ("homepage", provider.homepage.clone().unwrap_or_default()),
        ("hosts", provider.hosts.join(", ")),
        ("globals", signs.globals.join(", ")),
        ("scripts", signs.scripts.join(", ")),
        ("file", provider.place.file.clone()),
    ] {
        if !value.is_empty() {
            let _ = writeln!(text, "  {label:<9} {}", clean(&value));
        }
    }
    let mut table = table(&["item", "what it is for"]);
    for entry in &provider.entries {
        table.add_row(cells([item(entry), meaning(entry)]));
    }
    format!("{text}\n{}\n", table.trim_fmt())
}

/// What it is: its names, where it is kept and for how long.
fn item(entry: &Entry) -> String {
    let mut text = entry.name.text.clone();
    for other in &entry.documented_as {
        let _ = write!(text, "\ndocumented as {other}");
    }
    if let Some(value) = &entry.value {
        let _ = write!(text, "\nwith the value {}", value.text);
    }
    let _ = write!(text, "\n{}, {}", entry.store.as_str(), expires(entry));
    if let Some(since) = &entry.deprecated {
        let _ = write!(text, "\nno longer used since {since}");
    }
    text
}

/// What it is for, and where the catalogue says so.
fn meaning(entry: &Entry) -> String {
    let mut text = entry.role.as_str().to_owned();
    if let Some(claimed) = &entry.claimed_role {
        let _ = write!(text, " (vendor: {claimed})");
    }
    let _ = write!(text, "\n{}", entry.purpose.trim());
    if let Some(why) = &entry.why {
        let _ = write!(text, "\n{}", why.trim());
    }
    let _ = write!(text, "\n{}", entry.place);
    text
}

fn expires(entry: &Entry) -> String {
    let mut text = match &entry.expires {
        Expires::Session => String::from("until the browser or tab is closed"),
        Expires::Within { text, .. } => lifetime_in_words(text),
        Expires::UntilCleared => String::from("until cleared"),
        Expires::Transient => String::from("for a moment"),
        Expires::NotStated => String::from("lifetime not stated"),
    };
    if entry.refresh {
        text.push_str(", renewed");
    }
    text
}

fn table(header: &[&str]) -> Table {
    let mut table = Table::new();
    table
        .load_style(presets::UTF8_HORIZONTAL_ONLY)
        .set_content_arrangement(ContentArrangement::Dynamic)
        .set_width(u16::try_from(stdout_width()).unwrap_or(u16::MAX))
        .set_header(header.to_vec());
    table
}

/// Cells that cannot steer the terminal: `--rules` may bring in anything.
fn cells<const N: usize>(texts: [String; N]) -> [String; N] {
    texts.map(|text| clean(&text))
}
