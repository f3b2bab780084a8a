//! Checking examples: every one in `match` must find its entry among the file's entries, and none in
//! `no_match` may. An example is a name, or a name with a value where the value matters; one that
//! another entry describes better is a good counterexample.

use crate::catalogue::matcher::Query;
use crate::catalogue::{Catalogue, Entry, Example, Provider, raw};
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
    let fail = |example: &Spanned<Example>, problem: &Problem| source.error(example, problem);
    for example in &examples.matches {
        match find(catalogue, (provider, entry), &example.value) {
            Some(found) if std::ptr::eq(found, entry) => {}
            Some(other) => {
                let problem = Problem::new(format!(
                    "the example {} finds another entry: {} at {}",
                    example.value.label(),
                    other.label(),
                    other.place
                ));
                return Err(fail(
                    example,
                    &problem.expected("expected to find this one"),
                ));
            }
            None => {
                let what = example.value.label();
                let problem = Problem::new(format!("the example {what} does not match"));
                let expected = format!("expected to match {}", entry.label());
                return Err(fail(example, &problem.expected(expected)));
            }
        }
    }
    for example in &examples.no_match {
        let found = find(catalogue, (provider, entry), &example.value);
        if found.is_some_and(|found| std::ptr::eq(found, entry)) {
            let what = example.value.label();
            let problem = Problem::new(format!("the example {what} matches"));
            let expected = format!("expected not to match {}", entry.label());
            return Err(fail(example, &problem.expected(expected)));
        }
    }
    Ok(())
}

/// The entry for an example that is kept where `entry` would stand.
pub(in crate::catalogue) fn find<'c>(
    catalogue: &'c Catalogue,
    (provider, entry): (&Provider, &Entry),
    example: &Example,
) -> Option<&'c Entry> {
    let values: Vec<&str> = example.value.as_deref().into_iter().collect();
    let host = entry.hosts.first().map_or("site.test", String::as_str);
    let found = catalogue.find(&Query {
        store: entry.store,
        name: &example.name,
        values: &values,
        host: host.trim_start_matches("*."),
        party: entry.party.unwrap_or(Party::First),
        present: &[&provider.id],
    });
    found.map(|(_, entry)| entry)
}
