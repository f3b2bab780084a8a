//! Consent records: what a platform stored about the choice.

/// The formats that can be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decoder {
    /// vanilla-cookieconsent's `cc_cookie`: JSON with the accepted categories.
    CcCookie,
    /// Klaro's `klaro`: JSON of service → boolean.
    Klaro,
    /// tarteaucitron's `tarteaucitron`: `!service=true|false|wait`.
    Tarteaucitron,
    /// Osano cookieconsent's `cookieconsent_status`: `allow`, `deny` or `dismiss`.
    CookieconsentStatus,
}

/// What a record says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RecordState {
    /// No choice yet.
    Pending,
    /// Everything that can be rejected is.
    Rejected,
    /// Some of it.
    Partial,
    /// Everything is accepted.
    Accepted,
}

/// A decoded record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decoded {
    /// The sum of it.
    pub state: RecordState,
    /// Category or service → allowed, in record order.
    pub parts: Vec<(String, Option<bool>)>,
}

/// Reads the value of a record (percent-encoded or not). `None` if it is not of this format.
#[must_use]
pub fn decode(_decoder: Decoder, _value: &str) -> Option<Decoded> {
    unimplemented!()
}
