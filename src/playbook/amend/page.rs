//! A file as lines beside its tree: where each key stands, and which lines belong to it.

use super::Refusal;
use crate::playbook::diagnostic::Severity;
use crate::playbook::scan::scan;
use crate::playbook::tree::{Key, Node, SourceFile};

/// A file that is read without a mistake.
pub(super) struct Page {
    path: String,
    /// Each with its end.
    pub(super) lines: Vec<String>,
    pub(super) tree: Node,
    /// How its lines end.
    end: &'static str,
}

impl Page {
    /// Reads a file.
    ///
    /// # Errors
    /// Its first mistake.
    pub(super) fn of(path: &str, text: &str) -> Result<Self, Refusal> {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        if text.replace("\r\n", "").contains('\r') {
            return Err(Refusal::Form);
        }
        let file = SourceFile::new(path, text);
        let scanned = scan(&file);
        if let Some(mistake) = scanned.mistakes.iter().find(|mistake| mistake.severity == Severity::Error) {
            return Err(Refusal::Mistake(Box::new(mistake.clone())));
        }
        let tree = scanned.tree.ok_or(Refusal::Form)?;
        let lines: Vec<String> = text.split_inclusive('\n').map(str::to_owned).collect();
        let end = if lines.first().is_some_and(|line| line.ends_with("\r\n")) { "\r\n" } else { "\n" };
        Ok(Self { path: path.to_owned(), lines, tree, end })
    }

    /// The file with other lines.
    ///
    /// # Errors
    /// They make a mistake.
    pub(super) fn again(&self) -> Result<Self, Refusal> {
        Self::of(&self.path, &self.lines.concat())
    }

    /// The text, or none if no line holds anything.
    pub(super) fn text(&self) -> Option<String> {
        self.lines.iter().any(|line| !is_blank(line)).then(|| self.lines.concat())
    }

    /// The line of a key, from 0, and how far it is indented.
    ///
    /// # Errors
    /// It doesn't begin its line.
    pub(super) fn spot(&self, key: &Key) -> Result<(usize, usize), Refusal> {
        let line = (key.line as usize).checked_sub(1).ok_or(Refusal::Form)?;
        let text = self.lines.get(line).ok_or(Refusal::Form)?;
        let columns = indent(text);
        let begins = columns + 1 == key.column as usize && text[columns..].starts_with(&key.name);
        if begins { Ok((line, columns)) } else { Err(Refusal::Form) }
    }

    /// What follows a key's colon on its line.
    ///
    /// # Errors
    /// The key is written in another form.
    pub(super) fn value(&self, key: &Key) -> Result<&str, Refusal> {
        let (line, columns) = self.spot(key)?;
        let after = self.lines[line][columns + key.name.len()..].trim_start();
        Ok(after.strip_prefix(':').ok_or(Refusal::Form)?.trim())
    }

    /// The line below the last one that belongs to a key.
    ///
    /// # Errors
    /// The key is written in another form.
    pub(super) fn below(&self, key: &Key) -> Result<usize, Refusal> {
        let (line, columns) = self.spot(key)?;
        let mut below = line + 1;
        for (at, text) in self.lines.iter().enumerate().skip(line + 1) {
            let is_deeper = indent(text) > columns;
            let is_item = indent(text) == columns && text.trim_start().starts_with('-');
            if is_blank(text) || (is_comment(text) && !is_deeper) {
                continue;
            }
            if !is_deeper && !is_item {
                break;
            }
            below = at + 1;
        }
        Ok(below)
    }

    /// The lines below a key with a bar, and how far they are indented.
    ///
    /// # Errors
    /// The key is written in another form.
    pub(super) fn block(&self, key: &Key) -> Result<(std::ops::Range<usize>, usize), Refusal> {
        let (line, columns) = self.spot(key)?;
        let marks = self.value(key)?.strip_prefix('|').ok_or(Refusal::Form)?;
        let stated = marks.chars().take_while(|c| *c != '#').find_map(|c| c.to_digit(10));
        let below = &self.lines[line + 1..];
        let first = below.iter().find(|text| !is_blank(text)).map(|text| indent(text));
        let own = stated.map(|stated| columns + stated as usize).or(first).filter(|own| *own > columns);
        let Some(own) = own else { return Ok((line + 1..line + 1, columns + 2)) };
        let length = below.iter().take_while(|text| is_blank(text) || indent(text) >= own).count();
        let held = below[..length].iter().rposition(|text| !is_blank(text)).map_or(0, |last| last + 1);
        Ok((line + 1..line + 1 + held, own))
    }

    /// Puts lines in before another.
    pub(super) fn insert(&mut self, at: usize, rows: impl IntoIterator<Item = String>) {
        let end = self.end;
        if let Some(before) = at.checked_sub(1).and_then(|before| self.lines.get_mut(before))
            && !before.ends_with('\n')
        {
            before.push_str(end);
        }
        self.lines.splice(at..at, rows.into_iter().map(|row| row + end));
    }

    /// Writes what stands on a line anew.
    pub(super) fn rewrite(&mut self, at: usize, text: String) {
        let end = if self.lines[at].ends_with('\n') { self.end } else { "" };
        self.lines[at] = text + end;
    }
}

/// How many spaces a line begins with.
pub(super) fn indent(line: &str) -> usize {
    line.len() - line.trim_start_matches(' ').len()
}

pub(super) fn is_blank(line: &str) -> bool {
    line.trim().is_empty()
}

fn is_comment(line: &str) -> bool {
    line.trim_start().starts_with('#')
}
