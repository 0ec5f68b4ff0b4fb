//! From evidence to intents: longer words beat the shorter ones inside them, rivals for the same words are named,
//! small talk steps back behind a request.

use crate::domain::{Candidate, Evidence, IntentId, Lost, LostWhy, Span, talk};
use crate::text::Text;

use super::evidence::{Piece, Veto, Vetoed};
use super::phrases::Phrases;

/// Small talk that says nothing beside a request.
const STEPS_BACK: &[&str] = &[
    talk::GREETING,
    talk::ACKNOWLEDGEMENT,
    talk::THANKS,
    talk::GOODBYE,
    talk::NUDGE,
    talk::HOLD_ON,
    talk::YES,
    talk::NO,
    talk::SOLVED,
    talk::ATTACHMENT,
    talk::ORDER_CARD,
    talk::PRODUCT_CARD,
];

/// Who says that it is solved and gives thanks says that it is solved.
const THANKS: &[&str] = &[talk::THANKS, talk::GOODBYE, talk::ACKNOWLEDGEMENT];

/// More evidence for the same intent makes it surer, but never certain.
const CERTAIN: f32 = 0.92;

/// What stands and what lost by words alone.
pub(super) struct Weighed {
    pub(super) intents: Vec<Candidate>,
    pub(super) lost: Vec<Lost>,
}

/// Weighs the pieces of a whole turn.
pub(super) struct Scales<'a> {
    pub(super) phrases: &'a Phrases,
    pub(super) texts: &'a [&'a Text<'a>],
    /// Two readings closer than this are rivals.
    pub(super) gap: f32,
}

impl Scales<'_> {
    pub(super) fn weigh(&self, mut pieces: Vec<Piece>, vetoed: &[Vetoed]) -> Weighed {
        let mut lost: Vec<Lost> = Vec::new();
        for veto in vetoed {
            let why = match &veto.by {
                Veto::Unless(line) => LostWhy::Unless(self.phrases.line(*line).to_owned()),
                Veto::Negator(words) => LostWhy::Negated(words.clone()),
            };
            self.lose(&mut lost, veto.intent, veto.line, why);
        }
        self.drop_inside(&mut pieces, &mut lost);
        let mut intents = self.group(&pieces);
        self.settle_rivals(&mut intents, &mut lost);
        Weighed { intents, lost }
    }

    /// A phrase's span inside another intent's longer span yields to it.
    fn drop_inside(&self, pieces: &mut Vec<Piece>, lost: &mut Vec<Lost>) {
        let yields_to = |piece: &Piece| {
            pieces.iter().find(|other| {
                other.intent != piece.intent && piece.lies_within(other) && piece.weight() < other.weight()
            })
        };
        let gone: Vec<Option<u32>> = pieces.iter().map(|piece| yields_to(piece).map(|other| other.intent)).collect();
        let mut verdicts = gone.into_iter();
        pieces.retain(|piece| match verdicts.next().flatten() {
            Some(stronger) => {
                self.lose(lost, piece.intent, piece.line, LostWhy::Inside(self.id(stronger)));
                false
            }
            None => true,
        });
    }

    fn lose(&self, lost: &mut Vec<Lost>, intent: u32, line: u32, why: LostWhy) {
        let line = self.phrases.line(line).to_owned();
        let entry = Lost { intent: self.id(intent), why, line };
        if !lost.contains(&entry) {
            lost.push(entry);
        }
    }

    fn id(&self, intent: u32) -> IntentId {
        self.phrases.intents[intent as usize].clone()
    }

    /// One candidate an intent, its evidence joined.
    fn group(&self, pieces: &[Piece]) -> Vec<Candidate> {
        let mut candidates: Vec<(u32, Candidate)> = Vec::new();
        for piece in pieces {
            let evidence = self.evidence(piece);
            match candidates.iter_mut().find(|(intent, _)| *intent == piece.intent) {
                Some((_, candidate)) => {
                    let doubt = (1.0 - candidate.confidence) * (1.0 - piece.confidence);
                    candidate.confidence = (1.0 - doubt).min(CERTAIN);
                    candidate.evidence.push(evidence);
                }
                None => candidates.push((
                    piece.intent,
                    Candidate {
                        intent: self.id(piece.intent),
                        confidence: piece.confidence,
                        evidence: vec![evidence],
                        rival: None,
                    },
                )),
            }
        }
        candidates.into_iter().map(|(_, candidate)| candidate).collect()
    }

    fn evidence(&self, piece: &Piece) -> Evidence {
        let text = self.texts[piece.message];
        let spans = piece.spans.iter().map(|(start, end)| {
            let at = text.origin(&(*start..*end));
            Span { message: piece.message, start: at.start, end: at.end }
        });
        let line = self.phrases.line(piece.line).to_owned();
        Evidence { kind: piece.kind, line, spans: spans.collect(), confidence: piece.confidence }
    }

    /// Intents that claim the same words: the clearly stronger one stands alone, close ones are each other's rivals.
    fn settle_rivals(&self, intents: &mut Vec<Candidate>, lost: &mut Vec<Lost>) {
        intents.sort_by(|a, b| b.confidence.total_cmp(&a.confidence));
        let mut standing: Vec<Candidate> = Vec::with_capacity(intents.len());
        for mut candidate in intents.drain(..) {
            let over = standing.iter_mut().find(|stronger| share_words(stronger, &candidate));
            match over {
                Some(stronger) if stronger.confidence - candidate.confidence >= self.gap => {
                    let line = candidate.evidence.first().map(|e| e.line.clone()).unwrap_or_default();
                    let why = LostWhy::Weaker(stronger.intent.clone());
                    lost.push(Lost { intent: candidate.intent, why, line });
                }
                Some(stronger) => {
                    candidate.rival = Some(stronger.intent.clone());
                    stronger.rival.get_or_insert_with(|| candidate.intent.clone());
                    standing.push(candidate);
                }
                None => standing.push(candidate),
            }
        }
        *intents = standing;
    }
}

fn share_words(a: &Candidate, b: &Candidate) -> bool {
    let spans = |candidate: &Candidate| -> Vec<Span> {
        candidate.evidence.iter().flat_map(|evidence| evidence.spans.iter().copied()).collect()
    };
    let theirs = spans(b);
    spans(a).iter().any(|span| theirs.iter().any(|other| span.overlaps(other)))
}

/// Once all evidence is in: small talk steps back, rivals that are gone are forgotten, and what stands has not lost. In
/// the order of the customer's words.
pub(super) fn settle(intents: &mut Vec<Candidate>, lost: &mut Vec<Lost>) {
    step_back(intents, lost);
    forget_gone_rivals(intents);
    lost.retain(|lost| !intents.iter().any(|candidate| candidate.intent == lost.intent));
    intents.sort_by_key(|candidate| candidate.evidence.iter().flat_map(|e| &e.spans).min().copied());
}

/// Nobody is asked to choose between what stands and what has lost.
fn forget_gone_rivals(intents: &mut [Candidate]) {
    let standing: Vec<IntentId> = intents.iter().map(|candidate| candidate.intent.clone()).collect();
    for candidate in intents {
        candidate.rival = candidate.rival.take().filter(|rival| standing.contains(rival));
    }
}

/// Small talk beside a request is no request of its own, and thanks beside what is solved are manners.
fn step_back(intents: &mut Vec<Candidate>, lost: &mut Vec<Lost>) {
    let is_solved = intents.iter().any(|candidate| candidate.intent.as_str() == talk::SOLVED);
    let (steps_back, why) = if intents.iter().any(|candidate| !candidate.intent.is_talk()) {
        (STEPS_BACK, LostWhy::BesideARequest)
    } else if is_solved {
        (THANKS, LostWhy::Weaker(IntentId::from(talk::SOLVED)))
    } else {
        return;
    };
    intents.retain(|candidate| {
        let stays = !steps_back.contains(&candidate.intent.as_str());
        if !stays {
            let line = candidate.evidence.first().map(|e| e.line.clone()).unwrap_or_default();
            lost.push(Lost { intent: candidate.intent.clone(), why: why.clone(), line });
        }
        stays
    });
}
