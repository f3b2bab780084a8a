//! Half characters. Storage keys and cookie names are UTF-16 in the browser and may hold one half of
//! a surrogate pair; the browser writes it as an escape that no JSON parser takes, and one such name
//! would make the whole message, a snapshot of everything stored, unreadable.

use std::borrow::Cow;

/// The message with every escaped half of a pair that stands alone replaced by U+FFFD.
pub(crate) fn mend(message: &str) -> Cow<'_, str> {
    if !message.contains("\\ud") && !message.contains("\\uD") {
        return Cow::Borrowed(message);
    }
    let mut mended = String::with_capacity(message.len());
    let mut rest = message;
    while let Some(at) = rest.find('\\') {
        mended.push_str(&rest[..at]);
        rest = &rest[at..];
        let length = match (half(rest), half(rest.get(6..).unwrap_or_default())) {
            (Some(Half::First), Some(Half::Second)) => 12,
            (Some(_), _) => {
                mended.push_str("\\ufffd");
                rest = &rest[6..];
                continue;
            }
            // Any other escape; the character after the backslash may itself be a backslash.
            (None, _) => 1 + rest[1..].chars().next().map_or(0, char::len_utf8),
        };
        mended.push_str(&rest[..length]);
        rest = &rest[length..];
    }
    mended.push_str(rest);
    Cow::Owned(mended)
}

enum Half {
    First,
    Second,
}

/// Which half of a pair the escape at the beginning of `text` is, if it is one.
fn half(text: &str) -> Option<Half> {
    let digits = text.strip_prefix("\\u")?.get(..4)?;
    match u16::from_str_radix(digits, 16).ok()? {
        0xD800..=0xDBFF => Some(Half::First),
        0xDC00..=0xDFFF => Some(Half::Second),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_lone_halves_are_replaced() {
        for (message, mended) in [
            (r#"{"a":"plain"}"#, r#"{"a":"plain"}"#),
            (r#""\ud83c\udf6a""#, r#""\ud83c\udf6a""#),
            (r#""\ud800x""#, r#""\ufffdx""#),
            (r#""\udc00\ud800""#, r#""\ufffd\ufffd""#),
            (r#""\ud800\ud83c\udf6a""#, r#""\ufffd\ud83c\udf6a""#),
            // A backslash and the letters "ud800".
            (r#""\\ud800""#, r#""\\ud800""#),
            (r#""\uD8""#, r#""\uD8""#),
            ("\"\\ud800é\\", "\"\\ufffdé\\"),
        ] {
            assert_eq!(mend(message), mended, "{message}");
        }
    }

    #[test]
    fn what_is_mended_can_be_read() {
        let text = mend(r#"["\ud800", "\ud83c\udf6a", "\n\\"]"#);
        let read: Vec<String> = serde_json::from_str(&text).expect("JSON");
        assert_eq!(read, ["\u{fffd}", "\u{1f36a}", "\n\\"]);
    }
}
