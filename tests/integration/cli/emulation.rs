//! The visitor's settings on the command line and in the configuration: what is refused, and what the
//! http engine makes of them.

use preconsent::testsite::TestSite;

use crate::support::command::Shell;
use crate::support::proxy::Proxy;

#[test]
fn what_cannot_be_meant_is_a_usage_error_that_names_it() {
    for (flag, value, says) in [
        ("--locale", "german", "\"german\" is no locale"),
        ("--timezone", "Mars/Base", "\"Mars/Base\" is no time zone"),
        ("--viewport", "big", "\"big\" is no viewport"),
        ("--user-agent", " ", "a user agent has 1 to 500"),
        ("--header", "nothing", "the colon is missing"),
        ("--cookie", "nothing", "the = is missing"),
        ("--proxy", "gopher://p:1", "its scheme is \"gopher\""),
        ("--egress-label", "", "a label has 1 to 500"),
        (
            "--resolve",
            "x.test:notanip",
            "\"notanip\" is no IP address",
        ),
    ] {
        let arg = format!("{flag}={value}");
        let ran = Shell::new()
            .run(&["scan", "example.org", &arg])
            .ends_with(2);
        ran.says(&[flag, says]);
    }
}

#[test]
fn settings_that_exclude_each_other_are_usage_errors() {
    for (args, says) in [
        (
            &["--engine=http", "--mobile", "--timezone=UTC"][..],
            "--timezone and --mobile need a browser",
        ),
        (
            &[
                "--engine=http",
                "--proxy=http://p:1",
                "--resolve=a.test:127.0.0.1",
            ],
            "exclude each other",
        ),
        (
            &["--browser-url=ws://127.0.0.1:1/", "--proxy=http://p:1"],
            "needs a browser that preconsent starts",
        ),
        (
            &["--engine=http", "--browser=chromium"],
            "--engine http uses no browser",
        ),
        (
            &["--engine=http", "--browser-url=ws://127.0.0.1:1/"],
            "--engine http uses no browser",
        ),
    ] {
        let args = [&["scan", "example.org"], args].concat();
        Shell::new().run(&args).ends_with(2).says(&[says]);
    }
}

#[test]
fn the_configuration_has_the_same_keys_and_the_same_errors() {
    let shell = Shell::new();
    shell.write(
        "preconsent.yaml",
        "targets: [example.org]\nengine: http\nviewport: big\n",
    );
    let ran = shell.run(&["scan"]).ends_with(2);
    ran.says(&["is no viewport", "preconsent.yaml:3"]);
    shell.write(
        "preconsent.yaml",
        "targets: [example.org]\nengine: http\nmobile: true\n",
    );
    shell
        .run(&["scan"])
        .ends_with(2)
        .says(&["--mobile needs a browser", "leave it out"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_http_engine_follows_what_it_can() {
    let site = TestSite::start().await.expect("the sites start");
    let shell = Shell::new();
    let config = "locale: de-DE\nuser-agent: Lantern/7\nheader: [\"X-Preview: yes\"]\n\
                  cookie: [\"kept=c2VjcmV0\", \"renewed=1\"]\negress-label: the cellar\n";
    shell.write("preconsent.yaml", config);
    let args = [
        "--engine",
        "http",
        "--format",
        "json",
        "--record",
        "visits",
        "visitor.test/renew.html",
    ];
    let ran = shell.scan(&site, &args).ends_with(3);
    let settings = ran.json()["targets"][0]["visits"][0]["settings"].to_string();
    for said in [
        "language de-DE (--locale)",
        "user agent \\\"Lantern/7\\\" (--user-agent)",
        "header x-preview sent to the target's site (--header)",
        "cookie kept preset (--cookie)",
        "looked from: the cellar (--egress-label)",
    ] {
        assert!(settings.contains(said), "{said} in {settings}");
    }
    let manifest = shell.read("visits/manifest.json");
    assert!(
        manifest.contains("looked from: the cellar (--egress-label)"),
        "{manifest}"
    );
    for told in [&ran.stdout, &manifest] {
        assert!(!told.contains("c2VjcmV0"), "no secrets");
    }
    let items = ran.json()["targets"][0]["items"].clone();
    let names: Vec<&str> = items
        .as_array()
        .expect("items")
        .iter()
        .filter_map(|i| i["name"].as_str())
        .collect();
    assert_eq!(names, ["renewed"], "what the site wrote again");
    for (header, value) in [
        ("accept-language", "de-DE,de;q=0.9"),
        ("user-agent", "Lantern/7"),
        ("x-preview", "yes"),
    ] {
        for (host, path, sent) in site.header(header) {
            let own = host == "visitor.test" || header != "x-preview";
            assert_eq!(
                sent.as_deref(),
                own.then_some(value),
                "{header} to {host}{path}"
            );
        }
    }
    let seen = site.header("cookie");
    let first = seen
        .iter()
        .find(|(_, path, _)| path == "/renew.html")
        .expect("the page");
    assert_eq!(first.2.as_deref(), Some("kept=c2VjcmV0; renewed=1"));
    let others = seen.iter().filter(|(host, _, _)| host != "visitor.test");
    assert!(
        others.clone().count() > 0 && others.clone().all(|(_, _, c)| c.is_none()),
        "{seen:?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn the_http_engine_goes_through_proxies_of_both_kinds() {
    let site = TestSite::start().await.expect("the sites start");
    for scheme in ["http", "socks5"] {
        let proxy = Proxy::start(&site).await;
        let flag = format!("--proxy={scheme}://{}", proxy.address);
        let shell = Shell::new();
        let args = [
            "scan",
            "--engine=http",
            "--insecure",
            "--scenario=none",
            &flag,
            "visitor.test",
        ];
        shell.run(&args).ends_with(3);
        let asked = proxy.asked();
        assert_eq!(
            asked,
            ["visitor-frame.test:443", "visitor.test:443"],
            "{scheme}"
        );
    }
}
