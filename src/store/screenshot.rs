//! Pictures of pages as files of their own.

use std::path::Path;

use super::file::{self, WriteError, Written};
use crate::model::visit::Screenshot;

/// Writes a picture to the file `<name>-<phase>.png` in `folder`.
///
/// # Errors
/// [`WriteError`] if the file cannot be written.
pub fn write(folder: &Path, name: &str, picture: &Screenshot) -> Result<Written, WriteError> {
    let name = format!("{name}-{}.png", picture.phase.as_str());
    file::write(folder, &name, |out| out.write_all(&picture.png))
}
