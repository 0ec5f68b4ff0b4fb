//! Whether two files say the same: the same keys with the same lines, and the same comments.

use super::super::tree::{Node, Value};

/// Whether two trees hold the same keys and lines. Blanks at the ends of lines and the order of keys mean nothing; blanks
/// before a line do, but in the lists of an intent (`is_list`, by key).
pub(super) fn same(a: &Node, b: &Node, is_list: &dyn Fn(&str) -> bool) -> bool {
    same_below("", a, b, is_list)
}

fn same_below(key: &str, a: &Node, b: &Node, is_list: &dyn Fn(&str) -> bool) -> bool {
    match (&a.value, &b.value) {
        (Value::Nothing, Value::Nothing) => true,
        (Value::Text(a), Value::Text(b)) if is_list(key) => listed(a).eq(listed(b)),
        (Value::Text(a), Value::Text(b)) => lines(a).eq(lines(b)),
        (Value::Nothing, Value::Text(text)) | (Value::Text(text), Value::Nothing) => text.trim().is_empty(),
        (Value::List(a), Value::List(b)) => {
            a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same_below(key, a, b, is_list))
        }
        (Value::Map(a), Value::Map(b)) => {
            let other = |name: &str| b.iter().find(|(key, _)| key.name == name).map(|(_, value)| value);
            let is_same = |name: &str, value| other(name).is_some_and(|other| same_below(name, value, other, is_list));
            a.len() == b.len() && a.iter().all(|(key, value)| is_same(&key.name, value))
        }
        _ => false,
    }
}

fn lines(text: &str) -> impl Iterator<Item = &str> {
    let text = text.trim_matches('\n').trim_end();
    text.lines().map(str::trim_end)
}

/// The lines of a list, as the readers take them.
fn listed(text: &str) -> impl Iterator<Item = &str> {
    text.lines().map(str::trim).filter(|line| !line.is_empty())
}

/// Whether every comment and every other line is still there, in whatever order.
pub(super) fn same_comments(a: &str, b: &str) -> bool {
    let sorted = |text: &str| {
        let mut lines: Vec<String> =
            text.lines().map(|line| line.trim().to_owned()).filter(|line| !line.is_empty()).collect();
        // `|-` and `|+` are written `|`.
        for line in &mut lines {
            for strip in [": |-", ": |+"] {
                *line = line.replace(strip, ": |");
            }
        }
        lines.sort();
        lines
    };
    sorted(a) == sorted(b)
}
