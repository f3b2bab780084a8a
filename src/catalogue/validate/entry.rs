//! Checking one entry: its lifetime against its store, its role against the vendor's word, its
//! sources against the file's, its examples against its name.

use std::collections::BTreeMap;

use super::{hosts, pattern, words};
use crate::catalogue::duration::{DurationError, Expires};
use crate::catalogue::lint::ACCEPTABLE;
use crate::catalogue::pattern::NamePattern;
use crate::catalogue::{Entry, Example, raw};
use crate::model::item::Store;
use crate::model::role::SUB_TYPES;
use crate::yaml::{Problem, Source, Spanned, YamlError};

/// A name with something open must have so many literal characters, or it is like anything.
const MIN_LITERALS_IF_OPEN: usize = 3;

/// A value that only a pattern for any value matches.
const UNLIKELY: &str = "\u{0}";

/// Checks one entry.
pub(super) fn entry(
    source: &Source<'_>,
    raw: &raw::Entry,
    sources: &BTreeMap<String, String>,
) -> Result<Entry, YamlError> {
    let name = name(source, raw)?;
    let aliases: Vec<NamePattern> = raw
        .documented_as
        .iter()
        .map(|a| pattern(source, a, raw.ignore_case))
        .collect::<Result<_, _>>()?;
    Ok(Entry {
        value: value(source, raw)?,
        documented_as: aliases.iter().map(|a| a.text.clone()).collect(),
        aliases,
        store: raw.store,
        party: raw.party,
        hosts: hosts(source, &raw.hosts)?,
        needs_provider: raw.needs_provider,
        expires: expires(source, raw)?,
        documented_expires: documented_expires(source, raw)?,
        refresh: raw.refresh,
        claimed_role: optional(source, raw.claimed_role.as_ref())?,
        role: raw.role,
        sub_type: sub_type(source, raw.sub_type.as_ref())?,
        service: optional(source, raw.service.as_ref())?,
        exempt: raw.exempt.clone(),
        why: why(source, raw)?,
        purpose: words(source, &raw.purpose)?,
        deprecated: deprecated(source, raw.deprecated.as_ref())?,
        sources: cited(source, raw, sources)?,
        examples: examples(source, raw)?,
        accepted: accepted(source, raw)?,
        place: source.place(&raw.name),
        name,
    })
}

fn name(source: &Source<'_>, raw: &raw::Entry) -> Result<NamePattern, YamlError> {
    let name = pattern(source, &raw.name, raw.ignore_case)?;
    let bounded = name.is_exact() || raw.needs_provider || !raw.hosts.is_empty();
    if bounded || name.literals >= MIN_LITERALS_IF_OPEN {
        return Ok(name);
    }
    let problem = Problem::new(format!("\"{}\" would match almost any name", name.text))
        .expected("expected at least 3 literal characters")
        .help("or say whose it is with \"hosts\" or \"needs_provider: true\"");
    Err(source.error(&raw.name, &problem))
}

/// A pattern for values must tell one value from another.
fn value(source: &Source<'_>, raw: &raw::Entry) -> Result<Option<NamePattern>, YamlError> {
    let Some(text) = &raw.value else {
        return Ok(None);
    };
    let value = pattern(source, text, false)?;
    if !value.matches(UNLIKELY) {
        return Ok(Some(value));
    }
    let problem = Problem::new(format!("\"{}\" would match any value", value.text))
        .expected("expected some literal characters, such as \"*::yes\"")
        .help("an entry without \"value\" takes any value");
    Err(source.error(text, &problem))
}

fn expires(source: &Source<'_>, raw: &raw::Entry) -> Result<Expires, YamlError> {
    let fail = |problem: &Problem| source.error(&raw.expires, problem);
    let expires: Expires = raw.expires.value.parse().map_err(|e: DurationError| {
        fail(
            &Problem::new(e.to_string())
                .expected(DurationError::EXPECTED)
                .did_you_mean(
                    &raw.expires.value,
                    &["session", "until-cleared", "transient", "not-stated"],
                ),
        )
    })?;
    let message = match (raw.store, &expires) {
        (Store::Cookie, Expires::UntilCleared) => "no cookie lives until it is cleared",
        (store, Expires::Session) if !matches!(store, Store::Cookie | Store::SessionStorage) => {
            "this store does not end with the session"
        }
        _ => return Ok(expires),
    };
    let right = match raw.store {
        Store::Cookie => "expected session or a duration such as P6M",
        _ => "expected until-cleared, transient, or a duration that the vendor keeps to",
    };
    Err(fail(&Problem::new(message).expected(right)))
}

/// Documentation may say what no store can keep to, so only the word itself is checked.
fn documented_expires(source: &Source<'_>, raw: &raw::Entry) -> Result<Option<Expires>, YamlError> {
    let Some(text) = &raw.documented_expires else {
        return Ok(None);
    };
    let read = text.value.parse::<Expires>().map_err(|e| {
        let problem = Problem::new(e.to_string()).expected(DurationError::EXPECTED);
        source.error(text, &problem)
    })?;
    Ok(Some(read))
}

fn sub_type(
    source: &Source<'_>,
    text: Option<&Spanned<String>>,
) -> Result<Option<String>, YamlError> {
    match text {
        Some(text) if !SUB_TYPES.contains(&text.value.as_str()) => {
            let problem = Problem::new(format!("unknown sub_type \"{}\"", text.value))
                .help(format!("known are {}", SUB_TYPES.join(", ")))
                .did_you_mean(&text.value, &SUB_TYPES);
            Err(source.error(text, &problem))
        }
        other => Ok(other.map(|t| t.value.clone())),
    }
}

/// Where our role is not the vendor's word, the entry must say why.
fn why(source: &Source<'_>, raw: &raw::Entry) -> Result<Option<String>, YamlError> {
    let claim = raw.claimed_role.as_ref();
    let differs = claim.filter(|c| !c.value.eq_ignore_ascii_case(raw.role.as_str()));
    match (differs, &raw.why) {
        (Some(claim), None) => {
            let problem = Problem::new(format!(
                "the vendor says \"{}\", the entry says {}, and not why",
                claim.value,
                raw.role.as_str()
            ))
            .help("add \"why\"");
            Err(source.error(claim, &problem))
        }
        (_, why) => optional(source, why.as_ref()),
    }
}

/// A year or a month, or the words "before" and one of these where the day is not known.
fn deprecated(
    source: &Source<'_>,
    text: Option<&Spanned<String>>,
) -> Result<Option<String>, YamlError> {
    let Some(text) = text else {
        return Ok(None);
    };
    let date = text.value.strip_prefix("before ").unwrap_or(&text.value);
    let (year, month) = date.split_once('-').unwrap_or((date, "01"));
    let number = |digits: &str, length: usize| {
        let good = digits.len() == length && digits.bytes().all(|b| b.is_ascii_digit());
        good.then(|| digits.parse::<u16>().ok()).flatten()
    };
    let known = number(year, 4).is_some_and(|y| y >= 1994)
        && number(month, 2).is_some_and(|m| (1..=12).contains(&m));
    if known {
        return Ok(Some(text.value.clone()));
    }
    let problem = Problem::new(format!("\"{}\" is no month", text.value))
        .expected("expected 2022-09, 2022, or \"before 2022-09\"");
    Err(source.error(text, &problem))
}

fn cited(
    source: &Source<'_>,
    raw: &raw::Entry,
    sources: &BTreeMap<String, String>,
) -> Result<Vec<String>, YamlError> {
    if raw.source.is_empty() {
        let problem = Problem::new(format!("\"{}\" has no source", raw.name.value))
            .help("add keys of the file's \"sources\" to \"source\"");
        return Err(source.error(&raw.name, &problem));
    }
    let keys: Vec<&str> = sources.keys().map(String::as_str).collect();
    let find = |key: &Spanned<String>| {
        sources.get(&key.value).cloned().ok_or_else(|| {
            let problem = Problem::new(format!("there is no source \"{}\"", key.value))
                .expected("expected a key of the file's \"sources\"")
                .help(format!("known are {}", keys.join(", ")))
                .did_you_mean(&key.value, &keys);
            source.error(key, &problem)
        })
    };
    raw.source.iter().map(find).collect()
}

fn examples(source: &Source<'_>, raw: &raw::Entry) -> Result<Vec<Example>, YamlError> {
    let examples = &raw.examples.value;
    if examples.matches.is_empty() {
        let problem =
            Problem::new("an entry needs an example").expected("expected a name in \"match\"");
        return Err(source.error(&raw.examples, &problem));
    }
    Ok(examples.matches.iter().map(|e| e.value.clone()).collect())
}

/// What the lint is told to leave alone, each with a reason.
fn accepted(source: &Source<'_>, raw: &raw::Entry) -> Result<BTreeMap<String, String>, YamlError> {
    let read = |(id, reason): (&String, &Spanned<String>)| {
        if ACCEPTABLE.contains(&id.as_str()) {
            return Ok((id.clone(), words(source, reason)?));
        }
        let problem = Problem::new(format!("\"{id}\" cannot be accepted"))
            .help(format!("what can be is {}", ACCEPTABLE.join(", ")))
            .did_you_mean(id, &ACCEPTABLE);
        Err(source.error(reason, &problem))
    };
    raw.accept.iter().map(read).collect()
}

fn optional(
    source: &Source<'_>,
    text: Option<&Spanned<String>>,
) -> Result<Option<String>, YamlError> {
    text.map(|t| words(source, t)).transpose()
}
