//! Stretches of messages, and in whose lines each of them stands.

use std::ops::Range;

use rustc_hash::{FxHashMap, FxHashSet};
use smallvec::SmallVec;

use crate::domain::IntentId;
use crate::playbook::Playbook;
use crate::playbook::intent::Wording;
use crate::text::is_han;

/// Words that stand everywhere, and that no stretch should begin or end with.
const LIGHT: &[&str] = &[
    "的", "了", "吗", "呢", "啊", "吧", "呀", "哦", "嘛", "着", "就", "都", "也", "还", "我", "你", "您", "们", "在",
    "是", "这", "那", "个", "一", "下", "有", "给", "a", "an", "the", "of", "to", "is", "are", "am", "was", "it",
    "its", "i", "me", "my", "you", "your", "and", "or", "in", "on", "at", "for", "do", "does", "did", "can", "be",
    "have", "has", "with", "that", "this", "s", "t", "m",
];
/// An end that cuts a word in two is as bad as so many more characters.
const CUT: usize = 2;
/// Longer stretches are whole messages.
const LONGEST: usize = 10;

/// The words of a text in normal form: a Han character, a Latin word, a number.
pub(super) fn words(clause: &str) -> SmallVec<[Range<usize>; 24]> {
    let mut words: SmallVec<[Range<usize>; 24]> = SmallVec::new();
    let mut open: Option<usize> = None;
    for (at, c) in clause.char_indices() {
        let joins = c.is_alphanumeric() && !is_han(c);
        if let (Some(start), false) = (open, joins) {
            words.push(start..at);
            open = None;
        }
        if is_han(c) {
            words.push(at..at + c.len_utf8());
        } else if joins {
            open = open.or(Some(at));
        }
    }
    words.extend(open.map(|start| start..clause.len()));
    words
}

/// A stretch of a clause, as it could be written into a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Stretch {
    pub(crate) text: String,
    han: usize,
    latin: usize,
    /// It says something besides light words.
    says_something: bool,
    /// How many of its ends are light words.
    loose_ends: usize,
}

impl Stretch {
    /// Enough to be a phrase of its own.
    pub(crate) fn is_a_phrase(&self) -> bool {
        self.says_something && (self.han >= 3 || self.latin >= 2 || (self.han >= 2 && self.latin >= 1))
    }

    /// Enough to be a veto.
    pub(crate) fn is_a_veto(&self) -> bool {
        self.says_something && self.loose_ends == 0 && (self.han >= 2 || self.latin >= 1)
    }

    /// Shorter is better, and so is what ends where words do.
    pub(super) fn cost(&self, index: &Index<'_>) -> usize {
        self.han + self.latin + self.loose_ends + CUT * index.cuts(&self.text)
    }
}

/// Every stretch of some clauses, each once.
pub(crate) fn of(clauses: &[String]) -> Vec<Stretch> {
    let mut found: Vec<Stretch> = Vec::new();
    for clause in clauses {
        let words = words(clause);
        for_each(clause, &words, |text, range| {
            if found.iter().any(|stretch| stretch.text == text) {
                return;
            }
            let own = &words[range];
            let is_light = |word: &Range<usize>| is_light(&clause[word.clone()]);
            let han = own.iter().filter(|word| clause[(*word).clone()].chars().all(is_han)).count();
            let ends = [own.first(), own.last()];
            found.push(Stretch {
                text: text.to_owned(),
                han,
                latin: own.len() - han,
                says_something: own.iter().any(|word| !is_light(word)),
                loose_ends: ends.into_iter().flatten().filter(|word| is_light(word)).count(),
            });
        });
    }
    found
}

/// Numbers and single letters say as little as small words do.
fn is_light(word: &str) -> bool {
    word.len() == 1 || word.contains(|c: char| c.is_ascii_digit()) || LIGHT.contains(&word)
}

fn for_each<'c>(clause: &'c str, words: &[Range<usize>], mut tell: impl FnMut(&'c str, Range<usize>)) {
    for from in 0..words.len() {
        for to in from + 1..=words.len().min(from + LONGEST) {
            tell(&clause[words[from].start..words[to - 1].end], from..to);
        }
    }
}

/// Which words stand beside a stretch.
#[derive(Debug, Default, PartialEq, Eq)]
enum Beside {
    #[default]
    Unseen,
    /// Always this one: the stretch is a piece of longer words.
    Only(Box<str>),
    /// Several, or an edge of a clause.
    Various,
}

impl Beside {
    fn see(&mut self, word: Option<&str>) {
        match (&*self, word) {
            (Self::Unseen, Some(word)) => *self = Self::Only(word.into()),
            (Self::Only(only), Some(word)) if **only == *word => (),
            _ => *self = Self::Various,
        }
    }
}

/// In whose lines a stretch stands.
#[derive(Debug, Default)]
struct Uses<'p> {
    before: Beside,
    after: Beside,
    /// Whole messages of an intent, and how many of them.
    meant: SmallVec<[(&'p IntentId, usize); 2]>,
    /// Phrases of an intent.
    claimed: SmallVec<[&'p IntentId; 2]>,
    /// Messages that an intent must not match.
    refused: SmallVec<[&'p IntentId; 2]>,
}

/// Where stretches stand in a playbook.
#[derive(Debug)]
pub(super) struct Index<'p> {
    uses: FxHashMap<String, Uses<'p>>,
}

impl<'p> Index<'p> {
    /// Looks these stretches up in every line.
    pub(super) fn of(playbook: &'p Playbook, wanted: impl Iterator<Item = String>) -> Self {
        let mut index = Self { uses: wanted.map(|text| (text, Uses::default())).collect() };
        for intent in playbook.intents.values() {
            // A message under two headings is one message.
            let mut read = FxHashSet::default();
            for wording in intent.wording.values() {
                index.read(&intent.id, wording, &mut read);
            }
        }
        index
    }

    fn read(&mut self, id: &'p IntentId, wording: &'p Wording, read: &mut FxHashSet<&'p [String]>) {
        for line in wording.examples.iter().chain(&wording.should_match).filter(|line| read.insert(&line.clauses)) {
            self.stand(&line.clauses, |uses| match uses.meant.last_mut() {
                Some((last, number)) if *last == id => *number += 1,
                _ => uses.meant.push((id, 1)),
            });
        }
        for line in wording.phrases.iter().chain(&wording.whole) {
            self.stand(&line.clauses, |uses| uses.claimed.push(id));
        }
        for line in &wording.should_not_match {
            self.stand(&line.clauses, |uses| uses.refused.push(id));
        }
    }

    /// Each wanted stretch in some clauses, once.
    fn stand(&mut self, clauses: &[String], mut tell: impl FnMut(&mut Uses<'p>)) {
        let mut seen: FxHashSet<&str> = FxHashSet::default();
        for clause in clauses {
            let words = words(clause);
            for_each(clause, &words, |text, range| {
                let Some(uses) = self.uses.get_mut(text) else { return };
                let word = |at: Option<usize>| at.and_then(|at| words.get(at)).map(|word| &clause[word.clone()]);
                uses.before.see(word(range.start.checked_sub(1)));
                uses.after.see(word(Some(range.end)));
                if seen.insert(text) {
                    tell(uses);
                }
            });
        }
    }

    /// How many ends of a stretch cut words in two, as far as the lines show it: the same word always stands beside them.
    pub(super) fn cuts(&self, text: &str) -> usize {
        let is_cut = |beside: &Beside| matches!(beside, Beside::Only(_));
        self.uses.get(text).map_or(0, |uses| usize::from(is_cut(&uses.before)) + usize::from(is_cut(&uses.after)))
    }

    /// In how many messages of the intent a stretch stands that stands in no other's messages or phrases.
    pub(super) fn only_of(&self, text: &str, id: &IntentId) -> Option<usize> {
        let uses = self.uses.get(text)?;
        let is_own = uses.claimed.iter().all(|other| *other == id) && !uses.refused.contains(&id);
        match &uses.meant[..] {
            [(only, number)] if *only == id && is_own => Some(*number),
            _ => None,
        }
    }

    /// In how many messages of `id` a stretch stands that stands in no message or phrase of `other`.
    pub(super) fn apart(&self, text: &str, id: &IntentId, other: &IntentId) -> Option<usize> {
        let uses = self.uses.get(text)?;
        let is_others = uses.claimed.contains(&other) || uses.meant.iter().any(|(meant, _)| *meant == other);
        let own = uses.meant.iter().find(|(meant, _)| *meant == id);
        own.map(|(_, number)| *number).filter(|_| !is_others)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_characters_in_chinese_and_words_in_english() {
        let cut = |text: &str| words(text).iter().map(|word| text[word.clone()].to_owned()).collect::<Vec<_>>();
        assert_eq!(cut("iphone15怎么退"), ["iphone15", "怎", "么", "退"]);
        assert_eq!(cut("where's it"), ["where", "s", "it"]);
        assert!(cut("+ -").is_empty());
    }

    #[test]
    fn a_phrase_has_three_characters_or_two_words_that_say_something() {
        let of = |text: &str| {
            let all = super::of(&[text.to_owned()]);
            let phrases: Vec<String> =
                all.into_iter().filter(Stretch::is_a_phrase).map(|stretch| stretch.text).collect();
            phrases
        };
        assert_eq!(of("开发票"), ["开发票"]);
        assert_eq!(of("is it the parcel"), ["is it the parcel", "it the parcel", "the parcel"]);
        assert!(of("我的了").is_empty() && of("退货").is_empty());
    }

    #[test]
    fn what_is_a_piece_of_a_word_is_seen() {
        let mut index = Index {
            uses: ["单怎", "订单", "怎么"].map(|text| (text.to_owned(), Uses::default())).into_iter().collect(),
        };
        for clause in ["订单怎么样了", "运单怎么查", "我的订单"] {
            index.stand(&[clause.to_owned()], |_| ());
        }
        assert_eq!((index.cuts("单怎"), index.cuts("订单"), index.cuts("怎么")), (1, 0, 1));
    }
}
