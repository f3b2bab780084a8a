//! Cookie dates, read and written: RFC 6265bis section 5.1.1.
//!
//! The algorithm takes whatever tokens look like a time, a day, a month and a year, in any order
//! and between nearly any delimiters. HTTP date parsers are stricter and would miss dates that
//! every browser reads, so it is written out here; the calendar itself is jiff's.

use jiff::civil::{Date, DateTime, date};

const MONTHS: [&str; 12] = [
    "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
];

/// The tokens found so far; the first of each kind counts.
#[derive(Default)]
struct Fields {
    time: Option<(i8, i8, i8)>,
    day: Option<i8>,
    month: Option<i8>,
    year: Option<i16>,
}

/// Reads a date as seconds since 1970 (UTC); `None` where browsers see no date. Dates of HTTP
/// headers are among the forms that are read.
#[must_use]
pub fn parse(text: &str) -> Option<f64> {
    let mut found = Fields::default();
    for token in text.as_bytes().split(|b| is_delimiter(*b)) {
        found.take(token);
    }
    let (hour, minute, second) = found.time?;
    let year = match found.year? {
        y @ 70..=99 => y + 1900,
        y @ 0..=69 => y + 2000,
        y => y,
    };
    if year < 1601 || hour > 23 || minute > 59 || second > 59 {
        return None;
    }
    let day = Date::new(year, found.month?, found.day?).ok()?;
    let moment = day.at(hour, minute, second, 0);
    // Not through a timestamp: jiff's end a day early for the popular "31 Dec 9999 23:59:59".
    #[expect(
        clippy::cast_precision_loss,
        reason = "years up to 9999 need 38 bits of seconds"
    )]
    Some(moment.duration_since(epoch()).as_secs() as f64)
}

/// Writes a date as HTTP does (`Sun, 06 Nov 1994 08:49:37 GMT`). Moments outside the years 1 to
/// 9999 become the nearest moment inside, as the format has four digits for the year.
pub(super) fn format(seconds: f64) -> String {
    let (first, last) = (
        date(1, 1, 1).at(0, 0, 0, 0),
        date(9999, 12, 31).at(23, 59, 59, 0),
    );
    #[expect(
        clippy::cast_possible_truncation,
        reason = "a float cast saturates, and far values are clamped right after"
    )]
    let span = jiff::SignedDuration::from_secs(seconds.floor() as i64);
    let edge = if seconds < 0.0 { first } else { last };
    let moment = epoch().checked_add(span).unwrap_or(edge).clamp(first, last);
    moment.strftime("%a, %d %b %Y %H:%M:%S GMT").to_string()
}

fn epoch() -> DateTime {
    date(1970, 1, 1).at(0, 0, 0, 0)
}

fn is_delimiter(byte: u8) -> bool {
    matches!(byte, 0x09 | 0x20..=0x2F | 0x3B..=0x40 | 0x5B..=0x60 | 0x7B..=0x7E)
}

impl Fields {
    /// Keeps a token as the first kind it can be and that is still missing.
    fn take(&mut self, token: &[u8]) {
        if self.time.is_none()
            && let Some(time) = read_time(token)
        {
            self.time = Some(time);
        } else if self.day.is_none()
            && let Some((day, _)) = read_number(token, 1, 2).filter(|(_, rest)| ends(rest))
        {
            self.day = i8::try_from(day).ok();
        } else if self.month.is_none()
            && let Some(month) = read_month(token)
        {
            self.month = Some(month);
        } else if self.year.is_none()
            && let Some((year, _)) = read_number(token, 2, 4).filter(|(_, rest)| ends(rest))
        {
            self.year = Some(year);
        }
    }
}

/// `1*2DIGIT ":" 1*2DIGIT ":" 1*2DIGIT`, then nothing or a non-digit.
fn read_time(token: &[u8]) -> Option<(i8, i8, i8)> {
    let (hour, rest) = read_number(token, 1, 2)?;
    let (minute, rest) = read_number(rest.strip_prefix(b":")?, 1, 2)?;
    let (second, rest) = read_number(rest.strip_prefix(b":")?, 1, 2)?;
    let small = |n: i16| i8::try_from(n).ok();
    ends(rest)
        .then(|| Some((small(hour)?, small(minute)?, small(second)?)))
        .flatten()
}

fn read_month(token: &[u8]) -> Option<i8> {
    let start = token.get(..3)?.to_ascii_lowercase();
    let index = MONTHS.iter().position(|m| m.as_bytes() == start)?;
    i8::try_from(index + 1).ok()
}

/// Reads up to `most` digits; `None` if there are fewer than `least`.
fn read_number(text: &[u8], least: usize, most: usize) -> Option<(i16, &[u8])> {
    let digits = text
        .iter()
        .take(most)
        .take_while(|b| b.is_ascii_digit())
        .count();
    if digits < least {
        return None;
    }
    let value = text[..digits]
        .iter()
        .fold(0, |n: i16, b| n * 10 + i16::from(b - b'0'));
    Some((value, &text[digits..]))
}

/// Whether a number is over: nothing follows, or something other than a digit.
fn ends(rest: &[u8]) -> bool {
    rest.first().is_none_or(|b| !b.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_shape_that_browsers_read_is_read() {
        for text in [
            "Sun, 06 Nov 1994 08:49:37 GMT",
            "Sunday, 06-Nov-94 08:49:37 GMT",
            "Sun Nov  6 08:49:37 1994",
            "1994 nov 6th 8:49:37",
            "06-NOVEMBER-1994 08:49:37zzz",
            "08:49:37;6/Nov/94",
        ] {
            assert_eq!(parse(text), Some(784_111_777.0), "{text}");
        }
    }

    #[test]
    fn two_digit_years_turn_at_seventy() {
        assert_eq!(parse("01 Jan 70 00:00:00"), Some(0.0));
        assert_eq!(parse("01 Jan 69 00:00:00"), parse("01 Jan 2069 00:00:00"));
    }

    #[test]
    fn the_last_second_of_9999_is_a_date() {
        let text = "Fri, 31 Dec 9999 23:59:59 GMT";
        assert_eq!(parse(text), Some(253_402_300_799.0));
        assert_eq!(format(253_402_300_799.0), text);
        assert_eq!(format(1e300), text);
    }

    #[test]
    fn what_is_no_date_is_none() {
        for text in [
            "",
            "0",
            "-1",
            "tomorrow",
            "30 Feb 2020 00:00:00",
            "32 Jan 2020 00:00:00",
            "01 Jan 1600 00:00:00",
            "01 Jan 2020 24:00:00",
            "01 Jan 2020 00:60:00",
            "01 Jan 20201 00:00:00",
            "01 Jan 2020 00:00:000",
        ] {
            assert_eq!(parse(text), None, "{text}");
        }
    }
}
