//! What a profile says of lifetimes, of the record of the choice, and of single checks.

use crate::model::duration::Expires;
use crate::model::finding::Severity;
use crate::model::role::Role;

/// Thresholds of the expiry checks.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ExpiryLimits {
    /// An excess below this many seconds is rounding, not a finding.
    pub min_excess_s: i64,
    /// From this multiple of the declared lifetime on, the excess is an error instead of a warning.
    pub error_ratio: f64,
}

/// Longest lives of kinds of items.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Lifetimes {
    /// Of items exempt on a ground that the profile recognises (`audience-measurement`).
    pub grounds: Vec<(String, Limit)>,
    /// Of essential items of a sub-type.
    pub sub_types: Vec<(String, Limit)>,
    /// Of items of a role.
    pub roles: Vec<(Role, Limit)>,
}

/// How long items of a kind may live.
#[derive(Debug, Clone, PartialEq)]
pub struct Limit {
    /// `session` or a duration.
    pub within: Expires,
    /// How bad more is.
    pub severity: Severity,
    /// Where the limit comes from.
    pub sources: Vec<String>,
}

impl Limit {
    /// The limit in seconds; zero where the item must end with the session.
    #[must_use]
    pub fn upper_s(&self) -> i64 {
        match self.within {
            Expires::Within { upper_s, .. } => upper_s,
            _ => 0,
        }
    }
}

/// How long the record of the choice is to be kept, and the visitor to be left in peace.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct RecordWindow {
    /// At least so long.
    pub at_least: Option<Limit>,
    /// At most so long.
    pub at_most: Option<Limit>,
}

/// What a profile makes of a check.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Level {
    /// It is not run.
    Off,
    /// Its findings are worth knowing.
    Info,
    /// Its findings should be looked at.
    Warn,
    /// Its findings are potential violations.
    Error,
}

impl Level {
    /// The severity of the findings; `None` if there are none.
    #[must_use]
    pub fn severity(self) -> Option<Severity> {
        match self {
            Self::Off => None,
            Self::Info => Some(Severity::Info),
            Self::Warn => Some(Severity::Warn),
            Self::Error => Some(Severity::Error),
        }
    }
}
