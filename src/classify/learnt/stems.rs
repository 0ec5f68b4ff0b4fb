//! Stems of words, each kept for the next time: people use few words, and a stem costs more than all else of a word.

use std::hash::Hasher as _;
use std::sync::LazyLock;

use rust_stemmers::{Algorithm, Stemmer};
use rustc_hash::FxHasher;

static STEMMER: LazyLock<Stemmer> = LazyLock::new(|| Stemmer::create(Algorithm::English));

/// How many words are kept: a power of two.
const KEPT: usize = 4096;
/// Longer words are too rare to be kept.
const LONGEST: usize = 16;

/// A short word of ASCII letters as two numbers; no word is `[0, 0]`.
type Packed = [u64; 2];

/// Hashes of stems. Each place keeps the word that came there last.
#[derive(Debug, Default)]
pub(super) struct Stems {
    kept: Vec<(Packed, u64)>,
}

impl Stems {
    /// The hash of a word's stem: `ordered` and `orders` are one word. Porter's stems serve other languages in Latin
    /// script less, and harm none.
    pub(super) fn of(&mut self, word: &[char]) -> u64 {
        let Some(packed) = pack(word) else { return stem(word) };
        if self.kept.is_empty() {
            self.kept.resize(KEPT, ([0, 0], 0));
        }
        let mut hasher = FxHasher::default();
        hasher.write_u64(packed[0]);
        hasher.write_u64(packed[1]);
        let place = &mut self.kept[hasher.finish() as usize % KEPT];
        if place.0 != packed {
            *place = (packed, stem(word));
        }
        place.1
    }
}

fn pack(word: &[char]) -> Option<Packed> {
    if word.len() > LONGEST {
        return None;
    }
    let mut packed = 0u128;
    for letter in word {
        packed = packed << 8 | u128::from(u8::try_from(*letter).ok().filter(u8::is_ascii)?);
    }
    Some([packed as u64, (packed >> 64) as u64])
}

fn stem(letters: &[char]) -> u64 {
    let word: String = letters.iter().collect();
    let mut hasher = FxHasher::default();
    hasher.write(STEMMER.stem(&word).as_bytes());
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_kept_changes_no_stem() {
        let mut stems = Stems::default();
        let endings = ["", "s", "ing", "ed", "ation", "ly", "ness", "antidisestablishment", "é"];
        let words: Vec<Vec<char>> = (0..3_000)
            .flat_map(|n: u32| endings.map(|ending| format!("w{:x}{ending}", n * 7919 % 5003).chars().collect()))
            .collect();
        for word in words.iter().chain(words.iter().rev()) {
            assert_eq!(stems.of(word), stem(word), "{}", word.iter().collect::<String>());
        }
        let chars = |word: &str| word.chars().collect::<Vec<char>>();
        assert_eq!(stems.of(&chars("ordered")), stems.of(&chars("orders")));
    }
}
