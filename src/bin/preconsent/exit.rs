//! What the process ends with: the one table of exit codes.
//!
//! The README shows the same table, and a test compares the two.

use std::process::ExitCode;

use preconsent::model::report::Verdict;

/// How a run ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Exit {
    /// Everything asked for was done, and a scan found nothing to object to.
    Pass,
    /// There are findings at or above `--fail-on`.
    Findings,
    /// The command line, the configuration, the rules or this machine kept the run from being made.
    Usage,
    /// Nothing failed, but something could not be observed or proven.
    Inconclusive,
    /// A signal of this number ended the run.
    Signal(u8),
}

impl Exit {
    /// The number the shell sees.
    pub(crate) fn code(self) -> u8 {
        match self {
            Self::Pass => 0,
            Self::Findings => 1,
            Self::Usage => 2,
            Self::Inconclusive => 3,
            Self::Signal(number) => 128 + number,
        }
    }
}

impl From<Verdict> for Exit {
    fn from(verdict: Verdict) -> Self {
        match verdict {
            Verdict::Pass => Self::Pass,
            Verdict::Fail => Self::Findings,
            Verdict::Inconclusive => Self::Inconclusive,
        }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit.code())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_codes_are_a_public_interface() {
        for (exit, code) in [
            (Exit::from(Verdict::Pass), 0),
            (Exit::from(Verdict::Fail), 1),
            (Exit::Usage, 2),
            (Exit::from(Verdict::Inconclusive), 3),
            (Exit::Signal(2), 130),
            (Exit::Signal(15), 143),
        ] {
            assert_eq!(exit.code(), code, "{exit:?}");
        }
    }

    #[test]
    fn one_beats_three_and_three_beats_zero() {
        use Verdict::{Fail, Inconclusive, Pass};
        for (a, b, code) in [
            (Fail, Inconclusive, 1),
            (Inconclusive, Fail, 1),
            (Inconclusive, Pass, 3),
            (Pass, Pass, 0),
        ] {
            assert_eq!(Exit::from(a.and(b)).code(), code);
        }
    }
}
