//! One form of the letters with every mark kept: for readers of sums, addresses, times and spelling.

use std::ops::Range;

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use super::{fold, is_han};

/// A text whose letters are in one form (full width, case, look-alikes, traditional characters, what is invisible), while
/// its marks and spaces stay. A line's end stays a line's end. All of it is read, however long.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Plain {
    text: String,
    /// For each byte of `text`, where its character began and ended in the original.
    origin: Vec<(usize, usize)>,
}

impl Plain {
    /// Reads a text.
    #[must_use]
    pub fn of(original: &str) -> Self {
        let mut plain =
            Self { text: String::with_capacity(original.len()), origin: Vec::with_capacity(original.len()) };
        let mut rest = original.char_indices().peekable();
        while let Some((start, c)) = rest.next() {
            let mut end = start + c.len_utf8();
            while let Some((at, mark)) = rest.next_if(|(_, next)| is_combining_mark(*next)) {
                end = at + mark.len_utf8();
            }
            if fold::is_invisible(c) {
                continue;
            }
            for c in original[start..end].nfkc().flat_map(char::to_lowercase) {
                let c = if is_han(c) { fold::simplified(c) } else { fold::plain_latin(c) };
                let is_seen = !fold::is_invisible(c) && !is_combining_mark(c) && (!c.is_control() || c == '\n');
                match c {
                    '\t' => plain.push(' ', start, end),
                    '\r' => plain.push('\n', start, end),
                    c if is_seen => plain.push(c, start, end),
                    _ => {}
                }
            }
        }
        plain
    }

    /// The text in its one form.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Where a stretch of the form (bytes) stood in the original, in bytes. An empty stretch has no place: 0..0.
    #[must_use]
    pub fn origin(&self, range: &Range<usize>) -> Range<usize> {
        let touched = self.origin.get(range.clone()).unwrap_or_default();
        let start = touched.iter().map(|(start, _)| *start).min().unwrap_or(0);
        let end = touched.iter().map(|(_, end)| *end).max().unwrap_or(0);
        start..end
    }

    /// The same text without these stretches (bytes, in order, not overlapping).
    #[must_use]
    pub fn without(&self, gone: &[Range<usize>]) -> Self {
        let mut kept = Self::default();
        let mut from = 0;
        for range in gone.iter().chain(std::iter::once(&(self.text.len()..self.text.len()))) {
            kept.text.push_str(&self.text[from..range.start]);
            kept.origin.extend_from_slice(&self.origin[from..range.start]);
            from = range.end;
        }
        kept
    }

    fn push(&mut self, c: char, start: usize, end: usize) {
        self.text.push(c);
        self.origin.resize(self.text.len(), (start, end));
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn letters_have_one_form_and_marks_stay() {
        for (text, expected) in [
            ("絕對１００％，", "绝对100%,"),
            ("退您 50 元。", "退您 50 元。"),
            ("ＷＷＷ．Example．com/A?b=1", "www.example.com/a?b=1"),
            ("ex\u{200b}ample.cоm", "example.com"),
            ("cafe\u{301}\r\n\t{订单号}", "cafe\n\n {订单号}"),
            ("好好好好好", "好好好好好"),
            ("¥５０", "¥50"),
        ] {
            assert_eq!(Plain::of(text).text(), expected, "{text:?}");
        }
    }

    #[test]
    fn places_lead_back_through_what_was_left_out() {
        let text = "絕 對 \u{200b}可以";
        let plain = Plain::of(text);
        let spaces: Vec<Range<usize>> = plain.text().match_indices(' ').map(|(at, _)| at..at + 1).collect();
        let squeezed = plain.without(&spaces);
        assert_eq!(squeezed.text(), "绝对可以");
        assert_eq!(&text[squeezed.origin(&(0..6))], "絕 對");
        assert_eq!(&text[squeezed.origin(&(6..12))], "可以");
    }

    proptest! {
        #[test]
        fn every_place_lies_in_the_original(text in "\\PC{0,80}|[\\x00-\\u{2fff}]{0,60}") {
            let plain = Plain::of(&text);
            for (at, c) in plain.text().char_indices() {
                let place = plain.origin(&(at..at + c.len_utf8()));
                prop_assert!(place.start < place.end && text.get(place).is_some());
            }
        }
    }
}
