//! The server's self-signed certificate, made anew at every start: no key is ever stored.

use std::io;
use std::sync::Arc;

use rustls::ServerConfig;
use rustls::crypto::ring;
use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};

/// A server configuration and its certificate.
pub(super) struct Identity {
    /// Speaks HTTP/1.1 only: websockets over HTTP/2 need an extension that the server lacks.
    pub(super) config: ServerConfig,
    /// The certificate in DER.
    pub(super) der: Vec<u8>,
}

/// Makes a certificate for `names`; wildcards such as `*.shop.test` are allowed.
pub(super) fn make(names: &[String]) -> io::Result<Identity> {
    let signed = rcgen::generate_simple_self_signed(names).map_err(io::Error::other)?;
    let certificate = signed.cert.der().clone();
    let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(signed.signing_key.serialize_der()));
    let mut config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(io::Error::other)?
        .with_no_client_auth()
        .with_single_cert(vec![certificate.clone()], key)
        .map_err(io::Error::other)?;
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(Identity {
        config,
        der: certificate.to_vec(),
    })
}
