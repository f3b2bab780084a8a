//! Checking examples: every name in `match` must find its entry among the file's entries, and no
//! name in `no_match` may. A name that another entry describes better is a good counterexample.

use crate::catalogue::matcher::Query;
use crate::catalogue::{Catalogue, Entry, Provider, raw};
use crate::model::item::Party;
use crate::yaml::{Problem, Source, Spanned, YamlError};

/// Checks all examples of a file.
pub(in crate::catalogue) fn check(
    source: &Source<'_>,
    raw: &[raw::Entry],
    provider: &Provider,
) -> Result<(), YamlError> {
    let alone = Catalogue {
        providers: vec![provider.clone()],
    };
    for provider in &alone.providers {
        for (entry, raw) in provider.entries.iter().zip(raw) {
            check_entry(source, &alone, (provider, entry), &raw.examples.value)?;
        }
    }
    Ok(())
}

fn check_entry(
    source: &Source<'_>,
    catalogue: &Catalogue,
    (provider, entry): (&Provider, &Entry),
    examples: &raw::Examples,
) -> Result<(), YamlError> {
    let fail = |example: &Spanned<String>, problem: &Problem| source.error(example, problem);
    for example in &examples.matches {
        match find(catalogue, (provider, entry), &example.value) {
            Some(found) if std::ptr::eq(found, entry) => {}
            Some(other) => {
                let problem = Problem::new(format!(
                    "the example \"{}\" finds another entry: \"{}\" at {}",
                    example.value, other.name.text, other.place
                ));
                return Err(fail(
                    example,
                    &problem.expected("expected to find this one"),
                ));
            }
            None => {
                let problem =
                    Problem::new(format!("the example \"{}\" does not match", example.value));
                let expected = format!("expected to match \"{}\"", entry.name.text);
                return Err(fail(example, &problem.expected(expected)));
            }
        }
    }
    for example in &examples.no_match {
        let found = find(catalogue, (provider, entry), &example.value);
        if found.is_some_and(|found| std::ptr::eq(found, entry)) {
            let problem = Problem::new(format!("the example \"{}\" matches", example.value));
            let expected = format!("expected not to match \"{}\"", entry.name.text);
            return Err(fail(example, &problem.expected(expected)));
        }
    }
    Ok(())
}

/// The entry for a name that is kept where `entry` would stand.
pub(in crate::catalogue) fn find<'c>(
    catalogue: &'c Catalogue,
    (provider, entry): (&Provider, &Entry),
    name: &str,
) -> Option<&'c Entry> {
    let host = entry.hosts.first().map_or("site.test", String::as_str);
    let found = catalogue.find(&Query {
        store: entry.store,
        name,
        host: host.trim_start_matches("*."),
        party: entry.party.unwrap_or(Party::First),
        present: &[&provider.id],
    });
    found.map(|(_, entry)| entry)
}
