//! What is looked for: the values of a visit's items and their parts, all at once, and their digests.
//!
//! What stood in an address of the page before it was stored is not looked for: the number of a
//! customer's account, a campaign. It tells sites apart, not visitors.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use aho_corasick::AhoCorasick;
use md5::Md5;
use sha1::Sha1;
use sha2::{Digest, Sha256};

use super::haystack::{Forms, digests};
use super::values::{Value, Values};
use super::{parts, site_of};
use crate::model::observation::{Event, Observation};
use crate::model::sent::SentForm;
use crate::model::snapshot::Snapshot;

/// So many bytes of needles are looked for.
const MAX_BYTES: usize = 1 << 20;
/// Shorter needles must stand alone.
const ALONE: usize = 16;
/// So many places in one thing that was sent are looked at.
const MAX_PLACES: usize = 20_000;

/// All that is looked for.
pub(super) struct Needles<'v> {
    /// The values, and the site that each is kept for.
    pub(super) values: Vec<(Value<'v>, String)>,
    automaton: Option<AhoCorasick>,
    /// By the automaton's patterns: the text, and the values it is part of.
    patterns: Vec<(String, Vec<usize>)>,
    /// By digest: its form, and the pattern.
    digests: HashMap<String, (SentForm, usize)>,
    /// Whether not everything is looked for.
    pub(super) cut: bool,
}

impl<'v> Needles<'v> {
    pub(super) fn of(observations: &'v [Observation], snapshots: &'v [Snapshot]) -> Self {
        let found = Values::of(observations, snapshots, parts::may_identify);
        let mut needles = Self {
            cut: found.cut,
            values: Vec::new(),
            automaton: None,
            patterns: Vec::new(),
            digests: HashMap::new(),
        };
        needles.patterns(&found.all);
        needles.values = found
            .all
            .into_iter()
            .map(|value| {
                let site = site_of(&value.key);
                (value, site)
            })
            .collect();
        needles.build();
        needles.forget_addresses(observations);
        needles.digest();
        needles
    }

    /// The patterns of all values, the earliest first.
    fn patterns(&mut self, values: &[Value<'_>]) {
        let mut known: HashMap<String, usize> = HashMap::new();
        let mut bytes = 0;
        for (index, value) in values.iter().enumerate() {
            for part in parts::of(value.value) {
                if let Some(pattern) = known.get(&part) {
                    self.patterns[*pattern].1.push(index);
                    continue;
                }
                bytes += part.len();
                if bytes > MAX_BYTES {
                    self.cut = true;
                    return;
                }
                known.insert(part.clone(), self.patterns.len());
                self.patterns.push((part, vec![index]));
            }
        }
    }

    fn build(&mut self) {
        if self.patterns.is_empty() {
            return;
        }
        match AhoCorasick::new(self.patterns.iter().map(|(text, _)| text)) {
            Ok(automaton) => self.automaton = Some(automaton),
            // Too large, which the bounds rule out; if it were, it is told.
            Err(_) => self.cut = true,
        }
    }

    /// Forgets what an address of the page, of its frames, scripts or styles held before the value was
    /// stored; the addresses of pages count at all times.
    fn forget_addresses(&mut self, observations: &[Observation]) {
        let mut forgotten: BTreeMap<usize, BTreeSet<usize>> = BTreeMap::new();
        for at in observations {
            let (url, at_ms) = match &at.event {
                Event::Frame(frame) if frame.top => (&frame.url, 0),
                Event::Frame(frame) => (&frame.url, at.at_ms),
                Event::Request(r) if is_part_of_page(&r.resource) => (&r.url, at.at_ms),
                _ => continue,
            };
            for pattern in self.places(url.as_bytes()) {
                let early = self.patterns[pattern].1.iter().copied();
                let early = early.filter(|value| at_ms < self.values[*value].0.at_ms);
                forgotten.entry(pattern).or_default().extend(early);
            }
        }
        for (pattern, values) in forgotten {
            self.patterns[pattern].1.retain(|v| !values.contains(v));
        }
    }

    fn digest(&mut self) {
        let hex = |bytes: &[u8]| bytes.iter().map(|b| format!("{b:02x}")).collect::<String>();
        for (index, (text, values)) in self.patterns.iter().enumerate() {
            if values.is_empty() {
                continue;
            }
            for (form, digest) in [
                (SentForm::Md5, hex(&Md5::digest(text))),
                (SentForm::Sha1, hex(&Sha1::digest(text))),
                (SentForm::Sha256, hex(&Sha256::digest(text))),
            ] {
                self.digests.insert(digest, (form, index));
            }
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.patterns.iter().all(|(_, values)| values.is_empty())
    }

    /// Tells each value that is in one of the forms.
    pub(super) fn search(&self, forms: &Forms<'_>, mut tell: impl FnMut(usize, SentForm)) {
        let mut found = |pattern: usize, form: SentForm| {
            for value in &self.patterns[pattern].1 {
                tell(*value, form);
            }
        };
        for pattern in self.places(forms.raw) {
            found(pattern, SentForm::Plain);
        }
        let encoded = forms.plain.iter().map(|text| (text, SentForm::UrlEncoded));
        let base64 = forms.base64.iter().map(|text| (text, SentForm::Base64));
        for (text, form) in encoded.chain(base64) {
            for pattern in self.places(text) {
                found(pattern, form);
            }
        }
        for digest in digests(forms.innermost()) {
            if let Some((form, pattern)) = self.digests.get(&digest) {
                found(*pattern, *form);
            }
        }
    }

    /// The patterns that are in a text, each once.
    fn places(&self, text: &[u8]) -> BTreeSet<usize> {
        let Some(automaton) = &self.automaton else {
            return BTreeSet::new();
        };
        automaton
            .find_overlapping_iter(text)
            .take(MAX_PLACES)
            .filter(|m| m.len() >= ALONE || stands_alone(text, m.start(), m.end()))
            .map(|m| m.pattern().as_usize())
            .collect()
    }
}

fn is_part_of_page(resource: &str) -> bool {
    matches!(resource, "document" | "script" | "stylesheet")
}

/// Whether no letter or digit touches the place.
fn stands_alone(text: &[u8], start: usize, end: usize) -> bool {
    let touches = |b: Option<&u8>| b.is_some_and(u8::is_ascii_alphanumeric);
    let before = start.checked_sub(1).and_then(|at| text.get(at));
    !touches(before) && !touches(text.get(end))
}
