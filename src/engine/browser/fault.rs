//! Faults of the browser engine, named after what the browser says.

use super::cdp::CdpError;
use crate::model::fault::{Fault, FaultKind};

/// A fault that happened `at_ms` after the visit began.
pub(super) fn fault(kind: FaultKind, at_ms: u64, message: impl Into<String>) -> Fault {
    Fault {
        kind,
        message: message.into(),
        at_ms,
    }
}

/// The fault behind a call that brought nothing.
pub(super) fn of_call(error: &CdpError, at_ms: u64) -> Fault {
    match error {
        CdpError::Closed => fault(FaultKind::BrowserCrash, at_ms, "the browser ended"),
        CdpError::Detached => fault(
            FaultKind::BrowserCrash,
            at_ms,
            "the page crashed or was closed",
        ),
        CdpError::Timeout(method) => fault(
            FaultKind::Timeout,
            at_ms,
            format!("the page stopped responding (no answer to {method})"),
        ),
        CdpError::Refused { .. } => fault(FaultKind::LoadFailed, at_ms, error.to_string()),
    }
}

/// The kind of a failed navigation, from the browser's error text (`net::ERR_…`, listed in
/// Chromium's `net/base/net_error_list.h`).
pub(super) fn kind_of_net_error(text: &str) -> FaultKind {
    let name = text.trim_start_matches("net::").trim_start_matches("ERR_");
    let starts = |prefixes: &[&str]| prefixes.iter().any(|p| name.starts_with(p));
    if starts(&["NAME_", "DNS_", "ICANN_NAME"]) {
        FaultKind::DnsFailure
    } else if starts(&["CERT_", "SSL_", "BAD_SSL", "ECH_"]) {
        FaultKind::TlsError
    } else if starts(&["TIMED_OUT", "CONNECTION_TIMED_OUT"]) {
        FaultKind::Timeout
    } else if starts(&["HTTP_RESPONSE_CODE_FAILURE"]) {
        FaultKind::HttpStatus
    } else if starts(&[
        "CONNECTION_",
        "ADDRESS_",
        "EMPTY_RESPONSE",
        "INTERNET_",
        "NETWORK_",
        "SOCKET_",
        "SOCKS_",
        "PROXY_",
        "TUNNEL_",
        "UNSAFE_PORT",
    ]) {
        FaultKind::ConnectionFailed
    } else {
        FaultKind::LoadFailed
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn net_errors_have_kinds() {
        for (text, kind) in [
            ("net::ERR_NAME_NOT_RESOLVED", FaultKind::DnsFailure),
            ("net::ERR_CONNECTION_REFUSED", FaultKind::ConnectionFailed),
            ("net::ERR_CONNECTION_TIMED_OUT", FaultKind::Timeout),
            ("net::ERR_CERT_AUTHORITY_INVALID", FaultKind::TlsError),
            ("net::ERR_SSL_PROTOCOL_ERROR", FaultKind::TlsError),
            ("net::ERR_EMPTY_RESPONSE", FaultKind::ConnectionFailed),
            ("net::ERR_TOO_MANY_REDIRECTS", FaultKind::LoadFailed),
            ("", FaultKind::LoadFailed),
        ] {
            assert_eq!(kind_of_net_error(text), kind, "{text}");
        }
    }
}
