//! Which intents are mixed up, by which examples, and what to write so that they no longer are.

mod advice;
pub(crate) mod stretches;
mod twins;

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use super::held_out::{HeldOut, Verdict, is_acted_on};
use crate::classify::CompileError;
use crate::domain::{IntentId, Language};
use crate::playbook::intent::Line;

pub use advice::Advice;
pub use twins::Twins;

/// What is mixed up in a playbook.
#[derive(Clone, Debug)]
pub struct Confusions<'p> {
    /// The worst first.
    pub pairs: Vec<Pair<'p>>,
    /// Examples that stand under several intents.
    pub twins: Vec<Twins<'p>>,
    /// Over all examples.
    pub totals: Totals,
}

/// What came of the examples that were held out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Totals {
    /// All.
    pub examples: usize,
    /// Recognised, at or above the shop's threshold.
    pub right: usize,
    /// Taken for another intent.
    pub wrong: usize,
    /// Of the wrong, those that would have been acted upon at once: answered, and wrongly.
    pub answered: usize,
    /// Recognised below the threshold, or not at all: a person gets them.
    pub unsure: usize,
}

/// Two intents, one of which is taken for the other.
#[derive(Clone, Debug)]
pub struct Pair<'p> {
    /// What was meant.
    pub intent: &'p IntentId,
    /// What was understood.
    pub taken_for: &'p IntentId,
    /// The examples, those that would have been answered first, the surest first.
    pub mistaken: Vec<Mistaken<'p>>,
}

impl Pair<'_> {
    /// How many would have been answered, and wrongly.
    #[must_use]
    pub fn answered(&self) -> usize {
        self.mistaken.iter().filter(|one| one.is_answered).count()
    }
}

/// An example that was taken for another intent.
#[derive(Clone, Debug)]
pub struct Mistaken<'p> {
    /// The example.
    pub line: &'p Line,
    /// Under which language it stands.
    pub language: Language,
    /// How sure the other intent was: 0 to 1.
    pub confidence: f32,
    /// It would have been answered at once.
    pub is_answered: bool,
    /// What to do about it.
    pub advice: Advice<'p>,
}

impl<'p> Confusions<'p> {
    /// Finds what is mixed up, and tries advice out until the examples come right under it.
    ///
    /// # Errors
    /// [`CompileError`]: with the advice, there are more phrases than an automaton holds.
    pub fn of(held_out: &HeldOut<'p>) -> Result<Self, CompileError> {
        let playbook = held_out.playbook;
        let threshold = playbook.settings.answer_threshold;
        let mut totals = Totals { examples: held_out.trials.len(), ..Totals::default() };
        let mut wrong = Vec::new();
        for (place, trial) in held_out.trials.iter().enumerate() {
            match trial.verdict(threshold) {
                Verdict::Right => totals.right += 1,
                Verdict::Unsure => totals.unsure += 1,
                Verdict::Wrong => wrong.push(place),
            }
        }
        let advice = advice::advise(held_out, &wrong)?;
        let mut pairs: BTreeMap<(&'p IntentId, &'p IntentId), Vec<Mistaken<'p>>> = BTreeMap::new();
        for (place, advice) in wrong.into_iter().zip(advice) {
            let trial = &held_out.trials[place];
            let Some(other) = trial.taken_for() else { continue };
            let Some((taken_for, _)) = playbook.intents.get_key_value(&other.intent) else { continue };
            let is_answered = is_acted_on(playbook, &trial.understood);
            totals.wrong += 1;
            totals.answered += usize::from(is_answered);
            let (line, language, confidence) = (trial.line, trial.language, other.confidence);
            let mistaken = Mistaken { line, language, confidence, is_answered, advice };
            pairs.entry((trial.intent, taken_for)).or_default().push(mistaken);
        }
        let mut pairs: Vec<Pair<'p>> = pairs
            .into_iter()
            .map(|((intent, taken_for), mut mistaken)| {
                mistaken.sort_by(|a, b| {
                    b.is_answered.cmp(&a.is_answered).then_with(|| b.confidence.total_cmp(&a.confidence))
                });
                Pair { intent, taken_for, mistaken }
            })
            .collect();
        pairs.sort_by_key(|pair| std::cmp::Reverse((pair.answered(), pair.mistaken.len())));
        Ok(Self { pairs, twins: twins::find(playbook), totals })
    }
}
