//! The loopback server itself: what every other test and the demo take for granted about the sites
//! they scan.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on must stop")]

mod cases;
mod server;
mod tawk;

use std::time::Duration;

use preconsent::testsite::TestSite;
use reqwest::{Certificate, Client, Response, StatusCode, redirect};
use tokio::net::TcpStream;

/// Longer than anything here takes, short enough to see that something hangs.
const LONG: Duration = Duration::from_secs(20);

/// A client that resolves any of `hosts` to the server, trusts its certificate, and follows nothing.
fn client(site: &TestSite, hosts: &[&str]) -> Client {
    // A second call finds the provider of the first.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let certificate = Certificate::from_der(site.certificate()).unwrap();
    hosts
        .iter()
        .fold(Client::builder(), |builder, host| {
            builder.resolve(host, site.https())
        })
        .tls_certs_only([certificate])
        .redirect(redirect::Policy::none())
        .no_proxy()
        .timeout(LONG)
        .build()
        .unwrap()
}

/// The address of `host` and `path` by port, which a resolver rule cannot say for this client.
fn address(site: &TestSite, scheme: &str, host: &str, path: &str) -> String {
    let port = if scheme == "https" {
        site.https()
    } else {
        site.http()
    }
    .port();
    format!("{scheme}://{host}:{port}{path}")
}

async fn get(site: &TestSite, host: &str, path: &str) -> Response {
    let url = address(site, "https", host, path);
    client(site, &[host]).get(url).send().await.unwrap()
}

async fn text(site: &TestSite, host: &str, path: &str) -> String {
    let response = get(site, host, path).await;
    assert_eq!(response.status(), StatusCode::OK, "{host}{path}");
    response.text().await.unwrap()
}

type Socket = tokio_tungstenite::WebSocketStream<TcpStream>;

async fn open_websocket(site: &TestSite) -> Socket {
    let stream = TcpStream::connect(site.http()).await.unwrap();
    let (socket, _) = tokio_tungstenite::client_async("ws://vs1.tawk.to/s/?k=token", stream)
        .await
        .unwrap();
    socket
}
