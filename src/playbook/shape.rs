//! Values of the wrong shape: text where keys belong, a list where words belong, words that are empty. The readers take
//! what fits and pass over the rest; here the rest is told.

use std::collections::BTreeSet;

use super::diagnostic::{Bilingual, Diagnostic, nearest};
use super::facts::Facts;
use super::keys;
use super::tree::{Key, Node, SourceFile, Value};
use crate::domain::{Language, Situation};

/// Names under which the system's own words are picked besides situations.
const NAMED: &[&str] = &["after_60s", "after_180s"];

/// Sections of `shop.yaml` that hold keys.
const SECTIONS: &[&str] =
    &["facts", "queues", "modes", "channels", "embeddings", "thresholds", "flags", "limits", "guard", "assignment"];

/// What is wrong with the shapes in a file.
pub(super) fn check(file: &SourceFile, tree: &Node) -> Vec<Diagnostic> {
    let mut shapes = Shapes { file, told: Vec::new() };
    match file.path.split_once('/') {
        // An empty intent misses what it must have, and is told of that.
        Some(("intents", _)) => {}
        _ if matches!(tree.value, Value::Nothing) => shapes.empty_file(),
        Some(("replies", "words.yaml" | "words.yml")) => shapes.words(tree),
        Some(("replies", rest)) => shapes.reply(tree, rest.starts_with("system/")),
        _ => {
            shapes.sections(tree);
            shapes.texts(tree);
            if let Some(facts) = tree.get("facts") {
                shapes.facts(facts, "");
            }
        }
    }
    shapes.told
}

/// Words in a tone that no shop here speaks in: most likely its name is mistyped.
pub(super) fn tones(file: &SourceFile, tree: &Node, own: &str) -> Vec<Diagnostic> {
    if !file.path.starts_with("replies/") || file.path.starts_with("replies/words.") {
        return Vec::new();
    }
    let known = ["plain", "lively", own];
    let keys = tree.entries().iter().filter(|(key, _)| Language::parse(&key.name).is_some());
    let keys = keys.flat_map(|(_, value)| value.entries()).map(|(key, _)| key);
    let told = keys.filter_map(|key| {
        let tone = key.name.split_once('.')?.1;
        if known.contains(&tone) {
            return None;
        }
        let message = Bilingual::new(
            format!("没有人用“{tone}”这个语气，这些话不会说出来"),
            format!("nobody speaks in the tone `{tone}`: these words are never said"),
        );
        let place = file.place(key.line, key.column, key.name.chars().count());
        let help = nearest(tone, known).map_or_else(
            || {
                Bilingual::new(
                    format!("可用的语气：{}；自己的语气先写进 shop.yaml 的 tone", known[..2].join(" ")),
                    format!("tones: {}; a tone of your own goes to `tone` in shop.yaml first", known[..2].join(" ")),
                )
            },
            |near| Bilingual::new(format!("是不是 {near}？"), format!("did you mean `{near}`?")),
        );
        Some(keys::with_line(file, Diagnostic::warning("unknown-tone", place, message).with_help(help)))
    });
    told.collect()
}

struct Shapes<'f> {
    file: &'f SourceFile,
    told: Vec<Diagnostic>,
}

impl Shapes<'_> {
    fn tell(&mut self, mistake: Diagnostic) {
        self.told.push(keys::with_line(self.file, mistake));
    }

    fn empty_file(&mut self) {
        let message = Bilingual::new("文件里什么也没有", "there is nothing in this file");
        let help = Bilingual::new("写上内容，或者删掉这个文件", "write something, or delete the file");
        self.told.push(Diagnostic::warning("empty-file", self.file.place(0, 0, 0), message).with_help(help));
    }

    fn not_a_map(&mut self, key: &Key) {
        let name = &key.name;
        let message =
            Bilingual::new(format!("{name} 下面应当是“键: 值”"), format!("keys with values belong below `{name}`"));
        let help = Bilingual::new(
            format!("{name}: 后面不写文字，键写在下一行，前面空两格"),
            format!("nothing follows `{name}:` on its line; the keys stand below it, indented by two"),
        );
        let place = self.file.place(key.line, key.column, name.chars().count());
        self.tell(Diagnostic::error("not-a-map", place, message).with_help(help));
    }

    /// The keys below each language.
    fn languages<'n>(&mut self, tree: &'n Node) -> Vec<&'n (Key, Node)> {
        let mut found = Vec::new();
        for (key, value) in tree.entries().iter().filter(|(key, _)| Language::parse(&key.name).is_some()) {
            match value.value {
                Value::Map(_) | Value::Nothing => found.extend(value.entries()),
                _ => self.not_a_map(key),
            }
        }
        found
    }

    fn words(&mut self, tree: &Node) {
        for (key, value) in self.languages(tree) {
            if value.text().is_none() {
                self.tell(keys::bad_value(self.file, value, &key.name, "text"));
            }
        }
    }

    fn reply(&mut self, tree: &Node, is_system: bool) {
        for (_, name) in tree.entries().iter().filter(|(key, _)| matches!(key.name.as_str(), "title" | "category")) {
            self.texts(name);
        }
        for (key, value) in self.languages(tree) {
            match &value.value {
                Value::Text(text) if spoken(text) => {}
                // `default: ""` takes away what the layers below say.
                Value::Text(text) if text.is_empty() && self.is_quoted(key) => {}
                Value::Text(_) | Value::Nothing => self.empty_words(key),
                _ => self.not_words(key),
            }
            let name = key.name.split_once('.').map_or(key.name.as_str(), |(name, _)| name);
            if is_system
                && !matches!(name, "suggest" | "remove")
                && Situation::parse(name).is_none()
                && !NAMED.contains(&name)
            {
                self.unknown_name(key, name);
            }
        }
    }

    fn is_quoted(&self, key: &Key) -> bool {
        let line = self.file.line(key.line).unwrap_or_default();
        line.contains("\"\"") || line.contains("''")
    }

    fn empty_words(&mut self, key: &Key) {
        let message =
            Bilingual::new(format!("{} 下面没有话术", key.name), format!("there are no words below `{}`", key.name));
        let help = Bilingual::new(
            format!("写上话术，或者删掉这个键；要去掉下层的话术就写 {}: \"\"", key.name),
            format!("write them, or delete the key; `{}: \"\"` takes away what the layers below say", key.name),
        );
        let place = self.file.place(key.line, key.column, key.name.chars().count());
        self.tell(Diagnostic::error("empty-words", place, message).with_help(help));
    }

    fn not_words(&mut self, key: &Key) {
        let name = &key.name;
        let message = Bilingual::new(format!("{name} 下面应当是话术"), format!("words belong below `{name}`"));
        let help = Bilingual::new(
            format!("写成 {name}: |，话术写在下一行，前面空四格"),
            format!("write `{name}: |` and the words below it, indented by four"),
        );
        let place = self.file.place(key.line, key.column, name.chars().count());
        self.tell(Diagnostic::error("not-a-block", place, message).with_help(help));
    }

    fn unknown_name(&mut self, key: &Key, name: &str) {
        let known: Vec<&str> =
            Situation::ALL.iter().map(|situation| situation.key()).chain(NAMED.iter().copied()).collect();
        let message = Bilingual::new(format!("没有“{name}”这个情形"), format!("unknown situation `{name}`"));
        let help = nearest(name, known).map_or_else(
            || Bilingual::new("系统话术写在 default 下面", "the system's words stand below `default`"),
            |near| Bilingual::new(format!("是不是 {near}？"), format!("did you mean `{near}`?")),
        );
        let place = self.file.place(key.line, key.column, key.name.chars().count());
        self.tell(Diagnostic::error("unknown-situation", place, message).with_help(help));
    }

    fn sections(&mut self, tree: &Node) {
        for (key, value) in tree.entries().iter().filter(|(key, _)| SECTIONS.contains(&key.name.as_str())) {
            match value.value {
                Value::Text(_) | Value::List(_) => self.not_a_map(key),
                Value::Nothing => self.empty_section(key),
                Value::Map(_) => {}
            }
        }
    }

    fn empty_section(&mut self, key: &Key) {
        let name = &key.name;
        let message = Bilingual::new(format!("{name} 下面什么也没有"), format!("there is nothing below `{name}`"));
        let help = Bilingual::new("写上内容，或者删掉这个键", "write something, or delete the key");
        let place = self.file.place(key.line, key.column, name.chars().count());
        self.tell(Diagnostic::warning("empty-section", place, message).with_help(help));
    }

    /// `{zh: …, en: …}` holds texts by language and nothing else.
    fn texts(&mut self, node: &Node) {
        if let Value::List(items) = &node.value {
            items.iter().for_each(|item| self.texts(item));
        }
        let entries = node.entries();
        let is_language = |key: &Key| Language::parse(&key.name).is_some();
        let is_local = entries.iter().any(|(key, value)| is_language(key) && !matches!(value.value, Value::Map(_)));
        for (key, value) in entries {
            match &value.value {
                Value::Map(_) | Value::List(_) if !is_local => self.texts(value),
                Value::Text(_) if is_local && is_language(key) => {}
                _ if is_local && is_language(key) => self.tell(keys::bad_value(self.file, value, &key.name, "text")),
                _ if is_local => self.tell(keys::unknown(self.file, key, &["zh", "en"])),
                _ => {}
            }
        }
    }

    /// A shop may have facts of its own; one that is a letter away from a known one is that one, mistyped.
    fn facts(&mut self, node: &Node, above: &str) {
        let known: BTreeSet<String> =
            Facts::known().iter().filter_map(|name| Some(name.strip_prefix("facts.")?.to_owned())).collect();
        for (key, value) in node.entries() {
            let path = format!("{above}{}", key.name);
            let is_group = known.iter().any(|name| name.starts_with(&format!("{path}.")));
            if is_group {
                self.facts(value, &format!("{path}."));
            } else if !known.contains(&path)
                && let Some(near) = nearest(&path, known.iter().map(String::as_str))
            {
                let message = Bilingual::new(
                    format!("没有话术会用到 facts.{path}"),
                    format!("no words of the base pack speak of facts.{path}"),
                );
                let place = self.file.place(key.line, key.column, key.name.chars().count());
                let help = Bilingual::new(format!("是不是 {near}？"), format!("did you mean `{near}`?"));
                self.tell(Diagnostic::warning("unknown-fact", place, message).with_help(help));
            }
        }
    }
}

/// Whether anything is left of a text without its notes.
fn spoken(text: &str) -> bool {
    text.lines().map(str::trim).any(|line| !line.is_empty() && line != "#" && !line.starts_with("# "))
}
