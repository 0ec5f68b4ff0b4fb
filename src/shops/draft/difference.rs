//! Where a part of a file says something else than it did.

use crate::playbook::tree::{Key, Node, Value};

/// The first place (line, column, width) of `now` that says something else than `before`; the order of keys says nothing.
pub(super) fn difference(key: &Key, before: Option<&Node>, now: &Node) -> Option<(u32, u32, usize)> {
    let at_key = (key.line, key.column, key.name.chars().count());
    let Some(before) = before else { return Some(at_key) };
    match (&before.value, &now.value) {
        (Value::Nothing, Value::Nothing) => None,
        (Value::Text(before), Value::Text(text)) if before == text => None,
        (Value::Text(_), Value::Text(text)) => Some((now.line, now.column, text.chars().count())),
        (Value::List(before), Value::List(items)) if before.len() == items.len() => {
            before.iter().zip(items).find_map(|(before, item)| difference(key, Some(before), item))
        }
        (Value::Map(before), Value::Map(entries)) => {
            let is_gone = |(key, _): &(Key, Node)| now.get(&key.name).is_none();
            let of = |name: &str| before.iter().find(|(key, _)| key.name == name).map(|(_, node)| node);
            let changed = entries.iter().find_map(|(key, node)| difference(key, of(&key.name), node));
            changed.or_else(|| before.iter().any(is_gone).then_some(at_key))
        }
        _ => Some(at_key),
    }
}

/// A key of a file's first level with its value.
pub(super) fn entry<'n>(tree: &'n Node, key: &str) -> Option<&'n (Key, Node)> {
    tree.entries().iter().find(|(own, _)| own.name == key)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::playbook::tree::SourceFile;

    fn at(before: &str, now: &str) -> Option<(u32, u32)> {
        let tree = |text: &str| SourceFile::new("shop.yaml", text).parse().unwrap();
        let (before, now) = (tree(before), tree(now));
        let (key, node) = entry(&now, "a").unwrap();
        difference(key, before.get("a"), node).map(|(line, column, _)| (line, column))
    }

    #[test]
    fn the_place_that_says_something_else() {
        for (before, now, place) in [
            ("a: {b: 1, c: x}\n", "a:\n  c: x # as it was\n  b: 1\n", None),
            ("a:\n", "a:\n", None),
            ("a: [1, 2]\n", "a:\n  - 1\n  - 2\n", None),
            ("b: 1\n", "a:\n", Some((1, 1))),
            ("a: {b: {c: x}}\n", "a:\n  b:\n    c: y\n", Some((3, 8))),
            ("a: {b: 1}\n", "a:\n  b: 1\n  c: 2\n", Some((3, 3))),
            ("a: {b: 1, c: 2}\n", "z: 1\na:\n  b: 1\n", Some((2, 1))),
            ("a: [1, 2]\n", "a: [1, 3]\n", Some((1, 8))),
            ("a: [1, 2]\n", "a: [1]\n", Some((1, 1))),
            ("a: {b: 1}\n", "a: 1\n", Some((1, 1))),
        ] {
            assert_eq!(at(before, now), place, "{before:?} {now:?}");
        }
    }
}
