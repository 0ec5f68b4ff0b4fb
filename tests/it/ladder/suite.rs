//! What holds for the suite as a whole.

use std::collections::BTreeSet;

use xiaoer::domain::{Rung, TurnInput, TurnOutcome};
use xiaoer::engine::Recorded;

use super::talk::{Heard, heard};
use super::{answers, moods, people, questions, seasons, whose};

/// Every turn of every conversation.
fn every_turn() -> Vec<Heard> {
    heard();
    for conversation in [answers::ALL, moods::ALL, people::ALL, questions::ALL, seasons::ALL, whose::ALL].concat() {
        conversation();
    }
    heard()
}

#[test]
fn every_rung_is_stood_on_in_chinese_and_in_english() {
    let turns = every_turn();
    assert!(turns.len() > 300, "{} turns", turns.len());
    for language in xiaoer::domain::Language::ALL {
        let stood: BTreeSet<Rung> = turns
            .iter()
            .filter(|turn| turn.outcome.state.language == Some(language))
            .map(|turn| turn.outcome.decision.rung)
            .collect();
        let missing: Vec<&str> = Rung::ALL.iter().filter(|rung| !stood.contains(rung)).map(|rung| rung.key()).collect();
        assert!(missing.is_empty(), "no conversation in {} stands on {missing:?}", language.key());
    }
}

/// A turn is stored as JSON and decided again years later.
#[test]
fn a_stored_turn_decided_again_changes_nothing() {
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    for turn in every_turn() {
        let (input, outcome) = stored(&turn);
        assert_eq!((&input, &outcome), (&turn.input, &turn.outcome), "a turn is stored as it is");
        let again = runtime.block_on(turn.engine.decide(&input, &Recorded(outcome.orders.clone())));
        assert_eq!(again, outcome, "{:?}", input.messages);
    }
}

fn stored(turn: &Heard) -> (TurnInput, TurnOutcome) {
    let input = serde_json::to_string(&turn.input).unwrap();
    let outcome = serde_json::to_string(&turn.outcome).unwrap();
    (serde_json::from_str(&input).unwrap(), serde_json::from_str(&outcome).unwrap())
}

#[test]
fn nothing_half_filled_is_said_and_people_are_always_told() {
    for turn in every_turn() {
        let decision = &turn.outcome.decision;
        if let Some(reply) = &decision.reply {
            assert!(!reply.text.contains(['{', '}']) && !reply.text.trim().is_empty(), "{:?}", reply.text);
        }
        let speaks = decision.reply.is_some();
        match decision.act.key() {
            "answer" | "ask" => assert!(speaks, "{decision:?}"),
            "silent" => assert!(!speaks, "{decision:?}"),
            _ => {
                assert!(speaks || decision.rung == Rung::Mode, "{decision:?}");
                assert!(!turn.outcome.suggestions.is_empty(), "an empty-handed hand-off: {:?}", turn.input.messages);
            }
        }
    }
}
