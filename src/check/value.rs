//! Values that can tell one visitor from another.

use std::collections::BTreeSet;

/// Shorter values are shared by many.
const MIN_CHARS: usize = 8;

/// A value of fewer different characters is a word or a number like others.
const MIN_DIFFERENT: usize = 6;

/// Whether a value is long and mixed enough to be an id: letters with digits, or many digits.
pub(super) fn tells_apart(value: &str) -> bool {
    let different: BTreeSet<char> = value.chars().collect();
    let digits = value.chars().filter(char::is_ascii_digit).count();
    value.chars().count() >= MIN_CHARS && different.len() >= MIN_DIFFERENT && digits >= 2
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_told_from_words() {
        for id in ["64f0c0ffee64f0", "GA1.1.1718281828.1795", "a8Kx92mQ"] {
            assert!(tells_apart(id), "{id}");
        }
        for word in ["accepted", "true", "00000000", "en-GB", "", "1"] {
            assert!(!tells_apart(word), "{word}");
        }
    }
}
