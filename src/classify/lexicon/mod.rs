//! The things that a shop's customers name: products, carriers, provinces and cities, in one finite-state map.
//!
//! Names are compared in the normal form of [`crate::text`]. In a text the leftmost name wins, and of those that begin
//! there the longest. A name that begins or ends in a Latin letter or a digit matches between word boundaries only; Han
//! names match anywhere, since Han text doesn't part its words. Latin words that match nothing get a second reading with
//! slips of the finger allowed: see [`typo`].
//!
//! Size: the map shares the beginnings and ends of names. 100,000 product names take 1.5 MB of it; beside it an entry
//! costs its id and some 90 bytes, and so does a set of entries that share a name.

use std::collections::BTreeMap;
use std::ops::Range;

use fst::Map;
use fst::raw::{Node, Output};
use rustc_hash::FxHashMap;

use super::link::is_in_a_link;
use crate::domain::{Mention, MentionKind, Span};
use crate::text::{Text, clauses_of, is_han};

mod tables;
mod typo;

pub use tables::{CARRIERS, Carrier, REGIONS, carriers, regions};
pub(super) use typo::{ONE_SLIP, TWO_SLIPS, distance};

/// Names of more bytes than this are titles, which nobody types; they are left out.
const NAME_AT_MOST: usize = 200;

/// A thing with the names it goes by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Of which kind.
    pub kind: MentionKind,
    /// Its id, unique within the kind. Several entries with one id add up.
    pub id: String,
    /// What customers call it, in any form of writing.
    pub names: Vec<String>,
}

/// All names of a shop, compiled. Immutable; any number of threads may read it.
#[derive(Debug)]
pub struct Lexicon {
    /// Each name with an index into `claims`.
    names: Map<Vec<u8>>,
    /// Lists of indices into `things`, each list once.
    claims: Vec<Vec<u32>>,
    things: Vec<(MentionKind, String)>,
}

impl Lexicon {
    /// Compiles the names. Names of less than two characters, of several clauses, or of none are left out. A name that
    /// several entries claim stands for all of them.
    #[must_use]
    pub fn build(entries: impl IntoIterator<Item = Entry>) -> Self {
        let mut things = Vec::new();
        let mut known = FxHashMap::default();
        let mut claimed: BTreeMap<String, Vec<u32>> = BTreeMap::new();
        for Entry { kind, id, names } in entries {
            let thing = *known.entry((kind, id.clone())).or_insert_with(|| {
                things.push((kind, id));
                u32::try_from(things.len() - 1).unwrap_or(u32::MAX)
            });
            for name in names.iter().filter_map(|name| key_of(name)) {
                let by = claimed.entry(name).or_default();
                if !by.contains(&thing) {
                    by.push(thing);
                }
            }
        }
        let mut claims = Vec::new();
        let mut listed = FxHashMap::default();
        let names = claimed.into_iter().map(|(name, by)| {
            let place = *listed.entry(by).or_insert_with_key(|by| {
                claims.push(by.clone());
                claims.len() as u64 - 1
            });
            (name, place)
        });
        // The names come sorted and each once, which is all that a map asks for.
        let names = Map::from_iter(names).unwrap_or_default();
        Self { names, claims, things }
    }

    /// How many names there are, and how many bytes their map takes.
    #[must_use]
    pub fn size(&self) -> (usize, usize) {
        (self.names.len(), self.names.as_fst().size())
    }

    /// What the text names outside its links, in its order, without overlaps; a name with several claims yields a mention for each, over
    /// the same span. `message` is the text's place in its turn. `known` says which Latin words are no slips, whatever
    /// name they resemble: the words that the caller understands by itself.
    #[must_use]
    pub fn find(&self, text: &Text<'_>, message: usize, known: &dyn Fn(&str) -> bool) -> Vec<Mention> {
        let mut found = Vec::new();
        let mut tries = typo::WORDS_AT_MOST;
        for clause in text.clauses() {
            let words = text.clause(clause);
            let mut hits = self.exact(words);
            self.add_slips(words, known, &mut tries, &mut hits);
            hits.sort_unstable_by_key(|hit| hit.range.start);
            for hit in hits {
                let range = clause.range.start + hit.range.start..clause.range.start + hit.range.end;
                let place = text.origin(&range);
                if is_in_a_link(text.original(), &place) {
                    continue;
                }
                let span = Span { message, start: place.start, end: place.end };
                found.extend(self.claimants(hit.name).map(|(kind, id)| Mention {
                    kind: *kind,
                    id: id.clone(),
                    span,
                    fuzzy: hit.fuzzy,
                }));
            }
        }
        found
    }

    fn claimants(&self, name: u64) -> impl Iterator<Item = &(MentionKind, String)> {
        let by = usize::try_from(name).ok().and_then(|place| self.claims.get(place));
        by.into_iter().flatten().filter_map(|thing| self.things.get(*thing as usize))
    }

    fn exact(&self, clause: &str) -> Vec<Hit> {
        let mut hits = Vec::new();
        let mut from = 0;
        while let Some(c) = clause[from..].chars().next() {
            let hit = if is_boundary(clause, from) { self.longest(clause, from) } else { None };
            from = match &hit {
                Some(hit) => hit.range.end,
                None => from + c.len_utf8(),
            };
            hits.extend(hit);
        }
        hits
    }

    /// The longest name that begins at `from`.
    fn longest(&self, clause: &str, from: usize) -> Option<Hit> {
        let map = self.names.as_fst();
        let mut walk = (map.root(), Output::zero());
        let mut longest = None;
        for (at, c) in clause[from..].char_indices() {
            let (at, end) = (from + at, from + at + c.len_utf8());
            if c == ' ' && at > from && is_beside_han(clause, at) {
                continue;
            }
            for byte in &clause.as_bytes()[at..end] {
                let (node, output) = walk;
                let Some(next) = node.find_input(*byte) else { return longest };
                let step = node.transition(next);
                walk = (map.node(step.addr), output.cat(step.out));
            }
            longest = self.name_at(&walk, clause, from..end).or(longest);
        }
        longest
    }

    fn name_at(&self, (node, output): &(Node<'_>, Output), clause: &str, range: Range<usize>) -> Option<Hit> {
        let name = || output.cat(node.final_output()).value();
        (node.is_final() && is_boundary(clause, range.end)).then(|| Hit { range, name: name(), fuzzy: false })
    }
}

/// A name found in a clause.
#[derive(Debug)]
struct Hit {
    /// Bytes of the clause.
    range: Range<usize>,
    /// The map's value.
    name: u64,
    fuzzy: bool,
}

/// A name as the map holds it: its one clause, without spaces beside Han characters. `None`: no name to look for.
fn key_of(name: &str) -> Option<String> {
    let [clause] = <[String; 1]>::try_from(clauses_of(name)).ok()?;
    let kept = clause.char_indices().filter(|(at, c)| *c != ' ' || !is_beside_han(&clause, *at));
    let key: String = kept.map(|(_, c)| c).collect();
    let says_something = key.chars().filter(|c| c.is_alphanumeric()).nth(1).is_some();
    (says_something && key.len() <= NAME_AT_MOST).then_some(key)
}

/// Whether the space at `at` touches a Han character: `ems 快递` and `ems快递` are one name.
fn is_beside_han(clause: &str, at: usize) -> bool {
    clause[..at].chars().next_back().is_some_and(is_han) || clause[at + 1..].chars().next().is_some_and(is_han)
}

/// Part of a word of a script that parts its words.
fn is_in_word(c: char) -> bool {
    c.is_alphanumeric() && !is_han(c)
}

/// Whether no word runs across `at`.
fn is_boundary(clause: &str, at: usize) -> bool {
    let before = clause[..at].chars().next_back().is_some_and(is_in_word);
    !(before && clause[at..].chars().next().is_some_and(is_in_word))
}

#[cfg(test)]
mod tests;
