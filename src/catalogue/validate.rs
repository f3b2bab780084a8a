//! From a file as written to a [`Provider`]: everything that types alone cannot say is checked here,
//! so that the rest of the program never meets an entry it cannot use.

use std::collections::BTreeMap;

use regex::{Regex, RegexBuilder};
use url::Url;

use super::pattern::{NamePattern, PatternError};
use super::{NeedsResponse, PresentIf, Provider, Settle, raw};
use crate::yaml::{Problem, Source, Spanned, YamlError};

mod entry;
pub(super) mod examples;
mod open;

/// A settle time beyond this would only make scans slow.
const MAX_QUIET_MS: u64 = 60_000;

/// A file that was checked by itself; its examples and ties are checked in [`super::load`].
pub(super) struct Checked {
    pub provider: Provider,
    /// The entries as written, in the same order.
    pub raw: Vec<raw::Entry>,
}

/// A file with everything that is wrong with its entries.
pub(super) struct Every {
    /// The file without the entries that cannot be used.
    pub checked: Checked,
    /// Those that cannot be used, and why.
    pub errors: Vec<(raw::Entry, YamlError)>,
}

/// Reads and checks one file.
pub(super) fn file(id: &str, source: &Source<'_>) -> Result<Checked, YamlError> {
    let Every { checked, errors } = every(id, source)?;
    match errors.into_iter().next() {
        Some((_, error)) => Err(error),
        None => Ok(checked),
    }
}

/// Reads one file and checks every entry, also after one that cannot be used.
pub(super) fn every(id: &str, source: &Source<'_>) -> Result<Every, YamlError> {
    let raw: raw::File = source.read()?;
    let sources = references(source, &raw.sources)?;
    let (mut entries, mut good, mut errors) = (Vec::new(), Vec::new(), Vec::new());
    for written in raw.entries {
        match entry::entry(source, &written, &sources) {
            Ok(entry) => {
                entries.push(entry);
                good.push(written);
            }
            Err(error) => errors.push((written, error)),
        }
    }
    let provider = Provider {
        id: id.to_owned(),
        name: words(source, &raw.provider)?,
        homepage: raw.homepage.map(|h| web_address(source, &h)).transpose()?,
        hosts: hosts(source, &raw.hosts)?,
        present_if: present_if(source, &raw.present_if)?,
        complete: raw.complete,
        settle: settle(source, &raw.settle)?,
        open: raw
            .open
            // It names entries, of which some are missing then.
            .filter(|_| errors.is_empty())
            .map(|o| open::open(source, &o, &entries))
            .transpose()?,
        own_form: raw.own_form.map(|t| words(source, &t)).transpose()?,
        needs_response: needs_response(source, raw.needs_response.as_ref())?,
        entries,
        sha256: source.sha256(),
        place: source.place(&raw.provider),
    };
    let checked = Checked {
        provider,
        raw: good,
    };
    Ok(Every { checked, errors })
}

fn present_if(source: &Source<'_>, raw: &raw::PresentIf) -> Result<PresentIf, YamlError> {
    let globals = raw.globals.iter().map(|g| global(source, g));
    let scripts = raw.scripts.iter().map(|s| address(source, s));
    let snippets = raw.snippets.iter().map(|s| snippet(source, s));
    Ok(PresentIf {
        globals: globals.collect::<Result<_, _>>()?,
        scripts: scripts.collect::<Result<_, _>>()?,
        snippets: snippets.collect::<Result<_, _>>()?,
    })
}

/// A pattern that matches nothing at all would match in every page.
fn snippet(source: &Source<'_>, text: &Spanned<String>) -> Result<Regex, YamlError> {
    let wrong = |what: &str, help: String| {
        let problem = Problem::new(format!("\"{}\" {what}", text.value)).help(help);
        Err(source.error(text, &problem))
    };
    match RegexBuilder::new(&text.value).size_limit(1 << 20).build() {
        Ok(regex) if regex.is_match("") => wrong(
            "matches any text",
            "name a part of the code that no other provider has".to_owned(),
        ),
        Ok(regex) => Ok(regex),
        Err(error) => {
            // Its other lines draw the place, which is shown here already.
            let error = error.to_string();
            let reason = error.lines().last().unwrap_or_default();
            let reason = reason.trim_start_matches("error: ");
            wrong("is no regular expression", reason.to_owned())
        }
    }
}

/// The browser engine looks these names up on `window`, so they must be plain identifiers.
fn global(source: &Source<'_>, name: &Spanned<String>) -> Result<String, YamlError> {
    if is_identifier(&name.value) {
        return Ok(name.value.clone());
    }
    let problem = Problem::new(format!("\"{}\" cannot name a global", name.value))
        .expected("expected letters, digits, \"_\" and \"$\"");
    Err(source.error(name, &problem))
}

/// Whether a name is a plain identifier of ASCII.
fn is_identifier(name: &str) -> bool {
    let plain = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '$';
    let starts_well = !name.starts_with(|c: char| c.is_ascii_digit());
    starts_well && !name.is_empty() && name.chars().all(plain)
}

fn settle(source: &Source<'_>, raw: &raw::Settle) -> Result<Settle, YamlError> {
    let Some(quiet) = &raw.quiet else {
        return Ok(Settle::default());
    };
    let text = quiet.value.as_str();
    let milliseconds = match (text.strip_suffix("ms"), text.strip_suffix('s')) {
        (Some(n), _) => n.parse().ok(),
        (None, Some(n)) => n.parse::<u64>().ok().and_then(|n| n.checked_mul(1000)),
        (None, None) => None,
    };
    match milliseconds {
        Some(ms) if ms <= MAX_QUIET_MS => Ok(Settle { quiet_ms: Some(ms) }),
        _ => {
            let problem = Problem::new(format!("\"{text}\" is no time to wait"))
                .expected("expected up to 60s, such as 1200ms or 2s");
            Err(source.error(quiet, &problem))
        }
    }
}

fn needs_response(
    source: &Source<'_>,
    raw: Option<&raw::NeedsResponse>,
) -> Result<Option<NeedsResponse>, YamlError> {
    raw.map(|raw| {
        Ok(NeedsResponse {
            url: address(source, &raw.url)?,
            otherwise: words(source, &raw.otherwise)?,
        })
    })
    .transpose()
}

/// The sources by key, each as the text that reports show.
fn references(
    source: &Source<'_>,
    raw: &BTreeMap<String, Spanned<raw::Reference>>,
) -> Result<BTreeMap<String, String>, YamlError> {
    raw.iter()
        .map(|(key, reference)| Ok((key.clone(), reference_text(source, reference)?)))
        .collect()
}

fn reference_text(
    source: &Source<'_>,
    reference: &Spanned<raw::Reference>,
) -> Result<String, YamlError> {
    let raw = &reference.value;
    let text = match (&raw.url, &raw.cite) {
        (Some(url), None) => web_address(source, url)?,
        (None, Some(cite)) => words(source, cite)?,
        _ => {
            let problem = Problem::new("a source is either an address or a citation")
                .expected("expected \"url\" or \"cite\", one of them");
            return Err(source.error(reference, &problem));
        }
    };
    let read: Result<jiff::civil::Date, _> = raw.read.value.parse();
    if read.is_err() || raw.read.value.len() != "2026-01-02".len() {
        let problem = Problem::new(format!("\"{}\" is no day", raw.read.value))
            .expected("expected the day it was read, such as 2026-01-02");
        return Err(source.error(&raw.read, &problem));
    }
    Ok(format!("{text} (read {})", raw.read.value))
}

/// A text that says something.
fn words(source: &Source<'_>, text: &Spanned<String>) -> Result<String, YamlError> {
    let trimmed = text.value.trim();
    if trimmed.is_empty() {
        let problem = Problem::new("a text is empty").expected("expected words");
        return Err(source.error(text, &problem));
    }
    Ok(trimmed.to_owned())
}

fn web_address(source: &Source<'_>, text: &Spanned<String>) -> Result<String, YamlError> {
    match Url::parse(&text.value) {
        Ok(url) if matches!(url.scheme(), "http" | "https") => Ok(text.value.clone()),
        _ => {
            let problem = Problem::new(format!("\"{}\" is no web address", text.value))
                .expected("expected https://…");
            Err(source.error(text, &problem))
        }
    }
}

/// An address pattern: host and path without a scheme.
fn address(source: &Source<'_>, text: &Spanned<String>) -> Result<String, YamlError> {
    let bad = |c: char| c.is_whitespace() || c.is_control() || matches!(c, '?' | '#');
    let value = &text.value;
    if value.contains('/') && !value.contains("://") && !value.contains(bad) {
        return Ok(value.clone());
    }
    let problem = Problem::new(format!("\"{value}\" is no address pattern"))
        .expected("expected host and path without scheme, such as cdn.example/widget/*");
    Err(source.error(text, &problem))
}

fn hosts(source: &Source<'_>, hosts: &[Spanned<String>]) -> Result<Vec<String>, YamlError> {
    hosts.iter().map(|h| host(source, h)).collect()
}

fn host(source: &Source<'_>, text: &Spanned<String>) -> Result<String, YamlError> {
    let bare = text.value.strip_prefix("*.").unwrap_or(&text.value);
    let label = |l: &str| {
        !l.is_empty()
            && l.chars()
                .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-')
    };
    if bare.split('.').all(label) {
        return Ok(text.value.clone());
    }
    let problem = Problem::new(format!("\"{}\" is no host", text.value))
        .expected("expected small letters, such as cdn.example or *.example");
    Err(source.error(text, &problem))
}

fn pattern(
    source: &Source<'_>,
    text: &Spanned<String>,
    ignore_case: bool,
) -> Result<NamePattern, YamlError> {
    NamePattern::parse(&text.value, ignore_case).map_err(|e| {
        let problem = Problem::new(e.to_string());
        let problem = match &e {
            PatternError::CaptureKind(kind) => problem
                .expected(format!("expected {}", PatternError::KINDS))
                .did_you_mean(kind, &["digits", "alnum", "hex24", "uuid"]),
            _ => problem.expected("expected a name pattern"),
        };
        source.error(text, &problem)
    })
}
