//! A visitor's choice and what is known about whether it took effect.

use serde::{Deserialize, Serialize};

use super::role::Role;

/// The sentence among the evidence of a choice after which the banner was there again.
pub const ASKS_AGAIN: &str = "the banner asks again";

/// What a visitor asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Choice {
    /// Nothing is chosen.
    None,
    /// Everything that can be rejected is rejected.
    Reject,
    /// Everything is accepted.
    Accept,
    /// What was accepted on an earlier page is taken back.
    Withdraw,
    /// A widget's own form is accepted.
    WidgetAccept,
    /// A widget's own form is refused.
    WidgetRefuse,
    /// The banner is closed, and nothing is chosen on it.
    Dismiss,
    /// Some categories are allowed, and all others refused.
    Custom,
}

impl Choice {
    /// The word reports print.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Reject => "reject",
            Self::Accept => "accept",
            Self::Withdraw => "withdraw",
            Self::WidgetAccept => "widget-accept",
            Self::WidgetRefuse => "widget-refuse",
            Self::Dismiss => "dismiss",
            Self::Custom => "custom",
        }
    }

    /// What is asked of a banner for it: taking consent back is rejecting.
    #[must_use]
    pub fn on_banner(self) -> Self {
        match self {
            Self::Withdraw | Self::WidgetRefuse => Self::Reject,
            Self::WidgetAccept => Self::Accept,
            other => other,
        }
    }
}

/// How sure it is that the choice took effect.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ChoiceState {
    /// The site's own record says so, or the banner is gone for good and a record changed. One who
    /// only closes the banner has nothing to prove but that it is gone.
    Proven,
    /// Something was pressed, or a banner is there, but nothing proves the choice.
    Unproven,
    /// No control for this choice was found.
    NotOffered,
    /// The scenario makes no choice.
    None,
}

impl ChoiceState {
    /// The word reports print.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Proven => "proven",
            Self::Unproven => "unproven",
            Self::NotOffered => "not-offered",
            Self::None => "none",
        }
    }
}

/// How the choice was made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Method {
    /// By a recipe of `rules/consent/`.
    Recipe,
    /// Through the platform's own script interface.
    Api,
    /// By reading the texts of the page's buttons.
    Heuristic,
    /// No click: the consent record was stored before the page was loaded.
    Seeded,
}

impl Method {
    /// The word reports print.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Recipe => "recipe",
            Self::Api => "api",
            Self::Heuristic => "heuristic",
            Self::Seeded => "seeded",
        }
    }

    /// How that is, for sentences.
    #[must_use]
    pub fn in_words(self) -> &'static str {
        match self {
            Self::Recipe => "by a recipe",
            Self::Api => "through the platform's interface",
            Self::Heuristic => "by the text of a button",
            Self::Seeded => "with a consent record stored beforehand",
        }
    }
}

/// The choice step of one visit and its outcome.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChoiceOutcome {
    /// What the scenario asked for.
    pub asked: Choice,
    /// Whether it took effect.
    pub state: ChoiceState,
    /// The consent platform, where one was recognised (a recipe's id).
    pub platform: Option<String>,
    /// How the choice was made; `None` while nothing was pressed.
    pub method: Option<Method>,
    /// What was to be allowed by one who chooses category by category; all else was to be refused.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub allowed: Vec<Role>,
    /// When the control was pressed, in milliseconds since the visit began.
    pub at_ms: Option<u64>,
    /// How many controls a visitor has to press for it, those that open the banner and its settings
    /// among them; a control that had to be pressed again counts once. `None` where nothing was
    /// pressed, or where a function was called in place of a press.
    #[serde(default)]
    pub presses: Option<u32>,
    /// What supports the state, one sentence each: the control pressed, the record before and
    /// after, the banner.
    pub evidence: Vec<String>,
}

impl ChoiceOutcome {
    /// The outcome of a scenario that chooses nothing.
    #[must_use]
    pub fn none() -> Self {
        Self {
            asked: Choice::None,
            state: ChoiceState::None,
            platform: None,
            method: None,
            allowed: Vec::new(),
            at_ms: None,
            presses: None,
            evidence: Vec::new(),
        }
    }
}
