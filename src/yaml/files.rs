//! Files of rules: which of a directory's files are read, under which id, and how much of them.

use std::fs::File;
use std::io::Read as _;
use std::path::{Path, PathBuf};

use super::{MAX_BYTES, Problem, YamlError};

/// A YAML file that was read.
#[derive(Debug, Clone)]
pub struct RuleFile {
    /// The file's name without its ending.
    pub id: String,
    /// The path as the user named it.
    pub file: String,
    /// All of it.
    pub text: String,
}

/// Reads one file, up to [`MAX_BYTES`].
///
/// # Errors
/// [`YamlError`] if it cannot be opened, is no ordinary file, is too long or no UTF-8 text.
pub fn read(path: &Path) -> Result<RuleFile, YamlError> {
    let file = path.display().to_string();
    let fail = |message: String| YamlError::whole_file(&file, &Problem::new(message));
    let ordinary =
        std::fs::metadata(path).map_err(|e| fail(format!("the file cannot be read: {e}")))?;
    if !ordinary.is_file() {
        return Err(fail("this is no ordinary file".to_owned()));
    }
    let mut bytes = Vec::new();
    File::open(path)
        .and_then(|f| f.take(MAX_BYTES as u64 + 1).read_to_end(&mut bytes))
        .map_err(|e| fail(format!("the file cannot be read: {e}")))?;
    if bytes.len() > MAX_BYTES {
        return Err(fail(format!(
            "the file is too long: a rules file may have {MAX_BYTES} bytes"
        )));
    }
    let text = String::from_utf8(bytes).map_err(|e| {
        let line = 1 + e.as_bytes()[..e.utf8_error().valid_up_to()]
            .iter()
            .filter(|b| **b == b'\n')
            .count();
        fail(format!("is no UTF-8 text: line {line} holds other bytes"))
    })?;
    Ok(RuleFile {
        id: id(path),
        file,
        text,
    })
}

/// The YAML files (`*.yaml`, `*.yml`) of a directory, its subdirectories not included, in order of
/// their names.
///
/// # Errors
/// [`YamlError`] if the directory cannot be listed or a file cannot be read, or if two files have
/// the same id.
pub fn read_directory(directory: &Path) -> Result<Vec<RuleFile>, YamlError> {
    let mut paths = list(directory).map_err(|e| {
        let name = directory.display().to_string();
        YamlError::whole_file(
            &name,
            &Problem::new(format!("the folder of rules cannot be read: {e}")),
        )
    })?;
    paths.sort();
    let files: Vec<RuleFile> = paths.iter().map(|p| read(p)).collect::<Result<_, _>>()?;
    refuse_twins(&files)?;
    Ok(files)
}

/// Refuses two files of the same id: one would silently hide the other.
///
/// # Errors
/// [`YamlError`] naming both.
pub fn refuse_twins(files: &[RuleFile]) -> Result<(), YamlError> {
    for (at, file) in files.iter().enumerate() {
        if let Some(other) = files[..at].iter().find(|o| o.id == file.id) {
            let problem = Problem::new(format!("two files stand for \"{}\"", file.id))
                .help(format!("the other one is {}; remove one", other.file));
            return Err(YamlError::whole_file(&file.file, &problem));
        }
    }
    Ok(())
}

fn list(directory: &Path) -> std::io::Result<Vec<PathBuf>> {
    let mut paths = Vec::new();
    for entry in std::fs::read_dir(directory)? {
        let path = entry?.path();
        let ending = path.extension().and_then(|e| e.to_str());
        if matches!(ending, Some("yaml" | "yml")) {
            paths.push(path);
        }
    }
    Ok(paths)
}

/// The id a path gives: its file name without its ending.
#[must_use]
pub fn id(path: &Path) -> String {
    path.file_stem()
        .map(|s| s.to_string_lossy().into_owned())
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    #![expect(clippy::expect_used, reason = "a test that cannot go on must fail")]

    use super::*;

    fn refused(content: &[u8]) -> String {
        let directory = tempfile::tempdir().expect("a temporary directory");
        let path = directory.path().join("a.yaml");
        std::fs::write(&path, content).expect("a written file");
        read(&path).expect_err("a bad file").to_string()
    }

    #[test]
    fn what_is_no_text_is_refused_with_its_line() {
        let message = refused(b"name: a\nrole: \xff\n");
        assert!(message.starts_with("is no UTF-8 text: line 2"), "{message}");
        assert!(message.contains("a.yaml"), "{message}");
    }

    #[test]
    fn a_long_file_is_refused() {
        let message = refused(&vec![b'#'; MAX_BYTES + 1]);
        assert!(message.starts_with("the file is too long"), "{message}");
    }

    #[test]
    fn only_ordinary_files_are_read() {
        let directory = tempfile::tempdir().expect("a temporary directory");
        let message = read(directory.path()).expect_err("a directory").to_string();
        assert!(message.starts_with("this is no ordinary file"), "{message}");
        let missing = directory.path().join("none.yaml");
        let message = read(&missing).expect_err("no file").to_string();
        assert!(message.starts_with("the file cannot be read"), "{message}");
    }

    #[test]
    fn files_come_in_order_of_their_names() {
        let directory = tempfile::tempdir().expect("a temporary directory");
        for name in ["b.yml", "a.yaml", "c.txt"] {
            std::fs::write(directory.path().join(name), "x: 1\n").expect("a written file");
        }
        let found = read_directory(directory.path()).expect("good files");
        let ids: Vec<&str> = found.iter().map(|f| f.id.as_str()).collect();
        assert_eq!(ids, ["a", "b"]);
    }
}
