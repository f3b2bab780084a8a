//! Stored values that leave the page are seen, in whatever form and by whatever way.

use preconsent::catalogue::Catalogue;
use preconsent::classify::classify;
use preconsent::model::chain::in_words;
use preconsent::model::observation::Event;
use preconsent::model::scenario::{PhaseId, ScenarioId};

use crate::support::browse::{Browse, visit};

#[tokio::test(flavor = "multi_thread")]
async fn values_are_found_in_all_that_goes_to_other_sites() {
    let browse = Browse::new().await;
    let visit = browse.visit("https://sends.test/", ScenarioId::None).await;
    assert_eq!(visit.faults, []);
    let mut found: Vec<String> = visit
        .observations
        .iter()
        .filter_map(|o| match &o.event {
            Event::ValueSent(sent) if o.phase == PhaseId::BeforeChoice => {
                let url = sent.url.split('?').next().unwrap_or_default();
                Some(format!(
                    "{} {} {} {url} {}",
                    sent.item.name,
                    sent.form.as_str(),
                    sent.carrier.as_str(),
                    sent.count
                ))
            }
            _ => None,
        })
        .collect();
    found.sort();
    assert_eq!(
        found,
        [
            "_ga plain url https://manager.test/pixel.gif 1",
            "profile base64 body https://manager.test/collect 1",
            "profile plain socket wss://vs1.tawk.to/s/ 1",
            "visitor md5 body https://manager.test/beacon 1",
            "visitor plain url https://manager.test/pixel.gif 1",
            "visitor sha256 url https://manager.test/stream 1",
            "visitor url-encoded url https://manager.test/later.gif 1",
        ]
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn an_items_story_says_to_whom_and_why() {
    let browse = Browse::new().await;
    let visit = browse.visit("https://sends.test/", ScenarioId::None).await;
    let catalogue = Catalogue::default();
    let classified = classify(&visit, &catalogue);
    let item = |name: &str| {
        let mut items = classified.items.iter().map(|c| &c.item);
        items.find(|i| i.key.name == name).expect("an item")
    };
    let told: Vec<String> = item("profile")
        .sent_to
        .iter()
        .filter(|to| to.phase == PhaseId::BeforeChoice)
        .map(|to| {
            format!(
                "{} {} {}",
                to.host,
                to.carrier.as_str(),
                in_words(&to.chain)
            )
        })
        .collect();
    assert_eq!(
        told,
        [
            "manager.test body inline script of the page, line 23",
            "vs1.tawk.to socket inline script of the page, line 30",
        ]
    );
    let own: Vec<&str> = item("visitor")
        .sent_to
        .iter()
        .filter(|to| to.carrier.as_str() == "cookie-header")
        .map(|to| to.host.as_str())
        .collect();
    assert_eq!(own, ["sends.test"]);
    assert_eq!(item("visitor").host_only, Some(true));
    assert_eq!(item("choice").sent_to, []);
    assert_eq!(item("since").sent_to, []);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_without_a_body_is_told_from_one_with() {
    for (case, empty) in [("registration-empty", true), ("leaky", false)] {
        let visit = visit(case, ScenarioId::None).await;
        let bodies: Vec<u64> = visit
            .observations
            .iter()
            .filter_map(|o| match &o.event {
                Event::Response(r) if r.url.contains("/session/start") && r.status == 200 => {
                    Some(r.body_bytes.expect("an end"))
                }
                _ => None,
            })
            .filter(|bytes| (*bytes == 0) == empty)
            .collect();
        assert!(!bodies.is_empty(), "{case}");
    }
}
