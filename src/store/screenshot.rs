//! Pictures of pages as files of their own.

use std::path::Path;

use super::file::{self, WriteError, Written};
use crate::model::scenario::PhaseId;
use crate::model::visit::Screenshot;

/// Writes a picture to the file `<name>-<phase>.png` in `folder`.
///
/// # Errors
/// [`WriteError`] if the file cannot be written.
pub fn write(folder: &Path, name: &str, picture: &Screenshot) -> Result<Written, WriteError> {
    let name = self::name(name, picture.phase);
    file::write(folder, &name, |out| out.write_all(&picture.png))
}

/// The name of the file of the picture at the end of a phase, where `name` is that of the visit's files.
#[must_use]
pub fn name(name: &str, phase: PhaseId) -> String {
    format!("{name}-{}.png", phase.as_str())
}
