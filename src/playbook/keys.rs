//! Reading the keys of a map: the closed list of each kind of file, its Chinese names, and what is said of any other key.

use super::diagnostic::{Bilingual, Diagnostic, nearest};
use super::tree::{Key, Node, SourceFile, Value};

/// Chinese names of keys that managers may write instead.
pub(super) const CHINESE: &[(&str, &str)] = &[
    ("关键词", "phrases"),
    ("同时含", "together"),
    ("整句", "whole"),
    ("排除", "unless"),
    ("例句", "examples"),
    ("应匹配", "should_match"),
    ("不应匹配", "should_not_match"),
];

/// A key by its English name.
pub(super) fn english(key: &str) -> &str {
    CHINESE.iter().find(|(zh, _)| *zh == key).map_or(key, |(_, en)| en)
}

/// The entries of a map whose keys are known, under their English names; an entry with another key is a mistake.
pub(super) fn known<'n>(
    file: &SourceFile,
    node: &'n Node,
    keys: &[&'static str],
    mistakes: &mut Vec<Diagnostic>,
) -> Vec<(&'static str, &'n Key, &'n Node)> {
    if let Value::Text(_) | Value::List(_) = node.value {
        mistakes.push(with_line(
            file,
            Diagnostic::error(
                "not-a-map",
                file.place(node.line, node.column, 1),
                Bilingual::new("这里应当是“键: 值”的形式", "keys with values belong here (`key: value`)"),
            ),
        ));
    }
    let mut found = Vec::new();
    for (key, value) in node.entries() {
        let english = english(&key.name);
        match keys.iter().find(|known| **known == english) {
            Some(known) => found.push((*known, key, value)),
            None => mistakes.push(unknown(file, key, keys)),
        }
    }
    found
}

/// An unknown key, with the nearest known one.
pub(super) fn unknown(file: &SourceFile, key: &Key, keys: &[&str]) -> Diagnostic {
    let place = file.place(key.line, key.column, key.name.chars().count());
    let message = Bilingual::new(format!("没有“{}”这个键", key.name), format!("unknown key `{}`", key.name));
    let help = match nearest(&key.name, keys.iter().copied()) {
        Some(near) => Bilingual::new(format!("是不是 {near}？"), format!("did you mean `{near}`?")),
        None => {
            let all = keys.join(" ");
            Bilingual::new(format!("可用的键：{all}"), format!("known keys: {all}"))
        }
    };
    with_line(file, Diagnostic::error("unknown-key", place, message).with_help(help))
}

/// A value that isn't one of those allowed.
pub(super) fn bad_value(file: &SourceFile, node: &Node, key: &str, allowed: &str) -> Diagnostic {
    let shown = node.text().unwrap_or("…");
    let place = file.place(node.line, node.column, shown.chars().count());
    let message = Bilingual::new(format!("{key} 不能是“{shown}”"), format!("`{key}` can't be `{shown}`"));
    let help = Bilingual::new(format!("可以写：{allowed}"), format!("write one of: {allowed}"));
    with_line(file, Diagnostic::error("bad-value", place, message).with_help(help))
}

/// The mistake with the line it stands in.
pub(super) fn with_line(file: &SourceFile, mut mistake: Diagnostic) -> Diagnostic {
    mistake.source = file.line(mistake.place.line);
    mistake
}
