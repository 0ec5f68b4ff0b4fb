//! What of a text the learnt model looks at: words and pairs of words, stretches of letters within a word, stretches of
//! Chinese characters.
//!
//! Latin script: stems of words 1–2 and characters 2–4 with the word's edges; Chinese: characters 1–4. What was learnt of this on
//! public corpora (`xiaoer eval` measures it): each of the two blocks is brought to length 1 by itself and then joined;
//! terms count 1 + ln(tf), and weigh by their smoothed inverse document frequency.

use std::hash::Hasher as _;

use rustc_hash::FxHasher;

use super::stems::Stems;
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

/// Reads texts. What it needs for one is kept for the next.
#[derive(Debug, Default)]
pub(super) struct Reader {
    letters: Vec<char>,
    found: Vec<Key>,
    sorted: Vec<Key>,
    stems: Stems,
}

impl Reader {
    /// Every feature of a normal form, as often as it stands in it, in ascending order.
    pub(super) fn read(&mut self, normal: &str) -> &[Key] {
        let Self { letters, found, sorted, stems } = self;
        found.clear();
        let mut last_word: Option<u64> = None;
        let mut rest = normal.chars().peekable();
        while let Some(first) = rest.next() {
            let kind = script(first);
            letters.clear();
            letters.extend([' ', first]);
            while let Some(next) = rest.next_if(|next| script(*next) == kind) {
                letters.push(next);
            }
            match kind {
                Script::Gap => {}
                Script::Han => {
                    grams(&letters[1..], HAN, found);
                    last_word = None;
                }
                Script::Word => {
                    let word = stems.of(&letters[1..]);
                    found.push(word << 1);
                    if let Some(before) = last_word.filter(|_| WORDS > 1) {
                        found.push(pair(before, word) << 1);
                    }
                    last_word = Some(word);
                    letters.push(' ');
                    grams(letters, LETTERS, found);
                }
            }
        }
        sort(found, sorted);
        sorted
    }
}

/// Sorts hashes: their highest bits alone put nearly all of them where they belong.
fn sort(keys: &[Key], sorted: &mut Vec<Key>) {
    const BITS: u32 = 8;
    const MANY: usize = 1024;
    if keys.len() > MANY {
        sorted.clear();
        sorted.extend_from_slice(keys);
        return sorted.sort_unstable();
    }
    let part = |key: Key| (key >> (Key::BITS - BITS)) as usize;
    let mut ends = [0u32; 1 << BITS];
    for key in keys {
        ends[part(*key)] += 1;
    }
    let mut end = 0;
    for place in &mut ends {
        end += *place;
        *place = end;
    }
    sorted.clear();
    sorted.resize(keys.len(), 0);
    for key in keys {
        let place = &mut ends[part(*key)];
        *place -= 1;
        sorted[*place as usize] = *key;
    }
    for next in 1..sorted.len() {
        let (mut place, key) = (next, sorted[next]);
        while place > 0 && sorted[place - 1] > key {
            sorted[place] = sorted[place - 1];
            place -= 1;
        }
        sorted[place] = key;
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

    fn read(text: &str) -> Vec<Key> {
        Reader::default().read(text).to_vec()
    }

    fn count(text: &str) -> (usize, usize) {
        let found = read(text);
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
        let (one, other) = (read("快递"), read("递快"));
        let shared = one.iter().filter(|key| other.contains(key)).count();
        assert_eq!((one.len(), other.len(), shared), (3, 3, 2), "the order counts");
    }

    #[test]
    fn a_reader_remembers_nothing_of_the_last_text() {
        let mut reader = Reader::default();
        for text in ["where are my orders", "快递", "", "has my order been ordered? 还没到", "快递"] {
            assert_eq!(reader.read(text), read(text), "{text}");
        }
    }

    #[test]
    fn hashes_are_sorted() {
        let mut sorted = Vec::new();
        for (number, few) in [(0, 1), (1, 1), (300, u64::MAX), (300, 9), (2_000, 300)] {
            let keys: Vec<Key> = (0..number).map(|n: u64| hash(n % few, &['x'])).collect();
            sort(&keys, &mut sorted);
            let mut plain = keys;
            plain.sort_unstable();
            assert_eq!(sorted, plain);
        }
    }
}
