//! What a file says, key by key: an amendment has to change that, and nothing else.

use std::collections::BTreeMap;

use super::Refusal;
use super::page::Page;
use crate::domain::Language;
use crate::playbook::keys::english;
use crate::playbook::tree::{Node, Value};

/// The lines under every path of keys, comments within blocks among them.
pub(super) type Meaning = BTreeMap<String, Vec<String>>;

/// What a tree says. Keys without a line say nothing.
pub(super) fn meaning(tree: &Node) -> Meaning {
    let mut meaning = Meaning::new();
    gather(tree, "", &mut meaning);
    meaning.retain(|_, lines| !lines.is_empty());
    meaning
}

fn gather(node: &Node, at: &str, meaning: &mut Meaning) {
    match &node.value {
        Value::Nothing => {}
        Value::Text(text) => meaning.entry(at.to_owned()).or_default().extend(rows(text)),
        Value::List(items) => {
            items.iter().enumerate().for_each(|(n, item)| gather(item, &format!("{at}/{n}"), meaning));
        }
        Value::Map(entries) => {
            for (key, value) in entries {
                gather(value, &format!("{at}/{}", english(&key.name)), meaning);
            }
        }
    }
}

/// The lines of a text without blank ones at its ends, and without blanks at theirs.
fn rows(text: &str) -> Vec<String> {
    let rows: Vec<String> = text.lines().map(|row| row.trim_end().to_owned()).collect();
    let first = rows.iter().position(|row| !row.is_empty()).unwrap_or(rows.len());
    let last = rows.iter().rposition(|row| !row.is_empty()).map_or(first, |last| last + 1);
    rows[first..last].to_vec()
}

/// The path of a key below a language.
pub(super) fn path(language: Language, key: &str) -> String {
    format!("/{}/{key}", language.key())
}

/// The page as it is read again, if it says what was meant.
///
/// # Errors
/// It holds a mistake now, or says something else.
pub(super) fn held(page: &Page, before: Meaning, meant: impl FnOnce(&mut Meaning)) -> Result<Page, Refusal> {
    let after = page.again()?;
    let mut wanted = before;
    meant(&mut wanted);
    wanted.retain(|_, lines| !lines.is_empty());
    if meaning(&after.tree) == wanted { Ok(after) } else { Err(Refusal::Form) }
}
