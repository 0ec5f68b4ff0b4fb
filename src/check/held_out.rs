//! Cross-validation of a playbook within itself: each example is classified by a classifier that has not learnt it, with
//! the phrases, rules and vetoes that serve.

use std::sync::Mutex;
use std::sync::PoisonError;
use std::sync::atomic::{AtomicUsize, Ordering};

use rustc_hash::FxHashMap;

use crate::classify::{Classifier, CompileError, opening};
use crate::domain::{AnswerPolicy, At, Candidate, Classification, IntentId, Language, Message, MessageId};
use crate::playbook::Playbook;
use crate::playbook::intent::{Intent, Line};
use crate::text::Text;

/// Each part is held out once.
const FOLDS: usize = 5;

/// An example and what was made of it by a classifier that never saw it.
#[derive(Clone, Debug)]
pub struct Trial<'p> {
    /// Whose it is.
    pub intent: &'p IntentId,
    /// Under which language it stands.
    pub language: Language,
    /// The example.
    pub line: &'p Line,
    /// What was made of it.
    pub understood: Classification,
    fold: usize,
}

/// What came of an example.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Its own intent, and sure enough for the shop's threshold.
    Right,
    /// Its own intent, but not sure enough; or none at all.
    Unsure,
    /// Another intent.
    Wrong,
}

impl Trial<'_> {
    /// The intent that stands with the most confidence; among equals the example's own.
    #[must_use]
    pub fn strongest(&self) -> Option<&Candidate> {
        strongest(&self.understood, self.intent)
    }

    /// The other intent that it was taken for.
    #[must_use]
    pub fn taken_for(&self) -> Option<&Candidate> {
        self.strongest().filter(|candidate| candidate.intent != *self.intent)
    }

    /// What came of it under a threshold.
    #[must_use]
    pub fn verdict(&self, threshold: f32) -> Verdict {
        match self.strongest() {
            Some(candidate) if candidate.intent != *self.intent => Verdict::Wrong,
            Some(candidate) if candidate.confidence >= threshold => Verdict::Right,
            _ => Verdict::Unsure,
        }
    }
}

pub(super) fn strongest<'u>(understood: &'u Classification, own: &IntentId) -> Option<&'u Candidate> {
    let is_own = |candidate: &Candidate| candidate.intent == *own;
    understood.intents.iter().max_by(|a, b| a.confidence.total_cmp(&b.confidence).then(is_own(a).cmp(&is_own(b))))
}

/// Whether what was understood would be acted upon without a person or a question.
pub(super) fn is_acted_on(playbook: &Playbook, understood: &Classification) -> bool {
    let may = |candidate: &Candidate| match playbook.intents.get(&candidate.intent).map(|intent| intent.answer) {
        Some(AnswerPolicy::Always) => true,
        Some(AnswerPolicy::WhenSure) => candidate.confidence >= playbook.settings.answer_threshold,
        Some(AnswerPolicy::Never) | None => false,
    };
    !understood.unexplained && understood.intents.iter().all(|candidate| may(candidate) && candidate.rival.is_none())
}

/// Every example of a playbook, tried out.
#[derive(Debug)]
pub struct HeldOut<'p> {
    /// Whose examples they are.
    pub playbook: &'p Playbook,
    /// In the order of intents and lines.
    pub trials: Vec<Trial<'p>>,
    /// That which has not learnt a fold, by its number.
    classifiers: Vec<Classifier>,
}

impl<'p> HeldOut<'p> {
    /// How many examples there are to be tried out.
    #[must_use]
    pub fn size(playbook: &Playbook) -> usize {
        examples(playbook).count()
    }

    /// Tries every example out on a classifier that learnt without it, on all of the machine's cores. `classifier` is
    /// that of the playbook; `tell` hears of each example that is done. The same playbook gives the same trials.
    #[must_use]
    pub fn of(playbook: &'p Playbook, classifier: &Classifier, tell: &(dyn Fn() + Sync)) -> Self {
        let folds = folds(playbook, classifier);
        let fold_of = |line: &Line| folds.get(&*line.clauses).copied().unwrap_or_default();
        let done: Mutex<Vec<(usize, Classifier, Vec<Classification>)>> = Mutex::default();
        let next = AtomicUsize::new(0);
        let work = || {
            loop {
                let fold = next.fetch_add(1, Ordering::Relaxed);
                if fold >= FOLDS {
                    return;
                }
                let classifier = classifier.without_examples(playbook, &|line| fold_of(line) == fold);
                let held_out = examples(playbook).filter(|(.., line)| fold_of(line) == fold);
                let understood = held_out.map(|(.., line)| {
                    tell();
                    understand(&classifier, &line.text)
                });
                let understood = understood.collect();
                done.lock().unwrap_or_else(PoisonError::into_inner).push((fold, classifier, understood));
            }
        };
        let threads = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        std::thread::scope(|scope| {
            (1..threads.min(FOLDS)).for_each(|_| drop(scope.spawn(work)));
            work();
        });
        let mut done = done.into_inner().unwrap_or_else(PoisonError::into_inner);
        done.sort_by_key(|(fold, ..)| *fold);
        let mut classifiers = Vec::new();
        let mut understood: Vec<std::vec::IntoIter<Classification>> = Vec::new();
        for (_, classifier, own) in done {
            classifiers.push(classifier);
            understood.push(own.into_iter());
        }
        let trials = examples(playbook).filter_map(|(intent, language, line)| {
            let fold = fold_of(line);
            let understood = understood.get_mut(fold)?.next()?;
            Some(Trial { intent: &intent.id, language, line, understood, fold })
        });
        Self { playbook, trials: trials.collect(), classifiers }
    }

    /// What some of the trials, by their places, would come to if the playbook's phrases and vetoes were these.
    pub(super) fn again(&self, trials: &[usize], changed: &Playbook) -> Result<Vec<Classification>, CompileError> {
        let classifiers = self.classifiers.iter().map(|classifier| classifier.with_phrases_of(changed));
        let classifiers = classifiers.collect::<Result<Vec<_>, _>>()?;
        let one = |trial: &usize| {
            let trial = &self.trials[*trial];
            understand(&classifiers[trial.fold], &trial.line.text)
        };
        Ok(trials.iter().map(one).collect())
    }
}

/// Every example that says something, with its intent.
fn examples(playbook: &Playbook) -> impl Iterator<Item = (&Intent, Language, &Line)> {
    playbook.intents.values().flat_map(|intent| {
        let wordings =
            Language::ALL.into_iter().filter_map(move |language| Some((language, intent.wording.get(&language)?)));
        let lines = wordings.flat_map(|(language, wording)| wording.examples.iter().map(move |line| (language, line)));
        lines.filter(|(_, line)| !line.clauses.is_empty()).map(|(language, line)| (&**intent, language, line))
    })
}

/// In which fold each example is held out, by its clauses: an intent's are dealt out evenly, and those that the
/// classifier would know again as each other go together.
fn folds<'p>(playbook: &'p Playbook, classifier: &Classifier) -> FxHashMap<&'p [String], usize> {
    let mut by_core: FxHashMap<String, usize> = FxHashMap::default();
    let mut by_clauses = FxHashMap::default();
    let (mut intent, mut next) = (None, 0);
    for (own, _, line) in examples(playbook) {
        if intent.replace(&own.id) != Some(&own.id) {
            // Intents of one or two examples are not all tried out in the same fold.
            next += FOLDS / 2;
        }
        let fold = *by_core.entry(classifier.core_of(line)).or_insert_with(|| {
            next += 1;
            next % FOLDS
        });
        by_clauses.insert(&*line.clauses, fold);
    }
    by_clauses
}

pub(super) fn understand(classifier: &Classifier, text: &str) -> Classification {
    let message = Message::plain(MessageId::from("case"), text, At(0));
    let mut understood = classifier.classify(std::slice::from_ref(&message), &[Text::of(text)]);
    opening::hear(&mut understood);
    understood
}
