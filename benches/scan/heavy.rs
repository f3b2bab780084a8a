//! Pages of a given weight, and what the collector script adds to the time of their load.

use std::net::SocketAddr;
use std::path::Path;
use std::process::{Command, Stdio};

use axum::Router;
use axum::extract::Path as Part;
use axum::response::Html;
use axum::routing::get;

use super::Outcome;

/// The collector script as it is in the program.
const COLLECTOR: &str = include_str!("../../src/engine/browser/collect/script.js");

/// Serves `/requests/N` and `/writes/N` on loopback; `/plain/writes/N` says how long the load took,
/// `/collected/writes/N` the same with the collector script.
pub(super) async fn serve() -> Outcome<SocketAddr> {
    let router = Router::new()
        .route(
            "/requests/{count}",
            get(|Part(n): Part<u32>| async move { Html(requests(n)) }),
        )
        .route(
            "/writes/{count}",
            get(|Part(n): Part<u32>| async move { Html(writes(n, "")) }),
        )
        .route(
            "/plain/writes/{count}",
            get(|Part(n): Part<u32>| async move { Html(writes(n, "void 0")) }),
        )
        .route(
            "/collected/writes/{count}",
            get(|Part(n): Part<u32>| async move {
                Html(writes(
                    n,
                    &format!("globalThis.sink = () => {{}}; ({COLLECTOR})(\"sink\")"),
                ))
            }),
        )
        .route("/thing", get(|| async { "thing" }));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
    let address = listener.local_addr()?;
    tokio::spawn(async move { axum::serve(listener, router).await });
    Ok(address)
}

fn requests(count: u32) -> String {
    format!(
        "<!doctype html><title>requests</title><body><script>for (let i = 0; i < {count}; i++) fetch('/thing?' + i)</script></body>"
    )
}

/// A page that writes keys; `first` is what runs before, the time of both ends up in its title.
fn writes(count: u32, first: &str) -> String {
    format!(
        "<!doctype html><title>writes</title><body><script>const began = performance.now();</script>\
         <script>{first}</script><script>for (let i = 0; i < {count}; i++) localStorage.setItem('k' + i % 500, 'v' + i);\
         document.title = 'took ' + (performance.now() - began) + ' ms';</script></body>"
    )
}

/// Milliseconds that a load's scripts take without and with the collector script: medians.
pub(super) fn collector_cost(browser: &Path, url: &str, rounds: usize) -> Outcome<(f64, f64)> {
    let (mut without, mut with) = (Vec::new(), Vec::new());
    for _ in 0..rounds {
        for (kind, times) in [("plain", &mut without), ("collected", &mut with)] {
            times.push(load(
                browser,
                &url.replacen("/writes", &format!("/{kind}/writes"), 1),
            )?);
        }
    }
    let median = |times: &mut Vec<f64>| {
        times.sort_by(f64::total_cmp);
        times[times.len() / 2]
    };
    Ok((median(&mut without), median(&mut with)))
}

fn load(browser: &Path, url: &str) -> Outcome<f64> {
    let profile = tempfile::tempdir()?;
    let output = Command::new(browser)
        .args(["--headless=new", "--dump-dom", "--no-sandbox"])
        .arg(format!("--user-data-dir={}", profile.path().display()))
        .arg(url)
        .stdin(Stdio::null())
        .output()?;
    let text = String::from_utf8_lossy(&output.stdout);
    let time = text
        .split_once("took ")
        .and_then(|(_, rest)| rest.split_once(" ms"));
    Ok(time
        .ok_or("the page did not say how long it took")?
        .0
        .parse()?)
}
