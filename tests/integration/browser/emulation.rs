//! What the visitor is made to look like, as pages, frames, workers and servers see it.

use preconsent::model::observation::Event;
use preconsent::model::scenario::{PhaseId, ScenarioId};
use preconsent::model::visit::Visit;
use preconsent::testsite::TestSite;

use crate::support::browse::{Browse, stored, target};
use crate::support::facts::facts;
use crate::support::proxy::Proxy;
use preconsent::engine::Engine;
use preconsent::engine::browser::BrowserEngine;

const PAGE: &str = "https://visitor.test/";

/// Visits a page and keeps the sites, to ask them what they were told.
async fn visit(browse: Browse, url: &str) -> (Visit, TestSite) {
    let engine = BrowserEngine::start(browse.browser, browse.options)
        .await
        .expect("the browser starts");
    let visit = engine.visit(&target(url), ScenarioId::None).await;
    engine.close().await;
    let visit = visit.expect("a visit");
    assert_eq!(visit.faults, []);
    (visit, browse.site)
}

/// What a header said in each request for one of these paths of the page's host.
fn told(site: &TestSite, header: &str, paths: &[&str]) -> Vec<Option<String>> {
    let seen = site.header(header);
    for path in paths {
        assert!(seen.iter().any(|(_, p, _)| p == path), "{path} in {seen:?}");
    }
    let of_paths = seen.into_iter();
    of_paths
        .filter(|(host, path, _)| host == "visitor.test" && paths.contains(&path.as_str()))
        .map(|(_, _, value)| value)
        .collect()
}

/// Every kind of request that the page makes to its own host.
const ALL: [&str; 6] = [
    "/",
    "/facts.js",
    "/frame.html",
    "/worker.js",
    "/service.js",
    "/leave",
];

#[tokio::test(flavor = "multi_thread")]
async fn by_default_nothing_says_that_the_browser_is_driven() {
    let (visit, site) = visit(Browse::new().await, PAGE).await;
    for (place, facts) in facts(&visit) {
        let agent = facts["agent"].as_str().expect("a user agent");
        assert!(agent.contains(" Chrome/"), "{place}: {agent}");
        assert!(!agent.contains("Headless"), "{place}: {agent}");
        // Workers have no such property at all.
        assert_ne!(facts["webdriver"], true, "{place}");
    }
    for agent in told(&site, "user-agent", &ALL) {
        let agent = agent.expect("a user agent");
        assert!(
            agent.contains(" Chrome/") && !agent.contains("Headless"),
            "{agent}"
        );
    }
    for brands in told(&site, "sec-ch-ua", &ALL).into_iter().flatten() {
        assert!(!brands.contains("Headless"), "{brands}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn language_and_time_zone_are_the_same_everywhere() {
    let mut browse = Browse::new().await;
    browse.options.emulation.locale = Some("de-DE".parse().expect("a locale"));
    browse.options.emulation.timezone = Some("Asia/Tokyo".parse().expect("a zone"));
    let (visit, site) = visit(browse, PAGE).await;
    for (place, facts) in facts(&visit) {
        assert_eq!(facts["language"], "de-DE", "{place}: {facts}");
        assert_eq!(facts["languages"], "de-DE,de", "{place}: {facts}");
        assert_eq!(facts["zone"], "Asia/Tokyo", "{place}: {facts}");
        let locale = facts["locale"].as_str().expect("a locale");
        assert!(locale == "de-DE" || locale == "de", "{place}: {locale}");
    }
    for languages in told(&site, "accept-language", &ALL) {
        // For a service worker's script the browser adds its other languages, as it does everywhere
        // where it is installed in this language.
        let languages = languages.expect("languages");
        assert!(languages.starts_with("de-DE,de;q=0.9"), "{languages}");
    }
    let settings = visit.engine.settings.join("; ");
    assert!(settings.contains("language de-DE (--locale); time zone Asia/Tokyo (--timezone)"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_phone_is_a_phone() {
    let mut browse = Browse::new().await;
    browse.options.emulation.mobile = true;
    let (visit, site) = visit(browse, PAGE).await;
    let facts = facts(&visit);
    for (place, facts) in &facts {
        let agent = facts["agent"].as_str().expect("a user agent");
        assert!(agent.contains("Mobile Safari"), "{place}: {agent}");
        assert_eq!(facts["mobile"], true, "{place}");
    }
    let (_, page) = &facts[0];
    assert_eq!(
        (&page["width"], &page["height"]),
        (&412.into(), &915.into())
    );
    assert_eq!(page["touch"], true);
    for agent in told(&site, "user-agent", &ALL) {
        assert!(agent.is_some_and(|a| a.contains("Mobile Safari")));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn viewport_and_user_agent_are_as_asked_for() {
    let mut browse = Browse::new().await;
    browse.options.emulation.viewport = Some("1333x777".parse().expect("a viewport"));
    browse.options.emulation.user_agent = Some("Lantern/7 (quiet)".parse().expect("an agent"));
    let (visit, site) = visit(browse, PAGE).await;
    let facts = facts(&visit);
    for (place, facts) in &facts {
        assert_eq!(facts["agent"], "Lantern/7 (quiet)", "{place}");
    }
    let (_, page) = &facts[0];
    assert_eq!(
        (&page["width"], &page["height"]),
        (&1333.into(), &777.into())
    );
    assert_eq!(page["touch"], false);
    for agent in told(&site, "user-agent", &ALL) {
        assert_eq!(agent.as_deref(), Some("Lantern/7 (quiet)"));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn headers_go_to_the_target_s_site_and_to_nobody_else() {
    let mut browse = Browse::new().await;
    browse.options.emulation.headers = vec!["X-Preview: yes".parse().expect("a header")];
    browse.options.emulation.locale = Some("fr".parse().expect("a locale"));
    browse.options.emulation.cookies = vec!["brought=1".parse().expect("a cookie")];
    let (visit, site) = visit(browse, PAGE).await;
    facts(&visit);
    // The scripts of service workers are fetched where no command reaches.
    let reached: Vec<&str> = ALL.into_iter().filter(|p| *p != "/service.js").collect();
    for value in told(&site, "x-preview", &reached) {
        assert_eq!(value.as_deref(), Some("yes"));
    }
    // Back from another site's redirect it is the target's site again.
    assert_eq!(
        told(&site, "x-preview", &["/arrive"]),
        [Some("yes".to_owned())]
    );
    let others: Vec<_> = site
        .header("x-preview")
        .into_iter()
        .filter(|(host, _, _)| host != "visitor.test")
        .collect();
    for path in ["/frame.html", "/arrived", "/return"] {
        let asked = others.iter().any(|(_, p, _)| p == path);
        assert!(asked, "{path} in {others:?}");
    }
    assert!(
        others.iter().all(|(_, _, value)| value.is_none()),
        "{others:?}"
    );
    // What the browser sends by itself is not lost.
    for value in told(&site, "accept-language", &["/", "/facts.js"]) {
        assert_eq!(value.as_deref(), Some("fr"));
    }
    for value in told(&site, "cookie", &["/", "/frame.html", "/worker.js"]) {
        assert_eq!(value.as_deref(), Some("brought=1"));
    }
    let settings = &visit.engine.settings;
    let said = "header x-preview sent to the target's site (--header)".to_owned();
    assert!(settings.contains(&said), "{settings:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn cookies_that_the_visitor_brings_are_not_the_site_s() {
    let mut browse = Browse::new().await;
    let cookies = ["kept=1", "changed=1", "renewed=1"];
    browse.options.emulation.cookies = cookies.map(|c| c.parse().expect("a cookie")).to_vec();
    let (visit, site) = visit(browse, "https://visitor.test/renew.html").await;
    let arrived = told(&site, "cookie", &["/renew.html"]);
    let arrived = arrived[0].as_deref().expect("cookies");
    for cookie in cookies {
        assert!(arrived.contains(cookie), "{arrived}");
    }
    let elsewhere = site.header("cookie").into_iter();
    let elsewhere: Vec<_> = elsewhere.filter(|(h, _, _)| h != "visitor.test").collect();
    assert!(
        elsewhere.iter().all(|(_, _, c)| c.is_none()),
        "{elsewhere:?}"
    );
    assert_eq!(
        stored(&visit, PhaseId::BeforeChoice),
        ["cookie:changed", "cookie:renewed"],
        "what the site wrote, and nothing else"
    );
    let sent = visit.observations.iter().filter_map(|o| match &o.event {
        Event::CookiesSent(sent) => Some(sent),
        _ => None,
    });
    let names: Vec<Vec<&str>> = sent
        .map(|s| s.cookies.iter().map(|c| c.name.as_str()).collect())
        .collect();
    // The page's own request carried only what the visitor had brought, so it is not among them.
    assert!(!names.is_empty());
    for names in names {
        assert!(!names.contains(&"kept"), "{names:?}");
        assert!(names.contains(&"renewed"), "{names:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn everything_goes_through_the_proxy() {
    for scheme in ["http", "socks5"] {
        let mut browse = Browse::new().await;
        let proxy = Proxy::start(&browse.site).await;
        browse.options.resolve.clear();
        let address = format!("{scheme}://{}", proxy.address);
        browse.options.emulation.proxy = Some(address.parse().expect("a proxy"));
        let (visit, _site) = visit(browse, PAGE).await;
        facts(&visit);
        let asked = proxy.asked();
        for place in ["visitor.test:443", "visitor-frame.test:443"] {
            assert!(asked.iter().any(|a| a == place), "{place} in {asked:?}");
        }
        let said = format!("through the proxy {address} (--proxy)");
        assert!(visit.engine.settings.contains(&said));
    }
}
