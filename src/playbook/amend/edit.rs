//! Putting keys and lines where they belong in a page.

use super::Refusal;
use super::page::{Page, indent, is_blank};
use crate::domain::Language;
use crate::playbook::keys::{CHINESE, english};
use crate::playbook::tree::{Key, Node};

/// Where a key belongs among its neighbours, by its English name. `None`: it isn't known.
pub(super) type Rank = dyn Fn(&str) -> Option<usize>;

/// The orders in which a file's keys stand: at its first level, and below a language.
pub(super) struct Order<'o> {
    pub(super) top: &'o Rank,
    pub(super) wording: &'o Rank,
}

/// A key by its English name, with its value.
pub(super) fn entry<'n>(node: &'n Node, key: &str) -> Option<&'n (Key, Node)> {
    node.entries().iter().find(|(own, _)| english(&own.name) == key)
}

/// The key below a language, with its value.
pub(super) fn wording<'n>(page: &'n Page, language: Language, key: &str) -> Option<&'n (Key, Node)> {
    entry(&entry(&page.tree, language.key())?.1, key)
}

/// Adds rows to the block of a key below a language, which is made where it isn't.
///
/// # Errors
/// The file is written in another form.
pub(super) fn add(
    page: &mut Page,
    language: Language,
    key: &str,
    rows: &[String],
    order: &Order<'_>,
) -> Result<(), Refusal> {
    let Some((own, _)) = wording(page, language, key) else { return add_block(page, language, key, rows, order) };
    let own = own.clone();
    open(page, &own)?;
    let (block, columns) = page.block(&own)?;
    page.insert(block.end, indented(rows, columns));
    Ok(())
}

/// Writes a value that stands on its key's line below it, as a block.
pub(super) fn open(page: &mut Page, key: &Key) -> Result<(), Refusal> {
    let value = page.value(key)?.to_owned();
    if value.starts_with('|') {
        return Ok(());
    }
    if value.starts_with(['"', '\'']) && value.contains('#') {
        return Err(Refusal::Form);
    }
    let (line, columns) = page.spot(key)?;
    let (words, note) = match value.find(" #") {
        _ if value.starts_with('#') => ("", format!(" {value}")),
        Some(at) => (value[..at].trim(), value[at..].to_owned()),
        None => (value.as_str(), String::new()),
    };
    let words = words.trim_matches(words.chars().next().filter(|c| matches!(c, '"' | '\'')).unwrap_or(' '));
    let inner = inner(page, columns);
    page.rewrite(line, format!("{}{}: |{note}", " ".repeat(columns), key.name));
    if !words.is_empty() {
        let rows = [words.to_owned()];
        page.insert(line + 1, indented(&rows, columns + inner));
    }
    Ok(())
}

/// How much deeper than its key the text of a block stands in this file.
fn inner(page: &Page, columns: usize) -> usize {
    let blocks = page.tree.entries().iter().flat_map(|(_, wording)| wording.entries());
    let mut depths = blocks.filter_map(|(key, _)| {
        let (rows, own) = page.block(key).ok()?;
        (!rows.is_empty()).then(|| own.saturating_sub(page.spot(key).map_or(columns, |(_, key)| key)))
    });
    depths.next().filter(|depth| (1..=8).contains(depth)).unwrap_or(2)
}

fn add_block(
    page: &mut Page,
    language: Language,
    key: &str,
    rows: &[String],
    order: &Order<'_>,
) -> Result<(), Refusal> {
    let columns = wording_indent(page)?;
    let depth = inner(page, columns);
    let name = named(page, key);
    let mut block = vec![format!("{}{name}: |", " ".repeat(columns))];
    block.extend(indented(rows, columns + depth));
    let at = match entry(&page.tree, language.key()) {
        Some((own, node)) => {
            let start = page.spot(own)?.0 + 1;
            if !page.value(own)?.is_empty() && !page.value(own)?.starts_with('#') {
                return Err(Refusal::Form);
            }
            place(page, node, key, order.wording)?.unwrap_or(start)
        }
        None => {
            block.insert(0, format!("{}:", language.key()));
            let tree = &page.tree;
            let first = tree.entries().first().map_or(Ok(page.lines.len()), |(key, _)| Ok(page.spot(key)?.0));
            place(page, tree, language.key(), order.top)?.map_or_else(|| first, Ok)?
        }
    };
    page.insert(at, block);
    Ok(())
}

/// Below the last key that stands before it in the file's order. `None`: before all of them.
fn place(page: &Page, node: &Node, key: &str, rank: &Rank) -> Result<Option<usize>, Refusal> {
    let own = rank(key).unwrap_or(usize::MAX);
    let before = node.entries().iter().rfind(|(other, _)| rank(english(&other.name)).unwrap_or(usize::MAX) <= own);
    before.map(|(other, _)| page.below(other)).transpose()
}

/// How far the keys below languages are indented in this file.
fn wording_indent(page: &Page) -> Result<usize, Refusal> {
    let languages = page.tree.entries().iter().filter(|(key, _)| Language::parse(&key.name).is_some());
    let first = languages.filter_map(|(_, wording)| wording.entries().first()).next();
    first.map_or(Ok(2), |(key, _)| Ok(page.spot(key)?.1))
}

/// The name of a key as this file writes keys: Chinese where one is.
fn named<'k>(page: &Page, key: &'k str) -> &'k str {
    let wordings = page.tree.entries().iter().flat_map(|(_, wording)| wording.entries());
    let mut names = wordings.map(|(key, _)| key.name.as_str());
    let is_chinese = names.any(|name| CHINESE.iter().any(|(zh, _)| *zh == name));
    CHINESE.iter().find(|(_, en)| is_chinese && *en == key).map_or(key, |(zh, _)| zh)
}

/// Takes a line out of the block of a key below a language; a key that holds nothing then goes with it, and so does its
/// language.
///
/// # Errors
/// The file is written in another form.
pub(super) fn take(page: &mut Page, language: Language, key: &str, gone: &str) -> Result<(), Refusal> {
    let Some((own, _)) = wording(page, language, key) else { return Err(Refusal::NotThere) };
    let own = own.clone();
    open(page, &own)?;
    let (block, _) = page.block(&own)?;
    let (start, end) = (block.start, block.end);
    let kept: Vec<String> = page.lines[block].iter().filter(|line| line.trim() != gone).cloned().collect();
    let is_empty = kept.iter().all(|line| is_blank(line));
    page.lines.splice(start..end, kept);
    if !is_empty {
        return Ok(());
    }
    let is_alone = entry(&page.tree, language.key()).is_none_or(|(_, wording)| wording.entries().len() < 2);
    page.lines.remove(start - 1);
    if is_alone && let Some((key, _)) = entry(&page.tree, language.key()) {
        let line = page.spot(key)?.0;
        let is_bare = page.lines.get(line + 1).is_none_or(|next| is_blank(next) || indent(next) == 0);
        if is_bare {
            page.lines.remove(line);
        }
    }
    Ok(())
}

/// Writes the words below a key anew; notes above them stay.
///
/// # Errors
/// The file is written in another form.
pub(super) fn replace(page: &mut Page, key: &Key, rows: &[String]) -> Result<Vec<String>, Refusal> {
    open(page, key)?;
    let (block, columns) = page.block(key)?;
    let is_note = |line: &&String| super::clean::is_note(line.trim());
    let notes: Vec<String> = page.lines[block.clone()].iter().take_while(is_note).cloned().collect();
    let start = block.start + notes.len();
    page.lines.drain(start..block.end);
    page.insert(start, indented(rows, columns));
    Ok(notes.iter().map(|note| note.trim().to_owned()).collect())
}

fn indented(rows: &[String], columns: usize) -> Vec<String> {
    rows.iter()
        .map(|row| if row.is_empty() { String::new() } else { format!("{}{row}", " ".repeat(columns)) })
        .collect()
}
