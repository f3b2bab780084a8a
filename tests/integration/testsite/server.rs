//! What the server lets in, what it leaves out, and how it ends.

use std::net::SocketAddr;

use futures_util::StreamExt;
use preconsent::testsite::{Options, TestSite};
use reqwest::StatusCode;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use super::{LONG, get, open_websocket};

/// Sends a request line as it is (a proper client would tidy the path) and returns the whole answer.
async fn raw(at: SocketAddr, host: &str, path: &str) -> String {
    let mut stream = TcpStream::connect(at).await.unwrap();
    let request = format!("GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = String::new();
    tokio::time::timeout(LONG, stream.read_to_string(&mut answer))
        .await
        .unwrap()
        .unwrap();
    answer
}

#[tokio::test]
async fn no_path_and_no_host_leads_out_of_a_sites_folder() {
    let site = TestSite::start().await.unwrap();
    let shop = "leaky.shop.test";
    for path in [
        "/site.json",
        "/../_tawk/widget.js",
        "/%2e%2e/_tawk/widget.js",
        "/..%2f_tawk/widget.js",
        "/./site.json",
        "//site.json",
        "/..\\_tawk\\widget.js",
        "/../../../../../etc/passwd",
    ] {
        let answer = raw(site.http(), shop, path).await;
        let refused = answer.starts_with("HTTP/1.1 404") || answer.starts_with("HTTP/1.1 400");
        assert!(refused, "{path}: {answer}");
    }
    for host in [
        "_tawk.shop.test",
        "_hosts.shop.test",
        "leaky/../_tawk",
        "..",
        "_tawk",
        "",
        "nobody.test",
    ] {
        let answer = raw(site.http(), host, "/widget.js").await;
        let refused = answer.starts_with("HTTP/1.1 404") || answer.starts_with("HTTP/1.1 400");
        assert!(refused, "{host}: {answer}");
    }
}

#[tokio::test]
async fn the_hosts_name_may_have_capitals_a_port_and_a_final_dot() {
    let site = TestSite::start().await.unwrap();
    for host in [
        "LEAKY.shop.test",
        "leaky.shop.test:8443",
        "leaky.shop.test.",
        "leaky.shop.test.:80",
    ] {
        let answer = raw(site.http(), host, "/").await;
        assert!(answer.starts_with("HTTP/1.1 200"), "{host}: {answer}");
    }
}

#[tokio::test]
async fn consent_platforms_come_from_the_folder_that_was_named_and_no_other() {
    let disk = tempfile::tempdir().unwrap();
    let packages = disk.path().join("node_modules");
    std::fs::create_dir_all(packages.join("@scope/pkg/dist")).unwrap();
    std::fs::write(packages.join("@scope/pkg/dist/cmp.js"), "platform()").unwrap();
    std::fs::write(disk.path().join("secret.txt"), "secret").unwrap();
    #[cfg(unix)]
    std::os::unix::fs::symlink(disk.path().join("secret.txt"), packages.join("link.txt")).unwrap();
    let options = Options {
        cmp_dir: Some(packages),
    };
    let site = TestSite::start_with(options).await.unwrap();
    let script = get(&site, "cmp.test", "/@scope/pkg/dist/cmp.js").await;
    assert_eq!(
        script.headers()["content-type"],
        "text/javascript; charset=utf-8"
    );
    assert_eq!(script.headers()["access-control-allow-origin"], "*");
    assert_eq!(script.text().await.unwrap(), "platform()");
    for path in [
        "/../secret.txt",
        "/%2e%2e/secret.txt",
        "/link.txt",
        "/@scope/../../secret.txt",
        "/@scope",
        "/",
    ] {
        let answer = raw(site.http(), "cmp.test", path).await;
        assert!(answer.starts_with("HTTP/1.1 404"), "{path}: {answer}");
    }
}

#[tokio::test]
async fn without_a_folder_there_are_no_platforms_and_a_wrong_folder_is_an_error() {
    let site = TestSite::start().await.unwrap();
    let status = get(&site, "cmp.test", "/klaro/dist/klaro.js")
        .await
        .status();
    assert_eq!(status, StatusCode::NOT_FOUND);
    let options = Options {
        cmp_dir: Some("/no/such/folder".into()),
    };
    let error = TestSite::start_with(options).await.unwrap_err();
    assert!(error.to_string().contains("/no/such/folder"), "{error}");
}

#[tokio::test]
async fn requests_are_logged_in_order_with_host_and_query() {
    let site = TestSite::start().await.unwrap();
    get(&site, "tracker.test", "/pixel.gif?visitor=7").await;
    get(&site, "leaky.shop.test", "/about").await;
    let expected = [
        ("tracker.test", "/pixel.gif?visitor=7"),
        ("leaky.shop.test", "/about"),
    ]
    .map(|(host, path)| (host.to_owned(), path.to_owned()));
    assert_eq!(site.requests(), expected);
}

#[tokio::test]
async fn the_addresses_for_a_browser_name_both_ports() {
    let site = TestSite::start().await.unwrap();
    assert_eq!(site.url("leaky"), "https://leaky.shop.test/");
    let (http, https) = (site.http(), site.https());
    assert!(http.ip().is_loopback() && https.ip().is_loopback() && http != https);
    assert_eq!(
        site.resolve_args(),
        [format!("*:80:{http}"), format!("*:443:{https}")]
    );
}

#[tokio::test]
async fn dropping_the_server_closes_its_ports_and_cuts_its_connections() {
    let site = TestSite::start().await.unwrap();
    let ports = [site.http(), site.https()];
    let mut socket = open_websocket(&site).await;
    let mut endless = get(&site, "slow.shop.test", "/").await;
    endless.chunk().await.unwrap();
    drop(site);
    let end = tokio::time::timeout(LONG, socket.next()).await.unwrap();
    assert!(
        !matches!(end, Some(Ok(_))),
        "the websocket goes on: {end:?}"
    );
    let end = tokio::time::timeout(LONG, endless.chunk()).await.unwrap();
    assert!(
        end.is_err(),
        "the endless page goes on or ended well: {end:?}"
    );
    for port in ports {
        let closed = async { while TcpStream::connect(port).await.is_ok() {} };
        tokio::time::timeout(LONG, closed).await.unwrap();
    }
}
