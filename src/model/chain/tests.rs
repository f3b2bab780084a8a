//! Chains from made-up observations: stacks, parsers, redirects, frames, cycles.

use super::*;
use crate::model::observation::{Frame, StackFrame};
use crate::model::scenario::PhaseId;

const PAGE: &str = "https://shop.test/";

fn at(at_ms: u64, event: Event) -> Observation {
    Observation {
        at_ms,
        phase: PhaseId::BeforeChoice,
        event,
        repeats: None,
    }
}

fn script(places: &[(&str, u32)]) -> Writer {
    let frame = |(url, line): &(&str, u32)| StackFrame {
        function: String::new(),
        url: (*url).to_owned(),
        line: *line,
        column: 1,
    };
    Writer::script(places.iter().map(frame).collect())
}

fn parser(url: &str, line: u32) -> Writer {
    Writer {
        kind: WriterKind::Response,
        ..script(&[(url, line)])
    }
}

fn request(url: &str, resource: &str, initiator: Writer) -> Event {
    Event::Request(Request {
        id: url.to_owned(),
        url: url.to_owned(),
        method: "GET".to_owned(),
        resource: resource.to_owned(),
        initiator,
        document_url: PAGE.to_owned(),
        redirected_from: None,
    })
}

fn page() -> [Observation; 2] {
    let frame = Frame {
        url: PAGE.to_owned(),
        origin: "https://shop.test".to_owned(),
        top: true,
    };
    [
        at(0, request(PAGE, "document", Writer::unknown())),
        at(5, Event::Frame(frame)),
    ]
}

fn words_of(more: Vec<Observation>, writer: &Writer) -> String {
    let observations: Vec<Observation> = page().into_iter().chain(more).collect();
    in_words(&Causes::of(&observations).of_writer(writer, 1000))
}

#[test]
fn scripts_lead_up_to_the_inline_script_that_began_it() {
    let more = vec![
        at(
            10,
            request(
                "https://gtm.test/gtm.js?id=1",
                "script",
                script(&[(PAGE, 12)]),
            ),
        ),
        at(
            20,
            request(
                "https://cdn.test/a/b/banner.js",
                "script",
                script(&[("https://gtm.test/gtm.js?id=1", 7)]),
            ),
        ),
    ];
    let writer = script(&[
        ("https://cdn.test/a/b/banner.js", 3),
        ("https://cdn.test/a/b/banner.js", 90),
    ]);
    assert_eq!(
        words_of(more, &writer),
        "cdn.test/…/banner.js:3 ← gtm.test/gtm.js:7 ← inline script of the page, line 12"
    );
}

#[test]
fn a_response_leads_through_its_redirects_to_the_tag() {
    let hop = |url: &str, from: Option<&str>| {
        Event::Request(Request {
            id: "7".to_owned(),
            url: url.to_owned(),
            method: "GET".to_owned(),
            resource: "image".to_owned(),
            initiator: parser(PAGE, 31),
            document_url: PAGE.to_owned(),
            redirected_from: from.map(str::to_owned),
        })
    };
    let more = vec![
        at(10, hop("https://a.test/1", None)),
        at(11, hop("https://b.test/2", Some("https://a.test/1"))),
        at(12, hop("https://c.test/3#x", Some("https://b.test/2"))),
    ];
    assert_eq!(
        words_of(more, &Writer::response("https://c.test/3")),
        "response of c.test/3 ← redirect by b.test/2 ← redirect by a.test/1 ← tag in the page, line 31"
    );
}

#[test]
fn a_frame_leads_up_to_the_page_that_holds_it() {
    let frame = "https://widget.test/frame";
    let more = vec![
        at(
            10,
            request(frame, "document", script(&[("https://cdn.test/w.js", 4)])),
        ),
        at(
            9,
            request("https://cdn.test/w.js", "script", parser(PAGE, 8)),
        ),
    ];
    assert_eq!(
        words_of(more, &script(&[("https://widget.test/frame#now", 2)])),
        "inline script of widget.test/frame, line 2 ← cdn.test/w.js:4 ← tag in the page, line 8"
    );
}

#[test]
fn the_request_before_the_write_counts_and_not_a_later_one() {
    let url = "https://cdn.test/w.js";
    let observations: Vec<Observation> = page()
        .into_iter()
        .chain([
            at(10, request(url, "script", parser(PAGE, 1))),
            at(2000, request(url, "script", parser(PAGE, 99))),
        ])
        .collect();
    let causes = Causes::of(&observations);
    let line = |at_ms| causes.of_request(url, at_ms)[0].line;
    assert_eq!(
        (line(5), line(1999), line(2000)),
        (Some(1), Some(1), Some(99))
    );
}

#[test]
fn cycles_and_endless_chains_end() {
    let (a, b) = ("https://a.test/", "https://b.test/");
    let cycle = vec![
        at(1, request(a, "script", script(&[(b, 1)]))),
        at(2, request(b, "script", script(&[(a, 1)]))),
    ];
    assert_eq!(
        words_of(cycle, &script(&[(a, 1)])),
        "a.test/:1 ← b.test/:1 ← a.test/:1"
    );
    let address = |n: u32| format!("https://h.test/{n}");
    let endless = (0..1000)
        .map(|n| {
            at(
                1,
                request(&address(n), "script", script(&[(&address(n + 1), 1)])),
            )
        })
        .collect();
    let words = words_of(endless, &script(&[(&address(0), 1)]));
    assert_eq!(words.split(" ← ").count(), MAX_LINKS);
}

#[test]
fn what_was_not_seen_has_no_chain() {
    assert_eq!(words_of(Vec::new(), &Writer::unknown()), "");
    assert_eq!(
        words_of(Vec::new(), &script(&[("https://nobody.test/x.js", 5)])),
        "nobody.test/x.js:5"
    );
}
