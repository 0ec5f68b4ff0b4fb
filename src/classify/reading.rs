//! Reading the messages of a turn: what is gathered of each before it is weighed.

use std::ops::Range;

use smallvec::SmallVec;

use crate::domain::{Alarm, Evidence, EvidenceKind, IntentId, Mended, Mention, Message, Slot, Span};
use crate::text::{Clause, Text};

use super::evidence::{Piece, Reader, Vetoed};
use super::examples::REPEATED;
use super::opinion::Opinion;
use super::phrases::{Claim, Hit};
use super::{Classifier, Compiled, form, mend};

/// What is gathered over the messages of a turn.
#[derive(Default)]
pub(super) struct Reading {
    pub(super) pieces: Vec<Piece>,
    pub(super) vetoed: Vec<Vetoed>,
    pub(super) slots: Vec<Slot>,
    pub(super) mentions: Vec<Mention>,
    pub(super) mended: Vec<Mended>,
    pub(super) alarm: Option<Alarm>,
    /// Intents seen by form or example.
    pub(super) seen: Vec<(IntentId, Evidence, f32)>,
    /// What the learnt model thinks.
    pub(super) opinions: Vec<Opinion>,
    /// Clauses that ask for something.
    pub(super) questions: Vec<Span>,
    /// Clauses that ask about what was said before them (怎么办?).
    pub(super) leaning: Vec<Span>,
    /// Clauses that ask for nothing but say too much to be passed over as small talk.
    pub(super) statements: Vec<Span>,
}

/// What one message says in words: what was found in it, clause by clause.
struct Said<'a> {
    message: usize,
    text: &'a Text<'a>,
    hits: &'a [Hit],
}

impl Said<'_> {
    /// Whether a clause asks for something: it ends in a question mark, or holds a word by which people ask.
    fn asks(&self, number: usize, clause: &Clause) -> bool {
        // 前几天 is no 几天？
        let is_told = |asking: &Hit| {
            self.hits
                .iter()
                .any(|hit| hit.claim == Claim::Telling && hit.start <= asking.start && asking.end <= hit.end)
        };
        let mut asking = self.hits.iter().filter(|hit| hit.clause == number && hit.claim == Claim::Asking);
        form::is_asked(self.text.original(), self.text.origin(&clause.range).end) || asking.any(|hit| !is_told(hit))
    }

    fn span(&self, range: &Range<usize>) -> Span {
        let place = self.text.origin(range);
        Span { message: self.message, start: place.start, end: place.end }
    }
}

impl Classifier {
    /// Reads names and numbers from a text as it was written; then what it was meant to say, if it has slips.
    pub(super) fn mend<'a>(&self, number: usize, text: &Text<'a>, reading: &mut Reading) -> Option<Text<'a>> {
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
    pub(super) fn read_message(
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
        let said = Said { message: number, text, hits: &hits };
        self.ask_the_model(&said, vetoed, &mut reading.opinions);
        self.read_clauses(&said, reading);
        reading.alarm = worse(reading.alarm, alarm(text, &hits));
    }

    /// What each clause looks like by the examples, and the message as a whole if it has several.
    fn ask_the_model(&self, said: &Said<'_>, vetoed: &[Vetoed], opinions: &mut Vec<Opinion>) {
        const CLAUSES_AT_MOST: usize = 8;
        let text = said.text;
        let clauses =
            || text.clauses().iter().enumerate().filter(|(_, clause)| !self.is_of_no_matter(text.clause(clause)));
        let mut ask = |range: &Range<usize>, within: &dyn Fn(usize) -> bool| {
            let Some(likely) = self.wording.examples.likely(&text.normal()[range.clone()]) else { return };
            let vetoes = |hit: &Hit| matches!(hit.claim, Claim::Unless { intent, .. } if intent == likely.intent);
            // 不要退款 looks like 退款 to a model.
            let is_refused = vetoed.iter().any(|veto| veto.intent == likely.intent);
            let is_vetoed = is_refused || said.hits.iter().any(|hit| within(hit.clause) && vetoes(hit));
            let asks = text.clauses().iter().enumerate().any(|(n, clause)| within(n) && said.asks(n, clause));
            opinions.push(Opinion { span: said.span(range), likely, is_vetoed, asks, is_all: false });
        };
        for (number, clause) in clauses().take(CLAUSES_AT_MOST) {
            ask(&clause.range, &|clause| clause == number);
        }
        if clauses().nth(1).is_some() {
            ask(&(0..text.normal().len()), &|_| true);
        }
    }

    /// The clauses that ask for something, and those that tell something.
    fn read_clauses(&self, said: &Said<'_>, reading: &mut Reading) {
        let Compiled { fillers, leaning, .. } = &*self.wording;
        for (number, clause) in said.text.clauses().iter().enumerate() {
            let words = said.text.clause(clause);
            let span = said.span(&clause.range);
            if leaning.is(fillers.strip(words)) {
                reading.leaning.push(span);
            } else if form::is_fragment(words) || fillers.are_all_of(words) {
                continue;
            } else if said.asks(number, clause) {
                reading.questions.push(span);
            } else if form::tells_something(words) {
                reading.statements.push(span);
            }
        }
    }

    /// Fillers alone, or a question that leans on others: they look like nothing by themselves.
    fn is_of_no_matter(&self, clause: &str) -> bool {
        let Compiled { fillers, leaning, .. } = &*self.wording;
        fillers.are_all_of(clause) || leaning.is(fillers.strip(clause))
    }
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
