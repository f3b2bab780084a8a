//! Redaction: values are personal data, so reports show their shape and not the value itself.

/// Makes values presentable.
#[derive(Debug, Clone)]
pub struct Redactor {
    key: Vec<u8>,
    show: bool,
}

impl Redactor {
    /// A redactor whose digests are keyed with `key`; with `show` it leaves values as they are.
    #[must_use]
    pub fn new(key: &[u8], show: bool) -> Self {
        Self {
            key: key.to_vec(),
            show,
        }
    }

    /// How a value is shown: `‹36 chars, 3.9 bits/char, #1f6c9a02›`; the value itself when values
    /// are to be shown.
    #[must_use]
    pub fn value(&self, _value: &str) -> String {
        let _ = (&self.key, self.show);
        unimplemented!()
    }

    /// A cookie line (`Set-Cookie` or `document.cookie`) with only its value redacted.
    #[must_use]
    pub fn cookie_line(&self, _raw: &str) -> String {
        unimplemented!()
    }

    /// A URL with the values of its query and its fragment redacted.
    #[must_use]
    pub fn url(&self, _url: &str) -> String {
        unimplemented!()
    }
}
