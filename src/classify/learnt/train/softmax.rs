//! Multinomial logistic regression (softmax), by dual coordinate ascent: a point's duals are its probabilities.
//!
//! After Yu, Huang and Lin, “Dual coordinate descent methods for logistic regression and maximum entropy models” (Machine
//! Learning 85, 2011). For one point, with everything else fixed, the best probabilities `u` obey
//! `l·c·u + ln u = s + l·c·u₀ − λ` for every class: `l` the point's squared length, `c` the cost, `s` the class's margin,
//! `u₀` its probability so far, and `λ` such that they add up to 1. Newton's method finds `λ`, and within it each `u`.

use super::{Lesson, Rounds, length, rows};

/// What an error costs against the length of the weights.
const COST: f32 = 30.0;
/// It is done when no probability would move by more than this.
const STILL: f32 = 0.01;
/// A text that moved nothing by more than this is left out of the next rounds.
const RESTS: f32 = 0.005;
const ROUNDS: usize = 20;
/// Classes whose margin lies so far below the best have no probability worth counting.
const FAR: f32 = 9.0;
/// A smaller step of a probability is not worth writing down.
const SMALLEST: f32 = 1e-4;

/// Learns the weights, by feature and class; the last row is the bias.
pub(super) fn train(lesson: Lesson<'_>) -> Vec<f32> {
    let mut rounds = Rounds::new(lesson.points.len());
    let mut ascent = Ascent {
        lesson,
        rows: vec![0.0; (lesson.features + 1) * lesson.classes],
        // With all weights 0, every point is wholly its own class.
        shares: lesson.labels.iter().map(|label| vec![(*label, 1.0)]).collect(),
        margins: vec![0.0; lesson.classes],
        before: vec![0.0; lesson.classes],
        near: Vec::new(),
    };
    for _ in 0..ROUNDS {
        if rounds.go(RESTS, |point| ascent.visit(point)) < STILL {
            break;
        }
    }
    ascent.rows
}

struct Ascent<'a> {
    lesson: Lesson<'a>,
    rows: Vec<f32>,
    /// For each point, the classes that have a share of it.
    shares: Vec<Vec<(u32, f32)>>,
    margins: Vec<f32>,
    /// The shares of the point that is visited, by class.
    before: Vec<f32>,
    /// The classes that may have a share of it.
    near: Vec<Near>,
}

/// A class that may have a share of a point.
struct Near {
    class: u32,
    /// `s + l·c·u₀`.
    pull: f32,
    share: f32,
}

impl Ascent<'_> {
    /// Moves the shares of one point to where they are best. Returns the largest move.
    fn visit(&mut self, number: usize) -> f32 {
        let Lesson { points, labels, classes, features, worth } = self.lesson;
        let point = &points[number];
        self.margins.copy_from_slice(&self.rows[features * classes..]);
        rows::add(&mut self.margins, &self.rows, &point.terms);
        for (class, share) in &self.shares[number] {
            self.before[*class as usize] = *share;
        }
        let cost = COST * worth[labels[number] as usize];
        let stiff = length(point) * cost;
        self.gather(stiff);
        settle(&mut self.near, stiff, &self.margins);
        let total: f32 = self.near.iter().map(|near| near.share).sum();
        let shares = &mut self.shares[number];
        let last: Vec<(u32, f32)> = std::mem::take(shares);
        let mut moved: Vec<(u32, f32)> = Vec::with_capacity(self.near.len());
        let mut largest = 0.0f32;
        for near in &self.near {
            let (share, before) = (near.share / total, self.before[near.class as usize]);
            let step = share - before;
            let kept = if step.abs() > SMALLEST { share } else { before };
            if step.abs() > SMALLEST {
                largest = largest.max(step.abs());
                moved.push((near.class, -step * cost));
            }
            if kept > SMALLEST / 100.0 {
                shares.push((near.class, kept));
            }
        }
        for (class, _) in last {
            self.before[class as usize] = 0.0;
        }
        if !moved.is_empty() {
            for (feature, value) in point.terms.iter().copied().chain([(features as u32, 1.0)]) {
                let row = &mut self.rows[feature as usize * classes..][..classes];
                for (class, step) in &moved {
                    row[*class as usize] += step * value;
                }
            }
        }
        largest
    }

    fn gather(&mut self, stiff: f32) {
        let top = self.margins.iter().copied().fold(f32::MIN, f32::max);
        let near = |(class, (margin, before)): (u32, (&f32, &f32))| {
            let counts = *before > 0.0 || *margin > top - FAR;
            counts.then_some(Near { class, pull: margin + stiff * before, share: 0.0 })
        };
        self.near.clear();
        self.near.extend((0u32..).zip(self.margins.iter().zip(&self.before)).filter_map(near));
    }
}

/// Finds the shares that add up to 1.
fn settle(near: &mut [Near], stiff: f32, margins: &[f32]) {
    const STEPS: usize = 12;
    const FIRST_STEPS: usize = 6;
    const NEXT_STEPS: usize = 2;
    let top = near.iter().map(|near| margins[near.class as usize]).fold(f32::MIN, f32::max);
    let sum: f32 = near.iter().map(|near| (margins[near.class as usize] - top).exp()).sum();
    let mut lambda = top + sum.ln();
    for round in 0..STEPS {
        let (mut sum, mut slope) = (0.0f32, 0.0f32);
        for near in near.iter_mut() {
            let goal = near.pull - lambda;
            let (begin, steps) = match round {
                0 if goal < 0.0 => (goal.exp() / (1.0 + stiff * goal.exp()), FIRST_STEPS),
                0 => ((goal / (stiff + 1.0)).clamp(1e-9, 1.0), FIRST_STEPS),
                _ => (near.share, NEXT_STEPS),
            };
            near.share = share(begin.max(1e-12), goal, stiff, steps);
            sum += near.share;
            slope += near.share / (1.0 + stiff * near.share);
        }
        if (sum - 1.0).abs() < SMALLEST {
            return;
        }
        lambda += (sum - 1.0) / slope;
    }
}

/// Solves `stiff·u + ln u = goal` by Newton's method on `ln u`.
fn share(begin: f32, goal: f32, stiff: f32, steps: usize) -> f32 {
    let mut share = begin;
    for _ in 0..steps {
        let step = ((stiff * share + share.ln() - goal) / (stiff * share + 1.0)).clamp(-3.0, 3.0);
        share *= (-step).exp();
        if step.abs() < SMALLEST {
            break;
        }
    }
    share
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_solves_its_equation() {
        for (goal, stiff) in [(-8.0, 60.0), (0.5, 60.0), (30.0, 60.0), (2.0, 1.0)] {
            let found = share(0.1, goal, stiff, 50);
            assert!((stiff * found + found.ln() - goal).abs() < 1e-3, "{goal} {stiff}: {found}");
        }
    }
}
