//! The files of the source tree, as paths from its root with `/`.

use std::fs;
use std::path::{Path, PathBuf};

/// What is built or fetched, not written here.
const SKIPPED: [&str; 3] = ["target", "node_modules", ".git"];

/// The root of the tree.
pub(super) fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Every file.
pub(super) fn all_files() -> Vec<String> {
    let mut files = Vec::new();
    walk(root(), &mut files);
    files.sort();
    assert!(files.len() > 50, "the tree is found");
    files
}

/// Every Rust file.
pub(super) fn rust_files() -> Vec<String> {
    let mut files = all_files();
    files.retain(|file| file.ends_with(".rs"));
    files
}

/// The text of a file.
pub(super) fn read(file: &str) -> String {
    fs::read_to_string(root().join(file)).unwrap_or_else(|e| panic!("{file}: {e}"))
}

fn walk(folder: &Path, files: &mut Vec<String>) {
    let entries = fs::read_dir(folder).expect("a folder that can be read");
    let entries: Vec<PathBuf> = entries.map(|e| e.expect("an entry").path()).collect();
    for path in entries {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        if SKIPPED.contains(&name.as_ref()) {
            continue;
        }
        if path.is_dir() {
            walk(&path, files);
        } else {
            let inside = path.strip_prefix(root()).expect("inside the tree");
            files.push(inside.display().to_string().replace('\\', "/"));
        }
    }
}
