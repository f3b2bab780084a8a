//! The loopback web sites that `preconsent demo` and the tests scan.
//!
//! One server speaks HTTP and HTTPS on two ports of 127.0.0.1 and answers for every host name; the
//! `Host` header picks the case. `https://<case>.shop.test/` is the page of `fixtures/sites/<case>/`.

use std::net::SocketAddr;

/// A running server. Dropping it stops it.
#[derive(Debug)]
pub struct TestSite {}

impl TestSite {
    /// Starts on two free ports of 127.0.0.1. Needs a running tokio runtime.
    ///
    /// # Errors
    /// If no port can be bound or the certificate cannot be made.
    pub async fn start() -> std::io::Result<Self> {
        unimplemented!()
    }

    /// Where plain HTTP is spoken.
    #[must_use]
    pub fn http(&self) -> SocketAddr {
        unimplemented!()
    }

    /// Where HTTPS is spoken, with a certificate nobody trusts.
    #[must_use]
    pub fn https(&self) -> SocketAddr {
        unimplemented!()
    }

    /// The values for `--resolve` that lead every host here: `*:80:…` and `*:443:…`.
    #[must_use]
    pub fn resolve_args(&self) -> Vec<String> {
        unimplemented!()
    }
}
