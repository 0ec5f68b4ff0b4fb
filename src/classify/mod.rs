//! Understanding a turn: phrases and rules in one automaton, examples, the lexicon, slots, the form of the message; then
//! weighing what they say against each other. Knows nothing of stores, networks or clocks.

use std::fmt;
use std::ops::Range;
use std::sync::{Arc, LazyLock};

use rustc_hash::FxHashSet;
use smallvec::SmallVec;
use thiserror::Error;

use crate::domain::{
    Alarm, Candidate, Classification, Evidence, EvidenceKind, IntentId, Lost, LostWhy, Mended, Mention, Message, Slot,
    Span, talk,
};
use crate::playbook::Playbook;
use crate::playbook::intent::Line;
use crate::playbook::shelf::Shelf;
use crate::text::Text;

mod automaton;
mod evidence;
mod examples;
mod form;
pub mod learnt;
pub mod lexicon;
mod link;
mod mend;
pub mod near;
mod opinion;
mod phrases;
pub mod slots;
mod vocabulary;
mod weigh;
mod word_lists;

pub use phrases::{MOST_WORDS, together_words};

use evidence::{Piece, Reader, Vetoed};
use examples::{Examples, REPEATED};
use mend::Mender;
use opinion::Opinion;
use phrases::{Claim, Hit, Phrases};
use slots::Slots;
use vocabulary::Vocabulary;
use weigh::Scales;
use word_lists::Fillers;

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
            slots: reading.slots,
            mentions: reading.mentions,
            unexplained: false,
            alarm: reading.alarm,
            mended: reading.mended,
        };
        for (intent, evidence, confidence) in reading.seen {
            add(&mut understood, intent, confidence, evidence);
        }
        if let [only] = &mut reading.opinions[..] {
            only.is_all = true;
        }
        opinion::confer(&mut understood, &reading.opinions, &self.wording.phrases.intents);
        // Before small talk steps back: it asks for nothing, but it explains its clause (有人在吗？).
        let is_talk = understood.requests().next().is_none();
        let told = reading.statements.iter().filter(|_| is_talk);
        understood.unexplained = reading.questions.iter().chain(told).any(|clause| !explains(&understood, clause));
        weigh::settle(&mut understood.intents, &mut understood.lost);
        if understood.alarm == Some(Alarm::Anger) && only_pleasantries(&understood) {
            understood.alarm = None;
        }
        understood
    }

    /// Bytes that the automaton and the learnt model take, besides what all shops share.
    #[must_use]
    pub fn memory(&self) -> usize {
        self.wording.phrases.memory() + self.wording.mender.memory() + self.wording.examples.memory()
    }

    /// Reads names and numbers from a text as it was written; then what it was meant to say, if it has slips.
    fn mend<'a>(&self, number: usize, text: &Text<'a>, reading: &mut Reading) -> Option<Text<'a>> {
        let mut slots = self.slots.read(text, number);
        let mut mentions = self.vocabulary.find(text, number, &self.wording.latin);
        let named = mentions.iter().filter(|mention| !mention.fuzzy).map(|mention| mention.span);
        let taken: SmallVec<[Span; 8]> = slots.iter().map(|slot| slot.span).chain(named).collect();
        let is_taken = |place: &Range<usize>| taken.iter().any(|span| span.start < place.end && place.start < span.end);
        let mended = self.wording.mender.mend(text, &is_taken);
        if let Some(mended) = &mended {
            let first = reading.mended.len();
            reading.mended.extend(mended.replaced().iter().map(|range| {
                let place = mended.origin(range);
                let span = Span { message: number, start: place.start, end: place.end };
                Mended { span, read_as: mended.normal()[range.clone()].to_owned() }
            }));
            // 三 in 退.款.三.天 is no choice.
            let own = &reading.mended[first..];
            slots.retain(|slot| !own.iter().any(|mend| mend.span.overlaps(&slot.span)));
            // `shiping` was meant to be shipping, and not the city of Siping.
            mentions.retain(|mention| !mention.fuzzy || !own.iter().any(|mend| mend.span.overlaps(&mention.span)));
        }
        reading.slots.extend(slots);
        reading.mentions.extend(mentions);
        mended
    }

    /// `written` is the text as it stands, `text` as it was meant.
    fn read_message(
        &self,
        number: usize,
        message: &Message,
        written: &Text<'_>,
        text: &Text<'_>,
        reading: &mut Reading,
    ) {
        let mut hits = Vec::with_capacity(32);
        let Compiled { phrases, fillers, examples, .. } = &*self.wording;
        phrases.find(text, &mut hits);
        let reader = Reader { phrases, fillers, text, message: number, hits: &hits };
        let vetoed_before = reading.vetoed.len();
        reader.read(&mut reading.pieces, &mut reading.vetoed);
        let whole = Span { message: number, start: 0, end: message.text.len() };
        let first = reading.slots.partition_point(|slot| slot.span.message < number);
        let own = reading.slots[first..].iter().take_while(|slot| slot.span.message == number).count();
        if let Some(form) = form::form(message, written, &reading.slots[first..first + own]) {
            let evidence =
                Evidence { kind: EvidenceKind::Form, line: String::new(), spans: vec![whole], confidence: 1.0 };
            reading.seen.push((IntentId::from(form), evidence, 1.0));
        }
        // An example may hold a slip on purpose: what was written goes first.
        let sureness = mend::sureness(text.replaced().len());
        let known = examples.repeated(written).map(|known| (known, REPEATED));
        let known = known.or_else(|| Some((examples.repeated(text)?, REPEATED * sureness)));
        if let Some((known, confidence)) = known {
            let intent = phrases.intents[known.intent as usize].clone();
            let line = known.line.to_owned();
            let evidence = Evidence { kind: EvidenceKind::Example, line, spans: vec![whole], confidence };
            reading.seen.push((intent, evidence, confidence));
        }
        let vetoed = reading.vetoed.get(vetoed_before..).unwrap_or_default();
        self.ask_the_model(number, text, &hits, vetoed, &mut reading.opinions);
        self.read_clauses(number, text, &hits, reading);
        reading.alarm = worse(reading.alarm, alarm(text, &hits));
    }

    /// What each clause looks like by the examples, and the message as a whole if it has several.
    fn ask_the_model(
        &self,
        message: usize,
        text: &Text<'_>,
        hits: &[Hit],
        vetoed: &[Vetoed],
        opinions: &mut Vec<Opinion>,
    ) {
        const CLAUSES_AT_MOST: usize = 8;
        let Compiled { fillers, examples, .. } = &*self.wording;
        let is_hit = |clause: Option<usize>, is: &dyn Fn(Claim) -> bool| {
            hits.iter().any(|hit| is(hit.claim) && clause.is_none_or(|clause| hit.clause == clause))
        };
        let mut ask = |range: std::ops::Range<usize>, clause: Option<usize>| {
            let Some(likely) = examples.likely(&text.normal()[range.clone()]) else { return };
            let place = text.origin(&range);
            let vetoes = |claim| matches!(claim, Claim::Unless { intent, .. } if intent == likely.intent);
            let asks = form::is_asked(text.original(), place.end) || is_hit(clause, &|claim| claim == Claim::Asking);
            let span = Span { message, start: place.start, end: place.end };
            // 不要退款 looks like 退款 to a model.
            let is_refused = vetoed.iter().any(|veto| veto.intent == likely.intent);
            let is_vetoed = is_refused || is_hit(clause, &vetoes);
            opinions.push(Opinion { span, likely, is_vetoed, asks, is_all: false });
        };
        let clauses =
            || text.clauses().iter().enumerate().filter(|(_, clause)| !fillers.are_all_of(text.clause(clause)));
        for (number, clause) in clauses().take(CLAUSES_AT_MOST) {
            ask(clause.range.clone(), Some(number));
        }
        if clauses().nth(1).is_some() {
            ask(0..text.normal().len(), None);
        }
    }

    /// The clauses that ask for something, and those that tell something.
    fn read_clauses(&self, message: usize, text: &Text<'_>, hits: &[Hit], reading: &mut Reading) {
        for (number, clause) in text.clauses().iter().enumerate() {
            let (place, said) = (text.origin(&clause.range), text.clause(clause));
            if form::is_fragment(said) || self.wording.fillers.are_all_of(said) {
                continue;
            }
            let span = Span { message, start: place.start, end: place.end };
            if form::is_asked(text.original(), place.end)
                || hits.iter().any(|hit| hit.clause == number && hit.claim == Claim::Asking)
            {
                reading.questions.push(span);
            } else if form::tells_something(said) {
                reading.statements.push(span);
            }
        }
    }
}

impl Compiled {
    fn of(playbook: &Playbook) -> Result<Self, CompileError> {
        Ok(Self {
            phrases: Arc::new(Phrases::compile(playbook)?),
            fillers: Arc::new(Fillers::new()),
            examples: Arc::new(Examples::learn(playbook)),
            latin: Arc::new(vocabulary::latin_words(playbook)),
            mender: Arc::new(Mender::of(playbook)),
        })
    }
}

/// What is gathered over the messages of a turn.
#[derive(Default)]
struct Reading {
    pieces: Vec<Piece>,
    vetoed: Vec<Vetoed>,
    slots: Vec<Slot>,
    mentions: Vec<Mention>,
    mended: Vec<Mended>,
    alarm: Option<Alarm>,
    /// Intents seen by form or example.
    seen: Vec<(IntentId, Evidence, f32)>,
    /// What the learnt model thinks.
    opinions: Vec<Opinion>,
    /// Clauses that ask for something.
    questions: Vec<Span>,
    /// Clauses that ask for nothing but say too much to be passed over as small talk.
    statements: Vec<Span>,
}

fn alarm(text: &Text<'_>, hits: &[Hit]) -> Option<Alarm> {
    // 漏电保护器 is a thing to buy: longer words that calm outweigh the alarm inside them.
    let is_calmed = |alarm: &Hit| {
        hits.iter().any(|hit| hit.claim == Claim::Calm && hit.start <= alarm.start && alarm.end <= hit.end)
    };
    let said = hits.iter().filter_map(|hit| match hit.claim {
        Claim::Alarm(alarm) if !is_calmed(hit) => Some(alarm),
        _ => None,
    });
    let said = said.fold(None, |worst, alarm| worse(worst, Some(alarm)));
    worse(said, form::sounds_angry(text).then_some(Alarm::Anger))
}

fn worse(a: Option<Alarm>, b: Option<Alarm>) -> Option<Alarm> {
    match (a, b) {
        (Some(Alarm::Risk), _) | (_, Some(Alarm::Risk)) => Some(Alarm::Risk),
        (Some(Alarm::Anger), _) | (_, Some(Alarm::Anger)) => Some(Alarm::Anger),
        _ => None,
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

/// Whether some intent's evidence speaks of the clause.
fn explains(understood: &Classification, question: &Span) -> bool {
    let mut spans = understood.intents.iter().flat_map(|candidate| &candidate.evidence).flat_map(|e| &e.spans);
    spans.any(|span| span.overlaps(question))
}

/// 谢谢！！！ is no anger.
fn only_pleasantries(understood: &Classification) -> bool {
    let pleasant = [talk::GREETING, talk::THANKS, talk::GOODBYE, talk::ACKNOWLEDGEMENT, talk::SOLVED, talk::YES];
    !understood.intents.is_empty()
        && understood.intents.iter().all(|candidate| pleasant.contains(&candidate.intent.as_str()))
}

#[cfg(test)]
mod tests;
