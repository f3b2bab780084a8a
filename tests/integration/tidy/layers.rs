//! The layers of `src/lib.rs`: who may import whom. Comments may name anything; code may not.

use std::collections::BTreeMap;

use regex::Regex;

use super::files::{read, rust_files};

/// Layer and what it may import besides itself.
const LAYERS: [(&str, &[&str]); 13] = [
    ("model", &[]),
    ("yaml", &["model"]),
    ("catalogue", &["model", "yaml"]),
    ("consent", &["model", "yaml"]),
    ("profile", &["model", "yaml"]),
    ("engine", &["model", "consent"]),
    ("classify", &["model", "catalogue"]),
    (
        "check",
        &["model", "catalogue", "profile", "consent", "classify"],
    ),
    ("report", &["model"]),
    ("store", &["model"]),
    (
        "scan",
        &[
            "model",
            "yaml",
            "catalogue",
            "consent",
            "profile",
            "engine",
            "classify",
            "check",
        ],
    ),
    ("batch", &["model", "engine", "scan"]),
    ("testsite", &[]),
];

/// The layer of a library file, and how deep its module lies below the crate's root.
fn layer_of(file: &str) -> Option<(&str, usize)> {
    let inside = file.strip_prefix("src/")?.strip_suffix(".rs")?;
    if inside == "lib" || inside.starts_with("bin/") {
        return None;
    }
    let parts: Vec<&str> = inside.split('/').filter(|p| *p != "mod").collect();
    Some((parts[0], parts.len()))
}

/// The code of a file without comments, line by line, and whether the line is in its unit tests.
fn code(text: &str) -> impl Iterator<Item = (usize, &str, bool)> {
    let tests = text
        .lines()
        .position(|l| l.trim() == "#[cfg(test)]")
        .unwrap_or(usize::MAX);
    text.lines()
        .enumerate()
        .filter(|(_, line)| !line.trim_start().starts_with("//"))
        .map(move |(n, line)| (n + 1, line.split(" // ").next().unwrap_or(line), n >= tests))
}

#[test]
fn layers_import_only_what_lies_below_them() {
    let allowed: BTreeMap<&str, &[&str]> = LAYERS.into_iter().collect();
    let import = Regex::new(r"(?:^|[^$\w])crate::(\w+|\{)").expect("a pattern");
    let mut wrong = Vec::new();
    for file in rust_files() {
        let Some((layer, _)) = layer_of(&file) else {
            continue;
        };
        let below = allowed
            .get(layer)
            .unwrap_or_else(|| panic!("{file}: the layer {layer} is in no list; see src/lib.rs"));
        let text = read(&file);
        for (number, line, _) in code(&text) {
            for found in import.captures_iter(line) {
                let name = &found[1];
                // `crate::{…}` would hide what is imported from this test.
                if name != layer && !below.contains(&name) {
                    wrong.push(format!("{file}:{number}: {layer} imports {name}"));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn nothing_climbs_out_of_its_layer() {
    let climb = Regex::new(r"(?:super::)+").expect("a pattern");
    let mut wrong = Vec::new();
    for file in rust_files() {
        let Some((_, depth)) = layer_of(&file) else {
            continue;
        };
        let text = read(&file);
        for (number, line, in_tests) in code(&text) {
            for chain in climb.find_iter(line) {
                let steps = chain.as_str().matches("super::").count();
                // The module of unit tests lies one deeper.
                if steps >= depth + usize::from(in_tests) {
                    wrong.push(format!("{file}:{number}: {line}"));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn the_library_knows_nothing_of_the_command_line() {
    let mut wrong = Vec::new();
    for file in rust_files().iter().filter(|f| layer_of(f).is_some()) {
        let text = read(file);
        for (number, line, _) in code(&text) {
            for word in ["clap::", "anyhow::", "indicatif::", "anstream::"] {
                if line.contains(word) {
                    wrong.push(format!("{file}:{number}: {word}"));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn the_table_of_the_documentation_names_every_layer() {
    let text = read("src/lib.rs");
    for (layer, _) in LAYERS {
        assert!(text.contains(&format!("[`{layer}`]")), "{layer}");
    }
    for line in text.lines().filter_map(|l| l.strip_prefix("pub mod ")) {
        let name = line.trim_end_matches(';');
        assert!(LAYERS.iter().any(|(layer, _)| *layer == name), "{name}");
    }
}
