//! What a playbook says in Latin letters; and which of its words an unknown one is a slip of.

use fst::{IntoStreamer, Map, Streamer};
use rustc_hash::FxHashMap;

use super::super::lexicon::{ONE_SLIP, TWO_SLIPS, distance};
use super::han::Source;
use super::words;

/// Shorter words are too near to too much.
const LETTERS_AT_LEAST: usize = 4;
const LETTERS_AT_MOST: usize = 20;
/// From so many letters on two slips are forgiven.
const LONG_WORD: usize = 8;
/// Of two equally near words the one must be so many times as common.
const BY_FAR: u64 = 5;
/// The weight of a word that others may be slips of: one phrase or two examples.
const MEANT: u64 = 2;

/// The Latin words of a playbook.
#[derive(Debug, Default)]
pub(super) struct Latin {
    /// Of all lines, with their weight.
    words: FxHashMap<Box<str>, u32>,
    /// Those beside Chinese.
    beside_han: FxHashMap<Box<str>, u32>,
    meant: Map<Vec<u8>>,
}

impl Latin {
    /// Takes in a clause of the playbook.
    pub(super) fn learn(&mut self, clause: &str, source: Source) {
        let is_chinese = !clause.is_ascii();
        for word in clause.split(|c: char| !is_letter(c)).filter(|word| !word.is_empty()) {
            let weight = if source == Source::Example { 1 } else { 2 };
            *self.words.entry(word.into()).or_default() += weight;
            if is_chinese {
                *self.beside_han.entry(word.into()).or_default() += weight;
            }
        }
    }

    /// Once all is learnt.
    pub(super) fn finish(&mut self) {
        let mut meant: Vec<(&str, u64)> =
            self.words.iter().map(|(word, weight)| (&**word, u64::from(*weight))).collect();
        meant.retain(|(word, weight)| *weight >= MEANT && word.len() >= LETTERS_AT_LEAST);
        meant.sort_unstable();
        self.meant = Map::from_iter(meant).unwrap_or_default();
    }

    /// Whether a word needs no mending. An example alone may be a slip of its writer, kept on purpose.
    pub(super) fn knows(&self, word: &str) -> bool {
        self.is_said(word) || words::is_english(word)
    }

    /// Whether the playbook says a word.
    pub(super) fn is_said(&self, word: &str) -> bool {
        self.words.get(word).is_some_and(|weight| u64::from(*weight) >= MEANT)
    }

    /// Whether the playbook says a word within Chinese.
    pub(super) fn is_said_in_chinese(&self, word: &str) -> bool {
        self.beside_han.get(word).is_some_and(|weight| u64::from(*weight) >= MEANT)
    }

    /// The one word that an unknown one is a slip of.
    pub(super) fn meant(&self, word: &str) -> Option<String> {
        self.undoubled(word).or_else(|| self.with_letters_for_digits(word)).or_else(|| self.nearest(word))
    }

    /// `helloo` → hello: the normal form leaves two of a run of letters.
    fn undoubled(&self, word: &str) -> Option<String> {
        let letters = word.as_bytes();
        let doubles = (1..letters.len()).filter(|at| letters[*at] == letters[at - 1]);
        let mut found = doubles.filter_map(|at| {
            let less = format!("{}{}", &word[..at], &word[at + 1..]);
            (less.len() > 1 && self.is_said(&less)).then_some(less)
        });
        found.next().filter(|first| found.all(|other| other == *first))
    }

    /// `0rder`, `de1ivery`.
    fn with_letters_for_digits(&self, word: &str) -> Option<String> {
        if word.len() < LETTERS_AT_LEAST || !word.bytes().any(|byte| byte.is_ascii_digit()) {
            return None;
        }
        let read = |one: char| -> String {
            let letter = |c: char| match c {
                '0' => 'o',
                '1' => one,
                '3' => 'e',
                '4' => 'a',
                '5' => 's',
                '7' => 't',
                other => other,
            };
            word.chars().map(letter).collect()
        };
        ['l', 'i'].map(read).into_iter().find(|letters| self.is_said(letters))
    }

    fn nearest(&self, word: &str) -> Option<String> {
        let first = word.bytes().next()?;
        if !(LETTERS_AT_LEAST..=LETTERS_AT_MOST).contains(&word.len()) || word.bytes().any(|byte| byte.is_ascii_digit())
        {
            return None;
        }
        let slips = if word.len() < LONG_WORD { &*ONE_SLIP } else { &*TWO_SLIPS };
        let automaton = slips.build_dfa(word);
        let mut near = self.meant.search(&automaton).into_stream();
        // How far, how common, which: the nearest, and of those the commonest, first.
        let mut found: Vec<(u8, u64, String)> = Vec::new();
        while let Some((name, weight)) = near.next() {
            let is_first_right =
                name.first() == Some(&first) || name.get(1) == Some(&first) && name.first() == word.as_bytes().get(1);
            // In a word of four letters one may be missing or two swapped; a wrong one is too near to too much.
            let is_likely =
                word.len() > LETTERS_AT_LEAST || name.len() > word.len() || are_same_letters(name, word.as_bytes());
            if is_first_right
                && is_likely
                && let Ok(name) = std::str::from_utf8(name)
            {
                found.push((distance(&automaton, name.as_bytes()), weight, name.to_owned()));
            }
        }
        found.sort_unstable_by(|a, b| (a.0, b.1, &a.2).cmp(&(b.0, a.1, &b.2)));
        let (far, weight, name) = found.first()?;
        let stands = found.get(1).is_none_or(|(other_far, other, _)| other_far > far || other * BY_FAR <= *weight);
        stands.then(|| name.clone())
    }

    /// Bytes that it takes, about.
    pub(super) fn memory(&self) -> usize {
        (self.words.capacity() + self.beside_han.capacity()) * 32 + self.meant.as_fst().size()
    }
}

fn are_same_letters(a: &[u8], b: &[u8]) -> bool {
    let sorted = |letters: &[u8]| {
        let mut letters = letters.to_vec();
        letters.sort_unstable();
        letters
    };
    sorted(a) == sorted(b)
}

/// Part of a Latin word as the playbook's are parted.
pub(super) fn is_letter(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '\''
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_of_one_known_word_is_that_word() {
        let mut latin = Latin::default();
        for line in
            ["where is my package", "i want a refund", "cancel my order", "delivery time", "hello", "recommendations"]
        {
            latin.learn(line, Source::Phrase);
        }
        for line in ["older", "pls cancle"] {
            latin.learn(line, Source::Example);
        }
        latin.finish();
        for (word, expected, why) in [
            ("packge", Some("package"), "a letter is missing"),
            ("refnud", Some("refund"), "two letters swapped"),
            ("efrund", None, "two slips in six letters"),
            ("cancle", Some("cancel"), "an example's own slip is none the less one"),
            ("oder", Some("order"), ""),
            ("hellooo", None, "the normal form has but two of a letter"),
            ("helloo", Some("hello"), ""),
            ("0rder", Some("order"), "a digit for a letter"),
            ("de1ivery", Some("delivery"), ""),
            ("recomendatons", Some("recommendations"), "two slips in a long word"),
            ("rfd", None, "too short"),
            ("xrefund", None, "the first letter is right"),
            ("zzzz", None, ""),
        ] {
            assert_eq!(latin.meant(word).as_deref(), expected, "{word} {why}");
        }
        assert!(latin.knows("package") && latin.knows("sender") && !latin.knows("cancle"));
    }
}
