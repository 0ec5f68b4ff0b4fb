//! Normalising: one form for every way of typing the same words, with offsets kept to the original.
//!
//! The pipeline, a character (or a character with its combining marks) at a time:
//! drop what is invisible → NFKC → lower case → plain Latin letters → simplified Chinese → no long repeats → clauses.
//! It cannot fail: any text has a normal form, if only the empty one.

mod fold;
mod normalise;
mod plain;

pub use learnt::is_han;
pub use normalise::{Clause, READ_AT_MOST, Replacement, Text};
pub use plain::Plain;

/// The normal form of a line of the playbook: its clauses, in the form that customers' clauses are compared with.
/// A line with punctuation inside has several, and can never match within one clause.
#[must_use]
pub fn clauses_of(line: &str) -> Vec<String> {
    let text = Text::of(line);
    text.clauses().iter().map(|clause| text.clause(clause).to_owned()).collect()
}
