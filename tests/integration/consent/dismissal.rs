//! Closing notices without a choice: by what closes them, never by what chooses.

use preconsent::engine::Engine;
use preconsent::engine::browser::BrowserEngine;
use preconsent::model::scenario::ScenarioId::Dismiss;
use preconsent::model::visit::Visit;

use crate::support::browse::{Browse, target};

/// State, and how it came to that.
fn outcome(visit: &Visit) -> String {
    let mut told = visit.choice.evidence.clone();
    told.extend(visit.faults.iter().map(|f| f.message.clone()));
    format!("{}: {}", visit.choice.state.as_str(), told.join("; "))
}

async fn check(expected: &[(&str, &str)]) {
    let browse = Browse::new().await;
    let engine = BrowserEngine::start(browse.browser, browse.options).await;
    let engine = engine.expect("the browser starts");
    let mut wrong = Vec::new();
    for (page, wanted) in expected {
        let target = target(&format!("https://closes.test/{page}.html"));
        let visit = engine.visit(&target, Dismiss).await.expect("a visit");
        let got = outcome(&visit);
        if got != *wanted {
            wrong.push(format!("{page}: wanted \"{wanted}\", got \"{got}\""));
        }
    }
    engine.close().await;
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_notice_is_closed_by_its_own_control() {
    check(&[
        (
            "corner",
            "proven: pressed \"×\"; the banner went away; after the reload a banner asks again",
        ),
        (
            "named",
            "proven: pressed \"Hinweis schließen\"; the banner went away; after the reload a banner \
             asks again",
        ),
        (
            "drawn",
            "proven: pressed \"a control without a name that is marked as closing\"; the banner went \
             away; after the reload a banner asks again",
        ),
        (
            "frame",
            "proven: pressed \"✕\" in the frame https://closes.test/framed.html; the banner went \
             away; after the reload a banner asks again",
        ),
        (
            "respects",
            "proven: pressed \"×\"; the banner went away; after the reload no banner asks",
        ),
    ])
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_has_no_such_control_is_closed_by_esc_or_beside_it() {
    let by_esc = "proven: nothing on the banner closes it; pressed Esc; the banner went away; after \
                  the reload a banner asks again";
    check(&[
        ("escape", by_esc),
        ("dialog", by_esc),
        (
            "outside",
            "proven: nothing on the banner closes it; pressed Esc; clicked outside the banner; the \
             banner went away; after the reload a banner asks again",
        ),
    ])
    .await;
}

/// A control that accepts or refuses closes the notice too, and is not pressed for that.
#[tokio::test(flavor = "multi_thread")]
async fn what_chooses_is_never_pressed_to_close() {
    let not_closed = "not-offered: nothing on the banner closes it; pressed Esc; clicked outside the \
                      banner; the banner is still there";
    check(&[
        ("misnamed", not_closed),
        ("refusing", not_closed),
        ("fixed", not_closed),
        ("none", "not-offered: no banner was found"),
    ])
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_notice_that_stays_is_not_said_to_be_closed() {
    check(&[
        (
            "dead",
            "unproven: pressed \"×\"; pressed it with the keyboard, as the mouse had no effect; the \
             banner is still there; pressed Esc; clicked outside the banner; the banner is still \
             there; after the reload a banner asks again",
        ),
        (
            "again",
            "unproven: pressed \"×\"; the banner went away; after the reload a banner asks again",
        ),
    ])
    .await;
}
