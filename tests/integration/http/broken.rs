//! Sites that are broken, closed, elsewhere or hostile: each is a named fault or a limit, never a
//! clean visit and never an endless one.

use std::convert::Infallible;
use std::net::TcpListener;
use std::time::{Duration, Instant};

use axum::body::{Body, Bytes};
use axum::http::Response;
use futures_util::{StreamExt, stream};
use preconsent::engine::Options;
use preconsent::model::fault::FaultKind;
use preconsent::model::scenario::{PhaseId, ScenarioId};

use super::server::{Server, answer, faults, page, redirect, requests, stored, visit, writes};

#[tokio::test]
async fn answers_that_are_no_page_are_faults() {
    let server = Server::start(|asked| match asked.at.as_str() {
        "shop.test/404" => answer(404, &[("content-type", "text/html")], "<p>No", &["a=1"]),
        "shop.test/empty" => page("<!doctype html><title>Shop</title><!-- x -->", &[]),
        "shop.test/pdf" => answer(200, &[("content-type", "application/pdf")], "%PDF", &[]),
        "shop.test/save" => answer(
            200,
            &[
                ("content-type", "text/html"),
                ("content-disposition", "attachment"),
            ],
            "<p>Hi",
            &[],
        ),
        "shop.test/away" => redirect("https://other.test/", &["left=1"]),
        "shop.test/wall" => answer(403, &[("cf-mitigated", "challenge")], "<p>Wait", &[]),
        "shop.test/scheme" => redirect("file:///etc/passwd", &[]),
        "shop.test/loop" => redirect("/loop", &["n=1"]),
        "shop.test/cut" => {
            let broken = [Ok(Bytes::from("<p>Hi")), Err(std::io::Error::other("cut"))];
            Response::new(Body::from_stream(stream::iter(broken)))
        }
        _ => page("<p>Other<img src=/never.png>", &["other=1"]),
    })
    .await;
    for (path, kind) in [
        ("404", FaultKind::HttpStatus),
        ("empty", FaultKind::EmptyPage),
        ("pdf", FaultKind::Download),
        ("save", FaultKind::Download),
        ("away", FaultKind::RedirectedAway),
        ("wall", FaultKind::Challenge),
        ("scheme", FaultKind::LoadFailed),
        ("loop", FaultKind::LoadFailed),
        ("cut", FaultKind::ConnectionFailed),
    ] {
        let visit = server.visit(&format!("https://shop.test/{path}")).await;
        assert_eq!(faults(&visit), [kind], "{path}: {:?}", visit.faults);
        assert!(
            visit.faults[0].message.contains("https://"),
            "{:?}",
            visit.faults
        );
        assert!(
            !requests(&visit).iter().any(|r| r.url.contains("never")),
            "{path}"
        );
    }
    // What was seen on the way counts all the same.
    assert_eq!(stored(&server.visit("https://shop.test/404").await), ["a"]);
    assert_eq!(
        stored(&server.visit("https://shop.test/away").await),
        ["other", "left"]
    );
    let endless = server.visit("https://shop.test/loop").await;
    assert_eq!(writes(&endless).len(), 21);
    assert!(endless.phases.is_empty());
}

#[tokio::test]
async fn a_choice_is_not_tried_on_a_broken_page() {
    let server =
        Server::start(|_| answer(500, &[("content-type", "text/html")], "<p>Oh", &[])).await;
    let visit = visit(server.options(), "https://shop.test/", ScenarioId::Reject).await;
    assert_eq!(faults(&visit), [FaultKind::HttpStatus]);
    let phases: Vec<_> = visit.phases.iter().map(|p| p.id).collect();
    assert_eq!(phases, [PhaseId::BeforeChoice]);
}

#[tokio::test]
async fn connections_that_fail_are_told_apart() {
    let closed = TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap();
    let server = Server::start(|_| page("<p>Hi", &[])).await;
    let to = |rule: String, url: &'static str| {
        let options = Options {
            resolve: vec![rule.parse().unwrap()],
            ..Options::default()
        };
        async move { visit(options, url, ScenarioId::None).await }
    };
    let refused = to(format!("shop.test:{closed}"), "http://shop.test/").await;
    assert_eq!(
        faults(&refused),
        [FaultKind::ConnectionFailed],
        "{:?}",
        refused.faults
    );
    assert!(refused.phases.is_empty() && refused.final_url == refused.url);
    // No name server is asked for a name with a label of more than 63 characters.
    let nowhere = format!("http://{}.test/", "x".repeat(64));
    let unknown = visit(Options::default(), &nowhere, ScenarioId::None).await;
    assert_eq!(
        faults(&unknown),
        [FaultKind::DnsFailure],
        "{:?}",
        unknown.faults
    );
    let distrusted = Options {
        insecure: false,
        ..server.options()
    };
    let distrusted = visit(distrusted, "https://shop.test/", ScenarioId::None).await;
    assert_eq!(
        faults(&distrusted),
        [FaultKind::TlsError],
        "{:?}",
        distrusted.faults
    );
    let no_tls = to(
        format!("shop.test:443:{}", server.http),
        "https://shop.test/",
    )
    .await;
    assert_eq!(
        faults(&no_tls),
        [FaultKind::TlsError],
        "{:?}",
        no_tls.faults
    );
}

#[tokio::test]
async fn slow_answers_end_with_the_time_allowed() {
    let server = Server::start(|asked| match asked.at.as_str() {
        "shop.test/" => page(
            "<p>Hi<img src=/never-ends><script src=/slow></script>",
            &["a=1"],
        ),
        _ => {
            let forever = stream::once(async { Ok::<_, Infallible>(Bytes::from("<p>Hi")) });
            Response::new(Body::from_stream(forever.chain(stream::pending())))
        }
    })
    .await;
    let short = |load, settle| Options {
        load_max: Duration::from_millis(load),
        settle_max: Duration::from_millis(settle),
        ..server.options()
    };
    let start = Instant::now();
    let document = visit(short(300, 300), "https://shop.test/slow", ScenarioId::None).await;
    assert_eq!(
        faults(&document),
        [FaultKind::Timeout],
        "{:?}",
        document.faults
    );
    let script = visit(short(20_000, 300), "https://shop.test/", ScenarioId::None).await;
    assert_eq!(faults(&script), [], "a page lives without its files");
    assert_eq!(stored(&script), ["a"]);
    assert!(start.elapsed() < Duration::from_secs(15));
}

#[tokio::test]
async fn hostile_pages_are_bounded() {
    let server = Server::start(|asked| match asked.at.as_str() {
        "shop.test/many" => {
            let scripts: String = (0..10_000)
                .map(|i| format!("<script src=/{i}.js></script>"))
                .collect();
            page(&scripts, &[])
        }
        "shop.test/deep" => page(&"<div>".repeat(500_000), &[]),
        "shop.test/large" => page(&format!("<p>{}", "x".repeat(9 << 20)), &[]),
        _ => answer(200, &[], "", &["s=1"]),
    })
    .await;
    let many = server.visit("https://shop.test/many").await;
    assert_eq!(requests(&many).len(), 251);
    assert!(
        many.limits
            .iter()
            .any(|l| l.contains("only 250 of the 10000 files")),
        "{:?}",
        many.limits
    );
    assert_eq!(faults(&many), []);
    for path in ["deep", "large"] {
        let visit = server.visit(&format!("https://shop.test/{path}")).await;
        assert_eq!(
            faults(&visit),
            [FaultKind::LoadFailed],
            "{path}: {:?}",
            visit.faults
        );
    }
}

#[tokio::test]
async fn two_visits_of_one_page_differ_in_times_only() {
    let server = Server::start(|asked| match asked.at.as_str() {
        "shop.test/" => {
            let images: String = (0..40).map(|i| format!("<img src=/{i}.png>")).collect();
            page(&images, &["first=1"])
        }
        at => answer(200, &[], "", &[&format!("last={}", &at[10..])]),
    })
    .await;
    let mut pair = Vec::new();
    for _ in 0..2 {
        let visit = server.visit("https://shop.test/").await;
        let mut events: Vec<_> = visit
            .observations
            .iter()
            .map(|o| serde_json::to_value(&o.event).unwrap())
            .collect();
        for event in &mut events {
            event.as_object_mut().unwrap().remove("clock");
        }
        let mut lines: Vec<_> = events.iter().map(ToString::to_string).collect();
        lines.sort();
        let last = visit.snapshots[0]
            .cookies
            .iter()
            .map(|c| c.value.clone())
            .collect::<Vec<_>>();
        pair.push((lines, last, visit.limits, visit.engine));
    }
    assert_eq!(pair[0], pair[1]);
    assert_eq!(pair[0].1, ["1", "39.png"]);
}
