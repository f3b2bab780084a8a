//! A page that could not be seen is a named fault, never a clean visit.

use std::net::TcpListener;
use std::time::Duration;

use preconsent::model::fault::FaultKind;
use preconsent::model::scenario::ScenarioId;
use preconsent::model::visit::Visit;

use crate::support::browse::{Browse, cookie_writes, visit};

fn kinds(visit: &Visit) -> Vec<FaultKind> {
    visit.faults.iter().map(|f| f.kind).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_that_are_not_the_page_are_faults() {
    for (case, kind) in [
        ("blocked", FaultKind::HttpStatus),
        ("error-500", FaultKind::HttpStatus),
        ("empty", FaultKind::EmptyPage),
        ("challenge", FaultKind::Challenge),
        ("redirect-away", FaultKind::RedirectedAway),
        ("download", FaultKind::Download),
    ] {
        let visit = visit(case, ScenarioId::None).await;
        assert_eq!(kinds(&visit), [kind], "{case}: {:?}", visit.faults);
        assert!(visit.faults[0].message.contains(case), "{:?}", visit.faults);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_host_that_does_not_answer_is_a_fault() {
    // A port that was free a moment ago: nothing listens there.
    let port = TcpListener::bind("127.0.0.1:0")
        .and_then(|listener| listener.local_addr())
        .expect("a free port")
        .port();
    let browse = Browse::new().await;
    let refused = browse
        .visit(&format!("http://127.0.0.1:{port}/"), ScenarioId::None)
        .await;
    assert_eq!(kinds(&refused), [FaultKind::ConnectionFailed]);

    let mut browse = Browse::new().await;
    browse.options.resolve = Vec::new();
    // No name has a part of more than 63 characters, so nobody is asked for this one.
    let nowhere = format!("https://{}.test/", "x".repeat(64));
    let unknown = browse.visit(&nowhere, ScenarioId::None).await;
    assert_eq!(
        kinds(&unknown),
        [FaultKind::DnsFailure],
        "{:?}",
        unknown.faults
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_certificate_nobody_trusts_is_a_fault_unless_accepted() {
    let mut browse = Browse::new().await;
    browse.options.insecure = false;
    let url = browse.site.url("compliant");
    let visit = browse.visit(&url, ScenarioId::None).await;
    assert_eq!(kinds(&visit), [FaultKind::TlsError]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_that_never_finishes_is_a_fault() {
    let mut browse = Browse::new().await;
    browse.options.load_max = Duration::from_secs(2);
    let url = browse.site.url("slow");
    let visit = browse.visit(&url, ScenarioId::None).await;
    assert_eq!(kinds(&visit), [FaultKind::Timeout]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_that_hangs_is_a_fault() {
    let visit = visit("hang", ScenarioId::None).await;
    assert_eq!(kinds(&visit), [FaultKind::Timeout]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_that_does_more_than_can_be_recorded_is_a_fault() {
    let browse = Browse::new().await;
    let visit = browse.visit("https://flood.test/", ScenarioId::None).await;
    assert_eq!(kinds(&visit), [FaultKind::LoadFailed], "{:?}", visit.faults);
    let message = &visit.faults[0].message;
    assert!(message.contains("more than can be recorded"), "{message}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_frame_that_hangs_keeps_nobody_from_seeing_the_page() {
    let browse = Browse::new().await;
    let visit = browse
        .visit("https://hung-frame.test/", ScenarioId::None)
        .await;
    assert_eq!(cookie_writes(&visit, "after_20s").len(), 1);
    assert_eq!(cookie_writes(&visit, "before_hang").len(), 1);
    // What the frame would have done is not known, and must not count as nothing.
    let told: Vec<&str> = visit.faults.iter().map(|f| f.message.as_str()).collect();
    assert_eq!(
        told,
        ["not all of the page was seen: 1 of its frames did not answer"]
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn dialogs_and_endless_polling_stop_nothing() {
    let alert = visit("alert", ScenarioId::None).await;
    assert_eq!(alert.faults, []);
    assert!(
        alert.limits.iter().any(|l| l.contains("dialogs")),
        "{:?}",
        alert.limits
    );
    let polling = visit("infinite-requests", ScenarioId::None).await;
    assert_eq!(polling.faults, []);
    assert!(
        !polling.limits.iter().any(|l| l.contains("busy")),
        "{:?}",
        polling.limits
    );
}
