//! Phrases and examples against each other: what two intents claim, what is vetoed by its own intent, and what no
//! customer's words can ever match.

use std::collections::BTreeMap;

use rustc_hash::FxHashMap;

use crate::classify::{MOST_WORDS, lacks_an_alternative, together_words};
use crate::domain::{IntentId, Language};
use crate::playbook::Playbook;
use crate::playbook::diagnostic::{Bilingual, Diagnostic};
use crate::playbook::intent::{Intent, Line, Wording};
use crate::text::clauses_of;

pub(super) fn check(playbook: &Playbook) -> Vec<Diagnostic> {
    let mut told = Vec::new();
    let mut claims = Claims::default();
    for intent in playbook.intents.values() {
        let vetoes = vetoes(intent);
        for (language, wording) in &intent.wording {
            dead(wording, &mut told);
            vetoed(wording, &vetoes, &mut told);
            claims.add(*language, &intent.id, wording);
        }
    }
    told.extend(claims.shared());
    told
}

/// A mistake in a line of a block.
fn at(line: &Line, mut mistake: Diagnostic) -> Diagnostic {
    mistake.place = line.place.clone();
    mistake.source = Some(line.text.clone());
    mistake
}

/// Lines that no clause of a message can match.
fn dead(wording: &Wording, told: &mut Vec<Diagnostic>) {
    for line in wording.phrases.iter().chain(&wording.whole).chain(&wording.unless) {
        let mistake = match line.clauses.len() {
            1 => continue,
            0 => Bilingual::new("这一行只有标点或符号，永远命不中", "only marks and signs: this line never matches"),
            _ => Bilingual::new(
                "这一行中间有标点，客户的话按标点断开，永远命不中",
                "marks part this line; a message is read part by part, so it never matches",
            ),
        };
        let help = Bilingual::new("拆成几行，或者去掉标点", "write several lines, or leave the marks out");
        told.push(at(line, Diagnostic::error("dead-phrase", line.place.clone(), mistake).with_help(help)));
    }
    for line in &wording.together {
        if lacks_an_alternative(&line.text) {
            let mistake = Bilingual::new(
                "“/”有一边没有词：写成 几天/多久，中间不留空格",
                "a `/` has no word on one of its sides: alternatives are written a/b, without blanks",
            );
            told.push(at(line, Diagnostic::error("dead-phrase", line.place.clone(), mistake)));
            continue;
        }
        let words = together_words(&line.text);
        let is_cut =
            line.text.split([' ', '\u{3000}', '、', '，', ',', '\t', '/', '／']).any(|word| clauses_of(word).len() > 1);
        if !words.is_empty() && words.len() <= MOST_WORDS && !is_cut {
            continue;
        }
        let zh = format!("同时含的词要用空格隔开，最多 {MOST_WORDS} 个；这一行命不中");
        let en = format!(
            "words of `together` are parted by spaces, {MOST_WORDS} at most; this line can't match as it is written"
        );
        told.push(at(line, Diagnostic::error("dead-phrase", line.place.clone(), Bilingual::new(zh, en))));
    }
}

/// The vetoes of an intent in normal form; they hold in every language.
fn vetoes(intent: &Intent) -> Vec<(String, &Line)> {
    let lines = intent.wording.values().flat_map(|wording| &wording.unless);
    lines.filter_map(|line| Some((line.clauses.first()?.clone(), line))).collect()
}

/// Phrases that hold one of their own intent's vetoes.
fn vetoed(wording: &Wording, vetoes: &[(String, &Line)], told: &mut Vec<Diagnostic>) {
    let phrases = wording.phrases.iter().chain(&wording.whole);
    let phrases = phrases.map(|line| (line, line.clauses.iter().map(|clause| vec![clause.clone()]).collect()));
    let rules = wording.together.iter().map(|line| (line, together_words(&line.text)));
    let veto_in = |word: &String| vetoes.iter().find(|(veto, _)| holds(word, veto));
    for (line, places) in phrases.chain(rules) {
        let places: Vec<Vec<String>> = places;
        // A place with an alternative that nothing vetoes leaves the line a way to match.
        let closed = places.iter().find(|place| place.iter().all(|word| veto_in(word).is_some()));
        let Some((_, veto)) = closed.and_then(|place| place.iter().find_map(veto_in)) else { continue };
        let zh = format!("“{}”被本意图的排除词“{}”否决，永远命不中", line.text, veto.text);
        let en = format!("\"{}\" is vetoed by its own intent's unless \"{}\": it never matches", line.text, veto.text);
        let mistake = at(line, Diagnostic::warning("vetoed-phrase", line.place.clone(), Bilingual::new(zh, en)));
        let (file, at) = (&veto.place.file, veto.place.line);
        told.push(mistake.with_help(Bilingual::new(
            format!("去掉其中一行；排除词在 {file}:{at}"),
            format!("take one of the two away; the veto stands in {file}:{at}"),
        )));
    }
}

/// Whether a text holds a pattern that cuts no Latin word in two, as the classifier finds it.
fn holds(text: &str, pattern: &str) -> bool {
    let joins = |at: usize| {
        let (before, after) = (text[..at].chars().next_back(), text[at..].chars().next());
        before.is_some_and(|c| c.is_ascii_alphabetic()) && after.is_some_and(|c| c.is_ascii_alphabetic())
    };
    text.match_indices(pattern).any(|(at, _)| !joins(at) && !joins(at + pattern.len()))
}

/// Which list a line stands in.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum List {
    Phrases,
    Whole,
    Examples,
}

type Claimants<'p> = Vec<(&'p IntentId, &'p Line)>;

/// Who claims which words.
#[derive(Default)]
struct Claims<'p> {
    by_form: FxHashMap<(Language, List, Box<[String]>), Claimants<'p>>,
}

impl<'p> Claims<'p> {
    fn add(&mut self, language: Language, id: &'p IntentId, wording: &'p Wording) {
        let lists =
            [(List::Phrases, &wording.phrases), (List::Whole, &wording.whole), (List::Examples, &wording.examples)];
        for (list, lines) in lists {
            for line in lines {
                let form = line.clauses.clone();
                if !form.is_empty() {
                    self.by_form.entry((language, list, form)).or_default().push((id, line));
                }
            }
        }
    }

    /// Of one layer alone: a higher layer's claim beats a lower one's.
    fn shared(&self) -> Vec<Diagnostic> {
        let mut told: BTreeMap<(String, u32), Diagnostic> = BTreeMap::new();
        for ((_, list, _), claimants) in &self.by_form {
            let Some((first, before)) = claimants.first() else { continue };
            for (id, line) in claimants.iter().filter(|(id, line)| id != first && line.level == before.level) {
                let mistake = shared(*list, line, first, before, id);
                told.insert((line.place.file.to_string(), line.place.line), mistake);
            }
        }
        told.into_values().collect()
    }
}

fn shared(list: List, line: &Line, first: &IntentId, before: &Line, id: &IntentId) -> Diagnostic {
    let (text, file, number) = (&line.text, &before.place.file, before.place.line);
    if list == List::Examples {
        let message = Bilingual::new(
            format!("例句“{text}”同时属于 {first} 和 {id}"),
            format!("the example \"{text}\" stands under {first} and {id}"),
        );
        let help = Bilingual::new(
            format!("只留一处；另一处在 {file}:{number}"),
            format!("keep one; the other stands in {file}:{number}"),
        );
        return at(line, Diagnostic::warning("shared-example", line.place.clone(), message).with_help(help));
    }
    let message = Bilingual::new(
        format!("“{text}”同时属于 {first} 和 {id}：客户每次都会被问是哪一个"),
        format!("\"{text}\" stands under {first} and {id}: customers will be asked which they mean"),
    );
    let help = Bilingual::new(
        format!("只留一处，或者写得更长；另一处在 {file}:{number}"),
        format!("keep one, or make one longer; the other stands in {file}:{number}"),
    );
    at(line, Diagnostic::warning("shared-phrase", line.place.clone(), message).with_help(help))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_veto_is_found_as_the_classifier_finds_it() {
        assert!(holds("我要退货", "退货") && holds("where is it", "where"));
        assert!(!holds("another one", "other") && !holds("包邮吗", "退货"));
    }
}
