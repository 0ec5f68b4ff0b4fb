//! One automaton over every phrase, word and veto of the playbook: a message is read once, however many intents there are.

use aho_corasick::{AhoCorasick, AhoCorasickBuilder, BuildError, MatchKind};
use rustc_hash::FxHashMap;

use crate::domain::{Alarm, IntentId, Language};
use crate::playbook::Playbook;
use crate::playbook::intent::Line;
use crate::text::{self, Text};

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
    /// One of the words of a `together` line.
    Word { rule: u32, word: u8 },
    /// A veto.
    Unless { intent: IntentIndex, line: u32 },
    /// The clause asks for something.
    Asking,
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
    pub(super) words: u8,
}

/// The automaton and what its patterns mean.
#[derive(Debug)]
pub(super) struct Phrases {
    automaton: AhoCorasick,
    /// For each pattern, the stretch of `claims` that is its own.
    claims_of: Vec<(u32, u32)>,
    claims: Vec<Claim>,
    pub(super) rules: Vec<Rule>,
    /// The lines as their writers wrote them.
    pub(super) lines: Vec<String>,
    pub(super) intents: Vec<IntentId>,
    /// What may stand between a negator and what is not wanted.
    pub(super) between: Between,
}

/// More words in a `together` line than anyone writes; the rest of such a line is left out by the compiler.
pub const MOST_WORDS: usize = 8;

impl Phrases {
    pub(super) fn compile(playbook: &Playbook) -> Result<Self, BuildError> {
        let mut making = Making::default();
        for (index, intent) in playbook.intents.values().enumerate() {
            let index = to_u32(index);
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
        for text in word_lists::asking() {
            making.claim(text, Claim::Asking);
        }
        for (alarm, text) in word_lists::alarms() {
            making.claim(text, alarm.map_or(Claim::Calm, Claim::Alarm));
        }
        for (is_negator, text) in word_lists::negators() {
            making.claim(text, if is_negator { Claim::Negator } else { Claim::NoNegator });
        }
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
        for found in self.automaton.find_overlapping_iter(normal) {
            while text.clauses().get(clause).is_some_and(|at| at.range.end < found.end()) {
                clause += 1;
            }
            let cut = cut(normal.as_bytes(), found.start(), found.end());
            if clause >= text.clauses().len() || cut == Cut::Word {
                continue;
            }
            let (from, to) = self.claims_of[found.pattern().as_usize()];
            for claim in &self.claims[from as usize..to as usize] {
                // A veto may begin within a number: `00个` is any hundred.
                if cut == Cut::Number && !matches!(claim, Claim::Unless { .. }) {
                    continue;
                }
                hits.push(Hit { claim: *claim, clause, start: found.start(), end: found.end() });
            }
        }
    }

    /// Bytes that the automaton takes.
    pub(super) fn memory(&self) -> usize {
        self.automaton.memory_usage() + self.claims.len() * size_of::<Claim>() + self.claims_of.len() * 8
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

#[derive(Default)]
struct Making {
    patterns: FxHashMap<String, Vec<Claim>>,
    rules: Vec<Rule>,
    lines: Vec<String>,
}

impl Making {
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
            let number = self.line(line);
            // A line with punctuation inside can't match within one clause; lint tells its writer.
            if let [pattern] = &line.clauses[..] {
                self.claim(pattern.clone(), claim(number));
            }
        }
    }

    fn rule(&mut self, intent: IntentIndex, line: &Line) {
        let words: Vec<String> = together_words(&line.text);
        if words.is_empty() || words.len() > MOST_WORDS {
            return;
        }
        let number = self.line(line);
        let rule = to_u32(self.rules.len());
        self.rules.push(Rule { intent, line: number, words: u8::try_from(words.len()).unwrap_or(0) });
        for (word, text) in (0u8..).zip(words) {
            self.claim(text, Claim::Word { rule, word });
        }
    }

    fn line(&mut self, line: &Line) -> u32 {
        self.lines.push(line.text.clone());
        to_u32(self.lines.len() - 1)
    }

    fn finish(self, intents: Vec<IntentId>) -> Result<Phrases, BuildError> {
        let mut patterns: Vec<(String, Vec<Claim>)> = self.patterns.into_iter().collect();
        patterns.sort_by(|a, b| a.0.cmp(&b.0));
        let (mut claims, mut claims_of) = (Vec::new(), Vec::new());
        for (_, own) in &patterns {
            let from = to_u32(claims.len());
            claims.extend_from_slice(own);
            claims_of.push((from, to_u32(claims.len())));
        }
        let mut builder = AhoCorasickBuilder::new();
        builder.match_kind(MatchKind::Standard);
        let automaton = builder.build(patterns.iter().map(|(text, _)| text))?;
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

/// The words of a `together` line, in normal form. `_` joins what belongs together in English.
#[must_use]
pub fn together_words(line: &str) -> Vec<String> {
    line.split([' ', '\u{3000}', '、', '，', ',', '\t'])
        .filter_map(|word| text::clauses_of(&word.replace('_', " ")).into_iter().next())
        .collect()
}
