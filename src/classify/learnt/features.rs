//! What of a text the learnt model looks at: words and pairs of words, stretches of letters within a word, stretches of
//! Chinese characters.
//!
//! Latin script: stems of words 1–2 and characters 2–4 with the word's edges; Chinese: characters 1–4. What was learnt of this on
//! public corpora (`xiaoer eval` measures it): each of the two blocks is brought to length 1 by itself and then joined;
//! terms count 1 + ln(tf), and weigh by their smoothed inverse document frequency.

use std::hash::Hasher as _;
use std::sync::LazyLock;

use rust_stemmers::{Algorithm, Stemmer};
use rustc_hash::FxHasher;

use crate::text::is_han;

/// A feature by the hash of what it is. The lowest bit tells its block: 0 words, 1 characters.
pub(super) type Key = u64;

/// Longer pairs of words say nothing more on any corpus that was tried.
const WORDS: usize = 2;
const LETTERS: std::ops::RangeInclusive<usize> = 2..=4;
const HAN: std::ops::RangeInclusive<usize> = 1..=4;

/// The block of a feature.
pub(super) fn block(key: Key) -> usize {
    (key & 1) as usize
}

/// The block of words.
pub(super) const WORD_BLOCK: usize = 0;

/// How many blocks there are.
pub(super) const BLOCKS: usize = 2;

/// A stretch of one script.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Script {
    Han,
    Word,
    Gap,
}

fn script(c: char) -> Script {
    match c {
        _ if is_han(c) => Script::Han,
        _ if c.is_alphanumeric() || c == '_' => Script::Word,
        _ => Script::Gap,
    }
}

/// Every feature of a normal form, as often as it stands in it.
pub(super) fn read(normal: &str, found: &mut Vec<Key>) {
    found.clear();
    let mut letters: Vec<char> = Vec::with_capacity(32);
    let mut last_word: Option<u64> = None;
    let mut rest = normal.chars().peekable();
    while let Some(first) = rest.next() {
        let kind = script(first);
        letters.clear();
        letters.push(first);
        while let Some(next) = rest.next_if(|next| script(*next) == kind) {
            letters.push(next);
        }
        match kind {
            Script::Gap => {}
            Script::Han => {
                grams(&letters, HAN, found);
                last_word = None;
            }
            Script::Word => {
                let word = stem(&letters);
                found.push(word << 1);
                if let Some(before) = last_word.filter(|_| WORDS > 1) {
                    found.push(pair(before, word) << 1);
                }
                last_word = Some(word);
                letters.insert(0, ' ');
                letters.push(' ');
                grams(&letters, LETTERS, found);
            }
        }
    }
}

fn grams(letters: &[char], sizes: std::ops::RangeInclusive<usize>, found: &mut Vec<Key>) {
    for size in sizes {
        if letters.len() < size {
            break;
        }
        found.extend(letters.windows(size).map(|gram| hash(size as u64, gram) << 1 | 1));
    }
}

static STEMMER: LazyLock<Stemmer> = LazyLock::new(|| Stemmer::create(Algorithm::English));

/// `ordered` and `orders` are one word. Porter's stems serve other languages in Latin script less, and harm none.
fn stem(letters: &[char]) -> u64 {
    let word: String = letters.iter().collect();
    let stem = STEMMER.stem(&word);
    let mut hasher = FxHasher::default();
    hasher.write(stem.as_bytes());
    hasher.finish()
}

fn hash(seed: u64, letters: &[char]) -> u64 {
    let mut hasher = FxHasher::default();
    hasher.write_u64(seed);
    for letter in letters {
        hasher.write_u32(u32::from(*letter));
    }
    hasher.finish()
}

fn pair(a: u64, b: u64) -> u64 {
    let mut hasher = FxHasher::default();
    hasher.write_u64(a);
    hasher.write_u64(b);
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn count(text: &str) -> (usize, usize) {
        let mut found = Vec::new();
        read(text, &mut found);
        (found.iter().filter(|key| block(**key) == 0).count(), found.iter().filter(|key| block(**key) == 1).count())
    }

    #[test]
    fn words_pairs_and_letters() {
        // Two words, one pair; ` my ` has 3 + 2 + 1 stretches, ` cat ` 4 + 3 + 2.
        assert_eq!(count("my cat"), (3, 15));
        assert_eq!(count(""), (0, 0));
    }

    #[test]
    fn chinese_has_no_words_but_stretches() {
        assert_eq!(count("快递到哪"), (0, 4 + 3 + 2 + 1));
        let (mut one, mut other) = (Vec::new(), Vec::new());
        read("快递", &mut one);
        read("递快", &mut other);
        assert_eq!(one[..2], [other[1], other[0]]);
        assert_ne!(one[2], other[2], "the order counts");
    }
}
