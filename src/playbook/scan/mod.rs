//! Slips of hand typing, seen before the parser sees them: line by line, with the blocks followed by their indentation,
//! so that all of them are told at once and most are mended. Every slip here was tried with the parser; what it does
//! with each (refuse the rest of the file, or swallow words without a sound) is why it is one.

mod block;
mod braces;
mod content;
mod key;
mod line;
mod names;
mod value;

use std::borrow::Cow;
use std::collections::BTreeSet;

use super::diagnostic::{Bilingual, Diagnostic, Edit, Severity};
use super::mend::{Change, Mended, mend};
use super::secret;
use super::tree::{Node, SourceFile};
use line::Line;
use names::Kind;

/// A file as far as it could be read.
#[derive(Debug)]
pub struct Scanned<'f> {
    /// The file with its sure slips mended, so that what else is wrong in it is found too.
    pub file: Cow<'f, SourceFile>,
    /// The file's tree. `None`: it can't be read even so.
    pub tree: Option<Node>,
    /// The slips, and what the parser says if that is another mistake than they are.
    pub mistakes: Vec<Diagnostic>,
    original: &'f SourceFile,
    mended: Option<Mended>,
}

/// Scans a file, mends what can be, and parses it.
#[must_use]
pub fn scan(file: &SourceFile) -> Scanned<'_> {
    let slips = if file.text.len() > super::tree::LARGEST_FILE { Vec::new() } else { slips(file) };
    let is_error = |mistake: &&Diagnostic| mistake.severity == Severity::Error;
    let edits: Vec<Edit> = slips.iter().filter(is_error).flat_map(|slip| slip.fix.clone()).collect();
    let has_unmended = slips.iter().any(breaks_its_line);
    let mended = (!edits.is_empty()).then(|| mend(&file.text, edits));
    let read = match &mended {
        Some(mended) => Cow::Owned(SourceFile { text: mended.text.clone(), ..file.clone() }),
        None => Cow::Borrowed(file),
    };
    let mut scanned = Scanned { file: read, tree: None, mistakes: slips, original: file, mended };
    scanned.mistakes.extend(secret::check(file));
    match scanned.file.parse() {
        Ok(tree) => {
            let mut shapes = super::shape::check(&scanned.file, &tree);
            scanned.settle(&mut shapes, 0);
            scanned.mistakes.extend(shapes);
            scanned.tree = Some(tree);
        }
        // What the parser stumbles over is what was told already.
        Err(_) if has_unmended => {}
        Err(mut mistake) => {
            if let Some(mended) = &scanned.mended {
                scanned.place(mended, &mut mistake);
            }
            scanned.mistakes.push(*mistake);
        }
    }
    secret::hide(&mut scanned.mistakes);
    scanned
}

/// Whether nothing that is read in the mistake's line can be trusted.
fn breaks_its_line(mistake: &Diagnostic) -> bool {
    let is_of_words = matches!(mistake.code, "review-reward" | "open-brace");
    mistake.severity == Severity::Error && mistake.fix.is_empty() && !is_of_words
}

impl Scanned<'_> {
    /// Puts what was found in the mended file, from the mistake with this number on, where it stands in the original;
    /// what is said of a line that can't be mended is a consequence and is dropped.
    pub fn settle(&self, mistakes: &mut Vec<Diagnostic>, from: usize) {
        let is_own = |mistake: &Diagnostic| mistake.place.file == self.original.shown;
        if let Some(mended) = &self.mended {
            for mistake in mistakes.iter_mut().skip(from).filter(|mistake| is_own(mistake)) {
                self.place(mended, mistake);
            }
        }
        let unmended = self.mistakes.iter().filter(|slip| breaks_its_line(slip));
        let broken: BTreeSet<u32> = unmended.map(|slip| slip.place.line).filter(|line| *line > 0).collect();
        let is_told = |mistake: &Diagnostic| broken.contains(&mistake.place.line) && mistake.place.line > 0;
        let mut number = 0;
        mistakes.retain(|mistake| {
            number += 1;
            number <= from || !is_own(mistake) || !is_told(mistake)
        });
        secret::hide(mistakes.get_mut(from..).unwrap_or_default());
    }

    fn place(&self, mended: &Mended, mistake: &mut Diagnostic) {
        let place = &mut mistake.place;
        (place.line, place.column) = mended.origin(place.line, place.column);
        mistake.source = mistake.source.as_ref().and_then(|_| self.original.line(mistake.place.line));
        mistake.fix.clear();
    }
}

/// Mending one slip may show another; so often a file is looked at again.
const ROUNDS: usize = 8;

/// A file's text with every slip mended that surely can be, and each line that was changed for it.
#[must_use]
pub fn mended(file: &SourceFile) -> (String, Vec<Change>) {
    let mut file = file.clone();
    let mut changes = Vec::new();
    if file.text.len() > super::tree::LARGEST_FILE {
        return (file.text, changes);
    }
    for _ in 0..ROUNDS {
        let found = mend(&file.text, slips(&file).into_iter().flat_map(|slip| slip.fix));
        if found.text == file.text {
            break;
        }
        changes.extend(found.changes);
        file.text = found.text;
    }
    (file.text, changes)
}

/// Every slip of a file, in the order of its lines.
fn slips(file: &SourceFile) -> Vec<Diagnostic> {
    let text = file.text.strip_prefix('\u{feff}').unwrap_or(&file.text);
    let lines: Vec<Line<'_>> = (1..).zip(text.lines()).map(|(number, line)| Line::of(number, line)).collect();
    let kind = Kind::of(&file.path);
    let home = home(&lines, kind);
    let mut scanner = Scanner { file, lines, at: 0, kind, home, levels: Vec::new(), told: Vec::new() };
    scanner.run();
    scanner.told.sort_by(|a, b| a.place.cmp(&b.place));
    scanner.told
}

/// How far the keys below a language are indented in this file.
fn home(lines: &[Line<'_>], kind: Kind) -> usize {
    let mut counted = [0usize; 9];
    for line in lines.iter().filter(|line| !line.is_odd() && (1..=8).contains(&line.indent)) {
        let is_key = line.text.ends_with('|') && line.entry().is_some_and(|entry| kind.is_wording(entry.key));
        counted[line.indent] += usize::from(is_key);
    }
    (1..=8).max_by_key(|columns| (counted[*columns], *columns == 2)).unwrap_or(2)
}

/// The keys of one map that is being read.
struct Level<'t> {
    indent: usize,
    keys: Vec<(&'t str, u32)>,
    /// Whether the last key has nothing on its line: more may stand below it.
    is_open: bool,
}

struct Scanner<'f> {
    file: &'f SourceFile,
    lines: Vec<Line<'f>>,
    at: usize,
    kind: Kind,
    /// Where keys below a language belong.
    home: usize,
    levels: Vec<Level<'f>>,
    told: Vec<Diagnostic>,
}

impl<'f> Scanner<'f> {
    fn run(&mut self) {
        while let Some(line) = self.lines.get(self.at).copied() {
            self.at += 1;
            if line.is_empty() {
                self.blank_line(&line);
            } else if line.is_note() {
                self.odd_note(&line);
            } else if line.item().is_some() && !line.is_odd() {
                self.item(&line);
            } else if let Some(entry) = line.entry() {
                self.key(&line, &entry, None);
            } else if !self.begins_a_document(&line) {
                self.no_key(&line);
            }
        }
    }

    /// `---` before anything else; a second document would not be read.
    fn begins_a_document(&self, line: &Line<'f>) -> bool {
        self.levels.is_empty() && (line.text.starts_with("---") || line.text.starts_with('%'))
    }

    /// The next line that holds something.
    fn ahead(&self) -> Option<Line<'f>> {
        self.lines[self.at..].iter().find(|line| !line.is_empty() && !line.is_note()).copied()
    }

    /// The key above the innermost map.
    fn above(&self) -> Option<&'f str> {
        let level = self.levels.len().checked_sub(2)?;
        self.levels[level].keys.last().map(|(key, _)| *key)
    }

    /// A blank line of other blanks than spaces ends a block, or is a text.
    fn blank_line(&mut self, line: &Line<'f>) {
        if line.is_odd() {
            let zh = "空行里有全角空格或制表符，YAML 不认它是空行";
            let en = "this empty line holds a full-width blank or a Tab; to YAML it isn't empty";
            self.slip("odd-indent", line, 0..line.text.len(), (zh, en), ("删掉这些空白", "remove them"));
            self.fix(line, 0..line.text.len(), "");
        }
    }

    fn odd_note(&mut self, line: &Line<'f>) {
        if line.text[..line.indent].contains(line::is_odd) {
            self.odd_indent(line, line.columns());
        }
    }

    /// The lines of a list outside of blocks: what stands behind the dash is read like a value.
    fn item(&mut self, line: &Line<'f>) {
        let Some(from) = line.item() else { return };
        let inside = Line { indent: from + line.text[from..].len() - line.text[from..].trim_start().len(), ..*line };
        match inside.entry() {
            Some(entry) if !line.text[from..].trim_start().starts_with(['"', '\'', '{', '[']) => {
                self.enter(inside.indent, &entry, &inside);
                self.value(&inside, &entry);
            }
            _ => self.plain_value(&inside, inside.indent, inside.rest()),
        }
    }

    fn no_key(&mut self, line: &Line<'f>) {
        let whole = line.indent..line.indent + line.rest().len();
        let last = self.levels.iter().rev().find(|level| level.indent < line.columns().max(1));
        let continues = line.columns() > 0 && last.is_some_and(|level| !level.keys.is_empty());
        if line.rest().starts_with(['{', '[']) {
            self.brackets(line, line.indent, line.rest());
        } else if continues {
            let zh = "这一行会被接到上一行后面";
            let en = "this line is joined to the one above";
            let help =
                ("写在同一行，或者写成 键: | 再换行", "put it on one line, or write `key: |` and go on below it");
            self.slip("joined-line", line, whole, (zh, en), help);
            if line.is_odd() {
                self.fix(line, 0..line.indent, &" ".repeat(line.columns().max(2)));
            } else {
                self.soften();
            }
        } else {
            let zh = "这一行既不是“键: 值”，也不在竖线 | 下面的文字里";
            let en = "this line is neither `key: value` nor text below a bar `|`";
            let help = (
                "要写成文字：放到 键: | 的下面，前面空四格；要写备注：行首写 # 和一个空格",
                "text goes below `key: |`, indented by four; a note begins with # and a space",
            );
            self.slip("stray-line", line, whole, (zh, en), help);
        }
    }

    fn slip(
        &mut self,
        code: &'static str,
        line: &Line<'f>,
        at: std::ops::Range<usize>,
        message: (&str, &str),
        help: (&str, &str),
    ) {
        let column = line.text[..at.start].chars().count() + 1;
        let width = line.text[at].chars().count();
        let place = self.file.place(line.number, u32::try_from(column).unwrap_or(0), width);
        let mut told = Diagnostic::error(code, place, Bilingual::new(message.0, message.1))
            .with_help(Bilingual::new(help.0, help.1));
        told.source = Some(line.text.to_owned());
        self.told.push(told);
    }

    /// The slip told last is used as it stands.
    fn soften(&mut self) {
        if let Some(told) = self.told.last_mut() {
            told.severity = Severity::Warning;
        }
    }

    /// Mends the slip told last.
    fn fix(&mut self, line: &Line<'f>, at: std::ops::Range<usize>, text: &str) {
        let column = u32::try_from(line.text[..at.start].chars().count() + 1).unwrap_or(1);
        let width = u32::try_from(line.text[at].chars().count()).unwrap_or(0);
        if let Some(told) = self.told.last_mut() {
            told.fix.push(Edit { line: line.number, column, width, text: text.to_owned() });
        }
    }
}
