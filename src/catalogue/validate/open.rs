//! Checks a provider's `open`: how a visitor asks for its service.
//!
//! The engine calls the functions named here in the pages it visits, so nothing but plain names joined
//! by dots may stand there.

use super::{is_identifier, words};
use crate::catalogue::{Entry, Open, raw};
use crate::yaml::{Problem, Source, Spanned, YamlError};

/// The most selectors that are looked for.
const MAX_SELECTORS: usize = 20;

/// Reads it. The service must be one that an entry names, or asking for it would change nothing.
pub(super) fn open(
    source: &Source<'_>,
    raw: &raw::Open,
    entries: &[Entry],
) -> Result<Open, YamlError> {
    let service = &raw.service;
    if !entries
        .iter()
        .any(|e| e.service.as_ref() == Some(&service.value))
    {
        let problem = Problem::new(format!("no entry has the service \"{}\"", service.value))
            .expected("expected the \"service\" of one of the entries");
        return Err(source.error(service, &problem));
    }
    if raw.press.is_empty() && raw.call.is_none() {
        let problem = Problem::new("nothing says how the service is asked for".to_owned())
            .expected("expected \"press\" with selectors, \"call\" with a function, or both");
        return Err(source.error(service, &problem));
    }
    if let Some(first) = raw.press.get(MAX_SELECTORS) {
        let problem =
            Problem::new("there are too many selectors".to_owned()).expected("expected at most 20");
        return Err(source.error(first, &problem));
    }
    Ok(Open {
        service: service.value.clone(),
        press: raw
            .press
            .iter()
            .map(|s| words(source, s))
            .collect::<Result<_, _>>()?,
        call: raw.call.as_ref().map(|c| function(source, c)).transpose()?,
        opened: function(source, &raw.opened)?,
    })
}

fn function(source: &Source<'_>, path: &Spanned<String>) -> Result<String, YamlError> {
    if path.value.split('.').all(is_identifier) {
        return Ok(path.value.clone());
    }
    let problem = Problem::new(format!("\"{}\" cannot name a function", path.value))
        .expected("expected names joined by dots, without brackets, such as Chat_API.open");
    Err(source.error(path, &problem))
}
