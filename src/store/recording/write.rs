//! Writing a recording.

use std::io::{self, BufWriter, Write};
use std::path::Path;

use flate2::Compression;
use flate2::write::GzEncoder;
use serde::Serialize;

use super::{End, Header, LineOf, MAX_LINE, MAX_TOTAL, Outcome};
use crate::model::runs;
use crate::model::visit::Visit;
use crate::store::file::{self, WriteError, Written};

/// Hosts of more characters are cut in file names.
const HOST_MAX: usize = 100;

/// Writes a visit to the file `<name>.jsonl.gz` in `folder`, replacing one that is there.
///
/// # Errors
/// [`WriteError`] if the file cannot be written.
pub fn write(folder: &Path, name: &str, visit: &Visit) -> Result<Written, WriteError> {
    file::write(folder, &format!("{name}.jsonl.gz"), |out| {
        let gzip = GzEncoder::new(out, Compression::default());
        let mut buffer = BufWriter::new(gzip);
        lines(&mut buffer, visit)?;
        let gzip = buffer
            .into_inner()
            .map_err(io::IntoInnerError::into_error)?;
        gzip.finish().map(drop)
    })
}

/// `001-shop.example-none`: the files of the visits of a target sort as they were scanned, and are
/// safe whatever the host is called. `number` is the target's, counted from 1. Of runs after the first
/// one the name says which (`001-shop.example-none-run2`).
#[must_use]
pub fn stem(number: usize, visit: &Visit) -> String {
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
        .take(HOST_MAX)
        .collect();
    let run = match visit.run {
        run if runs::is_first(&run) => String::new(),
        run => format!("-run{run}"),
    };
    format!("{number:03}-{host}-{}{run}", visit.scenario.as_str())
}

fn lines(out: &mut dyn Write, visit: &Visit) -> io::Result<()> {
    let mut to = Lines {
        out,
        count: 0,
        total: 0,
    };
    to.put(&Header::of(visit))?;
    let mut snapshots = visit.snapshots.iter().peekable();
    for observation in &visit.observations {
        while let Some(snapshot) = snapshots.next_if(|s| s.at_ms < observation.at_ms) {
            to.put(&LineOf::Snapshot(snapshot))?;
        }
        to.put(&LineOf::Observation(observation))?;
    }
    for snapshot in snapshots {
        to.put(&LineOf::Snapshot(snapshot))?;
    }
    to.put(&LineOf::Outcome(Outcome::of(visit)))?;
    to.put(&LineOf::End(End {
        lines: to.count + 1,
        observations: visit.observations.len(),
        snapshots: visit.snapshots.len(),
    }))
}

/// Lines that are never longer than what is read again.
struct Lines<'w> {
    out: &'w mut dyn Write,
    count: u64,
    total: u64,
}

impl Lines<'_> {
    fn put(&mut self, line: &impl Serialize) -> io::Result<()> {
        let mut bounded = Bounded {
            out: self.out,
            left: MAX_LINE.min(MAX_TOTAL - self.total),
            written: 0,
        };
        serde_json::to_writer(&mut bounded, line)?;
        bounded.write_all(b"\n")?;
        self.total += bounded.written;
        self.count += 1;
        Ok(())
    }
}

struct Bounded<'w> {
    out: &'w mut dyn Write,
    left: u64,
    written: u64,
}

impl Write for Bounded<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let length = bytes.len() as u64;
        self.left = self
            .left
            .checked_sub(length)
            .ok_or_else(|| io::Error::other("the visit holds more than a recording may (1 GiB)"))?;
        self.out.write_all(bytes)?;
        self.written += length;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}
