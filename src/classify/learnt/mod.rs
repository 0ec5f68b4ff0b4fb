//! The learnt classifier: sparse, linear, from examples; with a confidence that was calibrated on examples held out.
//!
//! Besides which class a text is, it says how often such a text is right, and how far it may be trusted to be of any of
//! them: that is learnt without a single example from outside, by holding out a fifth of the classes in turn and looking
//! at how their texts stand among the others.

mod features;
mod model;
mod space;
mod train;

use model::{Calibration, Compact, Model, SIGNS, Top, signs, top};
use space::{Point, Space};


/// A class, by its place in the list that was learnt.
pub type Class = u32;

/// An example: a text in its normal form, and its class.
#[derive(Clone, Copy, Debug)]
pub struct Example<'t> {
    /// In its normal form.
    pub text: &'t str,
    /// Which.
    pub class: Class,
}

/// What a text looks like to the model.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Guess {
    /// The likeliest class.
    pub class: Class,
    /// The next.
    pub rival: Class,
    /// How far the likeliest lies on its own side of its border: 1 is where an example lies.
    pub margin: f32,
    /// How far ahead of the next it is.
    pub gap: f32,
    /// The share of the text that stands in the examples, by idf.
    pub known: f32,
    /// 0 to 1: how often such a text is of this class, where texts of no class at all come too.
    pub confidence: f32,
}

/// A learnt classifier. Immutable.
#[derive(Debug)]
pub struct Learnt {
    model: Model,
}

/// Folds of the cross-validation.
const FOLDS: u32 = 5;

impl Learnt {
    /// Learns from examples. The same examples in the same order give the same classifier, whatever the machine.
    #[must_use]
    pub fn learn(examples: &[Example<'_>], classes: usize, threads: usize) -> Self {
        let cases: Vec<_> = (0..FOLDS).flat_map(|fold| held_out(examples, classes, fold, threads)).collect();
        let (space, weights) = fit(examples, classes, threads);
        Self { model: Model { space, weights, calibration: Calibration::learn(&cases) } }
    }

    /// What a text in its normal form looks like.
    #[must_use]
    pub fn guess(&self, normal: &str) -> Guess {
        let mut margins = Vec::new();
        let (top, point) = look(&self.model.space, &self.model.weights, normal, &mut margins);
        let confidence = self.model.calibration.confidence(&signs(&top, &point));
        let Top { class, rival, margin, gap } = top;
        Guess { class, rival, margin, gap, known: point.known, confidence }
    }

    /// Bytes that the weights take.
    #[must_use]
    pub fn bytes(&self) -> usize {
        self.model.weights.bytes() + self.model.space.bytes()
    }
}

fn look(space: &Space, weights: &Compact, normal: &str, margins: &mut Vec<f32>) -> (Top, Point) {
    let point = space.place(normal, &mut Vec::new());
    weights.margins(&point, margins);
    (top(margins), point)
}

fn fit(examples: &[Example<'_>], classes: usize, threads: usize) -> (Space, Compact) {
    let texts: Vec<&str> = examples.iter().map(|example| example.text).collect();
    let labels: Vec<Class> = examples.iter().map(|example| example.class).collect();
    let (space, points) = Space::learn(&texts);
    let weights = train::train(&points, &labels, classes, space.len(), threads);
    (space, Compact::of(&weights))
}

/// Learns without a fifth of the classes, and without a fifth of the examples of the others; looks at both. A text of a
/// class that was left out is never right.
fn held_out(examples: &[Example<'_>], classes: usize, fold: u32, threads: usize) -> Vec<([f32; SIGNS], bool)> {
    // Neighbours in the list are often of one area: a stride takes the classes that are left out from all of them.
    let is_out = |class: Class| classes >= FOLDS as usize && class % FOLDS == fold;
    let (mut learnt, mut looked) = (Vec::new(), Vec::new());
    let mut seen = vec![0u32; classes];
    for example in examples {
        let number = &mut seen[example.class as usize];
        *number += 1;
        if is_out(example.class) || *number % FOLDS == fold {
            looked.push(*example);
        } else {
            learnt.push(*example);
        }
    }
    if learnt.is_empty() {
        return Vec::new();
    }
    let (space, weights) = fit(&learnt, classes, threads);
    let mut margins = Vec::new();
    // As many texts from outside as from within would teach doubt that no customer deserves; a few suffice.
    let judge = |example: &Example<'_>| {
        let (top, point) = look(&space, &weights, example.text, &mut margins);
        (signs(&top, &point), top.class == example.class && !is_out(example.class))
    };
    looked.iter().map(judge).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const EXAMPLES: &[(&str, Class)] = &[
        ("where is my parcel", 0),
        ("track my parcel please", 0),
        ("parcel still not here", 0),
        ("has my parcel been sent", 0),
        ("parcel tracking number", 0),
        ("i want my money back", 1),
        ("refund my money", 1),
        ("give me a refund", 1),
        ("refund the order please", 1),
        ("money back now", 1),
        ("快递到哪了", 0),
        ("我的快递还没到", 0),
        ("查一下快递", 0),
        ("我要退款", 1),
        ("把钱退给我", 1),
        ("申请退款", 1),
    ];

    fn learnt(threads: usize) -> Learnt {
        let examples: Vec<_> = EXAMPLES.iter().map(|(text, class)| Example { text, class: *class }).collect();
        Learnt::learn(&examples, 2, threads)
    }

    #[test]
    fn what_was_never_seen_is_understood() {
        let learnt = learnt(1);
        for (text, class) in [("where's the parcel", 0), ("i need a refund", 1), ("快递呢", 0), ("能退款吗", 1)]
        {
            assert_eq!(learnt.guess(text).class, class, "{text}");
        }
        assert!(learnt.guess("refund my parcel").gap < learnt.guess("refund my money").gap);
        assert_eq!(learnt.guess("¡hola!").known, 0.0);
    }

    #[test]
    fn threads_change_nothing() {
        for (text, _) in EXAMPLES {
            assert_eq!(learnt(1).guess(text), learnt(3).guess(text));
        }
    }
}
