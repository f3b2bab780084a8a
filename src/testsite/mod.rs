//! The loopback web sites that `preconsent demo` and the tests scan.
//!
//! One server speaks HTTP and HTTPS on two ports of 127.0.0.1 and answers for every host name; the
//! `Host` header picks the site. `https://<case>.shop.test/` is the page of `fixtures/sites/<case>/`
//! and [`cases`] lists them. Around them stand the hosts in `fixtures/sites/_hosts/`, a stand-in for
//! the tawk.to servers (`tawk`) and, where [`Options::cmp_dir`] says so, `cmp.test` with files
//! from disk. All other files are embedded, so that the demo works from any directory.
//!
//! What a folder's files cannot say by themselves (status, headers, delays) stands in its
//! `site.json`, whose fields are documented at `Site` in `case.rs`.

mod answer;
mod case;
mod certificate;
mod files;
mod tawk;

use std::io;
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::path::PathBuf;
use std::sync::Arc;

use axum::Router;
use axum::http::HeaderValue;
use axum_server::Handle;
use axum_server::tls_rustls::RustlsConfig;
use tokio_util::sync::{CancellationToken, DropGuard};

pub use case::{CaseInfo, Expect, cases};

use answer::State;

/// What may differ from one server to the next.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// The folder whose packages `https://cmp.test/<package>/…` serves, such as
    /// `fixtures/cmp/node_modules`. Without it that host answers 404.
    pub cmp_dir: Option<PathBuf>,
}

/// A running server. Dropping it stops it and cuts its connections.
#[derive(Debug)]
pub struct TestSite {
    http: SocketAddr,
    https: SocketAddr,
    certificate: Vec<u8>,
    state: Arc<State>,
    handle: Handle<SocketAddr>,
    _websockets: DropGuard,
}

impl TestSite {
    /// Starts on two free ports of 127.0.0.1. Needs a running tokio runtime.
    ///
    /// # Errors
    /// If no port can be bound or the certificate cannot be made.
    pub async fn start() -> io::Result<Self> {
        Self::start_with(Options::default()).await
    }

    /// As [`TestSite::start`], with options.
    ///
    /// # Errors
    /// If no port can be bound, the certificate cannot be made or `cmp_dir` is no folder.
    pub async fn start_with(options: Options) -> io::Result<Self> {
        let stop = CancellationToken::new();
        let state = Arc::new(State::new(options, stop.clone())?);
        let identity = certificate::make(&answer::host_names())?;
        let tls = RustlsConfig::from_config(Arc::new(identity.config));
        let http = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
        let https = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
        let (http_at, https_at) = (http.local_addr()?, https.local_addr()?);
        let handle = Handle::new();
        let app = Router::new()
            .fallback(answer::answer)
            .with_state(Arc::clone(&state))
            .into_make_service();
        let plain = axum_server::from_tcp(http)?.handle(handle.clone());
        let secure = axum_server::from_tcp_rustls(https, tls)?.handle(handle.clone());
        tokio::spawn(plain.serve(app.clone()));
        tokio::spawn(secure.serve(app));
        Ok(Self {
            http: http_at,
            https: https_at,
            certificate: identity.der,
            state,
            handle,
            _websockets: stop.drop_guard(),
        })
    }

    /// Where plain HTTP is spoken.
    #[must_use]
    pub fn http(&self) -> SocketAddr {
        self.http
    }

    /// Where HTTPS is spoken, with a certificate nobody trusts.
    #[must_use]
    pub fn https(&self) -> SocketAddr {
        self.https
    }

    /// The values for `--resolve` that lead every host here: `*:80:…` and `*:443:…`.
    #[must_use]
    pub fn resolve_args(&self) -> Vec<String> {
        vec![
            format!("*:80:{}", self.http),
            format!("*:443:{}", self.https),
        ]
    }

    /// The address of a case over HTTPS, as a browser that resolves every host here must be given
    /// it. For plain HTTP, replace the scheme.
    #[must_use]
    pub fn url(&self, case: &str) -> String {
        format!("https://{case}.shop.test/")
    }

    /// The certificate in DER, for a client that is to trust it.
    #[must_use]
    pub fn certificate(&self) -> &[u8] {
        &self.certificate
    }

    /// Every request so far as host and path (with its query), in the order of arrival.
    #[must_use]
    pub fn requests(&self) -> Vec<(String, String)> {
        let seen = self.state.requests().into_iter();
        seen.map(|request| (request.host, request.path)).collect()
    }

    /// What a header said in every request so far, with host and path, in the order of arrival;
    /// `None` where it was not sent.
    #[must_use]
    pub fn header(&self, name: &str) -> Vec<(String, String, Option<String>)> {
        let text = |value: &HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
        let seen = self.state.requests().into_iter();
        seen.map(|r| (r.host, r.path, r.headers.get(name).map(text)))
            .collect()
    }
}

impl Drop for TestSite {
    fn drop(&mut self) {
        self.handle.shutdown();
    }
}
