//! Lists of targets: one URL per line, `#` before a comment, empty lines as one likes.

use crate::model::target::{Place, Target, TargetError};

/// So many targets are read at most: a file with more is a mistake, or should be split.
const MAX_TARGETS: usize = 100_000;

/// Why a list cannot be used: its author is at fault.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum ListError {
    /// A line is no target.
    #[error("{name}:{line}: {error}")]
    Line {
        /// The file.
        name: String,
        /// The line, counted from 1.
        line: u32,
        /// What is wrong with it.
        error: TargetError,
    },
    /// There is nothing to scan.
    #[error("{name} names no target; write one URL per line")]
    Empty {
        /// The file.
        name: String,
    },
    /// There is too much to scan.
    #[error("{name} names more than {MAX_TARGETS} targets; split it")]
    TooLong {
        /// The file.
        name: String,
    },
}

/// Reads a list; `name` is what errors call it.
///
/// # Errors
/// [`ListError`] with the first line that is no target.
pub fn parse(name: &str, text: &str) -> Result<Vec<Target>, ListError> {
    let mut targets = Vec::new();
    for (line, written) in (1..).zip(text.trim_start_matches('\u{feff}').lines()) {
        let url = without_comment(written);
        if url.is_empty() {
            continue;
        }
        if targets.len() == MAX_TARGETS {
            return Err(ListError::TooLong {
                name: name.to_owned(),
            });
        }
        let place = Place::File {
            path: name.to_owned(),
            line,
        };
        targets.push(Target::parse(url, place).map_err(|error| ListError::Line {
            name: name.to_owned(),
            line,
            error,
        })?);
    }
    if targets.is_empty() {
        return Err(ListError::Empty {
            name: name.to_owned(),
        });
    }
    Ok(targets)
}

/// A `#` inside a URL begins its fragment, so a comment stands alone or after a space.
fn without_comment(line: &str) -> &str {
    let mut before = ' ';
    for (place, c) in line.char_indices() {
        if c == '#' && before.is_whitespace() {
            return line[..place].trim();
        }
        before = c;
    }
    line.trim()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Vec<String>, String> {
        let place = |place: &Place| match place {
            Place::File { path, line } => format!("{path}:{line}"),
            Place::CommandLine => String::new(),
        };
        parse("sites.txt", text)
            .map(|all| {
                let shown = all.iter().map(|t| format!("{} {}", place(&t.place), t.url));
                shown.collect()
            })
            .map_err(|error| error.to_string())
    }

    #[test]
    fn a_line_is_a_target_with_its_place() {
        let text = "# our shops\n\n  a.test\t# the first\r\nhttps://b.test/x#part\n #c.test\n";
        let expected = [
            "sites.txt:3 https://a.test/",
            "sites.txt:4 https://b.test/x#part",
        ];
        assert_eq!(read(text), Ok(expected.map(str::to_owned).to_vec()));
    }

    #[test]
    fn errors_name_the_line() {
        let error = read("a.test\n\nftp://b.test/\n").expect_err("no target");
        assert!(
            error.starts_with("sites.txt:3: \"ftp://b.test/\""),
            "{error}"
        );
        let none = read("# nothing\n").expect_err("none");
        assert_eq!(none, "sites.txt names no target; write one URL per line");
        let many = "a.test\n".repeat(MAX_TARGETS + 1);
        assert!(read(&many).expect_err("too many").contains("split it"));
    }
}
