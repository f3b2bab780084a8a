//! Declared lifetimes: `session`, ISO 8601 durations, `until-cleared`, `transient`.
//!
//! Months count as 31 days and years as 366 as an upper bound, so that a declared "6 months" is not
//! exceeded by any six calendar months.

/// A declared lifetime.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Expires {
    /// Until the browser or the tab ends.
    Session,
    /// At most so many seconds; with the text it was written as (`P6M`).
    Within {
        /// As written.
        text: String,
        /// Upper bound in seconds.
        upper_s: i64,
    },
    /// Until someone clears it (storage without an end).
    UntilCleared,
    /// Set and removed again at once.
    Transient,
    /// The vendor states none.
    NotStated,
}
