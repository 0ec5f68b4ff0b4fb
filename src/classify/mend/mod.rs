//! Mending: what was typed with slips is read as what was meant, before phrases and rules look at it.
//!
//! A text is mended only where something unknown stands in it that can be one known thing alone. Known is what the
//! playbook says itself and what everybody says (`lexicon/ordinary_*.tsv`); what is known stays. The mended text leads back
//! to the original, letter by letter; slots and names are read from the text as it was written.
//!
//! In this order: marks, pictures and doubled characters between the letters of a word ([`parted`]); what the shop's
//! customers write for short (`lexicon/shorthand.tsv`); Chinese spelt in Latin letters ([`spelt`]); slips in Latin words
//! ([`latin`]); characters that sound like others ([`han`]).

use std::ops::Range;

use rustc_hash::{FxHashMap, FxHashSet};
use smallvec::SmallVec;

use crate::playbook::Playbook;
use crate::text::{Replacement, Text, is_han};

use super::together::together_words;

mod han;
mod latin;
mod parted;
mod sounds;
mod spelt;
mod words;

use han::{Code, Grams, Place, Source, character, code};
use latin::Latin;
use parted::Parted;
use spelt::Spelt;

/// What is understood through mended words is a little less sure: of 12 mends in 4,527 messages of real chats one
/// was doubtful. A phrase that explains its clause stays above the default threshold with up to four of them.
const MENDED: f32 = 0.97;

/// How much surer words as they were typed are than words with so many mends.
pub(super) fn sureness(mends: usize) -> f32 {
    MENDED.powi(i32::try_from(mends).unwrap_or(i32::MAX))
}

/// So many unknown Latin words of a text are looked up: each costs some tens of microseconds.
const SLIPS_AT_MOST: usize = 6;
/// So many words are in the longest line of the shorthand list.
const SHORTHAND_WORDS: usize = 2;

const SHORTHAND: &str = include_str!("../../../lexicon/shorthand.tsv");

/// Reads slips as what was meant. Compiled from a playbook's own words.
#[derive(Debug)]
pub(super) struct Mender {
    grams: Grams,
    latin: Latin,
    whole: FxHashSet<Box<str>>,
    shorthand: FxHashMap<&'static str, Shorthand>,
}

/// What a short form stands for.
#[derive(Clone, Copy, Debug)]
struct Shorthand {
    read_as: &'static str,
    /// An English word for which Chinese stands only beside Chinese.
    is_english: bool,
}

impl Mender {
    pub(super) fn of(playbook: &Playbook) -> Self {
        let mut mender = Self {
            grams: Grams::default(),
            latin: Latin::default(),
            whole: FxHashSet::default(),
            shorthand: SHORTHAND.lines().skip(1).filter_map(shorthand).collect(),
        };
        for wording in playbook.intents.values().flat_map(|intent| intent.wording.values()) {
            for (lines, source) in [
                (&wording.phrases, Source::Phrase),
                (&wording.unless, Source::Phrase),
                (&wording.whole, Source::Whole),
                (&wording.examples, Source::Example),
            ] {
                lines.iter().flat_map(|line| &*line.clauses).for_each(|clause| mender.learn(clause, source));
            }
            for word in wording.together.iter().flat_map(|line| together_words(&line.text)).flatten() {
                mender.learn(&word, Source::Whole);
            }
            mender
                .whole
                .extend(wording.whole.iter().flat_map(|line| line.clauses.iter().map(|own| own.as_str().into())));
        }
        mender.grams.finish();
        mender.latin.finish();
        mender
    }

    fn learn(&mut self, clause: &str, source: Source) {
        self.grams.learn(clause, source);
        if clause.bytes().any(|byte| byte.is_ascii_alphabetic()) {
            self.latin.learn(clause, source);
        }
    }

    /// The text as it was meant; `None`: it stands as it is. `is_taken` says which stretches of the original are names
    /// and numbers, which are left alone.
    pub(super) fn mend<'a>(&self, text: &Text<'a>, is_taken: &dyn Fn(&Range<usize>) -> bool) -> Option<Text<'a>> {
        let mut found = Vec::new();
        let parted = Parted { grams: &self.grams, latin: &self.latin, whole: &self.whole };
        parted.find(text, is_taken, &mut found);
        let joined = (!found.is_empty()).then(|| text.with(&found));
        found.clear();
        let read = joined.as_ref().unwrap_or(text);
        let mut tries = SLIPS_AT_MOST;
        for clause in read.clauses() {
            let mut mending = Mending { mender: self, text: read, clause: &clause.range, is_taken, found: &mut found };
            mending.latin_words(&mut tries);
            mending.characters();
        }
        found.sort_by_key(|one| one.range.start);
        if found.is_empty() { joined } else { Some(read.with(&found)) }
    }

    /// Bytes that it takes, about.
    pub(super) fn memory(&self) -> usize {
        self.grams.memory() + self.latin.memory()
    }
}

fn shorthand(row: &'static str) -> Option<(&'static str, Shorthand)> {
    let mut columns = row.split('\t');
    let (kind, written, read_as) = (columns.next()?, columns.next()?, columns.next()?);
    Some((written, Shorthand { read_as, is_english: kind == "mixed" }))
}

/// The mending of one clause.
struct Mending<'m, 't, 'a> {
    mender: &'m Mender,
    text: &'t Text<'a>,
    clause: &'t Range<usize>,
    is_taken: &'m dyn Fn(&Range<usize>) -> bool,
    found: &'m mut Vec<Replacement>,
}

/// A Latin word of a clause, in bytes of the normal form.
#[derive(Clone, Debug)]
struct Word {
    range: Range<usize>,
    /// Whether Han text, a space or an edge of the clause stands on both sides.
    is_free: bool,
}

impl Mending<'_, '_, '_> {
    fn normal(&self) -> &str {
        self.text.normal()
    }

    fn shown(&self, range: &Range<usize>) -> &str {
        &self.text.normal()[range.clone()]
    }

    fn latin_words(&mut self, tries: &mut usize) {
        if !self.shown(self.clause).bytes().any(|byte| byte.is_ascii_alphabetic()) {
            return;
        }
        let words = self.words();
        let is_mixed = !self.shown(self.clause).is_ascii();
        let mut at = 0;
        while at < words.len() {
            let rest = &words[at..];
            let done = self
                .short(rest, is_mixed)
                .or_else(|| self.spelt(rest))
                .or_else(|| self.slip(&rest[0], is_mixed, tries));
            at += done.unwrap_or(1);
        }
    }

    fn words(&self) -> SmallVec<[Word; 16]> {
        let shown = self.shown(self.clause);
        let mut words: SmallVec<[Word; 16]> = SmallVec::new();
        for (at, c) in shown.char_indices().filter(|(_, c)| latin::is_letter(*c)) {
            let at = self.clause.start + at;
            match words.last_mut() {
                Some(word) if word.range.end == at => word.range.end = at + c.len_utf8(),
                _ => words.push(Word { range: at..at + c.len_utf8(), is_free: true }),
            }
        }
        for word in &mut words {
            let parts = |c: Option<char>| c.is_none_or(|c| is_han(c) || c == ' ');
            let before = self.normal()[self.clause.start..word.range.start].chars().next_back();
            let after = self.normal()[word.range.end..self.clause.end].chars().next();
            word.is_free = parts(before) && parts(after);
        }
        words
    }

    /// The Han characters beside a stretch, spaces aside.
    fn beside(&self, range: &Range<usize>) -> (Option<Code>, Option<Code>) {
        let before = self.normal()[self.clause.start..range.start].trim_end().chars().next_back();
        let after = self.normal()[range.end..self.clause.end].trim_start().chars().next();
        (before.and_then(code), after.and_then(code))
    }

    /// Keeps a reading; Chinese takes the spaces that part it from Chinese with it.
    fn keep(&mut self, range: &Range<usize>, read_as: String) -> bool {
        if (self.is_taken)(&self.text.origin(range)) {
            return false;
        }
        let mut range = range.clone();
        if read_as.chars().all(is_han) {
            let (before, after) = self.beside(&range);
            if before.is_some() {
                range.start = self.clause.start + self.normal()[self.clause.start..range.start].trim_end().len();
            }
            if after.is_some() {
                range.end = self.clause.end - self.normal()[range.end..self.clause.end].trim_start().len();
            }
        }
        self.found.push(Replacement { range, read_as });
        true
    }

    /// `tk`, 我的order: how many words it takes.
    fn short(&mut self, words: &[Word], is_mixed: bool) -> Option<usize> {
        (1..=SHORTHAND_WORDS.min(words.len())).rev().find_map(|count| {
            let range = words[0].range.start..words[count - 1].range.end;
            let short = *self.mender.shorthand.get(self.shown(&range))?;
            let (before, after) = self.beside(&range);
            let stands = if short.is_english {
                is_mixed && (before.is_some() || after.is_some())
            } else {
                // Between Latin words it is one of them.
                let is_alone = range.start == self.clause.start && range.end == self.clause.end;
                is_alone || words[0].is_free && self.is_among_chinese(&range)
            };
            let is_said = self.mender.latin.is_said_in_chinese(self.shown(&range));
            (stands && !is_said && self.keep(&range, short.read_as.to_owned())).then_some(count)
        })
    }

    /// Whether Chinese stands on one side at least, and on the other Chinese or nothing.
    fn is_among_chinese(&self, range: &Range<usize>) -> bool {
        let (before, after) = self.beside(range);
        let begins = self.normal()[self.clause.start..range.start].trim().is_empty();
        let ends = self.normal()[range.end..self.clause.end].trim().is_empty();
        (before.is_some() || begins) && (after.is_some() || ends) && (before.is_some() || after.is_some())
    }

    /// Chinese in Latin letters: how many words it takes.
    fn spelt(&mut self, words: &[Word]) -> Option<usize> {
        let mender = self.mender;
        let is_spelt = |word: &&Word| word.is_free && spelt::is_spelt(self.shown(&word.range));
        // One word apart from the next by Chinese is a run of its own.
        let mut count = words.iter().take_while(is_spelt).count();
        let gap = words.windows(2).position(|pair| self.shown(&(pair[0].range.end..pair[1].range.start)) != " ");
        count = count.min(gap.map_or(count, |gap| gap + 1));
        let run = words.get(..count).filter(|run| !run.is_empty())?;
        let is_unknown = |word: &Word| !mender.latin.knows(self.shown(&word.range));
        if !run.iter().any(is_unknown) {
            return None;
        }
        // With all of its words, else with those before the first that is known Latin.
        let unknown = run.iter().take_while(|word| is_unknown(word)).count();
        [count, unknown].into_iter().filter(|count| *count > 0).find_map(|count| {
            let own = &run[..count];
            let range = own[0].range.start..own[count - 1].range.end;
            let normal = self.text.normal();
            let letters: SmallVec<[&str; 8]> = own.iter().map(|word| &normal[word.range.clone()]).collect();
            let (before, after) = self.beside(&range);
            let row = Spelt { words: &letters, before, after }.read(&mender.grams)?;
            let read_as = row.iter().map(|code| character(*code)).collect();
            self.keep(&range, read_as).then_some(count)
        })
    }

    /// A slip in a Latin word. Beside Chinese it must be a word that stands in Chinese lines, or for which Chinese is read.
    fn slip(&mut self, word: &Word, is_mixed: bool, tries: &mut usize) -> Option<usize> {
        let latin = &self.mender.latin;
        let letters = self.shown(&word.range);
        let has_letters = letters.bytes().any(|byte| byte.is_ascii_alphabetic());
        if *tries == 0 || !word.is_free || !has_letters || letters.len() < 3 || latin.knows(letters) {
            return None;
        }
        *tries -= 1;
        let meant = latin.meant(letters)?;
        let short = self.mender.shorthand.get(&*meant).filter(|_| is_mixed);
        if is_mixed && short.is_none() && !latin.is_said_in_chinese(&meant) {
            return None;
        }
        let meant = short.map_or(meant, |short| short.read_as.to_owned());
        self.keep(&word.range, meant).then_some(1)
    }

    /// Characters that sound like those that were meant.
    fn characters(&mut self) {
        let grams = &self.mender.grams;
        let mut run: SmallVec<[(usize, Code); 64]> = SmallVec::new();
        let shown = &self.text.normal()[self.clause.clone()];
        for (at, c) in shown.char_indices() {
            match code(c) {
                Some(code) => run.push((self.clause.start + at, code)),
                None => self.run(grams, &mut run),
            }
        }
        self.run(grams, &mut run);
    }

    fn run(&mut self, grams: &Grams, run: &mut SmallVec<[(usize, Code); 64]>) {
        for at in 1..run.len() {
            let (a, b) = (run[at - 1].1, run[at].1);
            if a == b || grams.knows(a, b) {
                continue;
            }
            let before = at.checked_sub(2).and_then(|before| run.get(before)).map(|(_, code)| *code);
            let after = run.get(at + 1).map(|(_, code)| *code);
            if let Some((x, y)) = grams.meant(Place { before, pair: (a, b), after }) {
                let (start, end) = (run[at - 1].0, run[at].0 + '一'.len_utf8());
                if !(self.is_taken)(&self.text.origin(&(start..end))) {
                    (run[at - 1].1, run[at].1) = (x, y);
                    self.characters_read(start..end, [x, y]);
                }
            }
        }
        run.clear();
    }

    /// Two pairs that share a character are one reading of three.
    fn characters_read(&mut self, range: Range<usize>, read: [Code; 2]) {
        let [first, second] = read.map(character);
        match self.found.last_mut() {
            Some(last) if last.range.start < range.start && range.start < last.range.end => {
                last.range.end = range.end;
                last.read_as.pop();
                last.read_as.extend([first, second]);
            }
            _ => self.found.push(Replacement { range, read_as: [first, second].iter().collect() }),
        }
    }
}

#[cfg(test)]
mod tests;
