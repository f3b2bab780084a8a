//! Finding providers' code in addresses and script texts that nobody runs.
//!
//! What to look for comes from the catalogue by way of the options. A hit is a prediction: what the
//! code would store follows from the catalogue, but was not observed.

use std::collections::BTreeSet;

use regex::Regex;
use url::Url;

use super::html::boundary_before;
use crate::engine::EngineError;
use crate::engine::options::{Options, SnippetPattern};
use crate::model::visit::Prediction;

/// A page that holds more than this is not a page with a widget but one about them.
const MAX_PREDICTIONS: usize = 50;
/// How far an address may reach around a hit in a script's text.
const REACH: usize = 200;

/// Searches for what the options ask for.
#[derive(Debug)]
pub(super) struct Finder {
    patterns: Vec<SnippetPattern>,
    globals: Vec<(String, Regex)>,
}

/// Where a text stands.
#[derive(Debug, Clone, Copy)]
pub(super) struct Spot<'a> {
    /// The document or script that holds it.
    pub(super) url: &'a Url,
    /// In words, for the evidence.
    pub(super) place: &'a str,
    /// What keeps it from running or loading, in words.
    pub(super) held_back: Option<&'a str>,
}

/// What was found so far.
#[derive(Debug, Clone, Default)]
pub(super) struct Found {
    predictions: Vec<Prediction>,
    globals: BTreeSet<String>,
}

impl Finder {
    /// Prepares the search.
    pub(super) fn new(options: &Options) -> Result<Self, EngineError> {
        let globals = options.globals.iter().map(|name| {
            let escaped = regex::escape(name);
            // Only where it is given a value: scripts ask about each other's globals too.
            let assigned =
                format!(r#"(?:^|[^\w$]){escaped}\s*(?:["']\]\s*)?(?:\|\|)?=(?:[^=>]|$)"#);
            let regex = Regex::new(&assigned).map_err(|e| {
                EngineError::Http(format!("the global \"{name}\" cannot be searched for: {e}"))
            })?;
            Ok((name.clone(), regex))
        });
        Ok(Self {
            patterns: options.snippets.clone(),
            globals: globals.collect::<Result<_, EngineError>>()?,
        })
    }

    /// Searches an absolute address.
    pub(super) fn in_address(&self, address: &Url, spot: Spot<'_>, found: &mut Found) {
        for pattern in &self.patterns {
            if let Some(hit) = pattern.regex.captures(address.as_str()) {
                found.add(pattern, &hit, address.to_string(), spot);
            }
        }
    }

    /// Searches the text of a script (or of anything else that is not an address).
    pub(super) fn in_code(&self, code: &str, spot: Spot<'_>, found: &mut Found) {
        // As JSON and templates write it.
        let code = code
            .replace("\\/", "/")
            .replace("\\u002F", "/")
            .replace("\\u002f", "/");
        for pattern in &self.patterns {
            for hit in pattern.regex.captures_iter(&code).take(MAX_PREDICTIONS) {
                let around = hit
                    .get(0)
                    .and_then(|m| address_around(&code, m.start(), m.end()));
                let url = around.unwrap_or_else(|| spot.url.clone()).to_string();
                found.add(pattern, &hit, url, spot);
            }
        }
        if spot.held_back.is_none() {
            let given = self
                .globals
                .iter()
                .filter(|(_, regex)| regex.is_match(&code));
            found.globals.extend(given.map(|(name, _)| name.clone()));
        }
    }
}

impl Found {
    fn add(
        &mut self,
        pattern: &SnippetPattern,
        hit: &regex::Captures<'_>,
        url: String,
        spot: Spot<'_>,
    ) {
        let names = pattern.regex.capture_names().flatten();
        let captures = names
            .filter_map(|n| Some((n.to_owned(), hit.name(n)?.as_str().to_owned())))
            .collect();
        let evidence = match spot.held_back {
            None => spot.place.to_owned(),
            Some(reason) => format!("{}, held back ({reason})", spot.place),
        };
        let new = Prediction {
            provider: pattern.provider.clone(),
            url,
            captures,
            gated: spot.held_back.is_some(),
            evidence,
        };
        self.keep(new);
    }

    fn keep(&mut self, new: Prediction) {
        let same = |p: &Prediction| p.provider == new.provider && p.captures == new.captures;
        match self.predictions.iter().position(same) {
            // Code that runs says more than the same code held back.
            Some(at) if self.predictions[at].gated && !new.gated => self.predictions[at] = new,
            Some(_) => {}
            None if self.predictions.len() < MAX_PREDICTIONS => self.predictions.push(new),
            None => {}
        }
    }

    /// Adds what another part of the page showed.
    pub(super) fn extend(&mut self, other: Self) {
        for new in other.predictions {
            self.keep(new);
        }
        self.globals.extend(other.globals);
    }

    /// The predictions in page order and the globals in order of their names. A hit is dropped
    /// where another one of the same provider names the same captures and more.
    pub(super) fn finish(self) -> (Vec<Prediction>, Vec<String>) {
        let says_less = |p: &Prediction, q: &Prediction| {
            p.provider == q.provider
                && p.captures.len() < q.captures.len()
                && p.captures.iter().all(|c| q.captures.contains(c))
                && (p.gated || !q.gated)
        };
        let all = &self.predictions;
        let told = all.iter().filter(|p| !all.iter().any(|q| says_less(p, q)));
        (told.cloned().collect(), self.globals.into_iter().collect())
    }
}

/// The absolute address that a hit is part of, if it is part of one.
fn address_around(code: &str, start: usize, end: usize) -> Option<Url> {
    let outside =
        |c: char| c.is_whitespace() || matches!(c, '"' | '\'' | '`' | '(' | ')' | '<' | '>');
    let from = boundary_before(code, start.saturating_sub(REACH));
    let to = boundary_before(code, end.saturating_add(REACH));
    let left = code[from..start].rfind(outside).map_or(from, |i| {
        let at = from + i;
        at + code[at..].chars().next().map_or(0, char::len_utf8)
    });
    let right = code[end..to].find(outside).map_or(to, |i| end + i);
    let text = &code[left..right];
    // An attribute without quotes stands in front of its address.
    absolute(text).or_else(|| absolute(text.split_once('=')?.1))
}

fn absolute(text: &str) -> Option<Url> {
    let with_scheme = text
        .strip_prefix("//")
        .map(|rest| format!("https://{rest}"));
    let url = Url::parse(with_scheme.as_deref().unwrap_or(text)).ok()?;
    matches!(url.scheme(), "http" | "https").then_some(url)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may fail by panicking")]
    use super::*;

    const ID: &str = "64f0c0ffee64f0c0ffee64f0";

    fn finder() -> Finder {
        let pattern = |regex: &str| SnippetPattern {
            provider: "chat".into(),
            regex: Regex::new(regex).unwrap(),
        };
        let options = Options {
            snippets: vec![
                pattern(r"embed\.chat\.test/(?<property_id>[0-9a-f]{24})/(?<widget_id>\w+)"),
                pattern(r#"\$_Chat_Key\s*=\s*["'](?<property_id>[0-9a-f]{24})"#),
                pattern(r"embed\.chat\.test"),
            ],
            globals: vec!["Chat_API".into(), "$_Chat_Key".into()],
            ..Options::default()
        };
        Finder::new(&options).unwrap()
    }

    fn in_code(code: &str, held_back: Option<&str>) -> (Vec<Prediction>, Vec<String>) {
        let url = Url::parse("https://shop.test/main.js").unwrap();
        let mut found = Found::default();
        let spot = Spot {
            url: &url,
            place: "script",
            held_back,
        };
        finder().in_code(code, spot, &mut found);
        found.finish()
    }

    #[test]
    fn code_gives_address_captures_and_globals() {
        let code = format!(
            "var Chat_API=Chat_API||{{}};s.src='https://embed.chat.test/{ID}/default?v=1';"
        );
        let (predictions, globals) = in_code(&code, None);
        assert_eq!(globals, ["Chat_API"]);
        assert_eq!(predictions.len(), 1);
        assert_eq!(
            predictions[0].url,
            format!("https://embed.chat.test/{ID}/default?v=1")
        );
        let expected = [("property_id", ID), ("widget_id", "default")];
        assert_eq!(
            predictions[0].captures,
            expected.map(|(a, b)| (a.to_owned(), b.to_owned()))
        );
        assert!(!predictions[0].gated);
    }

    #[test]
    fn escaped_slashes_and_missing_schemes_are_understood() {
        for code in [
            format!(r#"{{"url":"https:\/\/embed.chat.test\/{ID}\/default"}}"#),
            format!(r#"x="\u002F\u002Fembed.chat.test\u002F{ID}\u002Fdefault""#),
            format!("//embed.chat.test/{ID}/default"),
        ] {
            let (predictions, _) = in_code(&code, None);
            assert_eq!(
                predictions[0].url,
                format!("https://embed.chat.test/{ID}/default")
            );
        }
    }

    #[test]
    fn a_copy_is_found_by_its_code_and_named_by_its_script() {
        let (predictions, globals) = in_code(&format!("window.$_Chat_Key='{ID}';é"), None);
        assert_eq!(predictions[0].url, "https://shop.test/main.js");
        assert_eq!(globals, ["$_Chat_Key"]);
    }

    #[test]
    fn globals_count_only_where_they_are_given_a_value() {
        for (code, found) in [
            ("window.Chat_API = 1", true),
            ("window[\"Chat_API\"]=x", true),
            ("Chat_API||=x", true),
            ("if (window.Chat_API) {}", false),
            ("Chat_API == x", false),
            ("My_Chat_API = 1", false),
            ("Chat_API.start()", false),
        ] {
            assert_eq!(!in_code(code, None).1.is_empty(), found, "{code}");
        }
        assert!(
            in_code("Chat_API = 1", Some("type=\"text/plain\""))
                .1
                .is_empty()
        );
    }

    #[test]
    fn running_code_says_more_than_code_held_back() {
        let url = Url::parse("https://shop.test/").unwrap();
        let address = Url::parse(&format!("https://embed.chat.test/{ID}/a")).unwrap();
        let mut found = Found::default();
        for held_back in [Some("data-src"), None, Some("template")] {
            let spot = Spot {
                url: &url,
                place: "script",
                held_back,
            };
            finder().in_address(&address, spot, &mut found);
        }
        let (predictions, _) = found.finish();
        assert_eq!(predictions.len(), 1, "the hit without captures is dropped");
        assert_eq!(
            (predictions[0].gated, predictions[0].evidence.as_str()),
            (false, "script")
        );
    }
}
