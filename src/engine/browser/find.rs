//! Finding a browser on this machine: a full one, or the headless shell, which is Chromium without
//! its windows and needs about a third of the work for a page.

use std::env;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};

/// A browser program and why it was taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// The program.
    pub path: PathBuf,
    /// `--browser`, `PRECONSENT_BROWSER`, `CHROME_PATH`, `PATH`, or the usual place it was found in.
    pub how: String,
}

/// What a browser program is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Chrome or Chromium as people use it.
    Full,
    /// The headless shell.
    Shell,
}

impl Kind {
    /// The kind of a program, by its name.
    #[must_use]
    pub fn of(program: &Path) -> Self {
        let name = program.file_stem().unwrap_or_default().to_string_lossy();
        if name.contains("headless-shell") || name.contains("headless_shell") {
            Self::Shell
        } else {
            Self::Full
        }
    }

    /// The word users type and reports print.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Full => "full",
            Self::Shell => "shell",
        }
    }
}

/// Versions of Chromium whose headless shell is known to observe what the full browser observes: the
/// tests compare the two on every bundled page.
const EQUAL: [u32; 1] = [156];

/// Whether the headless shell of this version (`Chrome/156.0.8078.79`) is known to observe the same
/// as the full browser.
#[must_use]
pub fn shell_is_equal(product: &str) -> bool {
    let version = product.split_once('/').map_or("", |(_, version)| version);
    let major = version.split('.').next().unwrap_or_default();
    major.parse().is_ok_and(|major| EQUAL.contains(&major))
}

/// Names of the headless shell on `PATH`, in order.
const SHELL_NAMES: [&str; 4] = [
    "chromium-headless-shell",
    "chrome-headless-shell",
    "headless_shell",
    "headless-shell",
];

/// Names of full browsers on `PATH`, in order.
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

/// Looks for a headless shell by its usual names on `PATH`.
#[must_use]
pub fn find_shell() -> Option<Found> {
    let path = env::var_os("PATH").unwrap_or_default();
    on_path(&path, &SHELL_NAMES).map(|path| Found {
        path,
        how: "PATH".to_owned(),
    })
}

/// Looks for a full browser by its usual names on `PATH` and in the usual places.
#[must_use]
pub fn find_full() -> Option<Found> {
    let only_path = |name: &str| (name == "PATH").then(|| env::var_os(name))?;
    find_with(None, |name| only_path(name).map(PathBuf::from))
}

/// The browser that the user named, with `--browser` or in the environment.
#[must_use]
pub fn named(asked: Option<PathBuf>) -> Option<Found> {
    named_with(asked, |name| env::var_os(name).map(PathBuf::from))
}

fn named_with(asked: Option<PathBuf>, var: impl Fn(&str) -> Option<PathBuf>) -> Option<Found> {
    let named = |path: PathBuf, how: &str| Found {
        path,
        how: how.to_owned(),
    };
    if let Some(path) = asked {
        return Some(named(path, "--browser"));
    }
    ["PRECONSENT_BROWSER", "CHROME_PATH"]
        .into_iter()
        .find_map(|name| {
            let path = var(name).filter(|p| !p.as_os_str().is_empty())?;
            Some(named(path, name))
        })
}

fn find_with(asked: Option<PathBuf>, var: impl Fn(&str) -> Option<PathBuf>) -> Option<Found> {
    if let Some(found) = named_with(asked, &var) {
        return Some(found);
    }
    let named = |path: PathBuf, how: &str| Found {
        path,
        how: how.to_owned(),
    };
    let path = var("PATH").unwrap_or_default();
    on_path(path.as_os_str(), &NAMES)
        .map(|path| named(path, "PATH"))
        .or_else(|| {
            PLACES
                .iter()
                .map(PathBuf::from)
                .find(|p| p.is_file())
                .map(|p| named(p, "a usual place"))
        })
}

fn on_path(path: &OsStr, names: &[&str]) -> Option<PathBuf> {
    let folders: Vec<PathBuf> = env::split_paths(path).collect();
    names.iter().find_map(|name| {
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
    fn programs_have_kinds_and_versions_are_known() {
        for (program, kind) in [
            ("/usr/bin/chromium", Kind::Full),
            ("/usr/bin/chromium-headless-shell", Kind::Shell),
            (
                "/opt/chrome-headless-shell-linux64/chrome-headless-shell",
                Kind::Shell,
            ),
            ("/opt/headless_shell", Kind::Shell),
            ("/opt/headless-shell/chrome", Kind::Full),
        ] {
            assert_eq!(Kind::of(program.as_ref()), kind, "{program}");
        }
        for (product, equal) in [
            ("Chrome/156.0.8078.79", true),
            ("Chrome/15.0", false),
            ("Chrome/156", true),
            ("", false),
        ] {
            assert_eq!(shell_is_equal(product), equal, "{product}");
        }
    }

    #[test]
    fn names_are_looked_up_on_path_in_their_order() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        for name in ["google-chrome", "chromium"] {
            let file = format!("{name}{}", env::consts::EXE_SUFFIX);
            std::fs::write(folder.path().join(file), "").expect("a file");
        }
        let found = on_path(folder.path().as_os_str(), &NAMES).expect("a browser");
        assert_eq!(found.file_stem(), Some(OsStr::new("chromium")));
        assert_eq!(on_path(folder.path().as_os_str(), &SHELL_NAMES), None);
    }
}
