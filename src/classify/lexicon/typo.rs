//! Latin words that are nearly a name: `guangzou`, `feddex`, `royal mial`.
//!
//! A word gets this second reading if it has five letters or more, is part of no exact match, and the caller doesn't know
//! it. One slip is forgiven up to seven letters, two from eight on if the name has nine; two letters swapped are one slip.
//! Shorter names are too near to too much: `shipping` to 四平's siping, `learning` to liaoning. The first letter
//! must be right: it nearly always is, and `house` shall not be `rouse`. A word is read together with its neighbour too, and
//! the name must have as many words as were read. Up to three names may be equally near; with more the word says nothing.

use std::ops::Range;
use std::sync::LazyLock;

use fst::{IntoStreamer, Streamer};
use levenshtein_automata::{DFA, Distance, LevenshteinAutomatonBuilder};

use super::{Hit, Lexicon, is_in_word};

/// So many words of a text are looked up: each costs some tens of microseconds.
pub(super) const WORDS_AT_MOST: usize = 3;
const LETTERS_AT_LEAST: usize = 5;
const LETTERS_AT_MOST: usize = 24;
/// From so many letters on two slips are forgiven.
const LONG_WORD: usize = 8;
/// A name that is two slips away has as many.
const LONG_NAME: usize = 9;
/// Where more names are equally near, none of them was meant.
const NAMES_AT_MOST: usize = 3;
/// So many near names of a large lexicon are compared.
const LOOKED_AT_AT_MOST: usize = 200;

// Their tables take milliseconds to build.
pub(in crate::classify) static ONE_SLIP: LazyLock<LevenshteinAutomatonBuilder> =
    LazyLock::new(|| LevenshteinAutomatonBuilder::new(1, true));
pub(in crate::classify) static TWO_SLIPS: LazyLock<LevenshteinAutomatonBuilder> =
    LazyLock::new(|| LevenshteinAutomatonBuilder::new(2, true));

impl Lexicon {
    /// Adds the names that misspelt words of a clause stand for, while `tries` lasts.
    pub(super) fn add_slips(&self, clause: &str, known: &dyn Fn(&str) -> bool, tries: &mut usize, hits: &mut Vec<Hit>) {
        if self.names.is_empty() || !clause.bytes().any(|byte| byte.is_ascii_alphabetic()) {
            return;
        }
        let words = words_of(clause);
        let is_free = |range: &Range<usize>, hits: &[Hit]| hits.iter().all(|hit| is_apart(&hit.range, range));
        for (place, word) in words.iter().enumerate() {
            let letters = &clause[word.clone()];
            if *tries == 0 || !is_doubtful(letters) || !is_free(word, hits) || known(letters) {
                continue;
            }
            *tries -= 1;
            let windows = [words.get(place..place + 2), place.checked_sub(1).and_then(|from| words.get(from..=place))];
            let pairs = windows.into_iter().flatten().filter_map(|pair| pair_of(clause, pair));
            let slips = if letters.len() < LONG_WORD { &*ONE_SLIP } else { &*TWO_SLIPS };
            let near = pairs.chain([word.clone()]).filter(|range| is_free(range, hits)).find_map(|range| {
                let names = self.nearest(&clause[range.clone()], slips);
                (!names.is_empty()).then_some((range, names))
            });
            if let Some((range, names)) = near {
                hits.extend(names.into_iter().map(|name| Hit { range: range.clone(), name, fuzzy: true }));
            }
        }
    }

    /// The map's values for the names that are nearest to `words`; none if too many are equally near.
    fn nearest(&self, words: &str, slips: &LevenshteinAutomatonBuilder) -> Vec<u64> {
        let Some(first) = words.bytes().next() else { return Vec::new() };
        let automaton = slips.build_dfa(words);
        let mut names = self.names.search(&automaton).ge([first]).lt([first + 1]).into_stream();
        let mut nearest = (u8::MAX, Vec::new());
        let mut looked_at = 0;
        while let Some((name, value)) = names.next() {
            let far = distance(&automaton, name);
            if far < nearest.0 && may_be_meant(name, words, far) {
                nearest = (far, vec![value]);
            } else if far == nearest.0 && may_be_meant(name, words, far) {
                nearest.1.push(value);
            }
            looked_at += 1;
            if looked_at == LOOKED_AT_AT_MOST {
                break;
            }
        }
        if nearest.1.len() > NAMES_AT_MOST { Vec::new() } else { nearest.1 }
    }
}

pub(in crate::classify) fn distance(automaton: &DFA, name: &[u8]) -> u8 {
    match automaton.eval(name) {
        Distance::Exact(far) => far,
        Distance::AtLeast(_) => u8::MAX,
    }
}

/// Whether a name that is so far from the words has their number of words, and the length that such a distance asks for.
fn may_be_meant(name: &[u8], words: &str, far: u8) -> bool {
    let spaces = |text: &[u8]| text.iter().filter(|byte| **byte == b' ').count();
    let letters = if far > 1 { LONG_NAME } else { LETTERS_AT_LEAST };
    name.is_ascii() && name.len() >= letters && spaces(name) == spaces(words.as_bytes())
}

/// Runs of letters and digits other than Han.
fn words_of(clause: &str) -> Vec<Range<usize>> {
    let mut words: Vec<Range<usize>> = Vec::new();
    for (at, c) in clause.char_indices().filter(|(_, c)| is_in_word(*c)) {
        match words.last_mut() {
            Some(word) if word.end == at => word.end = at + c.len_utf8(),
            _ => words.push(at..at + c.len_utf8()),
        }
    }
    words
}

/// Two neighbours with one space between them.
fn pair_of(clause: &str, pair: &[Range<usize>]) -> Option<Range<usize>> {
    let [left, right] = pair else { return None };
    (clause.get(left.end..right.start) == Some(" ")).then_some(left.start..right.end)
}

fn is_doubtful(word: &str) -> bool {
    (LETTERS_AT_LEAST..=LETTERS_AT_MOST).contains(&word.len()) && word.bytes().all(|byte| byte.is_ascii_alphabetic())
}

fn is_apart(one: &Range<usize>, other: &Range<usize>) -> bool {
    one.end <= other.start || other.end <= one.start
}
