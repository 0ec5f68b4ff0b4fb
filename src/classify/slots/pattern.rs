//! Regular expressions with the edges that numbers need.

use std::fmt::Display;

use regex::{Regex, RegexBuilder};
use thiserror::Error;

/// A pattern that can't be used.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("the pattern `{pattern}` can't be used: {why}")]
pub struct BadPattern {
    /// As it was written.
    pub pattern: String,
    /// The reason, in the words of the regex engine.
    pub why: String,
}

impl BadPattern {
    pub(super) fn new(pattern: &str, why: &impl Display) -> Self {
        Self { pattern: pattern.to_owned(), why: why.to_string() }
    }
}

/// No ASCII letter, digit or `_` stands just before, or just after. ASCII, because Han characters count as letters, and
/// `单号123` has no space either.
const OPEN: &str = r"(?-u:\b{start-half})";
const CLOSE: &str = r"(?-u:\b{end-half})";

/// Compiles one of our own patterns: `‹` stands for an edge before a word or number, `›` for one after.
pub(super) fn own(pattern: &str) -> Result<Regex, BadPattern> {
    let edged = pattern.replace('‹', OPEN).replace('›', CLOSE);
    Regex::new(&edged).map_err(|why| BadPattern::new(pattern, &why))
}

/// Compiles patterns that people wrote into one, each between edges.
pub(super) fn any_of(patterns: &[String]) -> Result<Option<Regex>, BadPattern> {
    let mut cores = Vec::with_capacity(patterns.len());
    for pattern in patterns {
        let core = without_anchors(pattern);
        let alone = between_edges(core).map_err(|why| BadPattern::new(pattern, &why))?;
        if alone.is_match("") {
            return Err(BadPattern::new(pattern, &"it matches the empty text"));
        }
        cores.push(format!("(?:{core})"));
    }
    if cores.is_empty() {
        return Ok(None);
    }
    let all = cores.join("|");
    between_edges(&all).map(Some).map_err(|why| BadPattern::new(&all, &why))
}

fn between_edges(core: &str) -> Result<Regex, regex::Error> {
    RegexBuilder::new(&format!("{OPEN}(?:{core}){CLOSE}")).case_insensitive(true).build()
}

/// `(?i)^SF\d{12}$` as `SF\d{12}`: letters match in either case anyway.
fn without_anchors(pattern: &str) -> &str {
    let core = pattern.trim();
    let core = core.strip_prefix("(?i)").unwrap_or(core).trim_start_matches('^');
    match core.strip_suffix('$') {
        Some(rest) if !rest.ends_with('\\') => rest,
        _ => core,
    }
}
