//! The scenarios beyond the three choices: coming back, two tabs, Global Privacy Control, and asking
//! for the chat.

use preconsent::engine::Engine;
use preconsent::engine::browser::BrowserEngine;
use preconsent::engine::options::WidgetHint;
use preconsent::model::choice::ChoiceState;
use preconsent::model::item::Store;
use preconsent::model::observation::{Event, StorageOp};
use preconsent::model::scenario::{PhaseId, ScenarioId};
use preconsent::model::visit::Visit;

use crate::support::browse::{Browse, cookie_writes, storage_writes, stored, target, visit};
use crate::support::facts::facts;

const ID: &str = "64f0c0ffee64f0c0ffee0000";

fn phases(visit: &Visit) -> Vec<PhaseId> {
    visit.phases.iter().map(|p| p.id).collect()
}

/// The sites, with what the catalogue says of tawk's bubble.
async fn with_widget() -> Browse {
    let mut browse = Browse::new().await;
    let catalogue = preconsent::catalogue::builtin::catalogue();
    let tawk = catalogue.providers.iter().find(|p| p.id == "tawk");
    let open = tawk
        .and_then(|p| p.open.clone())
        .expect("tawk can be opened");
    browse.options.widgets = vec![WidgetHint {
        provider: "tawk".to_owned(),
        service: open.service,
        press: open.press,
        call: open.call,
        opened: open.opened,
    }];
    browse
}

async fn open_widget(browse: Browse, case: &str) -> Visit {
    let url = browse.site.url(case);
    let visit = browse.visit(&url, ScenarioId::OpenWidget).await;
    assert_eq!(visit.faults, []);
    visit
}

#[tokio::test(flavor = "multi_thread")]
async fn who_comes_back_has_lost_the_session_and_renewed_the_rest() {
    let visit = visit("leaky", ScenarioId::Revisit).await;
    assert_eq!(visit.faults, []);
    assert_eq!(
        phases(&visit),
        [
            PhaseId::BeforeChoice,
            PhaseId::AfterScroll,
            PhaseId::AfterRevisit
        ]
    );
    // The first tab's session area is gone before the second one writes its own.
    let nav: Vec<_> = storage_writes(&visit, "previousNav")
        .into_iter()
        .map(|w| w.op)
        .collect();
    assert_eq!(nav, [StorageOp::Set, StorageOp::Remove, StorageOp::Set]);
    // Cookies and local storage are those of the first visit, with a life that begins anew.
    let uuid = format!("twk_uuid_{ID}");
    let jar = |phase| {
        let snapshot = visit.snapshot(phase).expect("the phase");
        let cookie = snapshot.cookies.iter().find(|c| c.name == uuid);
        let cookie = cookie.expect("the visitor's id");
        (cookie.value.clone(), cookie.expires.expect("a date"))
    };
    let (first, second) = (jar(PhaseId::AfterScroll), jar(PhaseId::AfterRevisit));
    assert_ne!(first.1, second.1, "renewed");
    let id = |value: &str| value[..60].to_owned();
    assert_eq!(id(&first.0), id(&second.0), "the same visitor");
    assert_eq!(cookie_writes(&visit, "twk_idm_key").len(), 1);
    let again = visit.observations.iter().filter(|o| {
        o.phase == PhaseId::AfterRevisit
            && matches!(&o.event, Event::CookieWrite(w) if w.cookie.name == uuid)
    });
    assert_eq!(again.count(), 1);
    // A fresh page lives by a fresh clock.
    let renewed = cookie_writes(&visit, &uuid)[1];
    let lasts = renewed.cookie.expires.expect("a date") - renewed.clock;
    assert!((lasts - 15_552_000.0).abs() < 2.0, "{lasts}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_that_is_not_begun_again_is_gone() {
    let browse = Browse::new().await;
    let visit = browse
        .visit("https://visitor.test/once.html", ScenarioId::Revisit)
        .await;
    assert_eq!(visit.faults, []);
    let key = "session-storage:first visit".to_owned();
    assert!(stored(&visit, PhaseId::AfterScroll).contains(&key));
    assert!(!stored(&visit, PhaseId::AfterRevisit).contains(&key));
    let kept = "local-storage:visits".to_owned();
    assert!(stored(&visit, PhaseId::AfterRevisit).contains(&kept));
    let keys = &visit.snapshots[2].storage;
    let visits = keys.iter().find(|k| k.name == "visits").expect("a count");
    assert_eq!(
        (visits.store, visits.value.as_str()),
        (Store::LocalStorage, "2")
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_tabs_the_second_waits_and_is_the_same_visitor() {
    let browse = Browse::new().await;
    let url = browse.site.url("second-tab") + "second";
    let visit = browse.visit(&url, ScenarioId::SecondTab).await;
    assert_eq!(visit.faults, []);
    assert_eq!(phases(&visit), [PhaseId::SecondTab]);
    assert!(
        visit
            .observations
            .iter()
            .all(|o| o.phase == PhaseId::SecondTab),
        "both tabs belong to the phase"
    );
    let tops = visit
        .observations
        .iter()
        .filter(|o| matches!(&o.event, Event::Frame(f) if f.top && f.url == url));
    assert_eq!(tops.count(), 2, "two tabs");
    assert_eq!(
        cookie_writes(&visit, "twk_idm_key").len(),
        1,
        "no second key"
    );
    let uuid = "twk_uuid_64f0c0ffee64f0c0ffee0004";
    let jar = &visit.snapshots[0].cookies;
    assert_eq!(jar.iter().filter(|c| c.name == uuid).count(), 1);
    // The mutex: the second registers once the first has its answer.
    let address = "https://va.tawk.to/v1/session/start";
    let asked = visit.observations.iter().filter_map(|o| match &o.event {
        Event::Request(r) if r.url == address && r.method == "POST" => Some(o.at_ms),
        _ => None,
    });
    let answered = visit.observations.iter().find_map(|o| match &o.event {
        Event::Response(r) if r.url == address && r.status == 200 => Some(o.at_ms),
        _ => None,
    });
    let asked: Vec<u64> = asked.collect();
    let answered = answered.expect("an answer");
    assert_eq!(asked.len(), 2, "{asked:?}");
    assert!(
        asked[0] < answered && answered <= asked[1],
        "{asked:?} {answered}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn global_privacy_control_is_sent_natively_and_only_where_it_was_asked_for() {
    let browse = Browse::new().await;
    let engine = BrowserEngine::start(browse.browser.clone(), browse.options.clone())
        .await
        .expect("the browser starts");
    let page = target("https://visitor.test/");
    let told = "Global Privacy Control sent (Sec-GPC: 1)".to_owned();
    for (scenario, sent, js) in [
        (
            ScenarioId::Gpc,
            Some("1".to_owned()),
            serde_json::json!(true),
        ),
        (ScenarioId::None, None, serde_json::json!(null)),
    ] {
        let before = browse.site.requests().len();
        let visit = engine.visit(&page, scenario).await.expect("a visit");
        assert_eq!(visit.faults, []);
        assert_eq!(
            phases(&visit),
            [PhaseId::BeforeChoice, PhaseId::AfterScroll]
        );
        assert_eq!(visit.engine.settings.contains(&told), sent.is_some());
        for (place, facts) in facts(&visit) {
            let gpc = facts["gpc"].as_bool().unwrap_or(false);
            assert_eq!(gpc, js == true, "{place}: {facts}");
        }
        let seen = browse.site.header("sec-gpc").split_off(before);
        for path in ["/", "/facts.js", "/worker.js", "/service.js", "/frame.html"] {
            let of_path = seen.iter().filter(|(_, p, _)| p == path);
            let values: Vec<_> = of_path.map(|(_, _, value)| value).collect();
            assert!(!values.is_empty(), "{path} in {seen:?}");
            assert!(values.iter().all(|v| **v == sent), "{path}: {values:?}");
        }
    }
    engine.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_chat_is_opened_by_its_bubble() {
    let visit = open_widget(with_widget().await, "leaky").await;
    assert_eq!(
        phases(&visit),
        [
            PhaseId::BeforeChoice,
            PhaseId::AfterScroll,
            PhaseId::WidgetOpen
        ]
    );
    let request = visit.service.expect("a request");
    assert_eq!(request.state, ChoiceState::Proven, "{request:?}");
    assert_eq!(request.service.as_deref(), Some("chat"));
    assert_eq!(request.provider.as_deref(), Some("tawk"));
    assert_eq!(
        request.evidence,
        [
            "pressed iframe[title=\"chat widget\"]",
            "Tawk_API.isChatMaximized says that it is open"
        ]
    );
    let at_ms = request.at_ms.expect("a moment");
    assert!(visit.phases[1].at_ms <= at_ms && at_ms <= visit.phases[2].at_ms);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_covered_bubble_is_opened_through_the_page_s_function() {
    let browse = with_widget().await;
    let visit = browse
        .visit("https://visitor.test/chat.html", ScenarioId::OpenWidget)
        .await;
    assert_eq!(visit.faults, []);
    let request = visit.service.expect("a request");
    assert_eq!(request.state, ChoiceState::Proven, "{request:?}");
    assert_eq!(request.evidence[1], "called Tawk_API.maximize");
}

#[tokio::test(flavor = "multi_thread")]
async fn where_there_is_no_chat_none_is_asked_for() {
    for case in ["plain-cookies", "autostart-off"] {
        let visit = open_widget(with_widget().await, case).await;
        let request = visit.service.expect("a request");
        assert_eq!(
            request.state,
            ChoiceState::NotOffered,
            "{case}: {request:?}"
        );
        assert_eq!((request.service, request.at_ms), (None, None), "{case}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reader_presses_a_key_that_does_nothing() {
    let browse = Browse::new().await;
    let visit = browse
        .visit("https://visitor.test/", ScenarioId::None)
        .await;
    let key = storage_writes(&visit, "key pressed");
    assert_eq!(key.len(), 1);
    assert_eq!(key[0].value, "Shift");
    let page = stored(&visit, PhaseId::BeforeChoice);
    assert!(!page.contains(&"local-storage:key pressed".to_owned()));
}
