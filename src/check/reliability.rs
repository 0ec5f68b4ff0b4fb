//! Whether a confidence of 0.9 is right nine times in ten, on the examples that were held out.

use super::held_out::HeldOut;

/// Intents whose confidence lies within one tenth.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Tenth {
    /// How many.
    pub number: usize,
    /// The confidence that was said, on average: 0 to 1.
    pub said: f64,
    /// How many of them were right: 0 to 1.
    pub right: f64,
}

/// The examples of one area.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Area {
    /// The folder of its intents.
    pub name: String,
    /// Its examples.
    pub examples: usize,
    /// Those of which the strongest intent was their own.
    pub right: usize,
}

/// Confidence held against what was right.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Reliability {
    /// From 0–0.1 to 0.9–1, over every intent that stood in an example.
    pub tenths: [Tenth; 10],
    /// How far confidence lies from what was right, on average over those intents: 0 to 1.
    pub calibration_error: f64,
    /// In the order of their names.
    pub areas: Vec<Area>,
}

impl Reliability {
    /// Adds the trials up.
    #[must_use]
    pub fn of(held_out: &HeldOut<'_>) -> Self {
        let mut reliability = Self::default();
        for trial in &held_out.trials {
            for candidate in &trial.understood.intents {
                let place = (candidate.confidence * 10.0) as usize;
                let tenth = &mut reliability.tenths[place.min(9)];
                tenth.number += 1;
                tenth.said += f64::from(candidate.confidence);
                tenth.right += f64::from(u8::from(candidate.intent == *trial.intent));
            }
            reliability.count(trial.intent.area(), trial.strongest().is_some_and(|own| own.intent == *trial.intent));
        }
        let all = reliability.tenths.iter().map(|tenth| tenth.number).sum::<usize>().max(1) as f64;
        for tenth in &mut reliability.tenths {
            reliability.calibration_error += (tenth.said - tenth.right).abs() / all;
            let number = tenth.number.max(1) as f64;
            (tenth.said, tenth.right) = (tenth.said / number, tenth.right / number);
        }
        reliability
    }

    /// Trials come intent by intent, and so area by area.
    fn count(&mut self, area: &str, is_right: bool) {
        if self.areas.last().is_none_or(|last| last.name != area) {
            self.areas.push(Area { name: area.to_owned(), examples: 0, right: 0 });
        }
        if let Some(last) = self.areas.last_mut() {
            last.examples += 1;
            last.right += usize::from(is_right);
        }
    }
}
