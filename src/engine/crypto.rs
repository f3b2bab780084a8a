//! The cryptography that TLS uses here. The http client brings none of its own and panics when none
//! was chosen, so every maker of a client calls [`choose`] first.

/// Chooses ring for this process, unless the program has chosen something already.
pub(super) fn choose() {
    // An error means that a provider is installed already, which is as good.
    let _ = rustls::crypto::ring::default_provider().install_default();
}
