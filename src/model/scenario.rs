//! Scenarios: what one visitor does, step by step, and the phases that the steps delimit.

use serde::{Deserialize, Serialize};

use super::choice::Choice;

/// The scenarios a target can be visited with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ScenarioId {
    /// A passive reader who never chooses.
    None,
    /// A visitor who rejects.
    Reject,
    /// A visitor who accepts.
    Accept,
}

impl ScenarioId {
    /// All scenarios, in the order they are reported in.
    pub const ALL: [Self; 3] = [Self::None, Self::Reject, Self::Accept];

    /// The word users type and reports print.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Reject => "reject",
            Self::Accept => "accept",
        }
    }

    /// The scenario written as `word`, if there is one.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|s| s.as_str() == word)
    }

    /// The choice its visitor makes.
    #[must_use]
    pub fn choice(self) -> Choice {
        match self {
            Self::None => Choice::None,
            Self::Reject => Choice::Reject,
            Self::Accept => Choice::Accept,
        }
    }

    /// Its steps. `pages` is how many same-site links the passive reader follows.
    #[must_use]
    pub fn steps(self, pages: u32) -> Vec<Step> {
        match self {
            Self::None => {
                let mut steps = vec![
                    Step::Load,
                    Step::Settle,
                    Step::Snapshot(PhaseId::BeforeChoice),
                    Step::ReadPassively,
                    Step::Settle,
                ];
                if pages > 0 {
                    steps.push(Step::Snapshot(PhaseId::AfterScroll));
                    steps.push(Step::FollowLinks(pages));
                }
                steps.push(Step::FastForward);
                steps.push(Step::Snapshot(if pages > 0 {
                    PhaseId::AfterPages
                } else {
                    PhaseId::AfterScroll
                }));
                steps
            }
            Self::Reject | Self::Accept => vec![
                Step::Load,
                Step::Settle,
                Step::Snapshot(PhaseId::BeforeChoice),
                Step::Choose(self.choice()),
                Step::Settle,
                Step::Snapshot(PhaseId::AfterChoice),
                Step::Reload,
                Step::Settle,
                Step::FastForward,
                Step::Snapshot(PhaseId::AfterReload),
            ],
        }
    }
}

/// One thing a visitor does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Step {
    /// Open the target's address.
    Load,
    /// Wait until network and storage are quiet.
    Settle,
    /// Scroll down and move the mouse, as a reader does who chooses nothing.
    ReadPassively,
    /// Make the choice on whatever banner there is.
    Choose(Choice),
    /// Load the same page again.
    Reload,
    /// Visit up to so many same-site links, settling on each.
    FollowLinks(u32),
    /// Put the page's clock forward.
    FastForward,
    /// Record what is stored and end the phase of this name.
    Snapshot(PhaseId),
}

/// The part of a visit that ends with the snapshot of the same name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PhaseId {
    /// From the first request until the page is quiet; the visitor has done nothing.
    BeforeChoice,
    /// The passive reader scrolled and moved the mouse; still no choice.
    AfterScroll,
    /// The passive reader followed same-site links; still no choice.
    AfterPages,
    /// From the click of the choice until the page is quiet again.
    AfterChoice,
    /// The page was loaded once more with the choice stored.
    AfterReload,
}

impl PhaseId {
    /// The word reports print.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::BeforeChoice => "before-choice",
            Self::AfterScroll => "after-scroll",
            Self::AfterPages => "after-pages",
            Self::AfterChoice => "after-choice",
            Self::AfterReload => "after-reload",
        }
    }

    /// Whether no choice had been made yet in this phase.
    #[must_use]
    pub fn precedes_choice(self) -> bool {
        matches!(
            self,
            Self::BeforeChoice | Self::AfterScroll | Self::AfterPages
        )
    }
}
