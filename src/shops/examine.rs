//! All that is said of a shop's files before they come in force: by `xiaoer check`, before a push, and at the desk.

use crate::check;
use crate::classify::{Classifier, CompileError};
use crate::domain::ShopId;
use crate::playbook::diagnostic::Diagnostic;
use crate::playbook::layer::Layer;
use crate::playbook::{Loaded, Playbook};

/// Reads layers, the lowest first, and runs every check there is, the cases beside the intents too. Takes the time of
/// compiling.
///
/// # Errors
/// [`CompileError`]: a pattern that is none, or more phrases than an automaton holds.
pub fn examine(id: &ShopId, layers: &[Layer]) -> Result<Loaded, CompileError> {
    let mut loaded = Playbook::load(id.clone(), layers);
    if let Some(playbook) = &loaded.playbook {
        loaded.mistakes.extend(check::check(playbook, &Classifier::compile(playbook)?));
    }
    Ok(loaded)
}

/// The same but for the cases, which need a compiled playbook: quick enough while somebody types.
#[must_use]
pub fn examine_words(id: &ShopId, layers: &[Layer]) -> Vec<Diagnostic> {
    let mut loaded = Playbook::load(id.clone(), layers);
    loaded.mistakes.extend(loaded.playbook.iter().flat_map(check::without_cases));
    loaded.mistakes
}
