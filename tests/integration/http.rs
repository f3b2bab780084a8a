//! The http engine against servers on loopback: cookies of every hop, what browsers refuse, what
//! the page's files and frames bring, choices that are preset.

#![expect(clippy::unwrap_used, reason = "a test may fail by panicking")]

pub(crate) mod server;

mod broken;
mod snippets;

use std::sync::{Arc, Mutex};

use preconsent::engine::Options;
use preconsent::model::choice::{ChoiceState, Method};
use preconsent::model::observation::Event;
use preconsent::model::scenario::{PhaseId, ScenarioId};
use preconsent::model::visit::Clock;

use server::{Server, answer, faults, page, redirect, requests, stored, visit, writes};

#[tokio::test]
async fn every_hop_keeps_its_cookies_as_they_came() {
    let server = Server::start(|asked| match asked.at.as_str() {
        "shop.test/" => redirect("/two", &["a=1; PATH=/", "odd"]),
        "shop.test/two" => redirect("http://www.shop.test/home", &["b=2; Domain=.shop.test"]),
        _ => page(
            &format!("<p>cookies: {}", asked.header("cookie")),
            &["c=3; Max-Age=60"],
        ),
    })
    .await;
    let visit = server.visit("http://shop.test/").await;
    assert_eq!(faults(&visit), []);
    assert_eq!(visit.final_url.as_str(), "http://www.shop.test/home");
    let raw: Vec<_> = writes(&visit).iter().map(|w| w.raw.as_str()).collect();
    assert_eq!(
        raw,
        [
            "a=1; PATH=/",
            "odd",
            "b=2; Domain=.shop.test",
            "c=3; Max-Age=60"
        ]
    );
    let hops: Vec<_> = requests(&visit)
        .iter()
        .map(|r| r.redirected_from.clone())
        .collect();
    let before = |url: &str| Some(url.to_owned());
    assert_eq!(
        hops,
        [
            None,
            before("http://shop.test/"),
            before("http://shop.test/two")
        ]
    );
    assert!(requests(&visit).iter().all(|r| r.id == "1"));
    assert_eq!(stored(&visit), ["", "a", "b", "c"]);
    let sent = visit.observations.iter().filter_map(|o| match &o.event {
        Event::CookiesSent(sent) => Some((sent.url.as_str(), sent.cookies.len())),
        _ => None,
    });
    let expected = [
        ("http://shop.test/two", 2),
        ("http://www.shop.test/home", 1),
    ];
    assert_eq!(sent.collect::<Vec<_>>(), expected);
    assert_eq!((visit.clock, visit.limits.len()), (Clock::None, 1));
}

#[tokio::test]
async fn pixels_of_other_sites_store_only_what_browsers_let_them() {
    let server = Server::start(|asked| match asked.at.as_str() {
        "shop.test/" => page(
            "<p>Hi<img src='https://ads.test/px'>",
            &["__Host-x=1; Secure"],
        ),
        "ads.test/px" => answer(
            200,
            &[("content-type", "image/gif")],
            "",
            &[
                "lax=1",
                "none=1; SameSite=None; Secure",
                "chips=1; SameSite=None; Secure; Partitioned",
                "wrong=1; SameSite=None",
            ],
        ),
        _ => answer(404, &[], "", &[]),
    })
    .await;
    let visit = server.visit("https://shop.test/").await;
    assert_eq!(stored(&visit), ["chips", "none"]);
    let refused: Vec<_> = writes(&visit)
        .iter()
        .filter(|w| !w.refused.is_empty())
        .map(|w| w.cookie.name.as_str())
        .collect();
    assert_eq!(refused, ["__Host-x", "lax", "wrong"]);
    let chips = visit.snapshots[0]
        .cookies
        .iter()
        .find(|c| c.name == "chips")
        .unwrap();
    assert_eq!(chips.partition.as_deref(), Some("https://shop.test"));
    let pixel = requests(&visit)[1];
    assert_eq!(
        (pixel.resource.as_str(), pixel.document_url.as_str()),
        ("image", "https://shop.test/")
    );
}

#[tokio::test]
async fn files_of_the_page_and_of_its_frames_are_fetched() {
    let server = Server::start(|asked| match asked.at.as_str() {
        "shop.test/" => page(
            "<link rel=stylesheet href=/s.css><p>Hi<script src=/m.js></script>\
             <script type=text/plain src=/held.js></script><img data-src=/lazy.png>\
             <template><img src=/template.png></template><noscript><img src=/no.png></noscript>\
             <img src='http://shop.test/upgraded.png'><script src='http://shop.test/mixed.js'></script>\
             <iframe src='https://frame.test/f'></iframe><iframe srcdoc='<img src=/inner.png>'></iframe>",
            &[],
        ),
        "frame.test/f" => page(
            "<img src=/own.png><img src='https://shop.test/from-frame.png'><iframe src=/deep></iframe>",
            &["f=1; SameSite=None; Secure"],
        ),
        _ => answer(200, &[], "", &[]),
    })
    .await;
    let visit = server.visit("https://shop.test/").await;
    let mut urls: Vec<_> = requests(&visit).iter().map(|r| r.url.as_str()).collect();
    urls.sort_unstable();
    let expected = [
        "https://frame.test/f",
        "https://frame.test/own.png",
        "https://shop.test/",
        "https://shop.test/from-frame.png",
        "https://shop.test/inner.png",
        "https://shop.test/m.js",
        "https://shop.test/s.css",
        "https://shop.test/upgraded.png",
    ];
    assert_eq!(urls, expected);
    assert_eq!(stored(&visit), ["f"]);
    let limits = visit.limits.join("\n");
    assert!(limits.contains("frames within frames"), "{limits}");
    assert!(limits.contains("1 files were left out"), "{limits}");
}

#[tokio::test]
async fn ports_and_addresses_by_number_are_led_by_rules_too() {
    let hosts = Arc::new(Mutex::new(Vec::new()));
    let heard = Arc::clone(&hosts);
    let server = Server::start(move |asked| {
        heard.lock().unwrap().push(asked.header("host").to_owned());
        page("<p>Hi", &[])
    })
    .await;
    for url in [
        "http://shop.test:8081/",
        "http://10.1.2.3:8081/",
        "http://[fd00::1]/",
    ] {
        let options = Options {
            resolve: vec![format!("*:{}", server.http).parse().unwrap()],
            ..Options::default()
        };
        let visit = visit(options, url, ScenarioId::None).await;
        assert_eq!(faults(&visit), [], "{url}");
        assert_eq!(visit.final_url.as_str(), url);
        assert!(visit.engine.settings[0].contains(&server.http.to_string()));
    }
    let url = format!("http://{}/", server.http);
    let direct = visit(Options::default(), &url, ScenarioId::None);
    assert_eq!(faults(&direct.await), []);
    let expected = [
        "shop.test:8081",
        "10.1.2.3:8081",
        "[fd00::1]",
        &server.http.to_string(),
    ];
    assert_eq!(*hosts.lock().unwrap(), expected);
}

#[tokio::test]
async fn a_choice_is_made_by_presetting_the_platforms_record() {
    let server = Server::start(|asked| {
        let asked_before = !asked.header("cookie").is_empty();
        match asked.at.as_str() {
            "bar.test/" if asked.header("cookie") == "cookieconsent_status=deny" => {
                page("<p>Welcome back", &["late=1"])
            }
            "bar.test/" => page("<p>Hi<script src=/cookieconsent.min.js></script>", &[]),
            "klaro.test/" => page("<p>Hi<script src=/klaro.js></script>", &["k=1"]),
            at => page(&format!("<p>{at} {asked_before}"), &[]),
        }
    })
    .await;
    let reject = async |url: &str| {
        let recipes = preconsent::consent::recipe::builtin();
        let options = Options {
            recipes,
            ..server.options()
        };
        visit(options, url, ScenarioId::Reject).await
    };
    let seeded = reject("https://bar.test/").await;
    let phases: Vec<_> = seeded.phases.iter().map(|p| p.id).collect();
    assert_eq!(phases, [PhaseId::BeforeChoice, PhaseId::AfterChoice]);
    assert_eq!(seeded.choice.state, ChoiceState::Unproven);
    assert_eq!(seeded.choice.method, Some(Method::Seeded));
    assert_eq!(seeded.choice.platform.as_deref(), Some("cookieconsent"));
    let before = seeded.snapshot(PhaseId::BeforeChoice).unwrap();
    assert!(before.cookies.is_empty());
    assert_eq!(
        stored(&seeded),
        ["late"],
        "the preset record is not the site's doing"
    );

    let unknown = reject("https://klaro.test/").await;
    assert_eq!(unknown.choice.platform.as_deref(), Some("klaro"));
    assert_eq!((unknown.phases.len(), unknown.choice.method), (1, None));
    let nobody = reject("https://shop.test/").await;
    assert_eq!((nobody.choice.platform, nobody.phases.len()), (None, 1));
    assert_eq!(nobody.choice.state, ChoiceState::Unproven);
}

#[tokio::test]
async fn a_page_that_forwards_by_meta_refresh_is_followed() {
    let server = Server::start(|asked| match asked.at.as_str() {
        "shop.test/" => page(
            "<meta http-equiv=Refresh content=\"0; URL='/home'\">",
            &["a=1"],
        ),
        _ => page("<p>Home", &["b=1"]),
    })
    .await;
    let visit = server.visit("https://shop.test/").await;
    assert_eq!(visit.final_url.as_str(), "https://shop.test/home");
    assert_eq!(stored(&visit), ["a", "b"]);
    assert_eq!(faults(&visit), []);
}
