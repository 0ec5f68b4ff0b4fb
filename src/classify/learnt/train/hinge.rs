//! One class against the rest, squared hinge, by dual coordinate descent.
//!
//! After Hsieh et al., “A Dual Coordinate Descent Method for Large-scale Linear SVM” (ICML 2008), but with all classes at
//! once: a text's margins are sums of rows, so that one walk over the weights serves every class.

use super::{Lesson, Rounds, length, rows};

/// What an error costs against the length of the weights.
const COST: f32 = 1.0;
/// It is done when no dual would move by more than this.
const STILL: f32 = 0.05;
/// A text that moved nothing by more than this is left out of the next rounds.
const RESTS: f32 = 0.02;
const ROUNDS: usize = 40;
/// A smaller step of a dual is not worth writing down.
const SMALLEST: f32 = 1e-6;

/// Learns the weights, by feature and class; the last row is the bias.
pub(super) fn train(lesson: Lesson<'_>) -> Vec<f32> {
    let mut rounds = Rounds::new(lesson.points.len());
    let mut descent = Descent {
        lesson,
        rows: vec![0.0; (lesson.features + 1) * lesson.classes],
        duals: vec![0.0; lesson.points.len() * lesson.classes],
        margins: vec![0.0; lesson.classes],
        moved: Vec::new(),
    };
    for _ in 0..ROUNDS {
        if rounds.go(RESTS, |point| descent.visit(point)) < STILL {
            break;
        }
    }
    descent.rows
}

struct Descent<'a> {
    lesson: Lesson<'a>,
    rows: Vec<f32>,
    /// By point and class.
    duals: Vec<f32>,
    margins: Vec<f32>,
    moved: Vec<(usize, f32)>,
}

impl Descent<'_> {
    /// Moves the duals of one point to where they are best. Returns by how much the farthest was wrong.
    fn visit(&mut self, number: usize) -> f32 {
        let Lesson { points, labels, classes, features, worth } = self.lesson;
        let (point, own) = (&points[number], labels[number] as usize);
        self.margins.copy_from_slice(&self.rows[features * classes..]);
        rows::add(&mut self.margins, &self.rows, &point.terms);
        let length = length(point);
        let duals = &mut self.duals[number * classes..][..classes];
        let mut worst = 0.0f32;
        self.moved.clear();
        for (class, (dual, margin)) in duals.iter_mut().zip(&self.margins).enumerate() {
            let (sign, cost) = if own == class { (1.0, COST * worth[own]) } else { (-1.0, COST) };
            let gradient = sign * margin - 1.0 + *dual * (0.5 / cost);
            if *dual == 0.0 && gradient >= 0.0 {
                continue;
            }
            worst = worst.max(gradient.abs());
            let before = *dual;
            *dual = (before - gradient / (length + 0.5 / cost)).max(0.0);
            let step = (*dual - before) * sign;
            if step.abs() > SMALLEST {
                self.moved.push((class, step));
            }
        }
        if !self.moved.is_empty() {
            for (feature, value) in point.terms.iter().copied().chain([(features as u32, 1.0)]) {
                let row = &mut self.rows[feature as usize * classes..][..classes];
                for (class, step) in &self.moved {
                    row[*class] += step * value;
                }
            }
        }
        worst
    }
}
