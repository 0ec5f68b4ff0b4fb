//! How well a title or a text is what was typed.

use std::ops::Range;

use super::key::{Key, Unit, closed_up};
use crate::text::is_han;

/// How a script was found, the best first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum How {
    /// The title is just what was typed.
    Title,
    /// The title begins with it.
    TitleBegins,
    /// The first letters of the title's sounds begin with it: fhsj, 发货时间.
    Initials,
    /// So do those from a word within the title on.
    InitialsWithin,
    /// Its sounds are written out: fahuo.
    Spelt,
    /// It stands in the title.
    InTitle,
    /// Sounds and first letters mixed, or first letters from the middle of a word on.
    Mixed,
    /// It stands in the text.
    InText,
    /// The first letters of the text's sounds hold it.
    InitialsOfText,
    /// A slip of one letter in a word of the title.
    Slip,
    /// Its letters stand in the title in this order, with others between.
    Scattered,
}

/// A script that was found.
#[derive(Clone, Debug)]
pub(super) struct Match {
    pub(super) how: How,
    /// How far into the title it begins, in units.
    pub(super) from: usize,
    /// Stretches of the closed-up title.
    pub(super) hits: Vec<Range<usize>>,
}

/// What was typed, prepared once for all scripts.
pub(super) struct Query {
    whole: String,
    words: Vec<String>,
}

/// Nobody types more to find a script; a pasted text is cut there.
const LONGEST: usize = 48;
/// From so many letters on a slip is forgiven.
const SLIP_FROM: usize = 4;
/// So many first letters of a text are no accident.
const INITIALS_OF_TEXT_FROM: usize = 3;

impl Query {
    /// `None`: nothing that could be looked for.
    pub(super) fn of(typed: &str) -> Option<Self> {
        let cut = |text: String| text.chars().take(LONGEST).collect::<String>();
        let words: Vec<String> = typed.split_whitespace().map(|word| cut(closed_up(word))).collect();
        let words: Vec<String> = words.into_iter().filter(|word| !word.is_empty()).collect();
        let whole = cut(words.concat());
        (!whole.is_empty()).then_some(Self { whole, words })
    }

    /// How a script is found: by all of it, or by each of its words.
    pub(super) fn find(&self, key: &Key) -> Option<Match> {
        let whole = word(key, &self.whole);
        if self.words.len() < 2 || whole.as_ref().is_some_and(|found| found.how <= How::InTitle) {
            return whole;
        }
        let mut each = self.words.iter().map(|typed| word(key, typed));
        let first = each.next()??;
        each.try_fold(first, |found, next| {
            let next = next?;
            let hits = [found.hits, next.hits].concat();
            Some(Match { how: found.how.max(next.how), from: found.from.min(next.from), hits })
        })
        .map(sorted)
        .or(whole)
    }
}

fn sorted(mut found: Match) -> Match {
    found.hits.sort_by_key(|hit| hit.start);
    found
}

fn word(key: &Key, typed: &str) -> Option<Match> {
    let as_written = written(key, typed);
    if as_written.as_ref().is_some_and(|found| found.how <= How::TitleBegins) {
        return as_written;
    }
    let is_ascii = typed.is_ascii();
    let sounded = is_ascii.then(|| sounded(key, typed)).flatten();
    let best = [as_written, sounded].into_iter().flatten().min_by_key(|found| (found.how, found.from));
    best.or_else(|| in_text(key, typed)).or_else(|| slip(key, typed)).or_else(|| scattered(key, typed))
}

/// The letters as they stand in the title.
fn written(key: &Key, typed: &str) -> Option<Match> {
    let at = key.title.find(typed)?;
    let how = match at {
        0 if key.title.len() == typed.len() => How::Title,
        0 => How::TitleBegins,
        _ => How::InTitle,
    };
    let from = key.units.iter().take_while(|unit| unit.own.end <= at).count();
    Some(Match { how, from, hits: std::iter::once(at..at + typed.len()).collect() })
}

/// The letters as sounds of the title, from some unit on without a gap.
fn sounded(key: &Key, typed: &str) -> Option<Match> {
    let from_each = (0..key.units.len()).filter_map(|from| {
        let run = Run { key, from };
        let (how, hits) = run
            .initials(typed)
            .map(|hits| {
                let how = match from {
                    0 => How::Initials,
                    _ if key.units[from].is_boundary => How::InitialsWithin,
                    _ => How::Mixed,
                };
                (how, hits)
            })
            .or_else(|| run.spelt(typed))?;
        Some(Match { how, from, hits })
    });
    from_each.min_by_key(|found| (found.how, found.from))
}

/// The units from one on.
struct Run<'k> {
    key: &'k Key,
    from: usize,
}

impl Run<'_> {
    fn units(&self) -> &[Unit] {
        &self.key.units[self.from..]
    }

    /// One letter a unit.
    fn initials(&self, typed: &str) -> Option<Vec<Range<usize>>> {
        let units = self.units();
        let is_each = typed.len() <= units.len()
            && typed.bytes().zip(units).all(|(letter, unit)| starts_with(self.key, unit, letter));
        is_each.then(|| units[..typed.len()].iter().map(first_of).collect())
    }

    /// Each unit's sound as a whole, but for the last; else sounds and first letters mixed.
    fn spelt(&self, typed: &str) -> Option<(How, Vec<Range<usize>>)> {
        let mut hits = Vec::new();
        if self.consume(0, typed, Whole::Only, &mut hits) {
            return Some((How::Spelt, hits));
        }
        hits.clear();
        self.consume(0, typed, Whole::OrPart, &mut hits).then_some((How::Mixed, hits))
    }

    fn consume(&self, at: usize, rest: &str, whole: Whole, hits: &mut Vec<Range<usize>>) -> bool {
        if rest.is_empty() {
            return true;
        }
        let Some(unit) = self.units().get(at) else { return false };
        let own = self.key.own(unit);
        let ways = unit.sounds.iter().copied().chain((!unit.is_han).then_some(own));
        for way in ways {
            let shared = way.bytes().zip(rest.bytes()).take_while(|(a, b)| a == b).count();
            let least = if whole == Whole::Only && shared < rest.len() { way.len() } else { 1 };
            for taken in (least..=shared).rev() {
                let hit = if unit.is_han { unit.own.clone() } else { unit.own.start..unit.own.start + taken };
                hits.push(hit);
                if self.consume(at + 1, &rest[taken..], whole, hits) {
                    return true;
                }
                hits.pop();
            }
        }
        false
    }
}

/// Whether a sound may be begun and left.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Whole {
    Only,
    OrPart,
}

fn starts_with(key: &Key, unit: &Unit, letter: u8) -> bool {
    unit.sounds.iter().any(|sound| sound.as_bytes().first() == Some(&letter))
        || !unit.is_han && key.title.as_bytes().get(unit.own.start) == Some(&letter)
}

/// What is shown as found: all of a character, the first letter of a word.
fn first_of(unit: &Unit) -> Range<usize> {
    if unit.is_han { unit.own.clone() } else { unit.own.start..unit.own.start + 1 }
}

fn in_text(key: &Key, typed: &str) -> Option<Match> {
    let is_initials = || typed.len() >= INITIALS_OF_TEXT_FROM && typed.is_ascii() && key.initials.contains(typed);
    // One letter stands in every text.
    let how = match typed {
        _ if (typed.len() > 1) && key.text.contains(typed) => How::InText,
        _ if is_initials() => How::InitialsOfText,
        _ => return None,
    };
    Some(Match { how, from: 0, hits: Vec::new() })
}

/// A Latin word of the title, or its beginning, with one letter wrong, missing, too many, or two swapped. The first is right.
fn slip(key: &Key, typed: &str) -> Option<Match> {
    if typed.len() < SLIP_FROM || !typed.bytes().all(|letter| letter.is_ascii_alphabetic()) {
        return None;
    }
    key.units.iter().enumerate().filter(|(_, unit)| !unit.is_han).find_map(|(from, unit)| {
        let own = key.own(unit);
        let is_near = own.len() >= SLIP_FROM && own.is_ascii() && own.as_bytes()[0] == typed.as_bytes()[0] && {
            let ends = (typed.len() - 1..=typed.len() + 1).filter(|end| *end <= own.len());
            ends.into_iter().any(|end| strsim::osa_distance(&own[..end], typed) <= 1)
        };
        is_near.then(|| Match { how: How::Slip, from, hits: vec![unit.own.clone()] })
    })
}

/// Characters or first letters in order.
fn scattered(key: &Key, typed: &str) -> Option<Match> {
    if typed.chars().count() < 2 {
        return None;
    }
    let mut units = key.units.iter().enumerate();
    let mut hits = Vec::new();
    let mut from = None;
    for c in typed.chars() {
        let (at, unit) = units.find(|(_, unit)| {
            u8::try_from(c).is_ok_and(|letter| starts_with(key, unit, letter))
                || is_han(c) && key.own(unit).starts_with(c)
        })?;
        from = from.or(Some(at));
        hits.push(first_of(unit));
    }
    Some(Match { how: How::Scattered, from: from.unwrap_or(0), hits })
}
