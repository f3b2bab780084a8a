//! The forms in which something sent can be read: as it is, without percent signs, and what Base64 in
//! it says.

use base64::alphabet;
use base64::engine::general_purpose::GeneralPurpose;
use base64::engine::{DecodePaddingMode, Engine, GeneralPurposeConfig};
use percent_encoding::percent_decode;

/// How often percent signs are taken away: addresses inside addresses carry them twice.
const LAYERS: usize = 2;

/// Base64 shorter than this holds no value worth looking for.
const MIN_BASE64: usize = 11;

/// Padding may be missing, and what follows a cut need not be zero.
const LENIENT: GeneralPurposeConfig = GeneralPurposeConfig::new()
    .with_decode_allow_trailing_bits(true)
    .with_decode_padding_mode(DecodePaddingMode::Indifferent);
const STANDARD: GeneralPurpose = GeneralPurpose::new(&alphabet::STANDARD, LENIENT);
const URL_SAFE: GeneralPurpose = GeneralPurpose::new(&alphabet::URL_SAFE, LENIENT);

/// Something that was sent, in all its forms.
pub(super) struct Forms<'c> {
    /// As it was sent.
    pub(super) raw: &'c [u8],
    /// Without percent signs, layer by layer; empty if there were none.
    pub(super) plain: Vec<Vec<u8>>,
    /// What each run of Base64 says.
    pub(super) base64: Vec<Vec<u8>>,
}

impl<'c> Forms<'c> {
    pub(super) fn of(raw: &'c [u8]) -> Self {
        let mut plain: Vec<Vec<u8>> = Vec::new();
        for _ in 0..LAYERS {
            let outer = plain.last().map_or(raw, Vec::as_slice);
            if !outer.contains(&b'%') {
                break;
            }
            let inner: Vec<u8> = percent_decode(outer).collect();
            if inner == outer {
                break;
            }
            plain.push(inner);
        }
        let innermost = plain.last().map_or(raw, Vec::as_slice);
        let mut base64 = decoded(innermost, &STANDARD, |b| matches!(b, b'+' | b'/'));
        base64.extend(decoded(innermost, &URL_SAFE, |b| matches!(b, b'-' | b'_')));
        Self { raw, plain, base64 }
    }

    /// The form nearest to what was meant.
    pub(super) fn innermost(&self) -> &[u8] {
        self.plain.last().map_or(self.raw, Vec::as_slice)
    }
}

/// Decodes every run of the alphabet, letters, digits and two more.
fn decoded(text: &[u8], engine: &GeneralPurpose, more: impl Fn(u8) -> bool) -> Vec<Vec<u8>> {
    let inside = |b: &u8| b.is_ascii_alphanumeric() || more(*b);
    text.split(|b| !inside(b))
        .filter(|run| run.len() >= MIN_BASE64)
        // No Base64 has a length of 4n + 1; the last letter may belong to what follows.
        .map(|run| &run[..run.len() - usize::from(run.len() % 4 == 1)])
        .filter_map(|run| engine.decode(run).ok())
        .collect()
}

/// The runs of hexadecimal digits that are as long as a digest, in lower case.
pub(super) fn digests(text: &[u8]) -> impl Iterator<Item = String> {
    text.split(|b| !b.is_ascii_alphanumeric())
        .filter(|run| matches!(run.len(), 32 | 40 | 64))
        .filter(|run| run.iter().all(u8::is_ascii_hexdigit))
        .map(|run| String::from_utf8_lossy(run).to_ascii_lowercase())
}
