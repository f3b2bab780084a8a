//! Values that the command line and the configuration file write the same way.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use clap::builder::{PossibleValuesParser, TypedValueParser};
use preconsent::batch::{MAX_CONCURRENCY, MAX_RUNS};
use preconsent::catalogue::list::Format as ListFormat;
use preconsent::model::role::Role;
use preconsent::model::scenario::ScenarioId;
use preconsent::report::Format;
use serde::{Deserialize, Deserializer, de};

/// A length of time: a number of seconds, or a number with a unit (`10s`, `500ms`, `2m`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Seconds(pub(crate) Duration);

/// The longest that may be asked for: beyond it, a typing error is more likely than patience.
const LONGEST: Duration = Duration::from_secs(3600);

impl FromStr for Seconds {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let text = text.trim();
        let duration = match text.parse::<f64>() {
            Ok(number) => Duration::try_from_secs_f64(number).ok(),
            Err(_) => text
                .parse::<jiff::SignedDuration>()
                .ok()
                .and_then(|d| Duration::try_from(d).ok()),
        };
        match duration {
            Some(d) if d <= LONGEST => Ok(Self(d)),
            Some(_) => Err(format!("\"{text}\" is longer than an hour")),
            None => Err(format!(
                "\"{text}\" is no length of time; write seconds (10) or a unit (10s, 500ms, 2m)"
            )),
        }
    }
}

impl<'de> Deserialize<'de> for Seconds {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Visitor;
        impl de::Visitor<'_> for Visitor {
            type Value = Seconds;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a length of time such as 10 or 10s")
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<Seconds, E> {
                text.parse().map_err(E::custom)
            }

            fn visit_u64<E: de::Error>(self, number: u64) -> Result<Seconds, E> {
                self.visit_str(&number.to_string())
            }

            fn visit_i64<E: de::Error>(self, number: i64) -> Result<Seconds, E> {
                self.visit_str(&number.to_string())
            }

            fn visit_f64<E: de::Error>(self, number: f64) -> Result<Seconds, E> {
                self.visit_str(&number.to_string())
            }
        }
        deserializer.deserialize_any(Visitor)
    }
}

/// How many targets are visited side by side.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(try_from = "usize")]
pub(crate) struct Concurrency(usize);

impl TryFrom<usize> for Concurrency {
    type Error = String;

    fn try_from(number: usize) -> Result<Self, Self::Error> {
        if (1..=MAX_CONCURRENCY).contains(&number) {
            Ok(Self(number))
        } else {
            Err(format!("{number} is not between 1 and {MAX_CONCURRENCY}"))
        }
    }
}

impl FromStr for Concurrency {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let number = text.parse::<usize>();
        number.map_err(|error| error.to_string())?.try_into()
    }
}

impl From<Concurrency> for usize {
    fn from(concurrency: Concurrency) -> Self {
        concurrency.0
    }
}

/// How often every visit is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(try_from = "u32")]
pub(crate) struct Runs(u32);

impl TryFrom<u32> for Runs {
    type Error = String;

    fn try_from(number: u32) -> Result<Self, Self::Error> {
        if (1..=MAX_RUNS).contains(&number) {
            Ok(Self(number))
        } else {
            Err(format!("{number} is not between 1 and {MAX_RUNS}"))
        }
    }
}

impl FromStr for Runs {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let number = text.parse::<u32>();
        number.map_err(|error| error.to_string())?.try_into()
    }
}

impl From<Runs> for u32 {
    fn from(runs: Runs) -> Self {
        runs.0
    }
}

/// One scenario, or all of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Scenarios {
    /// Every one there is.
    All,
    /// This one.
    One(ScenarioId),
}

impl FromStr for Scenarios {
    type Err = String;

    fn from_str(word: &str) -> Result<Self, Self::Err> {
        if word == ALL {
            return Ok(Self::All);
        }
        ScenarioId::from_word(word).map(Self::One).ok_or_else(|| {
            let words: Vec<&str> = scenario_words().collect();
            format!(
                "there is no scenario \"{word}\"; there are {}",
                words.join(", ")
            )
        })
    }
}

/// The word for all scenarios.
const ALL: &str = "all";

fn scenario_words() -> impl Iterator<Item = &'static str> {
    ScenarioId::ALL
        .map(ScenarioId::as_str)
        .into_iter()
        .chain([ALL])
}

/// Reads a scenario's word; the words that are possible come from the library.
pub(crate) fn scenario_parser() -> impl TypedValueParser<Value = Scenarios> {
    PossibleValuesParser::new(scenario_words()).try_map(|word| word.parse::<Scenarios>())
}

/// A category that a visitor may allow, as the configuration writes it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Category(pub(crate) Role);

impl FromStr for Category {
    type Err = String;

    fn from_str(word: &str) -> Result<Self, Self::Err> {
        let mut all = Role::OPTIONAL.into_iter();
        all.find(|role| role.as_str() == word)
            .map(Self)
            .ok_or_else(|| {
                let words: Vec<&str> = category_words().collect();
                format!(
                    "there is no category \"{word}\"; there are {}",
                    words.join(", ")
                )
            })
    }
}

fn category_words() -> impl Iterator<Item = &'static str> {
    Role::OPTIONAL.into_iter().map(Role::as_str)
}

/// Reads a category's word; the words that are possible come from the library.
pub(crate) fn category_parser() -> impl TypedValueParser<Value = Role> {
    PossibleValuesParser::new(category_words())
        .try_map(|word| word.parse::<Category>().map(|category| category.0))
}

/// The scenarios that were asked for, in report order, each once; the usual ones if none was. All of
/// them are those that can be made: single categories must be named to be chosen.
pub(crate) fn scenarios(asked: &[Scenarios], allow: &[Role]) -> Vec<ScenarioId> {
    if asked.is_empty() {
        return ScenarioId::DEFAULT.to_vec();
    }
    let is_asked = |s: &ScenarioId| {
        let can_be_made = *s != ScenarioId::Custom || !allow.is_empty();
        let by = |a: &Scenarios| (*a == Scenarios::All && can_be_made) || *a == Scenarios::One(*s);
        asked.iter().any(by)
    };
    ScenarioId::ALL.into_iter().filter(is_asked).collect()
}

/// Reads a format's word; the words that are possible come from the library.
pub(crate) fn format_parser() -> impl TypedValueParser<Value = Format> {
    PossibleValuesParser::new(Format::ALL.map(Format::as_str))
        .try_map(|word| word.parse::<Format>())
}

/// Reads the format of a list; the words that are possible come from the library.
pub(crate) fn list_format_parser() -> impl TypedValueParser<Value = ListFormat> {
    PossibleValuesParser::new(ListFormat::ALL.map(ListFormat::as_str))
        .try_map(|word| word.parse::<ListFormat>())
}

/// A list of values that are written as text, such as `--resolve`.
pub(crate) fn from_texts<'de, D, T>(deserializer: D) -> Result<Vec<T>, D::Error>
where
    D: Deserializer<'de>,
    T: FromStr<Err: fmt::Display>,
{
    Vec::<String>::deserialize(deserializer)?
        .iter()
        .map(|text| text.parse().map_err(de::Error::custom))
        .collect()
}

/// A value that is written as text, such as `--format`.
pub(crate) fn from_text<'de, D, T>(deserializer: D) -> Result<Option<T>, D::Error>
where
    D: Deserializer<'de>,
    T: FromStr<Err: fmt::Display>,
{
    let text = Option::<String>::deserialize(deserializer)?;
    text.map(|text| text.parse().map_err(de::Error::custom))
        .transpose()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn millis(text: &str) -> Result<u128, String> {
        text.parse::<Seconds>().map(|s| s.0.as_millis())
    }

    #[test]
    fn bare_numbers_are_seconds_and_units_are_understood() {
        for (text, expected) in [
            ("10", 10_000),
            ("0", 0),
            ("0.5", 500),
            ("10s", 10_000),
            ("500ms", 500),
            ("2m", 120_000),
            (" 1m 30s ", 90_000),
        ] {
            assert_eq!(millis(text), Ok(expected), "{text}");
        }
    }

    #[test]
    fn concurrency_has_bounds() {
        let read = |text: &str| text.parse::<Concurrency>().map(usize::from).ok();
        assert_eq!(
            ["1", "32", "0", "33", "-1", "x"].map(read),
            [Some(1), Some(32), None, None, None, None]
        );
    }

    #[test]
    fn runs_have_bounds() {
        let read = |text: &str| text.parse::<Runs>().map(u32::from).ok();
        assert_eq!(
            ["1", "10", "0", "11", "-1", "x"].map(read),
            [Some(1), Some(10), None, None, None, None]
        );
    }

    #[test]
    fn nonsense_and_eternities_are_refused() {
        for text in ["", "soon", "-1", "-5s", "NaN", "inf", "1e300", "2h"] {
            assert!(millis(text).is_err(), "{text}");
        }
    }
}
