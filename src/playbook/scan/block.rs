//! Text below a bar: which lines belong to it, and which only seem to.

use super::super::diagnostic::Severity;
use super::super::keys::CHINESE;
use super::Scanner;
use super::line::{Colon, Entry, Line, is_blank, is_name};
use super::names::{Home, Kind, Wants, is_language};

/// What a line between two keys is.
enum Found<'f> {
    Content,
    /// The block is over.
    Next,
    /// A key that is indented so far that it would be read as text; where it belongs.
    Swallowed(Entry<'f>, usize),
    /// A key at the end of a line of text: a line feed was lost.
    Joined(Entry<'f>, usize),
}

impl<'f> Scanner<'f> {
    /// Reads the lines below a bar whose key is indented by `indent`.
    pub(super) fn block(&mut self, indent: usize, wants: Wants) {
        let mut content = Vec::new();
        while let Some(line) = self.lines.get(self.at).copied() {
            if line.is_empty() {
                self.blank_line(&line);
            } else if line.is_note() && line.indent <= indent && !line.is_odd() {
                if !self.goes_on(indent) {
                    break;
                }
                self.note(&line, indent);
            } else {
                match self.found(&line, indent) {
                    Found::Content => content.push(line),
                    Found::Next => break,
                    Found::Swallowed(entry, home) => {
                        self.lines_of_text(&content, indent, wants);
                        return self.swallowed(&line, &entry, home);
                    }
                    Found::Joined(entry, home) => {
                        content.push(line);
                        self.lines_of_text(&content, indent, wants);
                        return self.joined(&line, &entry, home);
                    }
                }
            }
            self.at += 1;
        }
        self.lines_of_text(&content, indent, wants);
    }

    /// Whether text of the block follows after notes and blank lines.
    fn goes_on(&self, indent: usize) -> bool {
        self.ahead().is_some_and(|next| next.indent > indent && matches!(self.found(&next, indent), Found::Content))
    }

    fn found(&self, line: &Line<'f>, indent: usize) -> Found<'f> {
        let Some(entry) = line.entry() else {
            let is_item = line.item().is_some() && line.indent <= indent && self.kind == Kind::Other;
            return match self.tail(line) {
                _ if is_item => Found::Next,
                Some((entry, home)) => Found::Joined(entry, home),
                None => Found::Content,
            };
        };
        let is_inside = !line.is_odd() && line.indent > indent;
        let home = self.home_of(entry.key);
        let is_bar = is_bar(entry.value);
        let is_one_word = is_name(entry.key) && !entry.key.contains(' ');
        let known = self.kind.is_wording(entry.key);
        if is_language(entry.key) && entry.value.is_empty() || (is_bar || entry.value.is_empty()) && known {
            let home = home.unwrap_or(indent);
            return if is_inside { Found::Swallowed(entry, home) } else { Found::Next };
        }
        if is_inside && entry.colon == Colon::Proper && self.kind.is_own_line(entry.key, entry.value) {
            return Found::Swallowed(entry, 0);
        }
        if let Some((entry, home)) = self.tail(line).filter(|_| is_inside) {
            return Found::Joined(entry, home);
        }
        let is_outside = !is_inside && (!line.is_odd() || line.columns() <= indent);
        let is_key = match entry.colon {
            Colon::Proper => is_name(entry.key) || entry.smart || line.rest().starts_with(['"', '\'']),
            _ => is_one_word && (is_bar || self.kind == Kind::Other || self.kind.home(entry.key) == Some(Home::Top)),
        };
        if is_outside && is_key { Found::Next } else { Found::Content }
    }

    /// `…` key: |` or `…` en:` at the end of a line of text.
    fn tail(&self, line: &Line<'f>) -> Option<(Entry<'f>, usize)> {
        let rest = line.rest();
        if !rest.ends_with([':', '：', '|', '｜', '>']) {
            return None;
        }
        let body = rest.trim_end_matches(['|', '｜', '>']).trim_end_matches(is_blank).trim_end_matches([':', '：']);
        let is_part = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '.');
        let mut start = line.indent + body.trim_end_matches(is_part).len();
        let chinese = CHINESE.iter().map(|(zh, _)| *zh).filter(|zh| body.ends_with(zh));
        if let Some(zh) = chinese.max_by_key(|zh| zh.len()) {
            start = line.indent + body.len() - zh.len();
        }
        let entry = Entry::read(line.text, start).filter(|_| start > line.indent)?;
        let fits = is_bar(entry.value) && self.kind.is_wording(entry.key)
            || entry.value.is_empty() && is_language(entry.key) && entry.colon == Colon::Proper;
        let home = self.home_of(entry.key)?;
        fits.then_some((entry, home))
    }

    fn swallowed(&mut self, line: &Line<'f>, entry: &Entry<'f>, home: usize) {
        self.at += 1;
        let key = entry.key;
        let message = (
            format!("{key} 缩进太多，会被当成上面那一段文字里的一行"),
            format!("`{key}` is indented so far that it is read as a line of the text above it"),
        );
        let help = match home {
            0 => (format!("{key} 顶格写"), format!("`{key}` isn't indented")),
            _ => (format!("{key} 前面空 {home} 格"), format!("indent `{key}` by {home} spaces")),
        };
        self.slip("swallowed-key", line, entry.key_at.clone(), (&message.0, &message.1), (&help.0, &help.1));
        let is_followed_by_text = !is_bar(entry.value) && !entry.value.is_empty() && self.goes_on(home);
        if is_followed_by_text {
            return;
        }
        self.fix(line, 0..line.indent, &" ".repeat(home));
        self.key(line, entry, Some(home));
    }

    fn joined(&mut self, line: &Line<'f>, entry: &Entry<'f>, home: usize) {
        self.at += 1;
        let key = entry.key;
        let message = (
            format!("{key} 接在了文字后面，会被当成文字"),
            format!("`{key}` follows text on the same line and is read as text"),
        );
        let help =
            (format!("{key} 另起一行，前面空 {home} 格"), format!("begin a new line with `{key}`, indented by {home}"));
        self.slip("swallowed-key", line, entry.key_at.clone(), (&message.0, &message.1), (&help.0, &help.1));
        let text = line.text[..entry.key_at.start].trim_end_matches(is_blank).len();
        self.fix(line, text..entry.key_at.start, &format!("\n{}", " ".repeat(home)));
        let begun = Line { indent: entry.key_at.start, ..*line };
        self.enter(home, entry, &begun);
        self.spelling(&begun, entry);
        self.value(&begun, entry);
    }

    /// `…ess: |` is what is left of a key.
    pub(super) fn ends_like_a_key(&mut self, line: &Line<'f>) {
        let Some(text) = line.rest().strip_suffix(['|', '｜']).map(|text| text.trim_end_matches(is_blank)) else {
            return;
        };
        if !text.ends_with([':', '：']) || self.is_told(line) || self.tail(line).is_some() {
            return;
        }
        let message = (
            "这一行像是一个键，却会被当成上面那一段文字里的一行",
            "this looks like a key, and is read as a line of the text above it",
        );
        let help =
            ("另起一行写这个键，缩进和上一个键一样", "begin a new line with the key, indented like the key above");
        let whole = line.indent..line.indent + line.rest().len();
        self.slip("swallowed-key", line, whole, message, help);
    }

    fn note(&mut self, line: &Line<'f>, indent: usize) {
        let whole = line.indent..line.indent + line.rest().len();
        let message = ("这一行没有缩进，下面的文字会断开", "this line isn't indented: the text below it is cut off");
        let help = ("和上下的文字对齐", "align it with the text around it");
        self.slip("block-indent", line, whole, message, help);
        let below = self.lines[self.at + 1..].iter().find(|line| !line.is_empty() && !line.is_note());
        let columns = below.map_or(indent + 2, |below| below.indent);
        self.fix(line, 0..line.indent, &" ".repeat(columns));
    }

    /// The value of a key that holds a block: what comes first below it?
    pub(super) fn below(&mut self, line: &Line<'f>, entry: &Entry<'f>, wants: Wants) {
        let indent = self.levels.last().map_or(0, |level| level.indent);
        let Some(next) = self.ahead() else { return };
        if next.item().is_some() && !next.is_odd() && next.indent >= indent {
            return self.list(line, entry, next.indent);
        }
        if !matches!(self.found(&next, indent), Found::Content) || next.columns() < indent.max(1) {
            return;
        }
        let key = entry.key;
        let message = (format!("{key} 后面少一个竖线 |"), format!("the bar `|` is missing after `{key}:`"));
        let help = (
            format!("写成 {key}: |；没有它，下面几行会连成一条"),
            format!("write `{key}: |`; without it the lines below become one"),
        );
        self.slip("missing-bar", line, entry.key_at.clone(), (&message.0, &message.1), (&help.0, &help.1));
        if entry.value.is_empty() {
            let end = line.text.trim_end_matches(is_blank).len();
            self.fix(line, end..end, " |");
        } else if !entry.value.starts_with('#') {
            self.fix(line, entry.value_at..entry.value_at, &format!("|\n{}", " ".repeat(next.indent.max(indent + 2))));
        }
        self.block(indent, wants);
    }

    /// A YAML list would cut `#1234` and `[急]` without a word.
    fn list(&mut self, line: &Line<'f>, entry: &Entry<'f>, columns: usize) {
        let key = entry.key;
        let message = (format!("{key} 不能写成列表"), format!("`{key}` can't be a list"));
        let help = (
            format!("写成 {key}: |，下面每行一条，不用横线"),
            format!("write `{key}: |` and below it one line each, without dashes"),
        );
        self.slip("not-a-block", line, entry.key_at.clone(), (&message.0, &message.1), (&help.0, &help.1));
        let end = line.text.trim_end_matches(is_blank).len();
        self.fix(line, end..end, " |");
        let indent = self.levels.last().map_or(0, |level| level.indent);
        while let Some(item) = self.lines.get(self.at).copied() {
            if !item.is_empty() && (item.item().is_none() || item.indent != columns) {
                break;
            }
            if let Some(from) = item.item() {
                let text = item.text[from..].trim_matches(is_blank);
                let bare = text
                    .strip_prefix('"')
                    .and_then(|text| text.strip_suffix('"'))
                    .filter(|text| !text.contains(['"', '\\']));
                self.fix(
                    &item,
                    0..item.text.len(),
                    &format!("{}{}", " ".repeat(columns.max(indent + 2)), bare.unwrap_or(text)),
                );
            }
            self.at += 1;
        }
    }

    /// A bar, with whatever stands around it.
    pub(super) fn bar(&mut self, line: &Line<'f>, entry: &Entry<'f>, wants: Wants) {
        let value = entry.value;
        let bar = value.chars().next().map_or(0, char::len_utf8);
        let marks = value[bar..].trim_start_matches(['+', '-', '1', '2', '3', '4', '5', '6', '7', '8', '9']);
        let text = marks.trim_start_matches(is_blank);
        let is_bare = text.is_empty() || text.starts_with('#') && marks.len() > text.len();
        let at = entry.value_at..entry.value_at + bar;
        let indent = self.levels.last().map_or(0, |level| level.indent);
        if value.starts_with(['｜', '＞']) && (is_bare || wants.is_block()) {
            let message = ("这是全角竖线，不是 |", "this is a full-width bar, not `|`");
            self.slip("wide-bar", line, at.clone(), message, ("换成半角竖线 |", "write `|`"));
            self.fix(line, at, "|");
        } else if value.starts_with('>') && wants.is_block() {
            let message = ("> 会把下面几行连成一行", "`>` makes one line of all the lines below it");
            self.slip("folded-block", line, at.clone(), message, ("写成竖线 |", "write `|`"));
            self.fix(line, at, "|");
        } else if value.starts_with(['｜', '＞']) || value.starts_with('>') && !is_bare {
            return self.plain_value(line, entry.value_at, value);
        }
        if !is_bare {
            self.after_bar(line, entry, text, wants);
        }
        self.block(indent, wants);
    }

    fn after_bar(&mut self, line: &Line<'f>, entry: &Entry<'f>, text: &'f str, wants: Wants) {
        let indent = self.levels.last().map_or(0, |level| level.indent);
        let start = entry.value_at + entry.value.len() - text.len();
        let message = ("竖线 | 后面不能再写文字", "nothing may follow the bar `|` on its line");
        let help = ("把文字写到下一行，前面空四格", "put the text on the next line, indented by four");
        self.slip("text-after-bar", line, start..start + text.len(), message, help);
        let below =
            self.ahead().filter(|next| next.indent > indent && matches!(self.found(next, indent), Found::Content));
        let columns = below.map_or(indent + 2, |below| below.indent);
        let bar_end = line.text[..start].trim_end_matches(is_blank).len();
        self.fix(line, bar_end..start, &format!("\n{}", " ".repeat(columns)));
        if wants.is_template() {
            self.braces(line, start, start + text.len());
            self.promise(line, start..start + text.len());
        }
    }

    /// Whether an error was told of this line already.
    pub(super) fn is_told(&self, line: &Line<'f>) -> bool {
        let last = self.told.last();
        last.is_some_and(|told| told.place.line == line.number && told.severity == Severity::Error)
    }
}

/// Whether a value is a bar and nothing else, full-width or folded.
fn is_bar(value: &str) -> bool {
    let Some(rest) = value.strip_prefix(['|', '｜', '>', '＞']) else { return false };
    let rest = rest.trim_start_matches(['+', '-', '2']);
    rest.is_empty() || rest.trim_start_matches(is_blank).starts_with('#')
}
