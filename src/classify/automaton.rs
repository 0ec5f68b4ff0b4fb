//! The automata that read a text. The base pack's patterns are most of every shop's: one automaton of them serves all
//! shops, and a shop's own holds only what it added.

use std::iter::Peekable;
use std::sync::LazyLock;

use aho_corasick::{AhoCorasick, BuildError, FindOverlappingIter};
use rustc_hash::FxHashMap;

use crate::playbook::Playbook;

use super::phrases::patterns_of;

/// A pattern found in a text, by its number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Found {
    pub(super) pattern: usize,
    /// Bytes of the text.
    pub(super) start: usize,
    pub(super) end: usize,
}

/// Of the base pack as it was built in, whatever a shop has taken away of it.
struct Common {
    automaton: AhoCorasick,
    numbers: FxHashMap<String, usize>,
}

static COMMON: LazyLock<Option<Common>> = LazyLock::new(|| {
    let mut patterns: Vec<String> = patterns_of(Playbook::base_intents().values()).into_keys().collect();
    patterns.sort_unstable();
    let automaton = AhoCorasick::new(&patterns).ok()?;
    Some(Common { automaton, numbers: patterns.into_iter().zip(0..).collect() })
});

/// Finds patterns, those of the base pack with what all shops share.
#[derive(Debug)]
pub(super) struct Automaton {
    /// Patterns below this number are the common automaton's.
    common: usize,
    own: Option<AhoCorasick>,
}

impl Automaton {
    /// Compiles patterns; returns what `claims` said of each, by the numbers they are found under.
    pub(super) fn compile<C>(mut claims: FxHashMap<String, Vec<C>>) -> Result<(Self, Vec<Vec<C>>), BuildError> {
        let common = COMMON.as_ref().filter(|common| {
            // A playbook that doesn't stand on the base pack would carry it for nothing.
            let shared = common.numbers.keys().filter(|pattern| claims.contains_key(*pattern)).count();
            shared * 2 > common.numbers.len()
        });
        let mut numbered: Vec<Vec<C>> = Vec::new();
        if let Some(common) = common {
            numbered.resize_with(common.numbers.len(), Vec::new);
            for (pattern, number) in &common.numbers {
                numbered[*number] = claims.remove(pattern).unwrap_or_default();
            }
        }
        let common = numbered.len();
        let mut own: Vec<(String, Vec<C>)> = claims.into_iter().collect();
        own.sort_by(|a, b| a.0.cmp(&b.0));
        let (patterns, rest): (Vec<String>, Vec<Vec<C>>) = own.into_iter().unzip();
        numbered.extend(rest);
        let own = if patterns.is_empty() { None } else { Some(AhoCorasick::new(&patterns)?) };
        Ok((Self { common, own }, numbered))
    }

    /// Every pattern in the text, in the order of their ends.
    pub(super) fn find<'t>(&'t self, text: &'t str) -> impl Iterator<Item = Found> + 't {
        let common = COMMON.as_ref().filter(|_| self.common > 0);
        let common = common.map(|common| common.automaton.find_overlapping_iter(text).peekable());
        let own = self.own.as_ref().map(|own| own.find_overlapping_iter(text).peekable());
        Both { common, own, first: self.common }
    }

    /// Bytes that it takes besides what is shared.
    pub(super) fn memory(&self) -> usize {
        self.own.as_ref().map_or(0, AhoCorasick::memory_usage)
    }
}

/// The finds of two automata, merged.
struct Both<'a, 't> {
    common: Option<Peekable<FindOverlappingIter<'a, 't>>>,
    own: Option<Peekable<FindOverlappingIter<'a, 't>>>,
    /// The number of the own automaton's first pattern.
    first: usize,
}

impl Iterator for Both<'_, '_> {
    type Item = Found;

    fn next(&mut self) -> Option<Found> {
        let common = self.common.as_mut().and_then(|found| found.peek()).map(aho_corasick::Match::end);
        let own = self.own.as_mut().and_then(|found| found.peek()).map(aho_corasick::Match::end);
        let is_common = match (common, own) {
            (Some(common), Some(own)) => common <= own,
            (common, _) => common.is_some(),
        };
        let (from, first) = if is_common { (&mut self.common, 0) } else { (&mut self.own, self.first) };
        let found = from.as_mut()?.next()?;
        Some(Found { pattern: first + found.pattern().as_usize(), start: found.start(), end: found.end() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(automaton: &Automaton, text: &str) -> Vec<(usize, usize)> {
        automaton.find(text).map(|found| (found.start, found.end)).collect()
    }

    #[test]
    fn what_stands_on_the_base_pack_holds_only_its_own() {
        let base = patterns_of(Playbook::base_intents().values());
        let (shared, claims) = Automaton::compile(base.clone()).unwrap();
        assert_eq!((shared.memory(), claims.len()), (0, base.len()));
        let mut more = base.clone();
        more.insert("停车位".to_owned(), Vec::new());
        let (own, _) = Automaton::compile(more.clone()).unwrap();
        assert!(own.memory() > 0 && own.memory() < 10_000, "{}", own.memory());

        // And finds what one automaton of everything would.
        let patterns: Vec<&String> = more.keys().collect();
        let whole = AhoCorasick::new(&patterns).unwrap();
        for text in ["你好有停车位吗包邮吗几天能到", "发什么快递什么时候发货", "is shipping free and when will it ship"]
        {
            let expected = whole.find_overlapping_iter(text).map(|found| (found.start(), found.end()));
            let (mut expected, mut got) = (expected.collect::<Vec<_>>(), found(&own, text));
            assert!(got.is_sorted_by_key(|(_, end)| *end) && !got.is_empty());
            expected.sort_unstable();
            got.sort_unstable();
            assert_eq!(got, expected, "{text}");
        }
    }

    #[test]
    fn what_a_shop_took_away_says_nothing() {
        let mut base = patterns_of(Playbook::base_intents().values());
        assert!(base.remove("包邮吗").is_some());
        let (automaton, claims) = Automaton::compile(base).unwrap();
        let mut said = automaton.find("包邮吗").filter(|found| found.end - found.start == "包邮吗".len());
        assert!(said.all(|found| claims[found.pattern].is_empty()));
    }

    #[test]
    fn a_playbook_of_its_own_carries_nothing_else() {
        let (automaton, claims) = Automaton::compile([("包邮".to_owned(), vec![1])].into_iter().collect()).unwrap();
        assert_eq!((claims, found(&automaton, "包邮吗几天能到")), (vec![vec![1]], vec![(0, 6)]));
    }
}
