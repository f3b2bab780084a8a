//! Reading HTML within bounds: time, nodes, depth.
//!
//! Some documents cost a parser far more than they weigh (deep nesting, formatting elements that are
//! opened again in every paragraph). So the parser is fed piece by piece, and what lies behind the
//! bounds is left out, which the caller must tell.

use std::time::{Duration, Instant};

use html5ever::driver::{ParseOpts, parse_document};
use html5ever::tendril::{StrTendril, TendrilSink};
use scraper::{Html, HtmlTreeSink, Selector};

/// Longest time for one document.
const MAX_TIME: Duration = Duration::from_secs(2);
/// Most nodes of one document.
const MAX_NODES: usize = 400_000;
/// Deepest nesting in which selectors are tried: each try may walk up to the root.
const MAX_SELECTOR_DEPTH: usize = 1000;
/// How much is fed at once.
const PIECE: usize = 2048;

/// A document that was read.
#[derive(Debug)]
pub(super) struct Document {
    /// The tree.
    pub(super) html: Html,
    /// Whether a bound cut it short.
    pub(super) cut: bool,
}

/// Reads a document as a browser that runs scripts does (the content of `noscript` is text).
pub(super) fn parse(source: &str) -> Document {
    let sink = HtmlTreeSink::new(Html::new_document());
    let mut parser = parse_document(sink, ParseOpts::default());
    let start = Instant::now();
    let mut rest = source;
    while !rest.is_empty() {
        let nodes = parser.tokenizer.sink.sink.0.borrow().tree.nodes().len();
        if start.elapsed() > MAX_TIME || nodes > MAX_NODES {
            break;
        }
        let (piece, later) = rest.split_at(boundary_before(rest, PIECE));
        parser.process(StrTendril::from_slice(piece));
        rest = later;
    }
    let cut = !rest.is_empty();
    let html = parser.finish();
    Document { html, cut }
}

/// The nearest place at or before `at` where a text can be cut.
pub(super) fn boundary_before(text: &str, at: usize) -> usize {
    let at = at.min(text.len());
    (0..=at)
        .rev()
        .find(|i| text.is_char_boundary(*i))
        .unwrap_or(0)
}

/// Whether an element matches one of the selectors. Selectors that this engine cannot read match
/// nothing; so does everything in a document that is nested too deeply (`depth`).
pub(super) fn any_matches(html: &Html, depth: usize, selectors: &[String]) -> bool {
    depth <= MAX_SELECTOR_DEPTH
        && selectors.iter().any(|text| match Selector::parse(text) {
            Ok(selector) => html.select(&selector).next().is_some(),
            Err(error) => {
                tracing::debug!("the selector \"{text}\" cannot be read: {error}");
                false
            }
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn documents_are_read_whole_across_pieces() {
        let source = format!("<title>é</title>{}", "<p>ä</p>".repeat(2000));
        let document = parse(&source);
        assert!(!document.cut);
        let selectors = ["p:nth-of-type(2000)".to_owned()];
        assert!(any_matches(&document.html, 3, &selectors));
        assert!(!any_matches(
            &document.html,
            MAX_SELECTOR_DEPTH + 1,
            &selectors
        ));
        assert!(!any_matches(
            &document.html,
            3,
            &["p:visible(((".to_owned()]
        ));
    }

    #[test]
    fn hostile_documents_end_soon() {
        let formatting: String = (0..2000).map(|i| format!("<b id={i}>")).collect();
        for source in [
            "<div>".repeat(1_000_000),
            format!("{formatting}{}", "<p>".repeat(100_000)),
            "<a><b>".repeat(300_000),
            "<!--".repeat(100_000),
        ] {
            let start = Instant::now();
            let document = parse(&source);
            assert!(document.html.tree.nodes().len() < 4 * MAX_NODES);
            assert!(start.elapsed() < 10 * MAX_TIME, "{}", &source[..20]);
        }
    }
}
