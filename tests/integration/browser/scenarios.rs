//! The steps of the scenarios: reading passively, following links, choosing and proving the choice.

use std::time::Duration;

use preconsent::model::choice::{ChoiceState, Method};
use preconsent::model::observation::Event;
use preconsent::model::scenario::{PhaseId, ScenarioId};
use preconsent::model::visit::Visit;

use crate::support::browse::{Browse, cookie_writes, stored, visit};

const UUID: &str = "cookie:twk_uuid_64f0c0ffee64f0c0ffee0000";

fn has_widget(visit: &Visit, phase: PhaseId) -> bool {
    stored(visit, phase).contains(&UUID.to_owned())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reader_who_scrolls_starts_what_waits_for_scrolling() {
    let visit = visit("lazy-scroll", ScenarioId::None).await;
    assert!(!has_widget(&visit, PhaseId::BeforeChoice));
    assert!(has_widget(&visit, PhaseId::AfterScroll));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_page_does_later_is_seen_without_waiting_for_it() {
    let fast = visit("lazy-4s", ScenarioId::None).await;
    assert!(!has_widget(&fast, PhaseId::BeforeChoice));
    assert!(has_widget(&fast, PhaseId::AfterScroll), "{:?}", fast.limits);
    let nav = "session-storage:previousNav".to_owned();
    assert!(
        stored(&fast, PhaseId::AfterScroll).contains(&nav),
        "after a socket's answer, too"
    );
    // Timed by the page's clock, which is where the page was.
    let first = fast.observations.iter().find(
        |o| matches!(&o.event, Event::CookieWrite(w) if w.cookie.name == "TawkConnectionTime"),
    );
    let at_ms = first.expect("a write").at_ms;
    assert!((3_000..20_000).contains(&at_ms), "{at_ms}");

    let mut browse = Browse::new().await;
    browse.options.page_life = Duration::ZERO;
    let url = browse.site.url("lazy-4s");
    let real = browse.visit(&url, ScenarioId::None).await;
    assert!(!has_widget(&real, PhaseId::AfterScroll));
}

#[tokio::test(flavor = "multi_thread")]
async fn lifetimes_are_measured_by_the_page_s_clock() {
    let visit = visit("lazy-4s", ScenarioId::None).await;
    let writes = cookie_writes(&visit, "twk_uuid_64f0c0ffee64f0c0ffee0000");
    let [uuid] = writes.as_slice() else {
        panic!(
            "{} writes, {:?}, {:?}",
            writes.len(),
            visit.faults,
            visit.limits
        );
    };
    let lasts = uuid.cookie.expires.expect("a date") - uuid.clock;
    assert!((lasts - 15_552_000.0).abs() < 2.0, "{lasts}");
}

#[tokio::test(flavor = "multi_thread")]
async fn links_of_the_same_site_are_followed_as_far_as_asked() {
    let mut browse = Browse::new().await;
    browse.options.pages = 2;
    let url = browse.site.url("pages");
    let visit = browse.visit(&url, ScenarioId::None).await;
    assert_eq!(visit.faults, []);
    let phases: Vec<PhaseId> = visit.phases.iter().map(|p| p.id).collect();
    assert_eq!(
        phases,
        [
            PhaseId::BeforeChoice,
            PhaseId::AfterScroll,
            PhaseId::AfterPages
        ]
    );
    let documents = visit
        .observations
        .iter()
        .filter(|o| matches!(&o.event, Event::Frame(f) if f.top));
    assert_eq!(documents.count(), 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_choice_on_an_unknown_banner_is_made_and_proven() {
    let reject = visit("gated", ScenarioId::Reject).await;
    assert_eq!(
        reject.choice.state,
        ChoiceState::Proven,
        "{:?}",
        reject.choice
    );
    assert_eq!(reject.choice.method, Some(Method::Heuristic));
    for phase in [
        PhaseId::BeforeChoice,
        PhaseId::AfterChoice,
        PhaseId::AfterReload,
    ] {
        assert!(!has_widget(&reject, phase), "{phase:?}");
    }
    let accept = visit("gated", ScenarioId::Accept).await;
    assert_eq!(
        accept.choice.state,
        ChoiceState::Proven,
        "{:?}",
        accept.choice
    );
    assert!(!has_widget(&accept, PhaseId::BeforeChoice));
    assert!(has_widget(&accept, PhaseId::AfterChoice));
    let pressed = accept.choice.at_ms.expect("a press");
    assert!(accept.phases[0].at_ms <= pressed);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_written_after_rejecting_is_seen() {
    let visit = visit("ignores-reject", ScenarioId::Reject).await;
    assert_eq!(
        visit.choice.state,
        ChoiceState::Proven,
        "{:?}",
        visit.choice
    );
    assert!(!has_widget(&visit, PhaseId::BeforeChoice));
    assert!(has_widget(&visit, PhaseId::AfterReload));
    assert!(!cookie_writes(&visit, "twk_idm_key").is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_button_that_does_nothing_proves_nothing() {
    let visit = visit("dead-reject", ScenarioId::Reject).await;
    assert_eq!(
        visit.choice.state,
        ChoiceState::Unproven,
        "{:?}",
        visit.choice
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_there_cannot_be_pressed() {
    let no_reject = visit("compliant-noreject", ScenarioId::Reject).await;
    assert_eq!(no_reject.choice.state, ChoiceState::NotOffered);
    let no_banner = visit("leaky", ScenarioId::Accept).await;
    assert_eq!(no_banner.choice.state, ChoiceState::NotOffered);
    assert_eq!(no_banner.choice.evidence, ["no banner was found"]);
}

/// The real platforms, from npm: every choice is proven by the platform's own record, and what the
/// page then stores is seen.
async fn platform(name: &str) {
    for (variant, ignores) in [("correct", false), ("ignores", true)] {
        let case = format!("cmp-{name}-{variant}");
        let reject = visit(&case, ScenarioId::Reject).await;
        assert_eq!(reject.faults, [], "{case}");
        assert_eq!(
            reject.choice.state,
            ChoiceState::Proven,
            "{case}: {:?}",
            reject.choice
        );
        assert_eq!(reject.choice.method, Some(Method::Recipe), "{case}");
        assert_eq!(reject.choice.platform.as_deref(), Some(name), "{case}");
        assert_eq!(has_widget(&reject, PhaseId::AfterReload), ignores, "{case}");

        let accept = visit(&case, ScenarioId::Accept).await;
        assert_eq!(
            accept.choice.state,
            ChoiceState::Proven,
            "{case}: {:?}",
            accept.choice
        );
        assert!(has_widget(&accept, PhaseId::AfterReload), "{case}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn vanilla_cookieconsent() {
    platform("vanilla-cookieconsent").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn klaro() {
    platform("klaro").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn tarteaucitron() {
    platform("tarteaucitron").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn cookieconsent_by_osano() {
    platform("cookieconsent").await;
}
