//! What the learnt model thinks of a turn, beside what words and rules say of it.

use crate::domain::{Candidate, Classification, Evidence, EvidenceKind, IntentId, Lost, LostWhy, Span};

use super::examples::Likely;

/// What a clause, or a whole message, looks like by the examples.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Opinion {
    /// Where the text stands.
    pub(super) span: Span,
    pub(super) likely: Likely,
    /// An `unless` line of the intent stands in the text.
    pub(super) is_vetoed: bool,
    /// The text asks for something.
    pub(super) asks: bool,
    /// Nothing else in the turn says anything.
    pub(super) is_all: bool,
}

/// Less sure than this, a model's word is not worth hearing.
const HEARD: f32 = 0.25;
/// So much of the model's confidence counts beside words that speak for the same intent.
const AGREES: f32 = 0.5;
/// So much of it counts against words that speak for another.
const DISAGREES: f32 = 0.25;
/// Nothing is certain.
pub(super) const CERTAIN: f32 = 0.92;
/// What the model's word is worth on a question that is all of a turn.
pub(super) const QUESTION: f32 = 0.92;
/// Evidence this sure is not to be talked out of anything.
const SURE: f32 = 0.91;
/// Beside a request in words, only a question that the model is so sure of is a second request.
const SECOND: f32 = 0.9;
/// Small talk that no words show has to look very much like it.
const TALK: f32 = 0.9;

impl Opinion {
    /// How much the model's word counts where no words say the same. Shops' examples are requests; customers also tell
    /// stories, and answer: measured on real chats, a statement that looks like a request often is none.
    fn worth(&self) -> f32 {
        const STATEMENT: f32 = 0.55;
        const QUESTION_AMONG_OTHERS: f32 = 0.45;
        const STATEMENT_AMONG_OTHERS: f32 = 0.32;
        match (self.asks, self.is_all) {
            (true, true) => QUESTION,
            (false, true) => STATEMENT,
            (true, false) => QUESTION_AMONG_OTHERS,
            (false, false) => STATEMENT_AMONG_OTHERS,
        }
    }
}

/// Lets the model speak to each candidate, and for what no words explain.
pub(super) fn confer(understood: &mut Classification, opinions: &[Opinion], intents: &[IntentId]) {
    for candidate in &mut understood.intents {
        let Some(opinion) = about(candidate, opinions) else { continue };
        let said = opinion.likely.confidence;
        if intents[opinion.likely.intent as usize] == candidate.intent && !opinion.is_vetoed {
            let doubt = (1.0 - candidate.confidence) * (1.0 - AGREES * said);
            candidate.confidence = (1.0 - doubt).min(CERTAIN).max(candidate.confidence);
            candidate.evidence.push(evidence(opinion, said));
        } else if candidate.confidence < SURE {
            candidate.confidence *= 1.0 - DISAGREES * said;
        }
    }
    let has_words = understood.requests().next().is_some();
    for opinion in opinions.iter().filter(|opinion| !opinion.is_vetoed) {
        speak_alone(understood, opinion, &intents[opinion.likely.intent as usize], has_words);
    }
}

/// The model's word on a text of which no words say anything.
fn speak_alone(understood: &mut Classification, opinion: &Opinion, id: &IntentId, has_words: bool) {
    let said = opinion.likely.confidence;
    let confidence = (said * opinion.worth()).min(CERTAIN);
    let is_talk = id.is_talk();
    let spans = |candidate: &Candidate| candidate.evidence.iter().flat_map(|e| &e.spans).copied().collect::<Vec<_>>();
    let is_explained =
        understood.intents.iter().any(|candidate| spans(candidate).iter().any(|span| span.overlaps(&opinion.span)));
    if is_explained || confidence < HEARD || (is_talk && (said < TALK || opinion.asks || !opinion.is_all)) {
        return;
    }
    if let Some(candidate) = understood.intents.iter_mut().find(|candidate| candidate.intent == *id) {
        candidate.confidence = candidate.confidence.max(confidence);
        candidate.evidence.push(evidence(opinion, confidence));
        return;
    }
    if has_words && (said < SECOND || !opinion.asks) {
        let why = understood.requests().next().map(|request| LostWhy::Weaker(request.intent.clone()));
        understood.lost.extend(why.map(|why| Lost { intent: id.clone(), why, line: String::new() }));
        return;
    }
    let evidence = vec![evidence(opinion, confidence)];
    understood.intents.push(Candidate { intent: id.clone(), confidence, evidence, rival: None });
}

/// The model's word on the smallest text in which all evidence for a candidate stands.
fn about<'o>(candidate: &Candidate, opinions: &'o [Opinion]) -> Option<&'o Opinion> {
    let spans = || candidate.evidence.iter().flat_map(|evidence| &evidence.spans);
    let holds = |opinion: &&Opinion| spans().all(|span| opinion.span.overlaps(span));
    opinions.iter().filter(holds).min_by_key(|opinion| opinion.span.end - opinion.span.start)
}

fn evidence(opinion: &Opinion, confidence: f32) -> Evidence {
    Evidence { kind: EvidenceKind::Model, line: String::new(), spans: vec![opinion.span], confidence }
}
