//! What to scan, and where the user asked for it.

use serde::{Deserialize, Serialize};
use url::Url;

/// One site to scan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Target {
    /// The address the visits start from.
    pub url: Url,
    /// Where the user wrote it, for error messages.
    pub place: Place,
}

/// The place a target was named in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "kind")]
pub enum Place {
    /// An argument of the command.
    CommandLine,
    /// A line (from 1) of a file.
    File {
        /// The file as the user named it.
        path: String,
        /// The line, counted from 1.
        line: u32,
    },
}

/// Why a text is not a target.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum TargetError {
    /// Not an address at all: the user's typing.
    #[error("\"{text}\" is not a URL: {reason}; write it as https://example.org/")]
    NotAUrl {
        /// What was given.
        text: String,
        /// What the URL parser said.
        reason: String,
    },
    /// An address no visitor's browser would fetch over the web.
    #[error("\"{text}\" has the scheme \"{scheme}\"; only http and https can be scanned")]
    Scheme {
        /// What was given.
        text: String,
        /// Its scheme.
        scheme: String,
    },
}

impl Target {
    /// Reads a target as a user types it: a missing scheme means `https`.
    ///
    /// # Errors
    /// [`TargetError`] if the text is no http(s) URL with a host.
    pub fn parse(text: &str, place: Place) -> Result<Self, TargetError> {
        let text = text.trim();
        let with_scheme = if text.contains("://") {
            text.to_owned()
        } else {
            format!("https://{text}")
        };
        let url = Url::parse(&with_scheme).map_err(|e| TargetError::NotAUrl {
            text: text.to_owned(),
            reason: match text.find(char::is_whitespace) {
                Some(_) => "there is a space in it".to_owned(),
                None => e.to_string(),
            },
        })?;
        if !matches!(url.scheme(), "http" | "https") {
            return Err(TargetError::Scheme {
                text: text.to_owned(),
                scheme: url.scheme().to_owned(),
            });
        }
        Ok(Self { url, place })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Result<String, TargetError> {
        Target::parse(text, Place::CommandLine).map(|t| t.url.to_string())
    }

    #[test]
    fn a_missing_scheme_means_https() {
        assert_eq!(
            parse(" example.org/a ").as_deref(),
            Ok("https://example.org/a")
        );
        assert_eq!(
            parse("localhost:8080").as_deref(),
            Ok("https://localhost:8080/")
        );
    }

    #[test]
    fn other_schemes_and_nonsense_are_refused() {
        assert!(matches!(
            parse("ftp://example.org"),
            Err(TargetError::Scheme { .. })
        ));
        assert!(matches!(parse("http://"), Err(TargetError::NotAUrl { .. })));
        assert!(matches!(parse(""), Err(TargetError::NotAUrl { .. })));
    }
}
