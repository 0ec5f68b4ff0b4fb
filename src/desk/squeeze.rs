//! Closing up what was parted on purpose: 绝 对, 保.证, 1 0 0 %, g-u-a-r-a-n-t-e-e-d.

use std::ops::Range;

use crate::text::{Plain, is_han};

/// Marks that part nothing between two Han characters; more of them in a row are a line drawn.
const LOOSE: &str = " .·•*_|^+`'=#";
/// Marks that do part words, unless a character stands all alone: 绝~对, but not 好的~绝对.
const FIRM: &str = "~-/、";
const MOST: usize = 3;
/// A word that is spelt letter by letter has so many letters at least; sizes (S M L) have fewer.
const LETTERS: usize = 4;

/// The text with such words closed up.
pub(super) fn squeezed(plain: &Plain) -> Plain {
    let chars: Vec<(usize, char)> = plain.text().char_indices().collect();
    let mut gone: Vec<Range<usize>> = Vec::new();
    let mut at = 0;
    while at < chars.len() {
        let run = chars[at..].iter().take_while(|(_, c)| is_mark(*c)).count();
        if run > 0 && at > 0 && at + run < chars.len() && parts_nothing(&chars, at, run) {
            gone.push(chars[at].0..chars[at + run].0);
        }
        at += run.max(1);
    }
    plain.without(&gone)
}

fn is_mark(c: char) -> bool {
    LOOSE.contains(c) || FIRM.contains(c)
}

/// Whether the marks from `at` on stand within what is one word or number.
fn parts_nothing(chars: &[(usize, char)], at: usize, run: usize) -> bool {
    let marks = &chars[at..at + run];
    let (before, after) = (chars[at - 1].1, chars[at + run].1);
    let are_spaces = marks.iter().all(|(_, c)| *c == ' ');
    let (is_number, is_sign) = (|c: char| c.is_ascii_digit(), |c: char| "¥$€£%".contains(c));
    if is_han(before) && is_han(after) {
        let are_loose = marks.iter().all(|(_, c)| LOOSE.contains(*c));
        return run <= MOST && (are_loose || is_alone(chars, at - 1) || is_alone(chars, at + run));
    }
    if are_spaces && is_number(before) && is_number(after) {
        return run == 1 && are_single_digits(chars, at);
    }
    let is_sum = |c: char| is_number(c) || is_sign(c) || is_han(c);
    are_spaces && is_sum(before) && is_sum(after) || run == 1 && is_spelt(chars, at)
}

/// A Han character with marks or ends on both sides.
fn is_alone(chars: &[(usize, char)], at: usize) -> bool {
    let is_end = |neighbour: Option<&(usize, char)>| neighbour.is_none_or(|(_, c)| is_mark(*c) || *c == '\n');
    is_end(at.checked_sub(1).and_then(|before| chars.get(before))) && is_end(chars.get(at + 1))
}

/// `1 0 0`, and not `满 100 20 元`: of two numbers in a row one is a single digit.
fn are_single_digits(chars: &[(usize, char)], at: usize) -> bool {
    let digit =
        |place: Option<usize>| place.and_then(|place| chars.get(place)).is_some_and(|(_, c)| c.is_ascii_digit());
    !digit(at.checked_sub(2)) || !digit(Some(at + 2))
}

/// Whether a mark stands in a row of single letters with the same mark between all of them.
fn is_spelt(chars: &[(usize, char)], at: usize) -> bool {
    let mark = chars[at].1;
    let is_letter = |place: usize| chars.get(place).is_some_and(|(_, c)| c.is_ascii_alphabetic());
    let is_step = |place: usize| is_letter(place + 1) && chars.get(place).is_some_and(|(_, c)| *c == mark);
    let mut first = at;
    while first >= 2 && is_step(first - 2) {
        first -= 2;
    }
    let mut steps = (0..).take_while(|step| is_step(first + 2 * step)).count();
    // The letters at either end may belong to whole words: it is [g u a …] to.
    if first >= 2 && is_letter(first - 2) {
        (first, steps) = (first + 2, steps.saturating_sub(1));
    }
    if is_letter(first + 2 * steps) {
        steps = steps.saturating_sub(1);
    }
    let is_within = (first..first + 2 * steps).contains(&at);
    is_within && steps + 1 >= LETTERS && first > 0 && is_letter(first - 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_parted_on_purpose_is_closed_up() {
        for (text, expected) in [
            ("绝 对正品", "绝对正品"),
            ("这款绝.对正品", "这款绝对正品"),
            ("保~证明天到", "保证明天到"),
            ("保 - 证", "保证"),
            ("１ ０ ０ % 正品", "100%正品"),
            ("10 0%", "100%"),
            ("满 100 20 元", "满100 20元"),
            ("退您 ¥ 50 元", "退您¥50元"),
            ("g u a r a n t e e d to last", "guaranteed to last"),
            ("b.e.s.t", "best"),
        ] {
            assert_eq!(squeezed(&Plain::of(text)).text(), expected, "{text}");
        }
    }

    #[test]
    fn what_is_parted_for_a_reason_stays() {
        for text in [
            "好的~绝对可以",
            "杭州-上海",
            "have a look",
            "sizes s m l",
            "i am here",
            "退款。已到",
            "一\n二",
            "see example.com please",
            "单号 a1 b2",
        ] {
            assert_eq!(squeezed(&Plain::of(text)).text(), text);
        }
    }
}
