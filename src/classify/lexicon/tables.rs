//! The regions and carriers that every shop knows: tables compiled into the binary.
//!
//! One row a line, columns parted by tabs, a header line first, aliases parted by `|`. A row that can't be read is left
//! out; a test holds that there is none.

use super::Entry;
use crate::domain::MentionKind;

/// `id, kind (province or city), name, aliases`.
pub const REGIONS: &str = include_str!("../../../lexicon/regions.tsv");

/// `id, zh, en, aliases, tracking`: the last a pattern of the carrier's tracking numbers, or empty.
pub const CARRIERS: &str = include_str!("../../../lexicon/carriers.tsv");

/// A carrier with the form of its tracking numbers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Carrier {
    /// Its id and names.
    pub entry: Entry,
    /// A regular expression for its tracking numbers, if they have a form of their own.
    pub tracking: Option<String>,
}

/// Reads a table of regions.
#[must_use]
pub fn regions(tsv: &str) -> Vec<Entry> {
    rows(tsv).filter_map(|row| region(&row)).collect()
}

/// Reads a table of carriers.
#[must_use]
pub fn carriers(tsv: &str) -> Vec<Carrier> {
    rows(tsv).filter_map(|row| carrier(&row)).collect()
}

fn region(row: &[&str]) -> Option<Entry> {
    let [id, kind, name, rest @ ..] = row else { return None };
    let kind = match *kind {
        "province" => MentionKind::Province,
        "city" => MentionKind::City,
        _ => return None,
    };
    entry(kind, id, &[name], rest.first().copied().unwrap_or_default())
}

fn carrier(row: &[&str]) -> Option<Carrier> {
    let [id, zh, en, rest @ ..] = row else { return None };
    let entry = entry(MentionKind::Carrier, id, &[zh, en], rest.first().copied().unwrap_or_default())?;
    let tracking = rest.get(1).filter(|pattern| !pattern.is_empty()).map(|pattern| (*pattern).to_owned());
    Some(Carrier { entry, tracking })
}

fn entry(kind: MentionKind, id: &str, names: &[&str], aliases: &str) -> Option<Entry> {
    let names = names.iter().copied().chain(aliases.split('|')).map(str::trim);
    let names: Vec<String> = names.filter(|name| !name.is_empty()).map(str::to_owned).collect();
    (!id.is_empty() && !names.is_empty()).then(|| Entry { kind, id: id.to_owned(), names })
}

/// The columns of each line after the header. A line without its last columns has them empty.
fn rows(tsv: &str) -> impl Iterator<Item = Vec<&str>> {
    let lines = tsv.lines().skip(1).filter(|line| !line.trim().is_empty());
    lines.map(|line| line.split('\t').map(str::trim).collect())
}
