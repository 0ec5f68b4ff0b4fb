//! What can only be seen across files: twins, words for what can be reached, facts, and the cases beside the intents.
//! Serving never needs this room.

mod cases;
mod words;

use crate::classify::Classifier;
use crate::playbook::Playbook;
use crate::playbook::diagnostic::Diagnostic;

/// Checks a whole playbook with the classifier compiled from it: all mistakes at once, in the order of files and lines.
#[must_use]
pub fn check(playbook: &Playbook, classifier: &Classifier) -> Vec<Diagnostic> {
    let mut mistakes = words::check(playbook);
    mistakes.extend(cases::check(playbook, classifier));
    mistakes.sort_by(|a, b| a.place.cmp(&b.place));
    mistakes
}
