//! From a list to catalogue files that load beside the built-in ones.
//!
//! What the catalogue knows already, what two rows say differently, and what would be like any name is
//! left out, each with the reason. Of rows that contradict each other the one that asks more of the
//! visitor is kept, so that no list excuses what another one does not.

use std::cmp::Reverse;
use std::collections::{BTreeMap, HashMap, HashSet};
use std::fmt::Write as _;

use super::names::example;
use super::{Dropped, Format, Lifetime, List, Part, Row, table};
use crate::catalogue::duration::Expires;
use crate::catalogue::ties::Index;
use crate::catalogue::validate::{self, Every};
use crate::catalogue::{Catalogue, Entry, load};
use crate::model::item::Store;
use crate::model::role::Role;
use crate::yaml::files::RuleFile;
use crate::yaml::{Source, YamlError};

/// A file may hold so many entries.
const MAX_ENTRIES: usize = 1200;

/// Where a list comes from.
#[derive(Debug, Clone)]
pub struct Origin {
    /// Its format.
    pub format: Format,
    /// The file's name, without folders.
    pub file: String,
    /// The day it was read, such as 2026-01-02.
    pub read: String,
}

/// How the entries are spread over files.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Layout {
    /// As few files as possible.
    Together,
    /// One per provider that the list names.
    ByProvider,
}

/// What comes of a list.
#[derive(Debug)]
pub struct Imported {
    /// Catalogue files; each `file` is `<id>.yaml`.
    pub files: Vec<RuleFile>,
    /// What was left out, in the list's order.
    pub dropped: Vec<Dropped>,
    /// How many entries there are.
    pub entries: usize,
}

/// Makes catalogue files of a list; they load on top of `base`.
///
/// # Errors
/// [`YamlError`] if the files do not load, which would be a fault of this program.
pub fn import(
    list: &List,
    origin: &Origin,
    layout: Layout,
    base: &Catalogue,
) -> Result<Imported, YamlError> {
    let mut dropped = list.dropped.clone();
    let mut rows: Vec<&Row> = Vec::new();
    for row in &list.rows {
        match unusable(row) {
            Some(reason) => dropped.push(table::entry(&row.place, &row.name, &reason)),
            None => rows.push(row),
        }
    }
    leave_out_ties(&mut rows, origin, base, &mut dropped)?;
    let files = loop {
        let files = files(&rows, origin, layout);
        match load::add(base.clone(), &files) {
            Ok(_) => break files,
            // Examples that another name describes better show only now.
            Err(error) => {
                let at = row_at(&files, &error, &rows).ok_or_else(|| error.clone())?;
                let row = rows.remove(at);
                let reason = error.text.lines().next().unwrap_or_default();
                dropped.push(table::entry(&row.place, &row.name, reason));
            }
        }
    };
    dropped.extend(rows.iter().flat_map(|row| parts(row)));
    dropped.sort_by(|a, b| a.place.cmp(&b.place));
    Ok(Imported {
        files,
        dropped,
        entries: rows.len(),
    })
}

/// What keeps a row from becoming an entry.
fn unusable(row: &Row) -> Option<String> {
    let entry = entry_text(row, "list");
    let source = format!(
        "provider: list\nsources: {{ list: {{ cite: list, read: 2026-01-02 }} }}\nentries:\n{entry}"
    );
    match validate::file("list", &Source::new("list", &source)) {
        Ok(_) => None,
        Err(error) => Some(error.text.lines().next().unwrap_or_default().to_owned()),
    }
}

/// Takes out every row that means the same items as an entry of the catalogue, or as a row that asks
/// more of the visitor.
fn leave_out_ties(
    rows: &mut Vec<&Row>,
    origin: &Origin,
    base: &Catalogue,
    dropped: &mut Vec<Dropped>,
) -> Result<(), YamlError> {
    let mut all = base.clone();
    let mut own: Vec<(String, usize)> = Vec::new();
    for (number, chunk) in rows.chunks(MAX_ENTRIES).enumerate() {
        // The sign keeps the id apart from every provider's.
        let id = format!("list/{number}");
        let text = file_text("list", chunk, origin);
        let Every { checked, errors } = validate::every(&id, &Source::new(&id, &text))?;
        if let Some((_, error)) = errors.into_iter().next() {
            return Err(error);
        }
        all.providers.push(checked.provider);
        own.push((id, number * MAX_ENTRIES));
    }
    let index = Index::new(&all);
    let row_of: HashMap<*const Entry, usize> = own
        .iter()
        .filter_map(|(id, first)| Some((all.provider(id)?, *first)))
        .flat_map(|(p, first)| {
            let entries = p.entries.iter().enumerate();
            entries.map(move |(n, e)| (std::ptr::from_ref(e), first + n))
        })
        .collect();
    let mut order: Vec<(usize, &crate::catalogue::Provider, &Entry)> = all
        .entries()
        .filter_map(|(p, e)| Some((*row_of.get(&std::ptr::from_ref(e))?, p, e)))
        .collect();
    order.sort_by_key(|(at, _, entry)| (Reverse(entry.role.demand()), *at));
    let mut kept: HashSet<usize> = HashSet::new();
    for (at, provider, entry) in order {
        let rival = index.all(provider, entry).find_map(|other| {
            match row_of.get(&std::ptr::from_ref(other)) {
                Some(n) => kept.contains(n).then(|| said_by_list(rows[*n])),
                None => Some(said_by_catalogue(entry, other)),
            }
        });
        match rival {
            Some(reason) => {
                let row = rows[at];
                dropped.push(table::entry(&row.place, &row.name, &reason));
            }
            None => {
                kept.insert(at);
            }
        }
    }
    let mut at = 0;
    rows.retain(|_| {
        at += 1;
        kept.contains(&(at - 1))
    });
    Ok(())
}

fn said_by_list(other: &Row) -> String {
    format!(
        "line {} means the same items, with the category \"{}\"",
        other.place.line,
        other.category.as_deref().unwrap_or("none")
    )
}

fn said_by_catalogue(entry: &Entry, other: &Entry) -> String {
    let opinion = match entry.role == other.role {
        true => "also as",
        false => "as",
    };
    format!(
        "the catalogue knows it already, {opinion} {}, at {}",
        other.role.as_str(),
        other.place
    )
}

/// What is left out of a row that is kept.
fn parts(row: &Row) -> Vec<Dropped> {
    let part = |what, reason: String| Dropped {
        place: row.place.clone(),
        name: row.name.clone(),
        what,
        reason,
    };
    let mut parts = Vec::new();
    if expires(row) == Expires::NotStated {
        match &row.lifetime {
            Lifetime::Unreadable(text) => {
                parts.push(part(Part::Lifetime, format!("\"{text}\" is no lifetime")));
            }
            Lifetime::Known(known) => {
                let reason = match crate::catalogue::lint::suspicion(known) {
                    Some(reason) => reason,
                    None => format!("\"{known}\" is no lifetime of this store"),
                };
                parts.push(part(Part::Lifetime, reason));
            }
            Lifetime::Missing => {}
        }
    }
    if row.role.is_none() {
        let category = row.category.as_deref().unwrap_or("");
        parts.push(part(
            Part::Role,
            format!("\"{category}\" is no known category"),
        ));
    }
    parts
}

/// The lifetime, where it is one of the store's and can be true.
fn expires(row: &Row) -> Expires {
    let Lifetime::Known(expires) = &row.lifetime else {
        return match row.store {
            Store::Cookie | Store::SessionStorage => Expires::NotStated,
            _ => Expires::UntilCleared,
        };
    };
    match (row.store, expires) {
        (Store::Cookie, Expires::UntilCleared) => Expires::NotStated,
        (Store::Cookie | Store::SessionStorage, Expires::Session) => Expires::Session,
        (_, Expires::Session) => Expires::UntilCleared,
        (Store::Cookie, known) if crate::catalogue::lint::suspicion(known).is_some() => {
            Expires::NotStated
        }
        (_, known) => known.clone(),
    }
}

/// The rows as files, in order of the providers' ids.
fn files(rows: &[&Row], origin: &Origin, layout: Layout) -> Vec<RuleFile> {
    let mut groups: BTreeMap<String, (String, Vec<&Row>)> = BTreeMap::new();
    let whole = origin.format.title();
    for row in rows {
        let named = row
            .provider
            .as_deref()
            .filter(|_| layout == Layout::ByProvider);
        let name = named.map(clean).filter(|n| !n.is_empty());
        let slug = name.as_deref().map(slug).filter(|s| !s.is_empty());
        let id = match &slug {
            Some(slug) => format!("{}-{slug}", origin.format.as_str()),
            None => origin.format.as_str().to_owned(),
        };
        let group = groups
            .entry(id)
            .or_insert_with(|| (name.unwrap_or_else(|| whole.to_owned()), Vec::new()));
        group.1.push(row);
    }
    let files = groups.into_iter().flat_map(|(id, (name, rows))| {
        let chunks: Vec<Vec<&Row>> = rows.chunks(MAX_ENTRIES).map(<[_]>::to_vec).collect();
        chunks.into_iter().enumerate().map(move |(n, rows)| {
            let id = match n {
                0 => id.clone(),
                n => format!("{id}-{}", n + 1),
            };
            RuleFile {
                file: format!("{id}.yaml"),
                text: file_text(&name, &rows, origin),
                id,
            }
        })
    });
    files.collect()
}

/// The row that an error in a file is about.
fn row_at(files: &[RuleFile], error: &YamlError, rows: &[&Row]) -> Option<usize> {
    let file = files.iter().find(|f| f.file == error.file)?;
    let line = usize::try_from(error.line).ok()?;
    let before: Vec<&str> = file.text.lines().take(line).collect();
    let mark = before
        .iter()
        .rev()
        .find_map(|l| l.strip_prefix("  # row "))?;
    let (line, column) = mark.split_once(':')?;
    let (column, name) = column.split_once(' ')?;
    let wanted: (u32, u32) = (line.parse().ok()?, column.parse().ok()?);
    rows.iter()
        .position(|r| (r.place.line, r.place.column) == wanted && clean(&r.name) == name)
}

/// One catalogue file.
fn file_text(provider: &str, rows: &[&Row], origin: &Origin) -> String {
    let title = origin.format.title();
    let file = clean(&origin.file);
    let mut text = format!(
        "# Made by `preconsent rules import {} {file}` on {}. Each entry names its line there.\n\
         provider: {}\nsources:\n  list: {{ cite: {}, read: {} }}\nentries:\n",
        origin.format.as_str(),
        origin.read,
        quoted(provider),
        quoted(&format!("{title}, {file}")),
        origin.read
    );
    for row in rows {
        let _ = writeln!(
            text,
            "  # row {}:{} {}",
            row.place.line,
            row.place.column,
            clean(&row.name)
        );
        text.push_str(&entry_text(row, title));
    }
    text
}

/// One entry.
fn entry_text(row: &Row, title: &str) -> String {
    let role = row.role.unwrap_or(Role::Unclassified);
    let mut text = format!(
        "  - name: {}\n    store: {}\n",
        quoted(&row.pattern),
        row.store.as_str()
    );
    if let Some(party) = row.party {
        let _ = writeln!(text, "    party: {}", party.as_str());
    }
    if !row.hosts.is_empty() {
        let hosts: Vec<String> = row.hosts.iter().map(|h| quoted(h)).collect();
        let _ = writeln!(text, "    hosts: [{}]", hosts.join(", "));
    }
    let _ = writeln!(text, "    expires: {}", expires(row));
    if row.refresh {
        text.push_str("    refresh: true\n");
    }
    if let Some(category) = row.category.as_deref().map(clean).filter(|c| !c.is_empty()) {
        let _ = writeln!(text, "    claimed_role: {}", quoted(&category));
        if !category.eq_ignore_ascii_case(role.as_str()) {
            let why = format!("\"{category}\" in the words of this list ({title}).");
            let _ = writeln!(text, "    why: {}", quoted(&why));
        }
    }
    let _ = writeln!(text, "    role: {}", role.as_str());
    if let Some(sub_type) = row.sub_type {
        let _ = writeln!(text, "    sub_type: {sub_type}");
    }
    let purpose = match clean(&row.purpose) {
        empty if empty.is_empty() => String::from("The list states no purpose."),
        stated => stated,
    };
    let _ = writeln!(
        text,
        "    purpose: {}\n    source: [list]\n    examples: {{ match: [{}] }}",
        quoted(&purpose),
        quoted(&example(&row.pattern))
    );
    text
}

/// A text in one line, without characters that steer terminals or reorder text.
fn clean(text: &str) -> String {
    let harmless = |c: char| !matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}');
    let plain: String = text
        .chars()
        .filter(|c| harmless(*c))
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect();
    plain.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A text in quotes, as YAML and JSON both read it.
fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

fn slug(name: &str) -> String {
    let plain: String = name
        .to_lowercase()
        .chars()
        .take(60)
        .map(|c| if c.is_ascii_alphanumeric() { c } else { '-' })
        .collect();
    let words: Vec<&str> = plain.split('-').filter(|w| !w.is_empty()).collect();
    words.join("-")
}
