//! Words as they go into a file: what customers wrote on one line, what agents wrote on several.

use super::Refusal;
use crate::domain::Language;
use crate::text::Text;

/// In characters.
pub(super) const LONGEST_LINE: usize = 200;
/// In characters.
pub(super) const LONGEST_SCRIPT: usize = 4_000;

/// What is seen as nothing at all, and would make two equal lines differ.
fn is_unseen(c: char) -> bool {
    matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}' | '\u{feff}' | '\u{fffe}' | '\u{ffff}')
}

fn is_break(c: char) -> bool {
    c.is_control() || matches!(c, '\u{2028}' | '\u{2029}')
}

/// One line: line breaks and control characters become blanks, blanks at the ends go.
///
/// # Errors
/// Nothing is left of it; it is too long; it would be a comment.
pub(super) fn line(text: &str) -> Result<String, Refusal> {
    let seen: String = text.chars().filter(|c| !is_unseen(*c)).map(|c| if is_break(c) { ' ' } else { c }).collect();
    let parts: Vec<&str> = seen.split(' ').filter(|part| !part.is_empty()).collect();
    let line = parts.join(" ").trim().to_owned();
    if line.chars().count() > LONGEST_LINE {
        return Err(Refusal::TooLong);
    }
    if is_note(&line) {
        return Err(Refusal::Comment);
    }
    if Text::of(&line).clauses().is_empty() {
        return Err(Refusal::Empty);
    }
    Ok(line)
}

/// The lines of a script, blank ones at the ends left out, without blanks at the ends of lines.
///
/// # Errors
/// As of [`line`]; a line would not be read as words.
pub(super) fn script(text: &str) -> Result<Vec<String>, Refusal> {
    if text.chars().count() > LONGEST_SCRIPT {
        return Err(Refusal::TooLong);
    }
    let text = text.replace("\r\n", "\n").replace(['\r', '\u{2028}', '\u{2029}'], "\n");
    let seen = |line: &str| -> String {
        let seen = line.chars().filter(|c| !is_unseen(*c));
        seen.map(|c| if is_break(c) { ' ' } else { c }).collect::<String>().trim_end().to_owned()
    };
    let lines: Vec<String> = text.split('\n').map(seen).collect();
    let first = lines.iter().position(|line| !line.is_empty()).ok_or(Refusal::Empty)?;
    let last = lines.iter().rposition(|line| !line.is_empty()).unwrap_or(first);
    let mut lines = lines[first..=last].to_vec();
    // The block's indentation is that of its first line.
    lines[0] = lines[0].trim_start().to_owned();
    match lines.iter().find(|line| is_note(line.trim()) || is_rule(line)) {
        Some(line) if is_note(line.trim()) => Err(Refusal::Comment),
        Some(line) => Err(Refusal::NotWords { line: line.trim().to_owned() }),
        None => Ok(lines),
    }
}

/// A comment among lines.
pub(super) fn is_note(line: &str) -> bool {
    line == "#" || line.starts_with("# ")
}

/// Parts two scripts, or is taken for that.
fn is_rule(line: &str) -> bool {
    let line = line.trim();
    line.starts_with("---") || (!line.is_empty() && line.chars().all(|c| matches!(c, '-' | '—' | '－' | '–' | '─')))
}

/// The language that a text is in, so far as it tells.
pub(super) fn language(text: &str) -> Language {
    let is_english = || text.chars().any(|c| c.is_ascii_alphabetic());
    Text::of(text).language().unwrap_or_else(|| if is_english() { Language::En } else { Language::Zh })
}
