//! Recordings: visits as JSON files, written by `scan --record` and read by `judge`.
//!
//! A recording holds every value in clear, or it could not be judged again. So only the user may
//! read it, and it is moved into place whole: no half-written file is ever judged.

use std::fs;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use preconsent::model::visit::Visit;

/// Creates the folder for recordings.
pub(crate) fn prepare(folder: &Path) -> Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder).with_context(|| {
        format!(
            "the folder {} for recordings cannot be made",
            folder.display()
        )
    })
}

/// Writes the visits of the target of this number (counted from 1).
pub(crate) fn write(folder: &Path, number: usize, visits: &[Visit]) -> Result<()> {
    for visit in visits {
        let path = folder.join(file_name(number, visit));
        write_one(folder, &path, visit)
            .with_context(|| format!("the recording {} cannot be written", path.display()))?;
    }
    Ok(())
}

/// Reads a recording.
pub(crate) fn read(path: &Path) -> Result<Visit> {
    let shown = path.display();
    let text = fs::read_to_string(path)
        .with_context(|| format!("the recording {shown} cannot be read"))?;
    serde_json::from_str(&text).with_context(|| {
        format!("{shown} is no recording of this version; `preconsent scan --record` makes them")
    })
}

fn write_one(folder: &Path, path: &Path, visit: &Visit) -> Result<()> {
    // Temporary files are readable by their owner alone, and keep that when they are moved.
    let mut file = tempfile::NamedTempFile::new_in(folder)?;
    let mut buffer = BufWriter::new(file.as_file_mut());
    serde_json::to_writer_pretty(&mut buffer, visit)?;
    buffer.write_all(b"\n")?;
    buffer.flush()?;
    drop(buffer);
    file.persist(path)?;
    Ok(())
}

/// `001-shop.example-none.json`: sorted as scanned, and safe whatever the host is called.
fn file_name(number: usize, visit: &Visit) -> PathBuf {
    let host = visit.url.host_str().unwrap_or("unknown");
    let host: String = host
        .chars()
        .map(|c| {
            if c.is_ascii_alphanumeric() || matches!(c, '.' | '-') {
                c
            } else {
                '_'
            }
        })
        .take(100)
        .collect();
    format!("{number:03}-{host}-{}.json", visit.scenario.as_str()).into()
}
