//! The learnt model: weights in eight bits, margins, and what a margin is worth.

use super::space::{Point, Space};
use super::train::Weights;

/// Weights of a model, ready to be read. One scale serves all of them.
#[derive(Debug)]
pub(super) struct Compact {
    classes: usize,
    /// By feature, then by class.
    rows: Vec<i8>,
    bias: Vec<f32>,
    scale: f32,
}

impl Compact {
    /// Rounds the weights to eight bits.
    pub(super) fn of(weights: &Weights) -> Self {
        let classes = weights.classes;
        let (rows, bias) = weights.rows.split_at(weights.rows.len() - classes);
        let largest = rows.iter().fold(0.0f32, |largest, weight| largest.max(weight.abs()));
        let scale = if largest > 0.0 { largest / 127.0 } else { 1.0 };
        Self {
            classes,
            rows: rows.iter().map(|weight| (weight / scale).round() as i8).collect(),
            bias: bias.to_vec(),
            scale,
        }
    }

    /// How far a point lies on the side of each class.
    pub(super) fn margins(&self, point: &Point, margins: &mut Vec<f32>) {
        margins.clear();
        margins.resize(self.classes, 0.0);
        for (feature, value) in &point.terms {
            let row = &self.rows[*feature as usize * self.classes..][..self.classes];
            for (margin, weight) in margins.iter_mut().zip(row) {
                *margin += f32::from(*weight) * value;
            }
        }
        for (margin, bias) in margins.iter_mut().zip(&self.bias) {
            *margin = *margin * self.scale + bias;
        }
    }

    pub(super) fn bytes(&self) -> usize {
        self.rows.len() + self.bias.len() * 4
    }
}

/// The best class and how it stands.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Top {
    pub(super) class: u32,
    pub(super) margin: f32,
    /// The second best.
    pub(super) rival: u32,
    pub(super) gap: f32,
}

/// The best two of some margins.
pub(super) fn top(margins: &[f32]) -> Top {
    let mut top = Top { class: 0, margin: f32::MIN, rival: 0, gap: 0.0 };
    let mut second = f32::MIN;
    for (class, margin) in (0u32..).zip(margins) {
        if *margin > top.margin {
            (second, top.rival) = (top.margin, top.class);
            (top.margin, top.class) = (*margin, class);
        } else if *margin > second {
            (second, top.rival) = (*margin, class);
        }
    }
    top.gap = if second > f32::MIN { top.margin - second } else { 2.0 };
    top
}

/// What is seen of a text besides its class: what its being right is told from.
pub(super) const SIGNS: usize = 4;

/// The signs of a text: how far its best class leads, by how much, and how much of it is known.
pub(super) fn signs(top: &Top, point: &Point) -> [f32; SIGNS] {
    [1.0, top.margin, top.gap, point.known]
}

/// From signs to how often such texts are right: a logistic regression.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Calibration {
    weights: [f32; SIGNS],
}

impl Calibration {
    /// Learns from cases: signs, and whether it was right. Newton's method with a little ridge; it converges in a few steps.
    pub(super) fn learn(cases: &[([f32; SIGNS], bool)]) -> Self {
        let mut weights = [0.0f64; SIGNS];
        for _ in 0..25 {
            let mut gradient = weights.map(|w| -w * RIDGE);
            let mut curve = [[0.0f64; SIGNS]; SIGNS];
            for (i, row) in curve.iter_mut().enumerate() {
                row[i] = RIDGE;
            }
            for (signs, right) in cases {
                let signs = signs.map(f64::from);
                let p = sigmoid(signs.iter().zip(&weights).map(|(a, b)| a * b).sum());
                let error = f64::from(u8::from(*right)) - p;
                for i in 0..SIGNS {
                    gradient[i] += error * signs[i];
                    for j in 0..SIGNS {
                        curve[i][j] += p * (1.0 - p) * signs[i] * signs[j];
                    }
                }
            }
            let step = solve(curve, gradient);
            for (weight, step) in weights.iter_mut().zip(step) {
                *weight += step;
            }
            if step.iter().all(|step| step.abs() < 1e-6) {
                break;
            }
        }
        Self { weights: weights.map(|weight| weight as f32) }
    }

    /// 0 to 1.
    pub(super) fn confidence(&self, signs: &[f32; SIGNS]) -> f32 {
        sigmoid(signs.iter().zip(&self.weights).map(|(a, b)| f64::from(a * b)).sum()) as f32
    }
}

const RIDGE: f64 = 0.1;

fn sigmoid(x: f64) -> f64 {
    1.0 / (1.0 + (-x).exp())
}

/// Gauss-Jordan with pivots.
fn solve(mut matrix: [[f64; SIGNS]; SIGNS], mut right: [f64; SIGNS]) -> [f64; SIGNS] {
    for column in 0..SIGNS {
        let best = (column..SIGNS).max_by(|a, b| matrix[*a][column].abs().total_cmp(&matrix[*b][column].abs()));
        let pivot = best.unwrap_or(column);
        matrix.swap(column, pivot);
        right.swap(column, pivot);
        let head = matrix[column][column];
        if head.abs() < 1e-12 {
            continue;
        }
        let (row, value) = (matrix[column], right[column]);
        for other in (0..SIGNS).filter(|other| *other != column) {
            let factor = matrix[other][column] / head;
            for (cell, above) in matrix[other].iter_mut().zip(row) {
                *cell -= factor * above;
            }
            right[other] -= factor * value;
        }
    }
    let mut solved = [0.0; SIGNS];
    for i in 0..SIGNS {
        solved[i] = if matrix[i][i].abs() < 1e-12 { 0.0 } else { right[i] / matrix[i][i] };
    }
    solved
}

/// What is kept of a space and its weights, for reading texts.
#[derive(Debug)]
pub(super) struct Model {
    pub(super) space: Space,
    pub(super) weights: Compact,
    pub(super) calibration: Calibration,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn confidence_is_how_often_it_is_right() {
        // Right in 9 of 10 where the margin is 1, in 2 of 10 where it is -1.
        let mut cases = Vec::new();
        for n in 0..1_000 {
            cases.push(([1.0, 1.0, 0.0, 0.0], n % 10 < 9));
            cases.push(([1.0, -1.0, 0.0, 0.0], n % 10 < 2));
        }
        let learnt = Calibration::learn(&cases);
        assert!((learnt.confidence(&[1.0, 1.0, 0.0, 0.0]) - 0.9).abs() < 0.01);
        assert!((learnt.confidence(&[1.0, -1.0, 0.0, 0.0]) - 0.2).abs() < 0.01);
        assert_eq!(Calibration::learn(&[]).confidence(&[1.0; SIGNS]), 0.5, "nothing is known of nothing");
    }

    #[test]
    fn the_best_and_its_rival() {
        assert_eq!(top(&[0.1, 0.9, 0.6]), Top { class: 1, margin: 0.9, rival: 2, gap: 0.9 - 0.6 });
        assert_eq!(top(&[0.4]).gap, 2.0, "one alone has no rival");
    }
}
