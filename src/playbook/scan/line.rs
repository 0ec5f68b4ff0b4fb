//! One line as it was typed, slips and all: its indentation, and the key and value that are meant.

use std::ops::Range;

/// One line of a file.
#[derive(Clone, Copy, Debug)]
pub(super) struct Line<'t> {
    /// From 1.
    pub(super) number: u32,
    /// Without its end.
    pub(super) text: &'t str,
    /// Bytes of the blanks it begins with, whatever blanks they are.
    pub(super) indent: usize,
}

/// How the colon after a key was typed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Colon {
    /// `: `
    Proper,
    /// `:x`
    Tight,
    /// `：`
    Wide,
}

/// A key with what follows it.
#[derive(Clone, Debug)]
pub(super) struct Entry<'t> {
    /// Without quotes.
    pub(super) key: &'t str,
    /// Where it stands in the line, quotes included.
    pub(super) key_at: Range<usize>,
    /// Whether it stands in “typographic” quotes.
    pub(super) smart: bool,
    pub(super) colon: Colon,
    /// From the end of the key to the value: blanks and the colon.
    pub(super) gap: Range<usize>,
    /// Without blanks around it.
    pub(super) value: &'t str,
    pub(super) value_at: usize,
}

/// Whether a character is seen as a blank, YAML's own space and Tab among them.
pub(super) fn is_blank(c: char) -> bool {
    c == ' ' || c == '\t' || is_odd(c)
}

/// Whether a character is seen as a blank or not at all, and is a letter to YAML.
pub(super) fn is_odd(c: char) -> bool {
    matches!(c, '\u{a0}' | '\u{3000}' | '\u{2000}'..='\u{200d}' | '\u{202f}' | '\u{205f}' | '\u{2060}' | '\u{feff}')
}

impl<'t> Line<'t> {
    pub(super) fn of(number: u32, text: &'t str) -> Self {
        let indent = text.len() - text.trim_start_matches(is_blank).len();
        Self { number, text, indent }
    }

    /// What follows the indentation, without blanks at the end.
    pub(super) fn rest(&self) -> &'t str {
        self.text[self.indent..].trim_end_matches(is_blank)
    }

    pub(super) fn is_empty(&self) -> bool {
        self.indent == self.text.len()
    }

    pub(super) fn is_note(&self) -> bool {
        self.rest().starts_with('#')
    }

    /// Whether YAML would not take all of its indentation for one.
    pub(super) fn is_odd(&self) -> bool {
        self.text.as_bytes()[..self.indent].iter().any(|byte| *byte != b' ')
    }

    /// The spaces it begins with.
    pub(super) fn spaces(&self) -> usize {
        self.text.bytes().take_while(|byte| *byte == b' ').count()
    }

    /// How far it seems indented: a Tab counts as one level.
    pub(super) fn columns(&self) -> usize {
        let width = |c: char| match c {
            '\t' | '\u{3000}' => 2,
            '\u{200b}'..='\u{200d}' | '\u{2060}' | '\u{feff}' => 0,
            _ => 1,
        };
        self.text[..self.indent].chars().map(width).sum()
    }

    /// The key it begins with, if it does.
    pub(super) fn entry(&self) -> Option<Entry<'t>> {
        Entry::read(self.text, self.indent)
    }

    /// A dash and what follows it.
    pub(super) fn item(&self) -> Option<usize> {
        let rest = self.rest();
        (rest == "-" || rest.starts_with("- ")).then(|| (self.indent + 2).min(self.text.len()))
    }
}

impl<'t> Entry<'t> {
    /// Reads a key and its value from a byte of a line on.
    pub(super) fn read(text: &'t str, from: usize) -> Option<Self> {
        let rest = &text[from..];
        let first = rest.chars().next()?;
        let close: &[char] = match first {
            '"' => &['"'],
            '\'' => &['\''],
            '“' | '”' | '＂' => &['“', '”', '"', '＂'],
            '‘' | '’' => &['‘', '’', '\''],
            _ => return Self::plain(text, from),
        };
        let inside = from + first.len_utf8();
        let length = text[inside..].find(close)?;
        let end = inside + length + text[inside + length..].chars().next()?.len_utf8();
        let at = end + blanks(&text[end..]);
        let colon = Self::colon_at(text, at)?;
        Some(Self::from_parts(text, &text[inside..inside + length], from..end, at, colon, !first.is_ascii()))
    }

    fn plain(text: &'t str, from: usize) -> Option<Self> {
        let mut slip = None;
        let mut before = ' ';
        for (at, c) in text[from..].char_indices().map(|(at, c)| (from + at, c)) {
            if c == '#' && is_blank(before) {
                break;
            }
            before = c;
            let Some(colon) = Self::colon_at(text, at) else { continue };
            let key = text[from..at].trim_end_matches(is_blank);
            let found = || Self::from_parts(text, key, from..from + key.len(), at, colon, false);
            match colon {
                Colon::Proper if slip.is_none() => return (!key.is_empty()).then(found),
                // `时间：a: b` has the colon that YAML takes; the first one alone is a slip.
                Colon::Proper => return slip.filter(|slip: &Self| is_name(slip.key)).or_else(|| Some(found())),
                Colon::Tight if text[at..].starts_with("://") => {}
                _ if slip.is_none() && is_name(key) => slip = Some(found()),
                _ => {}
            }
        }
        slip
    }

    fn colon_at(text: &str, at: usize) -> Option<Colon> {
        let mut rest = text[at..].chars();
        match rest.next()? {
            '：' => Some(Colon::Wide),
            ':' if rest.next().is_none_or(|c| c == ' ' || c == '\t') => Some(Colon::Proper),
            ':' => Some(Colon::Tight),
            _ => None,
        }
    }

    fn from_parts(text: &'t str, key: &'t str, key_at: Range<usize>, at: usize, colon: Colon, smart: bool) -> Self {
        let after = at + if colon == Colon::Wide { '：'.len_utf8() } else { 1 };
        let value_at = after + blanks(&text[after..]);
        let value = text[value_at..].trim_end_matches(is_blank);
        let gap = key_at.end..value_at;
        Self { key, key_at, smart, colon, gap, value, value_at }
    }
}

/// Whether it could be the name of a key: `phrases`, `shipped.lively`, `logistics/track_parcel`, `应匹配`.
pub(super) fn is_name(text: &str) -> bool {
    let fits = |c: char| c.is_alphanumeric() || matches!(c, '_' | '.' | '/' | '-' | ' ');
    !text.is_empty() && text.chars().count() <= 40 && text.chars().all(fits) && !text.starts_with(['-', ' '])
}

fn blanks(text: &str) -> usize {
    text.len() - text.trim_start_matches(is_blank).len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_seen_however_its_colon_was_typed() {
        for (text, key, colon, value) in [
            ("  phrases: |", "phrases", Colon::Proper, "|"),
            ("phrases:|", "phrases", Colon::Tight, "|"),
            ("　　关键词： ｜ ", "关键词", Colon::Wide, "｜"),
            ("“means”: x", "means", Colon::Proper, "x"),
            ("\"a b\" : x", "a b", Colon::Proper, "x"),
            ("logistics/track_parcel: auto", "logistics/track_parcel", Colon::Proper, "auto"),
            ("means:", "means", Colon::Proper, ""),
            ("means: a：b: c", "means", Colon::Proper, "a：b: c"),
        ] {
            let entry = Line::of(1, text).entry().unwrap_or_else(|| panic!("{text}"));
            assert_eq!((entry.key, entry.colon, entry.value), (key, colon, value), "{text}");
        }
        for text in ["快递到哪了", "https://a.example/b", "# a: b", "，：x", ""] {
            assert!(Line::of(1, text).entry().is_none(), "{text}");
        }
    }
}
