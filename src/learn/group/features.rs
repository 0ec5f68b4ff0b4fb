//! Features of messages, weighed by how few have them.

use std::hash::Hasher as _;

use rust_stemmers::{Algorithm, Stemmer};
use rustc_hash::{FxHashMap, FxHasher};

use crate::text::is_han;

/// Every message as weights of features; each has length 1.
#[derive(Debug)]
pub(super) struct Vectors {
    /// Of each message: features, the rarest first, with their weights.
    rows: Vec<Vec<(u32, f32)>>,
}

impl Vectors {
    /// Features are numbered by rarity: 0 is one that the fewest messages have.
    pub(super) fn of(forms: &[Vec<String>]) -> Self {
        let stemmer = Stemmer::create(Algorithm::English);
        let hashed: Vec<Vec<u64>> = forms.iter().map(|form| features(form, &stemmer)).collect();
        let mut held: FxHashMap<u64, usize> = FxHashMap::default();
        for feature in hashed.iter().flatten() {
            *held.entry(*feature).or_default() += 1;
        }
        let mut by_rarity: Vec<(usize, u64)> = held.iter().map(|(feature, by)| (*by, *feature)).collect();
        by_rarity.sort_unstable();
        let ranks: FxHashMap<u64, u32> =
            (0u32..).zip(&by_rarity).map(|(rank, (_, feature))| (*feature, rank)).collect();
        let all = forms.len() as f32;
        let row = |features: &Vec<u64>| {
            let weigh = |feature: &u64| (ranks[feature], (1.0 + all / held[feature] as f32).ln());
            of_length_one(features.iter().map(weigh).collect())
        };
        Self { rows: hashed.iter().map(row).collect() }
    }

    pub(super) fn rows(&self) -> &[Vec<(u32, f32)>] {
        &self.rows
    }

    /// How many features there are.
    pub(super) fn width(&self) -> usize {
        self.rows.iter().flatten().map(|(feature, _)| *feature as usize + 1).max().unwrap_or(0)
    }

    /// The one of these messages, each with how often it was said, that is most like all of them; at least one is given.
    pub(super) fn middle(&self, weighted: &[(usize, usize)]) -> usize {
        let mut sum: FxHashMap<u32, f32> = FxHashMap::default();
        for (row, count) in weighted {
            for (feature, weight) in &self.rows[*row] {
                *sum.entry(*feature).or_default() += weight * *count as f32;
            }
        }
        let likeness = |row: usize| self.rows[row].iter().map(|(feature, weight)| weight * sum[feature]).sum::<f32>();
        let best =
            weighted.iter().map(|(row, _)| *row).max_by(|a, b| likeness(*a).total_cmp(&likeness(*b)).then(b.cmp(a)));
        best.unwrap_or_default()
    }
}

fn of_length_one(mut row: Vec<(u32, f32)>) -> Vec<(u32, f32)> {
    row.sort_unstable_by_key(|(feature, _)| *feature);
    let length = row.iter().map(|(_, weight)| weight * weight).sum::<f32>().sqrt();
    row.iter_mut().for_each(|(_, weight)| *weight /= length.max(f32::MIN_POSITIVE));
    row
}

/// Each feature of a message once.
fn features(form: &[String], stemmer: &Stemmer) -> Vec<u64> {
    let mut found = Vec::new();
    for clause in form {
        let units = units(clause, stemmer);
        for pair in units.windows(2) {
            found.push(hash(&(pair[0].0, pair[1].0)));
        }
        let is_alone = units.len() == 1;
        found.extend(units.iter().filter(|(_, is_word)| *is_word || is_alone).map(|(unit, _)| hash(unit)));
    }
    found.sort_unstable();
    found.dedup();
    found
}

/// A clause's Han characters and stems of Latin words, hashed; whether each is a word.
fn units(clause: &str, stemmer: &Stemmer) -> Vec<(u64, bool)> {
    let mut units = Vec::new();
    let mut word = String::new();
    for c in clause.chars().chain(std::iter::once(' ')) {
        if c.is_alphanumeric() && !is_han(c) {
            word.push(c);
            continue;
        }
        if !word.is_empty() {
            // One number is as good as another.
            let is_number = word.chars().all(char::is_numeric);
            let said = if is_number { "0".into() } else { stemmer.stem(&word) };
            units.push((hash(&*said), !is_number));
            word.clear();
        }
        if is_han(c) {
            units.push((hash(&c), false));
        }
    }
    units
}

fn hash<T: std::hash::Hash + ?Sized>(value: &T) -> u64 {
    let mut hasher = FxHasher::default();
    value.hash(&mut hasher);
    hasher.finish()
}
