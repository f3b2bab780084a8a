//! Reading a recording, line by line and never more than a recording may hold: a few kilobytes can be
//! unpacked to any size.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::path::{Path, PathBuf};

use flate2::bufread::MultiGzDecoder;

use super::{
    End, FORMAT, Header, LineRead, MAX_LINE, MAX_TOTAL, Opening, Outcome, VERSION, assemble,
};
use crate::model::observation::Observation;
use crate::model::snapshot::Snapshot;
use crate::model::visit::Visit;

/// The first line of a recording is shorter; of other files it may be all there is.
const MAX_HEADER: u64 = 4 << 20;

/// A file that is no recording that this version can read.
#[derive(Debug, thiserror::Error)]
#[error("{}{}: {reason}", path.display(), Place(*line))]
pub struct ReadError {
    /// The file.
    pub path: PathBuf,
    /// The line, counted from 1; none where the file as a whole is at fault.
    pub line: Option<u64>,
    /// What is wrong with it, and what to do.
    pub reason: String,
}

struct Place(Option<u64>);

impl std::fmt::Display for Place {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.0 {
            Some(line) => write!(f, ", line {line}"),
            None => Ok(()),
        }
    }
}

/// Reads a recording, compressed or not.
///
/// # Errors
/// [`ReadError`] if the file cannot be read, is no recording, is one of a later version, or is not
/// whole.
pub fn read(path: &Path) -> Result<Visit, ReadError> {
    let at = |line: Option<u64>| {
        move |reason: String| ReadError {
            path: path.to_owned(),
            line,
            reason,
        }
    };
    let input = open(path).map_err(|e| at(None)(format!("cannot be read: {e}")))?;
    let mut lines = Lines {
        input,
        number: 0,
        left: MAX_TOTAL,
        buffer: Vec::new(),
    };
    visit(&mut lines).map_err(|reason| at(Some(lines.number))(reason))
}

fn open(path: &Path) -> io::Result<Box<dyn BufRead>> {
    // Opening a pipe would wait for a writer.
    if !std::fs::metadata(path)?.is_file() {
        return Err(io::Error::other("it is no ordinary file"));
    }
    let mut file = BufReader::new(File::open(path)?);
    let gzip = file.fill_buf()?.starts_with(&[0x1f, 0x8b]);
    Ok(if gzip {
        Box::new(BufReader::new(MultiGzDecoder::new(file)))
    } else {
        Box::new(file)
    })
}

fn visit(lines: &mut Lines) -> Result<Visit, String> {
    let header = header(lines)?;
    let mut observations: Vec<Observation> = Vec::new();
    let mut snapshots: Vec<Snapshot> = Vec::new();
    let mut outcome: Option<Box<Outcome<'static>>> = None;
    loop {
        let Some(text) = lines.next(MAX_LINE)? else {
            return Err(CUT_SHORT.to_owned());
        };
        let line: LineRead = serde_json::from_slice(text.bytes).map_err(|error| {
            if text.is_whole {
                format!("is no line of a recording: {error}")
            } else {
                CUT_SHORT.to_owned()
            }
        })?;
        match line {
            LineRead::Observation(it) if outcome.is_none() => observations.push(*it),
            LineRead::Snapshot(it) if outcome.is_none() => snapshots.push(*it),
            LineRead::Outcome(it) if outcome.is_none() => outcome = Some(it),
            LineRead::End(end) => {
                check_end(lines, &end, observations.len(), snapshots.len())?;
                let outcome = outcome.ok_or("ends without saying what the visit came to")?;
                return assemble(header, *outcome, observations, snapshots);
            }
            _ => return Err("follows the line that says what the visit came to".to_owned()),
        }
    }
}

const CUT_SHORT: &str = "the recording is cut short: its last line is missing; scan again";

const FOREIGN: &str = "is no recording; `preconsent scan --record` makes them";

fn header(lines: &mut Lines) -> Result<Header<'static>, String> {
    let Some(text) = lines.next(MAX_HEADER)? else {
        return Err(format!("is empty, so that it {FOREIGN}"));
    };
    let opening = serde_json::from_slice::<Opening>(text.bytes)
        .ok()
        .filter(|opening| opening.format == FORMAT)
        .ok_or(FOREIGN)?;
    if opening.version != VERSION {
        return Err(format!(
            "the recording is of version {}, and this preconsent reads version {VERSION}; use the \
             version that made it, or a later one",
            opening.version
        ));
    }
    serde_json::from_slice(text.bytes).map_err(|e| format!("is no head of a recording: {e}"))
}

/// Counts what was read, and makes sure that nothing follows.
fn check_end(
    lines: &mut Lines,
    end: &End,
    observations: usize,
    snapshots: usize,
) -> Result<(), String> {
    let found = End {
        lines: lines.number,
        observations,
        snapshots,
    };
    if *end != found {
        return Err(format!(
            "the recording is not as it was written: {} lines, {observations} observations and \
             {snapshots} snapshots were read, and there should be {}, {} and {}",
            found.lines, end.lines, end.observations, end.snapshots
        ));
    }
    match lines.next(MAX_HEADER)? {
        None => Ok(()),
        Some(_) => Err("follows the last line of the recording".to_owned()),
    }
}

/// The lines of a file.
struct Lines {
    input: Box<dyn BufRead>,
    /// The line that was read last, counted from 1.
    number: u64,
    left: u64,
    buffer: Vec<u8>,
}

/// A line without its end.
struct Text<'l> {
    bytes: &'l [u8],
    /// Whether its end was there.
    is_whole: bool,
}

impl Lines {
    fn next(&mut self, longest: u64) -> Result<Option<Text<'_>>, String> {
        self.number += 1;
        self.buffer.clear();
        let most = longest.min(self.left);
        let mut limited = (&mut self.input).take(most);
        let read = limited
            .read_until(b'\n', &mut self.buffer)
            .map_err(|error| garbled(&error))?;
        self.left -= read as u64;
        let is_whole = self.buffer.ends_with(b"\n");
        if !is_whole && read as u64 == most {
            return Err(match self.number {
                1 => FOREIGN.to_owned(),
                _ => format!("is longer than a recording may be ({most} bytes were left)"),
            });
        }
        let bytes = self.buffer.strip_suffix(b"\n").unwrap_or(&self.buffer);
        Ok((read > 0).then_some(Text { bytes, is_whole }))
    }
}

fn garbled(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::UnexpectedEof => {
            "the compressed data ends too early: the recording is cut short; scan again".to_owned()
        }
        _ => format!("cannot be read on: {error}"),
    }
}
