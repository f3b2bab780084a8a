//! Reading catalogue files: one file, or a directory of them on top of what is known already.

use std::path::Path;

use super::validate::{self, Checked, examples};
use super::{Catalogue, Entry, Provider, raw, ties};
use crate::yaml::files::{self, RuleFile};
use crate::yaml::{Problem, Source, YamlError};

/// What a rules directory may hold besides catalogue files; they are read elsewhere.
const FOLDERS: [&str; 3] = ["catalogue", "consent", "profiles"];

/// Reads one provider from a text. `id` is its id, `file` the name shown in errors.
///
/// # Errors
/// [`YamlError`] with the place and the reason, also if two of its own entries tie.
pub fn provider(id: &str, file: &str, text: &str) -> Result<Provider, YamlError> {
    let file = RuleFile {
        id: id.to_owned(),
        file: file.to_owned(),
        text: text.to_owned(),
    };
    let mut catalogue = add(Catalogue::default(), &[file])?;
    // One file gives one provider, and `add` has put it into an empty catalogue.
    Ok(catalogue.providers.remove(0))
}

/// Adds the providers of a directory of YAML files (`*.yaml`, `*.yml`, in name order, subfolder
/// `catalogue/` too) to `base`; a provider with the id of a known one replaces it.
///
/// # Errors
/// [`YamlError`] for the first file that cannot be used, or if two entries tie, and also if the
/// directory holds no rules at all.
pub fn add_directory(base: Catalogue, directory: &Path) -> Result<Catalogue, YamlError> {
    add(base, &directory_files(directory)?)
}

/// The catalogue files of a rules directory.
pub(super) fn directory_files(directory: &Path) -> Result<Vec<RuleFile>, YamlError> {
    let mut found = files::read_directory(directory)?;
    let folder = directory.join("catalogue");
    if folder.is_dir() {
        found.extend(files::read_directory(&folder)?);
        files::refuse_twins(&found)?;
    }
    let other_rules = FOLDERS.iter().any(|f| directory.join(f).is_dir());
    if found.is_empty() && !other_rules {
        let problem = Problem::new("holds no rules").help(format!(
            "put *.yaml files there, or into its folders {}",
            FOLDERS.join(", ")
        ));
        let name = directory.display().to_string();
        return Err(YamlError::whole_file(&name, &problem));
    }
    Ok(found)
}

/// Adds files to a catalogue and looks for ties between what is new and all there is.
pub(super) fn add(mut base: Catalogue, found: &[RuleFile]) -> Result<Catalogue, YamlError> {
    let fresh = read(&mut base, found)?;
    let index = ties::Index::new(&base);
    for (id, source, raw) in &fresh {
        if let Some(provider) = base.provider(id) {
            refuse_ties(&index, provider, source, raw)?;
            examples::check(source, raw, provider)?;
        }
    }
    Ok(base)
}

/// Reads files whose examples and ties a test has looked at, which takes longer than reading them.
pub(super) fn tested(found: &[RuleFile]) -> Result<Catalogue, YamlError> {
    let mut catalogue = Catalogue::default();
    read(&mut catalogue, found)?;
    Ok(catalogue)
}

type Fresh<'f> = Vec<(&'f str, Source<'f>, Vec<raw::Entry>)>;

/// Reads files into a catalogue, and returns what is needed to check them.
fn read<'f>(base: &mut Catalogue, found: &'f [RuleFile]) -> Result<Fresh<'f>, YamlError> {
    let mut fresh = Vec::new();
    for file in found {
        let source = Source::new(&file.file, &file.text);
        let Checked { provider, raw } = validate::file(&file.id, &source)?;
        base.providers.retain(|p| p.id != provider.id);
        base.providers.push(provider);
        fresh.push((file.id.as_str(), source, raw));
    }
    base.providers.sort_by(|a, b| a.id.cmp(&b.id));
    Ok(fresh)
}

fn refuse_ties(
    index: &ties::Index<'_>,
    provider: &Provider,
    source: &Source<'_>,
    raw: &[raw::Entry],
) -> Result<(), YamlError> {
    for (entry, raw) in provider.entries.iter().zip(raw) {
        if let Some(other) = index.find(provider, entry) {
            return Err(source.error(&raw.name, &tie(entry, other)));
        }
    }
    Ok(())
}

fn tie(entry: &Entry, other: &Entry) -> Problem {
    Problem::new(format!(
        "two entries match the same names equally well: {} and {} at {}",
        entry.label(),
        other.label(),
        other.place
    ))
    .expected(format!("no better than the entry at {}", other.place))
    .help("make one name more exact, or tell them apart by hosts, party, needs_provider or value")
}

#[cfg(test)]
mod tests {
    #![expect(clippy::expect_used, reason = "a test that cannot go on must fail")]

    use super::*;

    fn entry(name: &str, more: &str) -> String {
        let example = name.replace("{x}", "1").replace('*', "1");
        format!(
            "  - {{ name: \"{name}\", store: cookie, expires: session, role: marketing, purpose: p, \
             source: [own], examples: {{ match: [\"{example}\"] }}{more} }}\n"
        )
    }

    fn file(id: &str, entries: &[String]) -> RuleFile {
        RuleFile {
            id: id.to_owned(),
            file: format!("{id}.yaml"),
            text: format!(
                "provider: {id}\nsources: {{ own: {{ cite: test, read: 2026-01-02 }} }}\nentries:\n{}",
                entries.concat()
            ),
        }
    }

    fn outcome(files: &[RuleFile]) -> Result<usize, String> {
        add(Catalogue::default(), files)
            .map(|c| c.entries().count())
            .map_err(|e| e.to_string())
    }

    #[test]
    fn ties_are_found_within_and_across_files() {
        let own = outcome(&[file("a", &[entry("xyz_{x}", ""), entry("xyz_{x}", "")])]);
        assert!(
            own.as_ref()
                .is_err_and(|e| e.contains("a.yaml:4") && e.contains("a.yaml:5")),
            "{own:?}"
        );
        let across = outcome(&[
            file("a", &[entry("abc", "")]),
            file("b", &[entry("ABC", ", ignore_case: true")]),
        ]);
        assert!(
            across
                .as_ref()
                .is_err_and(|e| e.contains("a.yaml:4") && e.contains("b.yaml:4")),
            "{across:?}"
        );
        let aliases = ", documented_as: [old_*]";
        let aliased = outcome(&[file("a", &[entry("abc", aliases), entry("abd", aliases)])]);
        assert!(aliased.is_err(), "{aliased:?}");
    }

    #[test]
    fn what_can_be_told_apart_does_not_tie() {
        for (one, other) in [
            (entry("xyz_1_*", ""), entry("xyz_*", "")),
            (entry("xyz_{x}", ""), entry("xyz_*", "")),
            (entry("abc", ""), entry("abc", ", party: third")),
            (
                entry("abc", ", party: first"),
                entry("abc", ", party: third"),
            ),
            (
                entry("abc", ", hosts: [\"*.a.test\"]"),
                entry("abc", ", hosts: [b.test]"),
            ),
            (
                entry("abc", ", needs_provider: true"),
                entry("abc", ", needs_provider: true"),
            ),
        ] {
            let both = outcome(&[file("a", &[one]), file("b", &[other])]);
            assert_eq!(both, Ok(2));
        }
        let hosts = |h: &str| entry("abc", &format!(", hosts: [\"{h}\"]"));
        let overlap = [
            file("a", &[hosts("*.a.test")]),
            file("b", &[hosts("x.a.test")]),
        ];
        assert!(outcome(&overlap).is_err());
    }

    #[test]
    fn a_provider_replaces_the_one_of_its_id() {
        let old = provider("chat", "old.yaml", &file("chat", &[entry("abc", "")]).text)
            .expect("a good file");
        let base = Catalogue {
            providers: vec![old],
        };
        let both = add(base, &[file("chat", &[entry("abc", ""), entry("abd", "")])])
            .expect("the old provider does not count");
        assert_eq!(both.providers.len(), 1);
        assert_eq!(both.entries().count(), 2);
    }
}
