//! Characters that are parted or doubled for show: 退.款, 快-递-到-哪-了, 快😀递, r e f u n d, 快快快递.

use std::ops::Range;

use rustc_hash::FxHashSet;
use smallvec::SmallVec;

use crate::text::{Replacement, Text, is_han};

use super::han::{Code, Grams, code};
use super::latin::Latin;

/// What parts and doubles characters, undone.
pub(super) struct Parted<'a> {
    pub(super) grams: &'a Grams,
    pub(super) latin: &'a Latin,
    /// Clauses that say something by themselves: 好, 在吗.
    pub(super) whole: &'a FxHashSet<Box<str>>,
}

/// Marks that people put between characters.
fn is_mark(c: char) -> bool {
    matches!(
        c,
        '.' | '·' | '-' | '_' | '*' | '/' | '|' | '+' | '=' | '~' | ',' | '。' | '，' | '、' | '．' | '—' | '•' | '～'
    )
}

/// A picture: neither a letter, nor a mark of writing.
fn is_picture(c: char) -> bool {
    !c.is_alphanumeric()
        && !c.is_whitespace()
        && u32::from(c) > 0x2100
        && !matches!(c, '\u{3000}'..='\u{303f}' | '\u{ff00}'..='\u{ffef}')
}

/// Two neighbouring pieces of Han text with what parts them.
struct Seam {
    left: Range<usize>,
    right: Range<usize>,
    by: Mark,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Mark {
    Sign(char),
    Picture,
}

impl Parted<'_> {
    /// What is to be read otherwise; in order. What is taken is not looked at, but for characters that somebody parted: a
    /// name or a number is read in one of them by chance alone (三 as the third choice, in 退.款.三.天).
    pub(super) fn find(&self, text: &Text<'_>, is_taken: &dyn Fn(&Range<usize>) -> bool, found: &mut Vec<Replacement>) {
        if text.clauses().len() > 1
            || text.normal().bytes().any(|byte| matches!(byte, b'-' | b'_' | b'*' | b'/' | b'+' | b'=' | b'.'))
        {
            self.joined(text, found);
        }
        let joined = found.len();
        for clause in text.clauses() {
            self.doubled(text, &clause.range, found);
            self.spaced_letters(text, &clause.range, found);
        }
        let mut number = 0;
        found.retain(|one| {
            number += 1;
            number <= joined || !is_taken(&text.origin(&one.range))
        });
        found.sort_by_key(|one| one.range.start);
        found.dedup_by(|next, before| next.range.start < before.range.end);
    }

    fn joined(&self, text: &Text<'_>, found: &mut Vec<Replacement>) {
        let mut row: SmallVec<[Seam; 4]> = SmallVec::new();
        let seams = seams(text);
        let is_single = |seam: &Seam| {
            let one = |side: &Range<usize>| side.len() == '一'.len_utf8() && stands_apart(text.normal(), side);
            matches!(seam.by, Mark::Sign(_)) && one(&seam.left) && one(&seam.right)
        };
        // Three characters or more, each by itself behind the same mark: nobody writes so but to part a word.
        let follows = |a: &Seam, b: &Seam| a.right == b.left && a.by == b.by && is_single(a) && is_single(b);
        let in_a_chain: SmallVec<[bool; 8]> = (0..seams.len())
            .map(|at| {
                let before = at.checked_sub(1).is_some_and(|before| follows(&seams[before], &seams[at]));
                before || seams.get(at + 1).is_some_and(|next| follows(&seams[at], next))
            })
            .collect();
        for (seam, is_in_a_chain) in seams.into_iter().zip(in_a_chain) {
            let goes_on = row.last().is_some_and(|last| last.right == seam.left && last.by == seam.by);
            if !goes_on {
                self.close(text, &row, found);
                row.clear();
            }
            if is_in_a_chain || self.is_word_across(text, &seam) {
                row.push(seam);
            } else {
                self.close(text, &row, found);
                row.clear();
            }
        }
        self.close(text, &row, found);
    }

    fn close(&self, text: &Text<'_>, row: &[Seam], found: &mut Vec<Replacement>) {
        let (Some(first), Some(last)) = (row.first(), row.last()) else { return };
        let normal = text.normal();
        // Only the characters beside the seams change.
        let start = last_char_start(normal, &first.left);
        let end = first_char_end(normal, &last.right);
        let read_as: String = normal[start..end].chars().filter(|c| is_han(*c)).collect();
        found.push(Replacement { range: start..end, read_as });
    }

    /// Whether the characters on both sides are one word that somebody took apart.
    fn is_word_across(&self, text: &Text<'_>, seam: &Seam) -> bool {
        let (left, right) = (&text.normal()[seam.left.clone()], &text.normal()[seam.right.clone()]);
        let mut before = left.chars().rev();
        let mut after = right.chars();
        let codes = (before.next().and_then(code), after.next().and_then(code));
        let (Some(a), Some(b)) = codes else { return false };
        if self.grams.weight(a, b) == 0 || self.whole.contains(left) && self.whole.contains(right) {
            return false;
        }
        let says = |a: Option<Code>, b: Code, c: Option<Code>| a.zip(c).is_some_and(|(a, c)| self.grams.says(a, b, c));
        let three = says(before.next().and_then(code), a, Some(b)) || says(Some(a), b, after.next().and_then(code));
        let is_one = |range: &Range<usize>, side: &str| {
            side.chars().nth(1).is_none() && !self.whole.contains(side) && stands_apart(text.normal(), range)
        };
        let (one_left, one_right) = (is_one(&seam.left, left), is_one(&seam.right, right));
        match seam.by {
            Mark::Picture => three || one_left || one_right,
            // People do write 票，不 and mean two clauses.
            Mark::Sign(',' | '，' | '、' | '。') => one_left && one_right,
            Mark::Sign(_) => one_left || one_right,
        }
    }

    /// 快快快递 → 快递: a character typed thrice, of which the normal form leaves two that the playbook doesn't say.
    fn doubled(&self, text: &Text<'_>, clause: &Range<usize>, found: &mut Vec<Replacement>) {
        let shown = &text.normal()[clause.clone()];
        let mut before: Option<(usize, char)> = None;
        for (at, c) in shown.char_indices() {
            if let (Some((start, last)), Some(own)) = (before, code(c))
                && last == c
            {
                let range = clause.start + start..clause.start + at + c.len_utf8();
                if is_run_cut(text, &range, c) && !self.is_doubled_here(text.normal(), clause, &range, own) {
                    found.push(Replacement { range, read_as: c.to_string() });
                }
            }
            before = Some((at, c));
        }
    }

    /// Whether the playbook doubles a character beside its neighbours, or it is all of its clause: 好好好, 哈哈哈.
    fn is_doubled_here(&self, normal: &str, clause: &Range<usize>, range: &Range<usize>, own: Code) -> bool {
        let before = normal[clause.start..range.start].chars().next_back().and_then(code);
        let after = normal[range.end..clause.end].chars().next().and_then(code);
        if before.is_none() && after.is_none() {
            return self.grams.weight(own, own) > 0;
        }
        before.is_some_and(|before| self.grams.says(before, own, own))
            || after.is_some_and(|after| self.grams.says(own, own, after))
    }

    /// `r e f u n d` → refund.
    fn spaced_letters(&self, text: &Text<'_>, clause: &Range<usize>, found: &mut Vec<Replacement>) {
        const LETTERS_AT_LEAST: usize = 4;
        let shown = &text.normal()[clause.clone()];
        if !shown.contains(' ') {
            return;
        }
        let mut at = 0;
        let mut run: Option<(usize, String)> = None;
        for word in shown.split(' ').chain([""]) {
            if word.len() == 1 && word.as_bytes()[0].is_ascii_lowercase() {
                run.get_or_insert_with(|| (at, String::new())).1.push_str(word);
            } else if let Some((start, letters)) = run.take()
                && letters.len() >= LETTERS_AT_LEAST
                && self.latin.is_said(&letters)
            {
                found.push(Replacement { range: clause.start + start..clause.start + at - 1, read_as: letters });
            }
            at += word.len() + 1;
        }
    }
}

/// Whether the original has more of a character than the two that the normal form left.
fn is_run_cut(text: &Text<'_>, range: &Range<usize>, c: char) -> bool {
    let place = text.origin(range);
    let rest = text.original().get(place.end..).unwrap_or_default();
    let next = rest.chars().find(|next| !next.is_whitespace());
    next.is_some_and(|next| next == c || Text::of(next.encode_utf8(&mut [0; 4])).normal().starts_with(c))
}

/// Whether no letter or number touches a stretch.
fn stands_apart(text: &str, range: &Range<usize>) -> bool {
    let before = text[..range.start].chars().next_back();
    let after = text[range.end..].chars().next();
    let touches = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() || matches!(c, '[' | ']' | '(' | ')'));
    !touches(before) && !touches(after)
}

fn last_char_start(text: &str, range: &Range<usize>) -> usize {
    text[range.clone()].char_indices().next_back().map_or(range.start, |(at, _)| range.start + at)
}

fn first_char_end(text: &str, range: &Range<usize>) -> usize {
    range.start + text[range.clone()].chars().next().map_or(0, char::len_utf8)
}

/// The places where Han text goes on behind a mark or a picture, with the Han text on both sides of each up to its next
/// mark.
fn seams(text: &Text<'_>) -> SmallVec<[Seam; 4]> {
    let normal = text.normal();
    let mut pieces: SmallVec<[Range<usize>; 8]> = SmallVec::new();
    let mut end_of_last = usize::MAX;
    for (at, c) in normal.char_indices().filter(|(_, c)| is_han(*c)) {
        match pieces.last_mut() {
            Some(piece) if end_of_last == at => piece.end = at + c.len_utf8(),
            _ => pieces.push(at..at + c.len_utf8()),
        }
        end_of_last = at + c.len_utf8();
    }
    let joint = |pair: &[Range<usize>]| {
        let (left, right) = (pair[0].clone(), pair[1].clone());
        let (from, to) = (text.origin(&left).end, text.origin(&right).start);
        let between = text.original().get(from..to)?;
        let mut marks = between.chars();
        let by = match (marks.next(), marks.next()) {
            (Some(mark), None) if is_mark(mark) => Mark::Sign(mark),
            (Some(_), _) if between.chars().all(|c| is_picture(c) || matches!(c, '\u{200d}' | '\u{fe0f}')) => {
                Mark::Picture
            }
            _ => return None,
        };
        Some(Seam { left, right, by })
    };
    pieces.windows(2).filter_map(joint).collect()
}
