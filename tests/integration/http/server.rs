//! A server of two ports of 127.0.0.1 whose answers a test writes, and visits of the http engine to
//! it with every host led there.

use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::Request;
use axum::http::{HeaderMap, Response, header};
use axum_server::Handle;
use axum_server::tls_rustls::RustlsConfig;
use preconsent::engine::http::HttpEngine;
use preconsent::engine::{Engine, Options};
use preconsent::model::cookie::StoredCookie;
use preconsent::model::fault::FaultKind;
use preconsent::model::observation::{CookieWrite, Event, Request as SeenRequest};
use preconsent::model::scenario::ScenarioId;
use preconsent::model::target::{Place, Target};
use preconsent::model::visit::Visit;

/// A request as tests look at it.
pub(crate) struct Asked {
    /// `Host` without a port, and path with query: `shop.test/a?b`.
    pub(crate) at: String,
    /// The headers.
    pub(crate) headers: HeaderMap,
}

impl Asked {
    /// A header's value; empty if there is none.
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |v| v.to_str().unwrap())
    }
}

/// A running server. Dropping it stops it.
pub(crate) struct Server {
    pub(crate) http: SocketAddr,
    https: SocketAddr,
    handle: Handle<SocketAddr>,
}

impl Drop for Server {
    fn drop(&mut self) {
        self.handle.shutdown();
    }
}

impl Server {
    /// Starts a server that answers as told.
    pub(crate) async fn start<A>(answer: A) -> Self
    where
        A: Fn(&Asked) -> Response<Body> + Send + Sync + 'static,
    {
        let answer = Arc::new(answer);
        let app = Router::new()
            .fallback(move |request: Request| {
                let answer = Arc::clone(&answer);
                async move {
                    let path = request.uri().path_and_query().map_or("", |p| p.as_str());
                    let headers = request.headers().clone();
                    let host = headers[header::HOST].to_str().unwrap();
                    let host = host.split(':').next().unwrap_or_default();
                    let at = format!("{host}{path}");
                    answer(&Asked { at, headers })
                }
            })
            .into_make_service();
        let handle = Handle::new();
        let bind = || TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let (http, https) = (bind(), bind());
        let (http_at, https_at) = (http.local_addr().unwrap(), https.local_addr().unwrap());
        let plain = axum_server::from_tcp(http).unwrap().handle(handle.clone());
        let secure = axum_server::from_tcp_rustls(https, tls().await).unwrap();
        tokio::spawn(plain.serve(app.clone()));
        tokio::spawn(secure.handle(handle.clone()).serve(app));
        Self {
            http: http_at,
            https: https_at,
            handle,
        }
    }

    /// Options that lead every host here and take its certificate.
    pub(crate) fn options(&self) -> Options {
        let rules = [
            format!("*:80:{}", self.http),
            format!("*:443:{}", self.https),
        ];
        Options {
            resolve: rules.iter().map(|r| r.parse().unwrap()).collect(),
            insecure: true,
            load_max: Duration::from_secs(20),
            settle_max: Duration::from_secs(20),
            ..Options::default()
        }
    }

    /// A visit of one who does nothing.
    pub(crate) async fn visit(&self, url: &str) -> Visit {
        visit(self.options(), url, ScenarioId::None).await
    }
}

async fn tls() -> RustlsConfig {
    // Another test may have been first; the provider is the same.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let signed = rcgen::generate_simple_self_signed(["shop.test".to_owned()]).unwrap();
    let certificate = vec![signed.cert.der().to_vec()];
    let key = signed.signing_key.serialize_der();
    RustlsConfig::from_der(certificate, key).await.unwrap()
}

/// A visit.
pub(crate) async fn visit(options: Options, url: &str, scenario: ScenarioId) -> Visit {
    let engine = HttpEngine::new(options).unwrap();
    let target = Target::parse(url, Place::CommandLine).unwrap();
    engine.visit(&target, scenario).await.unwrap()
}

/// A page with this body and these `Set-Cookie` lines.
pub(crate) fn page(body: &str, cookies: &[&str]) -> Response<Body> {
    answer(200, &[("content-type", "text/html")], body, cookies)
}

/// A redirect.
pub(crate) fn redirect(to: &str, cookies: &[&str]) -> Response<Body> {
    answer(302, &[("location", to)], "", cookies)
}

/// Any answer.
pub(crate) fn answer(
    status: u16,
    headers: &[(&str, &str)],
    body: &str,
    cookies: &[&str],
) -> Response<Body> {
    let mut response = Response::builder().status(status);
    let cookies = cookies.iter().map(|line| ("set-cookie", *line));
    for (name, value) in headers.iter().copied().chain(cookies) {
        response = response.header(name, value);
    }
    response.body(Body::from(body.to_owned())).unwrap()
}

/// The cookie writes of a visit, in order.
pub(crate) fn writes(visit: &Visit) -> Vec<&CookieWrite> {
    let writes = visit.observations.iter().filter_map(|o| match &o.event {
        Event::CookieWrite(write) => Some(write),
        _ => None,
    });
    writes.collect()
}

/// The requests of a visit, in order.
pub(crate) fn requests(visit: &Visit) -> Vec<&SeenRequest> {
    let requests = visit.observations.iter().filter_map(|o| match &o.event {
        Event::Request(request) => Some(request),
        _ => None,
    });
    requests.collect()
}

/// The names in the snapshot that ends the visit.
pub(crate) fn stored(visit: &Visit) -> Vec<&str> {
    let cookies = |v: &'_ Visit| v.snapshots.last().map(|s| s.cookies.len());
    assert!(cookies(visit).is_some(), "no snapshot: {:?}", visit.faults);
    let last = visit.snapshots.last().unwrap();
    last.cookies
        .iter()
        .map(|c: &StoredCookie| c.name.as_str())
        .collect()
}

/// The kinds of the visit's faults.
pub(crate) fn faults(visit: &Visit) -> Vec<FaultKind> {
    visit.faults.iter().map(|f| f.kind).collect()
}
