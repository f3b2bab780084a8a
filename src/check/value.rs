//! Values that can tell one visitor from another, going by their shape: that is all that a recording
//! without values has.

use crate::model::redact::Redactor;

/// Shorter values are shared by many.
const MIN_CHARS: usize = 16;

/// A value with fewer bits in each character is a word or a number like others.
const MIN_BITS: f64 = 2.7;

/// Whether a value is long and mixed enough to be an id. Long texts may be as well.
pub(super) fn tells_apart(redactor: &Redactor, value: &str) -> bool {
    let shape = redactor.shape(value);
    let Some((chars, bits)) = read(&shape) else {
        return false;
    };
    chars >= MIN_CHARS && bits >= MIN_BITS
}

/// `‹36 chars, 3.9 bits/char, #1f6c9a02›`: the numbers.
fn read(shape: &str) -> Option<(usize, f64)> {
    let mut parts = shape.strip_prefix('‹')?.split(", ");
    let chars = parts.next()?.split(' ').next()?.parse().ok()?;
    let bits = parts.next()?.split(' ').next()?.parse().ok()?;
    Some((chars, bits))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_told_from_words() {
        let redactor = Redactor::new(b"test", false);
        for id in [
            "64f0c0ffee64f0a1",
            "GA1.1.1718281828.1795",
            "1.SwZk3a8Kx92mQl0",
        ] {
            assert!(tells_apart(&redactor, id), "{id}");
        }
        for word in ["accepted", "true", "0000000000000000", "en-GB", "", "1"] {
            assert!(!tells_apart(&redactor, word), "{word}");
        }
    }
}
