//! Every phrase, word and veto of the playbook as patterns that claim something: a message is read once, however many
//! intents there are.

use std::sync::Arc;

use aho_corasick::BuildError;
use rustc_hash::FxHashMap;

use crate::domain::{Alarm, IntentId, Language};
use crate::playbook::Playbook;
use crate::playbook::intent::{Intent, Line};
use crate::text::{self, Text};

use super::automaton::Automaton;
use super::together::{MOST_WORDS, together_words};
use super::word_lists::{self, Between};

/// Which intent, by its place in the classifier's list.
pub(super) type IntentIndex = u32;

/// What a pattern of the automaton says when it is found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Claim {
    /// A phrase of an intent.
    Phrase { intent: IntentIndex, line: u32 },
    /// Only if it is the clause.
    Whole { intent: IntentIndex, line: u32 },
    /// A word for one of the places of a `together` line.
    Word { rule: u32, word: u8 },
    /// A veto.
    Unless { intent: IntentIndex, line: u32 },
    /// The clause asks for something.
    Asking,
    /// It asks for nothing by words within these.
    Telling,
    /// A person should look.
    Alarm(Alarm),
    /// An alarm within these words is none.
    Calm,
    /// What follows is not wanted.
    Negator,
    /// A negator within these words is none.
    NoNegator,
}

/// A pattern found in a text.
#[derive(Clone, Copy, Debug)]
pub(super) struct Hit {
    pub(super) claim: Claim,
    /// Which clause of the text.
    pub(super) clause: usize,
    /// Bytes of the normal form.
    pub(super) start: usize,
    pub(super) end: usize,
}

/// A `together` line.
#[derive(Debug)]
pub(super) struct Rule {
    pub(super) intent: IntentIndex,
    pub(super) line: u32,
    /// Its places, each for one word.
    pub(super) words: u8,
}

/// The automaton and what its patterns mean.
#[derive(Debug)]
pub(super) struct Phrases {
    automaton: Automaton,
    /// For each pattern, the stretch of `claims` that is its own.
    claims_of: Vec<(u32, u32)>,
    claims: Vec<Claim>,
    pub(super) rules: Vec<Rule>,
    lines: Lines,
    pub(super) intents: Vec<IntentId>,
    /// What may stand between a negator and what is not wanted.
    pub(super) between: Between,
}

impl Phrases {
    pub(super) fn compile(playbook: &Playbook) -> Result<Self, BuildError> {
        let mut making = Making::of(playbook.intents.values());
        for text in playbook.settings.risk_words.iter().flat_map(|word| text::clauses_of(word)) {
            making.claim(text, Claim::Alarm(Alarm::Risk));
        }
        making.finish(playbook.intents.keys().cloned().collect())
    }

    /// Every pattern in the text that does not cut a Latin word or a number in two, in the order of their ends.
    pub(super) fn find(&self, text: &Text<'_>, hits: &mut Vec<Hit>) {
        hits.clear();
        let normal = text.normal();
        let mut clause = 0;
        for found in self.automaton.find(normal) {
            while text.clauses().get(clause).is_some_and(|at| at.range.end < found.end) {
                clause += 1;
            }
            let cut = cut(normal.as_bytes(), found.start, found.end);
            if clause >= text.clauses().len() || cut == Cut::Word {
                continue;
            }
            let (from, to) = self.claims_of[found.pattern];
            for claim in &self.claims[from as usize..to as usize] {
                // A veto may begin within a number: `00个` is any hundred.
                if cut == Cut::Number && !matches!(claim, Claim::Unless { .. }) {
                    continue;
                }
                hits.push(Hit { claim: *claim, clause, start: found.start, end: found.end });
            }
        }
    }

    /// A line as its writer wrote it.
    pub(super) fn line(&self, number: u32) -> &str {
        self.lines.get(number)
    }

    /// Bytes that the automaton takes, besides what is shared.
    pub(super) fn memory(&self) -> usize {
        self.automaton.memory() + self.claims.len() * size_of::<Claim>() + self.claims_of.len() * 8
    }
}

/// What a match cuts in two.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Cut {
    Nothing,
    Number,
    Word,
}

fn cut(text: &[u8], start: usize, end: usize) -> Cut {
    let between = |at: usize| match (at.checked_sub(1).and_then(|before| text.get(before)), text.get(at)) {
        (Some(left), Some(right)) if left.is_ascii_digit() && right.is_ascii_digit() => Cut::Number,
        (Some(left), Some(right)) if left.is_ascii_alphabetic() && right.is_ascii_alphabetic() => Cut::Word,
        _ => Cut::Nothing,
    };
    match (between(start), between(end)) {
        (Cut::Word, _) | (_, Cut::Word) => Cut::Word,
        (Cut::Number, _) | (_, Cut::Number) => Cut::Number,
        _ => Cut::Nothing,
    }
}

fn to_u32(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

/// Some thousand short texts in one piece.
#[derive(Debug, Default)]
struct Lines {
    text: String,
    ends: Vec<u32>,
}

impl Lines {
    fn add(&mut self, line: &str) -> u32 {
        self.text.push_str(line);
        self.ends.push(to_u32(self.text.len()));
        to_u32(self.ends.len() - 1)
    }

    fn get(&self, number: u32) -> &str {
        let end = |number: usize| self.ends.get(number).map_or(0, |end| *end as usize);
        let start = (number as usize).checked_sub(1).map_or(0, end);
        self.text.get(start..end(number as usize)).unwrap_or_default()
    }
}

/// Every pattern of these intents and of the lists that all shops have in common.
pub(super) fn patterns_of<'i>(intents: impl Iterator<Item = &'i Arc<Intent>>) -> FxHashMap<String, Vec<Claim>> {
    Making::of(intents).patterns
}

#[derive(Default)]
struct Making {
    patterns: FxHashMap<String, Vec<Claim>>,
    rules: Vec<Rule>,
    lines: Lines,
}

impl Making {
    fn of<'i>(intents: impl Iterator<Item = &'i Arc<Intent>>) -> Self {
        let mut making = Self::default();
        for (index, intent) in (0u32..).zip(intents) {
            for language in Language::ALL {
                let Some(wording) = intent.wording.get(&language) else { continue };
                making.lines_as(&wording.phrases, |line| Claim::Phrase { intent: index, line });
                making.lines_as(&wording.whole, |line| Claim::Whole { intent: index, line });
                making.lines_as(&wording.unless, |line| Claim::Unless { intent: index, line });
                for line in &wording.together {
                    making.rule(index, line);
                }
            }
        }
        for (asks, text) in word_lists::asking() {
            making.claim(text, if asks { Claim::Asking } else { Claim::Telling });
        }
        for (alarm, text) in word_lists::alarms() {
            making.claim(text, alarm.map_or(Claim::Calm, Claim::Alarm));
        }
        for (is_negator, text) in word_lists::negators() {
            making.claim(text, if is_negator { Claim::Negator } else { Claim::NoNegator });
        }
        making
    }

    fn claim(&mut self, pattern: String, claim: Claim) {
        if !pattern.is_empty() {
            let claims = self.patterns.entry(pattern).or_default();
            if !claims.contains(&claim) {
                claims.push(claim);
            }
        }
    }

    fn lines_as(&mut self, lines: &[Line], claim: impl Fn(u32) -> Claim) {
        for line in lines {
            let number = self.lines.add(&line.text);
            // A line with punctuation inside can't match within one clause; lint tells its writer.
            if let [pattern] = &line.clauses[..] {
                self.claim(pattern.clone(), claim(number));
            }
        }
    }

    fn rule(&mut self, intent: IntentIndex, line: &Line) {
        let places = together_words(&line.text);
        if places.is_empty() || places.len() > MOST_WORDS {
            return;
        }
        let number = self.lines.add(&line.text);
        let rule = to_u32(self.rules.len());
        self.rules.push(Rule { intent, line: number, words: u8::try_from(places.len()).unwrap_or(0) });
        for (word, alternatives) in (0u8..).zip(places) {
            for text in alternatives {
                self.claim(text, Claim::Word { rule, word });
            }
        }
    }

    fn finish(mut self, intents: Vec<IntentId>) -> Result<Phrases, BuildError> {
        self.lines.text.shrink_to_fit();
        let (automaton, numbered) = Automaton::compile(self.patterns)?;
        let (mut claims, mut claims_of) = (Vec::new(), Vec::with_capacity(numbered.len()));
        for own in numbered {
            let from = to_u32(claims.len());
            claims.extend(own);
            claims_of.push((from, to_u32(claims.len())));
        }
        claims.shrink_to_fit();
        Ok(Phrases {
            automaton,
            claims_of,
            claims,
            rules: self.rules,
            lines: self.lines,
            intents,
            between: Between::new(),
        })
    }
}
