//! The space that texts are points of: which features are known, and what each weighs.

use rustc_hash::FxHashMap;

use super::features::{self, BLOCKS, Key, Reader};

/// The block of words counts so much beside that of characters: the best of 0.7–2 in cross-validation on the public corpora.
const WORDS_COUNT: f32 = 0.8;

/// A feature's place, and its weight in a text.
pub(super) type Term = (u32, f32);

/// The features of the examples, with their inverse document frequencies.
#[derive(Debug, Default)]
pub(super) struct Space {
    /// The place of each feature, and its idf: what is looked up together lies together.
    pub(super) places: FxHashMap<Key, (u32, f32)>,
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

/// A known feature of a text.
#[derive(Clone, Copy, Debug)]
struct Counted {
    place: u32,
    idf: f32,
    /// How often it stands in the text.
    count: u32,
    block: u8,
}

/// What placing a text needs, kept for the next.
#[derive(Debug, Default)]
pub(super) struct Placing {
    reader: Reader,
    counted: Vec<Counted>,
    /// The text that was placed last.
    pub(super) point: Point,
}

impl Space {
    /// Learns which features there are. Returns the examples as points.
    pub(super) fn learn(texts: &[&str]) -> (Self, Vec<Point>) {
        let mut space = Self::default();
        let mut frequency: Vec<u32> = Vec::new();
        let mut reader = Reader::default();
        let counted: Vec<Vec<(u32, u8, u32)>> = texts
            .iter()
            .map(|text| {
                let same = reader.read(text).chunk_by(|a, b| a == b);
                same.map(|same| {
                    let next = frequency.len() as u32;
                    let (place, _) = *space.places.entry(same[0]).or_insert((next, 0.0));
                    if place == next {
                        frequency.push(0);
                    }
                    frequency[place as usize] += 1;
                    (place, features::block(same[0]) as u8, same.len() as u32)
                })
                .collect()
            })
            .collect();
        let all = texts.len() as f32;
        let idf = |df: f32| ((1.0 + all) / (1.0 + df)).ln() + 1.0;
        let idfs: Vec<f32> = frequency.iter().map(|df| idf(*df as f32)).collect();
        for (place, idf) in space.places.values_mut() {
            *idf = idfs[*place as usize];
        }
        space.idf_unknown = idf(0.0);
        let points = counted.iter().map(|counted| {
            let mut point = Point::default();
            let known = counted.iter();
            point.set(
                known.map(|&(place, block, count)| Counted { place, idf: idfs[place as usize], count, block }),
                [0.0; BLOCKS],
            );
            point
        });
        let points = points.collect();
        (space, points)
    }

    /// How many features there are.
    pub(super) fn len(&self) -> usize {
        self.places.len()
    }

    /// Bytes that the table takes, about.
    pub(super) fn bytes(&self) -> usize {
        self.places.capacity() * (size_of::<(Key, (u32, f32))>() + 1)
    }

    /// Makes a text in its normal form a point.
    pub(super) fn place(&self, normal: &str, placing: &mut Placing) {
        let Placing { reader, counted, point } = placing;
        let mut unknown = [0.0; BLOCKS];
        counted.clear();
        for same in reader.read(normal).chunk_by(|a, b| a == b) {
            let block = features::block(same[0]);
            match self.places.get(&same[0]) {
                Some(&(place, idf)) => {
                    counted.push(Counted { place, idf, count: same.len() as u32, block: block as u8 });
                }
                None => unknown[block] += self.idf_unknown,
            }
        }
        point.set(counted.iter().copied(), unknown);
    }
}

impl Point {
    /// `unknown` is the idf of what no example has, by block.
    fn set(&mut self, counted: impl ExactSizeIterator<Item = Counted> + Clone, unknown: [f32; BLOCKS]) {
        let mut squares = [0.0f32; BLOCKS];
        let mut known = 0.0f32;
        self.terms.clear();
        self.terms.extend(counted.clone().map(|Counted { place, idf, count, block }| {
            // The logarithm of 1 is 0, and nearly every feature stands in a text once.
            let weight = if count == 1 { idf } else { (1.0 + (count as f32).ln()) * idf };
            squares[block as usize] += weight * weight;
            known += idf;
            (place, weight)
        }));
        let mut length = squares.map(|sum| if sum > 0.0 { 1.0 / sum.sqrt() } else { 0.0 });
        length[features::WORD_BLOCK] *= WORDS_COUNT;
        for (term, counted) in self.terms.iter_mut().zip(counted) {
            term.1 *= length[counted.block as usize];
        }
        let all = known + unknown.iter().sum::<f32>();
        self.known = if all > 0.0 { known / all } else { 0.0 };
    }
}
