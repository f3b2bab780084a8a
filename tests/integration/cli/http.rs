//! Scans with the http engine: what needs no browser to be shown.

use std::net::TcpListener;

use preconsent::testsite::TestSite;

use crate::support::command::{Shell, reach};

/// A `--resolve` that leads a host to a port where nobody listens.
fn nowhere(host: &str) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("its address");
    format!("--resolve={host}:443:{address}")
}

#[test]
fn an_unreachable_host_ends_with_three_and_says_why() {
    let gone = nowhere("gone.test");
    let args = [
        "scan",
        "--engine",
        "http",
        &gone,
        "--format",
        "json",
        "gone.test",
    ];
    let ran = Shell::new().run(&args).ends_with(3);
    let report = ran.json();
    assert_eq!(report["verdict"], "inconclusive");
    assert_eq!(
        report["targets"][0]["faults"][0]["kind"],
        "connection-failed"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_target_that_fails_costs_the_others_nothing() {
    let site = TestSite::start().await.expect("the sites start");
    let shell = Shell::new();
    let gone = nowhere("gone.test");
    let mut args = vec![
        "scan",
        "--engine",
        "http",
        "--format",
        "json",
        gone.as_str(),
    ];
    let flags = reach(&site);
    args.extend(flags.iter().map(String::as_str));
    args.extend(["gone.test", "leaky.shop.test", "error-500.shop.test"]);
    let report = shell.run(&args).ends_with(3).json();
    let targets = report["targets"].as_array().expect("targets");
    let urls: Vec<_> = targets.iter().map(|t| t["url"].clone()).collect();
    assert_eq!(
        urls,
        [
            "https://gone.test/",
            "https://leaky.shop.test/",
            "https://error-500.shop.test/"
        ]
    );
    let items = targets[1]["items"].as_array().expect("items");
    assert!(
        items.iter().any(|i| i["status"] == "predicted"),
        "{report:#}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn targets_scenarios_and_the_network_may_stand_in_the_file() {
    let site = TestSite::start().await.expect("the sites start");
    let shell = Shell::new();
    let resolve = site.resolve_args().join("\", \"");
    shell.write(
        "preconsent.yaml",
        &format!(
            "targets: [leaky.shop.test]\nscenario: [none]\nengine: http\ninsecure: true\n\
             resolve: [\"{resolve}\"]\nformat: json\nsettle-max: 2\ntimeout: 20s\n"
        ),
    );
    let report = shell.run(&["scan"]).ends_with(3).json();
    let visits = report["targets"][0]["visits"].as_array().expect("visits");
    assert_eq!(visits.len(), 1, "{report:#}");
    assert_eq!(visits[0]["engine"], "http");
    // What is typed wins, here against a true in the file: the certificate is then not accepted.
    let strict = shell.run(&["scan", "--insecure=false"]).ends_with(3).json();
    assert_eq!(strict["targets"][0]["faults"][0]["kind"], "tls-error");
}

#[tokio::test(flavor = "multi_thread")]
async fn quiet_and_verbose_change_standard_error_only() {
    let site = TestSite::start().await.expect("the sites start");
    let shell = Shell::new();
    let scan = |flag: &str| {
        let args = [
            "--engine",
            "http",
            "--record",
            "visits",
            flag,
            "leaky.shop.test",
        ];
        shell.scan(&site, &args).ends_with(3)
    };
    let quiet = scan("--quiet");
    assert_eq!(quiet.stderr, "");
    let verbose = scan("-v").says(&["leaky.shop.test"]);
    let lines = |text: &str| text.lines().count();
    assert_eq!(lines(&quiet.stdout), lines(&verbose.stdout));
}
