//! Which messages are alike, through an index of their rarest features.

use super::features::Vectors;

/// Of a feature that more messages have, so many are found by it: those said most often. Groups form around them.
const MOST_BY_ONE: usize = 1_000;

/// For each message those that are alike, with the cosine.
pub(super) type Edges = Vec<Vec<(u32, f32)>>;

/// All pairs of messages whose cosine reaches the threshold; of more than [`MOST_BY_ONE`] messages with one feature only
/// those pairs of which one is said often.
pub(super) fn alike(vectors: &Vectors, counts: &[usize], threshold: f32) -> Edges {
    let rows = vectors.rows();
    let mut often: Vec<usize> = (0..rows.len()).collect();
    often.sort_by_key(|row| (std::cmp::Reverse(counts[*row]), *row));
    let mut found_by: Vec<Vec<u32>> = vec![Vec::new(); vectors.width()];
    let mut edges: Edges = vec![Vec::new(); rows.len()];
    let mut scratch = Scratch { weights: vec![0.0; vectors.width()], seen: vec![false; rows.len()] };
    for row in often {
        let prefix = prefix(&rows[row], threshold);
        let candidates = scratch.candidates(prefix, &found_by);
        for (other, cosine) in scratch.cosines(&rows[row], &candidates, rows, threshold) {
            edges[row].push((other, cosine));
            edges[other as usize].push((as_u32(row), cosine));
        }
        for (feature, _) in prefix {
            let found = &mut found_by[*feature as usize];
            if found.len() < MOST_BY_ONE {
                found.push(as_u32(row));
            }
        }
    }
    edges
}

/// The cosine of two messages, each with its features in order.
pub(super) fn cosine(a: &[(u32, f32)], b: &[(u32, f32)]) -> f32 {
    let (mut sum, mut others) = (0.0, b.iter().peekable());
    for (feature, weight) in a {
        while others.next_if(|(other, _)| other < feature).is_some() {}
        sum += others.next_if(|(other, _)| other == feature).map_or(0.0, |(_, other)| weight * other);
    }
    sum
}

/// The rarest features of a message: the others together cannot make a cosine of the threshold.
fn prefix(row: &[(u32, f32)], threshold: f32) -> &[(u32, f32)] {
    let mut rest: f32 = 0.0;
    let mut end = row.len();
    for (place, (_, weight)) in row.iter().enumerate().rev() {
        rest += weight * weight;
        if rest.sqrt() >= threshold {
            end = place + 1;
            break;
        }
    }
    &row[..end]
}

/// Room that is used again for each message.
struct Scratch {
    weights: Vec<f32>,
    seen: Vec<bool>,
}

impl Scratch {
    /// Each message that shares a feature of the prefix, once.
    fn candidates(&mut self, prefix: &[(u32, f32)], found_by: &[Vec<u32>]) -> Vec<u32> {
        let mut candidates = Vec::new();
        for other in prefix.iter().flat_map(|(feature, _)| &found_by[*feature as usize]) {
            if !std::mem::replace(&mut self.seen[*other as usize], true) {
                candidates.push(*other);
            }
        }
        candidates.iter().for_each(|other| self.seen[*other as usize] = false);
        candidates
    }

    fn cosines(
        &mut self,
        row: &[(u32, f32)],
        candidates: &[u32],
        rows: &[Vec<(u32, f32)>],
        threshold: f32,
    ) -> Vec<(u32, f32)> {
        row.iter().for_each(|(feature, weight)| self.weights[*feature as usize] = *weight);
        let cosine = |other: &u32| -> f32 {
            rows[*other as usize].iter().map(|(feature, weight)| weight * self.weights[*feature as usize]).sum()
        };
        let near = candidates.iter().map(|other| (*other, cosine(other))).filter(|(_, cosine)| *cosine >= threshold);
        let near = near.collect();
        row.iter().for_each(|(feature, _)| self.weights[*feature as usize] = 0.0);
        near
    }
}

fn as_u32(row: usize) -> u32 {
    u32::try_from(row).unwrap_or(u32::MAX)
}
