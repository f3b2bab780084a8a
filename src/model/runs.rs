//! Runs: the same visits made several times over, since what a site does may differ from one to the
//! next.

use serde::{Deserialize, Serialize};

/// In how many of the runs something was seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Runs {
    /// In so many, at least one.
    pub seen: u32,
    /// Of so many.
    pub of: u32,
}

impl Runs {
    /// More than half of them. What fewer saw is likely and no more.
    #[must_use]
    pub fn is_majority(self) -> bool {
        u64::from(self.seen) * 2 > u64::from(self.of)
    }

    /// Whether some saw it and others did not.
    #[must_use]
    pub fn differ(self) -> bool {
        self.seen < self.of
    }

    /// `2 of 3 runs`.
    #[must_use]
    pub fn in_words(self) -> String {
        format!("{} of {} runs", self.seen, self.of)
    }
}

/// The number of the first run, which is the only one where nothing is repeated.
#[must_use]
pub fn first() -> u32 {
    1
}

/// Whether a run is the first.
#[must_use]
pub fn is_first(run: &u32) -> bool {
    *run == first()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn half_of_the_runs_is_no_majority() {
        let majority = |seen, of| Runs { seen, of }.is_majority();
        assert!(majority(1, 1) && majority(2, 3) && majority(3, 4) && majority(2, 2));
        assert!(!majority(1, 2) && !majority(1, 3) && !majority(2, 4));
    }
}
