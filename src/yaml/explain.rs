//! What the YAML library's errors mean for someone who writes rules: which word is wrong, what
//! would be right, and which word was probably meant.

use serde_saphyr::{Error, MessageFormatter, UserMessageFormatter};

use super::Problem;
use super::snippet::Mark;

/// So many possible words fit beside the caret.
const FEW: usize = 7;

/// The place and the meaning of an error of the library's.
pub(super) fn explain(error: &Error, text: &str) -> (Option<Mark>, Problem) {
    let error = innermost(error);
    let mark = error.location().map(|l| Mark::at(l, text));
    let problem = match error {
        Error::SerdeUnknownField {
            field, expected, ..
        } => unknown("key", field, expected),
        Error::SerdeUnknownVariant {
            variant, expected, ..
        } => {
            let key = mark.as_ref().and_then(|m| key_before(m.before(text)));
            unknown(key.unwrap_or("value"), variant, expected)
        }
        Error::SerdeMissingField { field, .. } => {
            Problem::new(format!("the key \"{field}\" is missing"))
                .expected(format!("expected \"{field}\" beside this key"))
        }
        Error::DuplicateMappingKey { key, .. } => Problem::new("the same key stands here twice")
            .expected(match key {
                Some(key) => format!("\"{key}\" was already given above"),
                None => "was already given above".to_owned(),
            }),
        Error::SerdeInvalidType {
            unexpected,
            expected,
            ..
        }
        | Error::SerdeInvalidValue {
            unexpected,
            expected,
            ..
        } => Problem::new(format!("{unexpected} cannot stand here"))
            .expected(format!("expected {expected}")),
        Error::Budget { .. }
        | Error::AliasReplayLimitExceeded { .. }
        | Error::AliasExpansionLimitExceeded { .. }
        | Error::AliasReplayStackDepthExceeded { .. } => {
            Problem::new("the file is too large or too deep, or repeats itself too often")
                .help("write the values out instead of using anchors and aliases")
        }
        Error::MultipleDocuments { .. } => {
            Problem::new("a second document begins here").expected("one document per file")
        }
        Error::Eof { .. } => Problem::new("the file is empty or ends too early"),
        Error::Unexpected { expected, .. } => Problem::new("a value of the wrong kind stands here")
            .expected(format!("expected {}", kind(expected))),
        Error::NullIntoString { .. } => Problem::new("a value is missing here")
            .expected("expected a text; quote it if \"null\" or \"~\" is meant"),
        Error::InvalidBooleanStrict { .. } => {
            Problem::new("a value of the wrong kind stands here").expected("expected true or false")
        }
        Error::InvalidScalar { ty, .. } => {
            Problem::new("a value of the wrong kind stands here").expected(format!("expected {ty}"))
        }
        Error::MergeKeyNotAllowed { .. } => {
            Problem::new("merge keys are not supported").help("write the keys out")
        }
        Error::UnsupportedTag { tag, .. } => {
            Problem::new(format!("the tag \"{tag}\" is not supported")).help("leave it out")
        }
        other => Problem::new(UserMessageFormatter.format_message(other)),
    };
    (mark.map(|m| m.until_word_end(text)), problem)
}

/// The error that alias and snippet wrappers hold.
fn innermost(mut error: &Error) -> &Error {
    while let Error::AliasError { error: inner, .. } | Error::WithSnippet { error: inner, .. } =
        error
    {
        error = inner;
    }
    error
}

/// A long list of what is possible would push the line out of sight: it goes below, and only where
/// no likely word can be named.
fn unknown(kind: &str, word: &str, expected: &[&'static str]) -> Problem {
    let problem = Problem::new(format!("unknown {kind} \"{word}\""));
    let problem = match expected {
        [] => problem.expected("nothing may stand here"),
        [only] => problem.expected(format!("expected {only}")),
        few if few.len() <= FEW => problem.expected(format!("expected one of {}", few.join(", "))),
        many => problem.help(format!("known are {}", many.join(", "))),
    };
    problem.did_you_mean(word, expected)
}

/// The library's words for kinds of values, in ours.
fn kind(expected: &str) -> &str {
    match expected {
        "sequence start" => "a list, such as [a, b]",
        "mapping start" => "keys with values, such as { key: value }",
        "string scalar" => "a text",
        other => other,
    }
}

/// The key whose value begins after `before` on the same line.
fn key_before(before: &str) -> Option<&str> {
    let key = before.trim_end().strip_suffix(':')?;
    let key = key
        .rsplit(['{', ',', ' '])
        .next()?
        .trim_matches(['"', '\'']);
    let plain = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
    (!key.is_empty() && key.chars().all(plain)).then_some(key)
}
