//! Finding a browser on this machine.

use std::env;
use std::ffi::OsStr;
use std::path::PathBuf;

/// A browser program and why it was taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// The program.
    pub path: PathBuf,
    /// `--browser`, `PRECONSENT_BROWSER`, `CHROME_PATH`, `PATH`, or the usual place it was found in.
    pub how: String,
}

/// Names on `PATH`, in order.
const NAMES: [&str; 6] = [
    "chromium",
    "chromium-browser",
    "google-chrome-stable",
    "google-chrome",
    "chrome",
    "microsoft-edge",
];

/// Where installers put browsers that are not on `PATH`.
const PLACES: [&str; 9] = [
    "/usr/lib/chromium/chromium",
    "/snap/bin/chromium",
    "/opt/google/chrome/chrome",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
    r"C:\Program Files\Google\Chrome\Application\chrome.exe",
    r"C:\Program Files (x86)\Google\Chrome\Application\chrome.exe",
    r"C:\Program Files (x86)\Microsoft\Edge\Application\msedge.exe",
];

/// Looks for a browser: `asked` (from `--browser`), then `PRECONSENT_BROWSER`, `CHROME_PATH`, the
/// usual names on `PATH`, the usual places of the operating system. What the user named is taken
/// as it is; whether it exists shows when it is started.
#[must_use]
pub fn find(asked: Option<PathBuf>) -> Option<Found> {
    find_with(asked, |name| env::var_os(name).map(PathBuf::from))
}

fn find_with(asked: Option<PathBuf>, var: impl Fn(&str) -> Option<PathBuf>) -> Option<Found> {
    let named = |path: PathBuf, how: &str| Found {
        path,
        how: how.to_owned(),
    };
    if let Some(path) = asked {
        return Some(named(path, "--browser"));
    }
    for name in ["PRECONSENT_BROWSER", "CHROME_PATH"] {
        if let Some(path) = var(name).filter(|p| !p.as_os_str().is_empty()) {
            return Some(named(path, name));
        }
    }
    let path = var("PATH").unwrap_or_default();
    on_path(path.as_os_str())
        .map(|path| named(path, "PATH"))
        .or_else(|| {
            PLACES
                .iter()
                .map(PathBuf::from)
                .find(|p| p.is_file())
                .map(|p| named(p, "a usual place"))
        })
}

fn on_path(path: &OsStr) -> Option<PathBuf> {
    let folders: Vec<PathBuf> = env::split_paths(path).collect();
    NAMES.iter().find_map(|name| {
        let file = format!("{name}{}", env::consts::EXE_SUFFIX);
        folders
            .iter()
            .map(|folder| folder.join(&file))
            .find(|candidate| candidate.is_file())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_user_named_comes_first_and_in_order() {
        let all = |name: &str| Some(PathBuf::from(format!("/from/{name}")));
        let how = |found: Option<Found>| found.map(|f| (f.path, f.how));
        assert_eq!(
            how(find_with(Some("/mine".into()), all)),
            Some(("/mine".into(), "--browser".into()))
        );
        assert_eq!(
            how(find_with(None, all)),
            Some((
                "/from/PRECONSENT_BROWSER".into(),
                "PRECONSENT_BROWSER".into()
            ))
        );
        let only_chrome_path = |name: &str| match name {
            "PRECONSENT_BROWSER" => Some(PathBuf::new()),
            "CHROME_PATH" => Some(PathBuf::from("/c")),
            _ => None,
        };
        assert_eq!(
            how(find_with(None, only_chrome_path)),
            Some(("/c".into(), "CHROME_PATH".into()))
        );
    }

    #[test]
    fn names_are_looked_up_on_path_in_their_order() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        for name in ["google-chrome", "chromium"] {
            let file = format!("{name}{}", env::consts::EXE_SUFFIX);
            std::fs::write(folder.path().join(file), "").expect("a file");
        }
        let found = on_path(folder.path().as_os_str()).expect("a browser");
        assert_eq!(found.file_stem(), Some(OsStr::new("chromium")));
    }
}
