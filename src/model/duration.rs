//! Declared lifetimes: `session`, ISO 8601 durations, `until-cleared`, `transient`, `not-stated`.
//!
//! Months count as 31 days and years as 366 as an upper bound, so that a declared "6 months" is not
//! exceeded by any six calendar months. As a lower bound ([`Expires::lower_s`]) they count as 30 and
//! 365 days, as those who set them do.

use std::fmt;
use std::str::FromStr;

/// A declared lifetime.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Expires {
    /// Until the browser or the tab ends.
    Session,
    /// At most so many seconds; with the text it was written as (`P6M`).
    Within {
        /// As written.
        text: String,
        /// Upper bound in seconds.
        upper_s: i64,
    },
    /// Until someone clears it (storage without an end).
    UntilCleared,
    /// Set and removed again at once.
    Transient,
    /// The vendor states none.
    NotStated,
}

/// Why a text is no lifetime: whoever wrote the rules file is at fault.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DurationError {
    /// Neither a known word nor a duration.
    #[error("\"{0}\" is no lifetime")]
    Unknown(String),
    /// A duration of nothing.
    #[error("\"{0}\" is no time at all; write \"session\" or \"transient\"")]
    Zero(String),
    /// More seconds than can be counted.
    #[error("\"{0}\" is longer than can be counted")]
    TooLong(String),
}

impl DurationError {
    /// What would be a lifetime, for messages.
    pub(crate) const EXPECTED: &'static str =
        "expected session, until-cleared, transient, not-stated or a duration such as P6M or PT30M";
}

/// The words, which are no durations.
const WORDS: [(&str, Expires); 4] = [
    ("session", Expires::Session),
    ("until-cleared", Expires::UntilCleared),
    ("transient", Expires::Transient),
    ("not-stated", Expires::NotStated),
];

/// What a unit is taken off for its lower bound.
const LEEWAY: [(&str, i64); 2] = [("year", DAY), ("month", DAY)];

/// Units of the date part, with their upper bounds in seconds and their names.
const DATE_UNITS: [(char, i64, &str); 4] = [
    ('Y', 366 * DAY, "year"),
    ('M', 31 * DAY, "month"),
    ('W', 7 * DAY, "week"),
    ('D', DAY, "day"),
];

/// Units of the time part.
const TIME_UNITS: [(char, i64, &str); 3] =
    [('H', 3600, "hour"), ('M', 60, "minute"), ('S', 1, "second")];

const DAY: i64 = 86_400;

/// A number and its unit.
struct Term {
    count: i64,
    unit_s: i64,
    unit: &'static str,
}

impl FromStr for Expires {
    type Err = DurationError;

    fn from_str(text: &str) -> Result<Self, DurationError> {
        if let Some((_, expires)) = WORDS.iter().find(|(word, _)| *word == text) {
            return Ok(expires.clone());
        }
        let terms = terms(text).ok_or_else(|| DurationError::Unknown(text.to_owned()))?;
        let upper_s = terms
            .iter()
            .try_fold(0_i64, |sum, t| {
                sum.checked_add(t.count.checked_mul(t.unit_s)?)
            })
            .ok_or_else(|| DurationError::TooLong(text.to_owned()))?;
        if upper_s == 0 {
            return Err(DurationError::Zero(text.to_owned()));
        }
        Ok(Self::Within {
            text: text.to_owned(),
            upper_s,
        })
    }
}

impl fmt::Display for Expires {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Self::Within { text, .. } = self {
            return f.write_str(text);
        }
        let word = WORDS.iter().find(|(_, expires)| expires == self);
        f.write_str(word.map_or("", |(word, _)| word))
    }
}

impl Expires {
    /// The least number of seconds that still is so long; `None` for what is no duration.
    #[must_use]
    pub fn lower_s(&self) -> Option<i64> {
        let Self::Within { text, upper_s } = self else {
            return None;
        };
        let leeway = |t: &Term| {
            let known = LEEWAY.iter().find(|(unit, _)| *unit == t.unit);
            known.map_or(0, |(_, less)| t.count.saturating_mul(*less))
        };
        let less: i64 = terms(text)?.iter().map(leeway).sum();
        Some(upper_s.saturating_sub(less))
    }

    /// In words for people: `6 months`, `session`, `until cleared`.
    #[must_use]
    pub fn in_words(&self) -> String {
        let Self::Within { text, .. } = self else {
            return self.to_string().replace('-', " ");
        };
        let terms = terms(text).unwrap_or_default();
        let words: Vec<String> = terms
            .iter()
            .filter(|t| t.count > 0)
            .map(|t| {
                let plural = if t.count == 1 { "" } else { "s" };
                format!("{} {}{plural}", t.count, t.unit)
            })
            .collect();
        words.join(" ")
    }
}

/// The terms of `P1Y2M3DT4H`; units in their order, each at most once, whole numbers only.
fn terms(text: &str) -> Option<Vec<Term>> {
    let (date, time) = match text.strip_prefix('P')?.split_once('T') {
        Some((_, "")) => return None,
        Some((date, time)) => (date, time),
        None => (text.strip_prefix('P')?, ""),
    };
    let mut terms = part(date, &DATE_UNITS)?;
    terms.extend(part(time, &TIME_UNITS)?);
    (!terms.is_empty()).then_some(terms)
}

fn part(mut text: &str, mut units: &[(char, i64, &'static str)]) -> Option<Vec<Term>> {
    let mut terms = Vec::new();
    while !text.is_empty() {
        let digits = text.find(|c: char| !c.is_ascii_digit())?;
        let count = text[..digits].parse().ok()?;
        let letter = text[digits..].chars().next()?;
        let at = units.iter().position(|(l, _, _)| *l == letter)?;
        let (_, unit_s, unit) = units[at];
        terms.push(Term {
            count,
            unit_s,
            unit,
        });
        units = &units[at + 1..];
        text = &text[digits + letter.len_utf8()..];
    }
    Some(terms)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn upper(text: &str) -> Option<i64> {
        match text.parse() {
            Ok(Expires::Within { upper_s, .. }) => Some(upper_s),
            _ => None,
        }
    }

    #[test]
    fn months_and_years_are_upper_bounds() {
        assert_eq!(upper("P6M"), Some(186 * DAY));
        assert_eq!(upper("P1Y"), Some(366 * DAY));
        assert_eq!(upper("P1Y2M3W4DT5H6M7S"), Some(453 * DAY + 18_367));
        assert_eq!(upper("PT30M"), Some(1800));
        assert_eq!(upper("P400D"), Some(34_560_000));
    }

    #[test]
    fn half_a_year_is_180_days_at_least() {
        for (text, days) in [("P6M", 180), ("P1Y", 365), ("P1Y1M3D", 398)] {
            let lower = text.parse::<Expires>().map(|e| e.lower_s());
            assert_eq!(lower, Ok(Some(days * DAY)), "{text}");
        }
        assert_eq!(Expires::Session.lower_s(), None);
    }

    #[test]
    fn words_and_durations_are_shown_as_written() {
        for text in [
            "session",
            "until-cleared",
            "transient",
            "not-stated",
            "P13M",
            "PT30M",
        ] {
            let shown = text.parse::<Expires>().map(|e| e.to_string());
            assert_eq!(shown.as_deref(), Ok(text));
        }
    }

    #[test]
    fn lifetimes_have_words() {
        for (text, words) in [
            ("P6M", "6 months"),
            ("P1Y1D", "1 year 1 day"),
            ("PT30M", "30 minutes"),
            ("until-cleared", "until cleared"),
        ] {
            let shown = text.parse::<Expires>().map(|e| e.in_words());
            assert_eq!(shown.as_deref(), Ok(words));
        }
    }

    #[test]
    fn what_is_no_lifetime_is_refused() {
        for text in [
            "", "P", "PT", "P1DT", "6 months", "P6", "P1M1Y", "P1D1D", "P1.5D", "P-1D", "p1d",
            "PT1D", "P1H", "Session", "P٣D",
        ] {
            let unknown = Err(DurationError::Unknown(text.to_owned()));
            assert_eq!(text.parse::<Expires>(), unknown, "{text}");
        }
        assert_eq!(
            "P0D".parse::<Expires>(),
            Err(DurationError::Zero("P0D".to_owned()))
        );
        let long = "P999999999999999Y";
        assert_eq!(
            long.parse::<Expires>(),
            Err(DurationError::TooLong(long.to_owned()))
        );
    }

    proptest! {
        #[test]
        fn any_text_can_be_read_or_refused(text in "\\PC{0,12}|P[0-9YMWDTHS.]{0,24}") {
            if let Ok(expires) = text.parse::<Expires>() {
                prop_assert_eq!(expires.to_string(), text);
                prop_assert!(!expires.in_words().is_empty());
            }
        }
    }
}
