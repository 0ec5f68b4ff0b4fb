//! Examples of several intents that say the same.

use std::collections::BTreeMap;

use super::stretches::words;
use crate::domain::{IntentId, Language};
use crate::playbook::Playbook;
use crate::playbook::intent::Line;

/// Examples of several intents that are one message, but for its order and for words that say nothing.
#[derive(Clone, Debug)]
pub struct Twins<'p> {
    /// With their intents, in the order of these.
    pub lines: Vec<(&'p IntentId, &'p Line)>,
    /// They are the same to the letter.
    pub is_same: bool,
}

/// Words without which a message says the same.
const SAYS_NOTHING: &[&str] = &[
    "的", "了", "吗", "呢", "啊", "吧", "呀", "哦", "嘛", "哈", "请", "问", "亲", "a", "an", "the", "please", "hi",
    "hello",
];
/// Of fewer words, many make another message in another order.
const WORDS_AT_LEAST: usize = 3;

pub(super) fn find(playbook: &Playbook) -> Vec<Twins<'_>> {
    let mut by_words: BTreeMap<Vec<&str>, Vec<(&IntentId, &Line)>> = BTreeMap::new();
    for intent in playbook.intents.values() {
        let wordings = Language::ALL.iter().filter_map(|language| intent.wording.get(language));
        for line in wordings.flat_map(|wording| &wording.examples).filter(|line| !line.clauses.is_empty()) {
            by_words.entry(said(line)).or_default().push((&intent.id, line));
        }
    }
    let is_shared = |lines: &[(&IntentId, &Line)]| lines.iter().any(|(id, _)| *id != lines[0].0);
    let twins = by_words.into_values().filter(|lines| is_shared(lines)).map(|lines| {
        let is_same = lines.iter().all(|(_, line)| line.clauses == lines[0].1.clauses);
        Twins { lines, is_same }
    });
    let mut twins: Vec<_> = twins.collect();
    twins.sort_by(|a, b| a.lines[0].1.place.cmp(&b.lines[0].1.place));
    twins
}

/// What a message says, whatever the order.
fn said(line: &Line) -> Vec<&str> {
    let clauses = line.clauses.iter();
    let all: Vec<&str> = clauses.flat_map(|clause| words(clause).into_iter().map(move |at| &clause[at])).collect();
    let mut said: Vec<&str> = all.iter().copied().filter(|word| !SAYS_NOTHING.contains(word)).collect();
    if said.len() < WORDS_AT_LEAST {
        return all;
    }
    said.sort_unstable();
    said
}
