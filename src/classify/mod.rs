//! Understanding a turn: phrases and rules in one automaton, examples, the lexicon, slots, the form of the message; then
//! weighing what they say against each other. Knows nothing of stores, networks or clocks.

use std::fmt;
use std::sync::{Arc, LazyLock};

use rustc_hash::FxHashSet;
use smallvec::SmallVec;
use thiserror::Error;

use crate::domain::{
    Alarm, Candidate, Classification, Evidence, EvidenceKind, IntentId, Lost, LostWhy, Message, Span, talk,
};
use crate::playbook::Playbook;
use crate::playbook::intent::Line;
use crate::playbook::shelf::Shelf;
use crate::text::Text;

mod automaton;
mod evidence;
mod examples;
mod form;
pub mod lexicon;
mod link;
mod mend;
pub mod near;
pub mod opening;
mod opinion;
mod phrases;
mod reading;
pub mod slots;
mod together;
mod vocabulary;
mod weigh;
mod word_lists;

pub use together::{MOST_WORDS, lacks_an_alternative, together_words};
pub use word_lists::{asks_back, asks_for_order};

use examples::Examples;
use mend::Mender;
use phrases::Phrases;
use reading::Reading;
use slots::Slots;
use vocabulary::Vocabulary;
use weigh::Scales;
use word_lists::{Fillers, Leaning};

/// Why a playbook can't be compiled.
#[derive(Debug, Error)]
pub enum CompileError {
    /// The automaton would be too large.
    #[error("the phrases are too many for one automaton: {0}")]
    Automaton(#[from] aho_corasick::BuildError),
    /// A pattern of an order number or a tracking number is no regular expression.
    #[error(transparent)]
    Pattern(#[from] slots::BadPattern),
}

/// A playbook, compiled for reading messages. Immutable; what shops have in common is compiled once and shared, so that
/// a copy is cheap.
#[derive(Clone)]
pub struct Classifier {
    wording: Arc<Compiled>,
    slots: Arc<Slots>,
    vocabulary: Arc<Vocabulary>,
    gap: f32,
}

/// What comes of the intents alone.
#[derive(Clone, Debug)]
struct Compiled {
    phrases: Arc<Phrases>,
    fillers: Arc<Fillers>,
    leaning: Arc<Leaning>,
    examples: Arc<Examples>,
    /// The Latin words of the phrases, which are no slips of a name.
    latin: Arc<FxHashSet<String>>,
    mender: Arc<Mender>,
}

static COMPILED: LazyLock<Shelf<Compiled>> = LazyLock::new(Shelf::default);
static SLOTS: LazyLock<Shelf<Slots>> = LazyLock::new(Shelf::default);
/// Of shops without products.
static VOCABULARIES: LazyLock<Shelf<Vocabulary>> = LazyLock::new(Shelf::default);

impl fmt::Debug for Classifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Classifier").field("intents", &self.wording.phrases.intents.len()).finish_non_exhaustive()
    }
}

impl Classifier {
    /// Compiles a playbook.
    ///
    /// # Errors
    /// [`CompileError`]: a pattern that is none, or more phrases than an automaton holds.
    pub fn compile(playbook: &Playbook) -> Result<Self, CompileError> {
        let settings = &playbook.settings;
        let key = format!("{}\n{}", playbook.digest().as_str(), settings.risk_words.join("\n"));
        let wording = COMPILED.get(&key, || Compiled::of(playbook))?;
        let vocabulary = if playbook.products.is_empty() {
            VOCABULARIES.of("", || Vocabulary::of(playbook))
        } else {
            Arc::new(Vocabulary::of(playbook))
        };
        let numbers = &settings.order_numbers;
        let slots = SLOTS.get(&numbers.join("\n"), || Slots::compile(numbers, vocabulary.tracking_patterns()))?;
        Ok(Self { wording, slots, vocabulary, gap: settings.ambiguous_gap })
    }

    /// The classifier of a playbook that differs from this one's in its words alone.
    ///
    /// # Errors
    /// [`CompileError`]: more phrases than an automaton holds.
    pub fn for_words_of(&self, playbook: &Playbook) -> Result<Self, CompileError> {
        let key = format!("{}\n{}", playbook.digest().as_str(), playbook.settings.risk_words.join("\n"));
        Ok(Self { wording: COMPILED.get(&key, || Compiled::of(playbook))?, ..self.clone() })
    }

    /// The classifier that has not learnt these examples of its playbook and doesn't know them again: they can be tried
    /// out on it. How often a margin is right it has from this one.
    #[must_use]
    pub fn without_examples(&self, playbook: &Playbook, is_left_out: &dyn Fn(&Line) -> bool) -> Self {
        let examples = Arc::new(self.wording.examples.learn_without(playbook, is_left_out));
        Self { wording: Arc::new(Compiled { examples, ..(*self.wording).clone() }), ..self.clone() }
    }

    /// The classifier with the phrases, rules and vetoes of a playbook that has the same intents; what was learnt from
    /// examples stays.
    ///
    /// # Errors
    /// [`CompileError`]: more phrases than an automaton holds.
    pub fn with_phrases_of(&self, playbook: &Playbook) -> Result<Self, CompileError> {
        let phrases = Arc::new(Phrases::compile(playbook)?);
        Ok(Self { wording: Arc::new(Compiled { phrases, ..(*self.wording).clone() }), ..self.clone() })
    }

    /// What a line says without the fillers around it. A message and an example that have it in common are one and the
    /// same to the classifier.
    #[must_use]
    pub fn core_of(&self, line: &Line) -> String {
        examples::form(&self.wording.fillers, line.clauses.iter().map(String::as_str))
    }

    /// Understands the messages of a turn.
    #[must_use]
    pub fn classify(&self, messages: &[Message], texts: &[Text<'_>]) -> Classification {
        let mut reading = Reading::default();
        let mended: SmallVec<[Option<Text<'_>>; 2]> =
            texts.iter().enumerate().map(|(number, text)| self.mend(number, text, &mut reading)).collect();
        let read: SmallVec<[&Text<'_>; 2]> =
            texts.iter().zip(&mended).map(|(text, mended)| mended.as_ref().unwrap_or(text)).collect();
        for (number, (message, text)) in messages.iter().zip(texts).enumerate() {
            self.read_message(number, message, text, read[number], &mut reading);
        }
        let language = read.iter().rev().find_map(|text| text.language());
        let pieces = std::mem::take(&mut reading.pieces);
        let weighed =
            Scales { phrases: &self.wording.phrases, texts: &read, gap: self.gap }.weigh(pieces, &reading.vetoed);
        let mut understood = Classification {
            language,
            intents: weighed.intents,
            lost: weighed.lost,
            slots: std::mem::take(&mut reading.slots),
            mentions: std::mem::take(&mut reading.mentions),
            unexplained: false,
            alarm: reading.alarm,
            mended: std::mem::take(&mut reading.mended),
        };
        for (intent, evidence, confidence) in std::mem::take(&mut reading.seen) {
            add(&mut understood, intent, confidence, evidence);
        }
        if let [only] = &mut reading.opinions[..] {
            only.is_all = true;
        }
        opinion::confer(&mut understood, &reading.opinions, &self.wording.phrases.intents);
        // Before small talk steps back: it asks for nothing, but it explains its clause (有人在吗？).
        understood.unexplained = self.leaves_unexplained(&understood, &reading);
        weigh::settle(&mut understood.intents, &mut understood.lost);
        if understood.alarm == Some(Alarm::Anger) && only_pleasantries(&understood) {
            understood.alarm = None;
        }
        understood
    }

    /// Whether the turn asks for something that nothing explains. A turn of small talk alone must not tell a story either.
    fn leaves_unexplained(&self, understood: &Classification, reading: &Reading) -> bool {
        let has_request = understood.requests().next().is_some();
        let beside_none = reading.leaning.iter().chain(&reading.statements).filter(|_| !has_request);
        let looks_like_a_request = |clause: &Span| {
            let mut own = reading.opinions.iter().filter(|opinion| opinion.span == *clause && !opinion.is_vetoed);
            own.any(|own| {
                let intent = &self.wording.phrases.intents[own.likely.intent as usize];
                understood.requests().any(|request| request.intent == *intent)
            })
        };
        let mut clauses = reading.questions.iter().chain(beside_none);
        clauses.any(|clause| !explains(understood, clause) && !looks_like_a_request(clause))
    }

    /// Bytes that the automaton and the learnt model take, besides what all shops share.
    #[must_use]
    pub fn memory(&self) -> usize {
        self.wording.phrases.memory() + self.wording.mender.memory() + self.wording.examples.memory()
    }
}

impl Compiled {
    fn of(playbook: &Playbook) -> Result<Self, CompileError> {
        Ok(Self {
            phrases: Arc::new(Phrases::compile(playbook)?),
            fillers: Arc::new(Fillers::new()),
            leaning: Arc::new(Leaning::new()),
            examples: Examples::of_playbook(playbook),
            latin: Arc::new(vocabulary::latin_words(playbook)),
            mender: Arc::new(Mender::of(playbook)),
        })
    }
}

/// Joins an intent seen by form or example to those found by phrases. What stands to the letter among an intent's
/// examples outweighs words that others claim in that message; a form says nothing where words do.
fn add(understood: &mut Classification, intent: IntentId, confidence: f32, evidence: Evidence) {
    let message = evidence.spans.first().map(|span| span.message);
    let speaks_of_it = |candidate: &Candidate| {
        let mut spans = candidate.evidence.iter().flat_map(|evidence| &evidence.spans);
        spans.all(|span| Some(span.message) == message)
    };
    let is_form = evidence.kind == EvidenceKind::Form;
    if is_form && understood.intents.iter().any(|other| other.intent != intent && speaks_of_it(other)) {
        return;
    }
    let (weaker, rest): (Vec<_>, Vec<_>) = std::mem::take(&mut understood.intents)
        .into_iter()
        .partition(|candidate| candidate.intent != intent && speaks_of_it(candidate));
    understood.intents = rest;
    understood.lost.extend(weaker.into_iter().map(|candidate| Lost {
        intent: candidate.intent,
        why: LostWhy::Weaker(intent.clone()),
        line: candidate.evidence.first().map(|e| e.line.clone()).unwrap_or_default(),
    }));
    match understood.intents.iter_mut().find(|candidate| candidate.intent == intent) {
        Some(candidate) => {
            candidate.confidence = candidate.confidence.max(confidence);
            candidate.evidence.push(evidence);
        }
        None => understood.intents.push(Candidate { intent, confidence, evidence: vec![evidence], rival: None }),
    }
}

/// Whether some intent's evidence speaks of the clause. What a whole message looks like says nothing of one clause.
fn explains(understood: &Classification, clause: &Span) -> bool {
    let mut evidence = understood.intents.iter().flat_map(|candidate| &candidate.evidence);
    evidence.any(|one| {
        one.spans
            .iter()
            .any(|span| if one.kind == EvidenceKind::Model { span == clause } else { span.overlaps(clause) })
    })
}

/// 谢谢！！！ is no anger.
fn only_pleasantries(understood: &Classification) -> bool {
    let pleasant = [talk::GREETING, talk::THANKS, talk::GOODBYE, talk::ACKNOWLEDGEMENT, talk::SOLVED, talk::YES];
    !understood.intents.is_empty()
        && understood.intents.iter().all(|candidate| pleasant.contains(&candidate.intent.as_str()))
}

#[cfg(test)]
mod tests;
