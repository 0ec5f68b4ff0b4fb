//! The learnt model: weights in eight bits, and the margins they give.

use super::calibration::Calibration;
use super::rows;
use super::space::{Point, Space};
use super::train::Weights;

/// What is kept of what was learnt, for reading texts.
#[derive(Debug, Default)]
pub(super) struct Model {
    pub(super) space: Space,
    pub(super) weights: Compact,
    pub(super) calibration: Calibration,
}

/// Weights of a model, ready to be read. One scale serves all of them.
#[derive(Debug, Default)]
pub(super) struct Compact {
    pub(super) classes: usize,
    /// By feature, then by class.
    pub(super) rows: Vec<i8>,
    pub(super) bias: Vec<f32>,
    pub(super) scale: f32,
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
        rows::add(margins, &self.rows, &point.terms);
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

/// How many things are seen of a text besides its class.
pub(super) const SIGNS: usize = 4;

/// What is seen of a text besides its class: what its being right is told from.
pub(super) type Signs = [f32; SIGNS];

/// How far its best class leads, by how much, and how much of it is known.
pub(super) fn signs(top: &Top, point: &Point) -> Signs {
    [1.0, top.margin, top.gap, point.known]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_best_and_its_rival() {
        assert_eq!(top(&[0.1, 0.9, 0.6]), Top { class: 1, margin: 0.9, rival: 2, gap: 0.9 - 0.6 });
        assert_eq!(top(&[0.4]).gap, 2.0, "one alone has no rival");
    }
}
