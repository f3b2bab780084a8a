//! Where a report goes: standard output in one format, and any number of files, each in the format
//! that its ending names.
//!
//! Everything that can be wrong with the files is found before the first page is visited.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use preconsent::model::report::Report;
use preconsent::report::{Format, Style, render};

use crate::args::ReportArgs;
use crate::terminal;

/// Columns of a table in a file.
const FILE_WIDTH: usize = 100;

/// Where a report goes.
#[derive(Debug)]
pub(crate) struct Output {
    format: Format,
    files: Vec<(PathBuf, Format)>,
    color: bool,
}

impl Output {
    /// Checks what was asked for.
    pub(crate) fn plan(args: &ReportArgs, color: bool) -> Result<Self> {
        let files = args.output.iter().map(|path| {
            check_writable(path)?;
            Ok((path.clone(), format_of(path)?))
        });
        Ok(Self {
            format: args.format.unwrap_or(Format::Table),
            files: files.collect::<Result<_>>()?,
            color,
        })
    }

    /// Writes the files first, so that a closed pipe on standard output does not cost them.
    pub(crate) fn write(&self, report: &Report) -> Result<()> {
        for (path, format) in &self.files {
            write_file(path, report, *format)?;
        }
        let style = Style {
            width: terminal::stdout_width(),
            color: self.color,
        };
        print(&render(report, self.format, style))
    }
}

/// Writes one report file.
pub(crate) fn write_file(path: &Path, report: &Report, format: Format) -> Result<()> {
    let style = Style {
        width: FILE_WIDTH,
        color: false,
    };
    fs::write(path, render(report, format, style))
        .with_context(|| format!("the report {} cannot be written", path.display()))
}

/// Writes to standard output. A reader that has seen enough (`| head`) is no error.
pub(crate) fn print(bytes: &[u8]) -> Result<()> {
    let mut stdout = io::stdout().lock();
    match stdout.write_all(bytes).and_then(|()| stdout.flush()) {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        result => result.context("standard output cannot be written"),
    }
}

fn format_of(path: &Path) -> Result<Format> {
    Format::from_extension(path).with_context(|| {
        format!(
            "the ending of {} names no format; use .txt, .json or .md",
            path.display()
        )
    })
}

fn check_writable(path: &Path) -> Result<()> {
    if path.is_dir() {
        bail!("the report {} would replace a folder", path.display());
    }
    let folder = match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => return Ok(()),
    };
    if !folder.is_dir() {
        bail!(
            "the report {} cannot be written: there is no folder {}",
            path.display(),
            folder.display()
        );
    }
    Ok(())
}
