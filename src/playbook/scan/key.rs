//! A line with a key: how far it is indented, how its colon was typed, whether it was there before.

use super::line::{Colon, Entry, Line, is_blank, is_odd};
use super::names::{Home, is_language};
use super::{Level, Scanner};

impl<'f> Scanner<'f> {
    /// Reads a line with a key. `told` is where it belongs, if it was told already that it stands elsewhere.
    pub(super) fn key(&mut self, line: &Line<'f>, entry: &Entry<'f>, told: Option<usize>) {
        let indent = told.unwrap_or_else(|| self.indent_of(line, entry));
        self.enter(indent, entry, line);
        self.spelling(line, entry);
        self.value(line, entry);
    }

    /// Where the key belongs; tells if it doesn't stand there.
    fn indent_of(&mut self, line: &Line<'f>, entry: &Entry<'f>) -> usize {
        let home = self.home_of(entry.key);
        if line.is_odd() {
            let indent = home.unwrap_or_else(|| self.nearest(line.columns()));
            self.odd_indent(line, indent);
            return indent;
        }
        if let Some(home) = home.filter(|home| *home != line.indent) {
            if home > 0 && !self.levels.first().and_then(|top| top.keys.last()).is_some_and(|(key, _)| is_language(key))
            {
                self.without_language(line, entry);
                return line.indent;
            }
            self.misplaced(line, entry, home);
            return home;
        }
        let sibling = self.levels.iter().rev().find(|level| level.indent < line.indent);
        if let Some(sibling) = sibling.filter(|level| !level.is_open && line.indent < level.indent + 2) {
            let indent = sibling.indent;
            self.misplaced(line, entry, indent);
            return indent;
        }
        line.indent
    }

    /// Where a known key belongs in a file of this kind.
    pub(super) fn home_of(&self, key: &str) -> Option<usize> {
        self.kind.home(key).map(|home| match home {
            Home::Top => 0,
            Home::Wording => self.home,
        })
    }

    /// The map that a line with odd blanks before it most likely belongs to.
    fn nearest(&self, columns: usize) -> usize {
        let open = self.levels.last().filter(|level| level.is_open).map(|level| level.indent + 2);
        let known = self.levels.iter().map(|level| level.indent).chain(open);
        known.min_by_key(|indent| (indent.abs_diff(columns), usize::MAX - indent)).unwrap_or(0)
    }

    pub(super) fn odd_indent(&mut self, line: &Line<'f>, indent: usize) {
        let blanks = &line.text[..line.indent];
        let (zh, en) = if blanks.contains('\u{3000}') {
            ("全角空格", "a full-width blank")
        } else if blanks.contains('\t') {
            ("制表符（Tab）", "a Tab")
        } else {
            ("不是普通空格的空白", "a blank that is no plain space")
        };
        let message = (format!("行首是{zh}，缩进只能用空格"), format!("the line begins with {en}; indent with spaces"));
        let help = match indent {
            0 => ("这一行不要缩进".to_owned(), "don't indent this line".to_owned()),
            _ => (format!("改成 {indent} 个半角空格"), format!("write {indent} spaces")),
        };
        self.slip("odd-indent", line, 0..line.indent, (&message.0, &message.1), (&help.0, &help.1));
        self.fix(line, 0..line.indent, &" ".repeat(indent));
    }

    fn misplaced(&mut self, line: &Line<'f>, entry: &Entry<'f>, indent: usize) {
        let key = entry.key;
        let message = (format!("{key} 的缩进不对"), format!("`{key}` is indented wrongly"));
        let help = match indent {
            0 => (format!("{key} 顶格写"), format!("`{key}` isn't indented")),
            _ => (format!("{key} 前面空 {indent} 格"), format!("indent `{key}` by {indent} spaces")),
        };
        let at = entry.key_at.clone();
        self.slip("key-indent", line, at, (&message.0, &message.1), (&help.0, &help.1));
        self.fix(line, 0..line.indent, &" ".repeat(indent));
    }

    fn without_language(&mut self, line: &Line<'f>, entry: &Entry<'f>) {
        let key = entry.key;
        let message = (format!("{key} 上面没有语言"), format!("`{key}` stands below no language"));
        let help = (
            format!("先写一行 zh: 或 en:，{key} 写在它下面，前面空两格"),
            format!("write `zh:` or `en:` first, and `{key}` below it, indented by two"),
        );
        let at = entry.key_at.clone();
        self.slip("no-language", line, at, (&message.0, &message.1), (&help.0, &help.1));
    }

    /// Opens and closes maps, and tells a key that was there before.
    pub(super) fn enter(&mut self, indent: usize, entry: &Entry<'f>, line: &Line<'f>) {
        let is_new = is_first_of_item(line);
        while self.levels.last().is_some_and(|level| level.indent > indent || is_new && level.indent == indent) {
            self.levels.pop();
        }
        if self.levels.last().is_none_or(|level| level.indent < indent) {
            self.levels.push(Level { indent, keys: Vec::new(), is_open: false });
        }
        let Some(level) = self.levels.last_mut() else { return };
        let before = level.keys.iter().find(|(key, _)| *key == entry.key).map(|(_, line)| *line);
        level.keys.push((entry.key, line.number));
        level.is_open = entry.value.is_empty() || entry.value.starts_with('#');
        if let Some(before) = before {
            let key = entry.key;
            let message = (
                format!("{key} 写了两次，上一次在第 {before} 行"),
                format!("`{key}` stands here twice; the first is in line {before}"),
            );
            let help = ("把两处合成一处", "make one of the two");
            self.slip("duplicate-key", line, entry.key_at.clone(), (&message.0, &message.1), help);
        }
    }

    /// Quotes around the key, what can't be seen in it, and the colon.
    pub(super) fn spelling(&mut self, line: &Line<'f>, entry: &Entry<'f>) {
        let key = entry.key;
        if entry.smart {
            let message = (format!("{key} 外面是中文引号"), format!("`{key}` stands in typographic quotes"));
            self.slip(
                "smart-quotes",
                line,
                entry.key_at.clone(),
                (&message.0, &message.1),
                ("键不用引号", "keys need no quotes"),
            );
            self.fix(line, entry.key_at.clone(), key);
        }
        let gap = &line.text[entry.gap.clone()];
        let space = if entry.value.is_empty() { "" } else { " " };
        let mended = format!(":{space}");
        match entry.colon {
            Colon::Wide => {
                let colon = entry.gap.start + gap.find('：').unwrap_or(0);
                let message = (format!("{key} 后面是全角冒号"), format!("`{key}` is followed by a full-width colon"));
                let help = (
                    format!("写成 {key}{mended}{}", short(entry.value)),
                    format!("write `{key}{mended}{}`", short(entry.value)),
                );
                self.slip(
                    "wide-colon",
                    line,
                    colon..colon + '：'.len_utf8(),
                    (&message.0, &message.1),
                    (&help.0, &help.1),
                );
                self.fix(line, entry.gap.clone(), &mended);
            }
            Colon::Tight => {
                let message = (format!("{key} 的冒号后面少一个空格"), format!("a space is missing after `{key}:`"));
                let help =
                    (format!("写成 {key}: {}", short(entry.value)), format!("write `{key}: {}`", short(entry.value)));
                self.slip(
                    "no-space-after-colon",
                    line,
                    entry.gap.clone(),
                    (&message.0, &message.1),
                    (&help.0, &help.1),
                );
                self.fix(line, entry.gap.clone(), &mended);
            }
            Colon::Proper if gap.contains(is_odd) => {
                self.odd_blank(line, entry.gap.clone(), &mended);
            }
            Colon::Proper => {}
        }
        if !entry.value.is_empty() {
            self.trailing(line);
        }
    }

    pub(super) fn odd_blank(&mut self, line: &Line<'f>, at: std::ops::Range<usize>, instead: &str) {
        let message =
            ("这里的空白不是半角空格，会被当成文字", "the blank here is no plain space: it is taken for text");
        self.slip("odd-blank", line, at.clone(), message, ("用半角空格", "use a plain space"));
        self.fix(line, at, instead);
    }

    fn trailing(&mut self, line: &Line<'f>) {
        let end = line.text.trim_end_matches(is_blank).len();
        if line.text[end..].contains(is_odd) {
            self.odd_blank(line, end..line.text.len(), "");
        }
    }
}

fn is_first_of_item(line: &Line<'_>) -> bool {
    let whole = Line::of(line.number, line.text);
    whole.indent < line.indent
        && whole.item().and_then(|from| line.text.get(from..line.indent)).is_some_and(|gap| gap.trim().is_empty())
}

/// As much of a value as helps to recognise it.
pub(super) fn short(value: &str) -> String {
    let value = match value {
        "｜" | "＞" | ">" => "|",
        _ => value,
    };
    if value.chars().count() <= 20 { value.to_owned() } else { value.chars().take(20).chain(['…']).collect() }
}
