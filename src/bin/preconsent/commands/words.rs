//! `preconsent rules words`: what texts of buttons mean, line by line.
//!
//! Each line is answered at once, so that the command works at the end of a pipe that never ends.
//! The texts may come from anywhere: a line is kept in memory up to a bound, bytes that are no UTF-8
//! are replaced, and nothing that is printed can steer a terminal.

use std::io::{self, BufRead, BufReader, Read, Write};

use anyhow::{Context as _, Result, anyhow};
use preconsent::consent::words::{Language, Meaning, classify, classify_in};

use crate::exit::Exit;
use crate::terminal::clean;

/// More of a line is no button's text; the rest of it is left out and marked.
const MAX_LINE: u64 = 16 * 1024;

/// Runs the command.
pub(super) fn run(code: Option<&str>) -> Result<Exit> {
    let language = code.map(find).transpose()?;
    let read = |text: &str| match language {
        Some(language) => classify_in(text, language),
        None => classify(text),
    };
    let mut input = BufReader::new(io::stdin().lock());
    let mut output = io::stdout().lock();
    while let Some(text) = next_line(&mut input).context("standard input cannot be read")? {
        match writeln!(output, "{}", answer(&text, read)).and_then(|()| output.flush()) {
            Ok(()) => {}
            // A reader that has seen enough (`| head`) is no error.
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => break,
            Err(error) => return Err(error).context("standard output cannot be written"),
        }
    }
    Ok(Exit::Pass)
}

fn find(code: &str) -> Result<Language> {
    Language::find(code).ok_or_else(|| {
        let codes: Vec<&str> = Language::codes().collect();
        anyhow!(
            "no words are known of the language \"{code}\"; those known are {}",
            codes.join(", ")
        )
    })
}

fn answer(text: &str, read: impl Fn(&str) -> Meaning) -> String {
    format!("{}\t{}", read(text), clean(text))
}

/// The next line without its end, `None` after the last one.
fn next_line(input: &mut impl BufRead) -> io::Result<Option<String>> {
    let mut bytes = Vec::new();
    if input
        .by_ref()
        .take(MAX_LINE)
        .read_until(b'\n', &mut bytes)?
        == 0
    {
        return Ok(None);
    }
    let whole = bytes.last() == Some(&b'\n') || input.fill_buf()?.is_empty();
    if !whole {
        input.skip_until(b'\n')?;
    }
    let line = bytes.strip_suffix(b"\n").unwrap_or(&bytes);
    let line = line.strip_suffix(b"\r").unwrap_or(line);
    let mut text = String::from_utf8_lossy(line).into_owned();
    if !whole {
        text.push('…');
    }
    Ok(Some(text))
}
