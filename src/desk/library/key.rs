//! What a script is found by, prepared once: its title cut into units that can be typed, and its text closed up.

use std::ops::Range;

use smallvec::SmallVec;

use super::spelling::readings;
use crate::text::{Plain, is_han};

/// A Han character, or a Latin word or number, of a title.
#[derive(Clone, Debug)]
pub(super) struct Unit {
    /// What may be typed for it, besides itself: syllables.
    pub(super) sounds: SmallVec<[&'static str; 2]>,
    /// Its own letters, in the closed-up title, in bytes.
    pub(super) own: Range<usize>,
    /// Whether a word surely begins here: at the start, after a mark or space, where the script changes.
    pub(super) is_boundary: bool,
    /// Whether it is a Han character.
    pub(super) is_han: bool,
}

/// A script, as it is found.
#[derive(Clone, Debug, Default)]
pub(super) struct Key {
    /// The title without spaces and marks, in one form of the letters.
    pub(super) title: String,
    pub(super) units: Vec<Unit>,
    /// For each byte of `title`, where its character stands in the title as it is shown: UTF-16 units.
    places: Vec<(u32, u32)>,
    /// The text without spaces and marks.
    pub(super) text: String,
    /// The first letters of the text's characters and words, by their commonest sounds.
    pub(super) initials: String,
}

impl Key {
    pub(super) fn of(title: &str, text: &str) -> Self {
        let mut key = Self { text: closed_up(text), initials: initials(text), ..Self::default() };
        key.read_title(title);
        key
    }

    fn read_title(&mut self, title: &str) {
        let plain = Plain::of(title);
        let mut last: Option<char> = None;
        for (at, c) in plain.text().char_indices() {
            if !is_letter(c) {
                last = None;
                continue;
            }
            let from = self.title.len();
            self.title.push(c);
            let place = plain.origin(&(at..at + c.len_utf8()));
            self.places.resize(self.title.len(), (utf16(title, place.start), utf16(title, place.end)));
            let goes_on = last.is_some_and(|last| !is_han(last)) && !is_han(c);
            match self.units.last_mut().filter(|_| goes_on) {
                Some(word) => word.own.end = self.title.len(),
                None => self.units.push(Unit {
                    sounds: if is_han(c) { readings(c) } else { SmallVec::new() },
                    own: from..self.title.len(),
                    is_boundary: last.is_none_or(|last| is_han(last) != is_han(c)),
                    is_han: is_han(c),
                }),
            }
            last = Some(c);
        }
    }

    /// The letters of a unit itself.
    pub(super) fn own(&self, unit: &Unit) -> &str {
        &self.title[unit.own.clone()]
    }

    /// Where stretches of the closed-up title stand in the title as it is shown; neighbours are joined.
    pub(super) fn shown(&self, hits: &[Range<usize>]) -> Vec<(usize, usize)> {
        let mut shown: Vec<(usize, usize)> = Vec::new();
        for (start, end) in hits.iter().flat_map(|hit| self.places.get(hit.clone()).unwrap_or_default()) {
            let (start, end) = (*start as usize, *end as usize);
            match shown.last_mut() {
                Some(last) if start <= last.1 => last.1 = last.1.max(end),
                _ => shown.push((start, end)),
            }
        }
        shown
    }
}

fn is_letter(c: char) -> bool {
    c.is_alphanumeric()
}

fn utf16(text: &str, bytes: usize) -> u32 {
    let units = text.get(..bytes).unwrap_or_default().encode_utf16().count();
    u32::try_from(units).unwrap_or(u32::MAX)
}

/// A text in one form of its letters, without spaces and marks: two that differ in these alone are equal.
pub(in crate::desk) fn closed_up(text: &str) -> String {
    Plain::of(text).text().chars().filter(|c| is_letter(*c)).collect()
}

fn initials(text: &str) -> String {
    let mut initials = String::new();
    let mut is_within_a_word = false;
    for c in Plain::of(text).text().chars() {
        let is_first = !is_within_a_word;
        is_within_a_word = is_letter(c) && !is_han(c);
        if is_han(c) {
            initials.extend(readings(c).first().and_then(|sound| sound.chars().next()));
        } else if is_within_a_word && is_first {
            initials.push(c);
        }
    }
    initials
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_title_is_cut_into_what_can_be_typed() {
        let key = Key::of("物流 · ＵＰＳ 单号", "您好，order 12 已发出");
        let units: Vec<(&str, bool)> = key.units.iter().map(|unit| (key.own(unit), unit.is_boundary)).collect();
        assert_eq!(units, [("物", true), ("流", false), ("ups", true), ("单", true), ("号", false)]);
        assert_eq!(key.shown(&[6..8, 9..12]), [(5, 7), (9, 10)]);
        assert_eq!((key.text.as_str(), key.initials.as_str()), ("您好order12已发出", "nho1yfc"));
    }

    #[test]
    fn places_count_as_browsers_count() {
        let key = Key::of("😀发货", "");
        assert_eq!(key.shown(std::slice::from_ref(&(0..6))), [(2, 4)]);
    }
}
