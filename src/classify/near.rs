//! What an embeddings endpoint's neighbours add: they may make the learnt model's guess surer. They name no intent that
//! the model does not name, so that an endpoint that lies cannot make the bot say anything.

use crate::domain::{Candidate, Classification, Evidence, EvidenceKind, Neighbours};

/// A vote is clear from this share on: all other intents together have a tenth of the votes at most.
const SHARE: f32 = 0.9;
/// … and where the nearest example lies nearer than those of this share of the examples do to each other.
const CLOSENESS: f32 = 0.1;
/// Clear votes count where, tried on the examples themselves, no more than one in ten is wrong. (One that the model agrees
/// with is wrong less often than either.)
const RIGHT: f32 = 0.9;
/// So much of a clear vote's share counts: alone it never reaches a threshold, beside a guess of one half it does.
const AGREES: f32 = 0.7;
/// Nothing is certain.
const CERTAIN: f32 = 0.92;

/// Whether a vote is clear enough to count beside the model's guess.
#[must_use]
pub fn is_clear(share: f32, closeness: f32) -> bool {
    share >= SHARE && closeness >= CLOSENESS
}

/// Makes a turn's only request surer where the model and a clear vote agree about it.
pub fn hear(understood: &mut Classification, neighbours: &Neighbours) {
    let Some(vote) = neighbours.votes.first() else { return };
    let is_heard = is_clear(vote.share, neighbours.closeness) && neighbours.right >= RIGHT;
    if !is_heard || understood.unexplained || understood.requests().count() != 1 {
        return;
    }
    let agrees = |candidate: &&mut Candidate| {
        let guessed = candidate.evidence.iter().any(|evidence| evidence.kind == EvidenceKind::Model);
        candidate.intent == vote.intent && candidate.rival.is_none() && guessed
    };
    if let Some(request) = understood.intents.iter_mut().find(agrees) {
        let doubt = (1.0 - request.confidence) * (1.0 - AGREES * vote.share);
        let spans = request.evidence.iter().flat_map(|evidence| evidence.spans.iter().copied()).collect();
        request.confidence = (1.0 - doubt).min(CERTAIN).max(request.confidence);
        let line = vote.example.clone();
        request.evidence.push(Evidence { kind: EvidenceKind::Near, line, spans, confidence: AGREES * vote.share });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Vote;

    fn guess(intent: &str, confidence: f32, kind: EvidenceKind) -> Classification {
        let evidence = vec![Evidence { kind, line: String::new(), spans: Vec::new(), confidence }];
        let candidate = Candidate { intent: intent.into(), confidence, evidence, rival: None };
        Classification { intents: vec![candidate], ..Classification::default() }
    }

    fn neighbours(intent: &str, share: f32, closeness: f32, right: f32) -> Neighbours {
        let vote = Vote { intent: intent.into(), share, similarity: 0.9, example: "运费多少".to_owned() };
        Neighbours { votes: vec![vote], closeness, right }
    }

    fn heard(mut understood: Classification, neighbours: &Neighbours) -> f32 {
        hear(&mut understood, neighbours);
        understood.intents[0].confidence
    }

    #[test]
    fn a_clear_vote_makes_the_models_guess_surer() {
        let sure =
            heard(guess("logistics/fee", 0.6, EvidenceKind::Model), &neighbours("logistics/fee", 1.0, 0.5, 0.98));
        assert!((sure - 0.88).abs() < 0.001, "{sure}");
    }

    #[test]
    fn nothing_else_is_made_surer() {
        let fee = || guess("logistics/fee", 0.6, EvidenceKind::Model);
        let mut two = fee();
        two.intents.extend(guess("logistics/track", 0.6, EvidenceKind::Model).intents);
        let mut rivalled = fee();
        rivalled.intents[0].rival = Some("logistics/track".into());
        let clear = neighbours("logistics/fee", 1.0, 0.5, 0.98);
        for (why, understood, neighbours) in [
            ("the vote is for another", fee(), neighbours("logistics/track", 1.0, 0.5, 0.98)),
            ("the vote is split", fee(), neighbours("logistics/fee", 0.89, 0.5, 0.98)),
            ("nothing lies near", fee(), neighbours("logistics/fee", 1.0, 0.05, 0.98)),
            ("the endpoint is often wrong", fee(), neighbours("logistics/fee", 1.0, 0.5, 0.89)),
            ("NaN", fee(), neighbours("logistics/fee", f32::NAN, 0.5, 0.98)),
            ("words alone", guess("logistics/fee", 0.6, EvidenceKind::Phrase), clear.clone()),
            ("two requests", two, clear.clone()),
            ("a rival", rivalled, clear.clone()),
            ("words left over", Classification { unexplained: true, ..fee() }, clear),
        ] {
            assert!((heard(understood, &neighbours) - 0.6).abs() < f32::EPSILON, "{why}");
        }
    }
}
