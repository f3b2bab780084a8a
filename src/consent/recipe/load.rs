//! Reading recipes: the YAML structs, and what they cannot check by themselves.

use std::path::Path;

use include_dir::{Dir, include_dir};
use regex::{Regex, RegexBuilder};
use serde::Deserialize;

use super::super::record::Decoder;
use super::{Api, Pairs, Recipe, RecordPlace, Seed, Verified, YamlError};
use crate::model::item::Store;
use crate::yaml::files::{self, RuleFile};
use crate::yaml::{Problem, Source, Spanned};

static FILES: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/rules/consent");

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawRecipe {
    name: Spanned<String>,
    homepage: Spanned<String>,
    #[serde(default)]
    verified: Option<Spanned<RawVerified>>,
    #[serde(default)]
    sources: Vec<String>,
    #[serde(default)]
    scripts: Vec<Spanned<String>>,
    banner: Spanned<Vec<Spanned<String>>>,
    #[serde(default)]
    accept: Vec<Spanned<String>>,
    #[serde(default)]
    reject: Vec<Spanned<String>>,
    #[serde(default)]
    settings: Vec<Spanned<String>>,
    #[serde(default)]
    toggles: Vec<Spanned<String>>,
    #[serde(default)]
    pairs: Option<RawPairs>,
    #[serde(default)]
    save: Vec<Spanned<String>>,
    #[serde(default)]
    close: Vec<Spanned<String>>,
    #[serde(default)]
    reopen: Vec<Spanned<String>>,
    #[serde(default)]
    api: RawApi,
    #[serde(default)]
    records: Vec<RawRecord>,
}

/// `false`, or when and at which version the recipe was seen to work.
#[derive(Deserialize)]
#[serde(untagged, deny_unknown_fields)]
enum RawVerified {
    Never(bool),
    Seen { version: String, on: String },
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawPairs {
    row: Spanned<String>,
    allow: Spanned<String>,
    deny: Spanned<String>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct RawApi {
    #[serde(default)]
    accept: Option<Spanned<String>>,
    #[serde(default)]
    reject: Option<Spanned<String>>,
    #[serde(default)]
    custom: Option<Spanned<String>>,
    #[serde(default)]
    reopen: Option<Spanned<String>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawRecord {
    store: Spanned<Store>,
    name: Spanned<String>,
    decoder: Decoder,
    #[serde(default)]
    seed: RawSeed,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct RawSeed {
    #[serde(default)]
    accept: Option<Spanned<String>>,
    #[serde(default)]
    reject: Option<Spanned<String>>,
}

/// Reads one recipe. `id` is its id, `file` the name shown in errors.
///
/// # Errors
/// [`YamlError`] with the place and the reason.
pub fn read(id: &str, file: &str, text: &str) -> Result<Recipe, YamlError> {
    let source = Source::new(file, text);
    let raw: RawRecipe = source.read()?;
    let place = source.place(&raw.name);
    if raw.banner.value.is_empty() {
        let problem = Problem::new("a recipe without a banner can never be recognised")
            .expected("at least one CSS selector");
        return Err(source.error(&raw.banner, &problem));
    }
    Ok(Recipe {
        id: id.to_owned(),
        homepage: web_address(&source, raw.homepage)?,
        verified: match raw.verified {
            Some(seen) => verified(&source, seen)?,
            None => None,
        },
        sources: raw.sources,
        scripts: scripts(&source, raw.scripts)?,
        banner: selectors(&source, raw.banner.value)?,
        accept: selectors(&source, raw.accept)?,
        reject: selectors(&source, raw.reject)?,
        settings: selectors(&source, raw.settings)?,
        toggles: selectors(&source, raw.toggles)?,
        pairs: raw.pairs.map(|p| pairs(&source, p)).transpose()?,
        save: selectors(&source, raw.save)?,
        close: selectors(&source, raw.close)?,
        reopen: selectors(&source, raw.reopen)?,
        api: api(&source, raw.api)?,
        records: raw
            .records
            .into_iter()
            .map(|r| record(&source, r))
            .collect::<Result<_, _>>()?,
        name: filled(&source, raw.name)?,
        sha256: source.sha256(),
        place,
    })
}

/// The embedded recipes, in order of their ids.
pub(super) fn embedded() -> Result<Vec<Recipe>, YamlError> {
    let mut recipes = Vec::new();
    for file in FILES.files() {
        let name = format!("builtin:consent/{}", file.path().display());
        let text = file.contents_utf8().unwrap_or_default();
        recipes.push(read(&files::id(file.path()), &name, text)?);
    }
    recipes.sort_by(|a, b| a.id.cmp(&b.id));
    Ok(recipes)
}

/// Adds the recipes of the folder `consent/` in a rules directory; one with a known id replaces it.
/// A rules directory without that folder adds none.
///
/// # Errors
/// [`YamlError`] for the first file that cannot be used.
pub fn add_directory(mut base: Vec<Recipe>, rules: &Path) -> Result<Vec<Recipe>, YamlError> {
    let folder = rules.join("consent");
    if !folder.is_dir() {
        return Ok(base);
    }
    for RuleFile { id, file, text } in files::read_directory(&folder)? {
        let recipe = read(&id, &file, &text)?;
        base.retain(|r| r.id != recipe.id);
        base.push(recipe);
    }
    base.sort_by(|a, b| a.id.cmp(&b.id));
    Ok(base)
}

fn filled(source: &Source<'_>, text: Spanned<String>) -> Result<String, YamlError> {
    if text.value.trim().is_empty() {
        return Err(source.error(&text, &Problem::new("is empty").expected("a text")));
    }
    Ok(text.value)
}

fn web_address(source: &Source<'_>, text: Spanned<String>) -> Result<String, YamlError> {
    let parsed = url::Url::parse(&text.value).ok();
    if parsed.is_none_or(|u| !matches!(u.scheme(), "http" | "https")) {
        let problem = Problem::new(format!("\"{}\" is no web address", text.value))
            .expected("an address such as https://example.org");
        return Err(source.error(&text, &problem));
    }
    Ok(text.value)
}

fn verified(source: &Source<'_>, raw: Spanned<RawVerified>) -> Result<Option<Verified>, YamlError> {
    let problem = match &raw.value {
        RawVerified::Never(false) => return Ok(None),
        RawVerified::Never(true) => Problem::new("does not say when"),
        RawVerified::Seen { version, .. } if version.trim().is_empty() => {
            Problem::new("the version is empty")
        }
        RawVerified::Seen { version, on } if on.parse::<jiff::civil::Date>().is_ok() => {
            return Ok(Some(Verified {
                version: version.clone(),
                on: on.clone(),
            }));
        }
        RawVerified::Seen { on, .. } => Problem::new(format!("\"{on}\" is no day")),
    };
    let problem = problem.expected("false, or { version: 1.2.3, on: 2026-11-22 }");
    Err(source.error(&raw, &problem))
}

fn api(source: &Source<'_>, raw: RawApi) -> Result<Api, YamlError> {
    let expression = |text: Option<Spanned<String>>| text.map(|t| filled(source, t)).transpose();
    Ok(Api {
        accept: expression(raw.accept)?,
        reject: expression(raw.reject)?,
        custom: expression(raw.custom)?,
        reopen: expression(raw.reopen)?,
    })
}

/// Short patterns would be found in addresses of any site.
fn scripts(source: &Source<'_>, raw: Vec<Spanned<String>>) -> Result<Vec<Regex>, YamlError> {
    let check = |pattern: Spanned<String>| {
        if pattern.value.len() < 8 {
            let problem = Problem::new(format!("\"{}\" may match any address", pattern.value))
                .expected("at least eight characters");
            return Err(source.error(&pattern, &problem));
        }
        let built = RegexBuilder::new(&pattern.value)
            .case_insensitive(true)
            .size_limit(100_000)
            .build();
        built.map_err(|e| {
            let problem = Problem::new(format!("\"{}\" is no regular expression", pattern.value))
                .help(e.to_string());
            source.error(&pattern, &problem)
        })
    };
    raw.into_iter().map(check).collect()
}

fn selectors(source: &Source<'_>, raw: Vec<Spanned<String>>) -> Result<Vec<String>, YamlError> {
    let all = raw.into_iter();
    all.map(|one| selector(source, one)).collect()
}

fn selector(source: &Source<'_>, selector: Spanned<String>) -> Result<String, YamlError> {
    if scraper::Selector::parse(&selector.value).is_err() {
        let problem = Problem::new(format!("\"{}\" is no CSS selector", selector.value))
            .expected("a CSS selector")
            .help("quote selectors; in YAML, # starts a comment and [ a list");
        return Err(source.error(&selector, &problem));
    }
    Ok(selector.value)
}

fn pairs(source: &Source<'_>, raw: RawPairs) -> Result<Pairs, YamlError> {
    Ok(Pairs {
        row: selector(source, raw.row)?,
        allow: selector(source, raw.allow)?,
        deny: selector(source, raw.deny)?,
    })
}

fn record(source: &Source<'_>, raw: RawRecord) -> Result<RecordPlace, YamlError> {
    let readable = [Store::Cookie, Store::LocalStorage, Store::SessionStorage];
    if !readable.contains(&raw.store.value) {
        let problem = Problem::new(format!(
            "no record is read from {}",
            raw.store.value.as_str()
        ))
        .expected("cookie, local-storage or session-storage");
        return Err(source.error(&raw.store, &problem));
    }
    let seed = Seed {
        accept: seed(source, &raw.store, raw.decoder, raw.seed.accept)?,
        reject: seed(source, &raw.store, raw.decoder, raw.seed.reject)?,
    };
    Ok(RecordPlace {
        store: raw.store.value,
        name: filled(source, raw.name)?,
        decoder: raw.decoder,
        seed,
    })
}

/// A seed must be a cookie, the only thing that can be sent, and of the record's own format.
fn seed(
    source: &Source<'_>,
    store: &Spanned<Store>,
    decoder: Decoder,
    value: Option<Spanned<String>>,
) -> Result<Option<String>, YamlError> {
    let Some(value) = value else { return Ok(None) };
    let problem = if store.value != Store::Cookie {
        Problem::new("only cookies can be stored before a page is loaded")
            .help("remove the seed, or the record is no cookie")
    } else if super::super::record::decode(decoder, &value.value).is_none() {
        Problem::new("the decoder cannot read this value").expected("a value as it is stored")
    } else {
        return Ok(Some(value.value));
    };
    Err(source.error(&value, &problem))
}
