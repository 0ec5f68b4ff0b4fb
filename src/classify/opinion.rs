//! What the learnt model thinks of a turn, beside what words and rules say of it.

use crate::domain::{Candidate, Classification, Evidence, EvidenceKind, IntentId, Span};

use super::examples::Likely;

/// What a clause, or a whole message, looks like by the examples.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Opinion {
    /// Where the text stands.
    pub(super) span: Span,
    pub(super) likely: Likely,
    /// An `unless` line of the intent stands in the text.
    pub(super) is_vetoed: bool,
}

/// Less sure than this, a model's word is not worth hearing.
const HEARD: f32 = 0.25;
/// So much of the model's confidence counts beside words that speak for the same intent.
const AGREES: f32 = 0.5;
/// So much of it counts against words that speak for another.
const DISAGREES: f32 = 0.25;
/// Nothing is certain.
const CERTAIN: f32 = 0.99;
/// Evidence this sure is not to be talked out of anything.
const SURE: f32 = 0.95;

/// Lets the model speak to each candidate, and for what no words explain.
pub(super) fn confer(understood: &mut Classification, opinions: &[Opinion], intents: &[IntentId]) {
    for candidate in &mut understood.intents {
        if let Some(opinion) = about(candidate, opinions) {
            let id = &intents[opinion.likely.intent as usize];
            let said = opinion.likely.confidence;
            if *id == candidate.intent && !opinion.is_vetoed {
                let doubt = (1.0 - candidate.confidence) * (1.0 - AGREES * said);
                candidate.confidence = (1.0 - doubt).min(CERTAIN).max(candidate.confidence);
                candidate.evidence.push(evidence(opinion));
            } else if candidate.confidence < SURE && said > HEARD {
                candidate.confidence *= 1.0 - DISAGREES * said;
            }
        }
    }
    for opinion in opinions.iter().filter(|opinion| !opinion.is_vetoed && opinion.likely.confidence >= HEARD) {
        let overlaps = |candidate: &Candidate| {
            candidate.evidence.iter().flat_map(|evidence| &evidence.spans).any(|span| span.overlaps(&opinion.span))
        };
        if understood.intents.iter().any(overlaps) {
            continue;
        }
        let id = &intents[opinion.likely.intent as usize];
        match understood.intents.iter_mut().find(|candidate| candidate.intent == *id) {
            Some(candidate) => candidate.evidence.push(evidence(opinion)),
            None => understood.intents.push(Candidate {
                intent: id.clone(),
                confidence: opinion.likely.confidence.min(CERTAIN),
                evidence: vec![evidence(opinion)],
                rival: None,
            }),
        }
    }
}

/// The model's word on the smallest text in which all evidence for a candidate stands.
fn about<'o>(candidate: &Candidate, opinions: &'o [Opinion]) -> Option<&'o Opinion> {
    let spans = || candidate.evidence.iter().flat_map(|evidence| &evidence.spans);
    let holds = |opinion: &&Opinion| spans().all(|span| opinion.span.overlaps(span));
    opinions.iter().filter(holds).min_by_key(|opinion| opinion.span.end - opinion.span.start)
}

fn evidence(opinion: &Opinion) -> Evidence {
    Evidence {
        kind: EvidenceKind::Model,
        line: String::new(),
        spans: vec![opinion.span],
        confidence: opinion.likely.confidence,
    }
}
