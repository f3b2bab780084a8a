//! Consent records that a visitor arrives with instead of pressing anything: `name=value` for a
//! cookie, `local:KEY=VALUE` for a key of the local storage, and the choice that they stand for.

use std::fmt;
use std::str::FromStr;

use crate::model::choice::Choice;
use crate::model::item::Store;

/// What marks a key of the local storage.
const LOCAL: &str = "local:";

/// Browsers keep no longer cookies.
const COOKIE_MAX: usize = 4096;

/// Records in storage are short, too.
const KEY_MAX: usize = 64 * 1024;

/// The choices that a record can stand for before a page is loaded.
const SEEDED: [Choice; 2] = [Choice::Reject, Choice::Accept];

/// A record of a choice, as it is stored before the page is loaded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seed {
    /// Cookie or local storage.
    pub store: Store,
    /// The name of the cookie or key.
    pub name: String,
    /// Its value, as the site stores it.
    pub value: String,
}

/// A record and the choice that it stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChoiceSeed {
    /// The choice: to reject or to accept.
    pub choice: Choice,
    /// The record.
    pub seed: Seed,
}

impl Seed {
    /// As it is written, without its value.
    #[must_use]
    pub fn label(&self) -> String {
        match self.store {
            Store::Cookie => format!("cookie {}", self.name),
            other => format!("{} key {}", other.as_str(), self.name),
        }
    }
}

impl FromStr for Seed {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (store, rest) = match text.strip_prefix(LOCAL) {
            Some(rest) => (Store::LocalStorage, rest),
            None => (Store::Cookie, text),
        };
        let Some((name, value)) = rest.split_once('=') else {
            return Err(format!(
                "\"{}\" is no consent record; write name=value for a cookie, or local:KEY=VALUE",
                text.escape_debug()
            ));
        };
        check(store, name, value)?;
        Ok(Self {
            store,
            name: name.to_owned(),
            value: value.to_owned(),
        })
    }
}

/// Refuses what the store would not take as it is.
fn check(store: Store, name: &str, value: &str) -> Result<(), String> {
    if name.is_empty() {
        return Err("the record's name is missing before the =".to_owned());
    }
    if store != Store::Cookie {
        return match name.len() + value.len() {
            0..=KEY_MAX => Ok(()),
            long => Err(format!(
                "the record {name} has {long} bytes; at most {KEY_MAX} are stored"
            )),
        };
    }
    let plain = |c: char| c.is_ascii_graphic() && c != ';';
    if !name.chars().all(plain) {
        return Err(format!(
            "\"{}\" cannot name a cookie; write name=value without attributes",
            name.escape_debug()
        ));
    }
    if !value.chars().all(|c| plain(c) || c == ' ') || value.trim() != value {
        return Err(format!(
            "the value of the cookie {name} has characters that no cookie may have; write it as \
             the site stores it, percent-encoded where it does so, and without attributes"
        ));
    }
    if name.len() + value.len() > COOKIE_MAX {
        return Err(format!(
            "the cookie {name} has more than {COOKIE_MAX} bytes"
        ));
    }
    Ok(())
}

impl FromStr for ChoiceSeed {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let choices = SEEDED.map(Choice::as_str);
        let form = || {
            format!(
                "write CHOICE:NAME=VALUE for a cookie or CHOICE:local:KEY=VALUE, where CHOICE is {}",
                choices.join(" or ")
            )
        };
        let Some((word, record)) = text.split_once(':') else {
            return Err(format!("the choice is missing; {}", form()));
        };
        let Some(choice) = SEEDED.into_iter().find(|c| c.as_str() == word) else {
            return Err(format!(
                "\"{}\" is no choice that can be stored beforehand; {}",
                word.escape_debug(),
                form()
            ));
        };
        Ok(Self {
            choice,
            seed: record.parse()?,
        })
    }
}

impl fmt::Display for ChoiceSeed {
    /// Without the value.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.choice.as_str(), self.seed.label())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<(Choice, Store, String, String), String> {
        let read = text.parse::<ChoiceSeed>()?;
        let seed = read.seed;
        Ok((read.choice, seed.store, seed.name, seed.value))
    }

    #[test]
    fn records_are_read_with_their_choice() {
        let expected = |choice, store, name: &str, value: &str| {
            Ok((choice, store, name.to_owned(), value.to_owned()))
        };
        assert_eq!(
            read("reject:klaro={\"tawk\":false}"),
            expected(Choice::Reject, Store::Cookie, "klaro", "{\"tawk\":false}")
        );
        assert_eq!(
            read("accept:a=b=c"),
            expected(Choice::Accept, Store::Cookie, "a", "b=c")
        );
        assert_eq!(
            read("accept:local:uc:settings=ja, ü"),
            expected(Choice::Accept, Store::LocalStorage, "uc:settings", "ja, ü")
        );
        assert_eq!(
            read("reject:local:k="),
            expected(Choice::Reject, Store::LocalStorage, "k", "")
        );
    }

    #[test]
    fn what_is_wrong_is_told_with_what_is_right() {
        for (text, part) in [
            ("klaro=x", "the choice is missing"),
            ("withdraw:klaro=x", "\"withdraw\" is no choice"),
            ("session:klaro=x", "CHOICE is reject or accept"),
            ("reject:klaro", "is no consent record"),
            ("reject:=x", "the record's name is missing"),
            ("reject:local:=x", "the record's name is missing"),
            ("reject:a b=x", "cannot name a cookie"),
            ("reject:a=x; Path=/", "without attributes"),
            ("reject:a=ü", "characters that no cookie may have"),
        ] {
            let error = read(text).expect_err(text);
            assert!(error.contains(part), "{text}: {error}");
        }
        let long = "x".repeat(COOKIE_MAX);
        assert!(read(&format!("accept:a={long}")).is_err());
        assert!(read(&format!("accept:local:a={long}")).is_ok());
    }
}
