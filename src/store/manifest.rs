//! The manifest of a folder of recordings: which files are the evidence of a scan, by size and
//! SHA-256, and what made them.
//!
//! It shows that nothing was changed since the scan by anyone who did not also change the manifest.
//! So its own SHA-256 is told when the scan ends, to be noted where nobody changes it.

mod verify;

use std::collections::BTreeMap;
use std::fs::File;
use std::io::Read as _;
use std::path::Path;

use serde::{Deserialize, Serialize};

pub use verify::{Checked, State, verify};

use super::file::{self, WriteError, Written};
use super::recording::ReadError;
use crate::model::report::Tool;
use crate::model::runs;
use crate::model::scenario::ScenarioId;

/// The name of the manifest in its folder.
pub const NAME: &str = "manifest.json";

const FORMAT: &str = "preconsent-manifest";
const VERSION: u32 = 1;

/// Longer manifests are not read: this is enough for fifty thousand visits.
const MAX_BYTES: u64 = 64 << 20;

/// What a scan left in a folder, and what made it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    format: String,
    version: u32,
    /// Name and version of this program.
    pub tool: Tool,
    /// When the scan began, RFC 3339 in UTC.
    pub started: String,
    /// Whether the scan came to its end; an interrupted one left what it had seen so far.
    pub complete: bool,
    /// Engine and product of each kind of visit, such as `browser Chrome/156.0.8078.79`.
    pub engines: Vec<String>,
    /// The rules in force.
    pub rules: RulesUsed,
    /// The settings of the command, by the long names of its flags.
    pub settings: BTreeMap<String, String>,
    /// The addresses that were to be visited.
    #[serde(default)]
    pub targets: Vec<String>,
    /// By which visitors.
    #[serde(default)]
    pub scenarios: Vec<ScenarioId>,
    /// How often each of them was to visit.
    #[serde(default = "runs::first")]
    pub runs: u32,
    /// The files, in order of their names.
    pub files: Vec<Evidence>,
}

/// The rules in force: id → SHA-256 of the file.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RulesUsed {
    /// Catalogue files.
    pub catalogue: BTreeMap<String, String>,
    /// Recipes of consent platforms.
    pub consent: BTreeMap<String, String>,
    /// The profile.
    pub profile: BTreeMap<String, String>,
}

/// A file of evidence.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Evidence {
    /// Its name in the folder.
    pub name: String,
    /// What it is.
    pub kind: Kind,
    /// The address that was visited.
    pub url: String,
    /// What the visitor did.
    pub scenario: ScenarioId,
    /// Its size.
    pub bytes: u64,
    /// The SHA-256 of its contents, in hexadecimal digits.
    pub sha256: String,
}

/// What a file of evidence is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// A visit, as lines of JSON.
    Recording,
    /// Its traffic, for other programs.
    Har,
    /// What the page looked like at the end of a phase.
    Screenshot,
}

impl Manifest {
    /// A manifest without targets and files.
    #[must_use]
    pub fn new(started: String, rules: RulesUsed, settings: BTreeMap<String, String>) -> Self {
        Self {
            format: FORMAT.to_owned(),
            version: VERSION,
            tool: Tool::this(),
            started,
            complete: false,
            engines: Vec::new(),
            rules,
            settings,
            targets: Vec::new(),
            scenarios: Vec::new(),
            runs: runs::first(),
            files: Vec::new(),
        }
    }

    /// Names a file; one of the same name is replaced, as it was on disk.
    pub fn add(&mut self, evidence: Evidence) {
        self.files.retain(|known| known.name != evidence.name);
        self.files.push(evidence);
        self.files.sort_by(|a, b| a.name.cmp(&b.name));
    }

    /// Writes it into its folder.
    ///
    /// # Errors
    /// [`WriteError`] if it cannot be written.
    pub fn write(&self, folder: &Path) -> Result<Written, WriteError> {
        file::write(folder, NAME, |out| {
            serde_json::to_writer_pretty(&mut *out, self)?;
            out.write_all(b"\n")
        })
    }

    /// Takes a folder's manifest away: what follows it does not speak of.
    ///
    /// # Errors
    /// [`WriteError`] if there is one that cannot be removed.
    pub fn remove(folder: &Path) -> Result<(), WriteError> {
        let path = folder.join(NAME);
        match std::fs::remove_file(&path) {
            Err(source) if source.kind() != std::io::ErrorKind::NotFound => {
                Err(WriteError { path, source })
            }
            _ => Ok(()),
        }
    }

    /// Reads a folder's manifest; `None` if there is none.
    ///
    /// # Errors
    /// [`ReadError`] if it cannot be read, is no manifest or one of a later version, or names files
    /// outside its folder.
    pub fn read(folder: &Path) -> Result<Option<Self>, ReadError> {
        let path = folder.join(NAME);
        if !path.exists() {
            return Ok(None);
        }
        let fail = |reason: String| ReadError {
            path: path.clone(),
            line: None,
            reason,
        };
        let bytes = bounded(&path).map_err(|e| fail(format!("cannot be read: {e}")))?;
        parse(&bytes).map(Some).map_err(fail)
    }
}

fn bounded(path: &Path) -> std::io::Result<Vec<u8>> {
    if !std::fs::metadata(path)?.is_file() {
        return Err(std::io::Error::other("it is no ordinary file"));
    }
    let mut bytes = Vec::new();
    File::open(path)?
        .take(MAX_BYTES + 1)
        .read_to_end(&mut bytes)?;
    if bytes.len() as u64 > MAX_BYTES {
        return Err(std::io::Error::other("it is longer than a manifest may be"));
    }
    Ok(bytes)
}

fn parse(bytes: &[u8]) -> Result<Manifest, String> {
    #[derive(Deserialize)]
    struct Opening {
        format: String,
        version: u32,
    }
    let opening = serde_json::from_slice::<Opening>(bytes)
        .ok()
        .filter(|opening| opening.format == FORMAT)
        .ok_or("is no manifest of recordings")?;
    if opening.version != VERSION {
        return Err(format!(
            "the manifest is of version {}, and this preconsent reads version {VERSION}",
            opening.version
        ));
    }
    let manifest: Manifest =
        serde_json::from_slice(bytes).map_err(|e| format!("is no whole manifest: {e}"))?;
    match manifest.files.iter().find(|f| !is_plain(&f.name)) {
        Some(file) => Err(format!("{:?} is no name of a file beside it", file.name)),
        None => Ok(manifest),
    }
}

/// Whether a name leads nowhere else: one part, and not the manifest itself.
fn is_plain(name: &str) -> bool {
    let mut parts = Path::new(name).components();
    let first = parts.next();
    matches!(first, Some(std::path::Component::Normal(_)))
        && parts.next().is_none()
        && !name.contains(['/', '\\', '\0'])
        && name != NAME
}
