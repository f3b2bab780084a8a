//! All words of all languages, and how a text is read with them.
//!
//! A text is read in one language at a time, so that "ne" may be "no" here and a syllable there. Of
//! the patterns of a language that fit at a place, the one with the most words wins, then the one
//! with the most whole words, then the one with the most letters. A word that the language does not
//! know is borrowed from those that do, if they agree on it: many banners mix two languages.

use std::cmp::Reverse;
use std::collections::HashMap;

use super::file::{self, Class, File, SHARED};
use super::normal;
use crate::yaml::YamlError;

/// A text with more words than this is not read at all; the rules would not take it for a label.
const MAX_READ: usize = 120;

/// The classes of a text's words in order; `None` for each word that is not known.
pub(super) type Reading = Vec<Option<Class>>;

/// Every pattern, the most specific first, and where to find those that may fit.
#[derive(Debug)]
pub(super) struct Lexicon {
    codes: Vec<String>,
    /// Other codes for the same words.
    also: HashMap<String, usize>,
    /// The language whose words belong to all.
    shared: usize,
    patterns: Vec<Pattern>,
    /// Patterns by their first word, where that is a whole word.
    whole: HashMap<String, Vec<usize>>,
    /// Patterns by their first word, where that is the start of a word.
    starts: HashMap<String, Vec<usize>>,
    /// The most letters of a start.
    longest: usize,
    /// Patterns that begin within a word.
    loose: Vec<usize>,
}

#[derive(Debug)]
struct Pattern {
    class: Class,
    language: usize,
    parts: Vec<Part>,
}

#[derive(Debug, PartialEq, Eq)]
struct Part {
    text: String,
    open_start: bool,
    open_end: bool,
}

/// A pattern that fits at a place.
#[derive(Clone, Copy)]
struct Found {
    language: usize,
    class: Class,
    words: usize,
}

impl Lexicon {
    /// The embedded words of all languages.
    pub(super) fn builtin() -> Result<Self, YamlError> {
        Ok(Self::new(&file::builtin()?))
    }

    fn new(files: &[File]) -> Self {
        let mut patterns = Vec::new();
        for (language, file) in files.iter().enumerate() {
            for (class, words) in &file.words {
                patterns.extend(words.iter().map(|w| Pattern::new(*class, language, w)));
            }
        }
        patterns.retain(|p| !p.parts.is_empty());
        patterns.sort_by_key(|p| (Reverse(p.weight()), p.class, p.language));
        let codes: Vec<String> = files.iter().map(|f| f.language.clone()).collect();
        let others = files.iter().enumerate();
        let also = others.flat_map(|(i, f)| f.also.iter().map(move |c| (c.clone(), i)));
        let mut lexicon = Self {
            also: also.collect(),
            shared: codes
                .iter()
                .position(|c| c == SHARED)
                .unwrap_or(codes.len()),
            codes,
            patterns: Vec::new(),
            whole: HashMap::new(),
            starts: HashMap::new(),
            longest: 0,
            loose: Vec::new(),
        };
        lexicon.index(patterns);
        lexicon
    }

    fn index(&mut self, patterns: Vec<Pattern>) {
        for (at, first) in patterns
            .iter()
            .enumerate()
            .filter_map(|(i, p)| Some((i, p.parts.first()?)))
        {
            if first.open_start {
                self.loose.push(at);
                continue;
            }
            let table = if first.open_end {
                &mut self.starts
            } else {
                &mut self.whole
            };
            table.entry(first.text.clone()).or_default().push(at);
            if first.open_end {
                self.longest = self.longest.max(first.text.chars().count());
            }
        }
        self.patterns = patterns;
    }

    /// The codes of all languages, sorted.
    pub(super) fn codes(&self) -> impl Iterator<Item = &str> {
        self.codes
            .iter()
            .map(String::as_str)
            .filter(|c| *c != SHARED)
    }

    /// A language by its code.
    pub(super) fn language(&self, code: &str) -> Option<usize> {
        let named = self.codes.iter().position(|c| c == code && c != SHARED);
        named.or_else(|| self.also.get(code).copied())
    }

    /// A text in each language that leaves the least of it unknown.
    pub(super) fn readings(&self, text: &str) -> Vec<Reading> {
        let places = self.places(text);
        let mut languages: Vec<usize> = places.iter().flatten().map(|f| f.language).collect();
        languages.sort_unstable();
        languages.dedup();
        let read = languages.iter().map(|l| self.read(&places, *l, true));
        let read: Vec<(usize, Reading)> = read.collect();
        let best = read.iter().map(|(cost, _)| *cost).min();
        let fitting = read.into_iter().filter(|(cost, _)| Some(*cost) == best);
        fitting.map(|(_, reading)| reading).collect()
    }

    /// A text in one language, which borrows nothing.
    pub(super) fn reading_in(&self, text: &str, language: usize) -> Reading {
        self.read(&self.places(text), language, false).1
    }

    /// What fits at each word of a text, the most specific first.
    fn places(&self, text: &str) -> Vec<Vec<Found>> {
        let words = normal::words(text);
        if words.len() > MAX_READ {
            return Vec::new();
        }
        let rests = (0..words.len()).filter_map(|at| words.get(at..));
        rests.map(|rest| self.fitting(rest)).collect()
    }

    fn fitting(&self, rest: &[String]) -> Vec<Found> {
        let Some(word) = rest.first() else {
            return Vec::new();
        };
        let mut at: Vec<usize> = self.loose.clone();
        at.extend(self.whole.get(word).into_iter().flatten());
        let ends = word.char_indices().map(|(i, c)| i + c.len_utf8());
        for start in ends.take(self.longest).filter_map(|end| word.get(..end)) {
            at.extend(self.starts.get(start).into_iter().flatten());
        }
        at.sort_unstable();
        let patterns = at.iter().filter_map(|i| self.patterns.get(*i));
        let fitting = patterns.filter(|p| p.fits(rest));
        fitting
            .map(|p| Found {
                language: p.language,
                class: p.class,
                words: p.parts.len(),
            })
            .collect()
    }

    /// The text in one language, and how much of it that language does not know: 2 for a word that
    /// nobody knows, 1 for one that is borrowed.
    fn read(&self, places: &[Vec<Found>], language: usize, borrows: bool) -> (usize, Reading) {
        let (mut cost, mut reading, mut at) = (0, Vec::new(), 0);
        while let Some(here) = places.get(at) {
            let own = |f: &&Found| f.language == language || f.language == self.shared;
            let mut words = 1;
            if let Some(found) = here.iter().find(own) {
                reading.push(Some(found.class));
                words = found.words;
            } else if let Some(found) = borrowed(here).filter(|_| borrows) {
                reading.push(Some(found.class));
                words = found.words;
                cost += words;
            } else {
                reading.push(None);
                cost += 2;
            }
            at += words;
        }
        (cost, reading)
    }
}

/// What the other languages say at a place, if they say the same.
fn borrowed(here: &[Found]) -> Option<Found> {
    let first = here.first()?;
    let mut rivals = here.iter().take_while(|f| f.words == first.words);
    rivals.all(|f| f.class == first.class).then_some(*first)
}

impl Pattern {
    fn new(class: Class, language: usize, text: &str) -> Self {
        Self {
            class,
            language,
            parts: text.split_whitespace().flat_map(Part::of_word).collect(),
        }
    }

    fn fits(&self, words: &[String]) -> bool {
        self.parts.len() <= words.len() && self.parts.iter().zip(words).all(|(p, w)| p.fits(w))
    }

    fn weight(&self) -> (usize, usize, usize) {
        let whole = |p: &&Part| !p.open_start && !p.open_end;
        (
            self.parts.len(),
            self.parts.iter().filter(whole).count(),
            self.parts.iter().map(|p| p.text.chars().count()).sum(),
        )
    }
}

impl Part {
    /// The parts of one written word; more than one if it holds a hyphen.
    fn of_word(word: &str) -> Vec<Self> {
        normal::words(word)
            .into_iter()
            .map(|text| Self {
                text,
                open_start: word.starts_with('*'),
                open_end: word.ends_with('*'),
            })
            .collect()
    }

    fn fits(&self, word: &str) -> bool {
        match (self.open_start, self.open_end) {
            (false, false) => word == self.text,
            (false, true) => word.starts_with(&self.text),
            (true, false) => word.ends_with(&self.text),
            (true, true) => word.contains(&self.text),
        }
    }
}
