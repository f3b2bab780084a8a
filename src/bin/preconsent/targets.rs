//! `--targets-file`: reading a list of targets from a file or from standard input.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use anyhow::{Context, Result, bail};
use preconsent::batch::list;
use preconsent::model::target::Target;

/// A list that is longer than that is no list of targets.
const MAX_BYTES: u64 = 16 << 20;

/// Reads a list; `-` is standard input.
pub(crate) fn read(path: &Path) -> Result<Vec<Target>> {
    let (name, text) = if path == Path::new("-") {
        ("standard input".to_owned(), bounded(io::stdin().lock()))
    } else {
        let text = File::open(path).and_then(bounded);
        (path.display().to_string(), text)
    };
    let text = text.with_context(|| format!("the list of targets {name} cannot be read"))?;
    if text.len() as u64 > MAX_BYTES {
        bail!(
            "{name} is longer than {} MB; is it a list of targets?",
            MAX_BYTES >> 20
        );
    }
    Ok(list::parse(&name, &text)?)
}

fn bounded(source: impl Read) -> io::Result<String> {
    let mut text = String::new();
    source.take(MAX_BYTES + 1).read_to_string(&mut text)?;
    Ok(text)
}
