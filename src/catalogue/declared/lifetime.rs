//! Lifetimes as people write them: "2 years", "13 mois", "End of session (browser)", "2年".

use super::file::Unit;
use super::words::{Words, fold};
use crate::catalogue::duration::Expires;

/// What a text says about a lifetime.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reading {
    /// A lifetime, and whether each visit begins it anew.
    Known {
        /// The lifetime.
        expires: Expires,
        /// True for "after the last visit" and the like.
        renewed: bool,
    },
    /// Nothing was said.
    Missing,
    /// Something was said that is no lifetime, or several at once.
    Unreadable(String),
}

/// A text longer than this is an explanation.
const MAX_CHARS: usize = 80;

/// Reads a lifetime, in any of the languages.
#[must_use]
pub fn read(text: &str) -> Reading {
    let written = text.trim();
    if written.is_empty() {
        return Reading::Missing;
    }
    let known = |expires, renewed| Reading::Known { expires, renewed };
    if let Ok(expires) = written.parse::<Expires>() {
        return known(expires, false);
    }
    let unreadable = || Reading::Unreadable(written.to_owned());
    if written.chars().count() > MAX_CHARS {
        return unreadable();
    }
    let words = Words::builtin();
    let folded = fold(written);
    match words.whole.get(&folded) {
        Some(Expires::NotStated) => return Reading::Missing,
        Some(expires) => return known(expires.clone(), false),
        None => {}
    }
    let ending = words
        .renewed
        .iter()
        .find_map(|end| folded.strip_suffix(end.as_str()));
    match terms(ending.unwrap_or(&folded), words) {
        Some(iso) => iso
            .parse()
            .map_or_else(|_| unreadable(), |expires| known(expires, ending.is_some())),
        None => unreadable(),
    }
}

/// The ISO 8601 form of `1 year 6 months`; each unit once, from the longest to the shortest.
fn terms(text: &str, words: &Words) -> Option<String> {
    let mut counts: Vec<(Unit, u64)> = Vec::new();
    let mut number: Option<u64> = None;
    for token in tokens(text) {
        if let Ok(count) = token.parse::<u64>() {
            if number.replace(count).is_some() {
                return None;
            }
        } else if let Some((unit, count)) = words.units.get(&token).zip(number) {
            number = None;
            if counts.last().is_some_and(|(before, _)| before >= unit) {
                return None;
            }
            counts.push((*unit, count));
        // Words for "one" are units in other languages, so that the number comes first.
        } else if number.is_none() && words.one.contains(&token) {
            number = Some(1);
        } else if number.is_some() || !counts.is_empty() || !words.around.contains(&token) {
            return None;
        }
    }
    (number.is_none() && !counts.is_empty()).then(|| iso(&counts))
}

/// Numbers and the words between them: `13か月` is two tokens.
fn tokens(text: &str) -> Vec<String> {
    let mut tokens: Vec<String> = Vec::new();
    let mut last = None;
    for c in text.chars() {
        let kind = match c {
            c if c.is_ascii_digit() => Some('0'),
            c if c.is_whitespace() => None,
            _ => Some('a'),
        };
        match (kind, tokens.last_mut()) {
            (Some(_), Some(token)) if kind == last => token.push(c),
            (Some(_), _) => tokens.push(c.to_string()),
            (None, _) => {}
        }
        last = kind;
    }
    let bare = tokens.iter().map(|t| t.trim_matches(['.', ',']).to_owned());
    bare.filter(|t| !t.is_empty()).collect()
}

fn iso(counts: &[(Unit, u64)]) -> String {
    let part = |time: bool| -> String {
        let of_part = counts
            .iter()
            .filter(|(unit, _)| (*unit >= Unit::Hour) == time);
        of_part
            .map(|(unit, n)| format!("{n}{}", letter(*unit)))
            .collect()
    };
    let (date, time) = (part(false), part(true));
    match time.as_str() {
        "" => format!("P{date}"),
        time => format!("P{date}T{time}"),
    }
}

fn letter(unit: Unit) -> char {
    match unit {
        Unit::Year => 'Y',
        Unit::Month | Unit::Minute => 'M',
        Unit::Week => 'W',
        Unit::Day => 'D',
        Unit::Hour => 'H',
        Unit::Second => 'S',
    }
}

/// The lifetime of so many seconds, in the greatest unit that divides it; 0 is the session.
#[must_use]
pub fn of_seconds(seconds: u64) -> Expires {
    let text = match seconds {
        0 => String::from("session"),
        s if s % 86_400 == 0 => format!("P{}D", s / 86_400),
        s if s % 3600 == 0 => format!("PT{}H", s / 3600),
        s if s % 60 == 0 => format!("PT{}M", s / 60),
        s => format!("PT{s}S"),
    };
    // More seconds than can be counted are as good as no end.
    text.parse().unwrap_or(Expires::UntilCleared)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn shown(text: &str) -> String {
        match read(text) {
            Reading::Known { expires, renewed } if renewed => format!("{expires} renewed"),
            Reading::Known { expires, .. } => expires.to_string(),
            Reading::Missing => String::from("missing"),
            Reading::Unreadable(text) => format!("unreadable {text}"),
        }
    }

    #[test]
    fn lifetimes_are_read() {
        for (text, expected) in [
            ("2 years", "P2Y"),
            ("1 year 1 month 4 days", "P1Y1M4D"),
            ("30 mins", "PT30M"),
            ("1440 Minutes", "PT1440M"),
            ("90 sec", "PT90S"),
            ("about 1 hour", "PT1H"),
            ("one year", "P1Y"),
            ("Session", "session"),
            ("End of session (browser)", "session"),
            ("2 years after last activity", "P2Y renewed"),
            ("an hour", "PT1H"),
            ("un an", "P1Y"),
            ("2 Jahre", "P2Y"),
            ("bis zum Ende der Sitzung", "session"),
            ("13 mois", "P13M"),
            ("1 año y", "unreadable 1 año y"),
            ("2年", "P2Y"),
            ("1년 6개월", "P1Y6M"),
            ("30 дней", "P30D"),
            ("P6M", "P6M"),
            ("forever", "until-cleared"),
            ("Immediately removed", "transient"),
            ("Unknown", "missing"),
            ("  ", "missing"),
        ] {
            assert_eq!(shown(text), expected, "{text}");
        }
    }

    #[test]
    fn what_is_none_or_several_is_not_guessed() {
        for text in [
            "30 minutes, 3w or 1y depending on value",
            "1 hour or longer",
            "60 days till 3650 days",
            "Seesion",
            "10 Nov 2030",
            "2",
            "1.5 years",
            "1 month 2 years",
            "0 days",
        ] {
            assert_eq!(shown(text), format!("unreadable {text}"));
        }
    }

    #[test]
    fn seconds_have_a_greatest_unit() {
        for (seconds, text) in [
            (0, "session"),
            (2_592_000, "P30D"),
            (5400, "PT90M"),
            (61, "PT61S"),
        ] {
            assert_eq!(of_seconds(seconds).to_string(), text);
        }
    }

    proptest! {
        #[test]
        fn any_text_can_be_read(text in "\\PC{0,40}|[0-9]{1,25} (years|days|d|Jahre)") {
            let _ = read(&text);
        }
    }
}
