//! A text with marks under its very characters, as a compiler shows a mistake.

use std::fmt::Write as _;
use std::ops::Range;

use anstyle::{AnsiColor, Style};

/// What a mark says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Tint {
    /// It stands.
    Stands,
    /// A value or a name in the text.
    Value,
    /// It took evidence away.
    Veto,
    /// It lost.
    Lost,
}

impl Tint {
    pub(super) fn style(self) -> Style {
        match self {
            Self::Stands => AnsiColor::Green.on_default().bold(),
            Self::Value => AnsiColor::Cyan.on_default(),
            Self::Veto => AnsiColor::Red.on_default(),
            Self::Lost => AnsiColor::Yellow.on_default(),
        }
    }

    /// Readable without colours too.
    fn mark(self) -> &'static str {
        match self {
            Self::Stands => "^",
            Self::Value => "~",
            Self::Veto => "x",
            Self::Lost => "-",
        }
    }
}

/// What stands beside the text and must not be louder than it.
pub(super) const QUIET: Style = Style::new().dimmed();

/// Marks under stretches of the text, with one label.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Mark {
    /// In bytes of the text.
    pub(super) spans: Vec<Range<usize>>,
    pub(super) tint: Tint,
    pub(super) label: String,
}

/// Labels of lines up to this many columns stand in a column of their own; beyond it below their marks.
const BESIDE: usize = 72;

/// The text once, line by line behind a gutter, and below each line the marks that stand in it.
pub(super) fn draw(text: &str, marks: &[Mark]) -> String {
    let lines: Vec<Range<usize>> = lines(text);
    let margin = lines.len().to_string().len();
    let bar = format!("{QUIET}|{QUIET:#}");
    let mut out = String::new();
    let _ = writeln!(out, " {:margin$} {bar}", "");
    for (number, line) in lines.iter().enumerate() {
        let shown = visible(&text[line.clone()]);
        let _ = writeln!(out, " {QUIET}{:>margin$}{QUIET:#} {bar} {}", number + 1, shown.trim_end());
        let mut rows: Vec<(Vec<Range<usize>>, &Mark)> = marks
            .iter()
            .map(|mark| (mark.spans.iter().filter_map(|span| within(span, line)).collect::<Vec<_>>(), mark))
            .filter(|(spans, _)| !spans.is_empty())
            .collect();
        rows.sort_by_key(|(spans, mark)| (spans.first().map(|span| span.start), mark.tint));
        let beside = columns(&shown) + 3;
        for (spans, mark) in rows {
            let (under, end) = underline(&text[line.clone()], &spans, mark.tint);
            let style = mark.tint.style();
            let _ = write!(out, " {:margin$} {bar} {style}{under}{style:#}", "");
            if beside <= BESIDE {
                let _ = writeln!(out, "{}{}", " ".repeat(beside - end), mark.label);
            } else {
                let start =
                    spans.first().map_or(0, |span| columns(&visible(&text[line.start..line.start + span.start])));
                let _ = writeln!(out, "\n {:margin$} {bar} {}{}", "", " ".repeat(start.min(BESIDE)), mark.label);
            }
        }
    }
    let _ = writeln!(out, " {:margin$} {bar}", "");
    out
}

/// The lines' bytes, without their ends. A text has at least one.
fn lines(text: &str) -> Vec<Range<usize>> {
    let mut lines = Vec::new();
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        let bare = line.trim_end_matches(['\n', '\r']);
        lines.push(start..start + bare.len());
        start += line.len();
    }
    if lines.is_empty() {
        lines.push(0..0);
    }
    lines
}

/// The part of a span that lies in a line, in bytes of the line.
fn within(span: &Range<usize>, line: &Range<usize>) -> Option<Range<usize>> {
    let (start, end) = (span.start.max(line.start), span.end.min(line.end));
    (start < end).then(|| start - line.start..end - line.start)
}

/// The marks of one row and how many columns it takes.
fn underline(line: &str, spans: &[Range<usize>], tint: Tint) -> (String, usize) {
    let mut spans = spans.to_vec();
    spans.sort_by_key(|span| span.start);
    let (mut row, mut at) = (String::new(), 0);
    for span in spans {
        let (Some(before), Some(under)) = (line.get(..span.start), line.get(span.clone())) else { continue };
        let start = columns(&visible(before)).max(at);
        let width = columns(&visible(under)).max(1);
        row.push_str(&" ".repeat(start - at));
        row.push_str(&tint.mark().repeat(width));
        at = start + width;
    }
    (row, at)
}

/// A Tab as wide as a space; no other control character reaches the terminal.
fn visible(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}

/// How many columns of a terminal a text takes: a Chinese character and most emoji take two.
pub(super) fn columns(text: &str) -> usize {
    unicode_width::UnicodeWidthStr::width(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plain(text: &str, marks: &[(&str, Tint, &str)]) -> String {
        let span = |part: &str| text.find(part).map(|start| start..start + part.len()).unwrap();
        let marks = marks.iter().map(|(parts, tint, label)| Mark {
            spans: parts.split('|').map(span).collect(),
            tint: *tint,
            label: (*label).to_owned(),
        });
        anstream::adapter::strip_str(&draw(text, &marks.collect::<Vec<_>>())).to_string()
    }

    #[test]
    fn marks_stand_under_wide_characters_and_emoji() {
        assert_eq!(
            plain("a😀快递到哪了👨‍👩‍👧x", &[("快递到哪了", Tint::Stands, "one"), ("x", Tint::Value, "two")]),
            "   |\n 1 | a😀快递到哪了👨‍👩‍👧x\n   |    ^^^^^^^^^^      one\n   |                ~   two\n   |\n"
        );
    }

    #[test]
    fn words_apart_share_a_row_and_lines_have_numbers() {
        assert_eq!(
            plain("包裹还\t没\n收到", &[("包裹|没", Tint::Stands, "both"), ("收到", Tint::Lost, "below")]),
            "   |\n 1 | 包裹还 没\n   | ^^^^   ^^   both\n 2 | 收到\n   | ----   below\n   |\n"
        );
        assert_eq!(plain("", &[]), "   |\n 1 |\n   |\n".replace("1 |", "1 | "));
    }

    #[test]
    fn labels_of_long_lines_stand_below() {
        let long = format!("{}快递", "啊".repeat(40));
        let shown = plain(&long, &[("快递", Tint::Stands, "label")]);
        let rows: Vec<&str> = shown.lines().collect();
        assert_eq!(rows[2], format!("   | {}^^^^", " ".repeat(80)));
        assert_eq!(rows[3], format!("   | {}label", " ".repeat(72)));
    }
}
