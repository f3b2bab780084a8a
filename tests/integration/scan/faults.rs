//! Pages that cannot be seen: exit code 3, a fault with a name, and a reason for people.

use std::net::TcpListener;
use std::time::{Duration, Instant};

use crate::support::command::{Shell, reach};

use super::{Scanned, sites, with_json, words};

/// A `--resolve` that leads a host to a port where nobody listens.
fn deserted(host: &str) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("its address");
    format!("--resolve={host}:443:{address}")
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_that_cannot_be_seen_are_inconclusive_and_say_why() {
    let site = sites().await;
    let shell = Shell::new();
    // No name has a part of more than 63 characters, so nobody is asked for this one.
    let nowhere = format!("{}.test", "x".repeat(64));
    let expected = [
        ("gone.test", "connection-failed"),
        (nowhere.as_str(), "dns-failure"),
        ("blocked.shop.test", "http-status"),
        ("empty.shop.test", "empty-page"),
    ];
    let gone = deserted("gone.test");
    let mut args = vec!["scan", "--scenario", "none", "-o", "report.txt", &gone];
    // The rules of the sites are for every host.
    let sites: Vec<String> = reach(&site)
        .into_iter()
        .map(|rule| rule.replace("=*:", "=*.shop.test:"))
        .collect();
    args.extend(sites.iter().map(String::as_str));
    args.extend(expected.iter().map(|(host, _)| *host));
    let scanned = Scanned::new(shell.run(&with_json(&args)));
    scanned.ends_as("inconclusive");
    let table = shell.read("report.txt");
    for (target, (host, kind)) in scanned.targets().iter().zip(expected) {
        assert_eq!(target["url"], format!("https://{host}/"));
        assert_eq!(words(&target["faults"], "kind"), [kind], "{target:#}");
        assert_eq!(
            words(&target["findings"], "check"),
            ["blocked-or-challenged"]
        );
        let message = target["faults"][0]["message"].as_str().expect("a message");
        assert!(message.contains(host), "{message}");
        let reason = target["reasons"][0].as_str().expect("a reason");
        assert!(reason.contains(message), "{reason}");
        let start: String = message.chars().take(30).collect();
        assert!(table.contains(&start), "{start} is not in {table}");
    }
    assert_eq!(scanned.targets().len(), expected.len());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_that_takes_too_long_costs_no_more_than_it_may() {
    let site = sites().await;
    let began = Instant::now();
    let args = with_json(&["--timeout", "2", "slow.shop.test"]);
    let scanned = Scanned::new(Shell::new().scan(&site, &args));
    let took = began.elapsed();
    scanned.ends_as("inconclusive");
    let target = scanned.target();
    assert_eq!(words(&target["faults"], "kind"), ["timeout"], "{target:#}");
    let reason = target["reasons"][0].as_str().expect("a reason");
    assert!(reason.contains("2 s"), "{reason}");
    // Far less than the default of 30 seconds, far more than an idle machine needs.
    assert!(took < Duration::from_secs(25), "{took:?}");
}
