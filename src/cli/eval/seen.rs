//! What was made of messages whose meaning is known, and the figures that come of it.

use crate::classify::learnt::{Class, Guess};

/// A message, what it is, and what it was taken for.
pub(super) struct Judged {
    pub(super) label: Option<Class>,
    pub(super) guess: Guess,
}

impl Judged {
    pub(super) fn is_right(&self) -> bool {
        self.label == Some(self.guess.class)
    }
}

/// Messages within the labels, and outside of all.
pub(super) struct Seen {
    pub(super) inside: Vec<Judged>,
    pub(super) outside: Vec<Judged>,
}

impl Seen {
    pub(super) fn accuracy(&self) -> f64 {
        self.inside.iter().filter(|judged| judged.is_right()).count() as f64 / self.inside.len().max(1) as f64
    }

    pub(super) fn accepted_and_right(&self, threshold: f32) -> f64 {
        self.inside.iter().filter(|judged| judged.is_right() && judged.guess.confidence >= threshold).count() as f64
    }

    pub(super) fn rejected(&self, threshold: f32) -> f64 {
        self.outside.iter().filter(|judged| judged.guess.confidence < threshold).count() as f64
    }

    pub(super) fn oos_recall(&self, threshold: f32) -> f64 {
        self.rejected(threshold) / self.outside.len().max(1) as f64
    }

    pub(super) fn oos_precision(&self, threshold: f32) -> f64 {
        let wrongly = self.inside.iter().filter(|judged| judged.guess.confidence < threshold).count() as f64;
        let rejected = self.rejected(threshold);
        if rejected + wrongly == 0.0 { 0.0 } else { rejected / (rejected + wrongly) }
    }

    pub(super) fn joint(&self, threshold: f32) -> f64 {
        let all = (self.inside.len() + self.outside.len()).max(1) as f64;
        (self.accepted_and_right(threshold) + self.rejected(threshold)) / all
    }

    /// How often a message from within is surer than one from outside.
    pub(super) fn auroc(&self) -> f64 {
        let inside = self.inside.iter().map(|judged| (judged.guess.confidence, true));
        let mut all: Vec<(f32, bool)> =
            inside.chain(self.outside.iter().map(|judged| (judged.guess.confidence, false))).collect();
        all.sort_by(|a, b| a.0.total_cmp(&b.0));
        let (mut below, mut won) = (0.0, 0.0);
        for ties in all.chunk_by(|a, b| a.0 == b.0) {
            let within = ties.iter().filter(|(_, within)| *within).count() as f64;
            let outside = ties.len() as f64 - within;
            won += within * (below + outside / 2.0);
            below += outside;
        }
        won / (self.inside.len() as f64 * self.outside.len() as f64).max(1.0)
    }

    pub(super) fn macro_f1(&self, classes: usize) -> f64 {
        let of = |class: Class| {
            let is = |judged: &&Judged| judged.label == Some(class);
            let said = self.inside.iter().filter(|judged| judged.guess.class == class).count() as f64;
            let there = self.inside.iter().filter(is).count() as f64;
            let right = self.inside.iter().filter(is).filter(|judged| judged.is_right()).count() as f64;
            (there > 0.0).then(|| 2.0 * right / (said + there))
        };
        let all: Vec<f64> = (0..classes as Class).filter_map(of).collect();
        all.iter().sum::<f64>() / all.len().max(1) as f64
    }

    /// Expected calibration error over ten bins of confidence: how far it is from how often it is right, on average.
    pub(super) fn calibration_error(&self) -> f64 {
        let mut bins = [(0.0, 0.0, 0.0); 10];
        for judged in self.inside.iter().chain(&self.outside) {
            let bin = &mut bins[((judged.guess.confidence * 10.0) as usize).min(9)];
            bin.0 += f64::from(judged.guess.confidence);
            bin.1 += f64::from(u8::from(judged.is_right()));
            bin.2 += 1.0;
        }
        let all = (self.inside.len() + self.outside.len()).max(1) as f64;
        bins.iter().map(|(said, right, _)| (said - right).abs()).sum::<f64>() / all
    }
}

/// Where nobody shows messages to choose a threshold from: confidence is how often such a message is right, so that from one
/// half on it is rather right than not.
pub(super) const RATHER_RIGHT: f32 = 0.5;

/// The threshold at which the most of the messages are treated rightly: understood within, rejected outside. Where more come
/// from outside than from within, those from outside count less: as much as the others, all together.
pub(super) fn best_threshold(seen: &Seen) -> f32 {
    let sorted = |confidences: &mut dyn Iterator<Item = f32>| {
        let mut confidences: Vec<f32> = confidences.collect();
        confidences.sort_by(f32::total_cmp);
        confidences
    };
    let right =
        sorted(&mut seen.inside.iter().filter(|judged| judged.is_right()).map(|judged| judged.guess.confidence));
    let outside = sorted(&mut seen.outside.iter().map(|judged| judged.guess.confidence));
    let below = |sorted: &[f32], threshold: f32| sorted.partition_point(|confidence| *confidence < threshold);
    let weight = if outside.is_empty() { 0.0 } else { (seen.inside.len() as f64 / outside.len() as f64).min(1.0) };
    let rightly =
        |threshold: f32| (right.len() - below(&right, threshold)) as f64 + weight * below(&outside, threshold) as f64;
    let all = seen.inside.iter().chain(&seen.outside).map(|judged| judged.guess.confidence);
    all.max_by(|a, b| rightly(*a).total_cmp(&rightly(*b))).unwrap_or(RATHER_RIGHT)
}

/// The threshold that 95 of 100 of these messages reach.
pub(super) fn reached_by_most(inside: &[Judged]) -> f32 {
    let mut confidences: Vec<f32> = inside.iter().map(|judged| judged.guess.confidence).collect();
    confidences.sort_by(f32::total_cmp);
    confidences.get(confidences.len() / 20).copied().unwrap_or(RATHER_RIGHT)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn judged(label: Option<Class>, class: Class, confidence: f32) -> Judged {
        Judged { label, guess: Guess { class, rival: 0, margin: 0.0, gap: 0.0, known: 1.0, confidence } }
    }

    fn inside(right: &[f32], wrong: &[f32]) -> Vec<Judged> {
        let right = right.iter().map(|confidence| judged(Some(1), 1, *confidence));
        right.chain(wrong.iter().map(|confidence| judged(Some(1), 0, *confidence))).collect()
    }

    fn outside(confidences: &[f32]) -> Vec<Judged> {
        confidences.iter().map(|confidence| judged(None, 0, *confidence)).collect()
    }

    #[test]
    fn the_threshold_where_the_most_is_treated_rightly() {
        // At 0.6: four of five that are right stay, three of four from outside go. No other keeps seven.
        let seen =
            Seen { inside: inside(&[0.9, 0.8, 0.7, 0.6, 0.2], &[0.3]), outside: outside(&[0.1, 0.3, 0.4, 0.75]) };
        assert_eq!(best_threshold(&seen), 0.6);
        let plain = |threshold: f32| seen.accepted_and_right(threshold) + seen.rejected(threshold);
        assert_eq!(plain(0.6), 7.0);
        assert!([0.1, 0.2, 0.3, 0.4, 0.7, 0.75, 0.8, 0.9].iter().all(|other| plain(*other) < 7.0));
        assert_eq!(best_threshold(&Seen { inside: Vec::new(), outside: Vec::new() }), RATHER_RIGHT);
    }

    #[test]
    fn ninety_five_of_a_hundred_reach_it() {
        let hundred: Vec<f32> = (0..100).rev().map(|n| n as f32 / 100.0).collect();
        assert_eq!(reached_by_most(&inside(&hundred, &[])), 0.05);
        assert_eq!(reached_by_most(&inside(&[0.4], &[])), 0.4);
        assert_eq!(reached_by_most(&[]), RATHER_RIGHT);
    }

    #[test]
    fn at_a_threshold() {
        let seen = Seen { inside: inside(&[0.9, 0.4], &[0.8, 0.3]), outside: outside(&[0.2, 0.6]) };
        assert_eq!(seen.accuracy(), 0.5);
        assert_eq!(seen.accepted_and_right(0.5), 1.0);
        assert_eq!((seen.oos_recall(0.5), seen.oos_precision(0.5)), (0.5, 1.0 / 3.0));
        assert_eq!(seen.joint(0.5), 2.0 / 6.0);
        assert_eq!(seen.oos_precision(0.1), 0.0, "nothing is rejected");
        assert_eq!(seen.rejected(0.6), 1.0, "what reaches the threshold is accepted");
    }

    #[test]
    fn how_often_one_from_within_is_surer() {
        let auroc =
            |within: &[f32], without: &[f32]| Seen { inside: inside(within, &[]), outside: outside(without) }.auroc();
        assert_eq!(auroc(&[0.9, 0.8], &[0.1, 0.2]), 1.0);
        assert_eq!(auroc(&[0.1], &[0.2, 0.9]), 0.0);
        assert_eq!(auroc(&[0.5, 0.5], &[0.5]), 0.5, "a tie is half");
        // Pairs: 0.9 beats both, 0.4 beats one and ties with none: 3 of 4.
        assert_eq!(auroc(&[0.9, 0.4], &[0.3, 0.6]), 0.75);
    }

    #[test]
    fn how_far_confidence_is_from_being_right() {
        // Of two at 0.75 one is right: off by 0.25. One at 0.25 is right: off by 0.75. One from outside at 1: off by 1.
        let seen = Seen { inside: inside(&[0.75, 0.25], &[0.75]), outside: outside(&[1.0]) };
        assert!((seen.calibration_error() - (2.0 * 0.25 + 0.75 + 1.0) / 4.0).abs() < 1e-9);
    }

    #[test]
    fn every_label_counts_the_same() {
        // Class 1: 3 right of 3, but a class 0 is taken for it: F1 6/7. Class 0: none right. Class 2 is not there.
        let mut seen = Seen { inside: inside(&[0.9, 0.9, 0.9], &[]), outside: Vec::new() };
        seen.inside.push(judged(Some(0), 1, 0.9));
        assert!((seen.macro_f1(3) - (6.0 / 7.0) / 2.0).abs() < 1e-9);
    }
}
