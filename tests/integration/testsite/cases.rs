//! The bundled cases: each answers, says what it shows, and sends what it states.

use std::collections::BTreeSet;
use std::path::Path;
use std::time::Duration;

use preconsent::testsite::{CaseInfo, TestSite, cases};
use regex::Regex;
use reqwest::Response;

use super::{address, client, get, text};

fn host(case: &CaseInfo) -> String {
    format!("{}.shop.test", case.name)
}

fn status_of(case: &str) -> u16 {
    match case {
        "plain-cookies" | "redirect-away" => 302,
        "blocked" => 403,
        "error-500" => 500,
        _ => 200,
    }
}

#[tokio::test]
async fn every_case_answers_over_http_and_https() {
    let site = TestSite::start().await.unwrap();
    assert!(cases().len() >= 36, "{} cases", cases().len());
    for case in cases() {
        let host = host(&case);
        let client = client(&site, &[&host]);
        for scheme in ["https", "http"] {
            let url = address(&site, scheme, &host, "/");
            let response = client.get(&url).send().await.unwrap();
            assert_eq!(response.status().as_u16(), status_of(&case.name), "{url}");
        }
    }
}

/// The folders of cases. Those of consent platforms are described by their own tests.
fn folders() -> BTreeSet<String> {
    let sites = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/sites");
    let names = std::fs::read_dir(sites)
        .unwrap()
        .map(|entry| entry.unwrap().file_name());
    names
        .map(|name| name.into_string().unwrap())
        .filter(|name| !name.starts_with('_') && !name.starts_with("cmp-"))
        .collect()
}

#[tokio::test]
async fn every_page_begins_with_what_a_scanner_must_say() {
    let site = TestSite::start().await.unwrap();
    for case in folders() {
        if case == "empty" || case == "download" || case == "redirect-away" {
            continue; // they have no page
        }
        let path = if case == "plain-cookies" {
            "/shop"
        } else {
            "/"
        };
        let mut page = get(&site, &format!("{case}.shop.test"), path).await;
        let start = page.chunk().await.unwrap().unwrap();
        let start = String::from_utf8_lossy(&start);
        assert!(start.starts_with("<!doctype html>\n<!-- Shows: "), "{case}");
        assert!(start.contains("A scanner must say: "), "{case}");
    }
}

#[test]
fn every_case_says_what_it_shows_and_what_a_scan_must_say() {
    let verdicts = ["pass", "fail", "inconclusive"];
    let names = cases().into_iter().map(|case| case.name);
    let names: BTreeSet<String> = names.filter(|name| !name.starts_with("cmp-")).collect();
    assert_eq!(names, folders());
    for case in cases() {
        assert!(
            !case.title.is_empty() && !case.title.ends_with('.'),
            "{}",
            case.name
        );
        assert!(
            case.schemes.iter().all(|s| s == "http" || s == "https"),
            "{}",
            case.name
        );
        let verdict = case.expect.verdict.as_deref();
        assert!(
            verdict.is_none_or(|word| verdicts.contains(&word)),
            "{}",
            case.name
        );
        assert!(
            verdict != Some("fail") || !case.expect.checks.is_empty(),
            "{}",
            case.name
        );
    }
}

#[tokio::test]
async fn every_file_that_a_page_names_is_there() {
    let site = TestSite::start().await.unwrap();
    let local = Regex::new(r#"(?:src|href)="(/[^/"][^"]*|/)""#).unwrap();
    for case in cases().into_iter().filter(|case| case.name != "slow") {
        let host = host(&case);
        let client = client(&site, &[&host]);
        let page = get(&site, &host, "/").await.text().await.unwrap();
        for found in local.captures_iter(&page) {
            let url = address(&site, "https", &host, &found[1]);
            let status = client.get(&url).send().await.unwrap().status();
            assert!(
                status.is_success() || status.is_redirection(),
                "{url}: {status}"
            );
        }
    }
}

#[tokio::test]
async fn only_properties_of_the_table_are_embedded_by_pages() {
    let site = TestSite::start().await.unwrap();
    let embedded = Regex::new(r"https://embed\.tawk\.to(/[a-z0-9/-]+)").unwrap();
    let mut seen = 0;
    for case in cases().into_iter().filter(|case| case.name != "slow") {
        let page = get(&site, &host(&case), "/").await.text().await.unwrap();
        for found in embedded.captures_iter(&page) {
            let code = text(&site, "embed.tawk.to", &found[1]).await;
            assert!(code.contains("$_Tawk_AccountKey"), "{}", case.name);
            seen += 1;
        }
    }
    assert!(seen >= 20, "{seen} pages embed the widget");
}

#[tokio::test]
async fn headers_are_sent_as_the_case_states_them() {
    let site = TestSite::start().await.unwrap();
    let cookies = |response: &Response| -> Vec<String> {
        let lines = response.headers().get_all("set-cookie").iter();
        lines
            .map(|line| line.to_str().unwrap().to_owned())
            .collect()
    };
    let hop = get(&site, "plain-cookies.shop.test", "/").await;
    assert_eq!(hop.headers()["location"], "/shop");
    assert_eq!(
        cookies(&hop),
        ["hop_visit=a1f0c37be2d94685; Path=/; Max-Age=2592000; SameSite=Lax"]
    );
    let page = get(&site, "plain-cookies.shop.test", "/shop").await;
    assert_eq!(
        cookies(&page),
        [
            "shop_basket=5d3c8e0af1b24796; Path=/; HttpOnly; SameSite=Lax",
            "old_offer=gone; Path=/; Expires=Thu, 01 Jan 1970 00:00:00 GMT",
            "ten_years=e7b1094cd2a8f365; Path=/; Max-Age=315360000; SameSite=Lax",
            "split_jar=93c4d1e07af2b856; Path=/; Secure; SameSite=None; Partitioned; Max-Age=86400",
            "split_insecure=1; Path=/; SameSite=Lax; Partitioned",
            "none_insecure=1; Path=/; SameSite=None",
            "__Host-wide=1; Path=/; Secure; Domain=shop.test",
        ]
    );
    let pixel = get(&site, "tracker.test", "/pixel.gif?visitor=1").await;
    assert_eq!(pixel.headers()["content-type"], "image/gif");
    assert_eq!(cookies(&pixel).len(), 1);
    let file = get(&site, "download.shop.test", "/").await;
    assert_eq!(file.headers()["content-type"], "application/octet-stream");
    assert!(
        file.headers()["content-disposition"]
            .to_str()
            .unwrap()
            .starts_with("attachment")
    );
    let empty = text(&site, "empty.shop.test", "/").await;
    assert_eq!(empty, "");
}

#[tokio::test]
async fn the_slow_page_begins_and_never_ends() {
    let site = TestSite::start().await.unwrap();
    let mut page = get(&site, "slow.shop.test", "/").await;
    let first = page.chunk().await.unwrap().unwrap();
    assert!(String::from_utf8_lossy(&first).contains("<h1>"));
    let more = tokio::time::timeout(Duration::from_millis(300), page.chunk()).await;
    assert!(more.is_err(), "the body ended or went on: {more:?}");
}
