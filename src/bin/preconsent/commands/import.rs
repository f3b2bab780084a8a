//! `preconsent rules import`: catalogue files from a list that others keep.

use std::fmt::Write as _;
use std::fs::{self, File};
use std::io::Read as _;
use std::path::Path;

use anyhow::{Context as _, Result, bail};
use preconsent::catalogue::Catalogue;
use preconsent::catalogue::list::import::{Imported, Layout, Origin, import};
use preconsent::catalogue::list::{self, Dropped, Format, MAX_BYTES};

use crate::exit::Exit;
use crate::output::print;
use crate::run::now;
use crate::terminal::{Terminal, clean};

/// What is asked for.
pub(super) struct Request<'a> {
    pub(super) format: Format,
    pub(super) file: &'a Path,
    pub(super) out: Option<&'a Path>,
    pub(super) dropped: Option<&'a Path>,
}

/// Runs the command.
pub(super) fn run(request: &Request<'_>, base: &Catalogue, terminal: &Terminal) -> Result<Exit> {
    let shown = request.file.display().to_string();
    let list = list::read(request.format, &shown, &read_list(request.file)?)?;
    let name = request.file.file_name().unwrap_or_default();
    let origin = Origin {
        format: request.format,
        file: name.to_string_lossy().into_owned(),
        read: now().chars().take("2026-01-02".len()).collect(),
    };
    let layout = match request.out {
        Some(_) => Layout::ByProvider,
        None => Layout::Together,
    };
    let imported = import(&list, &origin, layout, base)?;
    if let Some(path) = request.dropped {
        fs::write(path, table(&imported.dropped))
            .with_context(|| format!("{} cannot be written", path.display()))?;
    }
    for dropped in &imported.dropped {
        terminal.note(line(dropped));
    }
    terminal.note(format_args!(
        "{} of {} names became entries in {} {}",
        imported.entries,
        list.rows.len(),
        imported.files.len(),
        if imported.files.len() == 1 {
            "file"
        } else {
            "files"
        }
    ));
    write(request.out, &imported)?;
    Ok(Exit::Pass)
}

/// Reads a list, up to a bound.
pub(crate) fn read_list(path: &Path) -> Result<String> {
    let shown = path.display();
    let mut bytes = Vec::new();
    File::open(path)
        .and_then(|f| f.take(MAX_BYTES as u64 + 1).read_to_end(&mut bytes))
        .with_context(|| format!("{shown} cannot be read"))?;
    if bytes.len() > MAX_BYTES {
        bail!("{shown} is too long: a list may have {MAX_BYTES} bytes");
    }
    String::from_utf8(bytes).with_context(|| format!("{shown} is no UTF-8 text"))
}

fn write(out: Option<&Path>, imported: &Imported) -> Result<()> {
    let Some(folder) = out else {
        return match imported.files.as_slice() {
            [] => bail!("nothing of the list can be used; see above"),
            [file] => print(file.text.as_bytes()),
            _ => bail!("the list has more entries than one file may hold; use --out DIR"),
        };
    };
    fs::create_dir_all(folder).with_context(|| format!("{} cannot be made", folder.display()))?;
    // Nothing of the user's is overwritten: all is looked at before the first file is written.
    for file in &imported.files {
        let path = folder.join(&file.file);
        if path.exists() {
            bail!("{} is there already; name an empty folder", path.display());
        }
    }
    for file in &imported.files {
        let path = folder.join(&file.file);
        fs::write(&path, &file.text)
            .with_context(|| format!("{} cannot be written", path.display()))?;
    }
    Ok(())
}

fn line(dropped: &Dropped) -> String {
    let place = &dropped.place;
    format!(
        "{}:{}:{}: left out: {} of \"{}\": {}",
        clean(&place.file),
        place.line,
        place.column,
        dropped.what.as_str(),
        clean(&dropped.name),
        clean(&dropped.reason)
    )
}

fn table(dropped: &[Dropped]) -> String {
    let mut text = String::from("line\tcolumn\twhat\tname\treason\n");
    for d in dropped {
        let _ = writeln!(
            text,
            "{}\t{}\t{}\t{}\t{}",
            d.place.line,
            d.place.column,
            d.what.as_str(),
            clean(&d.name),
            clean(&d.reason)
        );
    }
    text
}
