//! The cases beside the intents: what should match and what should not, run through the very classifier that serves.

use super::held_out::understand;
use crate::classify::Classifier;
use crate::domain::{Candidate, Classification, IntentId, Language, LostWhy};
use crate::playbook::Playbook;
use crate::playbook::diagnostic::{Bilingual, Diagnostic, Severity};
use crate::playbook::intent::{Line, Wording};

pub(super) fn check(playbook: &Playbook, classifier: &Classifier) -> Vec<Diagnostic> {
    let top = top_level(playbook);
    let mut cases: Vec<(&IntentId, &Line, Test)> = Vec::new();
    for intent in playbook.intents.values() {
        for wording in Language::ALL.iter().filter_map(|language| intent.wording.get(language)) {
            cases.extend(wording.should_match.iter().map(|case| (&intent.id, case, should_match as Test)));
            cases.extend(wording.should_not_match.iter().map(|case| (&intent.id, case, should_not_match as Test)));
        }
    }
    let threads = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let run = |cases: &[(&IntentId, &Line, Test)]| -> Vec<Diagnostic> {
        let failed =
            |(id, case, test): &(&IntentId, &Line, Test)| Some(of_layer(test(classifier, id, case, top)?, case, top));
        cases.iter().filter_map(failed).collect()
    };
    std::thread::scope(|scope| {
        let parts = cases.chunks(cases.len().div_ceil(threads).max(1)).map(|part| scope.spawn(move || run(part)));
        let parts: Vec<_> = parts.collect();
        parts.into_iter().flat_map(|part| part.join().unwrap_or_default()).collect()
    })
}

/// Runs a case; what is wrong, if it fails.
type Test = fn(&Classifier, &IntentId, &Line, u8) -> Option<Diagnostic>;

/// How high the layers reach.
fn top_level(playbook: &Playbook) -> u8 {
    let wordings = playbook.intents.values().flat_map(|intent| intent.wording.values());
    wordings.flat_map(Wording::lines).map(|line| line.level).max().unwrap_or_default()
}

/// A shop may mean to change what a layer below wrote; a case of that layer is no error of the shop's then.
fn of_layer(told: Diagnostic, case: &Line, top: u8) -> Diagnostic {
    if case.level == top { told } else { Diagnostic { severity: Severity::Warning, ..told } }
}

fn should_match(classifier: &Classifier, id: &IntentId, case: &Line, _: u8) -> Option<Diagnostic> {
    let understood = understand(classifier, &case.text);
    if understood.intents.iter().any(|candidate| candidate.intent == *id && is_taken_for(candidate)) {
        return None;
    }
    let found = found(&understood);
    let message = Bilingual::new(
        format!("用例没有通过：“{}”应当是 {id}，实际是{found}", case.text),
        format!("case failed: \"{}\" should be {id}, but is {found}", case.text),
    );
    let why = understood.lost.iter().find(|lost| lost.intent == *id).map(|lost| match &lost.why {
        LostWhy::Unless(line) => Bilingual::new(
            format!("“{}”命中了，但被本意图的排除词“{line}”否决", lost.line),
            format!("\"{}\" matched, but its own unless \"{line}\" vetoed it", lost.line),
        ),
        LostWhy::Inside(other) | LostWhy::Weaker(other) => Bilingual::new(
            format!("“{}”命中了，但 {other} 的说法更长或更确定", lost.line),
            format!("\"{}\" matched, but {other} has longer or surer words", lost.line),
        ),
        LostWhy::Negated(words) => Bilingual::new(
            format!("“{}”命中了，但前面的“{words}”说的是不要", lost.line),
            format!("\"{}\" matched, but \"{words}\" before it says that it is not wanted", lost.line),
        ),
        LostWhy::BesideARequest => Bilingual::new("同句里有别的请求", "a request stands beside it"),
    });
    let help = why.unwrap_or_else(|| {
        Bilingual::new(
            "在 phrases 或 together 里加一条能命中它的说法",
            "add a phrase or a together line that matches it",
        )
    });
    Some(Diagnostic::error("case", case.place.clone(), message).with_help(help))
}

/// Less than this is a guess that goes to a person.
const TAKEN_FOR: f32 = 0.5;

fn is_taken_for(candidate: &Candidate) -> bool {
    candidate.confidence >= TAKEN_FOR
}

fn should_not_match(classifier: &Classifier, id: &IntentId, case: &Line, top: u8) -> Option<Diagnostic> {
    let understood = understand(classifier, &case.text);
    let candidate = understood.intents.iter().find(|candidate| candidate.intent == *id && is_taken_for(candidate))?;
    // A shop's own examples may tip what looked like nothing to the base pack's; only its words are worth a warning.
    if candidate.is_guess() && case.level < top {
        return None;
    }
    let line = candidate.evidence.first().map(|evidence| evidence.line.clone()).unwrap_or_default();
    let message = Bilingual::new(
        format!("用例没有通过：“{}”不应当是 {id}", case.text),
        format!("case failed: \"{}\" should not be {id}", case.text),
    );
    let help = if line.is_empty() {
        Bilingual::new(
            "它像本意图的例句；在本该命中的意图里加一条例句，或在这里加一条排除词",
            "it looks like this intent's examples; add an example to the intent it belongs to, or an unless line here",
        )
    } else {
        Bilingual::new(
            format!("是“{line}”命中的；把它写长一点，或加一条排除词"),
            format!("\"{line}\" matched it; make that longer, or add an unless line"),
        )
    };
    Some(Diagnostic::error("case", case.place.clone(), message).with_help(help))
}

fn found(understood: &Classification) -> String {
    let taken = understood.intents.iter().filter(|candidate| is_taken_for(candidate));
    let ids: Vec<&str> = taken.map(|candidate| candidate.intent.as_str()).collect();
    if ids.is_empty() { "—".to_owned() } else { ids.join(", ") }
}
