//! What a margin is worth: from what is seen of a text to how often such texts are right.

use super::model::{SIGNS, Signs};

/// A text whose class is known, and what the model saw of it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Case {
    pub(super) signs: Signs,
    pub(super) right: bool,
    /// How much it counts.
    pub(super) weight: f64,
}

/// A logistic regression from signs to being right.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Calibration {
    pub(super) weights: Signs,
}

const RIDGE: f64 = 0.1;
const STEPS: usize = 25;
const STILL: f64 = 1e-6;

impl Calibration {
    /// Learns from cases, by Newton's method with a little ridge; it converges in a few steps.
    pub(super) fn learn(cases: &[Case]) -> Self {
        let mut weights = [0.0f64; SIGNS];
        for _ in 0..STEPS {
            let mut gradient = weights.map(|w| -w * RIDGE);
            let mut curve = [[0.0f64; SIGNS]; SIGNS];
            for (i, row) in curve.iter_mut().enumerate() {
                row[i] = RIDGE;
            }
            for case in cases {
                let signs = case.signs.map(f64::from);
                let p = sigmoid(signs.iter().zip(&weights).map(|(a, b)| a * b).sum());
                let error = f64::from(u8::from(case.right)) - p;
                for i in 0..SIGNS {
                    gradient[i] += case.weight * error * signs[i];
                    for j in 0..SIGNS {
                        curve[i][j] += case.weight * p * (1.0 - p) * signs[i] * signs[j];
                    }
                }
            }
            let step = solve(curve, gradient);
            for (weight, step) in weights.iter_mut().zip(step) {
                *weight += step;
            }
            if step.iter().all(|step| step.abs() < STILL) {
                break;
            }
        }
        Self { weights: weights.map(|weight| weight as f32) }
    }

    /// 0 to 1.
    pub(super) fn confidence(&self, signs: &Signs) -> f32 {
        sigmoid(signs.iter().zip(&self.weights).map(|(a, b)| f64::from(a * b)).sum()) as f32
    }
}

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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn confidence_is_how_often_it_is_right() {
        // Right in 9 of 10 where the margin is 1, in 2 of 10 where it is -1.
        let mut cases = Vec::new();
        for n in 0..1_000 {
            cases.push(Case { signs: [1.0, 1.0, 0.0, 0.0], right: n % 10 < 9, weight: 1.0 });
            cases.push(Case { signs: [1.0, -1.0, 0.0, 0.0], right: n % 10 < 2, weight: 1.0 });
        }
        let learnt = Calibration::learn(&cases);
        assert!((learnt.confidence(&[1.0, 1.0, 0.0, 0.0]) - 0.9).abs() < 0.01);
        assert!((learnt.confidence(&[1.0, -1.0, 0.0, 0.0]) - 0.2).abs() < 0.01);
        assert_eq!(Calibration::learn(&[]).confidence(&[1.0; SIGNS]), 0.5, "nothing is known of nothing");
    }
}
