//! Button texts: what a control of a banner does, read from its words.

/// What a control does, as far as its text says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Meaning {
    /// Accepts.
    Accept,
    /// Rejects.
    Reject,
    /// Opens a further layer.
    Settings,
    /// Saves what is ticked.
    Save,
    /// Acknowledges without a choice ("OK", "Got it").
    Acknowledge,
    /// None of these.
    Other,
}

/// Reads a control's accessible name. Reject wording is tried before accept wording.
#[must_use]
pub fn classify(_text: &str) -> Meaning {
    unimplemented!()
}
