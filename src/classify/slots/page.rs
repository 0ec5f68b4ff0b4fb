//! The text as the readers see it, and what they find.

use std::ops::Range;

use super::label::Naming;
use crate::classify::link::is_in_a_link;
use crate::domain::SlotKind;
use crate::text::Text;

/// A text's normal form with the questions that readers ask about a place in it.
pub(super) struct Page<'t> {
    text: &'t Text<'t>,
    /// Clauses, each with a line feed after it.
    pub(super) normal: &'t str,
}

/// A value that may become a slot.
#[derive(Debug)]
pub(super) struct Found {
    pub(super) kind: SlotKind,
    pub(super) value: String,
    /// Bytes of the normal form.
    pub(super) range: Range<usize>,
    pub(super) naming: Naming,
}

impl Found {
    pub(super) fn new(kind: SlotKind, value: impl Into<String>, range: Range<usize>) -> Self {
        Self { kind, value: value.into(), range, naming: Naming::None }
    }
}

impl<'t> Page<'t> {
    pub(super) fn of(text: &'t Text<'t>) -> Self {
        Self { text, normal: text.normal() }
    }

    /// The clauses with their places.
    pub(super) fn clauses(&self) -> impl Iterator<Item = (Range<usize>, &'t str)> {
        self.text.clauses().iter().map(|clause| (clause.range.clone(), self.text.clause(clause)))
    }

    /// What the customer typed there.
    pub(super) fn written(&self, range: &Range<usize>) -> &'t str {
        &self.text.original()[self.text.origin(range)]
    }

    /// Whether it was typed as part of a link.
    pub(super) fn is_in_a_link(&self, range: &Range<usize>) -> bool {
        is_in_a_link(self.text.original(), &self.text.origin(range))
    }

    /// Whether it was typed just after an opening bracket: the `s` of `size(s)`.
    pub(super) fn is_bracketed(&self, range: &Range<usize>) -> bool {
        self.text.original()[..self.text.origin(range).start].ends_with(['(', '（'])
    }

    /// The clause's words up to `at`, without a space at the end.
    pub(super) fn before(&self, at: usize) -> &'t str {
        let words = &self.normal[..at];
        words.rsplit('\n').next().unwrap_or(words).trim_end_matches(' ')
    }

    /// The clause's words from `at` on, without a space at the start.
    pub(super) fn after(&self, at: usize) -> &'t str {
        let words = &self.normal[at..];
        words.split('\n').next().unwrap_or(words).trim_start_matches(' ')
    }

    /// Whether the clause ends before `at`, or goes on with one of `marks` just before it.
    pub(super) fn opens_after(&self, at: usize, marks: &str) -> bool {
        self.before(at).chars().next_back().is_none_or(|c| marks.contains(c))
    }

    /// Whether the clause ends at `at`, or goes on with one of `marks`.
    pub(super) fn closes_before(&self, at: usize, marks: &str) -> bool {
        self.after(at).chars().next().is_none_or(|c| marks.contains(c))
    }

    /// Whether a decimal number goes on to either side: the `65` of `1.65`, the `1` of `1.65`.
    pub(super) fn is_inside_a_number(&self, range: &Range<usize>) -> bool {
        let is_digit = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_digit);
        let bytes = self.normal.as_bytes();
        let point = |at: usize| bytes.get(at) == Some(&b'.');
        let left = range.start >= 2 && point(range.start - 1) && is_digit(bytes.get(range.start - 2));
        left || point(range.end) && is_digit(bytes.get(range.end + 1))
    }

    /// Whether the line feeds within a number stand for single commas: `1,299`.
    pub(super) fn is_one_number(&self, range: &Range<usize>) -> bool {
        let parts = self.normal[range.clone()].split('\n').count();
        let typed = self.written(range);
        parts == 1 || typed.split(',').count() == parts && !typed.contains(char::is_whitespace)
    }
}
