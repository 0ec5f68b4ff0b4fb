//! Learning the weights: two ways of drawing the borders between classes, and the mean of both.
//!
//! The squared hinge (a class against the rest) is the better of the two with many examples a class and with few in all,
//! the softmax with few examples of many classes; softmax also tells strangers from friends more often. The weights of
//! each, brought to one scale, add up to one linear model that costs no more to read than either
//! (`xiaoer eval` measures it).

mod hinge;
mod softmax;

use super::rows;
use super::space::Point;

/// Weights by feature and class; the last row is the bias.
#[derive(Debug)]
pub(super) struct Weights {
    pub(super) classes: usize,
    pub(super) rows: Vec<f32>,
}

/// What is learnt from.
#[derive(Clone, Copy)]
struct Lesson<'a> {
    points: &'a [Point],
    /// The class of each point.
    labels: &'a [u32],
    classes: usize,
    features: usize,
    /// What an error in an example of each class costs, 1 on average: rare classes are worth as much as frequent ones.
    worth: &'a [f32],
}

/// Learns the weights of `classes` classes over `features` features. `labels` holds each point's class.
pub(super) fn train(points: &[Point], labels: &[u32], classes: usize, features: usize) -> Weights {
    let mut counts = vec![0.0f32; classes];
    for label in labels {
        counts[*label as usize] += 1.0;
    }
    let even = points.len() as f32 / classes.max(1) as f32;
    let worth: Vec<f32> = counts.iter().map(|count| even / count.max(1.0)).collect();
    let lesson = Lesson { points, labels, classes, features, worth: &worth };
    let mut mean = hinge::train(lesson);
    let other = softmax::train(lesson);
    let (a, b) = (spread(&mean, lesson), spread(&other, lesson));
    for (weight, other) in mean.iter_mut().zip(&other) {
        *weight = *weight / a + other / b;
    }
    Weights { classes, rows: mean }
}

/// How far the margins of the examples lie apart: the root of their mean variance over the classes.
fn spread(weights: &[f32], lesson: Lesson<'_>) -> f32 {
    let classes = lesson.classes;
    let mut margins = vec![0.0f32; classes];
    let mut sum = 0.0f64;
    for point in lesson.points {
        margins.fill(0.0);
        rows::add(&mut margins, weights, &point.terms);
        let mean = margins.iter().sum::<f32>() / classes as f32;
        sum += margins.iter().map(|margin| f64::from((margin - mean) * (margin - mean))).sum::<f64>() / classes as f64;
    }
    let spread = (sum / lesson.points.len().max(1) as f64).sqrt() as f32;
    if spread > 0.0 { spread } else { 1.0 }
}

/// Squared length of a point, with its bias.
fn length(point: &Point) -> f32 {
    point.terms.iter().map(|(_, value)| value * value).sum::<f32>() + 1.0
}

/// The order in which points are visited. Those that moved nothing rest for some rounds.
struct Rounds {
    order: Vec<u32>,
    /// For each point, how many rounds it still rests, and how many it rested last.
    rests: Vec<(u8, u8)>,
    dice: u64,
}

/// At most so many rounds are left out.
const RESTS_AT_MOST: u8 = 7;

impl Rounds {
    fn new(points: usize) -> Self {
        Self { order: (0..points as u32).collect(), rests: vec![(0, 0); points], dice: 0x5eed }
    }

    /// Visits every point that doesn't rest, in a new order that is the same on every machine. `visit` tells by how much
    /// it moved something; less than `still` lets the point rest. Returns the largest move.
    fn go(&mut self, still: f32, mut visit: impl FnMut(usize) -> f32) -> f32 {
        for place in 0..self.order.len() {
            self.dice = self.dice.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            let other = place + (self.dice >> 33) as usize % (self.order.len() - place);
            self.order.swap(place, other);
        }
        let mut largest = 0.0f32;
        for point in &self.order {
            let (left, last) = &mut self.rests[*point as usize];
            if *left > 0 {
                *left -= 1;
                continue;
            }
            let moved = visit(*point as usize);
            *last = if moved < still { (*last * 2 + 1).min(RESTS_AT_MOST) } else { 0 };
            *left = *last;
            largest = largest.max(moved);
        }
        largest
    }
}
