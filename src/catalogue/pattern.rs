//! Name patterns: literal text, captures and wildcards, always anchored.
//!
//! | written | matches |
//! |---|---|
//! | `*` | any text, also none |
//! | `{id}` | any text of at least one character, under the name `id` |
//! | `{id:digits}` | decimal digits, at least one |
//! | `{id:alnum}` | ASCII letters and digits, at least one |
//! | `{id:hex24}` | exactly 24 hexadecimal digits (any number from 1 to 128) |
//! | `{id:uuid}` | a UUID with its hyphens |
//! | `\*` `\{` `\\` | the character itself |
//!
//! Everything else stands for itself. A capture's name is made of letters, digits and `_`.

mod parts;

use std::sync::OnceLock;

use regex::{Regex, RegexBuilder};

pub(super) use self::parts::Part;
use self::parts::{MAX_CHARS, parse, regex_text};

/// A name pattern such as `twk_uuid_{property_id:hex24}`.
#[derive(Debug, Clone)]
pub struct NamePattern {
    /// As written.
    pub text: String,
    /// Anchored; made when it is first needed, since a scan meets few of some thousand patterns.
    regex: OnceLock<Regex>,
    /// How many characters are literal.
    pub literals: usize,
    /// Whether capital and small letters are the same.
    pub ignore_case: bool,
    pub(super) parts: Vec<Part>,
}

/// Why a text is no name pattern: whoever wrote the rules file is at fault.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PatternError {
    /// Nothing at all.
    #[error("a name pattern cannot be empty")]
    Empty,
    /// Far too long.
    #[error("a name pattern may have {MAX_CHARS} characters")]
    TooLong,
    /// `{` without `}`.
    #[error("\"{{\" has no \"}}\"; write \"\\{{\" for the character itself")]
    Open,
    /// The name of a capture is empty, has other characters, or is used twice.
    #[error(
        "\"{0}\" cannot name a capture: use letters, digits and \"_\", and each name only once"
    )]
    CaptureName(String),
    /// What follows the colon.
    #[error("\"{0}\" is no kind of capture")]
    CaptureKind(String),
}

impl PatternError {
    /// The kinds of captures, for messages.
    pub(super) const KINDS: &'static str = "digits, alnum, hex24 (or another number), uuid";
}

impl NamePattern {
    /// Reads a pattern.
    ///
    /// # Errors
    /// [`PatternError`] if the text is no pattern.
    pub fn parse(text: &str, ignore_case: bool) -> Result<Self, PatternError> {
        let parts = parse(text)?;
        let literals = parts.iter().map(Part::literals).sum();
        Ok(Self {
            text: text.to_owned(),
            regex: OnceLock::new(),
            literals,
            ignore_case,
            parts,
        })
    }

    /// Whether a name matches from its beginning to its end.
    #[must_use]
    pub fn matches(&self, name: &str) -> bool {
        if !self.ignore_case
            && let Some(Part::Literal(start)) = self.parts.first()
        {
            let Some(rest) = name.strip_prefix(start.as_str()) else {
                return false;
            };
            if self.parts.len() == 1 {
                return rest.is_empty();
            }
        }
        self.regex().is_match(name)
    }

    fn regex(&self) -> &Regex {
        self.regex.get_or_init(|| {
            RegexBuilder::new(&regex_text(&self.parts))
                .case_insensitive(self.ignore_case)
                .dot_matches_new_line(true)
                .build()
                .expect("patterns are short and made of parts that regular expressions have")
        })
    }

    /// Whether the pattern stands for one name only.
    #[must_use]
    pub fn is_exact(&self) -> bool {
        self.looseness() == 0
    }

    /// How much of a name is left open: of two patterns with as many literal characters, the one
    /// with less is the better match.
    #[must_use]
    pub fn looseness(&self) -> usize {
        self.parts.iter().map(Part::looseness).sum()
    }

    /// The name with its captures filled in, where all of them are known and nothing else is open.
    #[must_use]
    pub fn fill(&self, captures: &[(String, String)]) -> Option<String> {
        let filled: String = self
            .parts
            .iter()
            .map(|part| match part {
                Part::Literal(text) => Some(text.as_str()),
                Part::Capture(name, _) => captures
                    .iter()
                    .find(|(key, _)| key == name)
                    .map(|(_, value)| value.as_str()),
                Part::Any => None,
            })
            .collect::<Option<_>>()?;
        self.matches(&filled).then_some(filled)
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::expect_used, reason = "a test that cannot go on must fail")]

    use proptest::prelude::*;

    use super::*;

    fn pattern(text: &str) -> NamePattern {
        NamePattern::parse(text, false).expect("a good pattern")
    }

    const ID: &str = "64f0c0ffee64f0c0ffee64f0";

    #[test]
    fn captures_take_what_their_kind_says() {
        for (text, yes, no) in [
            ("a_{x:hex4}", "a_1fF0", "a_1fF"),
            ("a_{x:hex4}", "a_0000", "a_00000"),
            ("a_{x:digits}", "a_7", "a_"),
            ("a_{x:alnum}", "a_Z9", "a_-"),
            (
                "{x:uuid}",
                "123e4567-e89b-12d3-a456-426614174000",
                "123e4567e89b12d3a456426614174000",
            ),
            ("a_{x}", "a_*\n", "a_"),
            ("a_*", "a_", "b_a_"),
            (r"a\*\{", "a*{", "ab{"),
            ("$n.a", "$n.a", "$nxa"),
        ] {
            assert!(pattern(text).matches(yes), "{text} and {yes}");
            assert!(!pattern(text).matches(no), "{text} and {no}");
        }
    }

    #[test]
    fn case_is_ignored_only_when_asked_for() {
        assert!(!pattern("previousNav").matches("PreviousNav"));
        let loose = NamePattern::parse("previousNav", true).expect("a good pattern");
        assert!(loose.matches("PreviousNav"));
    }

    #[test]
    fn only_complete_names_are_filled_in() {
        let known = [("property_id".to_owned(), ID.to_owned())];
        let name = pattern("twk_uuid_{property_id:hex24}").fill(&known);
        assert_eq!(name, Some(format!("twk_uuid_{ID}")));
        assert_eq!(pattern("a_{other}").fill(&known), None);
        assert_eq!(pattern("a_{property_id:hex8}").fill(&known), None);
        assert_eq!(pattern("twk_*").fill(&known), None);
        assert_eq!(pattern("token").fill(&[]), Some("token".to_owned()));
    }

    #[test]
    fn bad_patterns_are_named() {
        let bad = |text: &str| NamePattern::parse(text, false).expect_err("a bad pattern");
        assert_eq!(bad(""), PatternError::Empty);
        assert_eq!(bad("a_{x"), PatternError::Open);
        assert_eq!(bad("{a}{a}"), PatternError::CaptureName("a".to_owned()));
        assert_eq!(bad("{}"), PatternError::CaptureName(String::new()));
        assert_eq!(bad("{x:}"), PatternError::CaptureKind(String::new()));
        for kind in ["hex0", "hex129", "hex", "number"] {
            let text = format!("{{x:{kind}}}");
            assert_eq!(bad(&text), PatternError::CaptureKind(kind.to_owned()));
        }
        assert_eq!(bad(&"x".repeat(201)), PatternError::TooLong);
    }

    proptest! {
        #[test]
        fn any_text_can_be_read_or_refused(text in "\\PC{0,20}|[a{}:*\\\\x0-9_]{0,20}", name in "\\PC{0,20}") {
            if let Ok(pattern) = NamePattern::parse(&text, true) {
                let _ = pattern.matches(&name);
            }
        }

        #[test]
        fn an_escaped_text_matches_itself_alone(name in "\\PC{1,40}") {
            let text = name.replace('\\', r"\\").replace('*', r"\*").replace('{', r"\{");
            let pattern = NamePattern::parse(&text, false).expect("a good pattern");
            prop_assert!(pattern.matches(&name) && pattern.is_exact());
            let other = format!("{name}x");
            prop_assert!(!pattern.matches(&other));
        }
    }
}
