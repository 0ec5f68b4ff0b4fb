//! The regular expressions of this room.

use std::ops::Range;

use regex::{Captures, Regex};

/// One of our own patterns. It always compiles: every one is used by a test, where a broken one panics.
pub(super) struct Pattern(Option<Regex>);

impl Pattern {
    /// Compiles a pattern.
    pub(super) fn new(pattern: &str) -> Self {
        let compiled = Regex::new(pattern);
        debug_assert!(compiled.is_ok(), "{compiled:?}");
        Self(compiled.ok())
    }

    /// Whether it is found anywhere.
    pub(super) fn is_in(&self, text: &str) -> bool {
        self.0.as_ref().is_some_and(|pattern| pattern.is_match(text))
    }

    /// Where it is found first, in bytes.
    pub(super) fn find(&self, text: &str) -> Option<Range<usize>> {
        Some(self.0.as_ref()?.find(text)?.range())
    }

    /// Every place, with its groups.
    pub(super) fn all<'t>(&self, text: &'t str) -> impl Iterator<Item = Captures<'t>> {
        self.0.iter().flat_map(move |pattern| pattern.captures_iter(text))
    }

    /// A text without what is found.
    pub(super) fn cut(&self, text: &str) -> String {
        self.0.as_ref().map_or_else(|| text.to_owned(), |pattern| pattern.replace_all(text, "").into_owned())
    }
}
