//! Carrying out edits: a text with the fixes of its mistakes in it, and which of its lines came from where.

use super::diagnostic::Edit;

/// A text after its edits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mended {
    /// All of it; line ends are as they were.
    pub text: String,
    /// Every line that was changed, in order.
    pub changes: Vec<Change>,
    /// For each line of the new text the line of the old one that it came from, from 1.
    origin: Vec<u32>,
    /// The edits that were carried out.
    edits: Vec<Edit>,
}

/// A line that was changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// In the old text, from 1.
    pub line: u32,
    /// As it was.
    pub before: String,
    /// As it is; several lines where it was parted; `None`: it is gone.
    pub after: Option<String>,
}

/// Carries out the edits. Of two that touch the same characters the first is carried out; the other is found again by
/// whoever looks at the new text.
#[must_use]
pub fn mend(text: &str, edits: impl IntoIterator<Item = Edit>) -> Mended {
    let mut edits: Vec<Edit> = edits.into_iter().collect();
    edits.sort();
    edits.dedup();
    let mut mended = Mended { text: String::with_capacity(text.len()), changes: vec![], origin: vec![], edits: vec![] };
    let mut rest = &edits[..];
    for (number, line) in (1..).zip(text.split_inclusive('\n')) {
        let own = rest.iter().take_while(|edit| edit.line == number).count();
        let (here, after) = rest.split_at(own);
        rest = after;
        mended.line(number, line, here);
    }
    mended
}

impl Mended {
    fn line(&mut self, number: u32, line: &str, edits: &[Edit]) {
        let content = line.trim_end_matches(['\n', '\r']);
        if edits.is_empty() {
            self.text.push_str(line);
            self.origin.push(number);
            return;
        }
        let after = (edits[0].column > 0).then(|| self.edited(content, edits));
        if let Some(after) = &after {
            let end = &line[content.len()..];
            self.text.push_str(&if end == "\r\n" { after.replace('\n', "\r\n") } else { after.clone() });
            self.text.push_str(end);
            self.origin.extend(std::iter::repeat_n(number, after.matches('\n').count() + 1));
        }
        if after.as_deref() != Some(content) {
            self.changes.push(Change { line: number, before: content.to_owned(), after });
        }
    }

    fn edited(&mut self, content: &str, edits: &[Edit]) -> String {
        let letters: Vec<char> = content.chars().collect();
        let (mut out, mut at) = (String::with_capacity(content.len()), 0);
        for edit in edits {
            let from = (edit.column as usize).saturating_sub(1).min(letters.len());
            if from < at {
                continue;
            }
            out.extend(&letters[at..from]);
            out.push_str(&edit.text);
            at = (from + edit.width as usize).min(letters.len());
            self.edits.push(edit.clone());
        }
        out.extend(&letters[at..]);
        out
    }

    /// Where a place of the new text stood in the old one: line and column from 1, 0 staying 0.
    #[must_use]
    pub fn origin(&self, line: u32, column: u32) -> (u32, u32) {
        let Some(old) = line.checked_sub(1).and_then(|line| self.origin.get(line as usize)).copied() else {
            return (line, column);
        };
        let own: Vec<&Edit> = self.edits.iter().filter(|edit| edit.line == old).collect();
        if column == 0 || own.iter().any(|edit| edit.text.contains('\n')) {
            return (old, if own.is_empty() { column } else { 0 });
        }
        let mut shift = 0i64;
        for edit in own {
            let starts = i64::from(edit.column) + shift;
            let length = i64::try_from(edit.text.chars().count()).unwrap_or(0);
            if i64::from(column) < starts + length {
                let inside = i64::from(column) < starts;
                return (old, if inside { small(i64::from(column) - shift) } else { edit.column });
            }
            shift += length - i64::from(edit.width);
        }
        (old, small(i64::from(column) - shift))
    }
}

fn small(column: i64) -> u32 {
    u32::try_from(column.max(1)).unwrap_or(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn edit(line: u32, column: u32, width: u32, text: &str) -> Edit {
        Edit { line, column, width, text: text.into() }
    }

    #[test]
    fn edits_are_carried_out_and_places_found_again() {
        let old = "a：｜\r\n　　b\r\nc\r\nd x\r\n";
        let edits =
            [edit(1, 2, 2, ": |"), edit(2, 1, 2, "  "), edit(3, 0, 0, ""), edit(4, 2, 1, "\n  "), edit(1, 2, 1, "?")];
        let mended = mend(old, edits);
        assert_eq!(mended.text, "a?｜\r\n  b\r\nd\r\n  x\r\n", "of two on the same characters the shorter comes first");
        assert_eq!(mended.changes.len(), 4);
        assert_eq!(mended.changes[2].after, None);
        assert_eq!(
            [mended.origin(1, 3), mended.origin(2, 3), mended.origin(3, 1), mended.origin(4, 3)],
            [(1, 3), (2, 3), (4, 0), (4, 0)]
        );
        assert_eq!(mend("x：y", [edit(1, 2, 1, ": ")]).origin(1, 4), (1, 3));
    }
}
