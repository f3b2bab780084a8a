//! Tests of recipes: the embedded ones, and what is wrong in those that cannot be used.

#![expect(clippy::unwrap_used, reason = "a test may panic")]

use super::*;
use crate::consent::record::{Agreement, agrees};

const SMALL: &str = "name: Example\nhomepage: https://example.org\nbanner: ['#banner']\n";

fn error(text: &str) -> YamlError {
    read("example", "example.yaml", text).unwrap_err()
}

#[test]
fn the_embedded_recipes_can_be_used() {
    let recipes = builtin();
    let verified = recipes.iter().filter(|r| r.verified.is_some());
    let ids: Vec<_> = verified.map(|r| r.id.as_str()).collect();
    assert_eq!(
        ids,
        [
            "cookieconsent",
            "klaro",
            "tarteaucitron",
            "vanilla-cookieconsent"
        ]
    );
    assert!(recipes.len() > 30, "{}", recipes.len());
    for recipe in &recipes {
        assert!(!recipe.sources.is_empty(), "{}", recipe.id);
        assert!(!recipe.control(Choice::Accept).is_empty(), "{}", recipe.id);
        assert!(!recipe.control(Choice::Reject).is_empty(), "{}", recipe.id);
        assert!(!recipe.scripts.is_empty(), "{}", recipe.id);
        let proven = recipe.verified.is_none() || !recipe.records.is_empty();
        assert!(proven, "{}", recipe.id);
        assert_eq!(
            recipe.place.file,
            format!("builtin:consent/{}.yaml", recipe.id)
        );
    }
}

#[test]
fn embedded_seeds_say_what_they_stand_for() {
    let mut seeds = 0;
    for recipe in builtin() {
        for record in &recipe.records {
            for asked in [Choice::Accept, Choice::Reject] {
                let Some(value) = record.seed.of(asked) else {
                    continue;
                };
                let says = agrees(record.decoder, None, Some(value), asked);
                assert!(matches!(says, Agreement::Yes(_)), "{}: {says:?}", recipe.id);
                seeds += 1;
            }
        }
    }
    assert_eq!(seeds, 3);
}

#[test]
fn scripts_show_one_platform_only() {
    for (url, expected) in [
        (
            "https://cdn.example.org/npm/vanilla-cookieconsent@3.1.0/dist/cookieconsent.umd.js",
            "vanilla-cookieconsent",
        ),
        (
            "https://cdn.example.org/gh/orestbida/cookieconsent@v3.0.1/dist/cookieconsent.umd.js",
            "vanilla-cookieconsent",
        ),
        (
            "https://cdn.example.org/npm/cookieconsent@3/build/cookieconsent.min.js",
            "cookieconsent",
        ),
        ("https://cdn.kiprotect.com/klaro/v0.7/klaro.js", "klaro"),
        ("/assets/TarteAuCitron.js", "tarteaucitron"),
        ("https://shop.example/app.js", ""),
    ] {
        let found: Vec<_> = builtin()
            .into_iter()
            .filter(|r| r.is_script(url))
            .map(|r| r.id)
            .collect();
        assert_eq!(found.join(" "), expected, "{url}");
    }
}

#[test]
fn a_record_is_found_by_store_and_exact_name() {
    let klaro = builtin().into_iter().find(|r| r.id == "klaro").unwrap();
    assert!(klaro.record(Store::LocalStorage, "klaro").is_some());
    assert!(klaro.record(Store::SessionStorage, "klaro").is_none());
    assert!(klaro.record(Store::Cookie, "klaro2").is_none());
}

#[test]
fn a_small_recipe_is_enough() {
    let recipe = read("example", "example.yaml", SMALL).unwrap();
    assert_eq!(recipe.id, "example");
    assert_eq!(recipe.place.line, 1);
    assert!(recipe.verified.is_none() && recipe.records.is_empty());
}

#[test]
fn errors_name_the_place() {
    let records = |record: &str| format!("{SMALL}records:\n  - {record}\n");
    for (text, line, says) in [
        (format!("{SMALL}banners: []\n"), 4, "banners"),
        (SMALL.replace("'#banner'", ""), 3, "never be recognised"),
        (
            SMALL.replace("'#banner'", "'#banner['"),
            3,
            "no CSS selector",
        ),
        (SMALL.replace("https:", "ftp:"), 2, "no web address"),
        (SMALL.replace("Example", "''"), 1, "empty"),
        (format!("{SMALL}scripts: [a.js]\n"), 4, "any address"),
        (
            format!("{SMALL}scripts: ['klaro[.js']\n"),
            4,
            "no regular expression",
        ),
        (
            format!("{SMALL}verified: {{ version: '1', on: soon }}\n"),
            4,
            "no day",
        ),
        (
            records("{ store: cookie, name: a, decoder: klarro }"),
            5,
            "klaro",
        ),
        (
            records("{ store: indexed-db, name: a, decoder: klaro }"),
            5,
            "local-storage",
        ),
        (
            records("{ store: cookie, name: a, decoder: klaro, seed: { accept: x } }"),
            5,
            "decoder",
        ),
        (
            records("{ store: local-storage, name: a, decoder: klaro, seed: { accept: '{}' } }"),
            5,
            "only cookies",
        ),
    ] {
        let error = error(&text);
        assert_eq!(
            (error.file.as_str(), error.line),
            ("example.yaml", line),
            "{error}"
        );
        assert!(error.column > 0, "{error}");
        assert!(error.text.contains(says), "{says}: {error}");
    }
}

#[test]
fn a_directory_replaces_recipes_of_the_same_id() {
    let folder = tempfile::tempdir().unwrap();
    let unchanged = add_directory(builtin(), folder.path()).unwrap();
    assert_eq!(unchanged.len(), builtin().len());
    std::fs::create_dir(folder.path().join("consent")).unwrap();
    std::fs::write(folder.path().join("consent/klaro.yaml"), SMALL).unwrap();
    std::fs::write(folder.path().join("consent/own.yaml"), SMALL).unwrap();
    let recipes = add_directory(builtin(), folder.path()).unwrap();
    assert_eq!(recipes.len(), builtin().len() + 1);
    let named = recipes.iter().filter(|r| r.name == "Example");
    assert_eq!(
        named.map(|r| r.id.as_str()).collect::<Vec<_>>(),
        ["klaro", "own"]
    );

    std::fs::write(folder.path().join("consent/own.yaml"), "name: [").unwrap();
    let error = add_directory(builtin(), folder.path()).unwrap_err();
    assert!(error.file.ends_with("own.yaml"), "{error}");
}
