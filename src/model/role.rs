//! Roles: what an item is for, from the visitor's point of view.

use serde::{Deserialize, Serialize};

/// The kinds of essential items that catalogues may name and profiles may exempt, each on a ground
/// of its own.
pub const SUB_TYPES: [&str; 10] = [
    "consent-record",
    "opt-out",
    "auth",
    "user-input",
    "cart",
    "security-csrf",
    "bot-check",
    "load-balancing",
    "ui-session",
    "media-session",
];

/// An exemption that a catalogue claims for an item: what the item is for alone does not show that
/// its conditions are met.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ExemptionClaim {
    /// The profile that knows the exemption (`fr`).
    pub profile: String,
    /// Its ground (`audience-measurement`).
    pub ground: String,
}

/// What an item is for. The order is from the most to the least privacy-preserving.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    /// The service the visitor asked for cannot work without it.
    Essential,
    /// Remembers preferences and adds comfort.
    Functionality,
    /// Measures use.
    Performance,
    /// Advertising, profiling, social media.
    Marketing,
    /// No catalogue knows it.
    Unclassified,
}

impl Role {
    /// The roles that a visitor may allow one by one.
    pub const OPTIONAL: [Self; 3] = [Self::Functionality, Self::Performance, Self::Marketing];

    /// All roles in their order.
    pub const ALL: [Self; 5] = [
        Self::Essential,
        Self::Functionality,
        Self::Performance,
        Self::Marketing,
        Self::Unclassified,
    ];

    /// How much an item of this role asks of the visitor; where one item may have two roles, the
    /// greater counts. What nobody knows counts for more than what is essential, and for less than
    /// what is known to need consent.
    #[must_use]
    pub fn demand(self) -> u8 {
        match self {
            Self::Essential => 0,
            Self::Unclassified => 1,
            Self::Functionality => 2,
            Self::Performance => 3,
            Self::Marketing => 4,
        }
    }

    /// The word used in YAML and in reports.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Essential => "essential",
            Self::Functionality => "functionality",
            Self::Performance => "performance",
            Self::Marketing => "marketing",
            Self::Unclassified => "unclassified",
        }
    }
}
