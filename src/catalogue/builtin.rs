//! The embedded catalogue.

use std::path::Path;
use std::sync::LazyLock;

use include_dir::{Dir, include_dir};

use super::{Catalogue, load};
use crate::yaml::YamlError;
use crate::yaml::files::{self, RuleFile};

static FILES: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/rules/catalogue");

static CATALOGUE: LazyLock<Result<Catalogue, YamlError>> =
    LazyLock::new(|| load::tested(&embedded()));

/// The embedded catalogue of `rules/catalogue/`.
///
/// # Panics
/// Never in a released build: a test reads every embedded file.
#[must_use]
pub fn catalogue() -> Catalogue {
    match &*CATALOGUE {
        Ok(catalogue) => catalogue.clone(),
        Err(error) => unreachable!("the embedded rules are tested: {error}"),
    }
}

/// Every embedded file, in order of its name.
fn embedded() -> Vec<RuleFile> {
    FILES
        .files()
        .filter_map(|f| Some((f.path(), f.contents_utf8()?)))
        .map(|(path, text)| RuleFile {
            id: files::id(path),
            file: format!("builtin:catalogue/{}", path.display()),
            text: text.to_owned(),
        })
        .collect()
}

/// The text of an embedded file as it is in `rules/catalogue/`, by its provider's id.
#[must_use]
pub fn text(id: &str) -> Option<&'static str> {
    let path = format!("{id}.yaml");
    FILES.get_file(Path::new(&path))?.contents_utf8()
}

#[cfg(test)]
mod tests {
    #![expect(clippy::expect_used, reason = "a test that cannot go on must fail")]

    use super::*;
    use crate::catalogue::raw;
    use crate::catalogue::validate::examples::find;
    use crate::yaml;

    #[test]
    fn every_file_is_read() {
        let catalogue = load::add(Catalogue::default(), &embedded()).expect("good rules");
        let files = FILES.files().count();
        assert_eq!(catalogue.providers.len(), files, "a file was left out");
        assert!(files > 5, "only {files} files are embedded");
    }

    #[test]
    fn every_example_finds_its_entry_and_no_counterexample_does() {
        let catalogue = catalogue();
        let mut wrong = Vec::new();
        for provider in &catalogue.providers {
            let text = text(&provider.id).expect("an embedded file");
            let raw: raw::File = yaml::read(&provider.id, text).expect("a good file");
            for (entry, raw) in provider.entries.iter().zip(&raw.entries) {
                let examples = &raw.examples.value;
                let wanted = examples.matches.iter().map(|e| (e, true));
                for (example, expected) in
                    wanted.chain(examples.no_match.iter().map(|e| (e, false)))
                {
                    let found = find(&catalogue, (provider, entry), &example.value);
                    if found.is_some_and(|found| std::ptr::eq(found, entry)) != expected {
                        let found = found.map(|f| f.place.to_string());
                        wrong.push(format!("{:?} at {}: {found:?}", example.value, entry.place));
                    }
                }
            }
        }
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    }
}
