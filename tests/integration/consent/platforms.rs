//! The consent platforms the tests choose on: pinned, as the recipes say, and used by the pages.

mod made;

use std::fs;
use std::path::{Path, PathBuf};

use preconsent::consent::recipe;
use serde_json::Value;

/// Package, and the name of its pages and of its recipe, if there is one.
const PLATFORMS: [(&str, &str, bool); 9] = [
    ("@grrr/cookie-consent", "grrr-cookie-consent", false),
    ("cookie-consent-lite", "cookie-consent-lite", false),
    ("cookie-though", "cookie-though", false),
    ("cookieconsent", "cookieconsent", true),
    ("cookies-eu-banner", "cookies-eu-banner", false),
    ("klaro", "klaro", true),
    ("orejime", "orejime", false),
    ("tarteaucitronjs", "tarteaucitron", true),
    ("vanilla-cookieconsent", "vanilla-cookieconsent", true),
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
    for (package, id, has_recipe) in PLATFORMS {
        let version = &locked["packages"][format!("node_modules/{package}")]["version"];
        assert!(version.is_string(), "{package}");
        assert_eq!(&wanted["dependencies"][package], version, "{package}");
        let recipe = recipes.iter().find(|r| r.id == id);
        assert_eq!(recipe.is_some(), has_recipe, "{package}");
        if let Some(recipe) = recipe {
            let verified = recipe.verified.as_ref().expect("a version");
            assert_eq!(&Value::from(verified.version.as_str()), version);
        }
    }
}

#[test]
fn the_lock_file_pins_contents_and_names_no_place() {
    let mut locked = json("cmp/package-lock.json");
    let packages = locked["packages"].as_object_mut().expect("packages");
    for (name, entry) in packages {
        let entry = entry.as_object_mut().expect("a package");
        // Where its authors may be paid is no place that anything is fetched from.
        entry.remove("funding");
        let pinned = entry.get("integrity").is_some_and(Value::is_string);
        assert!(pinned || name.is_empty(), "{name} has no digest");
        assert!(!entry.contains_key("resolved"), "{name}");
    }
    assert!(!locked.to_string().contains("://"));
}

#[test]
fn the_pages_use_files_that_the_packages_have() {
    let mut used = 0;
    for (package, id, _) in PLATFORMS {
        for kind in ["correct", "ignores"] {
            let page = text(&format!("sites/cmp-{id}-{kind}/index.html"));
            for address in page.split("https://cmp.test/").skip(1) {
                let path = address.split('"').next().unwrap_or_default();
                assert!(path.starts_with(package) || path.starts_with("@grrr/utils/"));
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
    assert!(used >= 18, "only {used} files are used");
}
