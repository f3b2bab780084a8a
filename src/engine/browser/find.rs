//! Finding a browser on this machine.

use std::path::PathBuf;

/// A browser program and why it was taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// The program.
    pub path: PathBuf,
    /// `--browser`, `PRECONSENT_BROWSER`, `CHROME_PATH`, `PATH`, or the usual place it was found in.
    pub how: String,
}

/// Looks for a browser: `asked` (from `--browser`), then `PRECONSENT_BROWSER`, `CHROME_PATH`, the
/// usual names on `PATH`, the usual places of the operating system. What the user named is taken
/// as it is; whether it exists shows when it is started.
#[must_use]
pub fn find(_asked: Option<PathBuf>) -> Option<Found> {
    unimplemented!()
}
