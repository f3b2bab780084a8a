//! Tables as text: separated by commas, semicolons or tabs, with a line of headings.

use csv::{Reader, ReaderBuilder, StringRecord};

use super::lines::Lines;
use super::table::Header;
use super::{List, MAX_ROWS};
use crate::catalogue::declared::Column;
use crate::yaml::Place;

/// Reads any table with headings.
pub(super) fn read(text: &str, lines: &Lines<'_>) -> Result<List, String> {
    let mut list = List::default();
    let mut header: Option<Header> = None;
    records(text, lines, |cells, place| {
        if let Some(header) = &header {
            let name = header.cell(&cells, Column::Name).unwrap_or_default();
            header.row(&cells, &place(name), None, &mut list);
        } else {
            header = Some(Header::read(&cells)?);
        }
        Ok(())
    })?;
    match header {
        Some(_) => Ok(list),
        None => Err(String::from(
            "it is empty; expected a line of headings and rows",
        )),
    }
}

/// Calls `each` with the cells of every record, the headings first, and with what finds the place of
/// one of them.
pub(super) fn records(
    text: &str,
    lines: &Lines<'_>,
    mut each: impl FnMut(Vec<String>, &dyn Fn(&str) -> Place) -> Result<(), String>,
) -> Result<(), String> {
    let mut reader = reader(text);
    let mut record = StringRecord::new();
    let mut count = 0;
    while reader.read_record(&mut record).map_err(|e| e.to_string())? {
        count += 1;
        if count > MAX_ROWS {
            return Err(format!("it has more than {MAX_ROWS} rows"));
        }
        let start = record.position().map_or(0, csv::Position::byte);
        let start = usize::try_from(start).unwrap_or(0);
        let cells: Vec<String> = record.iter().map(|cell| cell.trim().to_owned()).collect();
        each(cells, &|cell| lines.near(start, cell))?;
    }
    Ok(())
}

fn reader(text: &str) -> Reader<&[u8]> {
    ReaderBuilder::new()
        .delimiter(delimiter(text))
        .has_headers(false)
        .flexible(true)
        .from_reader(text.as_bytes())
}

/// The mark that is used most in the first line.
fn delimiter(text: &str) -> u8 {
    let first = text.lines().next().unwrap_or_default();
    let count = |mark: u8| first.bytes().filter(|b| *b == mark).count();
    [b',', b';', b'\t', b'|']
        .into_iter()
        .rev()
        .max_by_key(|mark| count(*mark))
        .unwrap_or(b',')
}

#[cfg(test)]
mod tests {
    #![expect(clippy::expect_used, reason = "a test that cannot go on must fail")]

    use super::*;

    #[test]
    fn the_separator_is_found_and_places_are_told() {
        let text = "Name;Zweck?;Purpose\n\"a;b\";;\"two\nlines\"\nabc;;x\n";
        let lines = Lines::new("x.csv", text);
        let list = read(text, &lines).expect("a table");
        let found: Vec<(&str, u32)> = list
            .rows
            .iter()
            .map(|r| (r.name.as_str(), r.place.line))
            .collect();
        assert_eq!(found, [("a", 2), ("b", 2), ("abc", 4)]);
        assert!(read("", &Lines::new("x.csv", "")).is_err());
    }
}
