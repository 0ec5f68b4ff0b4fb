//! The space that texts are points of: which features are known, and what each weighs.

use rustc_hash::FxHashMap;

use super::features::{self, BLOCKS, Key};

/// The block of words counts so much beside that of characters: the best of 0.7–2 in cross-validation on the public corpora.
const WORDS_COUNT: f32 = 0.8;

/// A feature's place, and its weight in a text.
pub(super) type Term = (u32, f32);

/// The features of the examples, with their inverse document frequencies.
#[derive(Debug, Default)]
pub(super) struct Space {
    pub(super) places: FxHashMap<Key, u32>,
    pub(super) idf: Vec<f32>,
    /// Of a feature that no example has.
    pub(super) idf_unknown: f32,
}

/// A text as a point.
#[derive(Clone, Debug, Default)]
pub(super) struct Point {
    pub(super) terms: Vec<Term>,
    /// The share of the text that is known, by idf: 1 where every feature stands in some example.
    pub(super) known: f32,
}

impl Space {
    /// Learns which features there are. Returns the examples as points.
    pub(super) fn learn(texts: &[&str]) -> (Self, Vec<Point>) {
        let mut space = Self { places: FxHashMap::default(), idf: Vec::new(), idf_unknown: 0.0 };
        let mut frequency: Vec<u32> = Vec::new();
        let mut found = Vec::new();
        let counted: Vec<Vec<(u32, u8, u32)>> = texts
            .iter()
            .map(|text| {
                features::read(text, &mut found);
                found.sort_unstable();
                let counted: Vec<(u32, u8, u32)> = found
                    .chunk_by(|a, b| a == b)
                    .map(|same| {
                        let next = frequency.len() as u32;
                        let place = *space.places.entry(same[0]).or_insert(next);
                        if place == next {
                            frequency.push(0);
                        }
                        frequency[place as usize] += 1;
                        (place, features::block(same[0]) as u8, same.len() as u32)
                    })
                    .collect();
                counted
            })
            .collect();
        let all = texts.len() as f32;
        let idf = |df: f32| ((1.0 + all) / (1.0 + df)).ln() + 1.0;
        space.idf = frequency.iter().map(|df| idf(*df as f32)).collect();
        space.idf_unknown = idf(0.0);
        let points = counted.iter().map(|counted| space.point(counted, [0.0; BLOCKS])).collect();
        (space, points)
    }

    /// How many features there are.
    pub(super) fn len(&self) -> usize {
        self.idf.len()
    }

    /// Bytes that the table takes, about.
    pub(super) fn bytes(&self) -> usize {
        self.places.capacity() * (size_of::<Key>() + size_of::<u32>() + 1) + self.idf.len() * size_of::<f32>()
    }

    /// A text as a point.
    pub(super) fn place(&self, normal: &str, found: &mut Vec<Key>) -> Point {
        features::read(normal, found);
        found.sort_unstable();
        let mut unknown = [0.0; BLOCKS];
        let mut counted = Vec::with_capacity(found.len());
        for same in found.chunk_by(|a, b| a == b) {
            let block = features::block(same[0]);
            match self.places.get(&same[0]) {
                Some(place) => counted.push((*place, block as u8, same.len() as u32)),
                None => unknown[block] += self.idf_unknown,
            }
        }
        self.point(&counted, unknown)
    }

    fn point(&self, counted: &[(u32, u8, u32)], unknown: [f32; BLOCKS]) -> Point {
        let mut squares = [0.0f32; BLOCKS];
        let mut known = 0.0f32;
        let mut terms: Vec<Term> = Vec::with_capacity(counted.len());
        for (place, block, count) in counted {
            let idf = self.idf[*place as usize];
            let weight = (1.0 + (*count as f32).ln()) * idf;
            squares[*block as usize] += weight * weight;
            known += idf;
            terms.push((*place, weight));
        }
        let mut length = squares.map(|sum| if sum > 0.0 { 1.0 / sum.sqrt() } else { 0.0 });
        length[features::WORD_BLOCK] *= WORDS_COUNT;
        for (term, (_, block, _)) in terms.iter_mut().zip(counted) {
            term.1 *= length[*block as usize];
        }
        let all = known + unknown.iter().sum::<f32>();
        Point { terms, known: if all > 0.0 { known / all } else { 0.0 } }
    }
}
