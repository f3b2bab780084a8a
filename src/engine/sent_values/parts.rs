//! What of a value tells visitors apart.
//!
//! A value often holds an identifier among other things (`GA1.1.` and two numbers, JSON), so its parts
//! are told as well. Words, versions, dates, time stamps and addresses tell nobody apart.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use percent_encoding::percent_decode_str;

/// Shorter parts tell too few visitors apart.
const MIN_LENGTH: usize = 8;
/// Longer values are known by their parts.
const MAX_LENGTH: usize = 512;
/// So many bytes of a value are taken apart, …
const MAX_READ: usize = 8 << 10;
/// … into so many parts.
const MAX_PARTS: usize = 16;
/// Fewer bits per character are a pattern and not an identifier.
const MIN_ENTROPY: f64 = 2.5;

/// Whether a value may hold an identifier; cheaper than [`of`] for what may be written thousands of
/// times.
pub(super) fn may_identify(value: &str) -> bool {
    value.len() >= MIN_LENGTH && !of(value).is_empty()
}

/// The value and those of its parts that tell visitors apart; nothing if no part does.
pub(super) fn of(value: &str) -> BTreeSet<String> {
    let read = head(value, MAX_READ);
    let text = percent_decode_str(read).decode_utf8_lossy();
    if text.starts_with("http://") || text.starts_with("https://") {
        return BTreeSet::new();
    }
    let tokens = text.split(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '-' | '_')));
    let mut parts: BTreeSet<String> = tokens
        .filter(|token| tells_apart(token))
        .take(MAX_PARTS)
        .map(str::to_owned)
        .collect();
    parts.extend(number_pair(&text));
    if !parts.is_empty() {
        let whole = [Cow::Borrowed(value), text.clone()];
        let kept = whole.into_iter().filter(|w| w.len() <= MAX_LENGTH);
        parts.extend(kept.map(Cow::into_owned));
    }
    parts
}

/// The last two numbers of `GA1.1.1234567890.1700000000`, which are sent without what is before them.
fn number_pair(text: &str) -> Option<String> {
    let (rest, last) = text.rsplit_once('.')?;
    let first = rest.rsplit('.').next()?;
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    (digits(first) && digits(last) && first.len() + last.len() >= 15 && first != rest)
        .then(|| format!("{first}.{last}"))
}

fn tells_apart(token: &str) -> bool {
    let bytes = token.trim_matches(['-', '_']).as_bytes();
    if !(MIN_LENGTH..=MAX_LENGTH).contains(&bytes.len()) || entropy(bytes) < MIN_ENTROPY {
        return false;
    }
    let digits = bytes.iter().filter(|b| b.is_ascii_digit()).count();
    let letters = bytes.iter().filter(|b| b.is_ascii_alphabetic()).count();
    match (digits, letters) {
        (0, _) => looks_random(bytes),
        (_, 0) => digits >= 10 && !is_time(bytes),
        _ => changes(bytes, u8::is_ascii_digit) >= 3 && !is_time(bytes),
    }
}

/// Letters without a digit: words have few capitals in their midst.
fn looks_random(bytes: &[u8]) -> bool {
    let alone = !bytes.iter().any(|b| matches!(b, b'-' | b'_'));
    alone && bytes.len() >= 16 && changes(bytes, u8::is_ascii_uppercase) >= 6
}

/// How often neighbours differ in kind; signs between them do not count.
fn changes(bytes: &[u8], kind: impl Fn(&u8) -> bool) -> usize {
    let kinds: Vec<bool> = bytes
        .iter()
        .filter(|b| b.is_ascii_alphanumeric())
        .map(kind)
        .collect();
    kinds.windows(2).filter(|pair| pair[0] != pair[1]).count()
}

/// A time stamp of this age in seconds, milliseconds or microseconds, or a date: `1700000000123`,
/// `2026-11-22`, `20261122T101500Z`.
fn is_time(bytes: &[u8]) -> bool {
    let digits: Vec<u8> = bytes.iter().copied().filter(u8::is_ascii_digit).collect();
    let stamp = matches!(digits.len(), 10 | 13 | 16)
        && digits.len() == bytes.len()
        && (*b"14"..=*b"22").contains(&[digits[0], digits[1]]);
    let two = |at: usize| {
        let pair = digits.get(at..at + 2)?;
        Some((pair[0] - b'0') * 10 + (pair[1] - b'0'))
    };
    let date = matches!(two(0), Some(19 | 20))
        && matches!(two(4), Some(1..=12))
        && matches!(two(6), Some(1..=31))
        && bytes.iter().take(4).all(u8::is_ascii_digit)
        && digits.len() <= 17;
    stamp || (date && digits.len() + 4 >= bytes.len())
}

/// Shannon entropy in bits per byte.
#[expect(
    clippy::cast_precision_loss,
    reason = "tokens are far shorter than 2^52 bytes"
)]
fn entropy(bytes: &[u8]) -> f64 {
    let mut counts = BTreeMap::<u8, usize>::new();
    for byte in bytes {
        *counts.entry(*byte).or_default() += 1;
    }
    counts.values().fold(0.0, |bits, &count| {
        let share = count as f64 / bytes.len() as f64;
        bits - share * share.log2()
    })
}

/// The head of a text, of at most `length` bytes.
fn head(text: &str, length: usize) -> &str {
    let mut end = length.min(text.len());
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    &text[..end]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(value: &str) -> Vec<String> {
        of(value).into_iter().collect()
    }

    #[test]
    fn identifiers_tell_apart() {
        for id in [
            "a1f0c37be2d94685",
            "6f1c2d84-9b7a-4e5d-a3c8-1b2f0e9d7c65",
            "V1StGXR8_Z5jdHi6B-myT",
            "qWeRtYuIoPaSdFgH",
            "938274650192",
        ] {
            assert_eq!(parts(id), [id], "{id}");
        }
    }

    #[test]
    fn words_versions_and_times_do_not() {
        for plain in [
            "",
            "true",
            "accepted",
            "necessary-only",
            "acceptedMarketingCookies",
            "version-12",
            "utf-8-english",
            "G-ABCDEF1234",
            "1700000000",
            "1763841600123",
            "1763841600.123",
            "2026-11-22T10:15:00.000Z",
            "20261122T101500Z",
            "20261122",
            "https://shop.test/product/a1f0c37be2d94685",
            "https%3A%2F%2Fshop.test%2Fa1f0c37be2d94685",
            "00000000-0000-0000",
            "aaaaaaaa1a1a1a1a",
            "{\"level\":[\"necessary\"],\"revision\":0}",
        ] {
            assert_eq!(parts(plain), Vec::<String>::new(), "{plain}");
        }
    }

    #[test]
    fn identifiers_are_found_among_other_things() {
        assert_eq!(
            parts("GA1.1.1938274650.1763841600"),
            ["1938274650.1763841600", "GA1.1.1938274650.1763841600"]
        );
        let id = "6f1c2d84-9b7a-4e5d-a3c8-1b2f0e9d7c65";
        let json = format!("{{\"uuid\":\"{id}\",\"version\":3}}");
        let encoded = json.replace('"', "%22");
        assert_eq!(parts(&encoded), [id, &json, &encoded]);
    }

    #[test]
    fn long_values_are_known_by_their_parts() {
        let long = format!("{} a1f0c37be2d94685", "word ".repeat(200));
        assert_eq!(parts(&long), ["a1f0c37be2d94685"]);
        assert_eq!(parts(&"a1f0c37be2d94685 ".repeat(1000)).len(), 1);
    }
}
