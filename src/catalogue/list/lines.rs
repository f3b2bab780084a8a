//! Places in a text: from an offset in bytes to line and column.

use crate::yaml::Place;

/// A text's lines.
#[derive(Debug)]
pub struct Lines<'t> {
    file: String,
    text: &'t str,
    starts: Vec<usize>,
}

impl<'t> Lines<'t> {
    /// Finds the lines of a text; `file` is the name it is known by.
    #[must_use]
    pub fn new(file: &str, text: &'t str) -> Self {
        let breaks = text.match_indices('\n').map(|(at, _)| at + 1);
        Self {
            file: file.to_owned(),
            text,
            starts: std::iter::once(0).chain(breaks).collect(),
        }
    }

    /// The place of a byte.
    #[must_use]
    pub fn at(&self, offset: usize) -> Place {
        let line = self.starts.partition_point(|start| *start <= offset).max(1);
        let start = self.starts[line - 1];
        let before = self.text.get(start..offset.min(self.text.len()));
        let column = before.map_or(1, |b| b.chars().count() + 1);
        Place {
            file: self.file.clone(),
            line: u32::try_from(line).unwrap_or(u32::MAX),
            column: u32::try_from(column).unwrap_or(u32::MAX),
        }
    }

    /// The place of a text that begins on the line of a byte or soon after, else of the byte.
    #[must_use]
    pub fn near(&self, offset: usize, wanted: &str) -> Place {
        let rest = self.text.get(offset..).unwrap_or_default();
        let line = rest.split('\n').find(|line| !line.trim().is_empty());
        let start = line.map_or(offset, |l| {
            offset + (l.as_ptr() as usize - rest.as_ptr() as usize)
        });
        let found = line.and_then(|l| l.find(wanted)).unwrap_or(0);
        self.at(start + found)
    }

    /// The place of a part of the text itself; the beginning for any other text.
    #[must_use]
    pub fn of(&self, part: &str) -> Place {
        let offset = (part.as_ptr() as usize).wrapping_sub(self.text.as_ptr() as usize);
        self.at(if offset <= self.text.len() { offset } else { 0 })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_and_columns_count_from_one_in_characters() {
        let text = "a\näb\n";
        let lines = Lines::new("x.csv", text);
        let at = |offset| (lines.at(offset).line, lines.at(offset).column);
        assert_eq!(at(0), (1, 1));
        assert_eq!(at(2), (2, 1));
        assert_eq!(at(4), (2, 2));
        assert_eq!(at(99), (3, 1));
        let part = &text[4..5];
        assert_eq!((lines.of(part).line, lines.of(part).column), (2, 2));
        assert_eq!(lines.of("elsewhere").line, 1);
    }
}
