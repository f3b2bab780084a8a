//! The site's own words: tables of cookies on a policy page, in HTML or Markdown, or in a YAML file.
//!
//! Every table of a page counts that has a column of names and another one that is understood. Where
//! a table has no column of categories, the heading above it may name the category.

use scraper::{ElementRef, Html, Selector};
use serde::Deserialize;

use super::lines::Lines;
use super::table::{Header, read_lifetime};
use super::{List, ListError, MAX_ROWS, Row};
use crate::catalogue::declared::{Column, Words};
use crate::catalogue::list::names::loose;
use crate::model::item::Store;
use crate::model::role::Role;
use crate::yaml::{Source, Spanned};

/// A longer page is none that people read.
pub const MAX_PAGE: usize = 4 * 1024 * 1024;

/// How a page is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Markup {
    /// HTML.
    Html,
    /// Markdown.
    Markdown,
}

/// Reads the tables of a page.
///
/// # Errors
/// [`ListError`] if the page is too long or has no table of cookies.
pub fn read(markup: Markup, file: &str, text: &str) -> Result<List, ListError> {
    let fail = |reason: &str| ListError {
        file: file.to_owned(),
        format: match markup {
            Markup::Html => "HTML",
            Markup::Markdown => "Markdown",
        },
        reason: reason.to_owned(),
    };
    if text.len() > MAX_PAGE {
        return Err(fail("it is too long for a page"));
    }
    let tables = match markup {
        Markup::Html => html(text),
        Markup::Markdown => markdown(text),
    };
    let lines = Lines::new(file, text);
    let mut list = List::default();
    let mut known = false;
    let mut searched = 0;
    for table in tables {
        let Ok(header) = Header::read(&table.headings) else {
            continue;
        };
        known = true;
        let category = table.heading.filter(|h| Words::builtin().role(h).is_some());
        for cells in table.rows.into_iter().take(MAX_ROWS) {
            let name = header.cell(&cells, Column::Name).unwrap_or_default();
            let word = name.split_whitespace().next().unwrap_or_default();
            let at = text[searched..]
                .find(word)
                .map_or(searched, |n| searched + n);
            searched = at;
            header.row(&cells, &lines.at(at), category.as_deref(), &mut list);
        }
    }
    if known {
        return Ok(list);
    }
    Err(fail(
        "it has no table with a column of names (such as \"Name\" or \"Cookie\") and one of purposes, \
         lifetimes or categories",
    ))
}

/// A table as it stands on a page.
#[derive(Debug, Default)]
struct Table {
    /// Its caption, or the heading above it.
    heading: Option<String>,
    headings: Vec<String>,
    rows: Vec<Vec<String>>,
}

fn html(text: &str) -> Vec<Table> {
    let selector = |css: &str| Selector::parse(css).ok();
    let (Some(parts), Some(rows), Some(cells), Some(caption)) = (
        selector("h1, h2, h3, h4, h5, h6, summary, table"),
        selector("tr"),
        selector("th, td"),
        selector("caption"),
    ) else {
        return Vec::new();
    };
    let document = Html::parse_document(text);
    let mut heading = None;
    let mut tables = Vec::new();
    for part in document.select(&parts) {
        if part.value().name() != "table" {
            heading = Some(words_of(part));
            continue;
        }
        let mut lines = part.select(&rows).take(MAX_ROWS).map(|row| {
            let cells = row.select(&cells).map(words_of);
            cells.collect::<Vec<String>>()
        });
        tables.push(Table {
            heading: part
                .select(&caption)
                .next()
                .map(words_of)
                .or(heading.clone()),
            headings: lines.next().unwrap_or_default(),
            rows: lines.collect(),
        });
    }
    tables
}

/// The text of an element; a line break and an item of a list stand between names.
fn words_of(element: ElementRef<'_>) -> String {
    let mut text = String::new();
    for edge in element.descendants() {
        match edge.value() {
            scraper::Node::Text(t) => {
                text.push_str(&t.split_whitespace().collect::<Vec<_>>().join(" "))
            }
            scraper::Node::Element(e) if matches!(e.name(), "br" | "li" | "p" | "div") => {
                text.push('\n')
            }
            scraper::Node::Element(_) => text.push(' '),
            _ => {}
        }
    }
    text.trim().to_owned()
}

fn markdown(text: &str) -> Vec<Table> {
    let mut tables: Vec<Table> = Vec::new();
    let mut heading = None;
    let mut before: Option<Vec<String>> = None;
    let mut inside = false;
    for line in text.lines() {
        let line = line.trim();
        if let Some(title) = line.strip_prefix('#') {
            heading = Some(title.trim_matches(['#', ' ']).to_owned());
        }
        let cells = line.contains('|').then(|| cells_of(line));
        match (cells, &mut before) {
            (Some(cells), Some(headings)) if !inside && cells.iter().all(|c| is_rule(c)) => {
                inside = true;
                tables.push(Table {
                    heading: heading.clone(),
                    headings: std::mem::take(headings),
                    rows: Vec::new(),
                });
            }
            (Some(cells), _) if inside => {
                if let Some(table) = tables.last_mut() {
                    table.rows.push(cells);
                }
            }
            (cells, _) => {
                inside = false;
                before = cells;
            }
        }
    }
    tables
}

fn is_rule(cell: &str) -> bool {
    cell.contains('-') && cell.chars().all(|c| matches!(c, '-' | ':'))
}

/// The cells of a line, without the marks of links, code and emphasis.
fn cells_of(line: &str) -> Vec<String> {
    let line = line.strip_prefix('|').unwrap_or(line);
    let line = line.strip_suffix('|').unwrap_or(line);
    let hidden = line.replace("\\|", "\u{0}");
    hidden
        .split('|')
        .map(|cell| plain(&cell.replace('\u{0}', "|").replace("<br>", "\n")))
        .collect()
}

fn plain(cell: &str) -> String {
    let mut text = String::new();
    let mut rest = cell.trim();
    // `[words](address)` is the words.
    while let Some((start, after)) = rest.split_once('[') {
        match after
            .split_once("](")
            .and_then(|(w, a)| Some((w, a.split_once(')')?.1)))
        {
            Some((words, behind)) => {
                text.push_str(start);
                text.push_str(words);
                rest = behind;
            }
            None => break,
        }
    }
    text.push_str(rest);
    text.replace('`', "")
        .replace("**", "")
        .replace("\\_", "_")
        .replace("\\*", "*")
}

/// A declaration as a YAML file.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    complete: bool,
    items: Vec<Declared>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Declared {
    name: Spanned<String>,
    #[serde(default)]
    store: Option<Store>,
    #[serde(default)]
    purpose: String,
    #[serde(default)]
    expires: String,
    #[serde(default)]
    category: Option<String>,
}

/// Reads a declaration in YAML, and whether it claims to be complete.
///
/// # Errors
/// [`crate::yaml::YamlError`] with the place and the reason.
pub fn read_yaml(source: &Source<'_>) -> Result<(List, bool), crate::yaml::YamlError> {
    let file: File = source.read()?;
    let rows = file.items.into_iter().map(|item| {
        let (lifetime, refresh) = read_lifetime(&item.expires);
        Row {
            pattern: loose(&item.name.value),
            store: item.store.unwrap_or(Store::Cookie),
            hosts: Vec::new(),
            party: None,
            lifetime,
            refresh,
            role: item
                .category
                .as_deref()
                .and_then(|c| Words::builtin().role(c))
                .filter(|r| *r != Role::Unclassified),
            category: item.category,
            sub_type: None,
            purpose: item.purpose,
            provider: None,
            place: source.place(&item.name),
            name: item.name.value,
        }
    });
    let list = List {
        rows: rows.collect(),
        dropped: Vec::new(),
    };
    Ok((list, file.complete))
}
