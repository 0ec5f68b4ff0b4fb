//! The seat of the example classifier. Today's sitter knows only what it was shown to the letter; a learnt one takes its
//! place behind the same trait.

use rustc_hash::FxHashMap;

use crate::domain::Language;
use crate::playbook::Playbook;
use crate::text::Text;

use super::phrases::IntentIndex;
use super::word_lists::Fillers;

/// What a model makes of a message.
#[derive(Clone, Debug, PartialEq)]
pub struct Judgement {
    /// Which intent, by its place in the playbook.
    pub intent: IntentIndex,
    /// 0 to 1.
    pub confidence: f32,
    /// The example it stands on, if it stands on one.
    pub line: String,
}

/// Learns from the playbook's examples, judges whole messages.
pub trait ExampleModel: Send + Sync + std::fmt::Debug {
    /// The intents that the message may be, the likeliest first.
    fn judge(&self, text: &Text<'_>) -> Vec<Judgement>;
}

/// Knows an example when it sees it again.
#[derive(Debug)]
pub(super) struct Remembered {
    fillers: Fillers,
    examples: FxHashMap<String, (IntentIndex, String)>,
}

const REMEMBERED: f32 = 0.97;

impl Remembered {
    pub(super) fn learn(playbook: &Playbook) -> Self {
        let mut model = Self { fillers: Fillers::new(), examples: FxHashMap::default() };
        let mut doubtful = Vec::new();
        for (index, intent) in (0u32..).zip(playbook.intents.values()) {
            for line in Language::ALL.iter().filter_map(|l| intent.wording.get(l)).flat_map(|w| &w.examples) {
                let form = model.form(line.clauses.iter().map(String::as_str));
                // A line of marks alone (？？) has no form; the form of nothing must match nothing.
                if form.is_empty() {
                    continue;
                }
                if let Some((other, _)) = model.examples.insert(form.clone(), (index, line.text.clone()))
                    && other != index
                {
                    doubtful.push(form);
                }
            }
        }
        // An example under two intents says nothing of either.
        for form in doubtful {
            model.examples.remove(&form);
        }
        model
    }

    fn form<'c>(&self, clauses: impl Iterator<Item = &'c str>) -> String {
        let mut form = String::new();
        for clause in clauses {
            // `hello hello` is more than one hello.
            form.push_str(if self.fillers.are_all_of(clause) { clause } else { self.fillers.strip(clause) });
            form.push('\n');
        }
        form
    }
}

impl ExampleModel for Remembered {
    fn judge(&self, text: &Text<'_>) -> Vec<Judgement> {
        let form = self.form(text.clauses().iter().map(|clause| text.clause(clause)));
        let known = self.examples.get(&form);
        known
            .map(|(intent, line)| Judgement { intent: *intent, confidence: REMEMBERED, line: line.clone() })
            .into_iter()
            .collect()
    }
}
