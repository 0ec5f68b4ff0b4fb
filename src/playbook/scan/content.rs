//! What stands in the text below a bar: how its lines are aligned, and slips within them.

use rustc_hash::FxHashMap;

use super::super::diagnostic::Edit;
use super::super::promises::{self, Fault};
use super::Scanner;
use super::line::{Line, is_blank};
use super::names::Wants;
use crate::text::clauses_of;

impl<'f> Scanner<'f> {
    /// Looks at the lines of a block, once it is known which they are.
    pub(super) fn lines_of_text(&mut self, content: &[Line<'f>], indent: usize, wants: Wants) {
        let right = self.align(content, indent);
        match wants {
            Wants::Lines => self.repeated(content, &clauses_of),
            Wants::Messages => self.repeated(content, &|line| vec![line.to_owned()]),
            _ => {}
        }
        for line in content {
            self.ends_like_a_key(line);
            match wants {
                Wants::Lines | Wants::Messages => self.dash(line),
                Wants::Scripts => self.separator(line, right),
                Wants::Words | Wants::Anything => {}
            }
            if wants.is_template() {
                self.braces(line, line.indent, line.text.len());
                self.promise(line, line.indent..line.text.len());
            }
        }
    }

    /// Every line begins where the first one does; returns where that is.
    fn align(&mut self, content: &[Line<'f>], indent: usize) -> usize {
        let plain = || content.iter().filter(|line| !line.is_odd() && line.indent > indent).map(|line| line.indent);
        let first = plain().next().unwrap_or(indent + 2);
        let left = plain().filter(|columns| *columns < first).count();
        let sticks_out = left * 2 > plain().count();
        let right = if sticks_out { plain().filter(|columns| *columns < first).max().unwrap_or(first) } else { first };
        for (number, line) in content.iter().enumerate() {
            if line.is_odd() && line.spaces() >= right {
                self.leading_blank(line);
            } else if line.is_odd() {
                self.odd_indent(line, right);
            } else if line.indent < right || sticks_out && number == 0 {
                self.ragged(line, right);
            }
        }
        right
    }

    fn ragged(&mut self, line: &Line<'f>, right: usize) {
        let whole = line.indent..line.indent + line.rest().len();
        let message = ("这一行和同一段文字的其他行没有对齐", "this line isn't aligned with the text it belongs to");
        let help = (format!("前面空 {right} 格"), format!("indent it by {right} spaces"));
        self.slip("block-indent", line, whole, message, (&help.0, &help.1));
        self.fix(line, 0..line.indent, &" ".repeat(right));
    }

    /// Blanks behind the indentation are harmless in a phrase; a customer would see them in a reply.
    fn leading_blank(&mut self, line: &Line<'f>) {
        let message =
            ("这一行的文字前面有全角空格或制表符", "the text of this line begins with a full-width blank or a Tab");
        self.slip("odd-blank", line, line.spaces()..line.indent, message, ("删掉它", "remove it"));
        self.fix(line, line.spaces()..line.indent, "");
        self.soften();
    }

    /// The same line twice in one list.
    fn repeated(&mut self, content: &[Line<'f>], form: &dyn Fn(&str) -> Vec<String>) {
        let mut seen: FxHashMap<Vec<String>, u32> = FxHashMap::default();
        for line in content.iter().filter(|line| !line.is_note() || !line.rest().starts_with("# ")) {
            let form = form(line.rest());
            if form.is_empty() {
                continue;
            }
            let Some(before) = seen.get(&form).copied() else {
                seen.insert(form, line.number);
                continue;
            };
            let message = (format!("和第 {before} 行重复"), format!("the same as line {before}"));
            let whole = line.indent..line.indent + line.rest().len();
            self.slip("repeated-line", line, whole, (&message.0, &message.1), ("删掉一行", "delete one of them"));
            self.soften();
            if let Some(told) = self.told.last_mut() {
                told.fix.push(Edit { line: line.number, column: 0, width: 0, text: String::new() });
            }
        }
    }

    fn dash(&mut self, line: &Line<'f>) {
        let rest = line.rest();
        let Some(mark) = ["- ", "* ", "• ", "－ ", "－", "•"].into_iter().find(|mark| rest.starts_with(mark))
        else {
            return;
        };
        let text = rest[mark.len()..].trim_start_matches(is_blank);
        if text.is_empty() {
            return;
        }
        let at = line.indent..line.indent + rest.len() - text.len();
        let message = (
            format!("竖线 | 下面一行就是一条，不用写“{}”；写了就命不中", mark.trim()),
            format!("below a bar each line is one already; with `{}` before it this line never matches", mark.trim()),
        );
        self.slip("dash-in-block", line, at.clone(), (&message.0, &message.1), ("删掉它", "remove it"));
        self.fix(line, at, "");
    }

    /// Scripts are parted by `---`, at the beginning of the text's lines.
    fn separator(&mut self, line: &Line<'f>, right: usize) {
        let rest = line.rest();
        let is_rule = rest.chars().all(|c| matches!(c, '-' | '—' | '－' | '–' | '─'));
        let is_right = rest.len() >= 3 && rest.bytes().all(|c| c == b'-') && line.indent <= right;
        if rest.is_empty() || !is_rule || is_right {
            return;
        }
        let start = if line.is_odd() { line.indent } else { right.min(line.indent) };
        let at = start..line.indent + rest.len();
        let message = ("话术之间要用单独一行 --- 隔开", "scripts are parted by a line `---`");
        self.slip("odd-separator", line, at.clone(), message, ("写成 ---", "write `---`"));
        self.fix(line, at, "---");
        self.soften();
    }

    /// Words that a shop must not say.
    pub(super) fn promise(&mut self, line: &Line<'f>, at: std::ops::Range<usize>) {
        let text = &line.text[at.clone()];
        // `避免: 保证明天到` is advice to agents.
        let is_advice = ["avoid", "避免"].iter().any(|key| text.trim_start().starts_with(key));
        if line.is_note() || is_advice {
            return;
        }
        let Some((fault, found)) = promises::find(text) else { return };
        let (message, help) = (fault.message(&text[found.clone()]), fault.help());
        let (message, help) = ((&*message.zh, &*message.en), (&*help.zh, &*help.en));
        let place = at.start + found.start..at.start + found.end;
        match fault {
            Fault::Reward => self.slip("review-reward", line, place, message, help),
            Fault::Absolute => {
                self.slip("absolute-promise", line, place, message, help);
                self.soften();
            }
        }
    }
}
