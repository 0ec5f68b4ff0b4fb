//! The examples by their vectors: who votes for what, and how far such votes are to be trusted.

use std::cmp::Ordering;

use super::answer::{Vector, cosine};
use crate::classify::near::is_clear;
use crate::domain::{IntentId, Neighbours, Vote};

/// So many of the nearest examples vote.
const VOTERS: usize = 10;
/// So many intents are told.
const TOLD: usize = 5;
/// So many examples are tried as if they were messages.
const TRIED: usize = 1_000;
/// An endpoint that is right about fewer of them says nothing about meaning.
const LEAST_RIGHT: f32 = 0.3;
/// How often clear votes are right is known from so many of them on.
const LEAST_CLEAR: usize = 30;
/// Nearer than this it is the same text.
const SAME: f32 = 0.9999;

/// An example with its vector.
pub(super) struct Example {
    /// Its intent's place in the list of intents.
    pub(super) intent: u32,
    pub(super) text: String,
    pub(super) vector: Vector,
}

/// Why vectors are of no use.
#[derive(Clone, Copy, Debug, PartialEq, thiserror::Error)]
#[error("of the examples, tried on each other, {0:.0} % come out right: the vectors say nothing about meaning")]
pub struct Useless(f32);

/// The examples of a playbook, ready to be asked.
pub(super) struct Index {
    intents: Vec<IntentId>,
    examples: Vec<Example>,
    /// The usual distance between the nearest voter and the farthest: what is near under this model.
    spread: f32,
    /// How near the tried examples' nearest neighbours lie, in order.
    closest: Vec<f32>,
    right: f32,
}

/// A voter: which example, and how near.
type Voter = (usize, f32);

impl Index {
    /// Lays the examples out and tries some of them on the others. Takes seconds.
    pub(super) fn new(intents: Vec<IntentId>, examples: Vec<Example>) -> Result<Self, Useless> {
        let mut index = Self { intents, examples, spread: 0.0, closest: Vec::new(), right: 0.0 };
        let step = index.examples.len().div_ceil(TRIED).max(1);
        let tried: Vec<(u32, Vec<Voter>)> = (0..index.examples.len())
            .step_by(step)
            .map(|place| {
                let Example { intent, vector, .. } = &index.examples[place];
                (*intent, index.nearest(vector, SAME))
            })
            .filter(|(_, voters)| voters.len() > 1)
            .collect();
        let mut spreads: Vec<f32> = tried.iter().map(|(_, voters)| voters[0].1 - voters[voters.len() - 1].1).collect();
        spreads.sort_by(f32::total_cmp);
        index.spread = spreads.get(spreads.len() / 2).copied().unwrap_or_default().max(1e-4);
        index.closest = tried.iter().map(|(_, voters)| voters[0].1).collect();
        index.closest.sort_by(f32::total_cmp);
        let (mut right, mut clear, mut clear_right) = (0usize, 0usize, 0usize);
        for (intent, voters) in &tried {
            let votes = index.count(voters);
            let is_right = votes.first().is_some_and(|(of, _, _)| of == intent);
            right += usize::from(is_right);
            if votes.first().is_some_and(|(_, share, _)| is_clear(*share, index.closeness(voters[0].1))) {
                clear += 1;
                clear_right += usize::from(is_right);
            }
        }
        let all_right = share(right, tried.len());
        if all_right < LEAST_RIGHT {
            return Err(Useless(all_right * 100.0));
        }
        index.right = if clear < LEAST_CLEAR { 0.0 } else { share(clear_right, clear) };
        Ok(index)
    }

    /// How long its vectors are.
    pub(super) fn width(&self) -> usize {
        self.examples.first().map_or(0, |example| example.vector.len())
    }

    /// How often clear votes were right when they were tried.
    pub(super) fn right(&self) -> f32 {
        self.right
    }

    /// The neighbours of a vector as long as the index's own.
    pub(super) fn neighbours(&self, vector: &[f32]) -> Neighbours {
        let voters = self.nearest(vector, f32::INFINITY);
        let votes = self.count(&voters).into_iter().take(TOLD).map(|(intent, share, nearest)| Vote {
            intent: self.intents[intent as usize].clone(),
            share: rounded(share),
            similarity: rounded(nearest.1),
            example: self.examples[nearest.0].text.clone(),
        });
        let closest = voters.first().map_or(f32::NEG_INFINITY, |(_, similarity)| *similarity);
        Neighbours { votes: votes.collect(), closeness: rounded(self.closeness(closest)), right: rounded(self.right) }
    }

    /// The nearest examples below a similarity, the nearest first.
    fn nearest(&self, vector: &[f32], below: f32) -> Vec<Voter> {
        let mut nearest: Vec<Voter> = Vec::with_capacity(VOTERS + 1);
        for (place, example) in self.examples.iter().enumerate() {
            let similarity = cosine(vector, &example.vector);
            let is_near = nearest.len() < VOTERS || nearest.last().is_some_and(|(_, last)| similarity > *last);
            if is_near && similarity < below {
                let after = nearest.partition_point(|(_, other)| *other >= similarity);
                nearest.insert(after, (place, similarity));
                nearest.truncate(VOTERS);
            }
        }
        nearest
    }

    /// The votes by intent: its share, and its nearest voter. A voter counts the less, the farther it lies behind the nearest.
    fn count(&self, voters: &[Voter]) -> Vec<(u32, f32, Voter)> {
        let Some((_, closest)) = voters.first() else { return Vec::new() };
        let weight = |voter: &Voter| (2.0 * (voter.1 - closest) / self.spread).exp();
        let all: f32 = voters.iter().map(weight).sum();
        let mut votes: Vec<(u32, f32, Voter)> = Vec::new();
        for voter in voters {
            let intent = self.examples[voter.0].intent;
            match votes.iter_mut().find(|(of, _, _)| *of == intent) {
                Some((_, share, _)) => *share += weight(voter) / all,
                None => votes.push((intent, weight(voter) / all, *voter)),
            }
        }
        votes.sort_by(|a, b| b.1.partial_cmp(&a.1).unwrap_or(Ordering::Equal));
        votes
    }

    fn closeness(&self, similarity: f32) -> f32 {
        share(self.closest.partition_point(|other| *other <= similarity), self.closest.len())
    }
}

#[allow(clippy::cast_precision_loss, reason = "counts of some hundred")]
fn share(part: usize, all: usize) -> f32 {
    if all == 0 { 0.0 } else { part as f32 / all as f32 }
}

/// Four digits: a stored turn needs no more.
fn rounded(value: f32) -> f32 {
    (value * 1e4).round() / 1e4
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Numbers that nobody would guess, the same each time.
    fn noise(seed: u32) -> f32 {
        let mixed = seed.wrapping_mul(2_654_435_761).rotate_left(13).wrapping_mul(2_246_822_519);
        (mixed >> 8) as f32 / (1u32 << 24) as f32 - 0.5
    }

    /// 20 intents of 20 examples each, in `width` dimensions: an intent's examples lie together as tightly as `tight` says.
    fn index(tight: f32) -> Result<Index, Useless> {
        let vector = |intent: u32, number: u32| -> Vector {
            let own = (0..32).map(|d| tight * noise(intent * 64 + d) + noise(90_000 + (intent * 20 + number) * 64 + d));
            let vector: Vec<f32> = own.collect();
            let length = cosine(&vector, &vector).sqrt();
            vector.into_iter().map(|x| x / length).collect()
        };
        let examples = (0..20).flat_map(|intent| {
            (0..20).map(move |number| Example {
                intent,
                text: format!("{intent}.{number}"),
                vector: vector(intent, number),
            })
        });
        Index::new((0..20).map(|n| IntentId::from(format!("a/{n}"))).collect(), examples.collect())
    }

    #[test]
    fn examples_vote_for_their_intents() {
        let index = index(4.0).unwrap();
        assert!(index.right() > 0.95, "{}", index.right());
        let neighbours = index.neighbours(&index.examples[45].vector.clone());
        let vote = &neighbours.votes[0];
        assert_eq!((vote.intent.as_str(), vote.example.as_str()), ("a/2", "2.5"));
        assert!(vote.share > 0.8 && (vote.similarity - 1.0).abs() < 1e-3 && neighbours.closeness > 0.99, "{vote:?}");
        let opposite: Vec<f32> = index.examples[45].vector.iter().map(|x| -x).collect();
        assert!(index.neighbours(&opposite).closeness < 0.01);
    }

    #[test]
    fn vectors_that_mean_nothing_are_found_out() {
        assert!(index(0.0).is_err());
        let examples = (0..200).map(|n| Example { intent: n % 20, text: String::new(), vector: vec![0.25; 16].into() });
        assert!(Index::new((0..20).map(|n| IntentId::from(n.to_string())).collect(), examples.collect()).is_err());
    }
}
