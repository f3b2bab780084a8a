//! Every write is followed up to the line of the page that caused it.

use preconsent::catalogue::Catalogue;
use preconsent::classify::classify;
use preconsent::model::chain::{Causes, in_words};
use preconsent::model::observation::Event;
use preconsent::model::scenario::ScenarioId;
use preconsent::model::visit::Visit;

use crate::support::browse::Browse;

/// The chain of the first write of each item, as `name: chain`.
fn chains(visit: &Visit) -> Vec<String> {
    let catalogue = Catalogue::default();
    let classified = classify(visit, &catalogue);
    let items = classified.items.iter().map(|classified| &classified.item);
    items
        .map(|item| {
            let chain = item.first_write().map(|w| in_words(&w.chain));
            format!("{}: {}", item.key.name, chain.unwrap_or_default())
        })
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn writes_are_followed_up_to_the_page() {
    let browse = Browse::new().await;
    let visit = browse.visit("https://chains.test/", ScenarioId::None).await;
    assert_eq!(visit.faults, []);
    let widget = "manager.test/widget-2.js:LINE ← redirect by manager.test/widget.js ← \
                  manager.test/manager.js:5 ← inline script of the page, line 14";
    let widget = |line: &str| widget.replace("LINE", line);
    assert_eq!(
        chains(&visit),
        [
            "by_library: response of manager.test/later.gif ← manager.test/library.js:5 ← \
             inline script of the page, line 22"
                .to_owned(),
            "by_style: response of manager.test/leaf.gif ← tag in manager.test/look.css ← \
             tag in the page, line 8"
                .to_owned(),
            format!(
                "by_widget: response of manager.test/seen.gif ← {}",
                widget("4")
            ),
            format!("widget_id: {}", widget("2")),
            format!(
                "frame_state: inline script of manager.test/frame, line 5 ← {}",
                widget("7")
            ),
            format!("widget_state: {}", widget("3")),
        ]
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn requests_are_followed_up_to_the_page() {
    let browse = Browse::new().await;
    let visit = browse.visit("https://chains.test/", ScenarioId::None).await;
    let causes = Causes::of(&visit.observations);
    let chain = |url: &str| {
        let at = visit.observations.iter().find_map(|o| match &o.event {
            Event::Request(request) if request.url == url => Some(o.at_ms),
            _ => None,
        });
        in_words(&causes.of_request(url, at.expect("a request")))
    };
    assert_eq!(chain("https://chains.test/"), "");
    assert_eq!(
        chain("https://manager.test/library.js"),
        "tag in the page, line 9"
    );
    assert_eq!(
        chain("https://manager.test/widget-2.js"),
        "redirect by manager.test/widget.js ← manager.test/manager.js:5 ← \
         inline script of the page, line 14"
    );
}
