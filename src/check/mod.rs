//! What can only be seen across files: twins, words for what can be reached, facts, and the cases beside the intents.
//! Serving never needs this room.

mod cases;
mod words;

use crate::engine::Engine;
use crate::playbook::diagnostic::Diagnostic;

/// Checks a whole playbook: all mistakes at once, in the order of files and lines.
#[must_use]
pub fn check(engine: &Engine) -> Vec<Diagnostic> {
    let mut mistakes = words::check(&engine.playbook);
    mistakes.extend(cases::check(engine));
    mistakes.sort_by(|a, b| a.place.cmp(&b.place));
    mistakes
}
