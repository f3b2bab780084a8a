//! Folders of evidence: which of their files are judged, and whether they are what was written.
//!
//! A folder with a manifest is judged by the recordings that it names, and only if every file that it
//! names is as it was: evidence that somebody changed is none. Whoever wants to judge a part of it
//! names the files.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};
use preconsent::model::digest::sha256;
use preconsent::store::manifest::{Checked, Kind, Manifest, NAME, State, verify as compare};
use preconsent::store::recording;

use super::Context;
use crate::exit::Exit;
use crate::output::print;

/// The files asked for: those named, and the recordings of the folders named, in order of their
/// names.
pub(super) fn recordings(asked: &[PathBuf], context: &Context) -> Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for path in asked {
        if path.is_dir() {
            files.extend(in_folder(path, context)?);
        } else {
            files.push(path.clone());
        }
    }
    Ok(files)
}

/// `judge --verify`: every file of every folder, and how it stands to the manifest.
pub(super) fn verify(folders: &[PathBuf]) -> Result<Exit> {
    let mut exit = Exit::Pass;
    for folder in folders {
        let shown = folder.display();
        let Some(manifest) = Manifest::read(folder)? else {
            bail!("{shown} has no {NAME}: there is nothing to compare its files with");
        };
        let all = checked(folder, &manifest)?;
        print(told(folder, &manifest, &all)?.as_bytes())?;
        if all.iter().any(|c| c.state != State::Good) {
            exit = Exit::Usage;
        }
    }
    Ok(exit)
}

fn in_folder(folder: &Path, context: &Context) -> Result<Vec<PathBuf>> {
    let shown = folder.display();
    let Some(manifest) = Manifest::read(folder)? else {
        let found = listed(folder)?;
        context.terminal.warn(format_args!(
            "{shown} has no {NAME}: nothing shows that its recordings are all there, and unchanged"
        ));
        return Ok(found);
    };
    refuse_changed(folder, &checked(folder, &manifest)?, context)?;
    if !manifest.complete {
        context.terminal.warn(format_args!(
            "the scan that {shown} is from was interrupted; what it did not come to is not judged"
        ));
    }
    let files = manifest.files.iter();
    let recordings = files.filter(|file| file.kind == Kind::Recording);
    let found: Vec<PathBuf> = recordings.map(|file| folder.join(&file.name)).collect();
    if found.is_empty() {
        bail!(
            "the {NAME} of {shown} names no recordings; the scan was over before its first visit"
        );
    }
    Ok(found)
}

fn checked(folder: &Path, manifest: &Manifest) -> Result<Vec<Checked>> {
    compare(folder, manifest)
        .with_context(|| format!("the folder {} cannot be listed", folder.display()))
}

/// An error if a file is not what the manifest says; a warning for each that it does not name.
fn refuse_changed(folder: &Path, all: &[Checked], context: &Context) -> Result<()> {
    let shown = folder.display();
    let mut wrong = Vec::new();
    for file in all {
        match &file.state {
            State::Good => {}
            State::Unnamed => context.terminal.warn(format_args!(
                "{shown} holds {}, which its {NAME} does not name; it is left out",
                file.name
            )),
            state => wrong.push(format!("{} is {}", file.name, state.as_str())),
        }
    }
    if !wrong.is_empty() {
        bail!(
            "{shown} is not as the scan left it, and is not judged: {}. Name the files that are to be \
             judged all the same, or see all of it with `preconsent judge --verify {shown}`",
            wrong.join(", ")
        );
    }
    Ok(())
}

/// The recordings of a folder without a manifest.
fn listed(folder: &Path) -> Result<Vec<PathBuf>> {
    let shown = folder.display();
    let listing = || format!("the folder {shown} cannot be listed");
    let mut found = Vec::new();
    for entry in folder.read_dir().with_context(listing)? {
        let entry = entry.with_context(listing)?;
        let name = entry.file_name();
        let name = name.to_string_lossy();
        if recording::ENDINGS.iter().any(|e| name.ends_with(e)) {
            found.push(entry.path());
        }
    }
    if found.is_empty() {
        bail!("the folder {shown} holds no recordings; `preconsent scan --record` makes them");
    }
    found.sort();
    Ok(found)
}

/// What `--verify` prints of a folder.
fn told(folder: &Path, manifest: &Manifest, all: &[Checked]) -> Result<String> {
    let path = folder.join(NAME);
    let bytes =
        std::fs::read(&path).with_context(|| format!("{} cannot be read", path.display()))?;
    let mut text = format!("{}\n", folder.display());
    for file in all {
        let _ = write!(text, "  {:<10}  {}", file.state.as_str(), file.name);
        if let State::Unreadable(why) = &file.state {
            let _ = write!(text, " ({why})");
        }
        text.push('\n');
    }
    let end = if manifest.complete {
        ""
    } else {
        ", interrupted"
    };
    let _ = writeln!(
        text,
        "  made by {} {} with {}, begun {}{end}\n  the SHA-256 of {NAME} is {}; compare it with what \
         the scan told",
        manifest.tool.name,
        manifest.tool.version,
        manifest.engines.join(" and "),
        manifest.started,
        sha256(&bytes)
    );
    Ok(text)
}
