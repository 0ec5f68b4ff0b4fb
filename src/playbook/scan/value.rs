//! A value on its key's line: quotes, brackets, notes behind it, and marks that mean something to YAML.

use super::Scanner;
use super::line::{Entry, Line, is_blank, is_name};

impl<'f> Scanner<'f> {
    pub(super) fn value(&mut self, line: &Line<'f>, entry: &Entry<'f>) {
        let wants = self.kind.wants(self.above(), entry.key);
        match entry.value.chars().next() {
            None | Some('#') if wants.is_block() => self.below(line, entry, wants),
            None | Some('#') => {}
            Some('|' | '｜' | '>' | '＞') => self.bar(line, entry, wants),
            Some(_) => {
                self.plain_value(line, entry.value_at, entry.value);
                if wants.is_template() {
                    self.braces(line, entry.value_at, entry.value_at + entry.value.len());
                    self.promise(line, entry.value_at..entry.value_at + entry.value.len());
                }
                if wants.is_block() && !self.is_told(line) && !entry.value.starts_with(['[', '{', '"', '\'']) {
                    self.below(line, entry, wants);
                }
            }
        }
    }

    /// A value, or an item of a list, from a byte of its line on.
    pub(super) fn plain_value(&mut self, line: &Line<'f>, at: usize, value: &'f str) {
        match value.chars().next() {
            Some('"') => self.quoted(line, at, value, '"'),
            Some('\'') => self.quoted(line, at, value, '\''),
            Some('[' | '{') => self.brackets(line, at, value),
            Some('［' | '｛') if value.ends_with(['］', '｝']) => self.wide_brackets(line, at, value),
            Some('“' | '‘' | '”' | '’') => self.smart(line, at, value),
            Some('&' | '*') => self.anchor(line, at, value),
            Some('!' | '@' | '`' | '%') => self.reserved(line, at, value),
            _ => self.bare(line, at, value),
        }
    }

    fn quoted(&mut self, line: &Line<'f>, at: usize, value: &'f str, quote: char) {
        let Some(end) = closing(value, quote) else {
            let message = (
                "引号没有配对：后面的内容都会被当成文字",
                "the quote is never closed: all that follows is taken for text",
            );
            let help = ("在这一行里补上后引号，或者去掉前引号", "close it on this line, or leave it out");
            self.slip("open-quote", line, at..at + value.len(), message, help);
            return;
        };
        let after = value[end..].trim_start_matches(is_blank);
        if !after.is_empty() && !after.starts_with('#') {
            let message = ("引号后面还有文字", "text follows the closing quote");
            let other = if quote == '"' { '\'' } else { '"' };
            let help = format!("{other}{value}{other}");
            let help = (format!("整个用引号括起来：{help}"), format!("put all of it in quotes: {help}"));
            self.slip(
                "text-after-quote",
                line,
                at + value.len() - after.len()..at + value.len(),
                message,
                (&help.0, &help.1),
            );
            if !value.contains([other, '\\', '#']) {
                self.fix(line, at..at + value.len(), &format!("{other}{value}{other}"));
            }
        }
    }

    fn smart(&mut self, line: &Line<'f>, at: usize, value: &'f str) {
        let inside: Option<&str> =
            value.strip_prefix(['“', '‘', '”', '’']).and_then(|v| v.strip_suffix(['”', '’', '“', '‘', '"', '\'']));
        let Some(inside) = inside.filter(|inside| !inside.contains(['“', '”', '‘', '’', '"', '\\'])) else {
            return self.bare(line, at, value);
        };
        let message = ("中文引号会成为文字的一部分", "typographic quotes become part of the text");
        let help = (format!("写成 \"{inside}\"，或者不写引号"), format!("write \"{inside}\", or no quotes at all"));
        self.slip("smart-quotes", line, at..at + value.len(), message, (&help.0, &help.1));
        self.fix(line, at..at + value.len(), &format!("\"{inside}\""));
        self.soften();
    }

    fn anchor(&mut self, line: &Line<'f>, at: usize, value: &'f str) {
        let message = (
            "& 和 * 在 YAML 里是锚点和引用，这里不支持",
            "`&` and `*` are YAML's anchors and aliases, which are refused here",
        );
        let help = ("要当文字用就加引号；要重复的内容请照抄一遍", "put text in quotes; write out what is repeated");
        self.slip("anchor", line, at..at + value.len(), message, help);
    }

    fn reserved(&mut self, line: &Line<'f>, at: usize, value: &'f str) {
        let mark = value.chars().next().unwrap_or(' ');
        let message = (
            format!("值不能以 {mark} 开头，它在 YAML 里另有含义"),
            format!("a value can't begin with `{mark}`: it means something else in YAML"),
        );
        self.slip(
            "reserved-mark",
            line,
            at..at + mark.len_utf8(),
            (&message.0, &message.1),
            ("整个值加上双引号", "put the value in quotes"),
        );
        if !value.contains(['"', '\\', '#']) {
            self.fix(line, at..at + value.len(), &format!("\"{value}\""));
        }
    }

    /// A value without quotes: a colon ends it as a key would, ` #` cuts it.
    fn bare(&mut self, line: &Line<'f>, at: usize, value: &'f str) {
        let note = value.match_indices('#').map(|(at, _)| at).find(|at| value[..*at].ends_with(is_blank));
        let text = note.map_or(value, |note| value[..note].trim_end_matches(is_blank));
        if let Some(note) = note {
            let is_note = value[note + 1..].chars().next().is_none_or(|c| is_blank(c) || c == '#');
            if !is_note {
                let message = ("从 # 起的内容会被当成备注丢掉", "all from the `#` on is dropped as a note");
                let help = (
                    "是文字就把整个值放进双引号；是备注就在 # 后面空一格",
                    "put text in double quotes; begin a note with # and a space",
                );
                self.slip("cut-by-hash", line, at + note..at + value.len(), message, help);
                self.soften();
            }
        }
        let colon = text
            .match_indices(':')
            .map(|(at, _)| at)
            .find(|at| text[at + 1..].chars().next().is_none_or(|c| c == ' ' || c == '\t'));
        if let Some(colon) = colon {
            let message = (
                "值里又有一个冒号，YAML 会当成另一个键",
                "a second colon: YAML takes what is before it for another key",
            );
            let help = (format!("加双引号：\"{text}\""), format!("use quotes: \"{text}\""));
            self.slip("colon-in-value", line, at + colon..at + colon + 1, message, (&help.0, &help.1));
            if !text.contains(['"', '\\']) {
                self.fix(line, at..at + text.len(), &format!("\"{text}\""));
            }
        }
    }

    fn wide_brackets(&mut self, line: &Line<'f>, at: usize, value: &'f str) {
        let mended: String = value
            .chars()
            .map(|c| match c {
                '［' => "[".to_owned(),
                '］' => "]".to_owned(),
                '｛' => "{".to_owned(),
                '｝' => "}".to_owned(),
                '，' => ", ".to_owned(),
                '：' => ": ".to_owned(),
                '“' | '”' => "\"".to_owned(),
                _ => c.to_string(),
            })
            .collect();
        let message = ("这里的括号是全角的", "these brackets are full-width");
        let help = (format!("写成 {mended}"), format!("write {mended}"));
        self.slip("wide-mark", line, at..at + value.len(), message, (&help.0, &help.1));
        self.fix(line, at..at + value.len(), &mended);
    }

    /// A list or a map between brackets.
    pub(super) fn brackets(&mut self, line: &Line<'f>, at: usize, value: &'f str) {
        let found = Brackets::read(value);
        if found.deepest > DEEPEST {
            let message = ("括号套得太深", "brackets within brackets, too deep");
            return self.slip("too-deep", line, at..at + value.len().min(1), message, ("展开来写", "write it out"));
        }
        if let Some((first, _, _)) = found.wide.first() {
            let shown = found.mended(value);
            let help = (format!("写成 {shown}"), format!("write {shown}"));
            let mark = value[*first..].chars().next().map_or(0, char::len_utf8);
            let message = (
                "括号里的标点是全角的（或冒号后面少空格），会被当成文字",
                "a full-width mark (or a colon without a space) between brackets is taken for text",
            );
            self.slip("wide-mark", line, at + first..at + first + mark, message, (&help.0, &help.1));
            for (from, length, text) in &found.wide {
                self.fix(line, at + from..at + from + length, text);
            }
        }
        if found.open == 0 {
            return;
        }
        if value.ends_with([',', '[', '{']) {
            self.skip_to_close(found.open);
        } else {
            let message = ("括号没有配对", "the bracket is never closed");
            let help = ("在这一行里补上后括号", "close it on this line");
            self.slip("open-bracket", line, at..at + value.len(), message, help);
        }
    }

    /// A list that is written over several lines.
    fn skip_to_close(&mut self, mut open: usize) {
        while let Some(next) = self.lines.get(self.at).copied() {
            if open == 0 || next.entry().is_some_and(|entry| next.indent == 0 && is_name(entry.key)) {
                return;
            }
            let rest = next.rest();
            open = (open + rest.matches(['[', '{']).count()).saturating_sub(rest.matches([']', '}']).count());
            self.at += 1;
        }
    }
}

/// Nobody nests lists deeper than this.
const DEEPEST: usize = 8;

/// The byte after the closing quote.
fn closing(value: &str, quote: char) -> Option<usize> {
    let mut letters = value.char_indices().skip(1).peekable();
    while let Some((at, c)) = letters.next() {
        if quote == '"' && c == '\\'
            || quote == '\'' && c == '\'' && letters.peek().is_some_and(|(_, next)| *next == '\'')
        {
            letters.next();
        } else if c == quote {
            return Some(at + 1);
        }
    }
    None
}

/// What stands between brackets.
#[derive(Default)]
struct Brackets {
    open: usize,
    deepest: usize,
    /// Bytes from, how many, and what to write.
    wide: Vec<(usize, usize, String)>,
}

impl Brackets {
    fn read(value: &str) -> Self {
        let mut found = Self::default();
        let mut stack = Vec::new();
        // Whether a key may begin here, and whether a value begins here.
        let (mut is_key, mut begins) = (false, true);
        let mut at = 0;
        while let Some(c) = value[at..].chars().next() {
            let rest = &value[at + c.len_utf8()..];
            let top = stack.last().copied();
            match c {
                '"' | '\'' if begins => {
                    let Some(end) = closing(&value[at..], c) else { break };
                    at += end;
                    begins = false;
                    continue;
                }
                '[' | '{' => {
                    stack.push(c);
                    found.deepest = found.deepest.max(stack.len());
                    (is_key, begins) = (c == '{', true);
                }
                ']' | '}' => drop(stack.pop()),
                ',' => (is_key, begins) = (top == Some('{'), true),
                '，' | '、' if top == Some('[') || top == Some('{') && c == '，' && key_follows(rest) => {
                    found.replace(at, c, ", ", rest);
                    (is_key, begins) = (top == Some('{'), true);
                }
                '：' if is_key => {
                    found.replace(at, c, ": ", rest);
                    (is_key, begins) = (false, true);
                }
                ':' if is_key && top == Some('{') => {
                    if !rest.is_empty() && !rest.starts_with([' ', '\t']) && !value[..at].ends_with(['"', '\'']) {
                        found.replace(at, c, ": ", rest);
                    }
                    (is_key, begins) = (false, true);
                }
                '“' if begins && wraps(rest) => {
                    let end = rest.find('”').unwrap_or(0);
                    found.replace(at, c, "\"", "");
                    at += c.len_utf8() + end;
                    found.replace(at, '”', "\"", "");
                    at += '”'.len_utf8();
                    begins = false;
                    continue;
                }
                '］' | '｝'
                    if !stack.is_empty()
                        && rest.chars().all(|c| is_blank(c) || matches!(c, '］' | '｝' | ']' | '}')) =>
                {
                    found.replace(at, c, if stack.pop() == Some('[') { "]" } else { "}" }, "");
                }
                '#' if value[..at].ends_with(is_blank) => break,
                c if is_blank(c) => {}
                _ => begins = false,
            }
            at += c.len_utf8();
        }
        found.open = stack.len();
        found
    }

    fn replace(&mut self, at: usize, c: char, text: &str, rest: &str) {
        let text = if rest.starts_with(' ') { text.trim_end() } else { text };
        self.wide.push((at, c.len_utf8(), text.to_owned()));
    }

    fn mended(&self, value: &str) -> String {
        let (mut out, mut at) = (String::new(), 0);
        for (from, length, text) in &self.wide {
            out.push_str(&value[at..*from]);
            out.push_str(text);
            at = from + length;
        }
        out + &value[at..]
    }
}

/// Whether a key with its colon comes next.
fn key_follows(rest: &str) -> bool {
    let rest = rest.trim_start_matches(is_blank);
    let name = rest.find(|c: char| !(c.is_ascii_alphanumeric() || c == '_')).unwrap_or(rest.len());
    name > 0 && rest[name..].trim_start_matches(is_blank).starts_with([':', '：'])
}

/// Whether the text up to the closing quote is all of the value.
fn wraps(rest: &str) -> bool {
    let Some(end) = rest.find('”') else { return false };
    let after = rest[end + '”'.len_utf8()..].trim_start_matches(is_blank);
    !rest[..end].contains(['"', '\\']) && after.starts_with([',', '，', ']', '}', '］', '｝'])
}
