//! The embedded folder `fixtures/sites/`, media types, and the way from a URL's path to a file that
//! cannot lead outside of a folder.

use std::io;
use std::path::{Path, PathBuf};

use include_dir::{Dir, include_dir};

static SITES: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/fixtures/sites");

/// Where pages find what they have in common: style sheet, banner, the page `/about`.
const SHARED: &str = "_shared";

/// The file at `path` below `fixtures/sites/`.
pub(super) fn get(path: &str) -> Option<&'static [u8]> {
    SITES.get_file(path).map(include_dir::File::contents)
}

/// The folders that stand for a host: those at the top and those in `_hosts/`.
pub(super) fn folders() -> Vec<String> {
    SITES
        .dirs()
        .chain(SITES.get_dir("_hosts").into_iter().flat_map(Dir::dirs))
        .map(|dir| dir.path().to_string_lossy().replace('\\', "/"))
        .collect()
}

/// Whether there is such a folder.
pub(super) fn is_folder(path: &str) -> bool {
    SITES.get_dir(path).is_some()
}

/// The file for a URL's path in `folder` or, failing that, among the shared ones; with its name.
pub(super) fn find(folder: &str, url_path: &str) -> Option<(String, &'static [u8])> {
    let path = plain(url_path)?;
    if path == "site.json" {
        return None;
    }
    let names = if path.is_empty() {
        vec!["index.html".to_owned()]
    } else {
        vec![
            path.clone(),
            format!("{path}.html"),
            format!("{path}/index.html"),
        ]
    };
    [folder, SHARED].iter().find_map(|folder| {
        names.iter().find_map(|name| {
            let contents = get(&format!("{folder}/{name}"))?;
            Some((name.clone(), contents))
        })
    })
}

/// A URL's path without its outer slashes; `None` if any segment could climb, hide or escape.
/// Percent signs are not decoded but refused: no bundled file needs them.
fn plain(url_path: &str) -> Option<String> {
    let path = url_path.trim_matches('/');
    let odd = |c: char| c.is_control() || matches!(c, '%' | '\\' | ':');
    let climbs = path.split('/').any(|segment| segment.starts_with('.'));
    let hollow = !path.is_empty() && path.split('/').any(str::is_empty);
    (!climbs && !hollow && !path.contains(odd)).then(|| path.to_owned())
}

/// Reads the file for a URL's path below `root` on disk, never outside of it (symbolic links that
/// lead out are refused too).
pub(super) async fn read_below(root: &Path, url_path: &str) -> io::Result<Vec<u8>> {
    let refused = || io::Error::new(io::ErrorKind::NotFound, "not a file below the folder");
    let path: PathBuf = root.join(plain(url_path).ok_or_else(refused)?);
    let real = tokio::fs::canonicalize(path).await?;
    if !real.starts_with(root) {
        return Err(refused());
    }
    tokio::fs::read(real).await
}

/// The media type that a file's name stands for.
pub(super) fn media_type(name: &str) -> &'static str {
    match name.rsplit_once('.').map(|(_, ending)| ending) {
        Some("html") => "text/html; charset=utf-8",
        Some("js" | "mjs") => "text/javascript; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("json") => "application/json",
        Some("svg") => "image/svg+xml",
        Some("gif") => "image/gif",
        Some("png") => "image/png",
        Some("woff2") => "font/woff2",
        Some("txt") => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_paths_lead_to_files_and_odd_ones_nowhere() {
        assert_eq!(plain("/a/b.js").as_deref(), Some("a/b.js"));
        assert_eq!(plain("/").as_deref(), Some(""));
        assert_eq!(
            plain("/@scope/pkg/x.js").as_deref(),
            Some("@scope/pkg/x.js")
        );
        for odd in [
            "/../x",
            "/a/../../x",
            "/./x",
            "/.git",
            "/a//b",
            "/%2e%2e/x",
            "/a\\..\\b",
            "/c:/x",
            "/a\0",
        ] {
            assert_eq!(plain(odd), None, "{odd:?}");
        }
    }

    #[test]
    fn descriptions_and_the_vendors_scripts_are_not_pages() {
        assert!(find("leaky", "/").is_some());
        assert_eq!(find("leaky", "/site.json"), None);
        assert_eq!(find("leaky", "/_tawk/widget.js"), None);
    }

    #[test]
    fn the_embedded_files_are_those_on_disk() {
        // Files that were added since the last build of this module are not embedded.
        fn count(folder: &Path) -> usize {
            std::fs::read_dir(folder)
                .expect("a folder of fixtures")
                .map(|entry| entry.expect("an entry of a folder").path())
                .map(|path| if path.is_dir() { count(&path) } else { 1 })
                .sum()
        }
        fn embedded(dir: &Dir<'_>) -> usize {
            dir.files().count() + dir.dirs().map(embedded).sum::<usize>()
        }
        let disk = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/sites");
        assert_eq!(
            embedded(&SITES),
            count(&disk),
            "touch src/testsite/files.rs"
        );
    }
}
