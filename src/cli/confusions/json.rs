//! What `--json` prints.

use serde_json::{Value, json};

use crate::check::confusions::{Advice, Confusions, Mistaken, Pair, Twins};
use crate::playbook::Playbook;

pub(super) fn of(playbook: &Playbook, confusions: &Confusions<'_>) -> Value {
    let totals = confusions.totals;
    json!({
        "shop": playbook.shop,
        "threshold": rounded(playbook.settings.answer_threshold),
        "examples": totals.examples,
        "right": totals.right,
        "wrong": totals.wrong,
        "wrong_answered": totals.answered,
        "unsure": totals.unsure,
        "pairs": confusions.pairs.iter().map(pair).collect::<Vec<_>>(),
        "twins": confusions.twins.iter().map(twins).collect::<Vec<_>>(),
    })
}

fn pair(pair: &Pair<'_>) -> Value {
    json!({
        "intent": pair.intent,
        "taken_for": pair.taken_for,
        "count": pair.mistaken.len(),
        "answered": pair.answered(),
        "messages": pair.mistaken.iter().map(mistaken).collect::<Vec<_>>(),
    })
}

fn mistaken(mistaken: &Mistaken<'_>) -> Value {
    json!({
        "text": mistaken.line.text,
        "language": mistaken.language.key(),
        "file": mistaken.line.place.file,
        "line": mistaken.line.place.line,
        "confidence": rounded(mistaken.confidence),
        "answered": mistaken.is_answered,
        "advice": advice(&mistaken.advice),
    })
}

fn advice(advice: &Advice<'_>) -> Value {
    match advice {
        Advice::Phrase { intent, language, text, messages } => {
            json!({ "do": "add", "key": "phrases", "intent": intent, "language": language.key(), "text": text, "messages": messages })
        }
        Advice::Unless { intent, language, text, messages } => {
            json!({ "do": "add", "key": "unless", "intent": intent, "language": language.key(), "text": text, "messages": messages })
        }
        Advice::Loosen { intent, unless } => {
            json!({ "do": "loosen", "key": "unless", "intent": intent, "text": unless })
        }
        Advice::Nothing => json!({ "do": "reword_or_merge" }),
    }
}

fn twins(twins: &Twins<'_>) -> Value {
    let lines = twins.lines.iter().map(|(intent, line)| {
        json!({ "intent": intent, "text": line.text, "file": line.place.file, "line": line.place.line })
    });
    json!({ "same": twins.is_same, "lines": lines.collect::<Vec<_>>() })
}

fn rounded(share: f32) -> f64 {
    (f64::from(share) * 1000.0).round() / 1000.0
}
