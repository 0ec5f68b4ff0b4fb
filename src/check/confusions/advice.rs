//! What to write so that an example comes right: found among the words of the messages, and tried out before it is given.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::stretches::{self, Index, Stretch};
use crate::check::held_out::{HeldOut, Trial, strongest};
use crate::classify::CompileError;
use crate::domain::{Classification, IntentId, Language, LostWhy};
use crate::playbook::Playbook;
use crate::playbook::diagnostic::Place;
use crate::playbook::intent::{Intents, Line};

/// What to do about an example that is taken for another intent.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Advice<'p> {
    /// A phrase for the intent that is meant.
    Phrase {
        /// Which.
        intent: &'p IntentId,
        /// Under which language.
        language: Language,
        /// In normal form.
        text: String,
        /// In so many of the intent's messages it stands, and in none of another.
        messages: usize,
    },
    /// A veto for the intent that it is taken for.
    Unless {
        /// Which.
        intent: &'p IntentId,
        /// Under which language.
        language: Language,
        /// In normal form.
        text: String,
        /// In so many messages of the intent that is meant it stands, and in none of the other.
        messages: usize,
    },
    /// A veto of the intent that is meant is in the way.
    Loosen {
        /// Which.
        intent: &'p IntentId,
        /// The veto, as its writer wrote it.
        unless: String,
    },
    /// No stretch tells the intents apart: reword the example, or merge them.
    Nothing,
}

/// What stands in one message alone says nothing about others.
const MESSAGES_AT_LEAST: usize = 2;
/// So many phrases, and so many vetoes, are tried out for an example.
const TRIED: usize = 5;

/// Advice for each of some trials, by their places: all of it together mends each example that it is given for.
pub(super) fn advise<'p>(held_out: &HeldOut<'p>, wrong: &[usize]) -> Result<Vec<Advice<'p>>, CompileError> {
    let trials: Vec<&Trial<'p>> = wrong.iter().map(|place| &held_out.trials[*place]).collect();
    let stretches: Vec<Vec<Stretch>> = trials.iter().map(|trial| stretches::of(&trial.line.clauses)).collect();
    let wanted = stretches.iter().flatten().filter(|stretch| stretch.is_a_phrase() || stretch.is_a_veto());
    let index = Index::of(held_out.playbook, wanted.map(|stretch| stretch.text.clone()));
    let mut open: Vec<Open<'p>> = Vec::new();
    for (number, (trial, stretches)) in trials.iter().zip(&stretches).enumerate() {
        let Some(other) = trial.taken_for() else { continue };
        let Some((other, _)) = held_out.playbook.intents.get_key_value(&other.intent) else { continue };
        let mut candidates = phrases(trial, stretches, &index);
        candidates.extend(vetoes(trial, other, stretches, &index));
        open.push(Open { number, place: wrong[number], candidates: candidates.into_iter() });
    }
    let mut given = vec![Advice::Nothing; wrong.len()];
    try_out(held_out, open, &mut given)?;
    withdraw(held_out, wrong, &mut given)?;
    for (advice, trial) in given.iter_mut().zip(&trials).filter(|(advice, _)| **advice == Advice::Nothing) {
        let vetoed = trial.understood.lost.iter().find_map(|lost| match &lost.why {
            LostWhy::Unless(line) if lost.intent == *trial.intent => Some(line.clone()),
            _ => None,
        });
        if let Some(unless) = vetoed {
            *advice = Advice::Loosen { intent: trial.intent, unless };
        }
    }
    Ok(given)
}

/// An example for which nothing helped so far.
struct Open<'p> {
    /// Its place among the wrong ones.
    number: usize,
    /// Its place among the trials.
    place: usize,
    candidates: std::vec::IntoIter<Advice<'p>>,
}

/// The shortest first, one of each length.
fn phrases<'p>(trial: &Trial<'p>, stretches: &[Stretch], index: &Index<'p>) -> Vec<Advice<'p>> {
    let mut best: BTreeMap<usize, (usize, &Stretch)> = BTreeMap::new();
    for stretch in stretches.iter().filter(|stretch| stretch.is_a_phrase()) {
        let Some(messages) = index.only_of(&stretch.text, trial.intent) else { continue };
        let cost = stretch.cost(index);
        let other = best.get(&cost).map_or(0, |(messages, _)| *messages);
        if messages >= MESSAGES_AT_LEAST && messages > other {
            best.insert(cost, (messages, stretch));
        }
    }
    let advice = |(messages, stretch): (usize, &Stretch)| Advice::Phrase {
        intent: trial.intent,
        language: trial.language,
        text: stretch.text.clone(),
        messages,
    };
    best.into_values().take(TRIED).map(advice).collect()
}

/// What stands in the most messages first, the shortest of them; nothing that cuts words in two.
fn vetoes<'p>(trial: &Trial<'p>, other: &'p IntentId, all: &[Stretch], index: &Index<'p>) -> Vec<Advice<'p>> {
    let whole = all.iter().filter(|stretch| stretch.is_a_veto() && index.cuts(&stretch.text) == 0);
    let apart = |stretch: &Stretch| index.apart(&stretch.text, trial.intent, other);
    let found = whole.filter_map(|stretch| Some((apart(stretch)?, stretch)));
    let mut found: Vec<(usize, &Stretch)> = found.filter(|(messages, _)| *messages >= MESSAGES_AT_LEAST).collect();
    found.sort_by_key(|(messages, stretch)| (std::cmp::Reverse(*messages), stretch.cost(index)));
    let advice = |(messages, stretch): (usize, &Stretch)| Advice::Unless {
        intent: other,
        language: trial.language,
        text: stretch.text.clone(),
        messages,
    };
    found.into_iter().take(TRIED).map(advice).collect()
}

/// Tries the next piece of advice for every open example at once, until none is left to try.
fn try_out<'p>(held_out: &HeldOut<'p>, mut open: Vec<Open<'p>>, given: &mut [Advice<'p>]) -> Result<(), CompileError> {
    loop {
        let mut tried: Vec<(Open<'p>, Advice<'p>)> = Vec::new();
        for mut example in open {
            if let Some(next) = example.candidates.next() {
                tried.push((example, next));
            }
        }
        if tried.is_empty() {
            return Ok(());
        }
        let places: Vec<usize> = tried.iter().map(|(example, _)| example.place).collect();
        let proposed: Vec<Advice<'p>> = tried.iter().map(|(_, advice)| advice.clone()).collect();
        let in_force = || given.iter().chain(&proposed);
        let understood = held_out.again(&places, &followed(held_out.playbook, in_force()))?;
        let mut mended = Vec::new();
        open = Vec::new();
        for ((example, advice), understood) in tried.into_iter().zip(understood) {
            let trial = &held_out.trials[example.place];
            if is_mended(trial, &understood) {
                let works = in_force().find(|other| is_at_work(other, trial, &understood)).unwrap_or(&advice).clone();
                mended.push((example.number, works));
            } else {
                open.push(example);
            }
        }
        for (number, advice) in mended {
            given[number] = advice;
        }
    }
}

/// Takes back what doesn't hold without the advice that was tried in vain beside it.
fn withdraw(held_out: &HeldOut<'_>, wrong: &[usize], given: &mut [Advice<'_>]) -> Result<(), CompileError> {
    loop {
        let changed = followed(held_out.playbook, given.iter());
        let understood = held_out.again(wrong, &changed)?;
        let mut is_still = true;
        for ((place, advice), understood) in wrong.iter().zip(given.iter_mut()).zip(&understood) {
            if *advice != Advice::Nothing && !is_mended(&held_out.trials[*place], understood) {
                *advice = Advice::Nothing;
                is_still = false;
            }
        }
        if is_still {
            return Ok(());
        }
    }
}

/// Its own intent is the strongest, or none stands and a person gets it.
fn is_mended(trial: &Trial<'_>, understood: &Classification) -> bool {
    strongest(understood, trial.intent).is_none_or(|candidate| candidate.intent == *trial.intent)
}

/// Whether a piece of advice is seen at work in what was understood.
fn is_at_work(advice: &Advice<'_>, trial: &Trial<'_>, understood: &Classification) -> bool {
    match advice {
        Advice::Phrase { intent, text, .. } => {
            *intent == trial.intent
                && understood
                    .intents
                    .iter()
                    .filter(|candidate| candidate.intent == **intent)
                    .any(|candidate| candidate.evidence.iter().any(|evidence| evidence.line == *text))
        }
        Advice::Unless { intent, text, .. } => {
            trial.taken_for().is_some_and(|other| other.intent == **intent)
                && understood
                    .lost
                    .iter()
                    .any(|lost| lost.intent == **intent && matches!(&lost.why, LostWhy::Unless(line) if line == text))
        }
        Advice::Loosen { .. } | Advice::Nothing => false,
    }
}

/// The playbook as it would be if the advice were followed.
fn followed<'a, 'p: 'a>(playbook: &Playbook, advice: impl Iterator<Item = &'a Advice<'p>>) -> Playbook {
    let mut intents: Intents = (*playbook.intents).clone();
    for advice in advice {
        let (id, language, text) = match advice {
            Advice::Phrase { intent, language, text, .. } | Advice::Unless { intent, language, text, .. } => {
                (*intent, *language, text)
            }
            Advice::Loosen { .. } | Advice::Nothing => continue,
        };
        let Some(intent) = intents.get_mut(id) else { continue };
        let wording = Arc::make_mut(intent).wording.entry(language).or_default();
        let list = if matches!(advice, Advice::Phrase { .. }) { &mut wording.phrases } else { &mut wording.unless };
        if list.iter().all(|line| line.text != *text) {
            let clauses = Box::from([text.clone()]);
            list.push(Line { text: text.clone(), place: Place::default(), level: u8::MAX, clauses });
        }
    }
    let mut changed = playbook.clone();
    changed.intents = Arc::new(intents);
    changed
}
