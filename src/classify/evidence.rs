//! From hits to evidence: vetoes by clause, `together` lines by sentence, and how sure each piece makes us.

use std::ops::{Range, RangeInclusive};

use rustc_hash::FxHashMap;
use smallvec::SmallVec;

use crate::domain::{EvidenceKind, talk};
use crate::text::Text;

use super::mend;
use super::phrases::{Claim, Hit, IntentIndex, Phrases};
use super::together::{self, Filled};
use super::word_lists::Fillers;

/// Evidence for an intent, still in places of the normal form.
#[derive(Clone, Debug)]
pub(super) struct Piece {
    pub(super) intent: IntentIndex,
    pub(super) kind: EvidenceKind,
    pub(super) line: u32,
    /// Which message of the turn.
    pub(super) message: usize,
    pub(super) spans: SmallVec<[(usize, usize); 2]>,
    pub(super) confidence: f32,
}

impl Piece {
    /// How much of the text it explains, in bytes of the normal form.
    pub(super) fn weight(&self) -> usize {
        self.spans.iter().map(|(start, end)| end - start).sum()
    }

    /// Whether each of its spans lies within one of the other's.
    pub(super) fn lies_within(&self, other: &Self) -> bool {
        self.message == other.message
            && self.spans.iter().all(|(start, end)| other.spans.iter().any(|(from, to)| from <= start && end <= to))
    }
}

/// A piece that other words of its clause took away.
#[derive(Clone, Debug)]
pub(super) struct Vetoed {
    pub(super) intent: IntentIndex,
    pub(super) line: u32,
    pub(super) by: Veto,
}

/// What takes a piece away.
#[derive(Clone, Debug)]
pub(super) enum Veto {
    /// A line of its intent's own `unless`.
    Unless(u32),
    /// A negator right before it.
    Negator(String),
}

/// Where confidence begins and how fast it grows with the share of the clause that the words explain. Half a clause
/// explained is as good as all of it; a short phrase in a long clause stays under the default threshold of 0.85.
/// Values chosen by reading real chats; a calibrated weighing takes their place with the example classifier.
const PHRASE: (f32, f32) = (0.815, 0.21);
const TOGETHER: (f32, f32) = (0.805, 0.23);
const WHOLE: f32 = 0.92;
const ENOUGH: f32 = 0.5;

/// Reads the evidence out of one message's hits.
pub(super) struct Reader<'a> {
    pub(super) phrases: &'a Phrases,
    pub(super) fillers: &'a Fillers,
    pub(super) text: &'a Text<'a>,
    pub(super) message: usize,
    pub(super) hits: &'a [Hit],
}

impl Reader<'_> {
    pub(super) fn read(&self, pieces: &mut Vec<Piece>, vetoed: &mut Vec<Vetoed>) {
        let cores: SmallVec<[Range<usize>; 4]> =
            (0..self.text.clauses().len()).map(|clause| self.core(clause)).collect();
        for hit in self.hits {
            let core = &cores[hit.clause];
            let (intent, kind, line, confidence) = match hit.claim {
                Claim::Phrase { intent, line } => {
                    (intent, EvidenceKind::Phrase, line, share(PHRASE, hit.end - hit.start, core.len()))
                }
                // A clause that is the line, with or without its fillers.
                Claim::Whole { intent, line } if self.is_clause(hit, core) => {
                    (intent, EvidenceKind::Whole, line, WHOLE)
                }
                _ => continue,
            };
            let spans = SmallVec::from_slice(&[(hit.start, hit.end)]);
            let piece = Piece { intent, kind, line, message: self.message, spans, confidence };
            self.keep(piece, std::iter::once(hit.clause), pieces, vetoed);
        }
        self.read_rules(&cores, pieces, vetoed);
    }

    /// Where a clause's words stand without its fillers.
    fn core(&self, clause: usize) -> Range<usize> {
        let at = &self.text.clauses()[clause];
        let shown = self.text.clause(at);
        let core = self.fillers.strip(shown);
        let start = at.range.start + (core.as_ptr() as usize - shown.as_ptr() as usize);
        start..start + core.len()
    }

    fn is_clause(&self, hit: &Hit, core: &Range<usize>) -> bool {
        let clause = &self.text.clauses()[hit.clause].range;
        (hit.start == core.start && hit.end == core.end) || (hit.start == clause.start && hit.end == clause.end)
    }

    /// `together` lines whose words all stand in one sentence.
    fn read_rules(&self, cores: &[Range<usize>], pieces: &mut Vec<Piece>, vetoed: &mut Vec<Vetoed>) {
        // Of each line, in each sentence: which of its words were found, and where.
        type Found<'h> = SmallVec<[(u8, &'h Hit); 4]>;
        let mut open: FxHashMap<(u32, usize), Found<'_>> = FxHashMap::default();
        for hit in self.hits {
            let Claim::Word { rule, word } = hit.claim else { continue };
            open.entry((rule, self.text.clauses()[hit.clause].sentence)).or_default().push((word, hit));
        }
        let mut keys: Vec<_> = open.keys().copied().collect();
        keys.sort_unstable();
        for key in keys {
            // Of its alternatives those speak for a line that explain most and that nothing takes away.
            for filled in together::readings(&open[&key], self.words_of(key.0), self.text.normal()) {
                let before = pieces.len();
                let (piece, between) = self.rule_piece(key.0, &filled, cores);
                self.keep(piece, between, pieces, vetoed);
                if pieces.len() > before {
                    break;
                }
            }
        }
    }

    /// What a `together` line says with these words, and the clauses from the first of them to the last.
    fn rule_piece(&self, rule: u32, filled: &Filled<'_>, cores: &[Range<usize>]) -> (Piece, RangeInclusive<usize>) {
        let rule = &self.phrases.rules[rule as usize];
        let mut clauses: SmallVec<[usize; 4]> = filled.iter().map(|(_, hit)| hit.clause).collect();
        clauses.sort_unstable();
        clauses.dedup();
        let spans: SmallVec<[(usize, usize); 2]> = filled.iter().map(|(_, hit)| (hit.start, hit.end)).collect();
        let length = clauses.iter().map(|clause| cores[*clause].len()).sum();
        let explained = spans.iter().map(|(start, end)| end - start).sum();
        let piece = Piece {
            intent: rule.intent,
            kind: EvidenceKind::Together,
            line: rule.line,
            message: self.message,
            spans,
            confidence: share(TOGETHER, explained, length),
        };
        // What vetoes them may stand between them: 包裹，退款了，没收到.
        let between = clauses.first().copied().unwrap_or_default()..=clauses.last().copied().unwrap_or_default();
        (piece, between)
    }

    fn words_of(&self, rule: u32) -> usize {
        self.phrases.rules[rule as usize].words as usize
    }

    /// Keeps a piece unless its intent's own veto stands in one of these clauses.
    fn keep(
        &self,
        mut piece: Piece,
        mut clauses: impl Iterator<Item = usize>,
        pieces: &mut Vec<Piece>,
        vetoed: &mut Vec<Vetoed>,
    ) {
        let veto = clauses.find_map(|clause| {
            self.hits.iter().find_map(|hit| match hit.claim {
                Claim::Unless { intent, line } if intent == piece.intent && hit.clause == clause => Some(line),
                _ => None,
            })
        });
        match veto {
            Some(unless) => vetoed.push(Vetoed { intent: piece.intent, line: piece.line, by: Veto::Unless(unless) }),
            None => match self.negator_of(&piece) {
                Some(words) => {
                    vetoed.push(Vetoed { intent: piece.intent, line: piece.line, by: Veto::Negator(words) });
                }
                None => {
                    let touches = |range: &&Range<usize>| {
                        piece.spans.iter().any(|(start, end)| *start < range.end && range.start < *end)
                    };
                    let mends = self.text.replaced().iter().filter(touches).count();
                    piece.confidence *= mend::sureness(mends);
                    pieces.push(piece);
                }
            },
        }
    }

    /// The words right before a piece that say that it is not wanted. What the piece says itself (不要机器人) says
    /// nothing against it, and small talk can't be refused.
    fn negator_of(&self, piece: &Piece) -> Option<String> {
        let id = &self.phrases.intents[piece.intent as usize];
        if id.is_talk() && id.as_str() != talk::ASK_FOR_HUMAN {
            return None;
        }
        let negators = self.hits.iter().filter(|hit| hit.claim == Claim::Negator && !self.is_spared(hit));
        let mut negators = negators.filter(|hit| {
            let is_own = piece.spans.iter().any(|(start, end)| *start <= hit.start && hit.end <= *end);
            !is_own && piece.spans.iter().any(|(start, _)| self.stands_before(hit, *start))
        });
        negators.next().map(|hit| self.text.normal()[hit.start..hit.end].to_owned())
    }

    /// 要不要, 别的, 为什么不想: longer words in which a negator is none, or that run into it.
    fn is_spared(&self, negator: &Hit) -> bool {
        let covers = |hit: &Hit| {
            hit.start <= negator.start && negator.end <= hit.end || hit.start < negator.start && negator.start < hit.end
        };
        self.hits.iter().any(|hit| hit.claim == Claim::NoNegator && covers(hit))
    }

    /// Whether a negator and what begins at `start` have next to nothing between them: 不想退款 holds 想退款 too.
    fn stands_before(&self, negator: &Hit, start: usize) -> bool {
        let clause = &self.text.clauses()[negator.clause].range;
        if !(negator.start < start && start < clause.end) {
            return false;
        }
        start <= negator.end || self.phrases.between.is_all_of(&self.text.normal()[negator.end..start])
    }
}

#[allow(clippy::cast_precision_loss, reason = "lengths of clauses, far below 2^23")]
fn share((base, slope): (f32, f32), explained: usize, length: usize) -> f32 {
    base + slope * (explained as f32 / length.max(1) as f32).min(ENOUGH)
}
