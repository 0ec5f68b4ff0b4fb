//! A YAML file as a tree that remembers its lines, so that every mistake in it can be shown at its place.

use std::fmt;
use std::sync::Arc;

use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_saphyr::Spanned;

use super::diagnostic::{Bilingual, Diagnostic, Place};

/// A value of the file and where it stands.
#[derive(Clone, Debug)]
pub struct Node {
    /// From 1. For a block (`|`) the first line of its text.
    pub line: u32,
    /// From 1, in characters.
    pub column: u32,
    /// What it is.
    pub value: Value,
}

/// What a value is. Numbers and truth values stay as they were written.
#[derive(Clone, Debug)]
pub enum Value {
    /// Nothing after the colon.
    Nothing,
    /// Text, a number, true or false.
    Text(String),
    /// `[a, b]` or lines with dashes.
    List(Vec<Node>),
    /// Keys with values, in the file's order.
    Map(Vec<(Key, Node)>),
}

/// A key and where it stands.
#[derive(Clone, Debug)]
pub struct Key {
    /// As it was written.
    pub name: String,
    /// From 1.
    pub line: u32,
    /// From 1, in characters.
    pub column: u32,
}

/// A file of the pack or a shop.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SourceFile {
    /// Path below the shop's folder or the pack, with `/`: says what the file is for.
    pub path: Arc<str>,
    /// The path as people are shown it: with the folder it was read from.
    pub shown: Arc<str>,
    /// All of it.
    pub text: String,
}

impl SourceFile {
    /// A file that is shown by its path.
    pub fn new(path: impl Into<Arc<str>>, text: impl Into<String>) -> Self {
        let path = path.into();
        Self { shown: path.clone(), path, text: text.into() }
    }

    /// A line of the file, from 1.
    #[must_use]
    pub fn line(&self, line: u32) -> Option<String> {
        self.text.lines().nth((line as usize).checked_sub(1)?).map(str::to_owned)
    }

    /// The file as a tree. Anchors, aliases, doubled keys and files over 1 MiB are refused.
    ///
    /// # Errors
    /// The first mistake of the YAML itself: it can't be read beyond that.
    pub fn parse(&self) -> Result<Node, Box<Diagnostic>> {
        if self.text.len() > LARGEST_FILE {
            return Err(Box::new(too_large(self.place(0, 0, 0))));
        }
        let options = serde_saphyr::options! {
            strict_booleans: true,
            leading_zero_numbers_as_strings: true,
            underscored_numbers_as_strings: true,
            with_snippet: false,
            // Each level takes a few kilobytes of the thread's stack.
            budget: serde_saphyr::budget! { max_anchors: 0, max_aliases: 0, max_depth: 16 },
        };
        serde_saphyr::from_str_with_options::<Node>(&self.text, options).map_err(|error| {
            let (line, column) = error.location().map_or((0, 0), |at| (small(at.line()), small(at.column())));
            let said = error.without_snippet().to_string();
            // The place is shown beside the message.
            let said = said.rsplit_once(" at line ").map_or(said.as_str(), |(said, _)| said);
            let place = self.place(line, column, 1);
            let mut mistake = if said.contains("nchor") {
                let message = Bilingual::new("不支持 YAML 的锚点 & 和引用 *", "YAML's anchors `&` and aliases `*` are refused");
                Diagnostic::error("anchor", place, message)
            } else if said.contains("budget breached") {
                Diagnostic::error("too-complex", place, Bilingual::new("嵌套太深或内容太多", "nested too deep, or too much of it"))
            } else {
                let (zh, en) = (format!("这里的格式读不懂：{said}"), format!("this can't be read as YAML: {said}"));
                Diagnostic::error("yaml", place, Bilingual::new(zh, en))
            };
            mistake.source = self.line(line);
            Box::new(mistake.with_help(Bilingual::new(
                "检查缩进（用空格）、英文冒号和竖线 |；多行文字写在 | 的下一行，缩进两格",
                "check indentation (spaces), the colon and the bar |; text of many lines goes below the |, indented by two",
            )))
        })
    }

    /// A place in this file.
    #[must_use]
    pub fn place(&self, line: u32, column: u32, width: usize) -> Place {
        Place { file: self.shown.clone(), line, column, width: small(width as u64) }
    }
}

/// Nobody writes a script file this long; a paste by mistake or a bomb is.
pub const LARGEST_FILE: usize = 1024 * 1024;

/// What is said of a file over [`LARGEST_FILE`].
pub(super) fn too_large(place: Place) -> Diagnostic {
    let message = Bilingual::new("文件超过 1 MiB，没有读", "the file is larger than 1 MiB and was not read");
    let help = Bilingual::new(
        "一个意图一个文件；误粘贴的内容请删掉",
        "one file holds one intent; delete what was pasted by mistake",
    );
    Diagnostic::error("too-large", place, message).with_help(help)
}

fn small(number: u64) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

impl Node {
    /// The text, if it is one.
    #[must_use]
    pub fn text(&self) -> Option<&str> {
        match &self.value {
            Value::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The keys and values; none if it is no map.
    #[must_use]
    pub fn entries(&self) -> &[(Key, Node)] {
        match &self.value {
            Value::Map(entries) => entries,
            _ => &[],
        }
    }

    /// The value under a key.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Node> {
        self.entries().iter().find(|(name, _)| name.name == key).map(|(_, node)| node)
    }

    /// The values of a list; a text alone counts as a list of one.
    #[must_use]
    pub fn items(&self) -> Vec<&str> {
        match &self.value {
            Value::List(items) => items.iter().filter_map(Node::text).collect(),
            Value::Text(text) => vec![text],
            _ => Vec::new(),
        }
    }

    /// The lines of a block with their place in the file, without blank ones and comments (`# `).
    pub fn lines(&self) -> impl Iterator<Item = (u32, &str)> {
        self.text()
            .unwrap_or_default()
            .lines()
            .enumerate()
            .map(|(n, line)| (self.line + small(n as u64), line.trim()))
            .filter(|(_, line)| !line.is_empty() && !line.starts_with("# ") && *line != "#")
    }
}

impl<'de> Deserialize<'de> for Node {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let spanned = Spanned::<Raw>::deserialize(deserializer)?;
        let at = spanned.referenced;
        // The parser points at the first character that isn't blank; blank lines before it belong to the block.
        let blank = match &spanned.value.0 {
            Value::Text(text) => text.chars().take_while(|c| *c == '\n').count(),
            _ => 0,
        };
        let line = small(at.line()).saturating_sub(small(blank as u64));
        Ok(Self { line, column: small(at.column()), value: spanned.value.0 })
    }
}

/// The value alone, as the parser hands it over.
struct Raw(Value);

impl<'de> Deserialize<'de> for Raw {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(RawVisitor)
    }
}

struct RawVisitor;

impl<'de> Visitor<'de> for RawVisitor {
    type Value = Raw;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("text, a list or keys with values")
    }

    fn visit_str<E>(self, text: &str) -> Result<Raw, E> {
        Ok(Raw(Value::Text(text.to_owned())))
    }

    fn visit_bool<E>(self, value: bool) -> Result<Raw, E> {
        Ok(Raw(Value::Text(value.to_string())))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Raw, E> {
        Ok(Raw(Value::Text(value.to_string())))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Raw, E> {
        Ok(Raw(Value::Text(value.to_string())))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Raw, E> {
        Ok(Raw(Value::Text(value.to_string())))
    }

    fn visit_unit<E>(self) -> Result<Raw, E> {
        Ok(Raw(Value::Nothing))
    }

    fn visit_none<E>(self) -> Result<Raw, E> {
        Ok(Raw(Value::Nothing))
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Raw, D::Error> {
        Raw::deserialize(deserializer)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Raw, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = seq.next_element::<Node>()? {
            items.push(item);
        }
        Ok(Raw(Value::List(items)))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Raw, A::Error> {
        let mut entries = Vec::new();
        while let Some((key, value)) = map.next_entry::<Spanned<String>, Node>()? {
            let at = key.referenced;
            entries.push((Key { name: key.value, line: small(at.line()), column: small(at.column()) }, value));
        }
        Ok(Raw(Value::Map(entries)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(text: &str) -> SourceFile {
        SourceFile::new("intents/test.yaml", text)
    }

    #[test]
    fn lines_of_a_block_know_their_place() {
        let tree = file("means: x\nzh:\n  phrases: |\n    快递到哪了\n    # 备注\n    #1234 到哪了\n\n    [急] 包裹：在哪？\nn: 007\nt: 16:00\n").parse().unwrap();
        let phrases = tree.get("zh").unwrap().get("phrases").unwrap();
        let lines: Vec<_> = phrases.lines().collect();
        assert_eq!(lines, [(4, "快递到哪了"), (6, "#1234 到哪了"), (8, "[急] 包裹：在哪？")]);
        let blank_first = file("a: |\n\n\n  b\nc: |\n  d\n").parse().unwrap();
        assert_eq!(blank_first.get("a").unwrap().lines().collect::<Vec<_>>(), [(4, "b")]);
        assert_eq!(blank_first.get("c").unwrap().lines().collect::<Vec<_>>(), [(6, "d")]);
        assert_eq!(tree.get("n").unwrap().text(), Some("007"));
        assert_eq!(tree.get("t").unwrap().text(), Some("16:00"));
        assert_eq!(tree.entries()[1].0.line, 2);
    }

    #[test]
    fn anchors_and_doubled_keys_are_refused_at_their_place() {
        for (text, line) in [("a: &x 1\nb: *x\n", 1), ("a: 1\na: 2\n", 2), ("a: [1\nb: 2\n", 2), ("a:\n\t- b\n", 2)] {
            let mistake = file(text).parse().unwrap_err();
            let code = if text.contains('&') { "anchor" } else { "yaml" };
            assert_eq!((mistake.code, mistake.place.line), (code, line), "{text:?}: {:?}", mistake.message);
        }
    }
}
