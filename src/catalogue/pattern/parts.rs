//! The parts of a name pattern: reading them, and the regular expression each stands for.

use super::PatternError;

/// A pattern with more characters than this is a mistake.
pub(super) const MAX_CHARS: usize = 200;

/// A part of a pattern.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::catalogue) enum Part {
    Literal(String),
    Capture(String, Kind),
    Any,
}

/// What a capture takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::catalogue) enum Kind {
    Text,
    Digits,
    Alnum,
    Hex(u8),
    Uuid,
}

impl Part {
    pub(super) fn literals(&self) -> usize {
        match self {
            Self::Literal(text) => text.chars().count(),
            Self::Capture(..) | Self::Any => 0,
        }
    }

    pub(super) fn looseness(&self) -> usize {
        match self {
            Self::Literal(_) => 0,
            Self::Capture(_, Kind::Hex(_) | Kind::Uuid) => 1,
            Self::Capture(_, Kind::Digits | Kind::Alnum) => 2,
            Self::Capture(_, Kind::Text) => 3,
            Self::Any => 4,
        }
    }

    fn regex(&self) -> String {
        match self {
            Self::Literal(text) => regex::escape(text),
            Self::Any => ".*".to_owned(),
            Self::Capture(name, kind) => format!("(?<{name}>{})", kind.regex()),
        }
    }
}

impl Kind {
    fn parse(text: &str) -> Option<Self> {
        match text {
            "digits" => Some(Self::Digits),
            "alnum" => Some(Self::Alnum),
            "uuid" => Some(Self::Uuid),
            _ => {
                let count: u8 = text.strip_prefix("hex")?.parse().ok()?;
                (1..=128).contains(&count).then_some(Self::Hex(count))
            }
        }
    }

    fn regex(self) -> String {
        const HEX: &str = "[0-9a-fA-F]";
        match self {
            Self::Text => ".+".to_owned(),
            Self::Digits => "[0-9]+".to_owned(),
            Self::Alnum => "[0-9A-Za-z]+".to_owned(),
            Self::Hex(count) => format!("{HEX}{{{count}}}"),
            Self::Uuid => format!("{HEX}{{8}}(?:-{HEX}{{4}}){{3}}-{HEX}{{12}}"),
        }
    }

    /// Whether a character can be part of what the capture takes.
    pub(in crate::catalogue) fn allows(self, c: char) -> bool {
        match self {
            Self::Text => true,
            Self::Digits => c.is_ascii_digit(),
            Self::Alnum => c.is_ascii_alphanumeric(),
            Self::Hex(_) => c.is_ascii_hexdigit(),
            Self::Uuid => c.is_ascii_hexdigit() || c == '-',
        }
    }
}

pub(super) fn regex_text(parts: &[Part]) -> String {
    let inner: String = parts.iter().map(Part::regex).collect();
    format!(r"\A(?:{inner})\z")
}

pub(super) fn parse(text: &str) -> Result<Vec<Part>, PatternError> {
    if text.is_empty() {
        return Err(PatternError::Empty);
    }
    if text.chars().count() > MAX_CHARS {
        return Err(PatternError::TooLong);
    }
    let mut parts = Vec::new();
    let mut literal = String::new();
    let mut rest = text.chars();
    while let Some(c) = rest.next() {
        let part = match c {
            '*' => Part::Any,
            '{' => {
                let (inside, after) = rest.as_str().split_once('}').ok_or(PatternError::Open)?;
                rest = after.chars();
                capture(inside, &parts)?
            }
            '\\' => {
                literal.push(rest.next().unwrap_or('\\'));
                continue;
            }
            other => {
                literal.push(other);
                continue;
            }
        };
        push_literal(&mut parts, &mut literal);
        parts.push(part);
    }
    push_literal(&mut parts, &mut literal);
    Ok(parts)
}

fn push_literal(parts: &mut Vec<Part>, literal: &mut String) {
    if !literal.is_empty() {
        parts.push(Part::Literal(std::mem::take(literal)));
    }
}

fn capture(inside: &str, before: &[Part]) -> Result<Part, PatternError> {
    let (name, kind) = inside.split_once(':').unwrap_or((inside, ""));
    let good = name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
        && !before
            .iter()
            .any(|p| matches!(p, Part::Capture(other, _) if other == name));
    if !good {
        return Err(PatternError::CaptureName(name.to_owned()));
    }
    if !inside.contains(':') {
        return Ok(Part::Capture(name.to_owned(), Kind::Text));
    }
    Kind::parse(kind)
        .map(|kind| Part::Capture(name.to_owned(), kind))
        .ok_or_else(|| PatternError::CaptureKind(kind.to_owned()))
}
