//! Values in addresses, bodies and messages, in every form.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};

use super::*;
use crate::model::observation::{Frame, Request, StorageOp, StorageWrite, Writer};

const ID: &str = "a1f0c37be2d94685";

fn at(at_ms: u64, phase: PhaseId, event: Event) -> Observation {
    Observation {
        at_ms,
        phase,
        event,
        repeats: None,
    }
}

fn stored(at_ms: u64, phase: PhaseId, name: &str, value: &str) -> Observation {
    let write = StorageWrite {
        store: Store::LocalStorage,
        origin: "https://www.shop.test".to_owned(),
        partition: None,
        op: StorageOp::Set,
        name: name.to_owned(),
        value: value.to_owned(),
        writer: Writer::unknown(),
    };
    at(at_ms, phase, Event::StorageWrite(write))
}

fn asked(at_ms: u64, phase: PhaseId, resource: &str, url: &str) -> Observation {
    let request = Request {
        id: url.to_owned(),
        url: url.to_owned(),
        method: "GET".to_owned(),
        resource: resource.to_owned(),
        initiator: Writer::unknown(),
        document_url: String::new(),
        redirected_from: None,
    };
    at(at_ms, phase, Event::Request(request))
}

/// What is found, as `name form carrier host count`.
fn found(observations: &[Observation], contents: &[Sent]) -> Vec<String> {
    let found = find(observations, &[], contents);
    assert!(!found.cut);
    found
        .observations
        .iter()
        .map(|o| match &o.event {
            Event::ValueSent(sent) => format!(
                "{} {} {} {} {}",
                sent.item.name,
                sent.form.as_str(),
                sent.carrier.as_str(),
                host_of(&sent.url),
                sent.count
            ),
            other => panic!("{other:?}"),
        })
        .collect()
}

use PhaseId::{AfterChoice, BeforeChoice};

fn in_url(value: &str, sent: &str) -> Vec<String> {
    let url = format!("https://t.test/collect?v=1&id={sent}&e=x");
    found(
        &[
            stored(1, BeforeChoice, "id", value),
            asked(2, BeforeChoice, "image", &url),
        ],
        &[],
    )
}

#[test]
fn every_form_is_found() {
    let inside = format!("{{\"cid\":\"{ID}\"}}");
    for (sent, form) in [
        (ID.to_owned(), "plain"),
        (STANDARD.encode(ID), "base64"),
        (URL_SAFE_NO_PAD.encode(&inside), "base64"),
        (STANDARD.encode(&inside).replace('=', "%3D"), "base64"),
        // As md5sum, sha1sum and sha256sum say.
        ("d2a835af9ab8c3fd5c9ba96886af9be4".to_owned(), "md5"),
        (
            "2ADB4D0241AEF4B6AFA901055A90F0A0CE4910A3".to_owned(),
            "sha1",
        ),
        (
            "ea11bec3abd94399c6878375710f4cfb937aad49bfe4b191d20dcb8e345c8517".to_owned(),
            "sha256",
        ),
    ] {
        let expected = format!("id {form} url t.test 1");
        assert_eq!(in_url(ID, &sent), [expected], "{sent}");
    }
    let value = "{\"u\":\"a1f0c37b e2d94685\"}";
    assert_eq!(
        in_url("id a1f0c37be2d94685", "x%2520a1f0c37be2d94%36%38%35"),
        ["id url-encoded url t.test 1"]
    );
    assert_eq!(in_url(value, "a1f0c37b"), ["id plain url t.test 1"]);
}

#[test]
fn short_needles_must_stand_alone() {
    assert_eq!(in_url("a1f0c37b", "a1f0c37b"), ["id plain url t.test 1"]);
    assert_eq!(in_url("a1f0c37b", "9a1f0c37b2"), Vec::<String>::new());
}

#[test]
fn the_own_site_learns_nothing_new() {
    let same = asked(
        2,
        BeforeChoice,
        "fetch",
        &format!("https://api.shop.test/?id={ID}"),
    );
    assert_eq!(
        found(&[stored(1, BeforeChoice, "id", ID), same], &[]),
        Vec::<String>::new()
    );
}

#[test]
fn what_was_an_address_before_is_no_identifier() {
    let script = asked(
        1,
        BeforeChoice,
        "script",
        &format!("https://t.test/{ID}/w.js"),
    );
    let write = stored(5, BeforeChoice, "account", ID);
    let again = asked(
        9,
        BeforeChoice,
        "fetch",
        &format!("https://t.test/?account={ID}"),
    );
    assert_eq!(found(&[script, write, again], &[]), Vec::<String>::new());
    let page = Frame {
        url: format!("https://www.shop.test/?order={ID}"),
        origin: String::new(),
        top: true,
    };
    let page = at(50, BeforeChoice, Event::Frame(page));
    let write = stored(5, BeforeChoice, "order", ID);
    let sent = asked(
        60,
        BeforeChoice,
        "fetch",
        &format!("https://t.test/?dl={ID}"),
    );
    assert_eq!(found(&[write, page, sent], &[]), Vec::<String>::new());
}

#[test]
fn sendings_are_counted_by_receiver_and_phase() {
    let to =
        |at_ms, phase, host: &str| asked(at_ms, phase, "ping", &format!("https://{host}/?id={ID}"));
    let observations = [
        to(0, BeforeChoice, "t.test"),
        stored(1, BeforeChoice, "id", ID),
        to(2, BeforeChoice, "t.test"),
        to(3, BeforeChoice, "u.test"),
        to(4, AfterChoice, "t.test"),
    ];
    let body = Sent {
        at_ms: 5,
        phase: AfterChoice,
        url: "wss://t.test/s".to_owned(),
        carrier: Carrier::Socket,
        content: format!("{{\"hello\":\"{ID}\"}}").into_bytes(),
    };
    assert_eq!(
        found(&observations, &[body]),
        [
            "id plain url t.test 2",
            "id plain url u.test 1",
            "id plain url t.test 1",
            "id plain socket t.test 1",
        ]
    );
}

#[test]
fn what_is_stored_in_a_later_phase_was_not_sent_before() {
    let sent = asked(1, BeforeChoice, "ping", &format!("https://t.test/?id={ID}"));
    let write = stored(9, AfterChoice, "id", ID);
    assert_eq!(found(&[sent, write], &[]), Vec::<String>::new());
}

#[test]
fn a_flood_of_values_is_cut_and_told() {
    let writes: Vec<Observation> = (0..100_000u64)
        .map(|n| {
            let value = format!("{:016x}", n.wrapping_mul(0x9e37_79b9_7f4a_7c15));
            stored(n, BeforeChoice, &format!("k{n}"), &value)
        })
        .collect();
    let found = find(&writes, &[], &[]);
    assert!(found.cut);
    assert!(found.observations.is_empty());
}
