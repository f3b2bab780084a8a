//! The files of a rules directory, also those that cannot be loaded.

use std::collections::BTreeSet;
use std::path::Path;

use super::{
    CONFLICT, DUPLICATE, EXPIRY_IMPLAUSIBLE, INVALID, Problem, UNSOURCED, of_providers, sorted,
};
use crate::catalogue::duration::Expires;
use crate::catalogue::validate::{self, Every, examples};
use crate::catalogue::{Catalogue, load, raw};
use crate::model::finding::Severity;
use crate::yaml::{Place, Source, YamlError};

/// Judges the catalogue files of a directory, on top of what is known already. A file or an entry that
/// cannot be loaded is a problem, and the rest is judged all the same.
///
/// # Errors
/// [`YamlError`] if the directory or one of its files cannot be read.
pub fn directory(mut base: Catalogue, directory: &Path) -> Result<Vec<Problem>, YamlError> {
    let files = load::directory_files(directory)?;
    let mut problems = Vec::new();
    let mut wrong_examples = Vec::new();
    let mut fresh = BTreeSet::new();
    for file in &files {
        let source = Source::new(&file.file, &file.text);
        let Every { checked, errors } = match validate::every(&file.id, &source) {
            Ok(every) => every,
            Err(error) => {
                problems.push(invalid(INVALID, "", &error));
                continue;
            }
        };
        for (raw, error) in &errors {
            problems.push(invalid(check_of(raw), &raw.name.value, error));
        }
        if let Err(error) = examples::check(&source, &checked.raw, &checked.provider) {
            wrong_examples.push(invalid(INVALID, "", &error));
        }
        fresh.insert(file.id.as_str());
        base.providers.retain(|p| p.id != checked.provider.id);
        base.providers.push(checked.provider);
    }
    base.providers.sort_by(|a, b| a.id.cmp(&b.id));
    problems.extend(of_providers(&base, &fresh));
    // Where two entries mean the same names, the example of one finds the other; that is told already.
    let tied: BTreeSet<String> = problems
        .iter()
        .filter(|p| matches!(p.check, CONFLICT | DUPLICATE))
        .map(|p| p.place.file.clone())
        .collect();
    wrong_examples.retain(|p| !tied.contains(&p.place.file));
    problems.extend(wrong_examples);
    Ok(sorted(problems))
}

/// Which of the known problems keeps an entry from being loaded.
fn check_of(raw: &raw::Entry) -> &'static str {
    if raw.source.is_empty() {
        UNSOURCED
    } else if raw.expires.value.parse::<Expires>().is_err() {
        EXPIRY_IMPLAUSIBLE
    } else {
        INVALID
    }
}

/// The error with its drawing as the help.
fn invalid(check: &'static str, name: &str, error: &YamlError) -> Problem {
    let (message, drawing) = error.text.split_once('\n').unwrap_or((&error.text, ""));
    Problem {
        check,
        severity: Severity::Error,
        place: Place {
            file: error.file.clone(),
            line: error.line,
            column: error.column,
        },
        name: name.to_owned(),
        message: message.to_owned(),
        help: drawing.to_owned(),
    }
}
