//! Files that are there whole or not at all, for their owner's eyes only.
//!
//! What is written goes to a temporary file in the same folder, to the disk, and then into its place
//! under its name. Size and SHA-256 are taken on the way, so that nobody has to read it again.

use std::fs;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};
use tempfile::NamedTempFile;

use crate::model::digest::hex;

/// A file that was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    /// Its name in the folder.
    pub name: String,
    /// Its size.
    pub bytes: u64,
    /// The SHA-256 of its contents, in hexadecimal digits.
    pub sha256: String,
}

/// A file or folder that could not be written: the disk or its permissions are at fault.
#[derive(Debug, thiserror::Error)]
#[error("{} cannot be written", path.display())]
pub struct WriteError {
    /// Which one.
    pub path: PathBuf,
    /// Why.
    pub source: io::Error,
}

/// Creates a folder that only its owner may look into; one that is there stays as it is.
///
/// # Errors
/// [`WriteError`] if it cannot be made.
pub fn prepare_folder(folder: &Path) -> Result<(), WriteError> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder).map_err(|source| WriteError {
        path: folder.to_owned(),
        source,
    })
}

/// Writes the file `name` in `folder`, replacing one that is there.
pub(super) fn write(
    folder: &Path,
    name: &str,
    contents: impl FnOnce(&mut dyn Write) -> io::Result<()>,
) -> Result<Written, WriteError> {
    let path = folder.join(name);
    try_write(folder, &path, contents)
        .map(|(bytes, sha256)| Written {
            name: name.to_owned(),
            bytes,
            sha256,
        })
        .map_err(|source| WriteError { path, source })
}

fn try_write(
    folder: &Path,
    path: &Path,
    contents: impl FnOnce(&mut dyn Write) -> io::Result<()>,
) -> io::Result<(u64, String)> {
    // Temporary files are readable by their owner alone, and keep that when they are moved.
    let file = NamedTempFile::new_in(folder)?;
    let mut measured = Measured {
        inner: BufWriter::new(file),
        bytes: 0,
        hash: Sha256::new(),
    };
    contents(&mut measured)?;
    let Measured { inner, bytes, hash } = measured;
    let file = inner.into_inner().map_err(io::IntoInnerError::into_error)?;
    file.as_file().sync_all()?;
    file.persist(path)?;
    Ok((bytes, hex(&hash.finalize())))
}

/// The SHA-256 of a file.
pub(super) fn sha256(path: &Path) -> io::Result<String> {
    let mut measured = Measured {
        inner: io::sink(),
        bytes: 0,
        hash: Sha256::new(),
    };
    io::copy(&mut fs::File::open(path)?, &mut measured)?;
    Ok(hex(&measured.hash.finalize()))
}

/// Counts and digests what goes through it.
struct Measured<W> {
    inner: W,
    bytes: u64,
    hash: Sha256,
}

impl<W: Write> Write for Measured<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.inner.write(bytes)?;
        self.bytes += written as u64;
        self.hash.update(&bytes[..written]);
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::expect_used, reason = "a test that cannot go on must fail")]

    use super::*;

    #[test]
    fn a_file_is_there_whole_and_measured() {
        let folder = tempfile::tempdir().expect("a folder");
        let written = write(folder.path(), "a", |out| out.write_all(b"abc")).expect("written");
        assert_eq!(written.bytes, 3);
        // FIPS 180-2, appendix B.1.
        assert_eq!(
            written.sha256,
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
        );
        assert_eq!(fs::read(folder.path().join("a")).expect("a file"), b"abc");
    }

    #[test]
    fn what_fails_leaves_the_old_file_and_nothing_beside_it() {
        let folder = tempfile::tempdir().expect("a folder");
        write(folder.path(), "a", |out| out.write_all(b"old")).expect("written");
        let failed = write(folder.path(), "a", |out| {
            out.write_all(b"new")?;
            Err(io::Error::other("no more"))
        });
        let error = failed.expect_err("a failure");
        assert!(
            error.to_string().ends_with("a cannot be written"),
            "{error}"
        );
        assert_eq!(fs::read(folder.path().join("a")).expect("a file"), b"old");
        assert_eq!(fs::read_dir(folder.path()).expect("a folder").count(), 1);
    }

    #[cfg(unix)]
    #[test]
    fn only_the_owner_can_read_what_is_written() {
        use std::os::unix::fs::PermissionsExt;
        let parent = tempfile::tempdir().expect("a folder");
        let folder = parent.path().join("visits");
        prepare_folder(&folder).expect("made");
        write(&folder, "a", |out| out.write_all(b"abc")).expect("written");
        let mode = |path: &Path| {
            let file = fs::metadata(path).expect("it is there");
            file.permissions().mode() & 0o777
        };
        assert_eq!(mode(&folder), 0o700);
        assert_eq!(mode(&folder.join("a")), 0o600);
    }
}
