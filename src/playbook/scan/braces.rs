//! The braces around variables: full-width ones, full-width marks between them, and those that are never closed.

use unicode_normalization::UnicodeNormalization as _;

use super::super::facts::Facts;
use super::super::template::{SYSTEM_VARIABLES, VARIABLES};
use super::Scanner;
use super::line::{Line, is_blank};

impl<'f> Scanner<'f> {
    /// Looks at the braces of a line of words, between two bytes.
    pub(super) fn braces(&mut self, line: &Line<'f>, from: usize, to: usize) {
        let mut at = from;
        while let Some(next) = line.text[at..to].find(['{', '｛', '}', '｝']).map(|found| at + found) {
            let rest = &line.text[next..to];
            let brace = rest.chars().next().unwrap_or('{');
            let inside = &rest[brace.len_utf8()..];
            if matches!(brace, '}' | '｝') {
                self.never_opened(line, from, next, brace);
                at = next + brace.len_utf8();
                continue;
            }
            let close = inside.find(['{', '｛', '}', '｝']).filter(|at| inside[*at..].starts_with(['}', '｝']));
            let Some(close) = close else {
                self.never_closed(line, next, brace, inside);
                at = next + brace.len_utf8();
                continue;
            };
            let end = inside[close..].chars().next().map_or(0, char::len_utf8);
            at = next + brace.len_utf8() + close + end;
            self.pair(line, next..at, &inside[..close]);
        }
    }

    fn pair(&mut self, line: &Line<'f>, at: std::ops::Range<usize>, inside: &str) {
        let written = &line.text[at.clone()];
        let name = plain(inside);
        let mended = format!("{{{name}}}");
        let is_right =
            written.starts_with('{') && written.ends_with('}') && (name == inside.trim() || !is_variable(&name));
        // `{…}` is a gap for a person.
        if is_right || name.starts_with("...") || name.starts_with('…') {
            return;
        }
        let message = (
            format!("{written} 里有全角符号，不会被换成内容"),
            format!("{written} has full-width marks in it and is never filled in"),
        );
        let help = (format!("写成 {mended}"), format!("write {mended}"));
        self.slip("wide-brace", line, at.clone(), (&message.0, &message.1), (&help.0, &help.1));
        self.fix(line, at, &mended);
    }

    fn never_closed(&mut self, line: &Line<'f>, at: usize, brace: char, inside: &str) {
        let name =
            inside.char_indices().map(|(at, c)| at + c.len_utf8()).rfind(|end| is_variable(inside[..*end].trim()));
        let message = ("花括号没有配对，客户会看到它", "the brace is never closed: customers will see it");
        let end = at + brace.len_utf8() + name.unwrap_or(0);
        let help = match name {
            Some(end) => (format!("写成 {{{}}}", inside[..end].trim()), format!("write {{{}}}", inside[..end].trim())),
            None => ("补上 }，或者去掉 {".to_owned(), "close it with `}`, or leave it out".to_owned()),
        };
        self.slip("open-brace", line, at..end, message, (&help.0, &help.1));
        if let Some(name) = name {
            self.fix(line, at..end, &format!("{{{}}}", inside[..name].trim()));
        }
    }

    fn never_opened(&mut self, line: &Line<'f>, from: usize, at: usize, brace: char) {
        let before = &line.text[from..at];
        let name = before.char_indices().map(|(start, _)| start).find(|start| is_variable(before[*start..].trim_end()));
        let message = ("花括号没有配对，客户会看到它", "the brace is never opened: customers will see it");
        let start = from + name.unwrap_or(before.len());
        let end = at + brace.len_utf8();
        let help = match name {
            Some(start) => {
                (format!("写成 {{{}}}", before[start..].trim()), format!("write {{{}}}", before[start..].trim()))
            }
            None => ("补上 {，或者去掉 }".to_owned(), "open it with `{`, or leave it out".to_owned()),
        };
        self.slip("open-brace", line, start..end, message, (&help.0, &help.1));
        if let Some(name) = name {
            self.fix(line, start..end, &format!("{{{}}}", before[name..].trim()));
        }
    }
}

/// A name as it is meant: `order。number`, `ｏｒｄｅｒ．number` and `order ．number` are `order.number`.
fn plain(inside: &str) -> String {
    let narrow = inside.nfkc().map(|c| if matches!(c, '。' | '｡' | '·' | '、' | '，') { '.' } else { c });
    let dotted: String = narrow.filter(|c| !is_blank(*c)).collect();
    if is_variable(&dotted) || looks_like_a_name(&dotted) { dotted } else { inside.trim_matches(is_blank).to_owned() }
}

fn looks_like_a_name(text: &str) -> bool {
    text.contains('.') && text.bytes().all(|c| c.is_ascii_lowercase() || c == b'.' || c == b'_')
}

/// Whether a variable of this name may stand between braces. A shop's own facts are not known here.
fn is_variable(name: &str) -> bool {
    let is_named = VARIABLES.iter().chain(SYSTEM_VARIABLES).any(|(en, zh)| *en == name || *zh == name);
    is_named || name.strip_prefix("facts.").is_some_and(|path| Facts::default().exists(path))
}
