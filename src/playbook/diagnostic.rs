//! A mistake in a file as a product of its own: code, place, caret, what to write instead, in the reader's language.

use std::fmt::Write as _;
use std::sync::Arc;

use serde::Serialize;

use crate::domain::Language;

/// How bad a mistake is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// The file isn't used as it stands.
    Error,
    /// Used, but somebody should look.
    Warning,
}

/// A place in a file.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
pub struct Place {
    /// The path as people are shown it: with the folder it was read from; the pack's begin with `base/`.
    pub file: Arc<str>,
    /// From 1; 0 is the file as a whole.
    pub line: u32,
    /// From 1, in characters; 0 is the line as a whole.
    pub column: u32,
    /// In characters.
    pub width: u32,
}

/// A text in both of the languages people read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Bilingual {
    /// Chinese.
    pub zh: String,
    /// English.
    pub en: String,
}

impl Bilingual {
    /// Both texts.
    pub fn new(zh: impl Into<String>, en: impl Into<String>) -> Self {
        Self { zh: zh.into(), en: en.into() }
    }

    /// The one in this language.
    #[must_use]
    pub fn of(&self, language: Language) -> &str {
        match language {
            Language::Zh => &self.zh,
            Language::En => &self.en,
        }
    }
}

/// A change to one line of the file that surely mends a mistake.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Edit {
    /// From 1.
    pub line: u32,
    /// From 1, in characters; 0: the whole line goes.
    pub column: u32,
    /// How many characters are replaced; 0: the text is put in before `column`.
    pub width: u32,
    /// What stands there afterwards; may hold line feeds.
    pub text: String,
}

/// One mistake.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Diagnostic {
    /// Its name, the same in all languages and for ever: `unknown-key`.
    pub code: &'static str,
    /// How bad it is.
    pub severity: Severity,
    /// Where it stands.
    pub place: Place,
    /// The line as it stands in the file, if there is one.
    pub source: Option<String>,
    /// What is wrong.
    pub message: Bilingual,
    /// What to write instead.
    pub help: Option<Bilingual>,
    /// What `check --fix` does about it; empty: a person has to decide.
    pub fix: Vec<Edit>,
}

/// A line is shown so wide, in characters; of a longer one only what stands around the mistake.
const WIDEST: usize = 160;

impl Diagnostic {
    /// An error without help.
    #[must_use]
    pub fn error(code: &'static str, place: Place, message: Bilingual) -> Self {
        Self { code, severity: Severity::Error, place, source: None, message, help: None, fix: Vec::new() }
    }

    /// A warning without help.
    #[must_use]
    pub fn warning(code: &'static str, place: Place, message: Bilingual) -> Self {
        Self { severity: Severity::Warning, ..Self::error(code, place, message) }
    }

    /// With what to write instead.
    #[must_use]
    pub fn with_help(mut self, help: Bilingual) -> Self {
        self.help = Some(help);
        self
    }

    /// With the edits that surely mend it.
    #[must_use]
    pub fn with_fix(mut self, edits: impl IntoIterator<Item = Edit>) -> Self {
        self.fix.extend(edits);
        self
    }

    /// The mistake as it is printed: code, message, file:line:column, the line with a caret, help.
    #[must_use]
    pub fn render(&self, language: Language) -> String {
        let mut out = String::new();
        let word = match (self.severity, language) {
            (Severity::Error, Language::Zh) => "错误",
            (Severity::Error, Language::En) => "error",
            (Severity::Warning, Language::Zh) => "提醒",
            (Severity::Warning, Language::En) => "warning",
        };
        let _ = writeln!(out, "{word}[{}]: {}", self.code, self.message.of(language));
        let Place { file, line, column, width } = &self.place;
        let _ = match (line, column) {
            (0, _) => writeln!(out, "  --> {file}"),
            (line, 0) => writeln!(out, "  --> {file}:{line}"),
            (line, column) => writeln!(out, "  --> {file}:{line}:{column}"),
        };
        if let Some(source) = self.source.as_deref().filter(|_| *line > 0) {
            let margin = " ".repeat(line.to_string().len());
            let start = (*column as usize).saturating_sub(1);
            let cut = if source.chars().count() > WIDEST { start.saturating_sub(WIDEST / 2) } else { 0 };
            let shown: String = source.chars().skip(cut).take(WIDEST).map(visible).collect();
            let _ = writeln!(out, " {margin} |\n {line} | {shown}");
            if *column > 0 {
                let before: String = shown.chars().take(start - cut).collect();
                let under: String = shown.chars().skip(start - cut).take((*width).max(1) as usize).collect();
                let carets = "^".repeat(columns(&under).max(1));
                let _ = writeln!(out, " {margin} | {}{carets}", " ".repeat(columns(&before)));
            }
        }
        if let Some(help) = &self.help {
            let _ = writeln!(out, "  = {}", help.of(language));
        }
        out
    }
}

/// A Tab as wide as a space, so that the caret stands under it.
fn visible(c: char) -> char {
    if c == '\t' { ' ' } else { c }
}

/// How many columns of a terminal a text takes: a Chinese character takes two.
fn columns(text: &str) -> usize {
    unicode_width::UnicodeWidthStr::width(text)
}

/// The name nearest to a mistyped one, if one is near.
#[must_use]
pub fn nearest<'a>(typed: &str, names: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let distance = |name: &str| strsim::damerau_levenshtein(typed, name);
    names
        .into_iter()
        .map(|name| (distance(name), name))
        .filter(|(far, name)| *far <= (name.chars().count() / 3).max(1))
        .min()
        .map(|(_, name)| name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_caret_stands_under_chinese_characters() {
        let place = Place { file: "intents/a/b.yaml".into(), line: 12, column: 5, width: 2 };
        let mut mistake = Diagnostic::error("unknown-key", place, Bilingual::new("没有“短语句”这个键", "no such key"));
        mistake.source = Some("  关键短语句: |".into());
        mistake = mistake.with_help(Bilingual::new("请写“关键词”", "write `phrases`"));
        assert_eq!(
            mistake.render(Language::Zh),
            "错误[unknown-key]: 没有“短语句”这个键\n  --> intents/a/b.yaml:12:5\n    |\n 12 |   关键短语句: |\n    |       ^^^^\n  = 请写“关键词”\n"
        );
    }

    #[test]
    fn a_mistyped_name_finds_its_neighbour() {
        assert_eq!(nearest("phrase", ["phrases", "examples"]), Some("phrases"));
        assert_eq!(nearest("zebra", ["phrases", "examples"]), None);
    }
}
