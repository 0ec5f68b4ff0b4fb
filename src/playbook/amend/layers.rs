//! What the layers say together: the lines of a list, one layer over the other.

use crate::domain::Language;
use crate::playbook::keys::english;
use crate::playbook::tree::{Node, SourceFile};

/// The value under an English key, whichever name it goes by.
pub(super) fn under<'n>(node: &'n Node, key: &str) -> Option<&'n Node> {
    node.entries().iter().find(|(own, _)| english(&own.name) == key).map(|(_, value)| value)
}

/// The lines of one list of an intent as the layers, the lowest first, make it.
pub(super) fn lines(layers: &[&str], language: Language, list: &str) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for text in layers {
        let Ok(tree) = SourceFile::new("", *text).parse() else { continue };
        let wording = under(&tree, language.key());
        let own = |key: &str| -> Vec<String> { wording.map_or_else(Vec::new, |wording| lines_under(wording, key)) };
        let mut gone = own("remove");
        gone.extend(lines_under(&tree, "remove"));
        lines.retain(|line| !gone.contains(line));
        lines.extend(own(list));
    }
    lines
}

fn lines_under(node: &Node, key: &str) -> Vec<String> {
    under(node, key).map(|value| value.lines().map(|(_, line)| line.to_owned()).collect()).unwrap_or_default()
}
