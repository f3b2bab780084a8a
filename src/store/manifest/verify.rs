//! Whether a folder still holds what its manifest names.

use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::path::Path;

use super::{Evidence, Manifest, NAME};
use crate::store::file;
use crate::store::recording::ENDINGS;

/// A file and whether it is as the manifest says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checked {
    /// Its name in the folder.
    pub name: String,
    /// What was found.
    pub state: State,
}

/// How a file stands to the manifest.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum State {
    /// As it was written.
    Good,
    /// Its contents are others.
    Changed,
    /// It is not there.
    Missing,
    /// It is there and cannot be read, for this reason.
    Unreadable(String),
    /// It looks like evidence, and the manifest does not name it.
    Unnamed,
}

impl State {
    /// The word that is shown.
    #[must_use]
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::Good => "good",
            Self::Changed => "changed",
            Self::Missing => "missing",
            Self::Unreadable(_) => "unreadable",
            Self::Unnamed => "unnamed",
        }
    }
}

/// Compares a folder with its manifest: the files that are named first, in their order, then those
/// that are not and look like evidence.
///
/// # Errors
/// If the folder cannot be listed.
pub fn verify(folder: &Path, manifest: &Manifest) -> io::Result<Vec<Checked>> {
    let mut all: Vec<Checked> = manifest
        .files
        .iter()
        .map(|evidence| Checked {
            name: evidence.name.clone(),
            state: state(folder, evidence),
        })
        .collect();
    let named: BTreeSet<&str> = manifest.files.iter().map(|f| f.name.as_str()).collect();
    let mut unnamed = Vec::new();
    for entry in folder.read_dir()? {
        let name = entry?.file_name().to_string_lossy().into_owned();
        if looks_like_evidence(&name) && !named.contains(name.as_str()) {
            unnamed.push(name);
        }
    }
    unnamed.sort();
    all.extend(unnamed.into_iter().map(|name| Checked {
        name,
        state: State::Unnamed,
    }));
    Ok(all)
}

fn looks_like_evidence(name: &str) -> bool {
    let ours = ENDINGS.iter().chain(&[".har", ".png"]);
    name != NAME && ours.clone().any(|ending| name.ends_with(ending))
}

fn state(folder: &Path, evidence: &Evidence) -> State {
    match is_same(&folder.join(&evidence.name), evidence) {
        Ok(true) => State::Good,
        Ok(false) => State::Changed,
        Err(error) if error.kind() == io::ErrorKind::NotFound => State::Missing,
        Err(error) => State::Unreadable(error.to_string()),
    }
}

fn is_same(path: &Path, evidence: &Evidence) -> io::Result<bool> {
    // Not through links: what they lead to is not in the folder.
    let found = fs::symlink_metadata(path)?;
    if !found.is_file() {
        return Err(io::Error::other("it is no ordinary file"));
    }
    if found.len() != evidence.bytes {
        return Ok(false);
    }
    Ok(file::sha256(path)? == evidence.sha256)
}
