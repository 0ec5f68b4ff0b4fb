//! What can only be seen across files: twins, words for what can be reached, facts, and the cases beside the intents.
//! Answering customers never needs this room.

mod cases;
mod claims;
pub mod confusions;
pub mod held_out;
mod names;
pub mod reliability;
mod words;

use crate::classify::{Classifier, CompileError};
use crate::playbook::Playbook;
use crate::playbook::diagnostic::{Bilingual, Diagnostic, Severity};

/// Checks a whole playbook with the classifier compiled from it: all mistakes at once, in the order of files and lines.
#[must_use]
pub fn check(playbook: &Playbook, classifier: &Classifier) -> Vec<Diagnostic> {
    let mut mistakes = without_cases(playbook);
    mistakes.extend(cases::check(playbook, classifier));
    for campaign in 0..playbook.campaigns.len() {
        let during = playbook.during(&[campaign]);
        match classifier.for_words_of(&during) {
            Ok(classifier) => mistakes.extend(cases::check(&during, &classifier)),
            Err(error) => mistakes.push(too_large(&during, campaign, &error)),
        }
    }
    in_order(mistakes)
}

/// The same but for the cases: what can be said without a classifier, at once.
#[must_use]
pub fn without_cases(playbook: &Playbook) -> Vec<Diagnostic> {
    let written = |playbook: &Playbook| {
        words::check(playbook).into_iter().chain(claims::check(playbook)).chain(names::check(playbook))
    };
    let mut mistakes: Vec<Diagnostic> = written(playbook).collect();
    // A campaign may break words that hold without it. Advice on what is still to be filled in is given once.
    for campaign in 0..playbook.campaigns.len() {
        let during = playbook.during(&[campaign]);
        mistakes.extend(written(&during).filter(|told| told.severity == Severity::Error));
    }
    in_order(mistakes)
}

fn in_order(mut mistakes: Vec<Diagnostic>) -> Vec<Diagnostic> {
    mistakes.sort_by(|a, b| a.place.cmp(&b.place));
    mistakes.dedup();
    mistakes
}

fn too_large(playbook: &Playbook, campaign: usize, error: &CompileError) -> Diagnostic {
    let name = playbook.campaigns.get(campaign).map(|campaign| campaign.name.as_str()).unwrap_or_default();
    let place = playbook.place_of(&format!("campaigns/{name}.yaml"));
    Diagnostic::error(
        "too-many-phrases",
        place,
        Bilingual::new(format!("说法太多，编译不了：{error}"), error.to_string()),
    )
}
