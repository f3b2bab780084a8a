//! Folders of evidence: which of their files are judged, and whether they are what was written.
//!
//! A folder with a manifest is judged by the recordings that it names, and only if every file that it
//! names is as it was: evidence that somebody changed is none. What it was to hold and does not keeps
//! the site from a pass. Whoever wants to judge a part of it names the files.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};
use preconsent::model::digest::sha256;
use preconsent::model::scenario::ScenarioId;
use preconsent::store::manifest::{
    Checked, Evidence, Kind, Manifest, NAME, State, verify as compare,
};
use preconsent::store::recording;

use super::Context;
use crate::exit::Exit;
use crate::output::print;
use crate::terminal::clean_line;

/// What is to be judged.
#[derive(Debug, Default)]
pub(super) struct Found {
    /// The files named, and the recordings of the folders named, in order of their names.
    pub(super) files: Vec<PathBuf>,
    /// What the scans that the folders are from were to visit.
    pub(super) asked: Vec<Asked>,
}

/// What a scan was to visit, by its manifest.
#[derive(Debug)]
pub(super) struct Asked {
    pub(super) targets: BTreeSet<String>,
    pub(super) scenarios: Vec<ScenarioId>,
    /// How often.
    pub(super) runs: u32,
    /// Whether it came to its end.
    pub(super) complete: bool,
}

impl Asked {
    fn of(manifest: &Manifest) -> Self {
        let recorded = recorded(manifest).map(|file| &file.url);
        Self {
            targets: manifest.targets.iter().chain(recorded).cloned().collect(),
            scenarios: manifest.scenarios.clone(),
            runs: manifest.runs,
            complete: manifest.complete,
        }
    }
}

/// The files and folders asked for.
pub(super) fn recordings(asked: &[PathBuf], context: &Context) -> Result<Found> {
    let mut found = Found::default();
    for path in asked {
        if path.is_dir() {
            in_folder(path, context, &mut found)?;
        } else {
            found.files.push(path.clone());
        }
    }
    Ok(found)
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

fn recorded(manifest: &Manifest) -> impl Iterator<Item = &Evidence> {
    let files = manifest.files.iter();
    files.filter(|file| file.kind == Kind::Recording)
}

fn in_folder(folder: &Path, context: &Context, found: &mut Found) -> Result<()> {
    let shown = folder.display();
    let Some(manifest) = Manifest::read(folder)? else {
        found.files.extend(listed(folder)?);
        context.terminal.warn(format_args!(
            "{shown} has no {NAME}: nothing shows that its recordings are all there, and unchanged"
        ));
        return Ok(());
    };
    refuse_changed(folder, &checked(folder, &manifest)?, context)?;
    if !manifest.complete {
        context.terminal.warn(format_args!(
            "the scan that {shown} is from was interrupted; what it did not come to is inconclusive"
        ));
    }
    let before = found.files.len();
    let files = recorded(&manifest).map(|file| folder.join(&file.name));
    found.files.extend(files);
    if found.files.len() == before {
        bail!(
            "the {NAME} of {shown} names no recordings; the scan was over before its first visit"
        );
    }
    found.asked.push(Asked::of(&manifest));
    Ok(())
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
                clean_line(&file.name)
            )),
            state => {
                let name = clean_line(&file.name);
                wrong.push(format!("{name} is {}", state.as_str()));
            }
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

/// What `--verify` prints of a folder. The names and the manifest may be anybody's.
fn told(folder: &Path, manifest: &Manifest, all: &[Checked]) -> Result<String> {
    let path = folder.join(NAME);
    let bytes =
        std::fs::read(&path).with_context(|| format!("{} cannot be read", path.display()))?;
    let mut text = format!("{}\n", clean_line(&folder.display().to_string()));
    for file in all {
        let name = clean_line(&file.name);
        let _ = write!(text, "  {:<10}  {name}", file.state.as_str());
        if let State::Unreadable(why) = &file.state {
            let _ = write!(text, " ({})", clean_line(why));
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
        clean_line(&manifest.tool.name),
        clean_line(&manifest.tool.version),
        clean_line(&manifest.engines.join(" and ")),
        clean_line(&manifest.started),
        sha256(&bytes)
    );
    Ok(text)
}
