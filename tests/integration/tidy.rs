//! The rules of the source tree itself: layers, sizes, headers, and what must not be in any file.

mod files;
mod layers;

use std::path::Path;

use files::{all_files, read, root, rust_files};

/// A file longer than this is two files.
const MAX_LINES: usize = 400;

#[test]
fn no_source_file_is_too_long() {
    let long: Vec<String> = rust_files()
        .iter()
        .map(|file| (file, read(file).lines().count()))
        .filter(|(_, lines)| *lines > MAX_LINES)
        .map(|(file, lines)| format!("{file}: {lines} lines"))
        .collect();
    assert!(long.is_empty(), "{long:#?}");
}

#[test]
fn every_source_file_says_what_it_is_for() {
    let silent: Vec<String> = rust_files()
        .into_iter()
        .filter(|file| !read(file).starts_with("//! "))
        .collect();
    assert!(silent.is_empty(), "without a //! header: {silent:#?}");
}

#[test]
fn nothing_is_switched_off_or_left_undone() {
    // Spelled in two halves, so that this file is checked as well.
    let marks = [
        ("#[al", "low("),
        ("#![al", "low("),
        ("to", "do!("),
        ("unimple", "mented!("),
        ("#[ig", "nore"),
        ("FIX", "ME"),
        ("TO", "DO"),
        ("XX", "X:"),
    ];
    let mut found = Vec::new();
    for file in rust_files() {
        for (number, line) in read(&file).lines().enumerate() {
            for (head, tail) in marks {
                if line.contains(&format!("{head}{tail}")) {
                    found.push(format!("{file}:{}: {head}{tail}", number + 1));
                }
            }
        }
    }
    assert!(found.is_empty(), "{found:#?}");
}

#[test]
fn every_module_folder_has_a_file_that_explains_it() {
    let mut unexplained = Vec::new();
    for file in rust_files().iter().filter(|f| f.starts_with("src/")) {
        let folder = Path::new(file).parent().expect("a folder");
        if folder == Path::new("src") || folder == Path::new("src/bin/preconsent") {
            continue;
        }
        let inside = folder.join("mod.rs");
        let beside = folder.with_extension("rs");
        if ![inside, beside].iter().any(|p| root().join(p).is_file()) {
            unexplained.push(folder.display().to_string());
        }
    }
    assert!(unexplained.is_empty(), "{unexplained:#?}");
}

#[test]
fn rules_are_yaml_and_nothing_else() {
    let rules: Vec<String> = all_files()
        .into_iter()
        .filter(|f| f.starts_with("rules/"))
        .collect();
    assert!(rules.len() > 5, "the rules are found");
    let others: Vec<&String> = rules.iter().filter(|f| !f.ends_with(".yaml")).collect();
    assert!(others.is_empty(), "{others:#?}");
}

#[test]
fn no_file_names_a_place_on_somebodys_machine() {
    let places = ["/ho", "/ro", "/Us", "/wo"];
    let ends = ["me/", "ot/", "ers/", "rk/"];
    let mut found = Vec::new();
    for file in all_files() {
        let Ok(text) = std::fs::read_to_string(root().join(&file)) else {
            continue;
        };
        for (number, line) in text.lines().enumerate() {
            for (head, tail) in places.iter().zip(ends) {
                if names_path(line, &format!("{head}{tail}")) {
                    found.push(format!("{file}:{}: {line}", number + 1));
                }
            }
        }
    }
    assert!(found.is_empty(), "{found:#?}");
}

/// Whether the line has an absolute path that begins so: nothing but a sign or a space before it.
fn names_path(line: &str, start: &str) -> bool {
    line.match_indices(start).any(|(at, _)| {
        let before = line[..at].chars().next_back();
        before
            .is_none_or(|c| !c.is_alphanumeric() && !matches!(c, '.' | '/' | '-' | '_' | '}' | '*'))
    })
}

#[test]
fn packages_come_from_the_public_registry() {
    // Spelled in pieces, so that this file names no registry.
    let public = format!("\"https://registry.{}.org/", "npmjs");
    for file in all_files()
        .iter()
        .filter(|f| f.ends_with("package-lock.json"))
    {
        for line in read(file).lines().filter(|l| l.contains("\"resolved\"")) {
            assert!(line.contains(&public), "{file}: {line}");
        }
    }
}

#[test]
fn what_make_looks_for_is_what_the_scanner_finds() {
    let finder = read("src/engine/browser/find.rs");
    let ensure = read(".ci/ensure");
    let start = finder.find("const NAMES").expect("the names");
    let end = finder.find("pub fn find").expect("the search");
    let quoted = finder[start..end].lines().filter_map(|line| {
        let name = line.trim().strip_prefix('"')?;
        name.strip_suffix("\",")
    });
    let wanted: Vec<&str> = quoted.collect();
    assert!(wanted.len() > 5, "the lists are found: {wanted:?}");
    for name in wanted {
        assert!(ensure.contains(name), ".ci/ensure does not know {name}");
    }
}

#[test]
fn the_main_file_stays_small() {
    let lines = read("src/bin/preconsent/main.rs").lines().count();
    assert!(lines < 60, "{lines} lines");
}
