//! The consent platforms the tests choose on: pinned, as the recipes say, and used by the pages.

use std::fs;
use std::path::{Path, PathBuf};

use preconsent::consent::recipe;
use serde_json::Value;

/// Package and recipe.
const PLATFORMS: [(&str, &str); 4] = [
    ("vanilla-cookieconsent", "vanilla-cookieconsent"),
    ("klaro", "klaro"),
    ("tarteaucitronjs", "tarteaucitron"),
    ("cookieconsent", "cookieconsent"),
];

fn fixtures(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("fixtures")
        .join(path)
}

fn text(path: &str) -> String {
    fs::read_to_string(fixtures(path)).unwrap_or_else(|e| panic!("{path}: {e}"))
}

fn json(path: &str) -> Value {
    serde_json::from_str(&text(path)).expect("JSON")
}

#[test]
fn recipes_are_verified_against_the_pinned_versions() {
    let wanted = json("cmp/package.json");
    let locked = json("cmp/package-lock.json");
    let recipes = recipe::builtin();
    assert_eq!(
        wanted["dependencies"].as_object().map(|d| d.len()),
        Some(PLATFORMS.len())
    );
    for (package, id) in PLATFORMS {
        let recipe = recipes.iter().find(|r| r.id == id).expect("a recipe");
        let verified = recipe.verified.as_ref().expect("a version");
        let version = Value::from(verified.version.as_str());
        assert_eq!(wanted["dependencies"][package], version, "{package}");
        let entry = &locked["packages"][format!("node_modules/{package}")];
        assert_eq!(entry["version"], version, "{package}");
    }
}

#[test]
fn the_lock_file_pins_contents_and_names_no_place() {
    let text = text("cmp/package-lock.json");
    assert!(!text.contains("://") && !text.contains("\"resolved\""));
    let locked = json("cmp/package-lock.json");
    for (name, entry) in locked["packages"].as_object().expect("packages") {
        let pinned = entry["integrity"].is_string();
        assert!(pinned || name.is_empty(), "{name} has no digest");
    }
}

#[test]
fn the_pages_use_files_that_the_packages_have() {
    let mut used = 0;
    for (_, id) in PLATFORMS {
        for kind in ["correct", "ignores"] {
            let page = text(&format!("sites/cmp-{id}-{kind}/index.html"));
            for address in page.split("https://cmp.test/").skip(1) {
                let path = address.split('"').next().unwrap_or_default();
                let file = fixtures("cmp/node_modules").join(path);
                assert!(
                    file.is_file(),
                    "{} is missing; run make test",
                    file.display()
                );
                used += 1;
            }
            assert!(page.contains("https://embed.tawk.to/") || page.contains("tawktoId"));
        }
    }
    assert!(used >= 8, "only {used} files are used");
}
