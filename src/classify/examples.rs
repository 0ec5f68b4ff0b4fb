//! What the playbook's examples teach: a message that is one of them to the letter is known again, and of every other one
//! the learnt model says what it looks like.

use std::sync::{Arc, LazyLock};

use rustc_hash::FxHashMap;
use sha2::{Digest as _, Sha256};

use learnt::{Class, Example, Learnt};

use crate::domain::Language;
use crate::playbook::Playbook;
use crate::playbook::intent::Line;
use crate::playbook::kept;
use crate::playbook::shelf::Shelf;
use crate::text::Text;

use super::phrases::IntentIndex;
use super::word_lists::Fillers;

/// An example that a message repeats.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Known<'e> {
    /// Whose it is, by its place in the playbook.
    pub(super) intent: IntentIndex,
    /// As its writer wrote it.
    pub(super) line: &'e str,
}

/// What a text looks like, by the examples.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Likely {
    pub(super) intent: IntentIndex,
    /// The next best.
    pub(super) rival: IntentIndex,
    /// 0 to 1: how often such a text is of this intent.
    pub(super) confidence: f32,
    /// How far ahead of the next it is.
    pub(super) lead: f32,
}

/// The examples of a playbook, learnt.
#[derive(Debug)]
pub(super) struct Examples {
    fillers: Fillers,
    by_form: FxHashMap<String, (IntentIndex, String)>,
    learnt: Option<Arc<Learnt>>,
    /// The intents that have examples: the classes of the model.
    intents: Vec<IntentIndex>,
}

/// How sure a repeated example makes.
pub(super) const REPEATED: f32 = 0.92;

static EXAMPLES: LazyLock<Shelf<Examples>> = LazyLock::new(Shelf::default);
/// Models are shared by all playbooks with the same examples.
static LEARNT: LazyLock<Shelf<Learnt>> = LazyLock::new(Shelf::default);

impl Examples {
    /// The examples of a playbook. Shops that have them in common share them.
    pub(super) fn of_playbook(playbook: &Playbook) -> Arc<Self> {
        let mut hasher = Sha256::new();
        for (id, intent) in playbook.intents.iter() {
            for line in Language::ALL.iter().filter_map(|of| intent.wording.get(of)).flat_map(|own| &own.examples) {
                for part in [id.as_str(), &line.text] {
                    hasher.update((part.len() as u64).to_le_bytes());
                    hasher.update(part);
                }
                hasher.update(line.level.to_le_bytes());
            }
            // An intent without examples has its place among the others too.
            hasher.update([0]);
        }
        EXAMPLES.of(&hex(hasher), || Self::of(playbook, &|_| false, |lessons| Some(model(lessons))))
    }

    /// Learns the same without some lines, and without keeping what comes of it: nobody else will ask for it.
    pub(super) fn learn_without(&self, playbook: &Playbook, is_left_out: &dyn Fn(&Line) -> bool) -> Self {
        Self::of(playbook, is_left_out, |lessons| {
            let whole = self.learnt.as_ref()?;
            Some(Arc::new(Learnt::learn_like(whole, &examples(lessons), classes(lessons))))
        })
    }

    fn of(
        playbook: &Playbook,
        is_left_out: &dyn Fn(&Line) -> bool,
        teach: impl FnOnce(&[Lesson<'_>]) -> Option<Arc<Learnt>>,
    ) -> Self {
        let fillers = Fillers::new();
        let (mut lessons, mut intents, mut by_form) = (Vec::new(), Vec::new(), FxHashMap::default());
        let mut doubtful = Vec::new();
        for (index, (id, intent)) in (0u32..).zip(playbook.intents.iter()) {
            let wordings = Language::ALL.iter().filter_map(|language| intent.wording.get(language));
            let lines: Vec<&Line> =
                wordings.flat_map(|wording| &wording.examples).filter(|line| !is_left_out(line)).collect();
            for line in &lines {
                let form = form(&fillers, line.clauses.iter().map(String::as_str));
                // A line of marks alone (？？) has no form; the form of nothing must match nothing.
                if form.is_empty() {
                    continue;
                }
                if let Some((other, _)) = by_form.insert(form.clone(), (index, line.text.clone()))
                    && other != index
                {
                    doubtful.push(form);
                }
            }
            let class = to_class(intents.len());
            let before = lessons.len();
            lessons.extend(lines.iter().filter(|line| !line.clauses.is_empty()).map(|line| Lesson {
                text: line.clauses.join("\n"),
                class,
                intent: id.as_str(),
                is_base: line.level == 0,
            }));
            if lessons.len() > before {
                intents.push(index);
            }
        }
        // An example under two intents says nothing of either.
        for form in doubtful {
            by_form.remove(&form);
        }
        let learnt = if intents.len() > 1 { teach(&lessons) } else { None };
        Self { fillers, by_form, learnt, intents }
    }

    /// The example that a message is, to the letter after normalising.
    pub(super) fn repeated(&self, text: &Text<'_>) -> Option<Known<'_>> {
        let form = form(&self.fillers, text.clauses().iter().map(|clause| text.clause(clause)));
        self.by_form.get(&form).map(|(intent, line)| Known { intent: *intent, line })
    }

    /// What a text in its normal form looks like.
    pub(super) fn likely(&self, normal: &str) -> Option<Likely> {
        let guess = self.learnt.as_ref()?.guess(normal);
        let intent = |class: Class| self.intents.get(class as usize).copied();
        Some(Likely {
            intent: intent(guess.class)?,
            rival: intent(guess.rival)?,
            confidence: guess.confidence,
            lead: guess.gap,
        })
    }

    /// Bytes that the model takes.
    pub(super) fn memory(&self) -> usize {
        self.learnt.as_ref().map_or(0, |learnt| learnt.bytes())
    }
}

/// An example as it is learnt.
#[derive(Clone, Debug)]
struct Lesson<'p> {
    text: String,
    class: Class,
    intent: &'p str,
    /// It stands in the base pack.
    is_base: bool,
}

/// The model of some lessons. One that differs from the base pack's in a few shares its calibration.
fn model(lessons: &[Lesson<'_>]) -> Arc<Learnt> {
    let digest = digest(lessons);
    let base: Vec<Lesson<'_>> = lessons.iter().filter(|lesson| lesson.is_base).cloned().collect();
    let is_mostly_base = base.len() < lessons.len() && base.len() * 2 > lessons.len();
    LEARNT.of(&digest, || {
        if let Some(learnt) = kept::get(&digest).as_deref().and_then(Learnt::from_bytes) {
            return learnt;
        }
        let threads = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        let learnt = if is_mostly_base {
            Learnt::learn_like(&model(&base), &examples(lessons), classes(lessons))
        } else {
            Learnt::learn(&examples(lessons), classes(lessons), threads)
        };
        kept::put(&digest, &learnt.to_bytes());
        learnt
    })
}

fn examples<'l>(lessons: &'l [Lesson<'_>]) -> Vec<Example<'l>> {
    lessons.iter().map(|lesson| Example { text: &lesson.text, class: lesson.class }).collect()
}

fn classes(lessons: &[Lesson<'_>]) -> usize {
    lessons.iter().map(|lesson| lesson.class as usize + 1).max().unwrap_or_default()
}

/// Names the lessons: the same ones teach the same.
fn digest(lessons: &[Lesson<'_>]) -> String {
    let mut hasher = Sha256::new();
    for Lesson { text, class, intent, .. } in lessons {
        for part in [text.as_bytes(), &class.to_le_bytes(), intent.as_bytes()] {
            hasher.update((part.len() as u64).to_le_bytes());
            hasher.update(part);
        }
    }
    hex(hasher)
}

fn hex(hasher: Sha256) -> String {
    hasher.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}

pub(super) fn form<'c>(fillers: &Fillers, clauses: impl Iterator<Item = &'c str>) -> String {
    let mut form = String::new();
    for clause in clauses {
        // `hello hello` is more than one hello.
        form.push_str(if fillers.are_all_of(clause) { clause } else { fillers.strip(clause) });
        form.push('\n');
    }
    form
}

fn to_class(number: usize) -> Class {
    Class::try_from(number).unwrap_or(Class::MAX)
}
