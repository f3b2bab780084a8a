//! The collector script and the records it sends through its binding.

use std::sync::LazyLock;

use serde::Deserialize;

use super::shorten::shorten;
use crate::engine::browser::cdp::mend;
use crate::model::observation::StackFrame;

const SCRIPT: &str = include_str!("script.js");

/// The script for a binding of this name, without what only its readers need: it is sent to every
/// frame and worker.
pub(crate) fn source(binding: &str) -> String {
    static SHORT: LazyLock<String> = LazyLock::new(|| shorten(SCRIPT));
    format!("({})({binding:?})", *SHORT)
}

/// What a script wrote, as the collector script tells it.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(crate) struct Record {
    /// `cookie`, `cookieStore.set`, `cookieStore.delete`, `setItem`, `removeItem`, `clear`; `assign` and
    /// `delete` (a storage area's property); `idb.open`,
    /// `idb.delete`, `caches.open`, `caches.delete`, `cache.put`, `register` (a service worker) or
    /// `file`.
    pub(crate) op: String,
    /// The document's address, or the worker's.
    pub(crate) url: String,
    /// Its origin; `null` for opaque ones.
    pub(crate) origin: String,
    /// Milliseconds since 1970 by the page's clock.
    pub(crate) time: f64,
    /// The stack in V8's format.
    pub(crate) stack: String,
    /// `local` or `session`; empty for the area of another window.
    pub(crate) area: String,
    /// The value of the key or cookie; `cookie`: the whole line. `idb.open`: the version;
    /// `cache.put`: the address; `register`: the scope; each empty where none was given. At most
    /// 65,536 characters, as every text of a record.
    pub(crate) value: String,
    /// The name of the key, cookie (`cookieStore`), database, cache or file. `register`: the script.
    pub(crate) name: String,
    /// `cookieStore`: milliseconds since 1970.
    pub(crate) expires: Option<f64>,
    /// `cookieStore`: domain.
    pub(crate) domain: Option<String>,
    /// `cookieStore`: path.
    pub(crate) path: Option<String>,
    /// `cookieStore`: `strict`, `lax` or `none`.
    pub(crate) same_site: Option<String>,
    /// `cookieStore`: partitioned.
    pub(crate) partitioned: Option<bool>,
}

impl Record {
    /// Reads a record; `None` if a page made it up and it has no such form.
    pub(crate) fn read(payload: &str) -> Option<Self> {
        // A text within a text: what was mended when the message came was the outer one.
        serde_json::from_str(&mend(payload)).ok()
    }

    /// The address that decides a cookie's host: the document's, or its origin for documents
    /// without an address of their own (`about:blank`, `srcdoc`).
    pub(crate) fn cookie_url(&self) -> String {
        if self.url.starts_with("http") {
            self.url.clone()
        } else {
            format!("{}/", self.origin)
        }
    }

    /// The name of the cookie or key that was written.
    pub(crate) fn written_name(&self) -> &str {
        match self.op.as_str() {
            "cookie" => self.value.split(['=', ';']).next().unwrap_or_default(),
            _ => &self.name,
        }
    }

    /// The stack's frames, innermost first.
    pub(crate) fn frames(&self) -> Vec<StackFrame> {
        self.stack.lines().filter_map(frame).collect()
    }
}

/// Reads `    at name (url:line:column)` or `    at url:line:column`.
fn frame(line: &str) -> Option<StackFrame> {
    let text = line.trim_start().strip_prefix("at ")?;
    let (function, place) = match text.strip_suffix(')').and_then(|t| t.rsplit_once(" (")) {
        Some((function, place)) => (function, place),
        None => ("", text.strip_prefix("async ").unwrap_or(text)),
    };
    let mut parts = place.rsplitn(3, ':');
    let column = parts.next()?.parse().ok()?;
    let line = parts.next()?.parse().ok()?;
    let url = parts.next()?;
    Some(StackFrame {
        function: function.to_owned(),
        url: url.to_owned(),
        line,
        column,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stacks_are_read_in_all_their_forms() {
        let record = Record {
            stack: "Error\n    at Object.set (https://a.test/x.js:3:14)\n    at https://a.test:8443/:9:1\n    \
                    at async load (https://b.test/y.js?q=(1):7:2)\n    at <anonymous>\n    at new Promise (<anonymous>)"
                .to_owned(),
            ..Record::default()
        };
        let frames: Vec<_> = record
            .frames()
            .into_iter()
            .map(|f| format!("{}|{}|{}:{}", f.function, f.url, f.line, f.column))
            .collect();
        assert_eq!(
            frames,
            [
                "Object.set|https://a.test/x.js|3:14",
                "|https://a.test:8443/|9:1",
                "async load|https://b.test/y.js?q=(1)|7:2"
            ]
        );
    }

    #[test]
    fn names_with_half_characters_are_read() {
        let record = Record::read(r#"{"op": "setItem", "name": "a\ud800b"}"#).expect("a record");
        assert_eq!(record.name, "a\u{fffd}b");
    }

    #[test]
    fn the_script_stays_small() {
        let served = source("preconsent0123456789abcdef");
        assert!(served.len() < 6_000, "{} bytes", served.len());
    }

    #[test]
    fn cookies_of_documents_without_address_belong_to_their_origin() {
        let record = |url: &str| Record {
            url: url.to_owned(),
            origin: "https://a.test".to_owned(),
            ..Record::default()
        };
        assert_eq!(record("about:blank").cookie_url(), "https://a.test/");
        assert_eq!(
            record("https://a.test/p/q").cookie_url(),
            "https://a.test/p/q"
        );
    }
}
